use std::collections::BTreeSet;

use crate::{
    diagnostic::{Applicability, Class, Code, Diagnostic, Level},
    hir::checked::RuleKind,
    lint::{Check, Confidence, File, Findings, Persona, Rule, Subject, advice::Advice, condition},
    syntax::literal::write_name,
    text::{Span, list},
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "confusable-name",
        class: Class::Lint,
        summary: "a name mixes letters of two scripts that look alike",
    },
    level: Level::Error,
    persona: Persona::Default,
    confidence: Confidence::High,
    fix: Some(Applicability::Unsafe),
    page: include_str!("confusable_name.md"),
    check: Check::File(check),
};

/// Letters of Greek and Cyrillic.
const LETTERS: &str = "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧνορϲϳЅІЈАВЕКМНОРСТУХаеорсухѕіјһԁԛԝ";
/// The Latin letters that they look like.
const LATIN: &str = "ABEZHIKMNOPTYXvopcjSIJABEKMHOPCTYXaeopcyxsijhdqw";

fn check(file: &File<'_>, findings: &mut Findings) {
    for policy in &file.policies {
        for id in policy.usable() {
            let name = policy.tool_name(id);
            if policy.entry(id).is_some()
                && let Some(latin) = latin(name)
            {
                let place = policy.server_name().span;
                findings.add(finding(findings, place, name, &latin).help(policy.advise(Advice::Block(&[id]), || {
                    "the server wants its tool to be taken for another: `hide` it, and ask who runs the server"
                        .to_owned()
                })));
            }
        }
    }
    // whoever spells a letter out with `\u` sees it
    if file.sources.first().is_none_or(|source| source.text.is_ascii()) {
        return;
    }
    for policy in &file.policies {
        let names = policy.unknown_tools().iter().map(|unknown| &unknown.name);
        for name in names.chain([policy.server_name()]).chain(policy.alias()) {
            if let Some(latin) = latin(&name.text) {
                let written = write_name(&latin);
                let title = format!("write `{written}`");
                let finding = finding(findings, name.span, &name.text, &latin);
                findings.add(finding.fix(Applicability::Unsafe, title, name.span, written));
            }
        }
        in_conditions(policy, findings);
    }
}

fn in_conditions(policy: &Subject<'_>, findings: &mut Findings) {
    for rule in policy.rules() {
        let (RuleKind::Require(condition) | RuleKind::DenyIf(condition) | RuleKind::AskIf(condition)) = &rule.kind
        else {
            continue;
        };
        for test in condition::tests(condition).into_iter().filter(|test| policy.holds(test.span)) {
            for text in condition::texts(&test.op) {
                if let Some(latin) = latin(text) {
                    findings.add(
                        finding(findings, test.operand, text, &latin)
                            .help("write it in the letters of one script, as those who pass it do"),
                    );
                }
            }
        }
    }
}

fn finding(findings: &Findings, place: Span, name: &str, latin: &str) -> Diagnostic {
    let letters: BTreeSet<char> = name.chars().filter(|c| alike(*c).is_some()).collect();
    let letters: Vec<String> = letters.into_iter().map(|c| format!("U+{:04X}", u32::from(c))).collect();
    let message = format!("`{name}` is not `{latin}`: it only looks like it, with {}", list(&letters, "and"));
    findings.finding(Level::Error, place, message)
}

/// What a name looks like, where one of its words mixes Latin letters with others that look like them.
fn latin(name: &str) -> Option<String> {
    if name.is_ascii() {
        return None;
    }
    let mixes = |word: &str| word.chars().any(|c| c.is_ascii_alphabetic()) && word.chars().any(|c| alike(c).is_some());
    let mixed = name.split(|c: char| !c.is_alphabetic()).any(mixes);
    mixed.then(|| name.chars().map(|c| alike(c).unwrap_or(c)).collect())
}

fn alike(c: char) -> Option<char> {
    LETTERS.chars().zip(LATIN.chars()).find(|(letter, _)| *letter == c).map(|(_, latin)| latin)
}
