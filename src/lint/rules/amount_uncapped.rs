use crate::{
    catalog::Category,
    diagnostic::{Class, Code, Level},
    hir::{
        checked::{RuleKind, ToolId},
        model::{Comparison, Op},
    },
    lint::{
        Check, Confidence, Findings, Persona, Rule, Subject, advice::Advice, call, capability::amount_param, guard,
    },
    syntax::literal::{write_name, write_path},
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "amount-uncapped",
        class: Class::Lint,
        summary: "a tool that moves money can be called with any amount",
    },
    level: Level::Error,
    persona: Persona::Default,
    confidence: Confidence::Medium,
    page: include_str!("amount_uncapped.md"),
    check: Check::Narrowing(check),
};

fn check(policy: &Subject<'_>, findings: &mut Findings) {
    for id in policy.callable() {
        let Some(tool) = policy.entry(id).filter(|tool| tool.category == Category::Financial) else { continue };
        let Some(param) = amount_param(tool) else { continue };
        // where nobody spoke of the tool, other rules say that it stands open
        if !policy.is_narrowed(id) && !policy.is_named(id) || is_capped(policy, id, &param.name) {
            continue;
        }
        let span = policy.grant(id).map_or(policy.fallback_span(), |rule| rule.statement);
        let path = write_path(std::slice::from_ref(&param.name));
        let name = write_name(&tool.name);
        let message = format!("`{}` moves money, and `{path}` may be any amount", tool.name);
        findings.add(
            findings
                .finding(Level::Error, span, message)
                .proof(format!("{} is refused by no bound", call::with(tool, &param.name, 100_000_000)))
                .help(policy.advise(Advice::Gate(&[id]), || format!(
                    "set a highest amount, `on {name} {{ require {path} <= 10_000 }}`, in the unit that the server counts in; or \
                     have a person approve each call with `ask {name}`"
                ))),
        );
    }
}

/// Whether an upper bound refuses large amounts, or a person is asked about them.
fn is_capped(policy: &Subject<'_>, id: ToolId, name: &str) -> bool {
    let at = |test: &Comparison| test.path.segments.first().is_some_and(|first| first == name);
    policy.rules_of(id).any(|rule| match &rule.kind {
        RuleKind::Require(condition) => guard::any(condition, &mut |test| {
            at(test) && matches!(test.op, Op::Less(_) | Op::AtMost(_) | Op::Equal(_) | Op::In(_) | Op::Missing)
        }),
        RuleKind::DenyIf(condition) | RuleKind::AskIf(condition) => guard::any(condition, &mut |test| {
            at(test) && matches!(test.op, Op::Greater(_) | Op::AtLeast(_) | Op::NotEqual(_) | Op::NotIn(_) | Op::Exists)
        }),
        RuleKind::Limit(rate) => {
            rate.argument.as_ref().is_some_and(|path| path.segments.first().is_some_and(|first| first == name))
        }
        RuleKind::Allow | RuleKind::Ask | RuleKind::Deny | RuleKind::Hide | RuleKind::LimitAll(_) => false,
    })
}
