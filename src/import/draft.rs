//! The policy that is written: what becomes of each tool, and its text.

use std::collections::BTreeMap;

use crate::{
    format::WIDTH,
    syntax::literal::{quote, write_name},
    text::{Span, visible},
};

/// A policy on its way to text.
#[derive(Debug, Clone, Default)]
pub(super) struct Draft {
    /// Its name, as the language takes it bare.
    pub(super) name: String,
    /// The server.
    pub(super) server: String,
    /// Whether what is not granted passes.
    pub(super) open: bool,
    /// Comments above the policy.
    pub(super) head: Vec<String>,
    /// What becomes of each tool.
    pub(super) tools: BTreeMap<String, Treatment>,
    /// What becomes of the catalog's other tools: a verb, and the catalog's tools that it is not about.
    pub(super) rest: Option<(Verb, Vec<String>)>,
    /// The limits over all tools, each a whole statement.
    pub(super) all: Vec<String>,
}

/// What a statement does with its tools; in the order in which statements stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Verb {
    Allow,
    On,
    Ask,
    Deny,
    Hide,
}

/// What becomes of a tool.
#[derive(Debug, Clone)]
pub(super) struct Treatment {
    /// The tool's place in the original.
    pub(super) place: Span,
    pub(super) verb: Verb,
    pub(super) because: Option<String>,
    /// The clauses of the block, each without its indent.
    pub(super) clauses: Vec<String>,
    /// What a reader must know.
    pub(super) remarks: Vec<String>,
}

impl Treatment {
    pub(super) fn new(verb: Verb, place: Span) -> Self {
        Self { place, verb, because: None, clauses: Vec::new(), remarks: Vec::new() }
    }

    /// The refusal of a tool whose rules cannot be said.
    pub(super) fn refusal(why: &str, place: Span) -> Self {
        Self {
            because: Some("what the original asks of it could not be carried over".to_owned()),
            remarks: vec![format!("not carried over: {why}")],
            ..Self::new(Verb::Deny, place)
        }
    }
}

/// All that tells statements apart: tools with the same stand in one.
type Said<'t> = (&'t [String], Option<&'t str>, &'t [String]);

impl Verb {
    fn word(self) -> &'static str {
        match self {
            Verb::Allow => "allow",
            Verb::On => "on",
            Verb::Ask => "ask",
            Verb::Deny => "deny",
            Verb::Hide => "hide",
        }
    }

    fn about(self, narrowed: bool) -> &'static str {
        match (self, narrowed) {
            (Verb::Allow, false) => "allowed as they are",
            (Verb::Allow, true) => "allowed within bounds",
            (Verb::On, _) => "open like all the others, within bounds",
            (Verb::Ask, _) => "a person approves each call",
            (Verb::Deny, _) => "refused",
            (Verb::Hide, _) => "refused, and not shown to the agent",
        }
    }
}

impl Draft {
    /// The text of the policy, with a statement or clause a line.
    pub(super) fn text(&self) -> String {
        let mut out = String::new();
        for line in &self.head {
            comment(&mut out, "", line);
        }
        out.push_str(&format!("policy {} for {} {{\n", self.name, write_name(&self.server)));
        out.push_str(if self.open { "  default allow\n" } else { "  default deny\n" });
        let mut groups: BTreeMap<(Verb, bool), BTreeMap<Said<'_>, Vec<String>>> = BTreeMap::new();
        for (tool, treatment) in &self.tools {
            let group = groups.entry((treatment.verb, !treatment.clauses.is_empty())).or_default();
            let said = (&*treatment.remarks, treatment.because.as_deref(), &*treatment.clauses);
            group.entry(said).or_default().push(write_name(tool));
        }
        if let Some((verb, _)) = &self.rest {
            groups.entry((*verb, false)).or_default();
        }
        for ((verb, narrowed), group) in groups {
            out.push('\n');
            comment(&mut out, "  ", verb.about(narrowed));
            let mut statements: Vec<(Vec<String>, Said<'_>)> =
                group.into_iter().map(|(said, tools)| (tools, said)).collect();
            statements.sort();
            for (tools, said) in statements {
                statement(&mut out, verb, &tools, said);
            }
            if let Some((_, except)) = self.rest.as_ref().filter(|rest| rest.0 == verb && !narrowed) {
                let names: Vec<String> = except.iter().map(|tool| write_name(tool)).collect();
                let except = if names.is_empty() { String::new() } else { format!(" except {}", names.join(", ")) };
                out.push_str(&format!("  {} *{except}\n", verb.word()));
            }
        }
        if !self.all.is_empty() {
            out.push('\n');
            comment(&mut out, "  ", "the calls of all tools together");
            for limit in &self.all {
                out.push_str(&format!("  {limit}\n"));
            }
        }
        out.push_str("}\n");
        out
    }
}

fn statement(out: &mut String, verb: Verb, tools: &[String], (remarks, because, clauses): Said<'_>) {
    for remark in remarks {
        comment(out, "  ", remark);
    }
    out.push_str(&format!("  {} {}", verb.word(), tools.join(", ")));
    if let Some(because) = because {
        out.push_str(&format!(" because {}", quote(because)));
    }
    if clauses.is_empty() {
        out.push('\n');
        return;
    }
    out.push_str(" {\n");
    for clause in clauses {
        out.push_str(&format!("    {clause}\n"));
    }
    out.push_str("  }\n");
}

/// A comment of plain words; nothing of the original begins a line of it or reaches a terminal raw.
fn comment(out: &mut String, indent: &str, text: &str) {
    let text = visible(&text.split_whitespace().collect::<Vec<_>>().join(" "));
    let mut line = format!("{indent}//");
    let mut fresh = true;
    for word in text.split(' ') {
        // a line that begins so would speak to the linter
        if !fresh && line.chars().count() + 1 + word.chars().count() > WIDTH && !word.starts_with("mcppol:") {
            out.push_str(&line);
            out.push('\n');
            line = format!("{indent}//  ");
        }
        line.push(' ');
        line.push_str(word);
        fresh = false;
    }
    out.push_str(&line);
    out.push('\n');
}
