//! Patterns over tool names: `*` stands for any run of characters and `?` for exactly one.
//!
//! Both cross every character, `.` and `/` included, and letters count by case. Absent on purpose:
//! classes (`[a-z]`), alternatives (`{a,b}`) and escapes; a quoted name in a policy is literal and
//! never comes here.

/// Whether the text holds a `*` or a `?`, and so is a pattern rather than a name.
pub fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?'])
}

/// Whether the whole name fits the pattern.
///
/// Only the last `*` is ever tried again: what an earlier one took can stay as it is, so the work is
/// at most the product of the two lengths and there is no recursion.
pub fn matches(pattern: &str, name: &str) -> bool {
    let mut wanted = pattern.chars();
    let mut found = name.chars();
    let mut last_star = None;
    loop {
        let want = wanted.next();
        if want == Some('*') {
            last_star = Some((wanted.clone(), found.clone()));
            continue;
        }
        match (want, found.next()) {
            (None, None) => return true,
            // The name is used up: letting a star take more leaves even less of it.
            (Some(_), None) => return false,
            (Some(want), Some(char)) if want == '?' || want == char => {}
            (_, Some(_)) => match &mut last_star {
                Some((after_star, taken)) => {
                    taken.next();
                    wanted = after_star.clone();
                    found = taken.clone();
                }
                None => return false,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{is_pattern, matches};
    use proptest::prelude::*;

    #[test]
    fn fits() {
        for (pattern, name) in [
            ("", ""),
            ("*", ""),
            ("**", "a"),
            ("checkin_to_*", "checkin_to_movie"),
            ("checkin_to_*", "checkin_to_"),
            ("*.delete", "issue.sub/x.delete"),
            ("get_?", "get_é"),
            ("a*b*c", "axxbxxbxc"),
            ("*ab", "aab"),
            ("*?", "x"),
            ("?*?", "xy"),
            ("a*a", "aa"),
        ] {
            assert!(matches(pattern, name), "{pattern} should fit {name}");
        }
    }

    #[test]
    fn does_not_fit() {
        for (pattern, name) in [
            ("", "a"),
            ("?", ""),
            ("?", "ab"),
            ("Get_*", "get_x"),
            ("a*a", "a"),
            ("a*b", "abc"),
            ("*?", ""),
            ("[a-z]", "b"),
            (r"\*", "*"),
        ] {
            assert!(!matches(pattern, name), "{pattern} should not fit {name}");
        }
    }

    #[test]
    fn tells_patterns_from_names() {
        assert!(is_pattern("get_*") && is_pattern("?"));
        assert!(!is_pattern("get_user") && !is_pattern("") && !is_pattern("[a]"));
    }

    #[test]
    fn stays_quick_on_the_worst_pattern() {
        let pattern = format!("{}b", "a*".repeat(500));
        assert!(!matches(&pattern, &"a".repeat(5_000)));
    }

    /// The definition, by recursion.
    fn plain(pattern: &[char], name: &[char]) -> bool {
        match pattern.split_first() {
            None => name.is_empty(),
            Some(('*', rest)) => plain(rest, name) || name.split_first().is_some_and(|(_, left)| plain(pattern, left)),
            Some((want, rest)) => {
                name.split_first().is_some_and(|(char, left)| (*want == '?' || want == char) && plain(rest, left))
            }
        }
    }

    proptest! {
        #[test]
        fn agrees_with_the_definition(pattern in "[abé*?]{0,8}", name in "[abé]{0,8}") {
            let chars = |text: &str| text.chars().collect::<Vec<_>>();
            prop_assert_eq!(
                matches(&pattern, &name),
                plain(&chars(&pattern), &chars(&name))
            );
        }
    }
}
