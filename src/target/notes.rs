//! What a target has to say: gathered by statement, so that a clause over forty tools speaks once.

use std::collections::{BTreeMap, BTreeSet};

use super::predicate::{Stray, Stricter};
use crate::{
    diagnostic::{Code, Diagnostic, Level, codes},
    hir::{
        checked::{Policy, Standing, ToolId},
        model::Path,
    },
    syntax::literal::write_path,
    text::{Span, quoted_list},
};

/// The notes of one compilation.
pub(super) struct Notes<'a> {
    policy: &'a Policy,
    target: &'static str,
    said: BTreeMap<Said, About>,
    narrowed: BTreeSet<ToolId>,
}

/// What makes two remarks one: place, name of the kind, weight, words.
type Said = (Span, &'static str, Level, String);

struct About {
    code: &'static Code,
    help: String,
    tools: BTreeSet<ToolId>,
}

/// Why something cannot be expressed, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) why: String,
    pub(super) instead: String,
}

impl Refusal {
    pub(super) fn new(why: impl Into<String>, instead: impl Into<String>) -> Self {
        Self { why: why.into(), instead: instead.into() }
    }
}

impl<'a> Notes<'a> {
    pub(super) fn new(policy: &'a Policy, target: &'static str) -> Self {
        Self { policy, target, said: BTreeMap::new(), narrowed: BTreeSet::new() }
    }

    fn say(
        &mut self,
        code: &'static Code,
        level: Level,
        span: Span,
        message: String,
        help: String,
        tool: Option<ToolId>,
    ) {
        let entry =
            self.said.entry((span, code.name, level, message)).or_insert(About { code, help, tools: BTreeSet::new() });
        entry.tools.extend(tool);
    }

    /// The target cannot express something.
    pub(super) fn refuse(&mut self, span: Span, refusal: Refusal, tool: Option<ToolId>) {
        let message = format!("`{}` cannot express this: {}", self.target, refusal.why);
        self.say(&codes::UNENFORCEABLE, Level::Error, span, message, refusal.instead, tool);
    }

    /// Refuses a tool whose name an engine does not take for a tool's.
    pub(super) fn name(&mut self, id: ToolId, standing: Standing) {
        if self.policy.tool_name(id) == "*" && standing != Standing::NotGranted {
            self.refuse_name(id, "the name `*` means every tool there");
        }
    }

    /// Refuses to hide a tool whose name is blank: engines take no such entry.
    pub(super) fn hidden_name(&mut self, id: ToolId) {
        if self.policy.tool_name(id).trim().is_empty() {
            self.refuse_name(id, "it hides no tool whose name is blank");
        }
    }

    fn refuse_name(&mut self, id: ToolId, why: &str) {
        let span = self.policy.rules_of(id).next().map_or(self.policy.head(), |rule| rule.span);
        self.refuse(span, Refusal::new(why, "rename the tool, or leave it to the default"), Some(id));
    }

    /// The output is stricter than the policy on some calls that the tool's schema admits.
    pub(super) fn narrow(&mut self, span: Span, level: Level, what: &str, help: &str, tool: Option<ToolId>) {
        match tool {
            Some(tool) => {
                self.narrowed.insert(tool);
            }
            None => self.narrowed.extend(self.policy.tools()),
        }
        let message = format!("on `{}` {what}", self.target);
        self.say(&codes::LOSSY_LOWERING, level, span, message, help.to_owned(), tool);
    }

    /// The conditions that a test became are stricter than the test: said where a valid call can tell.
    pub(super) fn stricter(&mut self, span: Span, stricter: Stricter, path: &Path, tool: ToolId) {
        let entry = self.policy.entry(tool);
        if !stricter.shows(entry, path) {
            return;
        }
        let at = write_path(&path.segments);
        let values = Stricter::on(stricter.on).shows(entry, path);
        let (what, help) = match stricter.on {
            _ if !values => (
                format!("a call without `{at}` is refused too"),
                "grant it with a `require` that says what absence means",
            ),
            Stray::NoNumbers => (
                format!("a call whose `{at}` is no number is refused too"),
                "write what must hold: `require` fails on whatever is no number anyway",
            ),
            Stray::None | Stray::Texts | Stray::NoTexts | Stray::Lists | Stray::Any => (
                format!(
                    "`{at}` is compared by its printed form, so `\"5\"` and `5` are one value and both are refused"
                ),
                "it is never wider; `require` with the allowed values is exact",
            ),
        };
        self.narrow(span, Level::Warning, &what, help, Some(tool));
    }

    /// A reason has no place in the output.
    pub(super) fn lost_reason(&mut self, span: Span) {
        let message = format!("`{}` has no place for this reason, so the agent will not read it", self.target);
        self.say(
            &codes::LOST_REASON,
            Level::Info,
            span,
            message,
            "it stays in the policy for its readers".to_owned(),
            None,
        );
    }

    /// Another remark of a target.
    pub(super) fn remark(&mut self, code: &'static Code, span: Span, what: &str, help: &str) {
        let message = format!("on `{}` {what}", self.target);
        self.say(code, Level::Warning, span, message, help.to_owned(), None);
    }

    pub(super) fn finish(self) -> (Vec<Diagnostic>, BTreeSet<ToolId>) {
        let policy = self.policy;
        let diagnostics = self.said.into_iter().map(|((span, _, level, mut message), About { code, help, tools })| {
            if tools.len() > 1 {
                let names: Vec<&str> = tools.iter().map(|id| policy.tool_name(*id)).collect();
                message.push_str(&format!(" ({})", quoted_list(&names, 3)));
            }
            Diagnostic::new(code, level, span, message).help(help)
        });
        (diagnostics.collect(), self.narrowed)
    }
}
