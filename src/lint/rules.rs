//! The rules, by name.

macro_rules! rules {
    ($($module:ident,)*) => {
        $(mod $module;)*

        /// All rules, sorted by name.
        pub static ALL: &[&super::Rule] = &[$(&$module::RULE,)*];
    };
}

rules! {
    always_true_condition,
    conflicting_decisions,
    contradictory_condition,
    critical_tool_not_blocked,
    deny_everything_by_accident,
    duplicate_statement,
    empty_allow_list,
    glob_in_exact_target,
    impossible_exception,
    inexact_name,
    limit_never_binds,
    missing_argument_fallthrough,
    needless_requirement,
    path_prefix_without_separator,
    redundant_condition,
    unanchored_argument_regex,
    unknown_tool,
    unreachable_statement,
    unstable_server_id,
    unused_definition,
}
