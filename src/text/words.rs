//! Counts and lists as sentences want them.

/// `1 tool`, `3 tools`.
pub fn count(n: usize, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") }
}

/// `a`, `a or b`, `a, b or c`.
pub fn list<S: AsRef<str>>(words: &[S], last: &str) -> String {
    match words {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [head @ .., tail] => {
            let head: Vec<&str> = head.iter().map(AsRef::as_ref).collect();
            format!("{} {last} {}", head.join(", "), tail.as_ref())
        }
    }
}

/// The first `shown` names in backticks, and how many more there are: `` `a`, `b` and 3 more ``.
pub fn quoted_list<S: AsRef<str>>(names: &[S], shown: usize) -> String {
    let mut words: Vec<String> = names.iter().take(shown).map(|name| format!("`{}`", name.as_ref())).collect();
    if let Some(rest) = names.len().checked_sub(shown).filter(|&rest| rest > 0) {
        words.push(format!("{rest} more"));
    }
    list(&words, "and")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences() {
        assert_eq!(count(1, "tool"), "1 tool");
        assert_eq!(count(0, "tool"), "0 tools");
        assert_eq!(list(&["a", "b", "c"], "or"), "a, b or c");
        assert_eq!(quoted_list(&["a", "b", "c"], 2), "`a`, `b` and 1 more");
        assert_eq!(quoted_list(&["a", "b"], 5), "`a` and `b`");
    }
}
