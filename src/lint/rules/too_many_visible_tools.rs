use crate::{
    diagnostic::{Class, Code, Level},
    lint::{Check, Confidence, File, Findings, Persona, Rule, advice::Advice},
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "too-many-visible-tools",
        class: Class::Lint,
        summary: "an agent sees more tools than clients take",
    },
    level: Level::Warning,
    persona: Persona::Pedantic,
    confidence: Confidence::Medium,
    fix: None,
    page: include_str!("too_many_visible_tools.md"),
    check: Check::File(check),
};

/// How many tools a client takes before it refuses or drops some.
const MOST: usize = 128;

/// The same where there is no such word.
const NEUTRAL: &str = "take what is not needed out of what the server offers: a model chooses better among few";

fn check(file: &File<'_>, findings: &mut Findings) {
    let help = "take tools out of the list with `hide`, or write `default hide`: a model chooses better among few";
    for policy in &file.policies {
        let seen = policy.listed().count();
        if seen > MOST {
            let message =
                format!("`{}` shows an agent {seen} tools, and many clients take {MOST} at most", policy.name());
            findings.add(
                findings
                    .finding(Level::Warning, policy.name_span(), message)
                    .help(policy.advise(Advice::Say(NEUTRAL), || help.to_owned())),
            );
        }
    }
    for (grant, policies) in file.grants() {
        let each: Vec<usize> = policies.iter().map(|policy| policy.listed().count()).collect();
        let seen: usize = each.iter().sum();
        if seen > MOST && each.iter().all(|one| *one <= MOST) {
            let message = format!(
                "the {} policies of `{}` together show {seen} tools, and many clients take {MOST} at most",
                policies.len(),
                grant.identity.text
            );
            findings.add(findings.finding(Level::Warning, grant.identity.span, message).help(help));
        }
    }
}
