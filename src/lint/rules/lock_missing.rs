use std::collections::BTreeSet;

use crate::{
    diagnostic::{Class, Code, Level},
    lint::{Check, Confidence, File, Findings, Persona, Rule},
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "lock-missing",
        class: Class::Lint,
        summary: "the project has a lock, and the policy's server is not in it",
    },
    level: Level::Warning,
    persona: Persona::Default,
    confidence: Confidence::High,
    fix: None,
    page: include_str!("lock_missing.md"),
    check: Check::File(check),
};

fn check(file: &File<'_>, findings: &mut Findings) {
    // without a lock the project has not asked for this
    let Some(review) = file.review else { return };
    let mut said = BTreeSet::new();
    for policy in &file.policies {
        let Some(server) = policy.server() else { continue };
        if review.server(&server.id).is_some() || !said.insert(&server.id) {
            continue;
        }
        let message = format!("`{}` is not in the lock, so nobody notices when its tools change", server.id);
        findings.add(
            findings
                .finding(Level::Warning, policy.server_name().span, message)
                .help("review its tools and record them with `mcppol lock`"),
        );
    }
}
