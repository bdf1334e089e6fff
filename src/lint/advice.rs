//! What to do about a finding, in the words of the language that the policy is written in.

use super::Subject;
use crate::{
    hir::{
        checked::{Naming, ToolId},
        origin::Manners,
    },
    text::quoted_list,
};

/// What to do where a policy is in somebody else's format.
#[derive(Clone, Copy)]
pub(super) enum Advice<'t> {
    /// Stop calls of the tools, have a person approve them or narrow them, as far as the format can.
    Gate(&'t [ToolId]),
    /// Take the tools from the agent.
    Block(&'t [ToolId]),
    /// Refuse what is not granted.
    Close,
    /// Demand an argument of the tools.
    Demand(&'t [ToolId], &'t str),
    /// Words that hold in every format.
    Say(&'static str),
}

/// So many tools are named in an advice; more are too many to read.
const SHOWN: usize = 5;

impl Subject<'_> {
    /// What to do: in our own words for a policy of ours, else in those of its format.
    pub(super) fn advise(&self, advice: Advice<'_>, ours: impl FnOnce() -> String) -> String {
        let Some(manners) = self.origin().manners() else { return ours() };
        match advice {
            Advice::Gate(tools) => self.gate(manners, tools),
            Advice::Block(tools) => Manners::about(manners.block, &self.written_names(manners, tools)),
            Advice::Close => format!("{}, and {}", manners.close, manners.grant),
            Advice::Demand(tools, path) => match manners.presence {
                Some(presence) => presence.replacen("{}", path, 1),
                None => self.gate(manners, tools),
            },
            Advice::Say(words) => words.to_owned(),
        }
    }

    fn gate(&self, manners: &Manners, tools: &[ToolId]) -> String {
        let names = self.written_names(manners, tools);
        let by_name = |id: &ToolId| self.grant(*id).is_some_and(|rule| rule.naming == Naming::Exact);
        let revoke = manners.revoke.filter(|_| self.origin().asks_about_the_rest() && tools.iter().all(by_name));
        if let Some(revoke) = revoke {
            let is = format!("{}, and a person is asked before each call", Manners::about(revoke, &names));
            return format!("{is}; or {}", manners.block.replace("{}", them(tools)));
        }
        let block = Manners::about(manners.block, &names);
        let ask = manners.ask.map(|ask| ask.replace("{}", them(tools)));
        let ask = ask.map(|ask| format!("; to have a person approve each call, {ask}")).unwrap_or_default();
        let narrow = manners.narrow.map(|narrow| format!("; or {narrow}")).unwrap_or_default();
        format!("{block}{ask}{narrow}")
    }

    /// Tools as the format writes them, for a sentence.
    fn written_names(&self, manners: &Manners, tools: &[ToolId]) -> String {
        let server = self.alias().map_or("", |alias| &alias.text);
        let names: Vec<String> =
            self.names(tools).iter().map(|tool| format!("\"{}\"", manners.written(server, tool))).collect();
        quoted_list(&names, SHOWN)
    }
}

fn them(tools: &[ToolId]) -> &'static str {
    if tools.len() == 1 { "it" } else { "them" }
}
