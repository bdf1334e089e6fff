//! The built-in sets of the policy language: one per category, risk and signal.
//!
//! A policy's own sets are absent: they are the policy's.

use std::fmt;

use super::{Category, Risk, Signal, Tool};

/// A built-in set of tools, `@read` and the like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BuiltIn {
    /// The tools of a category.
    Category(Category),
    /// The tools of exactly this risk.
    Risk(Risk),
    /// The tools with a signal.
    Signal(Signal),
}

impl BuiltIn {
    /// All of them: categories, risks, signals.
    pub fn all() -> impl Iterator<Item = Self> {
        let categories = Category::ALL.into_iter().map(Self::Category);
        let risks = Risk::ALL.into_iter().map(Self::Risk);
        let signals = Signal::ALL.into_iter().map(Self::Signal);
        categories.chain(risks).chain(signals)
    }

    /// The names of all, without `@`, for suggestions.
    pub fn names() -> impl Iterator<Item = &'static str> {
        Self::all().map(Self::name)
    }

    /// The name, without `@`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Category(category) => category.name(),
            Self::Risk(risk) => risk.name(),
            Self::Signal(signal) => signal.name(),
        }
    }

    /// Whether the tool is in the set.
    #[must_use]
    pub fn covers(self, tool: &Tool) -> bool {
        match self {
            Self::Category(category) => tool.category == category,
            Self::Risk(risk) => tool.risk == risk,
            Self::Signal(signal) => tool.signals.contains(&signal),
        }
    }
}

impl fmt::Display for BuiltIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "@{}", self.name())
    }
}

/// The built-in set of that name, given without `@`.
#[must_use]
pub fn built_in_set(name: &str) -> Option<BuiltIn> {
    BuiltIn::all().find(|set| set.name() == name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_name_is_one_set() {
        let names: BTreeSet<_> = BuiltIn::names().collect();
        assert_eq!(names.len(), 6 + 4 + 9);
        for set in BuiltIn::all() {
            assert_eq!(built_in_set(set.name()), Some(set));
        }
        assert_eq!(built_in_set("Read"), None);
        assert_eq!(built_in_set("@read"), None);
        assert_eq!(BuiltIn::Signal(Signal::ManyParameters).to_string(), "@many-parameters");
    }

    #[test]
    fn names_are_those_of_the_catalog_files() {
        for it in Category::ALL {
            let json = format!("\"{it}\"");
            assert_eq!(serde_json::from_str::<Category>(&json).unwrap(), it);
            assert_eq!(Category::from_name(it.name()), Some(it));
        }
        for it in Risk::ALL {
            let json = format!("\"{it}\"");
            assert_eq!(serde_json::from_str::<Risk>(&json).unwrap(), it);
            assert_eq!(Risk::from_name(it.name()), Some(it));
        }
        for it in Signal::ALL {
            let json = format!("\"{it}\"");
            assert_eq!(serde_json::from_str::<Signal>(&json).unwrap(), it);
            assert_eq!(Signal::from_name(it.name()), Some(it));
        }
        assert!(Risk::ALL.is_sorted());
    }
}
