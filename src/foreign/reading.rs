//! What every reader shares: the findings so far, members that are known or not, statements, and the server.

use std::{cell::RefCell, collections::BTreeMap, sync::Arc};

use super::Format;
use crate::{
    catalog::{Catalogs, Server},
    diagnostic::{Applicability, Diagnostic, Level, codes},
    document::{Kind, Member, Value, content_span},
    engine::EngineError,
    hir::{
        Source,
        model::{Clause, Fallback, Name, Policy, Rate, Selector, SelectorKind, Statement, Tools, Verb},
        origin::{Foreign, Note, Origin, Unlisted},
    },
    text::{Span, nearest, quoted_list},
};

/// How many servers with a tool are looked at to find the one that a document is for.
const LOOKED_AT: usize = 64;

/// The state of reading one document.
pub(super) struct Reading<'r> {
    catalogs: &'r Catalogs,
    text: &'r str,
    format: &'static Format,
    /// The file's name without its folders.
    file: &'r str,
    /// The server that someone named.
    server: Option<&'r str>,
    errors: Vec<Diagnostic>,
    policies: Vec<Policy>,
    /// The servers that were looked up, so that a long list asks for each once.
    looked_up: RefCell<BTreeMap<Box<str>, Option<Arc<Server>>>>,
    /// How many names of servers were compared with all that there are.
    compared: usize,
}

/// How many names of servers are compared with all that there are, so that a list of nothing but mistakes stays quick.
const COMPARED: usize = 32;

/// Where and what a reader's one policy is.
pub(super) struct Frame<'v> {
    pub(super) root: &'v Value,
    pub(super) fallback: (Fallback, Span),
    pub(super) unlisted: Unlisted,
}

impl<'r> Reading<'r> {
    pub(super) fn new(
        source: &'r Source,
        format: &'static Format,
        server: Option<&'r str>,
        catalogs: &'r Catalogs,
        errors: Vec<Diagnostic>,
    ) -> Self {
        let file = source.name.rsplit(['/', '\\']).next().unwrap_or_default();
        Self {
            catalogs,
            text: &source.text,
            format,
            file,
            server,
            errors,
            policies: Vec::new(),
            looked_up: RefCell::default(),
            compared: 0,
        }
    }

    pub(super) fn finish(self) -> (Vec<Policy>, Vec<Diagnostic>) {
        (self.policies, self.errors)
    }

    pub(super) fn error(&mut self, diagnostic: Diagnostic) {
        self.errors.push(diagnostic);
    }

    pub(super) fn is_sound(&self) -> bool {
        !self.errors.iter().any(Diagnostic::is_fatal)
    }

    // ------------------------------------------------------------ shape

    /// Something that the format's engine does not take.
    pub(super) fn invalid(&mut self, span: Span, message: impl Into<String>, help: impl Into<String>) {
        self.errors.push(Diagnostic::error(&codes::INVALID_DOCUMENT, span, message).help(help));
    }

    /// Whether a value is an object; what is not has its error afterwards.
    pub(super) fn is_object(&mut self, value: &Value, name: &str) -> bool {
        let fine = matches!(value.kind, Kind::Object(_));
        if !fine {
            self.invalid(value.span, format!("`{name}` is {}, not an object", value.what()), "write `{ … }`");
        }
        fine
    }

    /// The items of a list that may be absent; what is no list has its error.
    pub(super) fn list<'v>(&mut self, object: &'v Value, name: &str) -> &'v [Value] {
        let Some(value) = object.get(name) else { return &[] };
        if !matches!(value.kind, Kind::List(_)) {
            self.invalid(value.span, format!("`{name}` is {}, not a list", value.what()), "write `[ … ]`");
        }
        value.items()
    }

    /// The members of an object that may be absent; what is none has its error.
    pub(super) fn members<'v>(&mut self, object: &'v Value, name: &str) -> &'v [Member] {
        let Some(value) = object.get(name) else { return &[] };
        self.is_object(value, name);
        value.members()
    }

    /// Reports members that are not known here; `old` knows what to write in the place of some.
    pub(super) fn known(
        &mut self,
        object: &Value,
        within: &str,
        known: &[&str],
        old: &dyn Fn(&Member) -> Option<String>,
    ) {
        for member in object.members().iter().filter(|member| !known.contains(&&*member.key)) {
            let key = &*member.key;
            let error = |message: String| Diagnostic::error(&codes::OBSOLETE_FIELD, member.key_span, message);
            let finding = if let Some(instead) = old(member) {
                error(format!("`{key}` is of an older form, and means nothing in {within}")).help(instead)
            } else if let Some(near) = nearest(key, known.iter().copied()) {
                let place = content_span(self.text, member.key_span, key);
                let finding = error(format!("{within} has no member `{key}`"));
                match object.get(near) {
                    Some(_) => {
                        finding.help(format!("did you mean `{near}`? it is there already: put the two together"))
                    }
                    None => finding.fix(Applicability::Unsafe, format!("did you mean `{near}`?"), place, near),
                }
            } else {
                error(format!("{within} has no member `{key}`")).help(format!("it has {}", quoted_list(known, 8)))
            };
            self.errors.push(finding);
        }
    }

    /// As [`Reading::known`], where a reader drops what it does not know and a later version may know more: near misses
    /// and older forms alone are reported. Whether there are other members.
    pub(super) fn known_so_far(
        &mut self,
        object: &Value,
        within: &str,
        known: &[&str],
        old: &dyn Fn(&Member) -> Option<String>,
    ) -> bool {
        let strange = |member: &&Member| {
            !known.contains(&&*member.key)
                && old(member).is_none()
                && nearest(&member.key, known.iter().copied()).is_none()
        };
        let others: Vec<&str> = object.members().iter().filter(strange).map(|member| &*member.key).collect();
        let all: Vec<&str> = known.iter().copied().chain(others.iter().copied()).collect();
        self.known(object, within, &all, old);
        !others.is_empty()
    }

    /// `version`, which is `"1"`, and `default`, which may be absent where the format says so.
    pub(super) fn head(&mut self, root: &Value, default_is_optional: bool) -> (Fallback, Span) {
        let start = self.start(root);
        match root.get("version") {
            None => self.invalid(start, "`version` is missing", "write `\"version\": \"1\"`"),
            Some(value) if value.text() != Some("1") => {
                let error = Diagnostic::error(
                    &codes::INVALID_DOCUMENT,
                    value.span,
                    "the only `version` there is is the text `\"1\"`",
                );
                self.errors.push(error.fix(Applicability::Safe, "write `\"1\"`", value.span, "\"1\""));
            }
            Some(_) => {}
        }
        match root.get("default") {
            None if default_is_optional => (Fallback::Allow, start),
            None => {
                self.invalid(start, "`default` is missing", "write `\"default\": \"deny\"`, and grant what is needed");
                (Fallback::Deny, start)
            }
            Some(value) => match value.text() {
                Some("allow") => (Fallback::Allow, value.span),
                Some("deny") => (Fallback::Deny, value.span),
                _ => {
                    self.invalid(
                        value.span,
                        "`default` is neither `\"allow\"` nor `\"deny\"`",
                        "write `\"deny\"`, and grant what is needed",
                    );
                    (Fallback::Deny, value.span)
                }
            },
        }
    }

    /// A member that may be absent and is one of a few words.
    pub(super) fn word(&mut self, object: &Value, member: &str, words: &[&str]) {
        let Some(value) = object.get(member) else { return };
        let Some(name) = self.name(value, &format!("`{member}`")) else { return };
        if words.contains(&&*name.text) {
            return;
        }
        let message = format!("there is no `{member}` called `{}`", name.text);
        let error = Diagnostic::error(&codes::INVALID_DOCUMENT, name.span, message);
        self.errors.push(match nearest(&name.text, words.iter().copied()) {
            Some(near) => error.fix(Applicability::Unsafe, format!("did you mean `{near}`?"), name.span, near),
            None => error.help(format!("write {}", crate::text::list(&quoted(words), "or"))),
        });
    }

    /// What the format's own engine has against a document that reads well so far.
    pub(super) fn verdict(&mut self, root: &Value, error: &EngineError) {
        for fault in &error.faults {
            let span = root.at(&fault.at).span;
            let message = fault.message.replace('\n', " ");
            let title = self.format.manners.title;
            // where the engine is not public, its documents may be narrower than it is
            let (level, help) = match self.format.engine_is_public {
                true => (Level::Error, format!("{title} does not take the document as it is; mend this place")),
                false => (
                    Level::Warning,
                    format!("nothing that is documented of {title} says what this does; write it as documented"),
                ),
            };
            self.errors.push(Diagnostic::new(&codes::INVALID_DOCUMENT, level, span, message).help(help));
        }
    }

    // ------------------------------------------------------------ places

    /// The first character of a value, to speak of the whole without showing all of it.
    pub(super) fn start(&self, value: &Value) -> Span {
        let first = self.text.get(value.span.range()).and_then(|text| text.chars().next()).map_or(0, char::len_utf8);
        Span { end: value.span.start + crate::text::as_u32(first), ..value.span }
    }

    /// What stands at a place, without quotes around it.
    pub(super) fn written(&self, span: Span) -> &'r str {
        self.text.get(span.range()).unwrap_or_default().trim_matches('"')
    }

    /// Where the content of a text stands, without its quotes.
    pub(super) fn content(&self, span: Span, content: &str) -> Span {
        content_span(self.text, span, content)
    }

    /// A text value as a name; what is no text has its error.
    pub(super) fn name(&mut self, value: &Value, what: &str) -> Option<Name> {
        match value.text() {
            Some(text) => Some(Name { text: text.into(), span: self.content(value.span, text) }),
            None => {
                self.invalid(value.span, format!("{what} is {}, not a text", value.what()), "put it in double quotes");
                None
            }
        }
    }

    /// The reason of a rule.
    pub(super) fn because(&mut self, object: &Value, member: &str) -> Option<Arc<Name>> {
        let value = object.get(member)?;
        self.name(value, &format!("`{member}`")).map(Arc::new)
    }

    // ------------------------------------------------------------ policies

    /// Adds the one policy of a document that names no server.
    pub(super) fn policy(&mut self, frame: Frame<'_>, statements: Vec<Statement>, notes: Vec<Note>, tools: &[&str]) {
        let head = self.start(frame.root);
        let server = self.find_server(head, tools);
        let policy = Policy {
            name: Some(Name { text: self.file.into(), span: head }),
            server: Some(Name { text: server.as_str().into(), span: head }),
            alias: None,
            defaults: vec![frame.fallback],
            statements,
            head,
            span: frame.root.span,
            origin: self.origin(frame.unlisted),
            notes,
        };
        self.policies.push(policy);
    }

    pub(super) fn add(&mut self, policy: Policy) {
        self.policies.push(policy);
    }

    /// Adds notes to the policy that was added last.
    pub(super) fn note(&mut self, notes: Vec<Note>) {
        if let Some(policy) = self.policies.last_mut() {
            policy.notes.extend(notes);
        }
    }

    pub(super) fn origin(&self, unlisted: Unlisted) -> Origin {
        Origin::Foreign(Foreign { manners: self.format.manners, unlisted })
    }

    /// The server of a name.
    pub(super) fn known_server(&self, name: &str) -> Option<Arc<Server>> {
        let mut looked_up = self.looked_up.borrow_mut();
        looked_up.entry(name.into()).or_insert_with(|| self.catalogs.find(name)).clone()
    }

    /// The id of a server that was probably meant.
    pub(super) fn near_server(&mut self, name: &str) -> Option<String> {
        self.compared += 1;
        if self.compared > COMPARED {
            return None;
        }
        let ids: Vec<String> = self.catalogs.ids().collect();
        nearest(name, ids.iter().map(String::as_str)).map(str::to_owned)
    }

    /// The server that was named, else the only one that has all the tools, else none.
    fn find_server(&mut self, head: Span, tools: &[&str]) -> String {
        if let Some(named) = self.server {
            return self.catalogs.find(named).map_or_else(|| named.to_owned(), |server| server.id.clone());
        }
        let Some(first) = tools.first() else { return String::new() };
        let (found, more) = self.catalogs.with_tool(first, LOOKED_AT);
        let mut found = found.iter().filter(|server| tools.iter().all(|tool| server.tool(tool).is_some()));
        let (Some(only), None, 0) = (found.next(), found.next(), more) else { return String::new() };
        let what = match tools.len() {
            1 => format!("the tool `{first}`"),
            many => format!("all {many} tools that are named"),
        };
        let message = format!("this is taken to be for `{}`, the only server that is known to have {what}", only.id);
        let help = format!("say so with `--server {}`, or under `[files]` in `mcppol.toml`", only.id);
        self.errors.push(Diagnostic::info(&codes::ASSUMED_SERVER, head, message).help(help));
        only.id.clone()
    }
}

fn quoted(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| format!("`{word}`")).collect()
}

/// Tools, each by its own name.
pub(super) fn exactly(names: impl IntoIterator<Item = Name>) -> Tools {
    let take: Box<[Selector]> = names
        .into_iter()
        .map(|name| Selector { kind: SelectorKind::Exact, text: name.text, span: name.span })
        .collect();
    listed(take)
}

/// A list of selectors with the place of all of them.
pub(super) fn listed(take: Box<[Selector]>) -> Tools {
    let span = take.iter().map(|selector| selector.span).reduce(Span::to).unwrap_or_default();
    Tools { take, except: Box::default(), span }
}

/// The limit of all tools together.
pub(super) fn limit_all(clause: &Clause, rate: Arc<Rate>) -> Statement {
    Statement {
        rate: Some(rate),
        ..Statement::new(Verb::LimitAll, Tools { span: clause.span, ..Tools::default() }, clause.span)
    }
}
