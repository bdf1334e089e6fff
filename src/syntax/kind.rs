//! The kinds of nodes and tokens, and the one map from the grammar's rules to them.

use super::parse::Rule;

macro_rules! kinds {
    ($($(#[doc = $doc:literal])* $kind:ident = $($rule:ident)|+;)*) => {
        /// What a node of the tree is. Nodes that have no children are tokens.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        #[expect(missing_docs, reason = "each kind is named after its rule in the grammar, where it is explained")]
        pub enum SyntaxKind {
            $($(#[doc = $doc])* $kind,)*
        }

        impl SyntaxKind {
            /// The kind of a rule that makes a node; silent rules never come up.
            pub(super) fn of(rule: Rule) -> Option<Self> {
                match rule {
                    $($(Rule::$rule)|+ => Some(SyntaxKind::$kind),)*
                    _ => None,
                }
            }
        }
    };
}

kinds! {
    // items
    Import = import;
    SetDef = set_def;
    Grant = grant;
    Policy = policy | loose_policy;
    Test = test | loose_test;
    Call = call;
    Times = times;
    // statements and their parts
    Default = st_default;
    Allow = st_allow | loose_allow;
    Ask = st_ask | loose_ask;
    Deny = st_deny | loose_deny;
    Hide = st_hide | loose_hide;
    Limit = st_limit | loose_limit;
    On = st_on | loose_on;
    Include = st_include;
    Foreign = st_foreign;
    Until = until;
    Because = because;
    Having = having;
    IfPart = if_part;
    Block = block | loose_block;
    Require = cl_require;
    DenyIf = cl_deny;
    AskIf = cl_ask;
    LimitTo = cl_limit;
    Rate = rate;
    Window = window;
    Tools = tools;
    Except = except;
    // conditions
    Condition = condition;
    Paren = paren;
    Comparison = comparison;
    ListTest = list_test;
    List = list;
    // arguments in tests
    Object = object;
    Member = member;
    Array = array;
    // tokens
    Ident = ident;
    ToolName = tool_name;
    SetRef = set_ref;
    Word = word;
    Unit = unit;
    Key = key;
    Path = path;
    Number = number;
    Date = date;
    Bool = bool;
    Null = null;
    String = string;
    RawString = raw_string;
    Op = op;
    OpAlone = op_alone;
    LBrace = l_brace;
    RBrace = r_brace;
    LBracket = l_bracket;
    RBracket = r_bracket;
    LParen = l_paren;
    RParen = r_paren;
    Comma = comma;
    Colon = colon;
    Assign = assign;
    Arrow = arrow;
    Bang = bang;
    Keyword = keyword | kw_policy | kw_set | kw_import | kw_grant | kw_test | kw_call | kw_for | kw_as | kw_uses
        | kw_times | kw_default | kw_allow | kw_ask | kw_deny | kw_hide | kw_limit | kw_on | kw_include | kw_require
        | kw_until | kw_because | kw_having | kw_except | kw_and | kw_if | kw_not | kw_quantifier;
    KwOr = kw_or;
    KwAll = kw_all;
    KwTo = kw_to;
    KwTotal = kw_total;
    KwPer = kw_per;
    // what a newcomer writes first
    WrongSemi = wrong_semi;
    WrongComma = wrong_comma;
    WrongSlash = wrong_slash;
    WrongQualified = wrong_qualified;
    WrongVerb = wrong_verb;
    WrongIf = wrong_if;
    WrongLogic = wrong_logic;
    WrongPath = wrong_path;
    WrongOp = wrong_op;
    WrongString = wrong_string;
    WrongNot = wrong_not;
    // recovery
    BadHead = bad_head | bad_test_head;
    BadStatement = bad_statement;
    BadClause = bad_clause;
    BadCall = bad_call;
    BadItem = bad_item;
    Stray = stray;
    StrayClause = stray_clause;
    StrayStatement = stray_statement;
    MissingBrace = missing_brace;
    Unclosed = unclosed;
    Other = other;
    End = EOI;
}

impl SyntaxKind {
    /// Whether nodes of this kind stand for a mistake that the reader answers.
    pub(super) fn is_mistake(self) -> bool {
        self >= SyntaxKind::WrongSemi && self < SyntaxKind::Unclosed
    }
}
