//! A policy language for the tools that AI agents call through MCP servers: reading, checking, compiling, judging.
//!
//! Data flows one way, and the modules below stand in that order: text, syntax, meaning, checked policy, then what is
//! made of it. See `ARCHITECTURE.md`.

pub mod catalog;
pub mod check;
pub mod classify;
#[cfg(feature = "cli")]
pub mod cli;
pub mod config;
pub mod diagnostic;
pub mod document;
pub mod drift;
pub mod engine;
pub mod eval;
pub mod foreign;
pub mod format;
pub mod hir;
pub mod ide;
pub mod import;
pub mod inventory;
pub mod lint;
pub mod listing;
pub mod lock;
#[cfg(feature = "lsp")]
pub mod lsp;
pub mod page;
pub mod pattern;
pub mod recommend;
pub mod record;
pub mod region;
pub mod replay;
pub mod start;
pub mod syntax;
pub mod target;
pub mod trial;
// pest's generated code names it when pest is built without its standard-library extras
extern crate alloc;

pub mod text;
