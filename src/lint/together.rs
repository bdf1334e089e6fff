//! Which policies an agent holds at the same time.

use super::{File, Subject};
use crate::hir::{checked::ToolId, model::Grant};

/// Policies that one agent holds together.
pub(super) struct Together<'f, 'a> {
    /// The grant that gives them; without one they are held by whoever uses the file.
    pub(super) grant: Option<&'f Grant>,
    /// The policies.
    pub(super) policies: Vec<&'f Subject<'a>>,
}

/// A tool of one of these policies.
#[derive(Clone, Copy)]
pub(super) struct Held<'f, 'a> {
    /// The policy.
    pub(super) policy: &'f Subject<'a>,
    /// The tool.
    pub(super) id: ToolId,
}

impl<'a> File<'a> {
    /// What each grant holds; policies that no grant names are held alone. In a file without grants, all are held
    /// together, but for those that are there to be included.
    pub(super) fn together(&self) -> Vec<Together<'_, 'a>> {
        let grants = &self.outline.grants;
        if grants.is_empty() {
            let policies = self.policies.iter().filter(|policy| !policy.is_included()).collect();
            return vec![Together { grant: None, policies }];
        }
        let held = |grant: &Grant, policy: &Subject<'_>| grant.policies.iter().any(|name| *name.text == *policy.name());
        let by_grant = grants.iter().map(|grant| {
            let policies = self.policies.iter().filter(|policy| held(grant, policy)).collect();
            Together { grant: Some(grant), policies }
        });
        let alone = self.policies.iter().filter(|policy| !grants.iter().any(|grant| held(grant, policy)));
        let alone = alone.filter(|policy| !policy.is_included());
        by_grant.chain(alone.map(|policy| Together { grant: None, policies: vec![policy] })).collect()
    }
}

impl<'f, 'a> Together<'f, 'a> {
    /// The tools that are so.
    pub(super) fn tools(&self, wanted: impl Fn(&Subject<'a>, ToolId) -> bool) -> Vec<Held<'f, 'a>> {
        let mut out = Vec::new();
        for &policy in &self.policies {
            out.extend(policy.tools().filter(|id| wanted(policy, *id)).map(|id| Held { policy, id }));
        }
        out
    }

    /// Who holds them, for a sentence.
    pub(super) fn holder(&self) -> String {
        let is_foreign = self.policies.iter().any(|policy| policy.origin().manners().is_some());
        match (self.grant, self.policies.as_slice()) {
            _ if is_foreign => "the agent".to_owned(),
            (Some(grant), _) => format!("`{}`", grant.identity.text.replace('`', "'")),
            (None, [policy]) => format!("`{}`", policy.name()),
            (None, _) => "who holds these policies".to_owned(),
        }
    }
}

impl<'f> Held<'f, '_> {
    /// The tool's name.
    pub(super) fn name(self) -> &'f str {
        self.policy.tool_name(self.id)
    }

    /// The server's name.
    pub(super) fn server(self) -> &'f str {
        self.policy.server().map_or(&self.policy.server_name().text, |server| server.id.as_str())
    }
}
