//! What is wrong with a call of a test, in words: what was expected and what came, what decided and why, and what would
//! have to change.

use super::{FAILED, nearest, repeat, title};
use crate::{
    diagnostic::Diagnostic,
    eval::{self, Decision, Evaluator, Verdict, why},
    hir::{
        Source,
        checked::{Policy, Rule, RuleKind},
        model::{Call, Test},
    },
    syntax::literal::{quote, write_name},
    text::{Lines, Span},
};

/// How many statements that let a call pass are pointed at.
const MOST: usize = 3;

/// A call whose verdict is not the expected one.
pub(super) struct Case<'c, 'a> {
    pub(super) test: &'c Test,
    pub(super) call: &'c Call,
    pub(super) evaluator: &'c Evaluator<'a>,
    pub(super) verdict: &'c Verdict<'a>,
    /// How many equal calls were counted before it.
    pub(super) before: u64,
    pub(super) sources: &'c [Source],
}

impl<'a> Case<'_, 'a> {
    /// The right decision with another text.
    pub(super) fn other_message(&self) -> Diagnostic {
        let (name, got) = (&self.test.name.text, quote(&self.verdict.message));
        let expected = self.call.message.as_ref().unwrap_or(&self.call.expected);
        let message = format!("`{name}`: expected the message {}, got {got}", quote(&expected.text));
        let out = Diagnostic::error(&FAILED, expected.span, message).remark(format!("the message is {got}"));
        let (rule, because) = (self.verdict.rule, self.verdict.rule.and_then(Rule::because));
        let place = because.map(|because| because.span).or(rule.map(|rule| rule.span));
        let out = match place {
            Some(place) => self.label(out, place, "this says it"),
            None => out,
        };
        out.help(match (rule, because) {
            (_, Some(_)) => "change the `because`, or the text that the test expects",
            (Some(_), None) => "give the statement a `because` with this text, or leave the text out of the test",
            (None, None) => "leave the text out of the test: a default gives no reason",
        })
    }

    /// Another decision.
    pub(super) fn other_decision(&self) -> Diagnostic {
        let (name, expected, got) = (&self.test.name.text, &self.call.expected, self.verdict.decision);
        let message = format!("`{name}`: expected `{}`, got `{}`", expected.text, got.name());
        let refused = !matches!(got, Decision::Allow | Decision::Ask);
        let mut out = Diagnostic::error(&FAILED, expected.span, message);
        if refused {
            out = out.remark(&*self.verdict.message);
        }
        let stronger = strength(got.name()) > strength(&expected.text);
        let (mut out, change) = match self.verdict.rule {
            Some(rule) => {
                let out = self.label(out, self.place(rule), &self.part_of(rule));
                if stronger {
                    (out, self.out_of_the_way(rule))
                } else {
                    (self.what_let_it_pass(out), self.in_the_way())
                }
            }
            None if stronger => {
                let near = nearest::grant(self.policy(), self.call, self.sources);
                let out = match near.place {
                    Some((span, text)) => self.label(out, span, &text),
                    None => out,
                };
                (out, near.help)
            }
            None => {
                let out = self.label(out, self.policy().fallback_span(), "nothing else decides");
                (self.what_let_it_pass(out), self.in_the_way())
            }
        };
        out.help = Some(format!("{change}; if the policy is right, write `-> {}`", got.name()));
        out
    }

    fn policy(&self) -> &'a Policy {
        self.evaluator.policy()
    }

    /// Where a rule is pointed at: a statement at its tools, a clause as a whole.
    fn place(&self, rule: &Rule) -> Span {
        match rule.kind {
            RuleKind::Allow | RuleKind::Ask | RuleKind::Deny | RuleKind::Hide
                if rule.span.file == self.call.span.file =>
            {
                rule.tools_span
            }
            _ => rule.span,
        }
    }

    /// A label, or for a place in another file, which cannot be drawn here, a remark that names it.
    fn label(&self, mut out: Diagnostic, span: Span, text: &str) -> Diagnostic {
        if span.file == self.call.span.file {
            return out.label(span, text);
        }
        if let Some(source) = self.sources.get(span.file.0 as usize) {
            let line = Lines::new(&source.text).position(&source.text, span.start).line;
            let place = format!("`{}` at {}:{line}: {text}", title(self.sources, span), source.name);
            out.remark = if out.remark.is_empty() { place } else { format!("{}; {place}", out.remark) };
        }
        out
    }

    /// What a rule did to the call.
    fn part_of(&self, rule: &Rule) -> String {
        let why = |holds| {
            rule.condition().map_or(String::new(), |it| why(it, holds, &self.call.arguments, self.evaluator.judge()))
        };
        match &rule.kind {
            RuleKind::Allow => "this grants it".to_owned(),
            RuleKind::Ask => "this asks for it".to_owned(),
            RuleKind::Deny => "this denies it".to_owned(),
            RuleKind::Hide => "this hides it".to_owned(),
            RuleKind::Require(_) => why(false),
            RuleKind::DenyIf(_) | RuleKind::AskIf(_) => why(true),
            RuleKind::Limit(_) | RuleKind::LimitAll(_) if self.verdict.decision == Decision::Deny => {
                "this counts it".to_owned()
            }
            RuleKind::Limit(_) | RuleKind::LimitAll(_) => self.used(rule),
        }
    }

    /// How much of a limit the calls before this one took.
    fn used(&self, rule: &Rule) -> String {
        let Some(rate) = rule.rate() else { return String::new() };
        let share = repeat::share(&self.of(), rate.argument.as_ref().map(|path| &*path.segments));
        format!("{} of {} used before this call", self.before.saturating_mul(share), rate.max)
    }

    fn of(&self) -> eval::Call<'_> {
        eval::Call { tool: &self.call.tool.text, arguments: &self.call.arguments }
    }

    /// Points at the conditions and limits of the tool that could have refused the call, and did not.
    fn what_let_it_pass(&self, mut out: Diagnostic) -> Diagnostic {
        let id = self.policy().tool(&self.call.tool.text);
        let limited = &*self.call.expected.text == "limited";
        let own = id.into_iter().flat_map(|id| self.policy().rules_of(id));
        let rules = own.chain(self.policy().rules_of_all()).filter(|rule| match rule.kind {
            RuleKind::Limit(_) | RuleKind::LimitAll(_) => limited,
            RuleKind::Require(_) | RuleKind::DenyIf(_) => &*self.call.expected.text == "deny",
            RuleKind::AskIf(_) => &*self.call.expected.text == "ask",
            _ => false,
        });
        let decided = self.verdict.rule.map(|rule| rule.span);
        for rule in rules.filter(|rule| Some(rule.span) != decided).take(MOST) {
            let holds = matches!(rule.kind, RuleKind::Require(_));
            let text = match rule.condition() {
                Some(it) => why(it, holds, &self.call.arguments, self.evaluator.judge()),
                None => self.used(rule),
            };
            out = self.label(out, rule.span, &text);
        }
        out
    }

    /// What would let the call pass a rule.
    fn out_of_the_way(&self, rule: &Rule) -> String {
        let tool = write_name(&self.call.tool.text);
        match rule.kind {
            RuleKind::Require(_) | RuleKind::DenyIf(_) | RuleKind::AskIf(_) => "change this condition".to_owned(),
            RuleKind::Limit(_) | RuleKind::LimitAll(_) if self.verdict.decision == Decision::Deny => {
                "an amount is a whole number, not negative".to_owned()
            }
            RuleKind::Limit(_) | RuleKind::LimitAll(_) => format!("there is room for {} such calls", self.before),
            _ => format!("take `{tool}` out of this list, perhaps with `except {tool}`"),
        }
    }

    /// What would make of the call what was expected.
    fn in_the_way(&self) -> String {
        let tool = write_name(&self.call.tool.text);
        match &*self.call.expected.text {
            "hidden" => format!("write `hide {tool}`"),
            "limited" => {
                format!("write `limit {tool} to {} per …`", self.call.times.saturating_sub(1).max(1))
            }
            "ask" => format!("write `ask {tool}`"),
            "allow" => format!("write `allow {tool}`"),
            _ => format!("write `deny {tool}`, or narrow what is granted with a `require`"),
        }
    }
}

/// Which of two decisions keeps more from the agent, by their words.
fn strength(decision: &str) -> usize {
    ["allow", "ask", "limited", "deny", "hidden"].iter().position(|word| *word == decision).unwrap_or_default()
}
