//! Every kind of diagnostic that is not a lint of its own, with its stable name.
//!
//! The pages of the documentation are generated from this list and compared in a test.

use super::{Class, Code};

macro_rules! codes {
    ($($constant:ident = $name:literal, $class:ident, $summary:literal;)*) => {
        $(
            #[doc = $summary]
            pub static $constant: Code = Code { name: $name, class: Class::$class, summary: $summary };
        )*

        /// All of them, in the order of the list.
        pub static ALL: &[&Code] = &[$(&$constant,)*];
    };
}

codes! {
    SYNTAX = "syntax-error", Syntax, "a part of the file does not read";
    FOREIGN_SYNTAX = "foreign-syntax", Syntax, "a word or sign of another language, understood and answered with ours";
    RESERVED_WORD = "reserved-word", Syntax, "a keyword stands where a name belongs";
    UNCLOSED_STRING = "unclosed-string", Syntax, "a text is not closed on its line";
    UNCLOSED_BRACE = "unclosed-brace", Syntax, "a `{` has no `}`";
    MISPLACED_STATEMENT = "misplaced-statement", Syntax, "a statement or clause stands where it can mean nothing";
    NESTED_TOO_DEEPLY = "nested-too-deeply", Syntax, "brackets, sets or includes nest deeper than the limit";
    FILE_TOO_LARGE = "file-too-large", Syntax, "the file is longer than the limit";
    INVALID_LITERAL = "invalid-literal", Syntax, "a text, number or date has no value";
    MISPLACED_PART = "misplaced-part", Syntax, "a part like `until` or `if` does not belong to this statement";
    AMBIGUOUS_SCALAR = "ambiguous-scalar", Syntax, "a YAML word without quotes that readers of YAML 1.1 take for another value";
    DUPLICATE_PART = "duplicate-part", Syntax, "a part stands twice where one has a meaning";

    INVALID_DOCUMENT = "invalid-document", Syntax, "something that the format's own engine does not take";
    OBSOLETE_FIELD = "obsolete-schema-field", Syntax, "a member that the format does not have, or has no more";
    UNSUPPORTED_WINDOW = "unsupported-window", Syntax, "a window that the format cannot count in";

    MISSING_DEFAULT = "missing-default", Name, "a policy does not say what happens to calls that nothing decides";
    DUPLICATE_NAME = "duplicate-name", Name, "two things of one kind have the same name";
    UNKNOWN_SET = "unknown-set", Name, "a set is neither built in nor defined";
    UNKNOWN_POLICY = "unknown-policy", Name, "a policy that is named does not exist";
    UNKNOWN_SERVER = "unknown-server", Name, "no catalog knows the server";
    NO_CATALOG = "no-catalog", Name, "patterns and sets have nothing to match, because no catalog knows the server";
    CYCLE = "cycle", Name, "sets, imports or includes go round in a circle";
    IMPORT_FAILED = "import-failed", Name, "an imported file cannot be read";
    BUILT_IN_NAME = "built-in-name", Name, "an own set takes the name of a built-in one";
    QUALIFIED_TOOL_NAME = "qualified-tool-name", Name, "a tool is written with a client's prefix";
    DEAD_PATTERN = "dead-pattern", Name, "a pattern or set matches no tool of the server";
    EXPIRED_STATEMENT = "expired-statement", Name, "the day after `until` has passed";
    ASSUMED_SERVER = "assumed-server", Name, "a document does not say which server it is for, and its tools do";
    IGNORED_ENTRY = "ignored-entry", Lint, "an entry of a permission list that the client passes over";
    CONFLICTING_GRANT = "conflicting-grant", Name, "a grant holds two policies for one server";

    UNKNOWN_ARGUMENT = "unknown-argument", Type, "a condition reads an argument that the tool does not have";
    TYPE_MISMATCH = "argument-type-mismatch", Type, "a test does not fit the argument's type";
    VALUE_OUTSIDE_SCHEMA = "value-outside-schema", Type, "a value is not one of those that the argument can have";
    INVALID_PATTERN = "invalid-pattern", Type, "a `matches`, `under` or `host in` cannot be judged alike by every engine";
    LIST_TEST = "list-test", Type, "no target can look into a list yet";
    GUARD_IN_DENY = "guard-outside-require", Type, "`under` and `host in` are true only of values they can judge, so they belong in `require`";
    INVALID_LIMIT = "invalid-limit", Type, "a limit counts nothing, or nothing that can be counted";
    MIXED_LOGIC = "mixed-and-or", Type, "`and` and `or` are mixed without parentheses";

    UNENFORCEABLE = "unenforceable-on-target", Target, "the chosen output cannot express this";
    LOSSY_LOWERING = "lossy-lowering", Target, "the chosen output is stricter than the policy";
    LOST_REASON = "lost-reason", Target, "the chosen output has no place for this `because`";
    SESSION_LIMIT = "session-scoped-limit", Target, "the chosen output counts for each session, and reconnecting resets it";
    UNUSED_SUPPRESSION = "unused-suppression", Lint, "an ignore comment silences nothing";
    INVALID_SUPPRESSION = "invalid-suppression", Lint, "an ignore comment names no rule, or gives no reason";

    VISIBLE_NOT_HIDDEN = "visible-not-hidden", Target, "the chosen output denies a hidden tool but still lists it";
}
