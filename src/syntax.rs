//! From text to syntax: a tree that loses nothing, and errors beside it.
//!
//! Reading never fails: any text gives chunks that tile it, each with a tree whose tokens and gaps give the text
//! back. No names are looked up here and nothing is typed.

mod again;
mod comments;
mod continuations;
mod depth;
mod expected;
mod explain;
mod kind;
pub mod literal;
mod parse;
mod recover;
mod tree;
mod words;

pub use again::reparse;
pub use comments::{Inside, comments, directive, inside};
pub use continuations::{Continuation, continuations};
pub use depth::MAX_DEPTH;
pub use kind::SyntaxKind;
pub use parse::{Chunk, MAX_BYTES, mark, parse_chunk, pieces, split, too_large};
pub use tree::{Children, Node, Tree};
pub use words::{is_reserved, op_for, path_for, verb_for};
