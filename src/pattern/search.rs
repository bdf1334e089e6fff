//! Patterns of engines that search: how far one reaches, and what passes because it does not reach to the ends.
//!
//! They are of RE2, so more may stand in them than in the dialect of `matches`; what `regex-syntax` cannot read, or
//! `regex` cannot compile, is not judged.

use regex_syntax::ast::parse::ParserBuilder;
use regex_syntax::ast::{
    AssertionKind, Ast, ClassPerlKind, ClassSet, ClassSetItem, Flag, Flags, FlagsItemKind, GroupKind, RepetitionKind,
    RepetitionRange,
};

use super::dialect::NESTING;

/// A pattern that is searched for within a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Search {
    /// The pattern that matches the whole of each text in which this one is found.
    pub whole: String,
    /// The pattern with an anchor at both ends.
    pub anchored: String,
    /// A text that passes and would not with both anchors; `None` where there is none that shows.
    pub slips: Option<String>,
    /// The directory below which paths are meant to be kept, where the pattern is one without a separator at its end.
    pub open_directory: Option<String>,
}

/// Reads a pattern; `None` where it cannot be judged.
pub fn searched(pattern: &str) -> Option<Search> {
    if pattern.len() > super::dialect::LENGTH {
        return None;
    }
    let tree = ParserBuilder::new().nest_limit(NESTING).build().parse(pattern).ok()?;
    let lines = has_line_mode(&tree);
    let (start, end) = (anchored(&tree, false, lines), anchored(&tree, true, lines));
    let parts = if let Ast::Concat(concat) = &tree { concat.asts.as_slice() } else { std::slice::from_ref(&tree) };
    let bare_start = start && matches!(parts.first(), Some(Ast::Assertion(_)));
    let bare_end = end && matches!(parts.last(), Some(Ast::Assertion(_)));
    let from = parts.first().filter(|_| bare_start).map_or(0, |part| part.span().end.offset);
    let to = parts.last().filter(|_| bare_end).map_or(pattern.len(), |part| part.span().start.offset);
    let inner = pattern.get(from..to).unwrap_or_default();
    let inner = inner
        .strip_prefix("(?:")
        .and_then(|rest| rest.strip_suffix(')'))
        .filter(|_| is_group(parts, bare_start))
        .unwrap_or(inner);
    let any = r"[\x00-\x{10ffff}]*";
    let whole = match (start, end) {
        (true, true) => inner.to_owned(),
        (true, false) => format!("(?:{inner}){any}"),
        (false, true) => format!("{any}(?:{inner})"),
        (false, false) => format!("{any}(?:{inner}){any}"),
    };
    let anchored = super::whole(inner);
    let slips = (!start || !end).then(|| slips(pattern, &anchored, &tree, start, end)).flatten();
    Some(Search { whole, anchored, slips, open_directory: open_directory(parts, bare_start) })
}

/// Whether all there is between the anchors is one group.
fn is_group(parts: &[Ast], bare_start: bool) -> bool {
    let skip = usize::from(bare_start);
    let inner = parts.iter().skip(skip).filter(|part| !matches!(part, Ast::Assertion(_)));
    let mut inner =
        inner.map(|part| matches!(part, Ast::Group(group) if matches!(group.kind, GroupKind::NonCapturing(_))));
    inner.next() == Some(true) && inner.next().is_none()
}

/// Whether `^` and `$` may stand for the ends of lines somewhere.
fn has_line_mode(tree: &Ast) -> bool {
    let sets = |flags: &Flags| flags.items.iter().any(|item| item.kind == FlagsItemKind::Flag(Flag::MultiLine));
    match tree {
        Ast::Flags(flags) => sets(&flags.flags),
        Ast::Group(group) => {
            matches!(&group.kind, GroupKind::NonCapturing(flags) if sets(flags)) || has_line_mode(&group.ast)
        }
        Ast::Repetition(repetition) => has_line_mode(&repetition.ast),
        Ast::Alternation(alternation) => alternation.asts.iter().any(has_line_mode),
        Ast::Concat(concat) => concat.asts.iter().any(has_line_mode),
        _ => false,
    }
}

/// Whether every match reaches to the start, or to the end, of the text.
fn anchored(tree: &Ast, end: bool, lines: bool) -> bool {
    match tree {
        Ast::Assertion(assertion) => match (&assertion.kind, end) {
            (AssertionKind::StartText, false) | (AssertionKind::EndText, true) => true,
            (AssertionKind::StartLine, false) | (AssertionKind::EndLine, true) => !lines,
            _ => false,
        },
        Ast::Group(group) => anchored(&group.ast, end, lines),
        Ast::Alternation(alternation) => alternation.asts.iter().all(|branch| anchored(branch, end, lines)),
        Ast::Concat(concat) => {
            let mut parts = concat.asts.iter().filter(|part| !matches!(part, Ast::Flags(_) | Ast::Empty(_)));
            let outermost = if end { parts.next_back() } else { parts.next() };
            outermost.is_some_and(|part| anchored(part, end, lines))
        }
        _ => false,
    }
}

/// A text that the pattern finds something in, and that it would not match as a whole.
fn slips(pattern: &str, anchored: &str, tree: &Ast, start: bool, end: bool) -> Option<String> {
    let mut sample = String::new();
    example(tree, &mut sample)?;
    let compiled = |pattern: &str| regex::RegexBuilder::new(pattern).size_limit(COMPILED).build().ok();
    let (loose, strict) = (compiled(pattern)?, compiled(anchored)?);
    let before = if start { "" } else { "evil-" };
    let after = if end { "" } else { "-evil" };
    // a word is more telling; not every pattern lets one stand beside it
    let candidates = [
        format!("{before}{sample}{after}"),
        format!("{}{sample}{}", before.replace('-', " "), after.replace('-', " ")),
    ];
    candidates.into_iter().find(|text| loose.is_match(text) && !strict.is_match(text))
}

/// The most that a pattern may take once it is compiled; larger ones are not tried.
const COMPILED: usize = 1 << 20;
/// The longest text that is made up for a pattern.
const EXAMPLE: usize = 120;

/// Appends a short text that the pattern matches; `None` where none is found this way.
fn example(tree: &Ast, out: &mut String) -> Option<()> {
    if out.len() > EXAMPLE {
        return None;
    }
    match tree {
        Ast::Empty(_) | Ast::Flags(_) | Ast::Assertion(_) => {}
        Ast::Literal(literal) => out.push(literal.c),
        Ast::Dot(_) => out.push('x'),
        Ast::ClassPerl(class) => out.push(match (&class.kind, class.negated) {
            (ClassPerlKind::Digit, false) => '1',
            (ClassPerlKind::Space, false) | (ClassPerlKind::Word, true) => ' ',
            _ => 'x',
        }),
        Ast::ClassBracketed(class) if !class.negated => out.push(member(&class.kind)?),
        Ast::Repetition(repetition) => {
            let least = match &repetition.op.kind {
                RepetitionKind::ZeroOrOne | RepetitionKind::ZeroOrMore => 0,
                RepetitionKind::OneOrMore => 1,
                RepetitionKind::Range(
                    RepetitionRange::Exactly(n) | RepetitionRange::AtLeast(n) | RepetitionRange::Bounded(n, _),
                ) => *n,
            };
            for _ in 0..least {
                example(&repetition.ast, out)?;
            }
        }
        Ast::Group(group) => example(&group.ast, out)?,
        Ast::Alternation(alternation) => example(alternation.asts.first()?, out)?,
        Ast::Concat(concat) => {
            for part in &concat.asts {
                example(part, out)?;
            }
        }
        _ => return None,
    }
    Some(())
}

/// A character of a class.
fn member(set: &ClassSet) -> Option<char> {
    let ClassSet::Item(item) = set else { return None };
    match item {
        ClassSetItem::Literal(literal) => Some(literal.c),
        ClassSetItem::Range(range) => Some(range.start.c),
        ClassSetItem::Perl(class) if !class.negated => Some(match class.kind {
            ClassPerlKind::Digit => '1',
            ClassPerlKind::Space => ' ',
            ClassPerlKind::Word => 'x',
        }),
        ClassSetItem::Union(union) => match union.items.first()? {
            ClassSetItem::Literal(literal) => Some(literal.c),
            ClassSetItem::Range(range) => Some(range.start.c),
            _ => None,
        },
        _ => None,
    }
}

/// The directory of `^/a/directory` and `^/a/directory.*$`.
fn open_directory(parts: &[Ast], bare_start: bool) -> Option<String> {
    let mut directory = String::new();
    let mut parts = parts.iter().skip(usize::from(bare_start)).peekable();
    while let Some(Ast::Literal(literal)) = parts.peek() {
        directory.push(literal.c);
        parts.next();
    }
    let takes_all = matches!(parts.peek(), Some(Ast::Repetition(rest)) if matches!(*rest.ast, Ast::Dot(_)));
    if takes_all {
        parts.next();
        if matches!(parts.peek(), Some(Ast::Assertion(_))) {
            parts.next();
        }
    }
    let is_path = bare_start && directory.len() > 1 && directory.starts_with('/') && !directory.ends_with('/');
    (is_path && parts.next().is_none()).then_some(directory)
}

#[cfg(test)]
mod tests {
    use super::searched;

    fn short(pattern: &str) -> (String, Option<String>, Option<String>) {
        let search = searched(pattern).unwrap();
        (search.whole, search.slips, search.open_directory)
    }

    #[test]
    fn whole_patterns_are_whole() {
        for pattern in ["^(?:a|b)$", r"\A(?:a|b)\z", "^a$|^b$", "(^a$)", "(?:^a|^b)$", "^$"] {
            assert_eq!(searched(pattern).unwrap().slips, None, "{pattern}");
        }
        assert_eq!(short("^(?:pi_[A-Za-z0-9]+)$").0, "pi_[A-Za-z0-9]+");
        assert_eq!(short("^npm test$").0, "npm test");
        assert_eq!(searched("(?=a)"), None);
    }

    #[test]
    fn what_slips_through_is_shown() {
        let slips = |pattern: &str| searched(pattern).unwrap().slips;
        assert_eq!(slips("main").as_deref(), Some("evil-main-evil"));
        assert_eq!(slips("^main").as_deref(), Some("main-evil"));
        assert_eq!(slips(r"@example\.com$").as_deref(), Some("evil-@example.com"));
        assert_eq!(slips(r"^(SELECT|EXPLAIN)\s").as_deref(), Some("SELECT -evil"));
        // these take everything anyway
        assert_eq!(slips("^main.*"), None);
        assert_eq!(slips(".*"), None);
        assert_eq!(slips("(?m)^main$").as_deref(), None);
    }

    #[test]
    fn directories_without_a_separator() {
        assert_eq!(short("^/srv/data").2.as_deref(), Some("/srv/data"));
        assert_eq!(short("^/srv/data.*$").2.as_deref(), Some("/srv/data"));
        assert_eq!(short("^/srv/data/").2, None);
        assert_eq!(short("^/srv/data$").2, None);
        assert_eq!(short("^/srv/data(/|$)").2, None);
        assert_eq!(short("/srv/data").2, None);
    }
}
