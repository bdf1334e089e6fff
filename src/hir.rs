//! Meaning: from trees to policies, from policies to checked ones.
//!
//! [`model`] is what a file says, with holes where it could not be read; `check` resolves names, expands tool lists
//! and types conditions; [`Checked`] is what comes out, and it cannot be made while one error stands. No target and
//! no wire format is known here.

mod analyze;
mod check;
pub mod checked;
mod condition;
mod expand;
mod live;
mod lower;
pub mod model;
pub mod origin;
mod outline;
mod placed;
mod read;
mod resolve;
mod types;

pub use analyze::{
    Analysis, Environment, ImportError, Imports, NoImports, Source, analyze, analyze_model, is_importable,
};
pub use checked::{Checked, Policy, Rule, RuleKind};
pub use live::{Changes, Live};
pub use lower::part_fits;
pub use outline::{Outline, SetOutline};
pub use types::test_fits;
