//! What editors show: pure functions over a document that was judged, and a place in it.
//!
//! A [`Document`] holds a text with all that is known of it; a [`View`] is a document with what it was judged by, and
//! each feature is a function over a view, with places in bytes. No protocol here, no file and no clock.

pub mod actions;
mod arguments;
pub mod at;
mod bearing;
pub mod completion;
mod counts;
pub mod definition;
mod document;
pub mod folding;
pub mod formatting;
pub mod highlight;
pub mod hints;
pub mod hover;
pub mod lenses;
pub mod links;
mod lists;
mod markdown;
pub mod meaning;
pub mod names;
pub mod pages;
mod places;
pub mod preview;
pub mod references;
pub mod rename;
pub mod selection;
pub mod symbols;
pub mod tokens;
mod trivia;
pub mod words;

pub use bearing::{Bearing, Clause};
pub use document::{Document, Kind, Piece};
pub use places::Place;

use std::sync::Arc;

use crate::{
    catalog::{Catalogs, Server},
    hir::checked::Policy,
    lint::Settings,
    lock::Lock,
    syntax::{Node, SyntaxKind, literal::Date},
    target::Target,
    text::{FileId, Span},
};

/// What a document is judged by.
#[derive(Debug, Clone, Copy)]
pub struct Surroundings<'a> {
    /// The servers that are known.
    pub catalogs: &'a Catalogs,
    /// The day on which it is judged.
    pub today: Date,
    /// What its policies are compiled to.
    pub target: &'static Target,
    /// Which rules run.
    pub lints: &'a Settings,
    /// The reviewed tools, where there is a lock.
    pub review: Option<&'a Lock>,
    /// The server that a document of others is for, where that is said elsewhere.
    pub server: Option<&'a str>,
}

/// A document and what it was judged by: what features look at.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// The document.
    pub document: &'a Document,
    /// What it was judged by.
    pub around: Surroundings<'a>,
}

impl<'a> View<'a> {
    /// The document's text.
    pub fn text(&self) -> &'a str {
        self.document.text()
    }

    /// The sound policy that a place of the document is in; `None` also while that policy has errors.
    pub fn policy(&self, offset: u32) -> Option<&'a Policy> {
        let policies = self.document.analysis().policies();
        policies.iter().find(|policy| policy.holds(Span::new(FileId(0), offset, offset)))
    }

    /// The server that the tools in an item are of: the policy's, or that of the policy which a test is for. Sets are for
    /// any server.
    pub fn server(&self, item: Node<'_>) -> Option<Arc<Server>> {
        let name = match item.kind() {
            SyntaxKind::Test => {
                let policy = meaning::policy_of_test(item)?;
                let mut policies = self.document.items().filter(|other| other.kind() == SyntaxKind::Policy);
                meaning::server_of(policies.find(|other| meaning::name_of(*other).as_deref() == Some(policy))?)?
            }
            _ => meaning::server_of(item)?,
        };
        self.around.catalogs.find(&name)
    }
}
