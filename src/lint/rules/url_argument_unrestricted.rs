use crate::{
    diagnostic::{Class, Code, Level},
    lint::{
        Check, Confidence, Findings, Persona, Rule, Subject,
        capability::{Traits, free_url_param},
        unrestricted::{self, Words},
    },
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "url-argument-unrestricted",
        class: Class::Lint,
        summary: "a tool that asks servers can be called with any address",
    },
    level: Level::Warning,
    persona: Persona::Pedantic,
    confidence: Confidence::Medium,
    fix: None,
    page: include_str!("url_argument_unrestricted.md"),
    check: Check::Narrowing(check),
};

static WORDS: Words = Words {
    message: "can be called with any address: the network behind the firewall is open to it, and an address can carry data away",
    advice: "name the hosts",
    test: "host in [\"docs.example.com\"]",
    sample: |_| "http://169.254.169.254/latest/meta-data/",
};

fn check(policy: &Subject<'_>, findings: &mut Findings) {
    let param = |id, tool| free_url_param(tool).filter(|_| policy.traits(id).has(Traits::FETCH));
    unrestricted::check(policy, param, &WORDS, findings);
}
