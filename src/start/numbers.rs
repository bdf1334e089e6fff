//! What policies come to, in numbers that need no explanation.

use crate::{
    catalog::{Risk, Tool},
    hir::checked::{Policy, Standing},
};

/// What policies change for the agent and for the person who approves.
///
/// Tools that a server offers only with a switch do not count: whether the switch is on is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Numbers {
    /// Tools that the servers list.
    pub before: usize,
    /// Those of them that the agent still sees.
    pub after: usize,
    /// Tokens that the list takes of the agent's context, as estimated by [`tokens`].
    pub tokens_before: usize,
    /// What it takes afterwards.
    pub tokens_after: usize,
    /// Tools of critical risk.
    pub critical: usize,
    /// Those of them whose calls are refused, whatever their arguments.
    pub blocked: usize,
    /// Tools of critical risk whose calls a person approves.
    pub critical_asked: usize,
    /// Tools whose calls can pass, at once or after approval.
    pub callable: usize,
    /// Those of them whose calls a person approves.
    pub asked: usize,
}

/// What one tool takes of the agent's context: an estimate from what a catalog knows.
///
/// Fitted on the definitions of 208 tools of ten servers (name, description and schema, in tokens of a common
/// tokenizer): 91 and 73 for each argument. Servers with long texts take twice as much, terse ones a third.
#[must_use]
pub fn tokens(tool: &Tool) -> usize {
    90 + 70 * tool.params.len()
}

impl std::ops::AddAssign for Numbers {
    fn add_assign(&mut self, other: Self) {
        self.before += other.before;
        self.after += other.after;
        self.tokens_before += other.tokens_before;
        self.tokens_after += other.tokens_after;
        self.critical += other.critical;
        self.blocked += other.blocked;
        self.critical_asked += other.critical_asked;
        self.callable += other.callable;
        self.asked += other.asked;
    }
}

impl Numbers {
    /// Adds what a policy does. Of a server that no catalog knows nothing can be counted.
    pub fn add(&mut self, policy: &Policy) {
        for id in policy.tools() {
            let Some(tool) = policy.entry(id).filter(|tool| tool.conditional.is_none()) else { continue };
            let standing = policy.standing(id);
            self.before += 1;
            self.tokens_before += tokens(tool);
            if standing != Standing::Hidden {
                self.after += 1;
                self.tokens_after += tokens(tool);
            }
            let asks = standing == Standing::Asks;
            self.callable += usize::from(asks || standing == Standing::Callable);
            self.asked += usize::from(asks);
            if tool.risk == Risk::Critical {
                self.critical += 1;
                self.critical_asked += usize::from(asks);
                self.blocked += usize::from(!asks && standing != Standing::Callable);
            }
        }
    }

    /// How many of a hundred tools that can be called need a person.
    #[must_use]
    pub fn share_asked(&self) -> usize {
        (self.asked * 100 + self.callable / 2).checked_div(self.callable).unwrap_or(0)
    }
}
