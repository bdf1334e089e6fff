//! Every kind of diagnostic that is not a lint of its own, with its stable name and its page.
//!
//! The pages of the documentation are generated from this list and compared in a test.

use super::{Applicability, Class, Code, Level};

/// A kind of diagnostic that is not a lint of its own.
#[derive(Debug)]
pub struct Kind {
    /// Its name and summary.
    pub code: &'static Code,
    /// The heaviest that its findings weigh, unless settings say otherwise.
    pub level: Level,
    /// The most careful fix that a finding can have.
    pub fix: Option<Applicability>,
    /// Its page, of the same shape as that of a lint.
    pub page: &'static str,
}

macro_rules! codes {
    ($($constant:ident = $name:literal, $class:ident, $level:ident, $fix:ident, $summary:literal;)*) => {
        $(
            #[doc = $summary]
            pub static $constant: Code = Code { name: $name, class: Class::$class, summary: $summary };
        )*

        /// All of them, in the order of the list.
        pub static ALL: &[Kind] = &[$(Kind {
            code: &$constant,
            level: Level::$level,
            fix: $fix,
            page: include_str!(concat!("pages/", $name, ".md")),
        },)*];
    };
}

const NO_FIX: Option<Applicability> = None;
const SAFE: Option<Applicability> = Some(Applicability::Safe);
const UNSAFE: Option<Applicability> = Some(Applicability::Unsafe);

codes! {
    SYNTAX = "syntax-error", Syntax, Error, SAFE, "a part of the file does not read";
    FOREIGN_SYNTAX = "foreign-syntax", Syntax, Error, SAFE, "a word or sign of another language, understood and answered with ours";
    RESERVED_WORD = "reserved-word", Syntax, Error, UNSAFE, "a keyword stands where a name belongs";
    UNCLOSED_STRING = "unclosed-string", Syntax, Error, NO_FIX, "a text is not closed on its line";
    UNCLOSED_BRACE = "unclosed-brace", Syntax, Error, NO_FIX, "a `{` has no `}`";
    MISPLACED_STATEMENT = "misplaced-statement", Syntax, Error, UNSAFE, "a statement or clause stands where it can mean nothing";
    NESTED_TOO_DEEPLY = "nested-too-deeply", Syntax, Error, NO_FIX, "brackets, sets or includes nest deeper than the limit";
    FILE_TOO_LARGE = "file-too-large", Syntax, Error, NO_FIX, "the file is longer than the limit";
    INVALID_LITERAL = "invalid-literal", Syntax, Error, NO_FIX, "a text, number or date has no value";
    MISPLACED_PART = "misplaced-part", Syntax, Error, NO_FIX, "a part like `until` or `if` does not belong to this statement";
    AMBIGUOUS_SCALAR = "ambiguous-scalar", Syntax, Info, NO_FIX, "a YAML word without quotes that readers of YAML 1.1 take for another value";
    INVALID_DOCUMENT = "invalid-document", Syntax, Error, NO_FIX, "something that the format's own engine does not take";
    OBSOLETE_FIELD = "obsolete-schema-field", Syntax, Error, UNSAFE, "a member that the format does not have, or has no more";
    UNSUPPORTED_WINDOW = "unsupported-window", Syntax, Error, NO_FIX, "a window that the format cannot count in";
    DUPLICATE_PART = "duplicate-part", Syntax, Error, NO_FIX, "a part stands twice where one has a meaning";

    MISSING_DEFAULT = "missing-default", Name, Error, NO_FIX, "a policy does not say what happens to calls that nothing decides";
    DUPLICATE_NAME = "duplicate-name", Name, Error, NO_FIX, "two things of one kind have the same name";
    UNKNOWN_SET = "unknown-set", Name, Error, UNSAFE, "a set is neither built in nor defined";
    UNKNOWN_POLICY = "unknown-policy", Name, Error, UNSAFE, "a policy that is named does not exist";
    UNKNOWN_SERVER = "unknown-server", Name, Warning, UNSAFE, "no catalog knows the server";
    NO_CATALOG = "no-catalog", Name, Error, NO_FIX, "patterns and sets have nothing to match, because no catalog knows the server";
    CYCLE = "cycle", Name, Error, NO_FIX, "sets, imports or includes go round in a circle";
    IMPORT_FAILED = "import-failed", Name, Error, NO_FIX, "an imported file cannot be read";
    BUILT_IN_NAME = "built-in-name", Name, Error, NO_FIX, "an own set takes the name of a built-in one";
    QUALIFIED_TOOL_NAME = "qualified-tool-name", Name, Error, SAFE, "a tool is written with a client's prefix";
    DEAD_PATTERN = "dead-pattern", Name, Error, NO_FIX, "a pattern or set matches no tool of the server";
    EXPIRED_STATEMENT = "expired-statement", Name, Error, NO_FIX, "the day after `until` has passed";
    ASSUMED_SERVER = "assumed-server", Name, Info, NO_FIX, "a document does not say which server it is for, and its tools do";
    CONFLICTING_GRANT = "conflicting-grant", Name, Error, NO_FIX, "a grant holds two policies for one server";

    UNKNOWN_ARGUMENT = "unknown-argument", Type, Error, UNSAFE, "a condition reads an argument that the tool does not have";
    TYPE_MISMATCH = "argument-type-mismatch", Type, Error, NO_FIX, "a test does not fit the argument's type";
    VALUE_OUTSIDE_SCHEMA = "value-outside-schema", Type, Error, UNSAFE, "a value is not one of those that the argument can have";
    INVALID_PATTERN = "invalid-pattern", Type, Error, NO_FIX, "a `matches`, `under` or `host in` cannot be judged alike by every engine";
    LIST_TEST = "list-test", Type, Error, NO_FIX, "no target can look into a list yet";
    GUARD_IN_DENY = "guard-outside-require", Type, Error, NO_FIX, "`under` and `host in` are true only of values they can judge, so they belong in `require`";
    INVALID_LIMIT = "invalid-limit", Type, Error, NO_FIX, "a limit counts nothing, or nothing that can be counted";
    MIXED_LOGIC = "mixed-and-or", Type, Warning, NO_FIX, "`and` and `or` are mixed without parentheses";

    UNENFORCEABLE = "unenforceable-on-target", Target, Error, NO_FIX, "the chosen output cannot express this";
    LOSSY_LOWERING = "lossy-lowering", Target, Warning, NO_FIX, "the chosen output is stricter than the policy";
    LOST_REASON = "lost-reason", Target, Info, NO_FIX, "the chosen output has no place for this `because`";
    SESSION_LIMIT = "session-scoped-limit", Target, Warning, NO_FIX, "the chosen output counts for each session, and reconnecting resets it";
    VISIBLE_NOT_HIDDEN = "visible-not-hidden", Target, Warning, NO_FIX, "the chosen output denies a hidden tool but still lists it";

    IGNORED_ENTRY = "ignored-entry", Lint, Warning, NO_FIX, "an entry of a permission list that the client passes over";
    UNUSED_SUPPRESSION = "unused-suppression", Lint, Warning, SAFE, "an ignore comment silences nothing";
    INVALID_SUPPRESSION = "invalid-suppression", Lint, Warning, NO_FIX, "an ignore comment names no rule, or gives no reason";
}
