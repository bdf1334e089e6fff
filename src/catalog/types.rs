//! Sets of JSON types, as far as a tool's input schema tells them.
//!
//! Schemas beyond that (ranges, lengths, properties of objects) are absent.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, SeqAccess, Visitor};
use serde_json::Value;

/// The types that a JSON Schema `type` may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum JsonType {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean,
    /// A number without a fraction, however written.
    Integer,
    /// Any number.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

impl JsonType {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Null, Self::Boolean, Self::Integer, Self::Number, Self::String, Self::Array, Self::Object];

    /// The name in JSON Schema.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::String => "string",
            Self::Array => "array",
            Self::Object => "object",
        }
    }

    /// The type of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }

    /// The narrowest type of a value. As in JSON Schema, `5.0` is an integer.
    #[must_use]
    pub fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(_) => Self::Boolean,
            Value::Number(number) => {
                let whole = number.is_i64() || number.is_u64() || number.as_f64().is_some_and(|it| it.fract() == 0.0);
                if whole { Self::Integer } else { Self::Number }
            }
            Value::String(_) => Self::String,
            Value::Array(_) => Self::Array,
            Value::Object(_) => Self::Object,
        }
    }

    const fn bit(self) -> u8 {
        match self {
            Self::Null => 1,
            Self::Boolean => 1 << 1,
            Self::Integer => 1 << 2,
            Self::Number => 1 << 3,
            Self::String => 1 << 4,
            Self::Array => 1 << 5,
            Self::Object => 1 << 6,
        }
    }
}

impl fmt::Display for JsonType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A set of JSON types.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Types(u8);

impl Types {
    /// Every type: the schema says nothing.
    pub const ANY: Self = Self(0x7f);

    /// The set of these types.
    #[must_use]
    pub const fn of(types: &[JsonType]) -> Self {
        let mut bits = 0;
        let mut rest = types;
        while let [first, tail @ ..] = rest {
            bits |= first.bit();
            rest = tail;
        }
        Self(bits)
    }

    /// Whether the set names this type. `number` does not name `integer`; see
    /// [`Types::admits_type`].
    #[must_use]
    pub const fn contains(self, ty: JsonType) -> bool {
        self.0 & ty.bit() != 0
    }

    /// Whether every value of this type is admitted: a number admits integers.
    #[must_use]
    pub const fn admits_type(self, ty: JsonType) -> bool {
        self.contains(ty) || matches!(ty, JsonType::Integer) && self.contains(JsonType::Number)
    }

    /// Whether the value is admitted: an integer admits `5` and `5.0`, a number all of them.
    #[must_use]
    pub fn admits(self, value: &Value) -> bool {
        self.admits_type(JsonType::of(value))
    }

    /// Whether the schema says nothing.
    #[must_use]
    pub const fn is_any(&self) -> bool {
        self.0 == Self::ANY.0
    }

    /// Whether no type is left.
    #[must_use]
    pub const fn is_none(self) -> bool {
        self.0 == 0
    }

    /// What either admits.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What both admit: of a number and an integer, the integer.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.iter().filter(|ty| other.admits_type(*ty)).chain(other.iter().filter(|ty| self.admits_type(*ty))).collect()
    }

    /// Whether this admits everything that the other does.
    #[must_use]
    pub fn covers(self, other: Self) -> bool {
        other.iter().all(|ty| self.admits_type(ty))
    }

    /// The types that the set names, in the order of [`JsonType::ALL`].
    pub fn iter(self) -> impl Iterator<Item = JsonType> {
        JsonType::ALL.into_iter().filter(move |ty| self.contains(*ty))
    }
}

impl Default for Types {
    fn default() -> Self {
        Self::ANY
    }
}

impl FromIterator<JsonType> for Types {
    fn from_iter<I: IntoIterator<Item = JsonType>>(types: I) -> Self {
        Self(types.into_iter().fold(0, |bits, ty| bits | ty.bit()))
    }
}

/// `string or null`, `string, array or object`, `any value`: null comes last, since it is what
/// people expect least.
impl fmt::Display for Types {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_any() {
            return f.write_str("any value");
        }
        let null = self.contains(JsonType::Null).then_some(JsonType::Null);
        let others = self.iter().filter(|ty| *ty != JsonType::Null);
        let mut types = others.chain(null).peekable();
        let Some(first) = types.next() else {
            return f.write_str("no value");
        };
        f.write_str(first.name())?;
        while let Some(ty) = types.next() {
            f.write_str(if types.peek().is_some() { ", " } else { " or " })?;
            f.write_str(ty.name())?;
        }
        Ok(())
    }
}

impl fmt::Debug for Types {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Types({self})")
    }
}

impl serde::Serialize for Types {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let null = self.contains(JsonType::Null).then_some(JsonType::Null);
        to.collect_seq(self.iter().filter(|ty| *ty != JsonType::Null).chain(null))
    }
}

impl<'de> Deserialize<'de> for Types {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_seq(TypesVisitor)
    }
}

struct TypesVisitor;

impl<'de> Visitor<'de> for TypesVisitor {
    type Value = Types;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of one or more type names")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Types, A::Error> {
        let mut bits = 0;
        while let Some(ty) = seq.next_element::<JsonType>()? {
            bits |= ty.bit();
        }
        // An empty list would admit no value at all: a slip, not a schema.
        if bits == 0 {
            return Err(A::Error::invalid_length(0, &self));
        }
        Ok(Types(bits))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn admits_by_value() {
        let integer = Types::of(&[JsonType::Integer]);
        let number = Types::of(&[JsonType::Number]);
        for (value, in_integer, in_number) in [
            (json!(5), true, true),
            (json!(-5), true, true),
            (json!(u64::MAX), true, true),
            (json!(5.0), true, true),
            (json!(5.5), false, true),
            (json!("5"), false, false),
            (json!(null), false, false),
        ] {
            assert_eq!(integer.admits(&value), in_integer, "{value}");
            assert_eq!(number.admits(&value), in_number, "{value}");
            assert!(Types::ANY.admits(&value));
        }
        assert!(number.admits_type(JsonType::Integer));
        assert!(!number.contains(JsonType::Integer));
        assert!(!integer.admits_type(JsonType::Number));
    }

    #[test]
    fn as_sets() {
        let integer = Types::of(&[JsonType::Integer]);
        let number = Types::of(&[JsonType::Number]);
        let text = Types::of(&[JsonType::String]);
        assert_eq!(number.and(integer), integer);
        assert_eq!(number.and(number), number);
        assert!(number.and(text).is_none());
        assert_eq!(Types::ANY.and(text), text);
        assert_eq!(number.or(text), Types::of(&[JsonType::Number, JsonType::String]));
        assert!(number.covers(integer) && !integer.covers(number));
        assert!(Types::ANY.covers(text) && !text.covers(Types::ANY));
    }

    #[test]
    fn shown_for_people() {
        use JsonType::{Array, Null, Object, String};
        assert_eq!(Types::of(&[Null, String]).to_string(), "string or null");
        assert_eq!(Types::of(&[String]).to_string(), "string");
        let three = Types::of(&[Object, Array, String]);
        assert_eq!(three.to_string(), "string, array or object");
        assert_eq!(Types::ANY.to_string(), "any value");
        assert_eq!(Types::of(&[]).to_string(), "no value");
        assert_eq!(three.iter().collect::<Types>(), three);
        assert_eq!(JsonType::ALL.into_iter().collect::<Types>(), Types::ANY);
    }

    #[test]
    fn read_from_a_list_of_names() {
        let types: Types = serde_json::from_str(r#"["string", "null"]"#).unwrap();
        assert_eq!(types, Types::of(&[JsonType::Null, JsonType::String]));
        for bad in [r"[]", r#""string""#, r#"["text"]"#, "null"] {
            assert!(serde_json::from_str::<Types>(bad).is_err(), "{bad}");
        }
    }
}
