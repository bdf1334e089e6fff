//! Which rules run, and how much their findings weigh.

use std::collections::BTreeMap;

use super::{Confidence, Persona, Rule};
use crate::{
    diagnostic::{Diagnostic, Level},
    text::nearest,
};

/// What a project or a command line says of the rules.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// For whom the findings are.
    pub persona: Persona,
    choices: BTreeMap<&'static str, Choice>,
}

/// What is to become of a rule's findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// There are none.
    Off,
    /// All weigh so much, whomever they are for.
    Level(Level),
}

impl Choice {
    /// The words for all choices.
    pub fn names() -> impl Iterator<Item = &'static str> {
        ["off"].into_iter().chain(Level::ALL.into_iter().map(Level::name))
    }

    /// The choice of that word.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "off" => Some(Choice::Off),
            _ => Level::ALL.into_iter().find(|level| level.name() == name).map(Choice::Level),
        }
    }
}

/// There is no rule of that name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownRule {
    /// A name that is near to it.
    pub near: Option<&'static str>,
}

impl UnknownRule {
    /// What to do about it.
    pub fn help(&self) -> String {
        match self.near {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`mcppol rules` lists them".to_owned(),
        }
    }
}

impl Settings {
    /// What everybody of a persona gets.
    pub fn new(persona: Persona) -> Self {
        Self { persona, choices: BTreeMap::new() }
    }

    /// Chooses for a rule, or for another kind of diagnostic; a later choice counts more.
    ///
    /// # Errors
    ///
    /// Where there is no rule and no kind of diagnostic of that name.
    pub fn choose(&mut self, name: &str, choice: Choice) -> Result<(), UnknownRule> {
        let Some(code) = super::codes().find(|code| code.name == name) else {
            return Err(UnknownRule { near: nearest(name, super::codes().map(|code| code.name)) });
        };
        self.choices.insert(code.name, choice);
        Ok(())
    }

    /// Whether a rule is looked at.
    pub fn runs(&self, rule: &Rule) -> bool {
        match self.choices.get(rule.code.name) {
            Some(choice) => *choice != Choice::Off,
            None => rule.persona <= self.persona,
        }
    }

    /// Whether anything is found under this name: it is a rule that runs, or no rule.
    pub fn looks_for(&self, name: &str) -> bool {
        match super::rule(name) {
            Some(rule) => self.runs(rule),
            None => self.choices.get(name) != Some(&Choice::Off),
        }
    }

    /// Gives findings the weight that was chosen for them and takes out those that are off. Errors of syntax, names,
    /// types and targets stay what they are.
    pub fn weigh(&self, diagnostics: &mut Vec<Diagnostic>) {
        if self.choices.is_empty() {
            return;
        }
        diagnostics.retain_mut(|diagnostic| {
            if diagnostic.is_fatal() {
                return true;
            }
            match self.choices.get(diagnostic.code.name) {
                None => true,
                Some(Choice::Off) => false,
                Some(Choice::Level(level)) => {
                    diagnostic.level = *level;
                    true
                }
            }
        });
    }
}

/// How sure findings of this name are; what is not a lint follows from the text.
pub fn confidence(name: &str) -> Confidence {
    super::rule(name).map_or(Confidence::High, |rule| rule.confidence)
}
