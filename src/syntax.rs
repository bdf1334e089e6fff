//! From text to syntax: a tree that loses nothing, and errors beside it.
//!
//! Reading never fails: any text gives chunks that tile it, each with a tree whose tokens and gaps give the text
//! back. No names are looked up here and nothing is typed.

mod depth;
mod expected;
mod explain;
mod kind;
pub mod literal;
mod parse;
mod recover;
mod tree;
mod words;

pub use depth::MAX_DEPTH;
pub use kind::SyntaxKind;
pub use parse::{Chunk, MAX_BYTES, parse_chunk, split};
pub use tree::{Node, Tree};
pub use words::{is_reserved, op_for, path_for, verb_for};
