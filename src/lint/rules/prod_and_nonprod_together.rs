use crate::{
    catalog::Risk,
    diagnostic::{Class, Code, Level},
    hir::checked::Standing,
    lint::{Check, Confidence, File, Findings, Persona, Rule, Subject, advice::Advice},
    text::Span,
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "prod-and-nonprod-together",
        class: Class::Lint,
        summary: "one agent holds tools for production and for a test environment, and can destroy something",
    },
    level: Level::Warning,
    persona: Persona::Audit,
    confidence: Confidence::Low,
    fix: None,
    page: include_str!("prod_and_nonprod_together.md"),
    check: Check::File(check),
};

const PRODUCTION: [&str; 3] = ["prod", "production", "live"];
const OTHER: [&str; 9] = ["dev", "development", "test", "testing", "staging", "stage", "stg", "sandbox", "qa"];

fn check(file: &File<'_>, findings: &mut Findings) {
    for together in file.together() {
        let of = |words: &[&str]| together.policies.iter().find(|policy| is_of(policy, words)).copied();
        let (Some(production), Some(other)) = (of(&PRODUCTION), of(&OTHER)) else { continue };
        let reach = |id: &_| {
            let critical = production.entry(*id).is_some_and(|tool| tool.risk >= Risk::High);
            critical && production.standing(*id) == Standing::Callable
        };
        let Some(id) = production.tools().find(reach) else { continue };
        let span: Span = together.grant.map_or(production.name_span(), |grant| grant.identity.span);
        let message = format!(
            "{} holds `{}` and `{}` together, and `{}` of the first works on production: one wrong name is enough",
            together.holder(),
            production.name(),
            other.name(),
            production.tool_name(id)
        );
        let mut finding = findings
            .finding(Level::Warning, span, message)
            .label(other.name_span(), "for another environment")
            .help(production.advise(Advice::Gate(&[id]), || {
                "give each environment an agent of its own: one `grant` for each; or `ask` for what production cannot undo".to_owned()
            }));
        finding.proof = production.open_call(id).map(|call| format!("{call} is allowed on production"));
        findings.add(finding);
    }
}

/// Whether a policy says in its own name, its server's or the alias that it is for such an environment.
fn is_of(policy: &Subject<'_>, words: &[&str]) -> bool {
    let alias = policy.alias().map_or("", |alias| &*alias.text);
    let names = [policy.name(), &*policy.server_name().text, alias];
    let parts = names.iter().flat_map(|name| name.split(['-', '_', '.', ' ']));
    parts.into_iter().any(|part| words.iter().any(|word| part.eq_ignore_ascii_case(word)))
}
