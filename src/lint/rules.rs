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
    annotation_only_trust,
    bulk_operation_unscoped,
    capability_bypass,
    code_exec_tool_allowed,
    credential_tool_allowed,
    critical_tool_not_blocked,
    default_allow,
    deny_everything_by_accident,
    generic_dispatcher_allowed,
    leading_dash_argument,
    lethal_trifecta,
    missing_argument_fallthrough,
    path_argument_unrestricted,
    policy_file_writable_by_agent,
    private_read_with_public_write,
    prod_and_nonprod_together,
    recipient_unrestricted,
    scalar_guard_on_array_argument,
    unguarded_sibling_tool,
    unknown_tool,
    untrusted_input_with_destructive,
    unused_definition,
    url_argument_unrestricted,
    weak_sql_guard,
    wildcard_allow_covers_critical,
}
