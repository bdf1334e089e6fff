//! What a policy file says: its imports, sets, policies, grants and tests, each with its place.
//!
//! Parts that could not be read are missing here and have an error elsewhere; nothing is looked up yet. What the
//! checked policy needs too is shared with it, so that a file of a hundred thousand statements stays small.

use std::sync::Arc;

use super::origin::{Note, Origin};
use crate::{syntax::literal::Date, text::Span};

/// A word or text of the user's, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The text itself.
    pub text: Box<str>,
    /// Where it stands.
    pub span: Span,
}

/// A file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct File {
    /// `import "…"`, in source order.
    pub imports: Vec<Name>,
    /// `set NAME = …`.
    pub sets: Vec<Set>,
    /// `policy NAME for SERVER { … }`.
    pub policies: Vec<Policy>,
    /// `grant "…" uses …`.
    pub grants: Vec<Grant>,
    /// `test "…" for POLICY { … }`.
    pub tests: Vec<Test>,
}

/// An own set.
#[derive(Debug, Clone, PartialEq)]
pub struct Set {
    /// Its name, without `@`.
    pub name: Name,
    /// Its members.
    pub tools: Tools,
    /// All of it.
    pub span: Span,
}

/// A list of tools, as written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tools {
    /// What the list takes.
    pub take: Box<[Selector]>,
    /// What `except` takes away from the whole.
    pub except: Box<[Selector]>,
    /// From the first selector to the last.
    pub span: Span,
}

/// One entry of a list of tools.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selector {
    /// How it selects.
    pub kind: SelectorKind,
    /// The name, the pattern, or the set's name without `@`.
    pub text: Box<str>,
    /// Where it stands.
    pub span: Span,
}

/// How an entry selects tools.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SelectorKind {
    /// By its exact name.
    Exact,
    /// By `*` and `?`.
    Pattern,
    /// By a set's name.
    Set,
}

/// A policy.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// Its name; `None` where the head could not be read.
    pub name: Option<Name>,
    /// The server after `for`.
    pub server: Option<Name>,
    /// The name after `as`.
    pub alias: Option<Name>,
    /// The `default`s that it states; one is right.
    pub defaults: Vec<(Fallback, Span)>,
    /// Its statements in source order.
    pub statements: Vec<Statement>,
    /// Its head, from `policy` to the brace.
    pub head: Span,
    /// All of it.
    pub span: Span,
    /// Whose language it is written in.
    pub origin: Origin,
    /// What a foreign text says besides.
    pub notes: Vec<Note>,
}

/// What decides calls that nothing grants or denies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fallback {
    /// They pass.
    Allow,
    /// They are refused.
    Deny,
    /// They are refused, and catalogued tools without a grant or a `deny` leave the agent's list.
    Hide,
}

/// What a statement does with its tools.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// Grants.
    Allow,
    /// Grants with a person's approval, or (with a condition) asks for it.
    Ask,
    /// Refuses.
    Deny,
    /// Refuses and takes out of the list.
    Hide,
    /// Counts calls of each tool.
    Limit,
    /// Counts calls of all tools together.
    LimitAll,
    /// Narrows with its block.
    On,
    /// Takes over another policy's narrowing statements.
    Include,
}

/// A statement of a policy.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// The whole statement.
    pub span: Span,
    /// What it does.
    pub verb: Verb,
    /// The tools; empty for `limit all` and `include`.
    pub tools: Tools,
    /// The policy that `include` names.
    pub policy: Option<Box<Name>>,
    /// The path after `having`.
    pub having: Option<Box<Path>>,
    /// The condition after `if`.
    pub condition: Option<Arc<Condition>>,
    /// The rate of a `limit`.
    pub rate: Option<Arc<Rate>>,
    /// The last day.
    pub until: Option<(Date, Span)>,
    /// The reason.
    pub because: Option<Arc<Name>>,
    /// The clauses of the block.
    pub clauses: Box<[Clause]>,
}

impl Statement {
    /// A statement about tools that says no more.
    pub fn new(verb: Verb, tools: Tools, span: Span) -> Self {
        Self {
            span,
            verb,
            tools,
            policy: None,
            having: None,
            condition: None,
            rate: None,
            until: None,
            because: None,
            clauses: Box::default(),
        }
    }
}

/// A clause of a block.
#[derive(Debug, Clone, PartialEq)]
pub struct Clause {
    /// The whole clause.
    pub span: Span,
    /// What it demands.
    pub kind: ClauseKind,
    /// The reason.
    pub because: Option<Arc<Name>>,
}

/// What a clause demands.
#[derive(Debug, Clone, PartialEq)]
pub enum ClauseKind {
    /// The condition must hold.
    Require(Arc<Condition>),
    /// The call is refused where the condition holds.
    DenyIf(Arc<Condition>),
    /// A person is asked where the condition holds.
    AskIf(Arc<Condition>),
    /// Calls are counted.
    Limit(Arc<Rate>),
}

/// `to N per W`, of calls or of an argument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rate {
    /// The whole rate.
    pub span: Span,
    /// How much may be used in one window; positive.
    pub max: u64,
    /// The window in seconds; positive.
    pub seconds: u64,
    /// The argument that is counted, where calls are not.
    pub argument: Option<Path>,
}

/// An argument path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    /// The names from the arguments inward; at least one.
    pub segments: Box<[String]>,
    /// Where it stands.
    pub span: Span,
}

/// A condition over a call's arguments.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// One test.
    Test(Comparison),
    /// All hold.
    All(Vec<Condition>),
    /// At least one holds.
    Any(Vec<Condition>),
}

/// One test of a condition.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// The whole test.
    pub span: Span,
    /// What is looked at.
    pub path: Path,
    /// What must be so.
    pub op: Op,
    /// Where its operand stands; the operator's place where there is none.
    pub operand: Span,
}

/// What a test demands of the value at its path.
#[derive(Debug, Clone, PartialEq)]
pub enum Op {
    /// Equal, type and value.
    Equal(Literal),
    /// Present and not equal.
    NotEqual(Literal),
    /// A number below.
    Less(f64),
    /// A number at most.
    AtMost(f64),
    /// A number above.
    Greater(f64),
    /// A number at least.
    AtLeast(f64),
    /// Equal to one of them.
    In(Vec<Literal>),
    /// Present and equal to none of them.
    NotIn(Vec<Literal>),
    /// A text that the whole pattern matches.
    Matches(Box<str>),
    /// Present and not such a text.
    NotMatches(Box<str>),
    /// A text with this part, or a list with this element.
    Contains(Literal),
    /// Present and without it.
    NotContains(Literal),
    /// Present and not null.
    Exists,
    /// Absent or null.
    Missing,
    /// A clean absolute path at or below the directory.
    Under(Box<str>),
    /// A clean absolute path elsewhere.
    NotUnder(Box<str>),
    /// A plain http(s) URL to one of the hosts.
    HostIn(Vec<Box<str>>),
    /// A plain http(s) URL to another host.
    HostNotIn(Vec<Box<str>>),
}

/// A literal value.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    /// A text.
    Text(Box<str>),
    /// A number; numbers are doubles.
    Number(f64),
    /// A truth value.
    Bool(bool),
}

/// A grant of policies to an identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The identity.
    pub identity: Name,
    /// The policies.
    pub policies: Vec<Name>,
}

/// A test block.
#[derive(Debug, Clone, PartialEq)]
pub struct Test {
    /// Its name.
    pub name: Name,
    /// The policy it tests.
    pub policy: Option<Name>,
    /// Its calls.
    pub calls: Vec<Call>,
}

/// A call of a test.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// The whole call.
    pub span: Span,
    /// The tool.
    pub tool: Name,
    /// The arguments.
    pub arguments: serde_json::Value,
    /// How many times it is made.
    pub times: u64,
    /// The decision that the last of them must have.
    pub expected: Name,
    /// The message that it must carry.
    pub message: Option<Name>,
}
