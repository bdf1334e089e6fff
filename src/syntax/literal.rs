//! What literals mean: strings, paths, numbers and dates as values.

use std::fmt;

use serde_json::Value;

use crate::text::is_hidden;

/// Why a literal has no value: where in its text (bytes), and what to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadLiteral {
    /// The byte range within the token's text.
    pub range: std::ops::Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to write.
    pub help: String,
}

/// The value of a `"…"` token, with JSON's escapes, or of an `r"…"` token, which has none.
///
/// Quotes of other kinds (`“…”`, `'…'`) read as if they were straight; that they are not is reported elsewhere.
pub fn string(token: &str) -> Result<String, BadLiteral> {
    if let Some(raw) = token.strip_prefix("r\"") {
        return Ok(raw.strip_suffix('"').unwrap_or(raw).to_owned());
    }
    if !token.starts_with('"') || !token.ends_with('"') {
        let mut chars = token.chars();
        chars.next();
        chars.next_back();
        return Ok(chars.as_str().to_owned());
    }
    if !token.contains('\\') {
        return Ok(token.get(1..token.len() - 1).unwrap_or_default().to_owned());
    }
    let mut out = String::with_capacity(token.len());
    let end = token.len() - 1;
    let mut at = 1;
    while at < end {
        let rest = token.get(at..end).unwrap_or_default();
        let Some(c) = rest.chars().next() else { break };
        if c != '\\' {
            out.push(c);
            at += c.len_utf8();
            continue;
        }
        let (value, length) = escape(rest).ok_or_else(|| {
            let bad: String = rest.chars().take(2).collect();
            if bad == "\\u" {
                return BadLiteral {
                    range: at..at + bad.len(),
                    message: "`\\u` stands before the four hexadecimal digits of a character".to_owned(),
                    help: "write `\\u00e9`, or two of them for a character beyond U+FFFF, or the character itself"
                        .to_owned(),
                };
            }
            BadLiteral {
                range: at..at + bad.len(),
                message: format!("`{bad}` is not an escape"),
                help: "write `\\\\` for a backslash, or put `r` before the string: in `r\"…\"` nothing is escaped"
                    .to_owned(),
            }
        })?;
        out.push(value);
        at += length;
    }
    Ok(out)
}

/// The value of the escape that begins `rest`, and its length in bytes.
fn escape(rest: &str) -> Option<(char, usize)> {
    let simple = match rest.as_bytes().get(1)? {
        b'"' => '"',
        b'\\' => '\\',
        b'/' => '/',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => return unicode_escape(rest),
        _ => return None,
    };
    Some((simple, 2))
}

fn unicode_escape(rest: &str) -> Option<(char, usize)> {
    let unit = |at: usize| {
        let digits = rest.get(at..at + 6)?.strip_prefix("\\u")?;
        digits.bytes().all(|b| b.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())?
    };
    let first = unit(0)?;
    if let Some(c) = char::from_u32(first) {
        return Some((c, 6));
    }
    let second = unit(6)?;
    let low = second.checked_sub(0xDC00).filter(|low| *low < 0x400)?;
    let high = first.checked_sub(0xD800).filter(|high| *high < 0x400)?;
    Some((char::from_u32(0x10000 + (high << 10) + low)?, 12))
}

/// The segments of an argument path: `args.a.b["odd key"]` is `a`, `b`, `odd key`.
pub fn path(token: &str) -> Result<Vec<String>, BadLiteral> {
    let mut segments = Vec::with_capacity(1);
    let mut at = "args".len();
    while let Some(rest) = token.get(at..).filter(|rest| !rest.is_empty()) {
        if let Some(key) = rest.strip_prefix('.') {
            let length = key.find(['.', '[']).unwrap_or(key.len());
            segments.push(key.get(..length).unwrap_or_default().to_owned());
            at += 1 + length;
        } else {
            let length = quoted_length(rest.get(1..).unwrap_or_default());
            let quoted = rest.get(1..1 + length).unwrap_or_default();
            let segment = string(quoted)
                .map_err(|bad| BadLiteral { range: bad.range.start + at + 1..bad.range.end + at + 1, ..bad })?;
            segments.push(segment);
            at += length + 2;
        }
    }
    Ok(segments)
}

/// Whether a path that was written without its `args.` misses a name.
pub fn is_bad_path(token: &str) -> bool {
    path(token).is_ok_and(|segments| segments.iter().any(|segment| !is_key(segment)))
}

fn quoted_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    text.len()
}

/// Writes an argument path as the language does.
pub fn write_path(segments: &[String]) -> String {
    let mut out = String::from("args");
    for segment in segments {
        if is_key(segment) {
            out.push('.');
            out.push_str(segment);
        } else {
            out.push('[');
            out.push_str(&quote(segment));
            out.push(']');
        }
    }
    out
}

fn is_key(segment: &str) -> bool {
    !segment.is_empty()
        && !segment.starts_with('-')
        && !segment.ends_with('-')
        && segment.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

/// Writes a text as a string of the language; what does not show is spelt out.
pub fn quote(text: &str) -> String {
    let quoted = Value::from(text).to_string();
    if !quoted.chars().any(is_hidden) {
        return quoted;
    }
    let mut out = String::with_capacity(quoted.len());
    for c in quoted.chars() {
        if is_hidden(c) {
            out.extend(c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")));
        } else {
            out.push(c);
        }
    }
    out
}

/// Writes a tool's name as the language does: bare where that is allowed, else quoted.
pub fn write_name(name: &str) -> String {
    let bare = name.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric() || b == b'_')
        && !name.ends_with('-')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.-".contains(&b))
        && !super::words::is_reserved(name);
    if bare { name.to_owned() } else { quote(name) }
}

/// Writes a call as a `test` does, each argument by `write`: `create_refund { amount: 5000 }`.
pub fn write_call(tool: &str, arguments: &Value, write: &dyn Fn(&Value) -> String) -> String {
    let members = arguments.as_object().into_iter().flatten();
    let members: Vec<String> = members.map(|(name, value)| format!("{}: {}", write_key(name), write(value))).collect();
    let members = if members.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", members.join(", ")) };
    format!("{} {members}", write_name(tool))
}

/// Writes a value as an argument of a `test`, with bare keys where that is allowed.
pub fn write_value(value: &Value) -> String {
    match value {
        Value::String(text) => quote(text),
        Value::Array(items) => format!("[{}]", items.iter().map(write_value).collect::<Vec<_>>().join(", ")),
        Value::Object(members) if members.is_empty() => "{}".to_owned(),
        Value::Object(members) => {
            let members = members.iter().map(|(name, value)| format!("{}: {}", write_key(name), write_value(value)));
            format!("{{ {} }}", members.collect::<Vec<_>>().join(", "))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

/// Writes the key of an argument: bare where that is allowed, else quoted.
pub fn write_key(name: &str) -> String {
    let plain = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    if plain { name.to_owned() } else { quote(name) }
}

/// The value of a number token; `None` where a double cannot hold it exactly.
pub fn number(token: &str) -> Option<f64> {
    let digits: String = token.chars().filter(|c| *c != '_').collect();
    let value: f64 = digits.parse().ok().filter(|value: &f64| value.is_finite())?;
    let whole = !digits.contains(['.', 'e', 'E']);
    // a decimal fraction stands for its nearest double, as in every JSON reader; a whole number must be itself
    let exact = !whole || digits.parse::<i128>().is_ok_and(|n| n.unsigned_abs() <= 1 << 53 || value as i128 == n);
    exact.then_some(value)
}

/// A day of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    /// The year, four digits.
    pub year: u16,
    /// The month, from 1.
    pub month: u8,
    /// The day, from 1.
    pub day: u8,
}

impl Date {
    /// Reads `2026-12-31`; `None` where that is no day.
    pub fn parse(text: &str) -> Option<Self> {
        let (year, rest) = text.split_once('-')?;
        let (month, day) = rest.split_once('-')?;
        let digits = |part: &str, length| part.len() == length && part.bytes().all(|b| b.is_ascii_digit());
        if !digits(year, 4) || !digits(month, 2) || !digits(day, 2) {
            return None;
        }
        let date = Self { year: year.parse().ok()?, month: month.parse().ok()?, day: day.parse().ok()? };
        (date.day >= 1 && date.day <= date.days_in_month()?).then_some(date)
    }

    fn days_in_month(self) -> Option<u8> {
        let leap = self.year.is_multiple_of(4) && (!self.year.is_multiple_of(100) || self.year.is_multiple_of(400));
        match self.month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => Some(31),
            4 | 6 | 9 | 11 => Some(30),
            2 => Some(if leap { 29 } else { 28 }),
            _ => None,
        }
    }

    /// The days from this one to a later one; none where that is no later.
    pub fn days_to(self, later: Self) -> u32 {
        later.number().saturating_sub(self.number())
    }

    /// The days since the first of March of the year 0.
    fn number(self) -> u32 {
        // years that begin in March end with their odd day
        let early = self.month < 3;
        let year = u32::from(self.year).saturating_sub(u32::from(early));
        let month = u32::from(if early { self.month + 9 } else { self.month - 3 });
        year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + u32::from(self.day)
    }

    /// The day that holds a moment, given as seconds since 1970-01-01 00:00 UTC.
    pub fn from_unix(seconds: u64) -> Self {
        let mut days = seconds / 86_400;
        let mut date = Self { year: 1970, month: 1, day: 1 };
        // month by month: a few hundred steps, and nothing to get wrong
        while let Some(length) = date.days_in_month().map(u64::from) {
            if days < length {
                date.day = u8::try_from(days + 1).unwrap_or(1);
                return date;
            }
            days -= length;
            date.month += 1;
            if date.month > 12 {
                date.month = 1;
                date.year = match date.year.checked_add(1) {
                    Some(year) => year,
                    None => return date,
                };
            }
        }
        date
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings() {
        assert_eq!(string(r#""a\"\\\/\n\u00e9\ud83c\udf88""#).unwrap(), "a\"\\/\né🎈");
        assert_eq!(string(r#"r"a\d""#).unwrap(), "a\\d");
        assert_eq!(string("“a”").unwrap(), "a");
        assert_eq!(string(r#""ab\q""#).unwrap_err().range, 3..5);
        assert!(string(r#""\ud83c""#).is_err());
        assert!(string(r#""\u+123""#).is_err());
    }

    #[test]
    fn paths() {
        assert_eq!(path(r#"args.a["b.\"c"].d"#).unwrap(), ["a", "b.\"c", "d"]);
        assert_eq!(write_path(&["a".into(), "b.c".into(), "d-e".into()]), r#"args.a["b.c"].d-e"#);
    }

    #[test]
    fn numbers() {
        assert_eq!(number("10_000"), Some(10_000.0));
        assert_eq!(number("-1.5e3"), Some(-1500.0));
        assert_eq!(number("9007199254740993"), None);
        assert_eq!(number("9007199254740992"), Some(9_007_199_254_740_992.0));
        assert_eq!(number("1e999"), None);
    }

    #[test]
    fn dates() {
        let days = |from: &str, to: &str| Date::parse(from).unwrap().days_to(Date::parse(to).unwrap());
        assert_eq!(days("2026-11-20", "2026-12-04"), 14);
        assert_eq!(days("2027-12-31", "2028-03-01"), 61);
        assert_eq!(days("1970-01-01", "2026-11-20"), 20_777);
        assert_eq!(days("2026-11-20", "2026-11-19"), 0);
        assert_eq!(Date::parse("2026-12-31").unwrap().to_string(), "2026-12-31");
        assert!(Date::parse("2024-02-29").is_some());
        for bad in ["2026-02-29", "2026-13-01", "2026-1-1", "26-01-01", "2026-00-10", "2026-01-00", "+026-01-01"] {
            assert_eq!(Date::parse(bad), None, "{bad}");
        }
        assert_eq!(Date::from_unix(0).to_string(), "1970-01-01");
        assert_eq!(Date::from_unix(1_795_132_800 + 86_399).to_string(), "2026-11-20");
    }
}
