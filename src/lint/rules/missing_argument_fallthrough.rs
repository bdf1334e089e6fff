use crate::{
    catalog::JsonType,
    diagnostic::{Class, Code, Level},
    hir::{
        checked::{Policy, RuleKind, Standing, ToolId},
        model::{Comparison, Condition, Op},
    },
    lint::{Findings, Rule},
    syntax::literal::write_path,
    text::quoted_list,
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "missing-argument-fallthrough",
        class: Class::Lint,
        summary: "a `deny if` or `ask if` reads an argument that a call may leave out",
    },
    page: include_str!("missing_argument_fallthrough.md"),
    check,
};

fn check(policy: &Policy, findings: &mut Findings) {
    for rule in policy.rules() {
        let (condition, clause) = match &rule.kind {
            RuleKind::DenyIf(condition) => (condition, "deny"),
            RuleKind::AskIf(condition) => (condition, "ask"),
            RuleKind::Allow
            | RuleKind::Ask
            | RuleKind::Deny
            | RuleKind::Hide
            | RuleKind::Require(_)
            | RuleKind::Limit(_)
            | RuleKind::LimitAll(_) => continue,
        };
        let mut tests = Vec::new();
        gather(condition, &mut tests);
        for test in &tests {
            if !falls_through(&test.op) || tests.iter().any(|other| same_path(other, test) && speaks_of_absence(&other.op)) {
                continue;
            }
            let open: Vec<&str> = policy
                .covered(rule)
                .filter(|id| may_lack(policy, *id, test) && policy.standing(*id) == Standing::Callable)
                .filter(|id| !is_required(policy, *id, test))
                .map(|id| policy.tool_name(id))
                .collect();
            if open.is_empty() {
                continue;
            }
            let path = write_path(&test.path.segments);
            let message = format!(
                "a call of {} without `{path}` passes: this does not {clause} what it cannot read",
                quoted_list(&open, 3)
            );
            let mut finding = findings.finding(Level::Warning, test.span, message);
            finding.help = Some(format!(
                "say what absence means: `require {path} exists`, or `{clause} if {path} missing or …`"
            ));
            findings.add(finding);
        }
    }
}

fn gather<'c>(condition: &'c Condition, out: &mut Vec<&'c Comparison>) {
    match condition {
        Condition::Test(test) => out.push(test),
        Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|part| gather(part, out)),
    }
}

/// Bounds and negative tests: those that people read as if they covered absence.
fn falls_through(op: &Op) -> bool {
    matches!(
        op,
        Op::NotEqual(_)
            | Op::Less(_)
            | Op::AtMost(_)
            | Op::Greater(_)
            | Op::AtLeast(_)
            | Op::NotIn(_)
            | Op::NotMatches(_)
            | Op::NotContains(_)
    )
}

fn speaks_of_absence(op: &Op) -> bool {
    matches!(op, Op::Exists | Op::Missing)
}

fn same_path(a: &Comparison, b: &Comparison) -> bool {
    a.path.segments == b.path.segments
}

fn may_lack(policy: &Policy, id: ToolId, test: &Comparison) -> bool {
    let Some(tool) = policy.entry(id) else { return false };
    let param = test.path.segments.first().and_then(|name| tool.param(name));
    param.is_some_and(|param| !param.required || param.types.admits_type(JsonType::Null) && !param.types.is_any())
}

/// Whether a `require` refuses calls without the argument anyway.
fn is_required(policy: &Policy, id: ToolId, test: &Comparison) -> bool {
    fn demands(condition: &Condition, test: &Comparison) -> bool {
        match condition {
            Condition::Test(other) => same_path(other, test) && other.op != Op::Missing,
            Condition::All(parts) => parts.iter().any(|part| demands(part, test)),
            Condition::Any(parts) => parts.iter().all(|part| demands(part, test)),
        }
    }
    policy.rules_of(id).any(|rule| matches!(&rule.kind, RuleKind::Require(condition) if demands(condition, test)))
}
