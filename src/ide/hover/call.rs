//! What a policy decides about a call of a test.

use crate::{
    ide::{
        View,
        at::At,
        markdown::{code, plain},
        words,
    },
    syntax::SyntaxKind as K,
    trial,
};

/// On the first word of a call, and on the decision that it expects.
pub(super) fn decided(view: &View<'_>, at: &At<'_>) -> Option<String> {
    let [.., call, token] = at.path.as_slice() else { return None };
    if call.kind() != K::Call || !matches!(token.kind(), K::Keyword | K::Word) {
        return None;
    }
    let mut out = match token.kind() {
        K::Word => format!("{}: {}\n", code(token.text()), words::decision(token.text())?),
        _ => format!("{}: {}\n", code(token.text()), words::keyword(token.text())?),
    };
    let analysis = view.document.analysis();
    let Some(checked) = analysis.checked() else { return Some(out) };
    let holds = |made: &trial::Made<'_>| made.call.span == call.span();
    let wanted = |test: &crate::hir::model::Test| test.calls.iter().any(|its| its.span == call.span());
    let tried = trial::run(checked, &analysis.sources, &wanted);
    let made = tried.iter().flat_map(|tried| &tried.calls).find(|made| holds(made))?;
    if let Ok(verdict) = &made.got {
        out.push_str(&format!("\nDecided: **{}**: {}\n", verdict.decision.name(), plain(&verdict.message)));
        if let Some(rule) = verdict.rule {
            out.push_str(&format!("\n- by {}\n", code(&trial::title(&analysis.sources, rule.span))));
        }
    }
    if let Some(failure) = &made.failure {
        out.push_str(&format!("\n- {}\n", plain(&failure.message)));
    }
    Some(out)
}
