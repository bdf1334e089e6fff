//! Source and what becomes of it, side by side.

use insta::assert_snapshot;

use super::formatted;

/// A statement or several within a policy.
fn within(text: &str) -> String {
    let whole = formatted(&format!("policy p for x {{\n{text}\n}}"));
    let inner = whole.strip_prefix("policy p for x {\n").and_then(|rest| rest.strip_suffix("}\n"));
    inner.unwrap_or_else(|| panic!("{whole}")).to_owned()
}
