use crate::{
    diagnostic::{Class, Code, Level},
    hir::{
        checked::ToolId,
        model::{Comparison, Literal, Op},
        origin::Fact,
    },
    lint::{
        Check, Confidence, Findings, Persona, Rule, Subject,
        capability::holds_path,
        neighbours::{beginning, passing, shown, tried},
    },
    pattern::guard,
    syntax::literal::{quote, write_path},
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "path-prefix-without-separator",
        class: Class::Lint,
        summary: "a pattern that keeps paths below a directory lets its neighbours pass",
    },
    level: Level::Error,
    persona: Persona::Default,
    confidence: Confidence::High,
    fix: None,
    page: include_str!("path_prefix_without_separator.md"),
    check: Check::Policy(check),
};

fn check(policy: &Subject<'_>, findings: &mut Findings) {
    for note in policy.notes() {
        let Fact::OpenPrefix { path, directory, closed, slips } = &note.fact else { continue };
        let message = format!("`{path}` may be any path that begins with `{directory}`: `{slips}` passes too");
        let mut finding = findings.finding(Level::Warning, note.span, message);
        finding.help = Some(format!(
            "end the name of the directory: `{closed}`; `..` still leads out of it, so refuse that with a `deny_if` or a second pattern"
        ));
        findings.add(finding);
    }
    if policy.origin().manners().is_some() {
        return;
    }
    for (test, open) in tried(policy, open) {
        let path = write_path(&test.path.segments);
        let Open { directory, slips, call, climbs } = open;
        let message = if climbs {
            format!("`{path}` may lead out of `{}` with `..`: `{}` passes too", shown(&directory), shown(&slips))
        } else {
            let directory = shown(&directory);
            format!("`{path}` may be any path that begins with `{directory}`: `{}` passes too", shown(&slips))
        };
        findings.add(
            findings
                .finding(Level::Error, test.span, message)
                .proof(format!("{call} is allowed"))
                .help(format!("name the directory itself: `require {path} under {}`", shown(&quote(&directory)))),
        );
    }
}

/// How a path gets past a test.
struct Open {
    directory: String,
    slips: String,
    call: String,
    climbs: bool,
}

fn open(policy: &Subject<'_>, id: ToolId, test: &Comparison) -> Option<Open> {
    let [name] = &*test.path.segments else { return None };
    policy.entry(id).filter(|tool| holds_path(tool, name))?;
    let fixed = match &test.op {
        Op::Matches(pattern) => beginning(pattern),
        Op::Contains(Literal::Text(text)) => text.to_string(),
        _ => return None,
    };
    let directory = fixed.trim_end_matches('/');
    // the name of a directory, not just the first letter of one
    if !directory.starts_with('/') || directory.len() < 3 || guard::under(directory).is_err() {
        return None;
    }
    let up = "/..".repeat(directory.matches('/').count());
    let slips = [(format!("{directory}-evil/x"), false), (format!("{directory}{up}/etc/passwd"), true)];
    slips.into_iter().find_map(|(slips, climbs)| {
        let call = passing(policy, id, test, &slips)?;
        Some(Open { directory: directory.to_owned(), slips, call, climbs })
    })
}
