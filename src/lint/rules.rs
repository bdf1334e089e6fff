//! The rules, by name.

macro_rules! rules {
    ($($module:ident,)*) => {
        $(mod $module;)*

        /// All rules, sorted by name.
        pub static ALL: &[&super::Rule] = &[$(&$module::RULE,)*];
    };
}

rules! {
    amount_uncapped,
    bulk_operation_unscoped,
    capability_bypass,
    code_exec_tool_allowed,
    critical_tool_not_blocked,
    default_allow,
    deny_everything_by_accident,
    generic_dispatcher_allowed,
    lethal_trifecta,
    missing_argument_fallthrough,
    private_read_with_public_write,
    scalar_guard_on_array_argument,
    unguarded_sibling_tool,
    unknown_tool,
    untrusted_input_with_destructive,
    unused_definition,
    weak_sql_guard,
    wildcard_allow_covers_critical,
}
