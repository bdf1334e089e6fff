//! What there is to say of each kind of diagnostic, lint or not, in one shape.

use super::{Confidence, Persona, codes};
use crate::diagnostic::{Applicability, Code, Level};

/// A kind of diagnostic, as lists and pages tell of it.
#[derive(Debug, Clone, Copy)]
pub struct About {
    /// Its name, class and summary.
    pub code: &'static Code,
    /// The heaviest that its findings weigh, unless settings say otherwise.
    pub level: Level,
    /// Whom its findings are for.
    pub persona: Persona,
    /// How sure its findings are.
    pub confidence: Confidence,
    /// The most careful fix that a finding can have.
    pub fix: Option<Applicability>,
    /// Its page.
    pub page: &'static str,
}

/// Every kind of diagnostic, by name.
pub fn abouts() -> Vec<About> {
    let lints = super::ALL.iter().map(|rule| About {
        code: &rule.code,
        level: rule.level,
        persona: rule.persona,
        confidence: rule.confidence,
        fix: rule.fix,
        page: rule.page,
    });
    let others = codes::ALL.iter().map(|kind| About {
        code: kind.code,
        level: kind.level,
        persona: Persona::Default,
        confidence: Confidence::High,
        fix: kind.fix,
        page: kind.page,
    });
    let mut out: Vec<About> = lints.chain(others).collect();
    out.sort_by_key(|about| about.code.name);
    out
}
