//! TOML, from the tables of the crate `toml`, which keeps places and bounds nesting by itself.
//!
//! Dates are texts here: no policy has one.

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{Kind, build::Builder};
use crate::{
    diagnostic::{Diagnostic, codes},
    text::as_u32,
};

pub(super) fn read(text: &str, builder: &mut Builder) {
    match DeTable::parse(text) {
        Ok(table) => {
            builder.open_object(0);
            members(table.get_ref(), builder);
            builder.close(as_u32(text.len()));
        }
        Err(error) => {
            let range = error.span().unwrap_or_default();
            let span = builder.span(as_u32(range.start), as_u32(range.end));
            let why = error.message().lines().collect::<Vec<_>>().join(", ").to_lowercase();
            let message = format!("this is not TOML: {why}");
            builder.fail(
                Diagnostic::error(&codes::SYNTAX, span, message)
                    .help("look at the quotes and brackets around this place"),
            );
        }
    }
}

/// The members of a table in the order of the text, which the crate does not keep.
fn members(table: &DeTable<'_>, builder: &mut Builder) {
    let mut members: Vec<_> = table.iter().collect();
    members.sort_by_key(|(key, _)| (key.span().start, key.span().end));
    for (key, value) in members {
        let range = key.span();
        builder.key(key.get_ref(), as_u32(range.start), as_u32(range.end));
        put(value, builder);
        if builder.is_broken() {
            return;
        }
    }
}

/// Recursion is bounded by the builder, which refuses to open what nests too deep.
fn put(value: &Spanned<DeValue<'_>>, builder: &mut Builder) {
    let range = value.span();
    let (start, end) = (as_u32(range.start), as_u32(range.end));
    let kind = match value.get_ref() {
        DeValue::String(text) => Kind::Text(text.as_ref().into()),
        DeValue::Boolean(value) => Kind::Bool(*value),
        DeValue::Datetime(value) => Kind::Text(value.to_string().into()),
        DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) => Kind::Integer(number),
            Err(_) => return too_large(start, end, builder),
        },
        DeValue::Float(number) => match number.as_str().parse() {
            Ok(number) if f64::is_finite(number) => Kind::Float(number),
            _ => return too_large(start, end, builder),
        },
        DeValue::Array(items) => {
            builder.open_list(start);
            for item in items.iter() {
                if builder.is_broken() {
                    return;
                }
                put(item, builder);
            }
            return builder.close(end);
        }
        DeValue::Table(table) => {
            builder.open_object(start);
            if !builder.is_broken() {
                members(table, builder);
            }
            return builder.close(end);
        }
    };
    builder.value(kind, start, end);
}

fn too_large(start: u32, end: u32, builder: &mut Builder) {
    let span = builder.span(start, end);
    builder.fail(Diagnostic::error(&codes::SYNTAX, span, "this number is too large").help("numbers are doubles"));
}
