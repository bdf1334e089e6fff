//! What a policy makes of a tool before anything is known of a call: the decision so far, what made it, and what narrows
//! it further.

use serde::Serialize;

use super::{View, markdown::code};
use crate::{
    eval::Decision,
    hir::{
        checked::{Policy, Rule, RuleKind, Standing, ToolId},
        model::Fallback,
        origin::Origin,
    },
    text::{Lines, Span},
    trial,
};

/// What a policy makes of a tool.
#[derive(Debug, Serialize)]
pub struct Bearing {
    /// The policy.
    pub policy: String,
    /// The tool.
    pub tool: String,
    /// What becomes of a call that no condition and no limit refuses.
    pub decision: &'static str,
    /// What decided that; none where it was the default.
    pub by: Option<Place>,
    /// The clauses and limits that calls must get past besides.
    pub narrowed: Vec<Place>,
    /// Why the default decided, where it did.
    #[serde(skip)]
    by_default: &'static str,
    /// Whether the policy is of a format of others, which gives it no name.
    #[serde(skip)]
    is_foreign: bool,
}

/// A statement or clause.
#[derive(Debug, Serialize)]
pub struct Place {
    /// It, on one line and without its block and reason.
    pub rule: String,
    /// Its reason.
    pub because: Option<String>,
    /// The file that it stands in.
    pub file: String,
    /// Its line there, from one.
    pub line: u32,
    #[serde(skip)]
    span: Span,
}

/// What a policy makes of a tool.
pub(super) fn bearing(view: &View<'_>, policy: &Policy, id: ToolId) -> Bearing {
    let standing = policy.standing(id);
    let place = |rule: &Rule| place(view, policy, rule);
    let passes = matches!(standing, Standing::Asks | Standing::Callable);
    let grant = || policy.rules_of(id).find(|rule| matches!(rule.kind, RuleKind::Allow | RuleKind::Ask));
    let by = policy.standing_rule(id, standing).or_else(|| passes.then(grant).flatten());
    let narrowing = policy.rules_of(id).chain(policy.rules_of_all()).filter(|rule| narrows(rule) && passes);
    Bearing {
        policy: policy.name().to_owned(),
        tool: policy.tool_name(id).to_owned(),
        decision: decision(policy, standing).name(),
        by: by.map(place),
        narrowed: narrowing.map(place).collect(),
        by_default: default_of(policy, standing),
        is_foreign: policy.origin() != Origin::Language,
    }
}

/// What becomes of calls of a tool that no condition and no limit refuses.
pub(super) fn decision(policy: &Policy, standing: Standing) -> Decision {
    match standing {
        Standing::Hidden => Decision::Hidden,
        Standing::NotGranted if policy.origin().asks_about_the_rest() => Decision::Ask,
        Standing::Denied | Standing::NotGranted => Decision::Deny,
        Standing::Asks => Decision::Ask,
        Standing::Callable => Decision::Allow,
    }
}

fn narrows(rule: &Rule) -> bool {
    match rule.kind {
        RuleKind::Allow | RuleKind::Ask | RuleKind::Deny | RuleKind::Hide => false,
        RuleKind::AskIf(_)
        | RuleKind::DenyIf(_)
        | RuleKind::Require(_)
        | RuleKind::Limit(_)
        | RuleKind::LimitAll(_) => true,
    }
}

fn default_of(policy: &Policy, standing: Standing) -> &'static str {
    match (policy.fallback(), standing) {
        _ if policy.origin() != Origin::Language => "since nothing here speaks of it",
        (Fallback::Allow, _) => "by `default allow`",
        (Fallback::Hide, Standing::Hidden) => "by `default hide`, since nothing grants it",
        (Fallback::Deny | Fallback::Hide, _) => "since nothing grants it",
    }
}

fn place(view: &View<'_>, policy: &Policy, rule: &Rule) -> Place {
    let sources = &view.document.analysis().sources;
    let source = sources.get(rule.span.file.0 as usize);
    let (file, text) = source.map_or(("", ""), |source| (&source.name, &source.text));
    // what is no text of our language has no short form
    let rule_text = match policy.origin() {
        Origin::Language => trial::title(sources, rule.span),
        Origin::Foreign(_) => String::new(),
    };
    Place {
        rule: rule_text,
        because: rule.because().map(|because| because.text.to_string()),
        file: file.to_owned(),
        line: Lines::new(text).position(text, rule.span.start).line,
        span: rule.span,
    }
}

impl Bearing {
    /// The same for a reader.
    pub(super) fn markdown(&self) -> String {
        let what = match self.decision {
            "allow" => "allowed",
            "ask" => "asks a person about each call",
            "hidden" => "hidden and refused",
            _ => "refused",
        };
        let by = match &self.by {
            Some(place) => format!("by {}", place.markdown()),
            None => self.by_default.to_owned(),
        };
        let here = if self.is_foreign { "Here".to_owned() } else { format!("In {}", code(&self.policy)) };
        let mut out = format!("{here}: **{what}** {by}");
        if !self.narrowed.is_empty() {
            out.push_str(", and narrowed:\n");
        }
        for place in &self.narrowed {
            out.push_str(&format!("\n- {}", place.markdown()));
        }
        out.push('\n');
        out
    }
}

impl Place {
    fn markdown(&self) -> String {
        let line = match self.span.file.0 {
            0 => format!("line {}", self.line),
            _ => format!("{}, line {}", code(self.file.rsplit(['/', '\\']).next().unwrap_or_default()), self.line),
        };
        if self.rule.is_empty() { line } else { format!("{} ({line})", code(&self.rule)) }
    }
}
