use crate::{
    catalog::{Category, Signal, Tool},
    diagnostic::{Class, Code, Level},
    lint::{
        Check, Confidence, Findings, Persona, Rule, Subject,
        capability::path_param,
        unrestricted::{self, Words},
    },
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "path-argument-unrestricted",
        class: Class::Lint,
        summary: "a tool that changes files can be called with any path",
    },
    level: Level::Warning,
    persona: Persona::Pedantic,
    confidence: Confidence::Medium,
    fix: None,
    page: include_str!("path_argument_unrestricted.md"),
    check: Check::Narrowing(check),
};

static WORDS: Words = Words {
    message: "can be called with any path that the server takes",
    advice: "name a directory",
    test: "under \"/srv/data\"",
    sample: |_| "/home/me/elsewhere",
};

fn check(policy: &Subject<'_>, findings: &mut Findings) {
    let changes = |tool: &Tool| tool.category != Category::Read && tool.signals.contains(&Signal::Filesystem);
    let param = |_, tool| path_param(tool).filter(|_| changes(tool));
    unrestricted::check(policy, param, &WORDS, findings);
}
