//! The rules, by name.

macro_rules! rules {
    ($($module:ident,)*) => {
        $(mod $module;)*

        /// All rules, sorted by name.
        pub static ALL: &[&super::Rule] = &[$(&$module::RULE,)*];
    };
}

rules! {
    critical_tool_not_blocked,
    deny_everything_by_accident,
    empty_allow_list,
    glob_in_exact_target,
    inexact_name,
    missing_argument_fallthrough,
    path_prefix_without_separator,
    unanchored_argument_regex,
    unknown_tool,
    unstable_server_id,
}

/// A tool's name as it stands in the policy's own text, for edits.
fn written(policy: &crate::hir::Policy, tool: &str) -> String {
    match policy.origin() {
        crate::hir::origin::Origin::Language => crate::syntax::literal::write_name(tool),
        crate::hir::origin::Origin::Foreign(_) => tool.to_owned(),
    }
}
