//! Regular expressions of Go's `regexp` (RE2), rewritten for the crate `regex`.
//!
//! The two differ in what they accept and in `\d \w \s \b`, which are ASCII in Go, `\s` without the vertical tab.
//! Every construct is therefore read here by Go's rules and written anew: exact on literals, escapes, classes,
//! groups, flags `imsU`, anchors and repetitions, Go's limit of 1000 repetitions included. What Go refuses is
//! refused. Refused though Go takes it: octal escapes, `\Q…\E`, classes by Unicode property (`\pL`), and nesting that
//! the crate finds too deep or too large. Case folding is by each side's version of Unicode.

use regex::Regex;

/// Compiles a pattern; the error is one line.
pub(super) fn compile(pattern: &str) -> Result<Regex, String> {
    let mut reader =
        Reader { chars: pattern.chars().collect(), at: 0, out: String::new(), groups: vec![1], last: Last::None };
    reader.read()?;
    Regex::new(&reader.out).map_err(|error| {
        let text = error.to_string();
        text.lines().last().unwrap_or("cannot be compiled").trim_start_matches("error: ").to_owned()
    })
}

/// What a repetition operator would apply to.
#[derive(Clone, Copy)]
enum Last {
    /// Nothing; the crate reports it.
    None,
    /// An item that repeats something so many times.
    Item(u64),
    /// A repetition already.
    Repeat,
}

struct Reader {
    chars: Vec<char>,
    at: usize,
    out: String,
    /// The largest repetition in each open group, outermost first.
    groups: Vec<u64>,
    last: Last,
}

/// Go's limit on one repetition, and on nested ones multiplied.
const MOST: u64 = 1000;

const POSIX: [&str; 14] = [
    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space", "upper", "word",
    "xdigit",
];

impl Reader {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at.saturating_add(ahead)).copied()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek(0);
        self.at = self.at.saturating_add(1);
        c
    }

    fn eat(&mut self, c: char) -> bool {
        let found = self.peek(0) == Some(c);
        if found {
            self.at = self.at.saturating_add(1);
        }
        found
    }

    fn item(&mut self, weight: u64) {
        self.last = Last::Item(weight);
        if let Some(most) = self.groups.last_mut() {
            *most = weight.max(*most);
        }
    }

    fn read(&mut self) -> Result<(), String> {
        while let Some(c) = self.next() {
            match c {
                '\\' => self.escape()?,
                '[' => self.class()?,
                '(' => self.group()?,
                ')' => {
                    // one too many is the crate's to report
                    let weight = if self.groups.len() > 1 { self.groups.pop().unwrap_or(1) } else { 1 };
                    self.out.push(')');
                    self.item(weight);
                }
                '|' => {
                    self.out.push('|');
                    self.last = Last::None;
                }
                '*' | '+' | '?' => self.repeat(&c.to_string(), None)?,
                '{' => match self.counts() {
                    Some((least, most)) => self.counted(least, most)?,
                    None => self.literal('{'),
                },
                '.' | '^' | '$' => {
                    self.out.push(c);
                    self.item(1);
                }
                c => self.literal(c),
            }
        }
        Ok(())
    }

    fn literal(&mut self, c: char) {
        self.write_char(c);
        self.item(1);
    }

    fn write_char(&mut self, c: char) {
        if c.is_ascii_alphanumeric() || !c.is_ascii() {
            self.out.push(c);
        } else {
            self.out.push_str(&format!("\\x{{{:X}}}", u32::from(c)));
        }
    }

    /// `{n}`, `{n,}` or `{n,m}` after its brace; in any other form the brace is a literal.
    fn counts(&mut self) -> Option<(u64, Option<u64>)> {
        let start = self.at;
        let read = |reader: &mut Reader| {
            let least = reader.count()?;
            let most = if !reader.eat(',') {
                Some(least)
            } else if reader.peek(0) == Some('}') {
                None
            } else {
                Some(reader.count()?)
            };
            reader.eat('}').then_some((least, most))
        };
        let counts = read(self);
        if counts.is_none() {
            self.at = start;
        }
        counts
    }

    fn count(&mut self) -> Option<u64> {
        let mut digits = String::new();
        while let Some(c) = self.peek(0).filter(char::is_ascii_digit) {
            digits.push(c);
            self.at = self.at.saturating_add(1);
        }
        if digits.is_empty() || (digits.len() > 1 && digits.starts_with('0')) {
            return None;
        }
        Some(digits.parse().unwrap_or(u64::MAX))
    }

    fn counted(&mut self, least: u64, most: Option<u64>) -> Result<(), String> {
        let top = most.unwrap_or(least);
        if least > MOST || top > MOST || least > top {
            return Err("invalid repeat count".to_owned());
        }
        let operator = match most {
            Some(most) => format!("{{{least},{most}}}"),
            None => format!("{{{least},}}"),
        };
        self.repeat(&operator, Some(top))
    }

    fn repeat(&mut self, operator: &str, top: Option<u64>) -> Result<(), String> {
        match self.last {
            Last::Repeat => return Err("invalid nested repetition operator".to_owned()),
            Last::Item(inner) => {
                let weight = if top == Some(0) { 1 } else { inner.saturating_mul(top.unwrap_or(1)) };
                if top.is_some_and(|top| top >= 2) && weight > MOST {
                    return Err("invalid repeat count".to_owned());
                }
                self.item(weight);
            }
            Last::None => {}
        }
        self.out.push_str(operator);
        if self.eat('?') {
            self.out.push('?');
        }
        self.last = Last::Repeat;
        Ok(())
    }

    fn group(&mut self) -> Result<(), String> {
        self.out.push('(');
        self.last = Last::None;
        if !self.eat('?') {
            self.groups.push(1);
            return Ok(());
        }
        self.out.push('?');
        let named = match (self.peek(0), self.peek(1)) {
            (Some('P'), Some('<')) => 2,
            (Some('<'), Some(c)) if c != '=' && c != '!' => 1,
            _ => 0,
        };
        if named > 0 {
            self.at = self.at.saturating_add(named);
            self.out.push_str("P<");
            while let Some(c) = self.next() {
                self.out.push(c);
                if c == '>' {
                    self.groups.push(1);
                    return Ok(());
                }
                if !c.is_ascii_alphanumeric() && c != '_' {
                    break;
                }
            }
            return Err("invalid named capture".to_owned());
        }
        while let Some(c) = self.next() {
            self.out.push(c);
            match c {
                'i' | 'm' | 's' | 'U' | '-' => {}
                ':' => {
                    self.groups.push(1);
                    return Ok(());
                }
                ')' => return Ok(()),
                _ => break,
            }
        }
        Err("invalid or unsupported Perl syntax".to_owned())
    }

    fn escape(&mut self) -> Result<(), String> {
        let c = self.peek(0);
        match c {
            Some('A' | 'z') => {
                self.next();
                self.out.push_str(if c == Some('A') { "\\A" } else { "\\z" });
                self.item(1);
            }
            Some('b' | 'B') => {
                self.next();
                self.out.push_str(if c == Some('b') { "(?-u:\\b)" } else { "(?-u:\\B)" });
                self.item(1);
            }
            _ if self.shared_class() => self.item(1),
            _ => {
                let c = self.escaped()?;
                self.literal(c);
            }
        }
        Ok(())
    }

    /// A class that may stand alone or inside brackets, after its backslash.
    fn shared_class(&mut self) -> bool {
        let class = match self.peek(0) {
            Some('d') => "[0-9]",
            Some('D') => "[^0-9]",
            Some('s') => "[\\t\\n\\x0C\\r ]",
            Some('S') => "[^\\t\\n\\x0C\\r ]",
            Some('w') => "[0-9A-Za-z_]",
            Some('W') => "[^0-9A-Za-z_]",
            _ => return false,
        };
        self.next();
        self.out.push_str(class);
        true
    }

    /// One escaped character, after its backslash.
    fn escaped(&mut self) -> Result<char, String> {
        let refused = |c: Option<char>| match c {
            Some(c) => Err(format!("invalid escape sequence: `\\{c}`")),
            None => Err("trailing backslash at end of expression".to_owned()),
        };
        match self.next() {
            Some('a') => Ok('\u{7}'),
            Some('f') => Ok('\u{c}'),
            Some('n') => Ok('\n'),
            Some('r') => Ok('\r'),
            Some('t') => Ok('\t'),
            Some('v') => Ok('\u{b}'),
            Some('x') => self.hexadecimal().map_or_else(|| refused(Some('x')), Ok),
            Some(c) if c.is_ascii() && !c.is_ascii_alphanumeric() => Ok(c),
            c => refused(c),
        }
    }

    fn hexadecimal(&mut self) -> Option<char> {
        let mut digits = String::new();
        if self.eat('{') {
            while !self.eat('}') {
                digits.push(self.next()?);
            }
        } else {
            digits.extend([self.next()?, self.next()?]);
        }
        // from_str_radix alone would take a sign
        if !digits.chars().all(|c| c.is_ascii_hexdigit()) {
            return None;
        }
        char::from_u32(u32::from_str_radix(&digits, 16).ok()?)
    }

    fn class(&mut self) -> Result<(), String> {
        self.out.push('[');
        if self.eat('^') {
            self.out.push('^');
        }
        let mut first = true;
        while first || self.peek(0) != Some(']') {
            first = false;
            if self.peek(0) == Some('[') && self.peek(1) == Some(':') && self.posix()? {
                continue;
            }
            if self.peek(0) == Some('\\') {
                self.next();
                if self.shared_class() {
                    continue;
                }
                self.at = self.at.saturating_sub(1);
            }
            let low = self.class_char()?;
            self.write_char(low);
            if self.peek(0) == Some('-') && self.peek(1).is_some_and(|c| c != ']') {
                self.next();
                let high = self.class_char()?;
                if high < low {
                    return Err("invalid character class range".to_owned());
                }
                self.out.push('-');
                self.write_char(high);
            }
        }
        self.next();
        self.out.push(']');
        self.item(1);
        Ok(())
    }

    fn class_char(&mut self) -> Result<char, String> {
        match self.next() {
            Some('\\') => self.escaped(),
            Some(c) => Ok(c),
            None => Err("missing closing ]".to_owned()),
        }
    }

    /// `[:name:]`; without its end the bracket is a literal.
    fn posix(&mut self) -> Result<bool, String> {
        let rest: String = self.chars.iter().skip(self.at.saturating_add(2)).collect();
        let Some((name, _)) = rest.split_once(":]") else {
            return Ok(false);
        };
        if !POSIX.contains(&name.strip_prefix('^').unwrap_or(name)) {
            return Err("invalid character class range".to_owned());
        }
        self.out.push_str(&format!("[:{name}:]"));
        self.at = self.at.saturating_add(name.chars().count()).saturating_add(4);
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::compile;

    #[test]
    fn matches_as_re2_does() {
        let table = [
            (r"ain", "main", true),
            (r"^(?:main|dev)$", "main\n", false),
            (r"^\d+$", "12", true),
            (r"^\d+$", "\u{664}", false),
            (r"^\w$", "é", false),
            (r"^\W$", "é", true),
            (r"^\s$", "\u{b}", false),
            (r"^[[:space:]]$", "\u{b}", true),
            (r"^\S$", "\u{a0}", true),
            (r"^.$", "é", true),
            (r"^.$", "\n", false),
            (r"^[^a]$", "\n", true),
            (r"^[^\D5]$", "4", true),
            (r"^[^\D5]$", "x", false),
            (r"^[\d-z]$", "-", true),
            (r"^[a&&b]$", "&", true),
            (r"^[[a]$", "[", true),
            (r"^[]a]$", "]", true),
            (r"^[a~~-]$", "-", true),
            (r"(?i)^É$", "é", true),
            (r"(?i)^k$", "\u{212a}", true),
            (r"(?i)^\w$", "\u{212a}", true),
            (r"\bcat\b", "écaté", true),
            (r"a\Bb", "ab", true),
            (r"^\<$", "<", true),
            (r"^a{,2}$", "a{,2}", true),
            (r"^a{2}$", "aa", true),
            (r"^a{2,}?$", "aaa", true),
            (r"^\x41\x{42}\.\-/ #$", "AB.-/ #", true),
            (r"(?m)^b$", "a\nb\nc", true),
            (r"^(?P<n>a)(?:b)(?s:.)$", "ab\n", true),
            (r"", "", true),
            (r"^]}$", "]}", true),
            (r"^(?:pi_[A-Za-z0-9]+)$", "pi_1", true),
        ];
        for (pattern, text, want) in table {
            assert_eq!(compile(pattern).map(|regex| regex.is_match(text)), Ok(want), "{pattern} on {text:?}");
        }
    }

    #[test]
    fn refuses_what_go_refuses() {
        let table = [
            "a{1001}",
            "(a{100}){11}",
            "(?:a{2,}){501}",
            "a{3,2}",
            "a**",
            "a{2}{3}",
            "a*??",
            "*a",
            "(?x)a",
            "(?=a)",
            "(?<!a)",
            r"\1",
            r"\Z",
            r"\pL",
            r"[\p{Greek}]",
            r"\y",
            r"\u0041",
            r"[a-\d]",
            "[b-a]",
            "[a",
            "[[:word",
            "[[:nope:]]",
            "(",
            ")",
            "\\",
            r"\x{110000}",
            r"\x+1",
            r"\é",
            "(?P<a.b>x)",
            "(?R)a",
        ];
        for pattern in table {
            assert!(compile(pattern).is_err(), "{pattern}");
        }
        assert!(compile("(a{100}){10}").is_ok());
        assert!(compile("(a*){1000}").is_ok());
    }
}
