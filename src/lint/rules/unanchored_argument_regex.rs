use crate::{
    diagnostic::{Applicability, Class, Code, Level},
    hir::{
        checked::ToolId,
        model::{Comparison, Literal, Op},
        origin::Fact,
    },
    lint::{
        Check, Confidence, Findings, Persona, Rule, Subject,
        capability::holds_url,
        neighbours::{beginning, passing, shown, tried},
    },
    pattern::guard,
    syntax::literal::{quote, write_path},
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "unanchored-argument-regex",
        class: Class::Lint,
        summary: "a pattern that an argument must match leaves open what stands around it",
    },
    level: Level::Error,
    persona: Persona::Default,
    confidence: Confidence::High,
    fix: Some(Applicability::Unsafe),
    page: include_str!("unanchored_argument_regex.md"),
    check: Check::Policy(check),
};

fn check(policy: &Subject<'_>, findings: &mut Findings) {
    for note in policy.notes() {
        let Fact::LooseRegex { path, pattern, anchored, slips } = &note.fact else { continue };
        let message = format!("`{path}` need not match `{}` as a whole: `{}` passes too", shown(pattern), shown(slips));
        let mut finding = findings.finding(Level::Warning, note.span, message);
        if anchored.contains(['"', '\\']) {
            finding.help = Some(format!("write `{}`, with both anchors", shown(anchored)));
        } else {
            let title = format!("write `{}`, with both anchors", shown(anchored));
            finding.set_fix(Applicability::Unsafe, title, note.span, anchored.as_str());
        }
        findings.add(finding);
    }
    if policy.origin().manners().is_none() {
        check_hosts(policy, findings);
    }
}

/// Endings of names that are files and no hosts.
const FILES: [&str; 12] = ["html", "htm", "pdf", "json", "xml", "txt", "md", "png", "jpg", "svg", "js", "css"];

fn check_hosts(policy: &Subject<'_>, findings: &mut Findings) {
    for (test, open) in tried(policy, open) {
        let path = write_path(&test.path.segments);
        let Open { host, slips, why, call } = open;
        let message =
            format!("`{path}` need not lead to `{}`: `{}` passes too, for {why}", shown(&host), shown(&slips));
        findings.add(
            findings
                .finding(Level::Error, test.span, message)
                .proof(format!("{call} is allowed"))
                .help(format!("have the host itself compared: `require {path} host in [{}]`", shown(&quote(&host)))),
        );
    }
}

/// How an address gets past a test.
struct Open {
    host: String,
    slips: String,
    why: &'static str,
    call: String,
}

fn open(policy: &Subject<'_>, id: ToolId, test: &Comparison) -> Option<Open> {
    let [name] = &*test.path.segments else { return None };
    policy.entry(id).filter(|tool| holds_url(tool, name))?;
    let (scheme, fixed) = match &test.op {
        Op::Matches(pattern) => wanted(pattern)?,
        Op::Contains(Literal::Text(text)) => ("https", text.to_string()),
        _ => return None,
    };
    let bare = fixed.split_once("://").map_or(&*fixed, |(_, rest)| rest);
    let named = bare.split(['/', ':', '?', '#']).next()?;
    let below = named.strip_prefix('.');
    let host = below.map_or_else(|| named.to_owned(), |name| format!("*.{name}"));
    let (_, last) = below.unwrap_or(named).rsplit_once('.')?;
    if FILES.contains(&last) || guard::host_in(&[&host]).is_err() {
        return None;
    }
    let mut slips = vec![(format!("{scheme}://evil.example/?{fixed}"), "the text may stand elsewhere in the address")];
    if below.is_none() {
        let longer = (format!("{scheme}://{named}.evil.example/x"), "the name of the host may go on");
        let user = (format!("{scheme}://{named}@evil.example/x"), "what stands before an `@` is no host");
        slips.splice(0..0, [longer, user]);
    }
    let (slips, why, call) = slips.into_iter().find_map(|(slips, why)| {
        let call = passing(policy, id, test, &slips)?;
        Some((slips, why, call))
    })?;
    Some(Open { host, slips, why, call })
}

/// The scheme that a pattern of an address asks for, and the text that follows.
fn wanted(pattern: &str) -> Option<(&'static str, String)> {
    let pattern = pattern.strip_prefix("(?i)").unwrap_or(pattern).trim_start_matches('^');
    let schemes = [
        ("https", "https://"),
        ("https", "https?://"),
        ("https", "http(s)?://"),
        ("https", "(https|http)://"),
        ("https", "(http|https)://"),
        ("https", "(?:https|http)://"),
        ("https", "(?:http|https)://"),
        ("http", "http://"),
    ];
    let known = schemes.into_iter().find_map(|(scheme, text)| Some((scheme, pattern.strip_prefix(text)?)));
    let anywhere = || Some(("https", pattern.strip_prefix(".*")?));
    let (scheme, rest) = known.or_else(anywhere)?;
    Some((scheme, beginning(rest.trim_start_matches(".*"))))
}
