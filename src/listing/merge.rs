//! Two listings of one server as one catalog: what a switch adds is conditional.

use crate::catalog::{Param, Server, Tool, Types};

/// Adds to `base` what `switched` has, the same server started with the switch `when`.
///
/// Tools that only the second has become conditional. A tool that both have keeps the first one's class and text; its
/// arguments admit what either admits, since a policy is not wrong for naming an argument that a switch brings.
pub fn merge(base: &mut Server, switched: Vec<Tool>, when: &str) {
    for tool in switched {
        match base.tools.iter_mut().find(|it| it.name == tool.name) {
            Some(known) => widen(&mut known.params, tool.params, when),
            None => base.tools.push(Tool { conditional: Some(when.to_owned()), ..tool }),
        }
    }
    base.tools.sort_by(|a, b| a.name.cmp(&b.name));
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
