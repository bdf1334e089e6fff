//! Two listings of one server as one catalog: what a switch adds is conditional.

use crate::catalog::{Param, Server, Tool, Types};

/// Adds to `base` what `switched` has, the same server started with the switch `when`.
///
/// Tools that only the second has become conditional. A tool that both have gets the stricter class and the signals of
/// both, and keeps the first one's text; its arguments admit what either admits, since a policy is not wrong for naming an
/// argument that a switch brings. Where the whole schemas differ neither is kept: none of them is true of every call.
pub fn merge(base: &mut Server, switched: Vec<Tool>, when: &str) {
    for tool in switched {
        match base.tools.iter_mut().find(|it| it.name == tool.name) {
            Some(known) => {
                stricter(known, &tool, when);
                widen(&mut known.params, tool.params, when);
            }
            None => base.tools.push(Tool { conditional: Some(when.to_owned()), ..tool }),
        }
    }
    base.tools.sort_by(|a, b| a.name.cmp(&b.name));
}

fn stricter(known: &mut Tool, switched: &Tool, when: &str) {
    if (switched.risk, switched.category) > (known.risk, known.category) {
        (known.category, known.risk) = (switched.category, switched.risk);
        (known.confidence, known.source) = (switched.confidence, switched.source.clone());
        known.why = format!("{} (with `{when}`)", switched.why);
    }
    known.signals.extend(&switched.signals);
    known.signals.sort_unstable();
    known.signals.dedup();
    if known.schema != switched.schema {
        known.schema = None;
    }
}

fn widen(params: &mut Vec<Param>, others: Vec<Param>, when: &str) {
    for param in params.iter_mut() {
        // what one of them does not know cannot be demanded by the catalog
        param.required &= others.iter().any(|it| it.name == param.name && it.required);
    }
    for other in others {
        match params.iter_mut().find(|it| it.name == other.name) {
            None => params.push(Param { required: false, conditional: Some(when.to_owned()), ..other }),
            Some(known) => {
                known.types = known.types.or(other.types);
                known.items = if known.items.is_any() { Types::ANY } else { known.items.or(other.items) };
                known.values = match (known.values.take(), other.values) {
                    (Some(mut a), Some(b)) => {
                        a.extend(b.into_iter().filter(|value| !a.contains(value)).collect::<Vec<_>>());
                        Some(a)
                    }
                    _ => None,
                };
            }
        }
    }
}
