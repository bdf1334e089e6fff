//! Which arguments a signal is about, by the triggers that the page on catalogs tells.
//!
//! A catalog states the signal; this only finds what it points at, for a reader. Where it finds nothing, the signal is
//! about the tool's name, or about what a person knows.

use crate::catalog::{JsonType, Param, Signal, Tool};

/// The arguments of the tool that the signal is about, by name.
pub(super) fn arguments(tool: &Tool, signal: Signal) -> Vec<String> {
    let text = |param: &&Param| {
        param.types.contains(JsonType::String)
            || (param.types.contains(JsonType::Array) && param.items.contains(JsonType::String))
    };
    let about = tool.params.iter().filter(text).filter(|param| is_about(&words(&param.name), signal));
    about.map(|param| param.name.clone()).collect()
}

fn is_about(words: &[String], signal: Signal) -> bool {
    let last = |list: &[&str]| words.last().is_some_and(|word| in_list(word, list));
    let any = |list: &[&str]| words.iter().any(|word| in_list(word, list));
    match signal {
        Signal::Filesystem => {
            last(&["path", "file", "filename", "filepath", "dir", "directory", "directorie", "folder", "root"])
        }
        Signal::Url => any(&["url", "uri", "webhook", "host", "hostname", "endpoint"]),
        Signal::Code => {
            last(&["command", "cmd", "query", "querie", "sql", "code", "script", "cypher", "expression", "javascript"])
        }
        Signal::Markup => words.len() == 1 && last(&["body", "content", "html", "template", "markdown"]),
        Signal::Credentials => {
            any(&["token", "secret", "password", "passphrase", "credential", "auth", "apikey"])
                || matches!(words, [.., api, key] if api == "api" && key == "key")
        }
        Signal::Bulk | Signal::ManyParameters | Signal::SingleTarget => false,
    }
}

/// Whether a word is in the list, also as a plural.
fn in_list(word: &str, list: &[&str]) -> bool {
    list.iter().any(|known| word == *known || word.strip_suffix('s') == Some(known))
}

/// `apiKey`, `api_key` and `api-key` as `api`, `key`.
pub(super) fn words(name: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut lower = false;
    for c in name.chars() {
        if !c.is_alphanumeric() || (lower && c.is_uppercase()) {
            out.push(String::new());
        }
        if let Some(word) = out.last_mut().filter(|_| c.is_alphanumeric()) {
            word.extend(c.to_lowercase());
        }
        lower = c.is_lowercase();
    }
    out.retain(|word| !word.is_empty());
    out
}
