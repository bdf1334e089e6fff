//! A catalog from its bytes.
//!
//! Strict, since a member that is misspelt and ignored would make a policy mean something else:
//! unknown members, duplicates and anything beyond the limits are errors. `schemas/catalog.schema.json`
//! describes the same format.

use std::collections::BTreeSet;
use std::fmt;

use serde::Deserialize;

use super::{Param, Server, Tool};

/// The version of the format that this program reads.
pub const FORMAT: u64 = 1;
/// The most bytes a catalog may have.
pub const MAX_BYTES: usize = 16 * 1024 * 1024;
/// The most tools a server may have.
pub const MAX_TOOLS: usize = 100_000;
/// The most arguments a tool may have.
pub const MAX_PARAMS: usize = 10_000;
/// The most characters a name may have.
pub const MAX_NAME_CHARS: usize = 512;

/// Why bytes are not a catalog.
#[derive(Debug)]
#[non_exhaustive]
pub enum CatalogError {
    /// More than [`MAX_BYTES`].
    TooLarge {
        /// The bytes there are.
        bytes: usize,
    },
    /// Another version of the format.
    Format {
        /// The version there is.
        found: u64,
    },
    /// Not JSON, or not of the format.
    Json(serde_json::Error),
    /// A name that must not be empty is.
    EmptyName {
        /// What it names.
        what: &'static str,
    },
    /// A name has more than [`MAX_NAME_CHARS`].
    LongName {
        /// What it names.
        what: &'static str,
        /// The characters there are.
        chars: usize,
    },
    /// More than [`MAX_TOOLS`].
    TooManyTools {
        /// The tools there are.
        count: usize,
    },
    /// More than [`MAX_PARAMS`].
    TooManyParams {
        /// The tool.
        tool: String,
        /// The arguments there are.
        count: usize,
    },
    /// Two tools of one name.
    DuplicateTool {
        /// The name.
        name: String,
    },
    /// Two arguments of one name.
    DuplicateParam {
        /// The tool.
        tool: String,
        /// The argument.
        name: String,
    },
}

impl fmt::Display for CatalogError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { bytes } => {
                write!(f, "the catalog has {bytes} bytes, at most {MAX_BYTES} are read")
            }
            Self::Format { found } => write!(f, "the catalog has format {found}, this version reads format {FORMAT}"),
            Self::Json(error) => write!(f, "not a catalog: {error}"),
            Self::EmptyName { what } => write!(f, "the name of {what} is empty"),
            Self::LongName { what, chars } => {
                write!(f, "the name of {what} has {chars} characters, at most {MAX_NAME_CHARS} are allowed")
            }
            Self::TooManyTools { count } => write!(f, "the catalog has {count} tools, at most {MAX_TOOLS} are allowed"),
            Self::TooManyParams { tool, count } => {
                write!(f, "the tool `{tool}` has {count} arguments, at most {MAX_PARAMS} are allowed")
            }
            Self::DuplicateTool { name } => write!(f, "the tool `{name}` is listed twice"),
            Self::DuplicateParam { tool, name } => {
                write!(f, "the tool `{tool}` has the argument `{name}` twice")
            }
        }
    }
}

impl std::error::Error for CatalogError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        if let Self::Json(error) = self { Some(error) } else { None }
    }
}

/// The file, member by member; the one with an underscore is for editors, and only checked.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    #[serde(rename = "$schema", default)]
    _schema: Option<String>,
    format: u64,
    pub(crate) id: String,
    name: String,
    #[serde(default)]
    repository: Option<String>,
    #[serde(default)]
    registry: Option<String>,
    #[serde(default)]
    package: Option<String>,
    #[serde(default)]
    version: Option<String>,
    #[serde(default)]
    commit: Option<String>,
    source: String,
    #[serde(default)]
    aliases: Vec<String>,
    tools: Vec<Tool>,
}

/// Reads a catalog. The tools may come in any order; they are sorted here.
///
/// # Errors
///
/// Where the bytes are not a catalog of format [`FORMAT`] within the limits.
pub fn parse(bytes: &[u8]) -> Result<Server, CatalogError> {
    if bytes.len() > MAX_BYTES {
        return Err(CatalogError::TooLarge { bytes: bytes.len() });
    }
    let file: File = serde_json::from_slice(bytes).map_err(|error| match format_of(bytes) {
        Some(found) if found != FORMAT => CatalogError::Format { found },
        _ => CatalogError::Json(error),
    })?;
    server(file)
}

/// The server that a file tells of, where it is in order; also for files that hold several catalogs.
pub(crate) fn server(file: File) -> Result<Server, CatalogError> {
    if file.format != FORMAT {
        return Err(CatalogError::Format { found: file.format });
    }
    let mut server = Server {
        id: file.id,
        name: file.name,
        repository: file.repository,
        registry: file.registry,
        package: file.package,
        version: file.version,
        commit: file.commit,
        origin: file.source,
        aliases: file.aliases,
        tools: file.tools,
    };
    check(&server)?;
    for tool in &mut server.tools {
        tool.signals.sort_unstable();
        tool.signals.dedup();
    }
    server.tools.sort_by(|a, b| a.name.cmp(&b.name));
    if let Some(name) = duplicate(server.tools.iter().map(|tool| tool.name.as_str())) {
        let name = name.to_owned();
        return Err(CatalogError::DuplicateTool { name });
    }
    Ok(server)
}

/// The format that a file says it has. A later one may have members that this one does not know; what its reader needs
/// to hear is that the format is another.
pub(crate) fn format_of(bytes: &[u8]) -> Option<u64> {
    #[derive(Deserialize)]
    struct Head {
        format: u64,
    }
    serde_json::from_slice::<Head>(bytes).ok().map(|head| head.format)
}

fn check(server: &Server) -> Result<(), CatalogError> {
    name("the server (`id`)", &server.id)?;
    name("the server (`name`)", &server.name)?;
    let optional =
        [("the repository", &server.repository), ("the package", &server.package), ("the version", &server.version)];
    for (what, value) in optional {
        value.as_deref().map_or(Ok(()), |it| name(what, it))?;
    }
    for alias in &server.aliases {
        name("an alias", alias)?;
    }
    let count = server.tools.len();
    if count > MAX_TOOLS {
        return Err(CatalogError::TooManyTools { count });
    }
    server.tools.iter().try_for_each(check_tool)
}

fn check_tool(tool: &Tool) -> Result<(), CatalogError> {
    name("a tool", &tool.name)?;
    let count = tool.params.len();
    if count > MAX_PARAMS {
        let tool = tool.name.clone();
        return Err(CatalogError::TooManyParams { tool, count });
    }
    for param in &tool.params {
        name("an argument", &param.name)?;
    }
    match twice(&tool.params) {
        Some(param) => Err(CatalogError::DuplicateParam { tool: tool.name.clone(), name: param.name.clone() }),
        None => Ok(()),
    }
}

fn name(what: &'static str, name: &str) -> Result<(), CatalogError> {
    if name.is_empty() {
        return Err(CatalogError::EmptyName { what });
    }
    // Bytes first: they are never fewer than the characters, and need no counting.
    if name.len() > MAX_NAME_CHARS {
        let chars = name.chars().count();
        if chars > MAX_NAME_CHARS {
            return Err(CatalogError::LongName { what, chars });
        }
    }
    Ok(())
}

fn twice(params: &[Param]) -> Option<&Param> {
    let mut seen = BTreeSet::new();
    params.iter().find(|param| !seen.insert(param.name.as_str()))
}

/// The first name that its neighbour repeats, in a sorted sequence.
fn duplicate<'a>(names: impl Iterator<Item = &'a str> + Clone) -> Option<&'a str> {
    names.clone().zip(names.skip(1)).find_map(|(a, b)| (a == b).then_some(a))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::catalog::{Category, JsonType, Risk, Signal, Types};

    fn tool(name: &str) -> Value {
        json!({
            "name": name, "category": "write", "risk": "medium", "signals": [],
            "why": "a test", "params": []
        })
    }

    fn file(tools: Vec<Value>) -> Value {
        json!({
            "format": 1, "id": "demo", "name": "Demo", "source": "a test", "tools": tools
        })
    }

    fn read(file: &Value) -> Result<Server, CatalogError> {
        parse(file.to_string().as_bytes())
    }

    fn message(file: &Value) -> String {
        read(file).unwrap_err().to_string()
    }

    /// The file with one member set, or taken out.
    fn with(mut file: Value, member: &str, value: Option<Value>) -> Value {
        let members = file.as_object_mut().unwrap();
        match value {
            Some(value) => members.insert(member.to_owned(), value),
            None => members.remove(member),
        };
        file
    }

    #[test]
    fn the_whole_format() {
        let server = parse(
            br#"{
              "$schema": "catalog.schema.json", "format": 1, "id": "demo", "name": "Demo",
              "repository": "a/b", "package": null, "version": "1", "commit": "c",
              "source": "a test", "aliases": ["d"],
              "tools": [
                {"name": "b", "category": "read", "risk": "low", "signals": ["url", "bulk", "url"],
                 "why": "w", "conditional": "--b", "hints": {"read_only": true, "open_world": false},
                 "params": [
                   {"name": "y", "type": ["array", "null"], "required": true, "items": ["string"]},
                   {"name": "x", "required": false, "enum": [1, "a", null]}]},
                {"name": "B", "category": "other", "risk": "critical", "signals": [], "why": "w",
                 "params": []}
              ]}"#,
        )
        .unwrap();
        assert_eq!(server.repository.as_deref(), Some("a/b"));
        assert_eq!(server.package, None);
        assert_eq!(server.tool_index("B"), Some(0));
        assert_eq!(server.tool("B").unwrap().category, Category::Other);
        assert_eq!(server.tool("B").unwrap().risk, Risk::Critical);
        let b = server.tool("b").unwrap();
        assert_eq!(b.conditional.as_deref(), Some("--b"));
        assert_eq!(b.signals, [Signal::Bulk, Signal::Url]);
        assert_eq!(b.hints.read_only, Some(true));
        assert_eq!(b.hints.destructive, None);
        let names: Vec<_> = b.params.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["y", "x"]);
        let y = b.param("y").unwrap();
        assert_eq!(y.types, Types::of(&[JsonType::Array, JsonType::Null]));
        assert_eq!(y.items, Types::of(&[JsonType::String]));
        let x = b.param("x").unwrap();
        assert_eq!(x.types, Types::ANY);
        assert_eq!(x.values, Some(vec![json!(1), json!("a"), json!(null)]));
        assert_eq!(server.tool("c"), None);
    }

    #[test]
    fn slips_are_errors() {
        let good = || file(vec![tool("a")]);
        assert!(read(&good()).is_ok());
        for member in ["format", "id", "name", "source", "tools"] {
            assert!(message(&with(good(), member, None)).contains(member));
        }
        let slip = with(good(), "tolls", Some(json!([])));
        assert!(message(&slip).starts_with("not a catalog: unknown field `tolls`"));
        for member in ["name", "category", "risk", "signals", "why", "params"] {
            let text = message(&file(vec![with(tool("a"), member, None)]));
            assert!(text.contains(&format!("missing field `{member}`")), "{text}");
        }
        for (member, value) in [
            ("category", json!("Write")),
            ("signals", json!(["bluk"])),
            ("hints", json!({"readOnly": true})),
            ("params", json!([{"name": "x", "type": [], "required": true}])),
            ("params", json!([{"name": "x", "type": ["string"]}])),
            ("params", json!([{"name": "x", "required": true, "values": []}])),
        ] {
            let bad = file(vec![with(tool("a"), member, Some(value))]);
            assert!(message(&bad).starts_with("not a catalog: "), "{member}");
        }
    }

    #[test]
    fn another_format_is_named() {
        let expected = "the catalog has format 2, this version reads format 1";
        let two = with(file(vec![]), "format", Some(json!(2)));
        assert_eq!(message(&two), expected);
        assert_eq!(message(&with(two, "new", Some(json!([1])))), expected);
    }

    #[test]
    fn duplicates_are_errors() {
        let twice = file(vec![tool("b"), tool("a"), tool("b")]);
        assert_eq!(message(&twice), "the tool `b` is listed twice");
        let param = json!({"name": "x", "required": false});
        let twice = with(tool("a"), "params", Some(json!([param, param])));
        assert_eq!(message(&file(vec![twice])), "the tool `a` has the argument `x` twice");
    }

    #[test]
    fn limits_hold() {
        assert_eq!(
            parse(&vec![b' '; MAX_BYTES + 1]).unwrap_err().to_string(),
            "the catalog has 16777217 bytes, at most 16777216 are read"
        );
        assert_eq!(message(&file(vec![tool("")])), "the name of a tool is empty");
        assert!(read(&file(vec![tool(&"é".repeat(MAX_NAME_CHARS))])).is_ok());
        assert_eq!(
            message(&file(vec![tool(&"é".repeat(MAX_NAME_CHARS + 1))])),
            "the name of a tool has 513 characters, at most 512 are allowed"
        );
        let many: Vec<_> = (0..=MAX_PARAMS).map(|n| json!({"name": n.to_string(), "required": false})).collect();
        let many = with(tool("a"), "params", Some(json!(many)));
        assert_eq!(message(&file(vec![many])), "the tool `a` has 10001 arguments, at most 10000 are allowed");
        let one = tool("a").to_string();
        let many = vec![one; MAX_TOOLS + 1].join(",");
        let many = file(Vec::new()).to_string().replace("[]", &format!("[{many}]"));
        assert_eq!(
            parse(many.as_bytes()).unwrap_err().to_string(),
            "the catalog has 100001 tools, at most 100000 are allowed"
        );
        assert!(parse(&b"[".repeat(100_000)).is_err());
    }
}
