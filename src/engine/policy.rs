//! The three kinds of policies as one, for callers that do not care which it is.

use serde_json::Value;

use super::{Call, Counter, EngineError, Unknown, Used, Verdict, intercept, policylayer, rules};

/// A compiled policy in its engine.
#[derive(Debug, Clone)]
pub enum Policy {
    /// The hosted gateway's.
    PolicyLayer(policylayer::Policy),
    /// The rule form's.
    Rules(rules::Policy),
    /// The proxy's.
    Intercept(intercept::Policy),
}

impl Policy {
    /// Reads a document of the format of that name; `None` where no engine here has it.
    ///
    /// # Errors
    ///
    /// What the format's own reader has against it.
    pub fn load(format: &str, document: &Value) -> Option<Result<Policy, EngineError>> {
        match format {
            "policylayer" => Some(policylayer::load(document).map(Policy::PolicyLayer)),
            "rules" => Some(rules::load(document).map(Policy::Rules)),
            "intercept" => Some(intercept::load(document).map(Policy::Intercept)),
            _ => None,
        }
    }

    /// Judges a call.
    ///
    /// # Errors
    ///
    /// A counter that the call would need is not known.
    pub fn decide(&self, call: &Call<'_>, used: &dyn Used) -> Result<Verdict, Unknown> {
        match self {
            Policy::PolicyLayer(policy) => policy.decide(call, used),
            Policy::Rules(policy) => policy.decide(call, used),
            Policy::Intercept(policy) => policy.decide(call, used),
        }
    }

    /// Whether what is decided about calls of a tool can hang on their arguments.
    pub fn reads_arguments(&self, tool: &str) -> bool {
        match self {
            Policy::PolicyLayer(policy) => policy.reads_arguments(tool),
            Policy::Rules(_) => false,
            Policy::Intercept(policy) => policy.reads_arguments(tool),
        }
    }

    /// The counters that a call adds to if it is allowed or asked, each once, with what it adds; `None` where the
    /// arguments are not known or have no such amount.
    pub fn charges(&self, tool: &str, args: Option<&Value>, add: &mut dyn FnMut(&Counter<'_>, Option<i64>)) {
        match self {
            Policy::PolicyLayer(policy) => policy.charges(tool, add),
            Policy::Rules(policy) => policy.charges(tool, add),
            Policy::Intercept(policy) => policy.charges(tool, args, add),
        }
    }

    /// The tools that it names, and so all that can have counters of their own.
    pub fn tools(&self) -> Vec<&str> {
        match self {
            Policy::PolicyLayer(policy) => policy.tools().collect(),
            Policy::Rules(policy) => policy.tools().collect(),
            Policy::Intercept(policy) => policy.tools().collect(),
        }
    }
}
