use std::collections::BTreeMap;

use crate::{
    diagnostic::{Applicability, Class, Code, Level},
    hir::checked::{Naming, Rule as PolicyRule, RuleKind, ToolId},
    lint::{Check, Confidence, Findings, Persona, Rule, Subject, advice::Advice, standing},
    syntax::literal::write_name,
    text::{Span, quoted_list},
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "impossible-exception",
        class: Class::Lint,
        summary: "a grant by name stands under a broad statement that is stronger",
    },
    level: Level::Error,
    persona: Persona::Default,
    confidence: Confidence::High,
    fix: Some(Applicability::Unsafe),
    page: include_str!("impossible_exception.md"),
    check: Check::Policy(check),
};

fn check(policy: &Subject<'_>, findings: &mut Findings) {
    for rule in policy.rules() {
        let grants = matches!(rule.kind, RuleKind::Allow | RuleKind::Ask);
        if !grants || rule.included || rule.naming != Naming::Exact {
            continue;
        }
        // by the statement that is stronger
        let mut stopped: BTreeMap<Span, (Vec<ToolId>, &PolicyRule)> = BTreeMap::new();
        for id in policy.covered(rule) {
            let by = standing::stronger(policy, rule, id).filter(|by| by.naming == Naming::Broad);
            if let Some(by) = by {
                stopped.entry(by.statement).or_insert_with(|| (Vec::new(), by)).0.push(id);
            }
        }
        for (ids, by) in stopped.into_values() {
            let tools: Vec<&str> = ids.iter().map(|id| policy.tool_name(*id)).collect();
            let names: Vec<String> = tools.iter().map(|tool| write_name(tool)).collect();
            let (word, stays) = standing::words(by);
            let message = match policy.origin().manners() {
                None => format!(
                    "this does not except {} from `{word} {}`: `{word}` is stronger, however precisely a tool is named",
                    quoted_list(&tools, 3),
                    policy.text(by.tools_span)
                ),
                Some(_) => format!("this grants {} in vain: the `{word}` is stronger", quoted_list(&tools, 3)),
            };
            let joint = if policy.has_except(by) { "," } else { " except" };
            let edit = format!("{joint} {}", names.join(", "));
            let mut finding = findings
                .finding(standing::weight(by), rule.statement, message)
                .label(by.statement, format!("{stays} all of these"))
                .help(policy.advise(
                    Advice::Say(
                        "remove one of the two; where a pattern is to leave a tool out, name the others instead",
                    ),
                    || {
                        format!(
                            "write the exception on the broad statement: `{word} {}{edit}`",
                            policy.text(by.tools_span)
                        )
                    },
                ))
                .fix(Applicability::Unsafe, "except it there", by.tools_span.at_end(), edit);
            // a floor is for others too
            finding.fix = finding.fix.filter(|_| !by.included);
            finding.proof = standing::proof(policy, ids.first().copied());
            findings.add(finding);
        }
    }
}
