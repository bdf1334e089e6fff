//! What other files say of tools already: kept, but where that would be less careful than what is recommended.

use std::collections::BTreeSet;

use super::{
    Existing, Listed,
    comment::{Page, plain},
    quoted,
};
use crate::{
    catalog::{Recommendation, Server, Tool},
    text::count,
};

/// Tools of which other files decide, with where they say it.
#[derive(Debug, Default)]
pub(super) struct Decided<'a> {
    refused: Vec<(&'a Tool, &'a Existing)>,
    asked: Vec<(&'a Tool, &'a Existing)>,
    /// Allowed there, and hidden by the recommendation.
    critical: Vec<(&'a Tool, &'a Existing)>,
    /// Of a tool that the server does not have.
    strange: Vec<&'a Existing>,
}

/// Takes out of the tools those of which other files decide something else than what is recommended.
pub(super) fn split<'a>(existing: &'a [Existing], server: &Server, tools: &[&'a Tool]) -> (Decided<'a>, Vec<&'a Tool>) {
    let mut out = Decided::default();
    let mut open = Vec::new();
    for tool in tools {
        // of several the most careful
        let said = existing.iter().filter(|said| said.tool == tool.name).max_by_key(|said| said.decision);
        let hidden = matches!(tool.recommended(), Recommendation::Hide);
        let asked = matches!(tool.recommended(), Recommendation::Ask);
        match said.map(|said| (said, said.decision)) {
            Some((said, Listed::Refused)) if !hidden => out.refused.push((tool, said)),
            Some((said, Listed::Allowed)) if hidden => out.critical.push((tool, said)),
            Some((said, Listed::Asked)) if !asked => out.asked.push((tool, said)),
            _ => open.push(*tool),
        }
    }
    out.strange = existing.iter().filter(|said| server.tool(&said.tool).is_none()).collect();
    (out, open)
}

impl Decided<'_> {
    /// Whether any of these tools is granted.
    pub(super) fn grants(&self) -> bool {
        !self.asked.is_empty() || !self.critical.is_empty()
    }

    pub(super) fn write(&self, page: &mut Page) {
        let groups = [
            (&self.refused, "refused", "hide", ""),
            (&self.asked, "asked about", "ask", ""),
            (&self.critical, "of critical risk and yet allowed", "ask", " because \"the effect is for good\""),
        ];
        for (tools, what, verb, tail) in groups {
            if !tools.is_empty() {
                page.blank();
                let from: BTreeSet<&str> = tools.iter().map(|(_, said)| said.from.as_str()).collect();
                page.comment(&format!("{}, {what} in {}", count(tools.len(), "tool"), files(&from)));
                let names: Vec<String> = tools.iter().map(|(tool, _)| quoted(&tool.name)).collect();
                page.tools(verb, &names, &[], tail);
            }
        }
        if !self.strange.is_empty() {
            page.blank();
            let from: BTreeSet<&str> = self.strange.iter().map(|said| said.from.as_str()).collect();
            let names: BTreeSet<String> = self.strange.iter().map(|said| plain(&said.tool)).collect();
            page.comment(&format!(
                "left to the default, for the catalog has no such tools: {}, in {}",
                names.into_iter().collect::<Vec<_>>().join(", "),
                files(&from)
            ));
        }
    }
}

fn files(files: &BTreeSet<&str>) -> String {
    files.iter().map(|file| format!("`{}`", plain(file))).collect::<Vec<_>>().join(", ")
}
