//! Every sentence on a page about a tool: what it does to the world, what its signals mean, what to type next.

use super::tool::Noted;
use crate::{
    catalog::{BuiltIn, Category, ClassSource, Hints, Recommendation, Server, Signal, Tool},
    recommend::{policy_name, quoted},
    text::{count, list, quoted_list},
};

/// What a tool of the category does.
pub(super) const fn meaning(category: Category) -> &'static str {
    match category {
        Category::Read => "retrieves without changing anything",
        Category::Write => "creates or changes something that can be undone",
        Category::Execute => "starts something whose effect depends on the call",
        Category::Financial => "moves money",
        Category::Destructive => "deletes or overwrites something for good",
        Category::Other => "does something that fits no category",
    }
}

/// What a signal says of a tool.
pub(super) const fn signal(signal: Signal) -> &'static str {
    match signal {
        Signal::Bulk => "one call reaches many targets",
        Signal::Filesystem => "takes a path of the file system",
        Signal::Url => "takes an address: what is called is up to the caller",
        Signal::Code => "takes a command, a query or code as text",
        Signal::Markup => "takes raw content, such as HTML or a template",
        Signal::Credentials => "handles credentials",
        Signal::ManyParameters => "has ten arguments or more: much to get wrong, and to narrow",
        Signal::SingleTarget => "reaches a single target",
        Signal::Dispatch => "calls other tools, and their own rules do not see that call",
    }
}

/// Which tools a built-in set has, in one sentence.
#[must_use]
pub fn built_in(set: BuiltIn) -> String {
    match set {
        BuiltIn::Category(category) => format!("Every tool that {}.", meaning(category)),
        BuiltIn::Risk(risk) => format!("Every tool of {risk} risk, and of no other."),
        BuiltIn::Signal(it) => format!("Every tool with this signal: {}.", signal(it)),
    }
}

/// What it does to the world, in one sentence.
pub(super) fn sentence(tool: &Tool, signals: &[Noted]) -> String {
    let mut parts = vec![meaning(tool.category).to_owned()];
    let (names, more): (Vec<&Noted>, Vec<&Noted>) = signals.iter().partition(|noted| noted.arguments.is_empty());
    for noted in names {
        match noted.signal {
            Signal::Bulk => parts.push("reaches many targets at once".to_owned()),
            Signal::Credentials => parts.push("handles credentials".to_owned()),
            Signal::SingleTarget => parts.push("reaches a single target".to_owned()),
            Signal::Dispatch => parts.push("calls other tools".to_owned()),
            Signal::Filesystem | Signal::Url | Signal::Code | Signal::Markup | Signal::ManyParameters => {}
        }
    }
    for noted in more {
        let what = match noted.signal {
            Signal::Filesystem => "is pointed at files",
            Signal::Url => "is pointed at an address",
            Signal::Code if tool.category == Category::Read => "looks for what it is told",
            Signal::Code => "runs or hands on what it is told",
            Signal::Markup => "passes raw content on",
            Signal::Credentials => "is given a secret",
            Signal::Dispatch => "calls the tool that it is told",
            Signal::Bulk | Signal::ManyParameters | Signal::SingleTarget => continue,
        };
        parts.push(format!("{what} by {}", quoted_list(&noted.arguments, 3)));
    }
    format!("One call, which {}, {}.", arguments(tool), list(&parts, "and"))
}

fn arguments(tool: &Tool) -> String {
    let required: Vec<&str> =
        tool.params.iter().filter(|param| param.required).map(|param| param.name.as_str()).collect();
    let optional = tool.params.len() - required.len();
    match (required.as_slice(), optional) {
        ([], 0) if tool.category == Category::Read => "takes no arguments".to_owned(),
        ([], 0) => "takes no arguments and so cannot be narrowed by a condition".to_owned(),
        ([], 1) => "can be made without its one argument".to_owned(),
        ([], n) => format!("can be made without any of its {n} arguments"),
        (_, 0) => format!("needs {}", quoted_list(&required, 4)),
        (_, n) => format!("needs {} and may have {}", quoted_list(&required, 4), count(n, "more argument")),
    }
}

/// Whose judgement a class is.
pub(super) fn source(source: &ClassSource) -> String {
    match source {
        ClassSource::Guessed => "guessed from its name, description and arguments".to_owned(),
        ClassSource::Embedded => "the catalog that ships with mcppol".to_owned(),
        ClassSource::Pulled => "a catalog of the project".to_owned(),
        ClassSource::Overlay { file } => format!("overlay `{file}`"),
    }
}

/// Why the recommended rule is right for the tool, and what becomes of a call.
pub(super) fn reason(tool: &Tool) -> String {
    let why = match tool.category {
        _ if tool.treated_as() != tool.category => "A tool that its catalog calls critical".to_owned(),
        category => format!("A tool that {}", meaning(category)),
    };
    match tool.recommended() {
        Recommendation::Allow => format!("{why} is allowed without more."),
        Recommendation::Limit { per_minute } => {
            format!(
                "{why} is allowed, but {per_minute} times a minute: a loop runs into that early, a person hardly ever."
            )
        }
        Recommendation::Ask => {
            format!("{why} waits for a person at each call; where nobody can be asked, calls are refused.")
        }
        Recommendation::Hide => format!("{why} is kept out of the agent's list, and calls are refused all the same."),
    }
}

/// What the policy of one rule does besides.
pub(super) fn alone(server: &Server) -> String {
    let others = match server.tools.len().saturating_sub(1) {
        0 => return "Put the statement into a policy of yours.".to_owned(),
        1 => "the other tool".to_owned(),
        n => format!("the {n} other tools"),
    };
    let id = shell(&server.id);
    format!(
        "By itself this policy refuses {others} of the server: put the statement into a policy of yours, or begin with \
         `mcppol recommend {id}`."
    )
}

/// What one may write instead: when, and the statement.
pub(super) fn instead(tool: &Tool) -> Vec<(&'static str, String)> {
    let name = quoted(&tool.name);
    let recommended = tool.recommended();
    let mut out = Vec::new();
    if !matches!(recommended, Recommendation::Allow | Recommendation::Limit { .. }) {
        out.push(("the agent needs it now and then", format!("allow {name} {{ limit to 10 per hour }}")));
    }
    if recommended != Recommendation::Ask {
        out.push(("a person should see each call", format!("ask {name} because \"say why\"")));
    }
    out.push(("the agent should know that it may not", format!("deny {name} because \"say why\"")));
    if recommended != Recommendation::Hide {
        out.push(("the agent should not see it", format!("hide {name}")));
    }
    out
}

/// The four hints of the protocol that the server gives: name, value, meaning, and what it says against the class.
pub(super) fn hints(tool: &Tool) -> Vec<(&'static str, bool, &'static str, Option<String>)> {
    let Hints { read_only, destructive, idempotent, open_world } = tool.hints;
    let category = tool.category;
    let class = |why: &str| Some(format!("the tool is classed `{category}`: {why}"));
    let read = match (read_only, category) {
        (Some(true), Category::Read | Category::Other) | (None | Some(false), _) => None,
        (Some(true), _) => class("a hint makes no class milder"),
    };
    let unread = match (read_only, category) {
        (Some(false), Category::Read) => class("the server itself does not call it read-only"),
        _ => read,
    };
    let destroys = match (destructive, category) {
        (Some(true), Category::Read | Category::Write | Category::Other) => {
            class("the hint is the protocol's default, and alone no reason to call it destructive")
        }
        (Some(false), Category::Destructive) => class("a hint makes no class milder"),
        _ => None,
    };
    let yes = |value: Option<bool>, yes, no| value.map(|value| (value, if value { yes } else { no }));
    let all = [
        ("read_only", yes(read_only, "changes nothing", "may change something"), unread),
        ("destructive", yes(destructive, "may delete or overwrite something", "only adds"), destroys),
        ("idempotent", yes(idempotent, "a second call adds nothing", "a second call may act again"), None),
        (
            "open_world",
            yes(open_world, "reaches beyond the server's own data", "stays within the server's own data"),
            None,
        ),
    ];
    all.into_iter()
        .filter_map(|(name, value, against)| value.map(|(value, says)| (name, value, says, against)))
        .collect()
}

/// The other tools of the server whose names share a word with it that few tools have.
pub(super) fn related<'a>(server: &'a Server, tool: &Tool) -> Vec<&'a Tool> {
    const FEW: usize = 6;
    let mut out: Vec<&Tool> = Vec::new();
    for word in name_words(&tool.name) {
        let has = |other: &&Tool| other.name != tool.name && name_words(&other.name).contains(&word);
        let found: Vec<&Tool> = server.tools.iter().filter(has).collect();
        if word.chars().count() > 2 && found.len() <= FEW {
            out.extend(found);
        }
    }
    out.sort_by(|a, b| a.name.cmp(&b.name));
    out.dedup_by(|a, b| a.name == b.name);
    out.truncate(FEW);
    out
}

/// `clearAuth`, `clear_auth` and `clear-auth` as `clear`, `auth`.
fn name_words(name: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut lower = false;
    for c in name.chars() {
        if !c.is_alphanumeric() || (lower && c.is_uppercase()) {
            out.push(String::new());
        }
        if let Some(word) = out.last_mut().filter(|_| c.is_alphanumeric()) {
            word.extend(c.to_lowercase());
        }
        lower = c.is_lowercase();
    }
    out.retain(|word| !word.is_empty());
    out
}

/// What to type after a tool's page.
pub(super) fn next_of_tool(server: &Server, tool: &Tool) -> Vec<String> {
    let (id, name, file) = (shell(&server.id), shell(&tool.name), shell(&format!("{}.mcp", policy_name(server))));
    vec![
        format!("mcppol recommend {id} {name}"),
        format!("mcppol recommend {id} -o {file}"),
        format!("mcppol eval {file} --tool {name}"),
    ]
}

/// What to type after a server's page.
pub(super) fn next_of_server(server: &Server) -> Vec<String> {
    let id = shell(&server.id);
    let first = server.tools.iter().max_by_key(|tool| tool.risk).map(|tool| shell(&tool.name));
    let show = first.map(|name| format!("mcppol catalog show {id} {name}"));
    show.into_iter().chain([format!("mcppol recommend {id}")]).collect()
}

/// A word as a shell takes it.
fn shell(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./@:".contains(c);
    if !word.is_empty() && !word.starts_with('-') && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}
