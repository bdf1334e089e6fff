//! Every kind of change, with its stable name, how much it may weigh, what it stands for and what to do.
//!
//! The table in `docs/drift.md` is generated from this list and compared in a test.

use crate::diagnostic::Level;

/// A kind of change.
#[derive(Debug, PartialEq, Eq)]
pub struct Kind {
    /// The stable kebab-case name.
    pub name: &'static str,
    /// The most that a change of this kind weighs.
    pub level: Level,
    /// One sentence for lists.
    pub meaning: &'static str,
    /// What to do.
    pub action: &'static str,
}

macro_rules! kinds {
    ($($constant:ident = $name:literal, $level:ident, $meaning:literal, $action:literal;)*) => {
        $(
            #[doc = $meaning]
            pub static $constant: Kind =
                Kind { name: $name, level: Level::$level, meaning: $meaning, action: $action };
        )*

        /// All of them, in the order in which they are listed.
        pub static ALL: &[&Kind] = &[$(&$constant,)*];
    };
}

kinds! {
    SERVER_GONE = "server-gone", Warning,
        "a locked server is in use, and nothing knows it any more",
        "find out why its catalog went away, or take the server out of the policies";
    NOT_LOCKED = "not-locked", Warning,
        "a server is in use and not in the lock",
        "review its tools, then run `mcppol lock`";
    NO_CATALOG = "no-catalog", Warning,
        "a server is in use that neither the lock nor a catalog knows",
        "add a catalog of it";
    IDENTITY_CHANGED = "identity-changed", Error,
        "the server comes from another repository, package or registry",
        "make sure that it is the server you reviewed";
    VERSION_CHANGED = "version-changed", Info,
        "the version or commit is another",
        "review the other changes, then run `mcppol lock`";
    POLICY_UNFIT = "policy-unfit", Error,
        "a policy is right for the reviewed tools and wrong for those of now",
        "run `mcppol check` and mend the policy";
    COMPARED_BY_ARGUMENTS = "compared-by-arguments", Info,
        "only one side has whole schemas, so names, types and enums of arguments are compared, and no more",
        "use one source of tools for lock and comparison";
    NEW_TOOL = "new-tool", Error,
        "a tool is new; an error where the policies let it through and it does more than read",
        "`deny` or narrow it, or accept it with `mcppol lock`; if it is the live server that has it, pull its catalog first";
    TOOL_GONE = "tool-gone", Error,
        "a tool is gone; an error where a restrictive statement names it",
        "look for its successor before you remove it from the policies";
    TOOL_RENAMED = "tool-renamed", Error,
        "a tool is gone and a new one is probably the same; an error where a restriction stayed with the old name",
        "write the new name in the policies, then run `mcppol lock`";
    LET_THROUGH = "let-through", Error,
        "the same policies let through what they refused, or with fewer conditions",
        "name the tool in a `deny` or `on` statement";
    CLASS_RAISED = "class-raised", Error,
        "a tool is classed as more dangerous",
        "see whether it may still be called; accept it with `mcppol lock`";
    CLASS_LOWERED = "class-lowered", Info,
        "a tool is classed as less dangerous",
        "see that no set of the policies covers it by mistake";
    SIGNALS_CHANGED = "signals-changed", Warning,
        "other things about a tool deserve a second look; info where it is only fewer",
        "see whether its arguments should be guarded";
    GUARDED_ARGUMENT_REMOVED = "guarded-argument-removed", Error,
        "an argument that a condition reads is gone",
        "find the argument that took its place, and guard that";
    SCHEMA_WIDENED = "schema-widened", Error,
        "an argument may be what it could not be; an error where a condition reads it",
        "see that the conditions still hold what they should";
    SCHEMA_CHANGED = "schema-changed", Warning,
        "an argument's schema is another, and whether it is wider cannot be told",
        "compare the two by eye";
    ARGUMENT_ADDED = "argument-added", Warning,
        "an argument is new",
        "see whether a condition should read it";
    ARGUMENT_RENAMED = "argument-renamed", Warning,
        "an argument is gone and a new one is probably the same",
        "use the new name where the old one was used";
    ARGUMENT_REMOVED = "argument-removed", Warning,
        "an argument is gone that no condition reads",
        "see what took its place";
    SCHEMA_NARROWED = "schema-narrowed", Info,
        "an argument may no longer be all that it could be",
        "nothing, unless a call relied on it";
    HINT_RELAXED = "hint-relaxed", Warning,
        "the server says that a tool is more harmless than it said",
        "do not take its word: see what the tool does";
    HINT_TIGHTENED = "hint-tightened", Warning,
        "the server says that a tool is less harmless than it said",
        "see whether it may still be called";
    DESCRIPTION_CHANGED = "description-changed", Warning,
        "the server's text about a tool is another; agents follow it",
        "read the new text as an agent would";
    BECAME_UNCONDITIONAL = "became-unconditional", Warning,
        "a tool is offered without the switch that brought it before, or with another",
        "see whether it may be called";
    BECAME_CONDITIONAL = "became-conditional", Info,
        "a tool is offered only where the server is set up for it",
        "nothing, unless a call relied on it";
}
