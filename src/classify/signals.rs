//! The signals of a tool, by the triggers of `catalogs/README.md`.
//!
//! `single-target` is absent: only a registry says so.

use crate::catalog::{Param, Signal};

use super::{schema::takes_text, tokens::Words};

/// Words of a name that say that one call has many targets.
const BULK: &[&str] = &["all", "batch", "bulk", "everything", "mass"];

const FILES: &[&str] = &[
    "path",
    "paths",
    "file",
    "files",
    "filename",
    "filenames",
    "filepath",
    "dir",
    "dirs",
    "directory",
    "directories",
    "folder",
    "folders",
    "root",
    "roots",
];

/// Words before a path that make it one through something else than the file system.
const NO_FILES_AFTER: &[&str] = &["api", "field", "json", "key", "property", "request", "selector", "url", "x"];

const ADDRESSES: &[&str] =
    &["url", "urls", "uri", "uris", "webhook", "webhooks", "host", "hosts", "hostname", "endpoint", "endpoints"];

const CODE: &[&str] = &[
    "command",
    "commands",
    "cmd",
    "query",
    "queries",
    "sql",
    "code",
    "script",
    "scripts",
    "cypher",
    "expression",
    "javascript",
    "shell",
];

/// Words before a code that make it a sign for something.
const NO_CODE_AFTER: &[&str] = &[
    "access",
    "area",
    "auth",
    "authorization",
    "bar",
    "color",
    "country",
    "currency",
    "discount",
    "error",
    "iata",
    "language",
    "locale",
    "postal",
    "product",
    "promo",
    "qr",
    "region",
    "response",
    "state",
    "status",
    "verification",
    "zip",
];

const MARKUP: &[&str] = &["body", "content", "html", "template", "markdown"];

const SECRETS: &[&str] = &[
    "token",
    "secret",
    "secrets",
    "password",
    "passwords",
    "passphrase",
    "credential",
    "credentials",
    "auth",
    "apikey",
];

/// Words before a token that make it a place in a list, or a piece of text.
const NO_SECRET_AFTER: &[&str] = &["continuation", "cursor", "max", "next", "page", "sync"];

/// The signals that the name and the arguments give, sorted.
pub(super) fn signals(name: &Words, params: &[Param], words: &[Words], dispatch: bool) -> Vec<Signal> {
    let mut out = Vec::new();
    if name.iter().any(|it| BULK.contains(&it)) {
        out.push(Signal::Bulk);
    }
    if name.iter().any(|it| matches!(it, "auth" | "authenticate" | "oauth")) {
        out.push(Signal::Credentials);
    }
    for (param, words) in params.iter().zip(words).filter(|(param, _)| takes_text(param)) {
        let last = words.last();
        let before = words.at(words.len().wrapping_sub(2));
        if FILES.contains(&last) && !NO_FILES_AFTER.contains(&before) {
            out.push(Signal::Filesystem);
        }
        if words.iter().any(|it| ADDRESSES.contains(&it)) {
            out.push(Signal::Url);
        }
        if CODE.contains(&last) && !NO_CODE_AFTER.contains(&before) && param.values.is_none() {
            out.push(Signal::Code);
        }
        if words.len() == 1 && MARKUP.contains(&last) {
            out.push(Signal::Markup);
        }
        let key = last == "key" && matches!(before, "api" | "access" | "private" | "secret");
        if key || (words.iter().any(|it| SECRETS.contains(&it)) && !NO_SECRET_AFTER.contains(&before)) {
            out.push(Signal::Credentials);
        }
    }
    if params.len() >= 10 {
        out.push(Signal::ManyParameters);
    }
    if dispatch {
        out.push(Signal::Dispatch);
    }
    out.sort();
    out.dedup();
    out
}
