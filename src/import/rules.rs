//! The older form: `rules` of `action`, `reason` and `rate_limit`.

use super::{
    draft::{Treatment, Verb},
    gateway::{limit, positive, reason},
};
use crate::document::{Member, Value};

/// What becomes of a tool. Of its rules any `deny` decides, then the limits, then an approval.
pub(super) fn treatment(member: &Member, open: bool) -> Result<Treatment, String> {
    let place = member.key_span;
    let rules = member.value.get("rules").map_or(&[][..], Value::items);
    let of = |action: &str| rules.iter().find(|rule| rule.get("action").and_then(Value::text) == Some(action));
    if let Some(rule) = of("deny") {
        return Ok(Treatment { because: reason(rule, "reason"), ..Treatment::new(Verb::Deny, place) });
    }
    let mut limits: Vec<(u64, u64)> = Vec::new();
    for rate in rules.iter().filter_map(|rule| rule.get("rate_limit")) {
        let (Some(max), Some(seconds)) = (rate.get("max").and_then(positive), rate.get("window").and_then(positive))
        else {
            return Err("its limit cannot be read".to_owned());
        };
        match limits.iter_mut().find(|limit| limit.1 == seconds) {
            Some(known) => known.0 = known.0.min(max),
            None => limits.push((max, seconds)),
        }
    }
    let asked = of("require_approval");
    let verb = match asked {
        Some(_) => Verb::Ask,
        None if open => Verb::On,
        None => Verb::Allow,
    };
    Ok(Treatment {
        because: asked.and_then(|rule| reason(rule, "reason")),
        clauses: limits.into_iter().map(|(max, seconds)| limit(max, seconds, None)).collect(),
        ..Treatment::new(verb, place)
    })
}
