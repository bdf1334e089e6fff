use std::collections::BTreeSet;

use crate::{
    diagnostic::{Applicability, Class, Code, Fix, Level},
    hir::checked::ToolId,
    lint::{Check, Confidence, File, Findings, Persona, Rule, Subject, advice::Advice},
    syntax::comments,
    text::{Edit, FileId, Span, as_u32, count, is_hidden, list, quoted_list, slice},
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "invisible-characters",
        class: Class::Lint,
        summary: "characters that do not show stand in a text, a comment or a tool's texts",
    },
    level: Level::Error,
    persona: Persona::Default,
    confidence: Confidence::High,
    fix: Some(Applicability::Safe),
    page: include_str!("invisible_characters.md"),
    check: Check::File(check),
};

/// How many hidden letters a message shows.
const SPELT: usize = 60;

fn check(file: &File<'_>, findings: &mut Findings) {
    let text = file.sources.first().map_or("", |source| &source.text);
    if is_suspect(text) {
        in_source(text, findings);
    }
    file.policies.iter().for_each(|policy| in_catalog(policy, findings));
}

/// Whether a text has other bytes than those of plain lines. It looks at all of them, for that is what is fast.
fn is_suspect(text: &str) -> bool {
    text.bytes().fold(false, |odd, byte| odd | !matches!(byte, b' '..=b'~' | b'\t' | b'\n' | b'\r'))
}

fn in_source(text: &str, findings: &mut Findings) {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if is_suspect(line) {
            let comment = comments(line).next().map_or(line.len(), |(at, _)| at);
            let (code, comment) = (slice(line, 0..comment), slice(line, comment..line.len()));
            // elsewhere than in texts they are errors of syntax
            let texts: Vec<(usize, char)> =
                hidden(code, start == 0).into_iter().filter(|(at, _)| in_text(slice(code, 0..*at))).collect();
            report(&texts, start, "text", findings);
            report(&hidden(comment, false), start + code.len(), "comment", findings);
        }
        start += line.len();
    }
}

fn report(found: &[(usize, char)], start: usize, place: &str, findings: &mut Findings) {
    let (Some((first, _)), Some((last, end))) = (found.first(), found.last()) else { return };
    let span = |from: usize, to: usize| Span::new(FileId(0), as_u32(start + from), as_u32(start + to));
    let (level, applicability) = match place {
        "comment" => (Level::Warning, Applicability::Safe),
        _ => (Level::Error, Applicability::Unsafe),
    };
    let does = if found.len() == 1 { "does" } else { "do" };
    let spelt: String = found.iter().filter_map(|(_, c)| letter(*c)).take(SPELT).collect();
    let spelt = if spelt.is_empty() { spelt } else { format!(", and spell `{}` to a model", spelt.replace('`', "'")) };
    let message =
        format!("{} of this {place} {does} not show: {}{spelt}", count(found.len(), "character"), codes(found));
    let mut finding = findings.finding(level, span(*first, last + end.len_utf8()), message);
    let title = if found.len() == 1 { "remove it" } else { "remove them" };
    finding.help = Some(format!("{title}; what nobody can see, nobody can review"));
    let edits = found.iter().map(|(at, c)| Edit { span: span(*at, at + c.len_utf8()), text: String::new() });
    finding.fix = Some(Fix { title: title.to_owned(), edits: edits.collect(), applicability });
    findings.add(finding);
}

fn in_catalog(policy: &Subject<'_>, findings: &mut Findings) {
    let odd = |text: &str| is_suspect(text) && !hidden(text, false).is_empty();
    let has = |id: &ToolId| {
        policy.entry(*id).is_some_and(|tool| {
            // whoever names the tool has spelt such characters out
            odd(&tool.name) && !policy.is_named(*id) || tool.description.as_ref().is_some_and(|it| odd(it))
        })
    };
    let tools: Vec<ToolId> = policy.usable().filter(has).collect();
    if tools.is_empty() {
        return;
    }
    let names: Vec<String> = policy.names(&tools).into_iter().map(crate::text::visible).collect();
    let message = format!("the server's texts about {} have characters that do not show", quoted_list(&names, 3));
    findings.add(findings.finding(Level::Warning, policy.server_name().span, message).help(policy.advise(
        Advice::Block(&tools),
        || {
            "a model reads them and you do not: look at the bytes before an agent gets the tool, or `hide` it"
                .to_owned()
        },
    )));
}

/// Whether a text is open at the end of a piece of code.
fn in_text(code: &str) -> bool {
    let (mut open, mut raw, mut before) = (false, false, ' ');
    for c in code.chars() {
        if c == '"' && !(open && !raw && before == '\\') {
            raw = !open && before == 'r';
            open = !open;
        }
        // an escaped backslash escapes nothing
        before = if c == '\\' && before == '\\' { ' ' } else { c };
    }
    open
}

/// The characters that do not show, each with its offset.
fn hidden(text: &str, is_start: bool) -> Vec<(usize, char)> {
    let mut out = Vec::new();
    let (mut before, mut flag) = (' ', false);
    for (at, c) in text.char_indices() {
        let after = slice(text, at + c.len_utf8()..text.len()).chars().next().unwrap_or(' ');
        // a black flag and the letters after it are one sign
        flag = c == '\u{1f3f4}' || flag && letter(c).is_some();
        let mark = is_start && at == 0 && c == '\u{feff}';
        let plain = matches!(c, '\t' | '\n' | '\r') || flag || c == '\u{e007f}' && letter(before).is_some();
        if is_hidden(c) && !plain && !mark && !is_private(c) && !joins(before, c, after) {
            out.push((at, c));
        }
        before = c;
    }
    out
}

/// What a font of one's own shows.
fn is_private(c: char) -> bool {
    matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}')
}

/// Whether a mark stands where scripts and signs need it.
fn joins(before: char, c: char, after: char) -> bool {
    let needs =
        |c: char| matches!(c, '\u{590}'..='\u{dff}' | '\u{2600}'..='\u{27bf}' | '\u{fe0f}' | '\u{1f000}'..='\u{1faff}');
    matches!(c, '\u{200c}'..='\u{200f}') && (needs(before) || needs(after))
}

/// The letter that a tag character stands for.
fn letter(c: char) -> Option<char> {
    char::from_u32(u32::from(c).checked_sub(0xe0000)?).filter(|c| matches!(c, ' '..='~'))
}

fn codes(found: &[(usize, char)]) -> String {
    let all: BTreeSet<char> = found.iter().map(|(_, c)| *c).collect();
    let mut words: Vec<String> = all.iter().take(3).map(|c| format!("U+{:04X}", u32::from(*c))).collect();
    if all.len() > 3 {
        words.push(format!("{} more", all.len() - 3));
    }
    list(&words, "and")
}
