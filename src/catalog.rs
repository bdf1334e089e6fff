//! Catalogs: what is known of a server's tools, their arguments and their risk.
//!
//! Bytes in, values out: there is no file access, no clock and no network here. The catalogs that
//! ship with the program are compiled into it; others are read by the caller and given to
//! [`parse`]. How a catalog is obtained from a server is absent too.

mod class;
mod confidence;
pub mod index;
mod parse;
mod set;
mod shipped;
mod types;
mod write;

#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use class::{Category, Recommendation, Risk, Signal};
pub use confidence::Confidence;
pub use parse::{CatalogError, FORMAT, MAX_BYTES, MAX_NAME_CHARS, MAX_PARAMS, MAX_TOOLS, parse};
pub(crate) use parse::{File, format_of, server};
pub use set::{BuiltIn, built_in_set};
pub use shipped::Catalogs;
pub use types::{JsonType, Types};
pub use write::write;
pub(crate) use write::write_into;

/// One MCP server and its tools.
#[derive(Clone, Debug, PartialEq)]
pub struct Server {
    /// The name by which policies speak of the server, case-sensitive.
    pub id: String,
    /// The name for people.
    pub name: String,
    /// `owner/name` of the public repository.
    pub repository: Option<String>,
    /// The name of the published package.
    pub package: Option<String>,
    /// Where that package is published: `npm`, `pypi`.
    pub registry: Option<String>,
    /// The version whose tools these are, as the project itself declares it.
    pub version: Option<String>,
    /// The commit or tag whose tools these are.
    pub commit: Option<String>,
    /// How the facts were obtained, in a few words.
    pub origin: String,
    /// Other names of the server: what it calls itself, and its names in registries.
    pub aliases: Vec<String>,
    /// The tools, sorted by the bytes of their names, without duplicates; [`Server::tool`] relies
    /// on it.
    pub tools: Vec<Tool>,
}

impl Server {
    /// A server of which nothing is known yet but its id, and where the facts come from.
    #[must_use]
    pub fn new(id: &str, origin: String) -> Self {
        Self {
            id: id.to_owned(),
            name: id.to_owned(),
            repository: None,
            registry: None,
            package: None,
            version: None,
            commit: None,
            origin,
            aliases: Vec::new(),
            tools: Vec::new(),
        }
    }

    /// The tool of exactly this name.
    #[must_use]
    pub fn tool(&self, name: &str) -> Option<&Tool> {
        self.tools.get(self.tool_index(name)?)
    }

    /// The position of that tool in [`Server::tools`].
    #[must_use]
    pub fn tool_index(&self, name: &str) -> Option<usize> {
        self.tools.binary_search_by(|tool| tool.name.as_str().cmp(name)).ok()
    }
}

/// One tool, as the server's `tools/list` shows it, and how it is classed.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Tool {
    /// The name in a `tools/call`, verbatim.
    pub name: String,
    /// What the tool does.
    pub category: Category,
    /// How bad a wrong call may be; in the shipped catalogs always [`Category::risk`].
    pub risk: Risk,
    /// What about the tool deserves a second look, sorted, without duplicates.
    pub signals: Vec<Signal>,
    /// What the class rests on, in a few words.
    pub why: String,
    /// How firmly the category stands; `None` where a person has judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<Confidence>,
    /// What the server must be set up with to offer the tool, as `--org-mode`; `None` where it always does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conditional: Option<String>,
    /// What the server says of the tool's behaviour.
    #[serde(default, skip_serializing_if = "Hints::is_silent")]
    pub hints: Hints,
    /// The server's own text about the tool. The shipped catalogs hold none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The whole input schema, without what only people read. The shipped catalogs hold none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<Value>,
    /// The arguments, in the order of the tool's input schema.
    pub params: Vec<Param>,
    /// Whose judgement the class is.
    #[serde(skip)]
    pub source: ClassSource,
}

impl Tool {
    /// The argument of exactly this name.
    #[must_use]
    pub fn param(&self, name: &str) -> Option<&Param> {
        self.params.iter().find(|param| param.name == name)
    }

    /// The category whose recommendation is right for the tool: its own, but where a catalog calls the tool critical and
    /// its category is not, that of what cannot be undone.
    #[must_use]
    pub fn treated_as(&self) -> Category {
        let astray = self.risk == Risk::Critical && self.category.risk() != Risk::Critical;
        if astray { Category::Destructive } else { self.category }
    }

    /// What to do with the tool unless there is a reason to do otherwise.
    #[must_use]
    pub fn recommended(&self) -> Recommendation {
        self.treated_as().recommended()
    }
}

/// Whose judgement a tool's class is. The later ones count more where several speak.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ClassSource {
    /// Nobody's yet: the classifier's, on the spot.
    Guessed,
    /// A catalog that ships with the program.
    Embedded,
    /// A catalog of the project, made by `mcppol catalog pull` or by hand.
    #[default]
    Pulled,
    /// An overlay of the project.
    Overlay {
        /// The file, as the project names it.
        file: Arc<str>,
    },
}

impl fmt::Display for ClassSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Guessed => f.write_str("guessed"),
            Self::Embedded => f.write_str("embedded"),
            Self::Pulled => f.write_str("pulled"),
            Self::Overlay { file } => write!(f, "overlay `{file}`"),
        }
    }
}

/// A tool's behaviour hints (MCP `ToolAnnotations`); `None` where the server is silent. They are
/// claims of the server, and so never a reason to class a tool as less risky.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Hints {
    /// `readOnlyHint`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read_only: Option<bool>,
    /// `destructiveHint`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub destructive: Option<bool>,
    /// `idempotentHint`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idempotent: Option<bool>,
    /// `openWorldHint`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub open_world: Option<bool>,
}

impl Hints {
    /// Whether the server gives no hint at all.
    #[must_use]
    pub fn is_silent(&self) -> bool {
        *self == Self::default()
    }
}

/// One argument of a tool: a property at the top of its input schema.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Param {
    /// The name in the call's `arguments`.
    pub name: String,
    /// The types that the schema admits.
    #[serde(rename = "type", default, skip_serializing_if = "Types::is_any")]
    pub types: Types,
    /// Whether the schema lists it in `required`.
    pub required: bool,
    /// What the server must be set up with to have the argument; `None` where it always has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conditional: Option<String>,
    /// The values of the schema's `enum`. A null is judged by `types` alone: schemas of the form
    /// `anyOf: [{enum: […]}, {type: null}]` do not repeat it among the values.
    #[serde(rename = "enum", default, skip_serializing_if = "Option::is_none")]
    pub values: Option<Vec<Value>>,
    /// The types of the elements where the value is an array.
    #[serde(default, skip_serializing_if = "Types::is_any")]
    pub items: Types,
}
