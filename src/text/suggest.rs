//! "Did you mean": the nearest of the known words.

/// The known word nearest to `word`, if one is near enough to be what was meant.
///
/// Near is a Damerau-Levenshtein distance of at most a third of the word's length (at least one, at most four; none
/// for a single letter); letter case and `-` against `_` do not count.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let folded = fold(word);
    let length = folded.chars().count();
    let limit = if length < 2 { 0 } else { (length / 3).clamp(1, 4) };
    let mut best: Option<(usize, &str)> = None;
    for candidate in known {
        if candidate.len().abs_diff(word.len()) > limit + 2 {
            continue;
        }
        let distance = strsim::damerau_levenshtein(&folded, &fold(candidate));
        if distance <= limit && best.is_none_or(|(d, name)| (distance, candidate) < (d, name)) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Whether two words differ at most in letter case and in `-` against `_`.
pub fn same_letters(a: &str, b: &str) -> bool {
    a.len() == b.len() && fold(a) == fold(b)
}

fn fold(word: &str) -> String {
    word.chars().flat_map(char::to_lowercase).map(|c| if c == '-' { '_' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn near_misses() {
        let known = ["clear_auth", "checkin_to_movie", "allow", "deny"];
        assert_eq!(nearest("clear_autth", known), Some("clear_auth"));
        assert_eq!(nearest("Clear-Auth", known), Some("clear_auth"));
        assert_eq!(nearest("alow", known), Some("allow"));
        assert_eq!(nearest("dney", known), Some("deny"));
        assert_eq!(nearest("teleport", known), None);
    }
}
