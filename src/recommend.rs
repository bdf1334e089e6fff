//! The recommended policy of a server, as text to be read, changed and kept.
//!
//! What is granted by class is of low or medium risk: `@read` and `@write` say what a reader wants to know, and take in a
//! tool that the server gains only once a catalog calls it harmless. What runs something, and what fits no category, is
//! granted by name, so that nobody gets it unseen. What narrows is written with sets, which grow to the safe side. Patterns
//! of names stand in comments alone: `get_*` would grant `get_and_delete` as well. Judging tools is absent, and so are files.

mod comment;
mod existing;
mod select;

use crate::{
    catalog::{Category, ClassSource, Confidence, Recommendation, Server, Signal, Tool},
    syntax::literal::{quote, write_name},
    text::{count, visible},
};
use comment::{Page, names, plain, some_names};
use select::{Selection, select, unsayable};

/// What to write.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options<'a> {
    /// The tools to speak of, by name; empty for all of them. The others are left to the default.
    pub tools: &'a [String],
    /// Take what is left to the default out of the agent's list.
    pub hide_rest: bool,
    /// The name of the file that will hold the policy, for its head comment.
    pub file: Option<&'a str>,
    /// The server's name in a client's configuration.
    pub alias: Option<&'a str>,
    /// What other files say of the tools already.
    pub existing: &'a [Existing],
}

/// What another file says of a tool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Existing {
    /// The tool's name.
    pub tool: String,
    /// What becomes of its calls there.
    pub decision: Listed,
    /// The file.
    pub from: String,
}

/// What becomes of calls of a tool that a list names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Listed {
    /// They pass.
    Allowed,
    /// A person is asked.
    Asked,
    /// They are refused.
    Refused,
}

/// Whether nobody should rely on the tool's class without a look: it rests on a noun of the name or on less, or nothing
/// is said for it.
#[must_use]
pub fn needs_review(tool: &Tool) -> bool {
    let firm = tool.confidence.map_or(tool.source != ClassSource::Guessed, |it| it >= Confidence::SAID);
    !firm || tool.why.trim().is_empty()
}

/// The policy that treats each tool as its category recommends, with comments to review it by.
#[must_use]
pub fn recommend(server: &Server, options: &Options<'_>) -> String {
    let wanted = |tool: &&Tool| options.tools.is_empty() || options.tools.contains(&tool.name);
    let tools: Vec<&Tool> = server.tools.iter().filter(wanted).collect();
    let (odd, tools): (Vec<&Tool>, Vec<&Tool>) = tools.into_iter().partition(|tool| unsayable(tool));
    let (decided, open) = existing::split(options.existing, server, &tools);
    let (unsure, sure): (Vec<&Tool>, Vec<&Tool>) = open.iter().copied().partition(|tool| needs_review(tool));
    let mut page = Page::default();
    head(server, options, tools.len() + odd.len(), &mut page);
    let refused = open.iter().all(|tool| matches!(tool.recommended(), Recommendation::Hide));
    if refused && !decided.grants() {
        let why = if tools.is_empty() { "there is no tool to grant" } else { "every tool is critical" };
        page.line(&format!("// mcppol: ignore[deny-everything-by-accident] -- {why}"));
    }
    let name = policy_name(server);
    let alias = options.alias.filter(|alias| *alias != server.id);
    let alias = alias.map_or_else(String::new, |alias| format!(" as {}", comment::escaped(&quote(alias))));
    page.line(&format!("policy {name} for {}{alias} {{", quoted(&server.id)));
    // where a name cannot be said, it cannot be said to be hidden either
    let hide = options.hide_rest && !server.tools.iter().any(unsayable);
    page.line(if hide { "  default hide" } else { "  default deny" });
    conditional(server, &tools, &mut page);
    decided.write(&mut page);
    for category in IN_ORDER {
        let members: Vec<&Tool> = sure.iter().copied().filter(|tool| tool.treated_as() == category).collect();
        if !members.is_empty() {
            let selection = select(server, category, &members, options.tools.is_empty());
            group(server, category, &members, &selection, &mut page);
        }
    }
    review(&unsure, &mut page);
    if !odd.is_empty() {
        page.blank();
        let names: Vec<&str> = odd.iter().map(|tool| tool.name.as_str()).collect();
        let text = format!("left to the default, for no gateway can be told of such a name: {}", comment::list(&names));
        page.comment(&text);
    }
    page.line("}");
    page.finish()
}

/// The policy of one rule, which treats one tool as its category recommends.
#[must_use]
pub fn rule(server: &Server, tool: &Tool) -> String {
    let mut page = Page::default();
    page.line(&format!("policy {} for {} {{", policy_name(server), quoted(&server.id)));
    page.line("  default deny");
    page.statement(tool.treated_as(), &[quoted(&tool.name)], &[]);
    page.line("}");
    page.finish()
}

/// The name under which a policy for the server goes: its id, as far as the language takes it bare.
#[must_use]
pub fn policy_name(server: &Server) -> String {
    let bare: String = server
        .id
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || c == '_' || c == '.' { c } else { '-' })
        .collect::<String>()
        .split('-')
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("-");
    let bare = bare.trim_start_matches(['.', '-']);
    // what still has to be quoted is a reserved word, or nothing
    if write_name(bare) == bare { bare.to_owned() } else { format!("{bare}_policy") }
}

/// A name as the language writes it, and nothing in it that a terminal or a reader could stumble over.
#[must_use]
pub fn quoted(name: &str) -> String {
    comment::escaped(&write_name(name))
}

/// In rising order of risk; what fits no category is of low risk, and comes behind what does.
const IN_ORDER: [Category; 6] =
    [Category::Read, Category::Other, Category::Write, Category::Execute, Category::Financial, Category::Destructive];

fn head(server: &Server, options: &Options<'_>, spoken_of: usize, page: &mut Page) {
    let mut what = format!("Recommended policy for {}", plain(&server.name));
    let version = server.version.as_ref().map(|version| format!("version {}", plain(version)));
    let commit = server.commit.as_ref().map(|commit| format!("commit {}", plain(commit)));
    let from = server.package.as_ref().or(server.repository.as_ref()).map(|from| plain(from));
    let about: Vec<String> = from.into_iter().chain(version.or(commit)).collect();
    if !about.is_empty() {
        what.push_str(&format!(" ({})", about.join(", ")));
    }
    let all = server.tools.len();
    what.push_str(&match options.tools {
        [] => format!(": {}", count(all, "tool")),
        _ => format!(": {spoken_of} of {}; the others are left to the default", count(all, "tool")),
    });
    page.comment(&what);
    page.comment(&format!("Facts: {}", plain(&server.origin)));
    if all > 0 {
        page.comment(&format!("Classes: {}", sources(server)));
    }
    let file = options.file.map_or_else(|| format!("{}.mcp", policy_name(server)), visible);
    page.comment(&format!(
        "Next: read the groups and change what your agent needs, then `mcppol check {file}`, then `mcppol compile {file}`"
    ));
}

/// Whose judgement the classes are, with how many where there are several.
fn sources(server: &Server) -> String {
    let mut all: Vec<(String, usize)> = Vec::new();
    for tool in &server.tools {
        let words = match &tool.source {
            ClassSource::Guessed => "guessed from names and descriptions".to_owned(),
            ClassSource::Embedded => "the catalog that ships with mcppol".to_owned(),
            ClassSource::Pulled => "a catalog of the project".to_owned(),
            ClassSource::Overlay { file } => format!("overlay `{}`", plain(file)),
        };
        match all.iter_mut().find(|(known, _)| *known == words) {
            Some((_, n)) => *n += 1,
            None => all.push((words, 1)),
        }
    }
    match all.as_slice() {
        [(only, _)] => only.clone(),
        several => several.iter().map(|(words, n)| format!("{words} ({n})")).collect::<Vec<_>>().join(", "),
    }
}

/// What is done with a category's tools and why, and what a reader may change.
fn reason(category: Category, by_set: bool) -> (&'static str, Option<&'static str>) {
    match category {
        Category::Read => ("allowed: reading changes nothing", None),
        Category::Other => {
            ("allowed slowly: fits no category", Some("named one by one: know what a tool does before you keep it"))
        }
        Category::Write => ("allowed slowly: can be undone, and the limit ends a loop early", None),
        Category::Execute => (
            "allowed slowly: the effect depends on the arguments",
            Some("named one by one: strike out what the agent does not need, and narrow the rest with `require`"),
        ),
        Category::Financial => {
            ("a person approves each call: moves money", Some("where nobody can be asked, the calls are refused"))
        }
        Category::Destructive if by_set => (
            "hidden: the effect is for good",
            Some("if the agent needs one: `except NAME` in this statement, and `ask NAME` below it"),
        ),
        Category::Destructive => (
            "hidden: the effect is for good",
            Some("if the agent needs one: take it out of this statement, and write `ask NAME` below it"),
        ),
    }
}

fn group(server: &Server, category: Category, members: &[&Tool], selection: &Selection, page: &mut Page) {
    page.blank();
    let tools = count(members.len(), "tool");
    let (why, advice) = reason(category, selection.by_set);
    page.comment(&format!("{category}, {} risk: {tools}, {why}", category.risk()));
    if selection.by_set {
        page.comment(&format!("  {}", names(server, members)));
    }
    let strays: Vec<&Tool> = members.iter().copied().filter(|tool| tool.category != category).collect();
    if !strays.is_empty() {
        page.comment(&format!("of another category, but of critical risk: {}", names(server, &strays)));
    }
    if !matches!(category.recommended(), Recommendation::Hide | Recommendation::Ask) {
        second_looks(server, category, members, page);
    }
    if let Some(advice) = advice {
        page.comment(advice);
    }
    page.statement(category, &selection.take, &selection.except);
}

/// What deserves a second look among tools that are granted.
fn second_looks(server: &Server, category: Category, members: &[&Tool], page: &mut Page) {
    for (signal, what) in
        [(Signal::Code, "runs or searches for what it is given as text"), (Signal::Credentials, "handles credentials")]
    {
        // of what only reads, a `query` is most often words to search for
        let matters = |tool: &&&Tool| {
            let search = signal == Signal::Code && category == Category::Read && tool.param("query").is_some();
            tool.signals.contains(&signal) && !search
        };
        let found: Vec<&Tool> = members.iter().filter(matters).copied().collect();
        if !found.is_empty() {
            // what most of them have in common tells none of them apart
            let common = found.len() > 12 && found.len() * 2 > members.len();
            let which = if common { format!("{} of them", found.len()) } else { some_names(server, &found) };
            page.comment(&format!("a second look: {what}: {which}"));
        }
    }
}

/// The tools that are not always offered, by what the server must be set up with.
fn conditional(server: &Server, tools: &[&Tool], page: &mut Page) {
    let mut switches: Vec<&str> = tools.iter().filter_map(|tool| tool.conditional.as_deref()).collect();
    switches.sort_unstable();
    switches.dedup();
    if !switches.is_empty() {
        page.blank();
        page.comment("offered only where the server is set up for it, and below all the same:");
    }
    for switch in switches {
        let found: Vec<&Tool> =
            tools.iter().copied().filter(|tool| tool.conditional.as_deref() == Some(switch)).collect();
        page.comment(&format!("  {}: {}", plain(switch), some_names(server, &found)));
    }
}

/// Tools whose class is uncertain: each class and reason by itself, so that one line can be struck out.
fn review(unsure: &[&Tool], page: &mut Page) {
    if unsure.is_empty() {
        return;
    }
    page.blank();
    page.comment(&format!(
        "To review: {} whose class is uncertain. Correct a class in an overlay, or change the statement here.",
        count(unsure.len(), "tool")
    ));
    for category in IN_ORDER {
        let mut members: Vec<&Tool> = unsure.iter().copied().filter(|tool| tool.treated_as() == category).collect();
        members.sort_by(|a, b| (&a.why, &a.name).cmp(&(&b.why, &b.name)));
        for same in members.chunk_by(|a, b| a.why == b.why) {
            let why = same.first().map(|tool| plain(&tool.why)).filter(|why| !why.is_empty());
            page.comment(&format!("{category}? {}", why.as_deref().unwrap_or("nothing is said for this class")));
            let names: Vec<String> = same.iter().map(|tool| quoted(&tool.name)).collect();
            page.statement(category, &names, &[]);
        }
    }
}
