//! The pages: their commands print what they show, their policies are right or wrong as they say, their lists are
//! those of the code.

use std::{collections::BTreeSet, fs};

use mcppol::{
    catalog::BuiltIn,
    diagnostic::{Applicability, Class, Diagnostic},
    hir::{Environment, NoImports, Source, analyze},
    lint,
    syntax::is_reserved,
    target,
};

use crate::examples::{CATALOGS, TODAY, compare, files_below, root};

/// A fenced block of a page.
struct Fence {
    page: String,
    line: usize,
    info: String,
    text: String,
}

/// The words that begin a statement of a policy.
const STATEMENTS: [&str; 8] = ["default", "allow", "ask", "deny", "hide", "limit", "on", "include"];

fn pages() -> Vec<String> {
    let mut out = vec!["README.md".to_owned()];
    for folder in ["docs", "examples", "catalogs"] {
        out.extend(files_below(folder, ".md"));
    }
    out
}

fn read(page: &str) -> String {
    fs::read_to_string(root().join(page)).unwrap()
}

fn fences(page: &str) -> Vec<Fence> {
    let mut out = Vec::new();
    let text = read(page);
    let mut lines = text.lines().enumerate();
    while let Some((index, line)) = lines.next() {
        if let Some(info) = line.strip_prefix("```") {
            let body: Vec<&str> = lines.by_ref().map(|(_, line)| line).take_while(|line| *line != "```").collect();
            let text = body.join("\n") + "\n";
            out.push(Fence { page: page.to_owned(), line: index + 1, info: info.to_owned(), text });
        }
    }
    out
}

fn all_fences(info: &str) -> Vec<Fence> {
    pages().iter().flat_map(|page| fences(page)).filter(|fence| fence.info == info).collect()
}

/// A fragment as a whole file: a part of a policy is put into one for `trakt`.
fn whole(text: &str) -> String {
    let words: Vec<&str> =
        text.lines().filter(|line| !line.starts_with("//")).flat_map(str::split_whitespace).collect();
    if !words.first().is_some_and(|word| STATEMENTS.contains(word)) {
        return text.to_owned();
    }
    let default = if words.contains(&"default") { "" } else { "default deny\n" };
    format!("policy example for trakt {{\n{default}{text}}}\n")
}

fn errors(text: &str) -> Vec<Diagnostic> {
    let source = Source { name: "page.mcp".to_owned(), text: whole(text) };
    let analysis = analyze(source, &NoImports, Environment { catalogs: &CATALOGS, today: TODAY });
    analysis.diagnostics.into_iter().filter(Diagnostic::is_fatal).collect()
}

#[test]
fn policies_are_right_or_wrong_as_they_say() {
    let (good, bad) = (all_fences("mcp"), all_fences("mcp error"));
    for fence in &good {
        let found = errors(&fence.text);
        assert!(found.is_empty(), "{}:{}: {found:#?}", fence.page, fence.line);
    }
    for fence in &bad {
        assert!(!errors(&fence.text).is_empty(), "{}:{} has no error", fence.page, fence.line);
    }
    assert!(good.len() > 20 && !bad.is_empty(), "{} and {} policies", good.len(), bad.len());
}

/// Runs the lines that begin with `$ ` in a shell and gives the block back with what they print.
#[cfg(all(unix, feature = "cli"))]
fn session(text: &str) -> String {
    let binary = std::path::Path::new(env!("CARGO_BIN_EXE_mcppol"));
    let path = std::env::var("PATH").unwrap();
    let path = format!("{}:{path}", binary.parent().unwrap().display());
    let mut out = String::new();
    for command in text.lines().filter_map(|line| line.strip_prefix("$ ")) {
        let ours = command.replace("cargo run --release -- ", "mcppol ");
        let output = std::process::Command::new("sh")
            .args(["-c", &format!("({ours}) 2>&1")])
            .current_dir(root())
            .env("PATH", &path)
            .env_remove("CLICOLOR_FORCE")
            .output()
            .unwrap();
        out.push_str(&format!("$ {command}\n{}", String::from_utf8(output.stdout).unwrap()));
    }
    out
}

#[test]
#[cfg(all(unix, feature = "cli"))]
fn commands_print_what_is_shown() {
    let blocks = all_fences("console");
    for fence in &blocks {
        assert_eq!(session(&fence.text), fence.text, "{}:{}", fence.page, fence.line);
    }
    assert!(blocks.iter().any(|fence| fence.page == "README.md"));
}

/// The README's policy is the example, and its document is what that compiles to.
#[test]
fn readme_shows_its_example() {
    let fences = fences("README.md");
    let shown = |info: &str| &fences.iter().find(|fence| fence.info == info).unwrap().text;
    assert_eq!(*shown("mcp"), read("examples/trakt/assistant.mcp"));
    let shown: serde_json::Value = serde_json::from_str(shown("json")).unwrap();
    let compiled: serde_json::Value = serde_json::from_str(&read("examples/trakt/assistant.policylayer.json")).unwrap();
    assert_eq!(shown, compiled);
}

/// The page on editors shows the settings that were tried.
#[test]
fn editors_page_shows_its_files() {
    let shown = fences("docs/editors.md");
    assert!(shown.iter().any(|fence| fence.text == read("editors/kate/settings.json")));
}

/// The colours of editors know all words of the language, each in the way of its file.
#[test]
fn editors_colour_every_word() {
    let words = words_below("docs/language.md", "### Reserved words");
    let sets = BuiltIn::names().map(|name| format!("@{name}"));
    let kate = read("editors/kate/mcppol.xml");
    for word in words.iter().cloned().chain(sets) {
        assert!(kate.contains(&format!("<item>{word}</item>")), "Kate: {word}");
    }
    let (emacs, neovim) = (read("editors/emacs/mcppol-mode.el"), read("editors/neovim/mcppol.lua"));
    let rules: String = neovim.lines().filter(|line| line.trim().starts_with("syntax ")).collect();
    let coloured: BTreeSet<&str> = rules.split(|c: char| !c.is_ascii_alphabetic()).collect();
    for word in &words {
        assert!(emacs.contains(&format!("\"{word}\"")), "Emacs: {word}");
        assert!(coloured.contains(word.as_str()), "Neovim: {word}");
    }
}

/// The words in backticks below a heading, to the next heading.
fn words_below(page: &str, heading: &str) -> Vec<String> {
    let text = read(page);
    let mut section = text.lines().skip_while(|line| *line != heading);
    assert!(section.next().is_some(), "{page} has no {heading}");
    let section: String = section.take_while(|line| !line.starts_with('#')).map(|line| format!("{line}\n")).collect();
    section.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn reserved_words_are_those_of_the_code() {
    let grammar = read("grammar/mcppol.pest");
    let rule = grammar.split("\nreserved = _{").nth(1).unwrap().split('}').next().unwrap();
    let code: BTreeSet<&str> = rule.split('"').skip(1).step_by(2).collect();
    assert!(code.iter().all(|word| is_reserved(word)), "{code:?}");
    let page = words_below("docs/language.md", "### Reserved words");
    assert!(page.is_sorted(), "{page:?}");
    assert_eq!(page.iter().map(String::as_str).collect::<BTreeSet<_>>(), code);
}

#[test]
fn built_in_sets_are_those_of_the_code() {
    let page: BTreeSet<String> = words_below("docs/language.md", "### Built-in sets")
        .into_iter()
        .filter_map(|word| word.strip_prefix('@').map(str::to_owned))
        .collect();
    assert_eq!(page, BuiltIn::names().map(str::to_owned).collect());
}

#[test]
fn every_target_has_its_section() {
    for target in target::ALL {
        assert!(read("docs/targets.md").contains(&format!("\n## `{}`\n", target.name)), "{}", target.name);
        assert!(read("docs/engines.md").contains(&format!("\n## `{}`\n", target.name)), "{}", target.name);
    }
}

/// Links between pages lead to files that exist.
#[test]
fn links_lead_somewhere() {
    for page in pages() {
        let folder = root().join(&page).parent().unwrap().to_owned();
        for target in read(&page).split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = target.split('#').next().unwrap();
            if file.is_empty() || file.contains("://") {
                continue;
            }
            assert!(folder.join(file).exists(), "{page} links to {target}");
        }
    }
}

/// `docs/diagnostics.md`, from the code.
fn diagnostics_page() -> String {
    let mut out = String::from(
        "<!-- generated: `MCPPOL_UPDATE=1 cargo test` writes this page from the code -->\n\n\
         # Diagnostics\n\n\
         Everything that `check` can say, by class. The name in brackets of a finding is the name here.\n\n\
         Errors of syntax, names, types and targets keep a policy from being compiled. Lints do not: they speak of policies that\n\
         read and compile, and are probably mistakes. A lint of any weight, and a warning or info of any class, is silenced where\n\
         it stands by a comment on its line or on a line of its own before it, with a reason:\n\
         `// mcppol: ignore[name] -- reason`.\n\n\
         A persona is whom a finding is for; those of `default` are always there, see [project.md](project.md). A safe fix says the\n\
         same in the right words, an unsafe one is a likely intention; see [outputs.md](outputs.md#fixes). `mcppol rules` prints\n\
         these lists, and `mcppol explain NAME` one of the pages below.\n",
    );
    let abouts = lint::abouts();
    for class in [Class::Syntax, Class::Name, Class::Type, Class::Target, Class::Lint] {
        let title = match class {
            Class::Syntax => "Syntax: the text does not read",
            Class::Name => "Names: a name means nothing, or two things",
            Class::Type => "Types: a condition or limit does not fit the tool's arguments",
            Class::Target => "Targets: the chosen output cannot say it, or says it differently",
            Class::Lint => "Lints: probably a mistake",
        };
        out.push_str(&format!("\n## {title}\n\n| name | at most | for | fix | meaning |\n|---|---|---|---|---|\n"));
        for about in abouts.iter().filter(|about| about.code.class == class) {
            let (name, level, persona) = (about.code.name, about.level.name(), about.persona.name());
            let fix = about.fix.map_or("", Applicability::name);
            let summary = about.code.summary.replace('|', "\\|");
            out.push_str(&format!("| [`{name}`](#{name}) | {level} | {persona} | {fix} | {summary} |\n"));
        }
    }
    out.push_str("\n## One by one\n");
    for about in abouts {
        out.push('\n');
        let mut fenced = false;
        for line in about.page.lines() {
            fenced ^= line.starts_with("```");
            let deeper = if line.starts_with('#') && !fenced { "##" } else { "" };
            out.push_str(&format!("{deeper}{line}\n"));
        }
    }
    out
}

#[test]
fn diagnostics_page_is_up_to_date() {
    compare(&root().join("docs/diagnostics.md"), &diagnostics_page());
}

/// The table of `docs/drift.md`, from the code.
#[test]
fn kinds_of_change_are_those_of_the_code() {
    let table: String = std::iter::once("| name | at most | meaning | what to do |\n|---|---|---|---|\n".to_owned())
        .chain(mcppol::drift::kinds::ALL.iter().map(|kind| {
            let level = kind.level.name();
            format!("| `{}` | {level} | {} | {} |\n", kind.name, kind.meaning, kind.action)
        }))
        .collect();
    let page = read("docs/drift.md");
    let (before, rest) = page.split_once("<!-- kinds: generated -->\n").unwrap();
    let (_, after) = rest.split_once("<!-- end -->").unwrap();
    let wanted = format!("{before}<!-- kinds: generated -->\n{table}<!-- end -->{after}");
    compare(&root().join("docs/drift.md"), &wanted);
}
