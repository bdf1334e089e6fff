//! From listing to catalog: each tool gets the class that the classifier proposes.

use super::Listed;
use crate::{
    catalog::{ClassSource, Tool},
    classify::{Facts, classify},
};

/// How much of what a server says is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// Its text and its whole schemas too: what a review is of.
    All,
    /// Names, types and hints alone.
    Facts,
}

/// The tools of a catalog, in the order of the listing.
#[must_use]
pub fn judged(listed: Vec<Listed>, keep: Keep) -> Vec<Tool> {
    listed.into_iter().map(|tool| judge(tool, keep)).collect()
}

fn judge(listed: Listed, keep: Keep) -> Tool {
    let class = classify(&Facts {
        name: &listed.name,
        title: listed.title.as_deref(),
        description: listed.description.as_deref(),
        params: &listed.params,
        hints: listed.hints,
    });
    let all = keep == Keep::All;
    Tool {
        name: listed.name,
        category: class.category,
        risk: class.risk,
        signals: class.signals,
        why: class.why,
        confidence: Some(class.confidence),
        conditional: None,
        hints: listed.hints,
        description: listed.description.filter(|_| all),
        schema: all.then_some(listed.schema),
        params: listed.params,
        source: ClassSource::Guessed,
    }
}
