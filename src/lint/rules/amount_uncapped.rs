use serde_json::Value;

use crate::{
    catalog::Category,
    diagnostic::{Class, Code, Level},
    hir::{
        checked::{Rule as PolicyRule, RuleKind, ToolId},
        model::Op,
    },
    lint::{Check, Confidence, Findings, Persona, Rule, Subject, advice::Advice, capability::amount_param, exact},
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
    fix: None,
    page: include_str!("amount_uncapped.md"),
    check: Check::Narrowing(check),
};

/// More than anybody means to move in one call, in any unit.
const MUCH: f64 = 100_000_000.0;

fn check(policy: &Subject<'_>, findings: &mut Findings) {
    for id in policy.callable() {
        let Some(tool) = policy.entry(id).filter(|tool| tool.category == Category::Financial) else { continue };
        let Some(param) = amount_param(tool) else { continue };
        // where nobody spoke of the tool, other rules say that it stands open
        if !policy.is_named(id) && !policy.is_narrowed(id) {
            continue;
        }
        let Some(arguments) = uncapped(policy, id, &param.name) else { continue };
        let span = policy.grant(id).map_or(policy.fallback_span(), |rule| rule.statement);
        let path = write_path(std::slice::from_ref(&param.name));
        let name = write_name(&tool.name);
        let message = format!("`{}` moves money, and `{path}` may be any amount", tool.name);
        findings.add(
            findings
                .finding(Level::Error, span, message)
                .proof(format!("{} is allowed", policy.call(id, &arguments)))
                .help(policy.advise(Advice::Gate(&[id]), || format!(
                    "set a highest amount, `on {name} {{ require {path} <= 10_000 }}`, in the unit that the server counts in; or \
                     have a person approve each call with `ask {name}`"
                ))),
        );
    }
}

/// A call that moves so much, and that nothing stops; a total that is counted stops it in the end.
fn uncapped(policy: &Subject<'_>, id: ToolId, argument: &str) -> Option<Value> {
    let counts = |rule: &PolicyRule| {
        matches!(&rule.kind, RuleKind::Limit(rate) if rate.argument.as_ref().is_some_and(|path| {
            path.segments.first().is_some_and(|first| first == argument)
        }))
    };
    let much = exact::test(argument, Op::AtLeast(MUCH));
    let call = || exact::passing_as(policy, id, &[exact::holds(&much)]);
    (!policy.rules_of(id).any(counts)).then(call).flatten()
}
