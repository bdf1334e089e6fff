//! What a policy makes of a tool before anything is known of a call: the decision so far, what made it, and what narrows
//! it further.

use serde::Serialize;

use super::{
    View,
    markdown::code,
    places::{Place, Places},
};
use crate::{
    eval::Decision,
    hir::{
        checked::{Policy, Rule, RuleKind, Standing, ToolId},
        model::Fallback,
        origin::Origin,
    },
    text::FileId,
    trial,
};

/// So many of the clauses that narrow a tool are shown.
const MOST: usize = 12;

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
    pub by: Option<Clause>,
    /// The clauses and limits that calls must get past besides.
    pub narrowed: Vec<Clause>,
    /// Why the default decided, where it did.
    #[serde(skip)]
    by_default: &'static str,
    /// Whether the policy is of a format of others, which gives it no name.
    #[serde(skip)]
    is_foreign: bool,
}

/// A statement or clause.
#[derive(Debug, Serialize)]
pub struct Clause {
    /// It, on one line and without its block and reason.
    pub rule: String,
    /// Its reason.
    pub because: Option<String>,
    /// Where it stands.
    #[serde(flatten)]
    pub place: Place,
    #[serde(skip)]
    file: FileId,
}

/// What a policy makes of a tool.
pub(super) fn bearing(view: &View<'_>, policy: &Policy, id: ToolId) -> Bearing {
    let standing = policy.standing(id);
    let mut places = Places::new(view);
    let mut clause = |rule: &Rule| clause(&mut places, policy, rule);
    let passes = matches!(standing, Standing::Asks | Standing::Callable);
    let grant = || policy.rules_of(id).find(|rule| matches!(rule.kind, RuleKind::Allow | RuleKind::Ask));
    let by = policy.standing_rule(id, standing).or_else(|| passes.then(grant).flatten());
    let narrowing = policy.rules_of(id).chain(policy.rules_of_all()).filter(|rule| narrows(rule) && passes);
    Bearing {
        policy: policy.name().to_owned(),
        tool: policy.tool_name(id).to_owned(),
        decision: decision(policy, standing).name(),
        by: by.map(&mut clause),
        narrowed: narrowing.map(clause).collect(),
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

fn clause(places: &mut Places<'_>, policy: &Policy, rule: &Rule) -> Clause {
    Clause {
        rule: match policy.origin() {
            Origin::Language => trial::title(places.sources, rule.span),
            // what is no text of our language has no short form
            Origin::Foreign(_) => String::new(),
        },
        because: rule.because().map(|because| because.text.to_string()),
        place: places.of(rule.span),
        file: rule.span.file,
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
            Some(clause) => format!("by {}", clause.markdown()),
            None => self.by_default.to_owned(),
        };
        let here = if self.is_foreign { "Here".to_owned() } else { format!("In {}", code(&self.policy)) };
        let mut out = format!("{here}: **{what}** {by}");
        if !self.narrowed.is_empty() {
            out.push_str(", and narrowed:\n");
        }
        for clause in self.narrowed.iter().take(MOST) {
            out.push_str(&format!("\n- {}", clause.markdown()));
        }
        if let Some(more) = self.narrowed.len().checked_sub(MOST).filter(|more| *more > 0) {
            out.push_str(&format!("\n- and {more} more"));
        }
        out.push('\n');
        out
    }
}

impl Clause {
    fn markdown(&self) -> String {
        let line = match (self.file, &self.place) {
            (FileId(0), place) => format!("line {}", place.line),
            (_, Place { file, line, .. }) => {
                format!("{}, line {line}", code(file.rsplit(['/', '\\']).next().unwrap_or_default()))
            }
        };
        if self.rule.is_empty() { line } else { format!("{} ({line})", code(&self.rule)) }
    }
}
