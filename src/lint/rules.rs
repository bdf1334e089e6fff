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
    impossible_exception,
    limit_never_binds,
    missing_argument_fallthrough,
    needless_requirement,
    redundant_condition,
    unknown_tool,
    unreachable_statement,
    unused_definition,
}
