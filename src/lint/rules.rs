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
    missing_argument_fallthrough,
    unknown_tool,
    unused_definition,
}
