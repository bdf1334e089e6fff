use crate::{
    diagnostic::{Class, Code, Level},
    hir::checked::RuleKind,
    lint::{Check, Confidence, File, Findings, Persona, Rule},
    text::count,
};

pub(super) static RULE: Rule = Rule {
    code: Code { name: "expires-soon", class: Class::Lint, summary: "a grant ends within two weeks" },
    level: Level::Info,
    persona: Persona::Default,
    confidence: Confidence::High,
    fix: None,
    page: include_str!("expires_soon.md"),
    check: Check::FormOfFile(check),
};

/// How many days before its end a grant is spoken of.
const SOON: u32 = 14;

fn check(file: &File<'_>, findings: &mut Findings) {
    for policy in &file.policies {
        for rule in policy.rules().iter().filter(|rule| matches!(rule.kind, RuleKind::Allow | RuleKind::Ask)) {
            let Some((last, place)) = policy.until(rule) else { continue };
            let days = file.today.days_to(last);
            if last < file.today || days > SOON {
                continue;
            }
            let left = if days == 0 { "today".to_owned() } else { format!("in {}", count(days as usize, "day")) };
            let message = format!("this grant ends {left}, and with {last} over the file no longer compiles");
            findings.add(
                findings.finding(Level::Info, place, message).help("remove the grant, or give it a later day in time"),
            );
        }
    }
}
