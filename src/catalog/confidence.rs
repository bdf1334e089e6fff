//! How firmly a class stands.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// How firmly a class stands, between 0 and 1. Not a probability: each value says what the class
/// rests on, and is lower where something speaks against it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Confidence(u8);

impl Confidence {
    /// A verb of the name, and the description or the schema says the same.
    pub const AGREED: Self = Self(95);
    /// A verb of the name.
    pub const VERB: Self = Self(85);
    /// A word of the name that is as often a noun, where a verb stands.
    pub const LIKELY: Self = Self(75);
    /// Only the description, the title or the schema.
    pub const SAID: Self = Self(60);
    /// Only a noun of the name.
    pub const NOUN: Self = Self(45);
    /// Nothing: this is what is assumed of a tool that nobody can read.
    pub const DEFAULT: Self = Self(20);

    /// The same, where something speaks against it.
    #[must_use]
    pub const fn contradicted(self) -> Self {
        Self(if self.0 > 40 { self.0 - 30 } else { 10 })
    }

    /// In hundredths.
    #[must_use]
    pub const fn hundredths(self) -> u8 {
        self.0
    }

    /// Between 0 and 1.
    #[must_use]
    pub fn value(self) -> f64 {
        f64::from(self.0) / 100.0
    }
}

impl Serialize for Confidence {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_f64(self.value())
    }
}

impl<'de> Deserialize<'de> for Confidence {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let value = f64::deserialize(from)?;
        let hundredths = (value * 100.0).round();
        // a whole number between 0 and 100 fits
        let fits = (0.0..=100.0).contains(&hundredths);
        fits.then_some(Self(hundredths as u8)).ok_or_else(|| D::Error::custom("a confidence is between 0 and 1"))
    }
}

impl fmt::Display for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.2}", self.value())
    }
}
