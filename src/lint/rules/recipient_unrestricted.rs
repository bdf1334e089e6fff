use crate::{
    diagnostic::{Class, Code, Level},
    lint::{
        Check, Confidence, Findings, Persona, Rule, Subject,
        capability::{Traits, recipient_param},
        unrestricted::{self, Words},
    },
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "recipient-unrestricted",
        class: Class::Lint,
        summary: "a tool that sends messages can be called with any recipient",
    },
    level: Level::Warning,
    persona: Persona::Pedantic,
    confidence: Confidence::Medium,
    fix: None,
    page: include_str!("recipient_unrestricted.md"),
    check: Check::Narrowing(check),
};

static WORDS: Words = Words {
    message: "can send to anybody",
    advice: "name the recipients",
    test: "in [\"…\"]",
    sample: |param| {
        if param.name.eq_ignore_ascii_case("to") { "stranger@example.com" } else { "somebody-else" }
    },
};

fn check(policy: &Subject<'_>, findings: &mut Findings) {
    let param = |id, tool| recipient_param(tool).filter(|_| policy.traits(id).has(Traits::SEND));
    unrestricted::check(policy, param, &WORDS, findings);
}
