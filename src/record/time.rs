//! Times as programs write them: RFC 3339, or a number of seconds or milliseconds.

/// From here on a number is milliseconds: as seconds it would be after the year 5000.
const MILLISECONDS: f64 = 1e11;

/// Seconds since 1970 UTC, from the JSON of a time; `None` where it is none, or leaves the zone open.
pub(super) fn read(json: &str) -> Option<i64> {
    if let Some(text) = json.strip_prefix('"') {
        return rfc3339(text.strip_suffix('"')?);
    }
    let number: f64 = json.parse().ok()?;
    let seconds = if number.abs() >= MILLISECONDS { number / 1e3 } else { number };
    (seconds.abs() < MILLISECONDS).then_some(seconds.floor() as i64)
}

/// `2026-12-31T23:59:59.5Z`, `2026-12-31 23:59:59+02:00`
fn rfc3339(text: &str) -> Option<i64> {
    let number = |from: usize, to: usize| -> Option<i64> {
        let digits = text.get(from..to)?;
        digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
    };
    let is = |at: usize, signs: &[u8]| text.as_bytes().get(at).is_some_and(|byte| signs.contains(byte));
    if !(is(4, b"-") && is(7, b"-") && is(10, b"Tt ") && is(13, b":") && is(16, b":")) {
        return None;
    }
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    // 60 is a leap second, which belongs to the minute before
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let zone = text.get(19..)?;
    let zone = match zone.strip_prefix('.') {
        Some(fraction) => fraction.trim_start_matches(|c: char| c.is_ascii_digit()),
        None => zone,
    };
    let at = text.len() - zone.len();
    let offset = match zone.as_bytes() {
        b"Z" | b"z" => 0,
        [sign @ (b'+' | b'-'), _, _, b':', _, _] => {
            let (hours, minutes) = (number(at + 1, at + 3)?, number(at + 4, at + 6)?);
            let offset = hours * 3_600 + minutes * 60;
            if hours > 23 || minutes > 59 {
                return None;
            }
            if *sign == b'-' { -offset } else { offset }
        }
        _ => return None,
    };
    Some(days(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second.min(59) - offset)
}

/// The days from 1970-01-01 to a day; years that begin in March end with their odd day.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let early = month < 3;
    let year = year - i64::from(early);
    let month = if early { month + 9 } else { month - 3 };
    year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + (month * 153 + 2) / 5 + day
        - 719_469
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn times() {
        let table = [
            (r#""1970-01-01T00:00:00Z""#, Some(0)),
            (r#""2026-11-28T05:20:16Z""#, Some(1_795_843_216)),
            (r#""2026-11-28T05:20:16.999999999Z""#, Some(1_795_843_216)),
            (r#""2026-11-28 07:20:16+02:00""#, Some(1_795_843_216)),
            (r#""2026-11-27T23:50:16-05:30""#, Some(1_795_843_216)),
            (r#""2024-02-29T00:00:00Z""#, Some(1_709_164_800)),
            (r#""2024-03-01t00:00:00z""#, Some(1_709_251_200)),
            (r#""0000-01-01T00:00:00Z""#, Some(-62_167_219_200)),
            ("1795843216", Some(1_795_843_216)),
            ("1795843216.75", Some(1_795_843_216)),
            ("1795843216750", Some(1_795_843_216)),
            ("-1", Some(-1)),
            ("1e300", None),
            ("1e999", None),
            ("true", None),
            (r#""2026-11-28T05:20:16""#, None),
            (r#""2026-13-28T05:20:16Z""#, None),
            (r#""2026-11-28T24:00:00Z""#, None),
            (r#""2026-11-28T05:20:16.Z+""#, None),
            (r#""+026-11-28T05:20:16Z""#, None),
            (r#""éééééééééééééééé""#, None),
            (r#""""#, None),
        ];
        for (json, want) in table {
            assert_eq!(read(json), want, "{json}");
        }
    }
}
