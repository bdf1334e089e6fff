//! What the rules about arguments that no condition looks at share.

use crate::{
    catalog::{Param, Tool},
    diagnostic::Level,
    hir::checked::ToolId,
    lint::{Findings, Subject, advice::Advice, capability::narrowed},
    syntax::literal::write_name,
    text::quoted_list,
};

/// The words for one kind of argument.
pub(super) struct Words {
    /// What is said behind the names of the tools.
    pub(super) message: &'static str,
    /// What to write, before the requirement.
    pub(super) advice: &'static str,
    /// The test of the requirement.
    pub(super) test: &'static str,
    /// A value that nobody wants to see there.
    pub(super) sample: fn(&Param) -> &'static str,
}

/// Reports callable tools whose argument of this kind no condition looks at.
pub(super) fn check<'p>(
    policy: &'p Subject<'_>,
    param: impl Fn(ToolId, &'p Tool) -> Option<&'p Param>,
    words: &Words,
    findings: &mut Findings,
) {
    let free = |id: ToolId| {
        let tool = policy.entry(id)?;
        let param = param(id, tool)?;
        (!policy.looks_at(id, &param.name)).then_some((tool, param))
    };
    for (span, ids) in policy.by_grant(policy.callable().filter(|id| free(*id).is_some())) {
        let Some((id, (tool, param))) = ids.first().and_then(|id| Some((*id, free(*id)?))) else { continue };
        let message = format!("{} {}", quoted_list(&policy.names(&ids), 3), words.message);
        let proof = policy.open_call_with(id, param, (words.sample)(param));
        let name = write_name(&tool.name);
        let help = match narrowed(param, words.test) {
            Some(require) => {
                format!(
                    "{}, `on {name} {{ {require} }}`, or have a person approve each call: `ask {name}`",
                    words.advice
                )
            }
            None => format!("no condition reaches into a list: have a person approve each call, `ask {name}`"),
        };
        let finding = findings.finding(Level::Warning, span, message).help(policy.advise(Advice::Gate(&ids), || help));
        findings.add(finding.proof_if(proof.map(|call| format!("{call} is allowed"))));
    }
}
