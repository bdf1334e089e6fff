//! From listing to catalog: each tool gets the class that the classifier proposes.

use super::Listed;
use crate::{
    catalog::{ClassSource, Server, Tool},
    classify::{Class, Facts, classify},
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

/// As [`judged`], of a server whose tools are known: a class stays what it was, whoever judged it, unless what the
/// server says now leads to another category than what is known of it did. So an unchanged server has unchanged classes.
#[must_use]
pub fn judged_as(listed: Vec<Listed>, keep: Keep, known: &Server) -> Vec<Tool> {
    let again = |listed: Listed| {
        let Some(before) = known.tool(&listed.name) else { return judge(listed, keep) };
        let then = classify(&Facts {
            name: &before.name,
            title: None,
            description: before.description.as_deref(),
            params: &before.params,
            hints: before.hints,
        });
        // what was not kept then must not make a difference now; where a schema was kept, so was the text
        let with_text = before.description.is_some() || before.schema.is_some();
        let now = classify(&Facts {
            title: None,
            description: listed.description.as_deref().filter(|_| with_text),
            ..facts(&listed)
        });
        let tool = judge(listed, keep);
        let conditional = before.conditional.clone();
        if then.category == now.category {
            let (category, risk, why) = (before.category, before.risk, before.why.clone());
            let (confidence, source) = (before.confidence, before.source.clone());
            let signals = if then.signals == now.signals { before.signals.clone() } else { tool.signals };
            return Tool { category, risk, signals, why, confidence, source, conditional, ..tool };
        }
        Tool { category: now.category, risk: now.risk, why: now.why, conditional, ..tool }
    };
    listed.into_iter().map(again).collect()
}

fn facts(listed: &Listed) -> Facts<'_> {
    Facts {
        name: &listed.name,
        title: listed.title.as_deref(),
        description: listed.description.as_deref(),
        params: &listed.params,
        hints: listed.hints,
    }
}

fn judge(listed: Listed, keep: Keep) -> Tool {
    let Class { category, risk, signals, confidence, why } = classify(&facts(&listed));
    let all = keep == Keep::All;
    Tool {
        name: listed.name,
        category,
        risk,
        signals,
        why,
        confidence: Some(confidence),
        conditional: None,
        hints: listed.hints,
        description: listed.description.filter(|_| all),
        schema: all.then_some(listed.schema),
        params: listed.params,
        source: ClassSource::Guessed,
    }
}
