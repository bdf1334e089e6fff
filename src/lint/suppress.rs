//! `// mcppol: ignore[rule] -- reason`: silences a lint on its line or on the line below.

use super::Settings;
use crate::{
    diagnostic::{Applicability, Diagnostic, codes},
    hir::Source,
    syntax::{comments, directive},
    text::{FileId, Lines, Span, as_u32, nearest, quoted_list, slice, with_its_line},
};

/// A finding that an ignore comment silences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppressed {
    /// The finding.
    pub diagnostic: Diagnostic,
    /// Why it is in order, as the comment says.
    pub reason: String,
}

/// Takes out what ignore comments silence, and adds what is wrong with the comments themselves.
///
/// Errors of syntax, names, types and targets are never silenced. A comment for a rule that settings leave out, or for
/// another policy than the one that is looked at, is not unused.
pub fn apply(sources: &[Source], settings: &Settings, all: bool, diagnostics: &mut Vec<Diagnostic>) -> Vec<Suppressed> {
    let mut out = Vec::new();
    for (index, source) in sources.iter().enumerate() {
        if !source.text.contains("mcppol:") {
            continue;
        }
        let file = FileId(as_u32(index));
        let lines = Lines::new(&source.text);
        let mut ignores = Vec::new();
        let mut wrong = Vec::new();
        for (start, comment) in comments(&source.text) {
            let Some(rest) = directive(comment) else { continue };
            let span = Span::new(file, as_u32(start), as_u32(start + comment.trim_end().len()));
            match read(rest) {
                Ok((rules, reason)) => {
                    wrong.extend(rules.iter().filter_map(|rule| unknown(rule, span)));
                    let line = lines.line_of(span.start);
                    let alone = slice(&source.text, lines.range(&source.text, line)).trim_start().starts_with("//");
                    let line = if alone { line + 1 } else { line };
                    ignores.push(Ignore { line, span, used: vec![false; rules.len()], rules, reason });
                }
                Err(message) => wrong.push(
                    Diagnostic::warning(&codes::INVALID_SUPPRESSION, span, message)
                        .help("write `// mcppol: ignore[rule-name] -- why this is in order`"),
                ),
            }
        }
        diagnostics.retain(|diagnostic| {
            if diagnostic.is_fatal() || diagnostic.span.file != file {
                return true;
            }
            let line = lines.line_of(diagnostic.span.start);
            let mut silenced = None;
            for ignore in ignores.iter_mut().filter(|ignore| ignore.line == line) {
                for (rule, used) in ignore.rules.iter().zip(&mut ignore.used) {
                    if *rule == diagnostic.code.name {
                        *used = true;
                        silenced = Some(ignore.reason);
                    }
                }
            }
            let Some(reason) = silenced else { return true };
            out.push(Suppressed { diagnostic: diagnostic.clone(), reason: reason.to_owned() });
            false
        });
        // only the file that was asked for is looked at whole
        if all && index == 0 {
            wrong.extend(ignores.iter().flat_map(|ignore| ignore.unused(source, settings)));
        }
        diagnostics.append(&mut wrong);
    }
    out
}

/// One ignore comment.
struct Ignore<'t> {
    /// The line that it speaks of.
    line: u32,
    span: Span,
    rules: Vec<&'t str>,
    used: Vec<bool>,
    reason: &'t str,
}

impl Ignore<'_> {
    fn unused(&self, source: &Source, settings: &Settings) -> Option<Diagnostic> {
        let known = |rule: &str| super::codes().any(|code| code.name == rule);
        let idle = |(rule, used): (&&str, &bool)| !used && known(rule) && settings.looks_for(rule);
        let pairs = || self.rules.iter().zip(&self.used);
        let gone: Vec<&str> = pairs().filter(|pair| idle(*pair)).map(|(rule, _)| *rule).collect();
        if gone.is_empty() {
            return None;
        }
        let stay: Vec<&str> = pairs().filter(|pair| !idle(*pair)).map(|(rule, _)| *rule).collect();
        let message = format!("nothing here is found by {}, so this comment silences nothing", quoted_list(&gone, 5));
        let warning = Diagnostic::warning(&codes::UNUSED_SUPPRESSION, self.span, message);
        Some(if stay.is_empty() {
            let span = with_its_line(&source.text, self.span);
            warning.fix(Applicability::Safe, "remove the comment", span, "")
        } else {
            let text = format!("// mcppol: ignore[{}] -- {}", stay.join(", "), self.reason);
            let title = format!("drop {} from the comment", quoted_list(&gone, 5));
            warning.fix(Applicability::Safe, title, self.span, text)
        })
    }
}

/// The rules and the reason of `ignore[a, b] -- reason`.
fn read(text: &str) -> Result<(Vec<&str>, &str), &'static str> {
    let rest = text.trim_start().strip_prefix("ignore").ok_or("this comment speaks to mcppol, but not of `ignore`")?;
    let rest = rest.trim_start().strip_prefix('[').ok_or("this ignore comment names no rule")?;
    let (rules, rest) = rest.split_once(']').ok_or("this ignore comment has no `]`")?;
    let reason = rest.trim_start().strip_prefix("--").map(str::trim).filter(|reason| !reason.is_empty());
    let reason = reason.ok_or("this ignore comment gives no reason, so it silences nothing")?;
    let rules: Vec<&str> = rules.split(',').map(str::trim).filter(|rule| !rule.is_empty()).collect();
    if rules.is_empty() { Err("this ignore comment names no rule") } else { Ok((rules, reason)) }
}

fn unknown(rule: &str, span: Span) -> Option<Diagnostic> {
    let known = super::codes;
    if known().any(|code| code.name == rule) {
        return None;
    }
    let warning = Diagnostic::warning(&codes::INVALID_SUPPRESSION, span, format!("no rule is named `{rule}`"));
    Some(match nearest(rule, known().map(|code| code.name)) {
        Some(near) => warning.help(format!("did you mean `{near}`?")),
        None => warning.help("use the name that stands with the finding"),
    })
}
