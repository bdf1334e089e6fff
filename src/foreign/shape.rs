//! Which format a file is of: by its path, or by the look of what it holds.

use super::{ALL, Format, ending, intercept, may_have_shape, policylayer};
use crate::{
    document::{self, Kind, Syntax, Value},
    pattern::glob,
};

/// Whether a path ends as the pattern says, part by part.
pub(super) fn fits(path: &str, pattern: &str) -> bool {
    let mut parts = path.rsplit(['/', '\\']);
    pattern.rsplit('/').all(|wanted| parts.next().is_some_and(|part| glob::matches(wanted, part)))
}

pub(super) fn recognise(path: &str, text: &str) -> Option<&'static Format> {
    let piped = path.starts_with('<') && text.trim_start_matches('\u{feff}').trim_start().starts_with('{');
    if !may_have_shape(path) && !piped || !looks_like_one(text) {
        return None;
    }
    let yaml = matches!(ending(path), "yaml" | "yml");
    let document = document::read(text, if yaml { Syntax::Yaml } else { Syntax::Jsonc });
    let Some(root) = document.root else {
        // what does not read at all is shown to be so, if it is likely enough to be one
        let meant =
            text.contains("version") && text.contains("default") && (text.contains("allow") || text.contains("deny"));
        return meant.then_some(if yaml { &intercept::FORMAT } else { &policylayer::FORMAT });
    };
    let found = ALL.iter().find(|format| format.shape.is_some_and(|shape| shape(&root))).copied();
    // the gateway has JSON alone; what has its shape in YAML is the proxy's
    found.map(|format| if yaml && format.name == policylayer::FORMAT.name { &intercept::FORMAT } else { format })
}

/// A quick look, so that other people's large files are not read whole.
fn looks_like_one(text: &str) -> bool {
    ["tools", "hide", "default"].iter().any(|word| text.contains(word))
}

/// Whether an object has the head that the formats of policies share: `version` 1, and a default, tools or a `hide`.
pub(super) fn has_head(root: &Value) -> bool {
    let version = root.get("version").is_some_and(|version| match &version.kind {
        Kind::Text(text) => &**text == "1",
        Kind::Integer(number) => *number == 1,
        _ => false,
    });
    let default = root.get("default").and_then(Value::text).is_some_and(|word| matches!(word, "allow" | "deny"));
    let hide = root.get("hide").is_some_and(|hide| matches!(hide.kind, Kind::List(_)));
    version && (default || hide || tools(root).is_some())
}

/// The `tools` of a document, if they are an object.
pub(super) fn tools(root: &Value) -> Option<&Value> {
    root.get("tools").filter(|tools| matches!(tools.kind, Kind::Object(_)))
}

/// All the rules of the forms that have `tools.*.rules`.
pub(super) fn all_rules(root: &Value) -> impl Iterator<Item = &Value> {
    let tools = tools(root).map_or(&[][..], Value::members);
    tools.iter().filter_map(|tool| tool.value.get("rules")).flat_map(Value::items)
}

/// Whether some tool has a list of rules.
pub(super) fn has_rules(root: &Value) -> bool {
    let tools = tools(root).map_or(&[][..], Value::members);
    tools.iter().filter_map(|tool| tool.value.get("rules")).any(|rules| matches!(rules.kind, Kind::List(_)))
}
