//! Policies of other formats as text of the language, never wider than the original.
//!
//! What a document says becomes statements, and what the language cannot say becomes something stricter and a note at
//! its place. The text is proven before it is given away: it reads, checks, and compiles for the document's own engine;
//! a tool for which that fails is denied instead.

mod clients;
mod draft;
mod gateway;
mod intercept;
mod policylayer;
mod rules;
mod test;

use std::collections::BTreeMap;

use crate::{
    diagnostic::{self, Diagnostic, Level, codes},
    foreign::{self, Format, Read},
    format,
    hir::{Environment, NoImports, Source, analyze},
    syntax::literal::write_name,
    target::{self, Target},
    text::{Span, count, visible},
};
use draft::{Draft, Treatment, Verb};

/// What is asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options<'a> {
    /// The server that a gateway's document is for, where someone said it.
    pub server: Option<&'a str>,
    /// The name of the policy; of several it begins their names.
    pub policy: Option<&'a str>,
}

/// What became of a document.
#[derive(Debug)]
pub struct Imported {
    /// The policies, as a file of the language.
    pub text: String,
    /// Where they are stricter than the original, or what else should be known, at its places.
    pub notes: Vec<Diagnostic>,
    /// For each policy, its server and how many tools it names.
    pub policies: Vec<(String, usize)>,
    /// Whether the policy compiles to the very document, but for names that decide nothing and the order of lists.
    pub same_document: bool,
}

impl Imported {
    /// In how many places the policies are stricter.
    pub fn stricter(&self) -> usize {
        self.notes.iter().filter(|note| note.code == &codes::LOSSY_LOWERING).count()
    }
}

/// Everything that an import works with.
struct Work<'a> {
    environment: Environment<'a>,
    target: Option<&'static Target>,
    notes: Vec<Diagnostic>,
}

/// Writes a document's policies in the language.
///
/// # Errors
/// What is wrong with the document, or what keeps it from being said safely.
pub fn import(
    source: &Source,
    format: &'static Format,
    options: Options<'_>,
    environment: Environment<'_>,
) -> Result<Imported, Vec<Diagnostic>> {
    let Read { root, policies, problems } = foreign::read(source, format, options.server, environment.catalogs);
    let Some(root) = root else { return Err(problems) };
    let target = target::named(format.name);
    let mut work = Work { environment, target, notes: Vec::new() };
    let mut drafts = match target {
        Some(_) => vec![gateway::draft(&root, format.name, &policies, problems, &mut work)?],
        None => clients::drafts(&root, &policies, problems, &mut work)?,
    };
    if drafts.is_empty() {
        let message = "nothing here is about the tools of a server that is named, so there is no policy to write";
        let error = Diagnostic::error(&codes::UNENFORCEABLE, root.span.at_start(), message);
        return Err(vec![error.help("`mcppol recommend SERVER` writes a policy to begin from")]);
    }
    name(&mut drafts, options.policy, source, &mut work, root.span.at_start());
    let mut same_document = false;
    for draft in &mut drafts {
        same_document = work.prove(draft, root.span)?.is_some_and(|ours| is_same(ours, root.to_json()));
    }
    let what = format!("Imported from `{}`, {}.", visible(file(source)), format.title);
    let mut text = String::new();
    for (nth, draft) in drafts.iter_mut().enumerate() {
        if nth == 0 {
            draft.head.insert(0, what.clone());
            let stricter = work.notes.iter().filter(|note| note.code == &codes::LOSSY_LOWERING).count();
            if stricter > 0 {
                let which = if stricter == 1 { "which says so" } else { "each of which says so" };
                draft.head.push(format!("Stricter than the original in {}, {which}.", count(stricter, "place")));
            }
        } else {
            text.push('\n');
        }
        text.push_str(&draft.text());
    }
    let policies = drafts.into_iter().map(|draft| (draft.server, draft.tools.len())).collect();
    if let Err(why) = work.compile(text.clone()) {
        return Err(vec![unsayable(root.span.at_start(), &why)]);
    }
    let mut notes = work.notes;
    diagnostic::sort(&mut notes);
    // what checks also reads, so it has a style
    let text = format::format(&text).unwrap_or(text);
    Ok(Imported { text, notes, policies, same_document })
}

fn file(source: &Source) -> &str {
    source.name.rsplit(['/', '\\']).next().unwrap_or_default()
}

/// Names policies and servers that have no name yet.
fn name(drafts: &mut [Draft], wanted: Option<&str>, source: &Source, work: &mut Work<'_>, at: Span) {
    let stem = bare(file(source).split('.').find(|part| !part.is_empty()).unwrap_or_default());
    let several = drafts.len() > 1;
    let mut taken: BTreeMap<String, usize> = BTreeMap::new();
    for draft in drafts {
        if draft.server.is_empty() {
            let known = work.environment.catalogs.find(&stem).is_some();
            draft.server = if known { format!("{stem}-of-this-file") } else { stem.clone() };
            let message = format!("which server this is for is not said, so the policy names it `{}`", draft.server);
            let note = Diagnostic::info(&codes::ASSUMED_SERVER, at, message);
            work.notes.push(note.help("say it with `--server NAME`; arguments are checked then"));
        }
        let base = match wanted {
            Some(wanted) if several => format!("{wanted}-{}", bare(&draft.server)),
            Some(wanted) => wanted.to_owned(),
            None => bare(&draft.server),
        };
        let nth = taken.entry(base.clone()).or_default();
        *nth += 1;
        draft.name = if *nth > 1 { format!("{base}-{nth}") } else { base };
    }
}

/// A name as the language takes it bare.
fn bare(name: &str) -> String {
    let kept: String = name.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' }).collect();
    let parts: Vec<&str> = kept.split('-').filter(|part| !part.is_empty()).collect();
    let bare = parts.join("-");
    if !bare.is_empty() && write_name(&bare) == bare { bare } else { format!("{bare}_policy") }
}

/// The error for what can be said in no safe way.
fn unsayable(span: Span, why: &str) -> Diagnostic {
    let message = format!("this cannot be imported without a change of what it means: {why}");
    Diagnostic::error(&codes::UNENFORCEABLE, span, message).help("write the policy by hand")
}

impl Work<'_> {
    /// Notes a place where the policy is stricter.
    fn stricter(&mut self, span: Span, message: impl Into<String>) {
        self.notes.push(Diagnostic::new(&codes::LOSSY_LOWERING, Level::Warning, span, message));
    }

    /// Whether a text checks, and what it compiles to for the document's own engine.
    fn compile(&self, text: String) -> Result<Option<serde_json::Value>, String> {
        let analysis = analyze(Source { name: "import.mcp".to_owned(), text }, &NoImports, self.environment);
        let Some(policy) = analysis.checked().and_then(|checked| checked.policies().next()) else {
            let error = analysis.diagnostics.iter().find(|error| error.is_fatal());
            return Err(error.map_or_else(|| "it does not check".to_owned(), |error| error.message.clone()));
        };
        let Some(target) = self.target else { return Ok(None) };
        let lowered = target.lower(policy);
        match lowered.document() {
            Some(document) => Ok(Some(document.clone())),
            None => {
                let error = lowered.diagnostics.iter().find(|error| error.is_fatal());
                Err(error.map_or_else(|| "it does not compile".to_owned(), |error| error.message.clone()))
            }
        }
    }

    /// What a clause compiles to for a tool without a schema.
    fn alone(&self, clause: &str) -> Option<serde_json::Value> {
        let text =
            format!("policy alone for \"\\u0001\" {{\n  default deny\n  allow tool {{\n    {clause}\n  }}\n}}\n");
        self.compile(text).ok()??.get("tools")?.get("tool").cloned()
    }

    /// Makes sure that a draft's text checks and compiles, and gives the document: a tool for which it does not is
    /// denied.
    fn prove(&mut self, draft: &mut Draft, whole: Span) -> Result<Option<serde_json::Value>, Vec<Diagnostic>> {
        if let Ok(document) = self.compile(draft.text()) {
            return Ok(document);
        }
        let names: Vec<String> = draft.tools.keys().cloned().collect();
        for name in names {
            let Some(treatment) = draft.tools.remove(&name) else { continue };
            let alone = |treatment: Treatment| Draft {
                tools: BTreeMap::from([(name.clone(), treatment)]),
                name: "alone".to_owned(),
                server: draft.server.clone(),
                open: draft.open,
                ..Draft::default()
            };
            let Err(why) = self.compile(alone(treatment.clone()).text()) else {
                draft.tools.insert(name, treatment);
                continue;
            };
            let refusal = Treatment::refusal(&why, treatment.place);
            let sayable = self.compile(alone(refusal.clone()).text()).is_ok();
            // it is said in one word now
            let before = format!("`{name}`: ");
            self.notes.retain(|note| !note.message.starts_with(&before));
            self.stricter(treatment.place, format!("`{name}` is refused now: {why}"));
            if sayable {
                draft.tools.insert(name, refusal);
            } else if draft.open && treatment.verb != Verb::Allow {
                return Err(vec![unsayable(treatment.place, &why)]);
            }
        }
        self.compile(draft.text()).map_err(|why| vec![unsayable(whole.at_start(), &why)])
    }
}

/// Whether two documents are one; the order of what is hidden means nothing.
fn is_same(mut ours: serde_json::Value, mut theirs: serde_json::Value) -> bool {
    for one in [&mut ours, &mut theirs] {
        if let Some(hide) = one.get_mut("hide").and_then(serde_json::Value::as_array_mut) {
            hide.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
        }
    }
    ours == theirs
}
