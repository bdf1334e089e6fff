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
    approval_on_read_only,
    ask_overload,
    broad_glob,
    class_contradicts_annotation,
    conflicting_decisions,
    confusable_name,
    contradictory_condition,
    critical_tool_not_blocked,
    cross_server_name_clash,
    deny_everything_by_accident,
    deny_visible_not_hidden,
    deny_without_reason,
    description_changed,
    duplicate_statement,
    empty_allow_list,
    exception_without_expiry,
    expires_soon,
    glob_in_exact_target,
    hidden_instruction_in_description,
    impossible_exception,
    inexact_name,
    invisible_characters,
    limit_never_binds,
    lock_missing,
    low_confidence_classification,
    missing_argument_fallthrough,
    name_collision_after_mangling,
    needless_requirement,
    new_tool_unreviewed,
    path_prefix_without_separator,
    placeholder_value,
    policy_not_granted,
    prefer_exact_name,
    redundant_condition,
    redundant_default,
    risk_class_escalated,
    split_counter,
    substring_overmatch,
    target_name_too_long,
    too_many_visible_tools,
    tool_context_budget,
    unanchored_argument_regex,
    unclassified_tool_allowed,
    undocumented_grant,
    unknown_tool,
    unreachable_statement,
    unstable_server_id,
    untested_critical_deny,
    unused_definition,
    window_boundary_burst,
    write_tool_without_limit,
}
