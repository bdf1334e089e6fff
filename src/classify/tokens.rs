//! Words of a name or a sentence, whatever the style it is written in.
//!
//! `delete_file`, `delete-file`, `deleteFile`, `DeleteFile`, `DELETE_FILE` and `files.delete` all
//! give lower-case words. Total: any text gives words, and nothing but letters and digits is in
//! them. What the words mean is absent.

/// What stands before a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gap {
    /// Blanks, hyphens and the like, or a change of case.
    Plain,
    /// A comma, a slash or an ampersand: the words beside it are on a level.
    List,
    /// The end of a sentence, a colon or a bracket; also the start of the text.
    Stop,
}

/// The words of a text, in lower case.
#[derive(Debug)]
pub(super) struct Words {
    text: String,
    places: Vec<Place>,
}

#[derive(Clone, Copy, Debug)]
struct Place {
    start: usize,
    end: usize,
    gap: Gap,
}

impl Words {
    /// The words of the text, at most so many.
    pub(super) fn of(text: &str, most: usize) -> Self {
        let mut out = Self { text: String::with_capacity(text.len().min(most * 8)), places: Vec::with_capacity(8) };
        let mut chars = text.chars();
        let mut gap = Gap::Stop;
        let mut before = Kind::Other;
        let mut start = 0;
        while let Some(c) = chars.next() {
            let kind = Kind::of(c);
            let fresh = match kind {
                Kind::Other => {
                    out.end(start, gap);
                    if before != Kind::Other {
                        gap = Gap::Plain;
                    }
                    gap = gap.max(Gap::of(c));
                    start = out.text.len();
                    if out.places.len() >= most {
                        return out;
                    }
                    false
                }
                Kind::Upper => match before {
                    Kind::Lower | Kind::Digit => true,
                    // `HTTPUrl`: the last capital begins a word; `VMs`: it does not
                    Kind::Upper => {
                        let mut ahead = chars.clone();
                        let next = ahead.next();
                        let plural = next == Some('s') && ahead.next().is_none_or(|it| Kind::of(it) != Kind::Lower);
                        next.is_some_and(|it| Kind::of(it) == Kind::Lower) && !plural
                    }
                    Kind::Other => false,
                },
                Kind::Lower | Kind::Digit => false,
            };
            if fresh {
                out.end(start, gap);
                gap = Gap::Plain;
                start = out.text.len();
            }
            if kind != Kind::Other {
                if c.is_ascii() { out.text.push(c.to_ascii_lowercase()) } else { out.text.extend(c.to_lowercase()) }
            }
            before = kind;
        }
        out.end(start, gap);
        out.places.truncate(most);
        out
    }

    fn end(&mut self, start: usize, gap: Gap) {
        let end = self.text.len();
        if end > start {
            self.places.push(Place { start, end, gap });
        }
    }

    /// Takes the last word away.
    pub(super) fn pop(&mut self) {
        self.places.pop();
    }

    /// How many words there are.
    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    /// The word at a position; an empty one outside.
    pub(super) fn at(&self, index: usize) -> &str {
        self.places.get(index).and_then(|it| self.text.get(it.start..it.end)).unwrap_or("")
    }

    /// What stands before the word at a position.
    pub(super) fn gap(&self, index: usize) -> Gap {
        self.places.get(index).map_or(Gap::Stop, |it| it.gap)
    }

    /// The words in their order.
    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.places.iter().map(|it| self.text.get(it.start..it.end).unwrap_or(""))
    }

    /// Whether the word occurs.
    pub(super) fn has(&self, word: &str) -> bool {
        self.iter().any(|it| it == word)
    }

    /// The last word; an empty one where there is none.
    pub(super) fn last(&self) -> &str {
        self.at(self.len().wrapping_sub(1))
    }

    /// The words from one position to another, both included, joined as in a name.
    pub(super) fn span(&self, from: usize, to: usize) -> String {
        let mut out = String::new();
        for index in from..=to {
            if index > from {
                out.push('_');
            }
            out.push_str(self.at(index));
        }
        out
    }
}

impl Gap {
    fn of(c: char) -> Self {
        match c {
            ',' | '/' | '&' | '|' => Self::List,
            '.' | ':' | ';' | '!' | '?' | '(' | ')' | '\n' | '—' | '–' => Self::Stop,
            _ => Self::Plain,
        }
    }

    /// The stronger of two.
    fn max(self, other: Self) -> Self {
        match (self, other) {
            (Self::Stop, _) | (_, Self::Stop) => Self::Stop,
            (Self::List, _) | (_, Self::List) => Self::List,
            _ => Self::Plain,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Upper,
    Lower,
    Digit,
    Other,
}

impl Kind {
    fn of(c: char) -> Self {
        match c {
            'a'..='z' => Self::Lower,
            'A'..='Z' => Self::Upper,
            '0'..='9' => Self::Digit,
            _ if c.is_ascii() => Self::Other,
            _ if c.is_uppercase() => Self::Upper,
            _ if c.is_alphabetic() => Self::Lower,
            _ if c.is_numeric() => Self::Digit,
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> String {
        Words::of(text, 64).iter().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn every_style_of_name() {
        for name in [
            "delete_old_file",
            "delete-old-file",
            "deleteOldFile",
            "DeleteOldFile",
            "DELETE_OLD_FILE",
            "delete.old/file",
        ] {
            assert_eq!(words(name), "delete old file", "{name}");
        }
        for (name, expected) in [
            ("getHTTPUrl", "get http url"),
            ("listVMs", "list vms"),
            ("listVMsByZone", "list vms by zone"),
            ("getURLs", "get urls"),
            ("TwilioApiV2010--FetchCall", "twilio api v2010 fetch call"),
            ("d1_database_delete", "d1 database delete"),
            ("API-get-user", "api get user"),
            ("SLACK_DELETE_A_COMMENT", "slack delete a comment"),
            ("mcp__x__y", "mcp x y"),
            ("linear_deleteInitiative", "linear delete initiative"),
            ("users.delete", "users delete"),
            ("s3Bucket", "s3 bucket"),
            ("ÄndereÜberschrift", "ändere überschrift"),
            ("__--..", ""),
            ("", ""),
        ] {
            assert_eq!(words(name), expected, "{name}");
        }
    }

    #[test]
    fn gaps_of_a_sentence() {
        let words = Words::of("Create, update or delete. Then: (list)", 64);
        let gaps: Vec<_> = (0..words.len()).map(|at| words.gap(at)).collect();
        assert_eq!(gaps, [Gap::Stop, Gap::List, Gap::Plain, Gap::Plain, Gap::Stop, Gap::Stop]);
        assert_eq!(words.span(1, 3), "update_or_delete");
        assert_eq!((words.last(), words.at(99)), ("list", ""));
        assert_eq!(Words::of("a b c d", 2).len(), 2);
    }
}
