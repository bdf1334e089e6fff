//! What editors are told of the language in files of their own: its words, settings and places are those of the code.
//!
//! `MCPPOL_UPDATE=1 cargo test` writes the words again.

use std::{collections::BTreeSet, fs};

use mcppol::{
    catalog::BuiltIn, engine::Decision, foreign, format::format, hir, lint::Persona, syntax::is_reserved, target,
};
use serde_json::Value;

use crate::examples::{CATALOGS, TODAY, compare, files_below, root};

const EXTENSION: &str = "editors/vscode";
/// The documents of others that the extension asks about besides those that a format names.
const ANY_NAME: [&str; 2] = ["policy.json", "*.policy.json"];

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

fn json(path: &str) -> Value {
    serde_json::from_str(&read(path)).unwrap()
}

/// The definition of a rule of the grammar.
fn rule(name: &str) -> String {
    let grammar = read("grammar/mcppol.pest");
    let head = |line: &&str| line.split_whitespace().take(2).eq([name, "="]);
    let from = grammar.lines().skip_while(|line| !head(line));
    let more = |line: &&str| line.starts_with([' ', '}']);
    from.enumerate().take_while(|(at, line)| *at == 0 || more(line)).map(|(_, line)| line).collect()
}

/// The texts that a rule of the grammar, and the keywords in it, stand for.
fn words(name: &str) -> Vec<String> {
    let text = rule(name);
    assert!(!text.is_empty(), "the grammar has no `{name}`");
    let mut out: Vec<String> = text.split('"').skip(1).step_by(2).map(str::to_owned).collect();
    let names = text.split(|c: char| !c.is_ascii_lowercase() && c != '_');
    out.extend(names.filter(|part| part.starts_with("kw_") && *part != name).flat_map(words));
    let mut seen = BTreeSet::new();
    out.retain(|word| seen.insert(word.clone()));
    out
}

fn is_word(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_lowercase())
}

/// Units of time, as the language names them where it is given another.
fn units() -> Vec<String> {
    let found = errors("policy p for trakt {\n  default deny\n  limit all to 1 per zzzzzz\n}\n");
    let help = found.iter().find_map(|it| it.help.clone()).unwrap();
    let named = help.split('`').skip(1).step_by(2).filter(|word| is_word(word));
    let units: Vec<String> = named.flat_map(|word| [word.to_owned(), format!("{word}s")]).collect();
    for unit in &units {
        let text = format!("policy p for trakt {{\n  default deny\n  limit all to 1 per {unit}\n}}\n");
        assert!(errors(&text).is_empty(), "{unit}");
    }
    units
}

fn errors(text: &str) -> Vec<mcppol::diagnostic::Diagnostic> {
    let source = hir::Source { name: "a.mcp".to_owned(), text: text.to_owned() };
    let environment = hir::Environment { catalogs: &CATALOGS, today: TODAY };
    let found = hir::analyze(source, &hir::NoImports, environment).diagnostics;
    found.into_iter().filter(mcppol::diagnostic::Diagnostic::is_fatal).collect()
}

/// The words of the language by what they are to a grammar of colours.
fn kinds() -> Vec<(&'static str, Vec<String>)> {
    let all = |rules: &[&str]| rules.iter().flat_map(|name| words(name)).collect::<Vec<_>>();
    let items = words("top_start");
    let statements = all(&["statement_start", "kw_require", "kw_call"]);
    let (mut operators, symbols): (Vec<_>, Vec<_>) =
        all(&["op", "word_op", "op_alone", "kw_and", "kw_or"]).into_iter().partition(|word| is_word(word));
    let mut seen = BTreeSet::new();
    operators.retain(|word| seen.insert(word.clone()));
    let symbols = symbols.into_iter().filter(|it| it != "=").collect::<Vec<_>>();
    let constants = all(&["bool", "null"]);
    let known: BTreeSet<String> =
        [&items, &statements, &operators, &constants].into_iter().flatten().cloned().collect();
    let mut others: Vec<String> = words("reserved").into_iter().filter(|word| !known.contains(word)).collect();
    others.extend(words("kw_times"));
    for word in [&items, &statements, &operators].into_iter().flatten() {
        assert!(is_reserved(word), "{word}");
    }
    let decisions = [Decision::Allow, Decision::Ask, Decision::Deny, Decision::Hidden, Decision::Limited];
    vec![
        ("storage.type.item.mcp", items),
        ("keyword.control.statement.mcp", statements),
        ("keyword.operator.word.mcp", operators),
        ("keyword.operator.comparison.mcp", symbols),
        ("keyword.other.mcp", others),
        ("constant.language.mcp", constants),
        ("constant.language.decision.mcp", decisions.map(|it| it.name().to_owned()).to_vec()),
        ("support.constant.unit.mcp", units()),
        ("support.type.set.mcp", BuiltIn::names().map(str::to_owned).collect()),
    ]
}

/// The text with these words in the last pattern of this name.
fn with_words(text: &str, scope: &str, words: &[String]) -> String {
    let name = text.rfind(&format!("\"name\": \"{scope}\"")).unwrap_or_else(|| panic!("{scope}"));
    let pattern = text[..name].rfind("\"match\"").unwrap();
    let start = pattern + text[pattern..name].find("(?:").unwrap() + "(?:".len();
    let end = start + text[start..name].find(')').unwrap();
    format!("{}{}{}", &text[..start], words.join("|"), &text[end..])
}

#[test]
fn a_grammar_of_colours_has_the_words_of_the_language() {
    let path = format!("{EXTENSION}/syntaxes/mcp.tmLanguage.json");
    let mut text = read(&path);
    for (scope, words) in kinds() {
        text = with_words(&text, scope, &words);
    }
    compare(&root().join(path), &text);
}

/// Kate tells words apart in its own way, and has the same ones.
#[test]
fn kate_has_the_words_of_the_language() {
    let text = read("editors/kate/mcppol.xml");
    let items = text.split("<item>").skip(1).filter_map(|rest| rest.split_once("</item>"));
    let found: BTreeSet<String> = items.map(|(word, _)| word.to_owned()).collect();
    let wanted = kinds().into_iter().flat_map(|(scope, words)| match scope {
        "support.type.set.mcp" => words.into_iter().map(|word| format!("@{word}")).collect(),
        "keyword.operator.comparison.mcp" | "constant.language.decision.mcp" => Vec::new(),
        _ => words,
    });
    // one call is a call all the same
    let wanted: BTreeSet<String> = wanted.filter(|word| word != "time").collect();
    assert_eq!(found, wanted);
}

#[test]
fn documents_of_others_are_asked_about() {
    let named = foreign::ALL.iter().flat_map(|format| format.files).copied();
    let wanted: Vec<String> = named.chain(ANY_NAME).map(|file| format!("**/{file}")).collect();
    let text = serde_json::to_string_pretty(&wanted).unwrap() + "\n";
    compare(&root().join(EXTENSION).join("src/formats.json"), &text);
    let events = json(&format!("{EXTENSION}/package.json"))["activationEvents"].clone();
    let of_ours = "workspaceContains:**/*.mcp".to_owned();
    let events_wanted: Vec<String> =
        std::iter::once(of_ours).chain(wanted.iter().map(|file| format!("workspaceContains:{file}"))).collect();
    assert_eq!(events, serde_json::json!(events_wanted));
}

#[test]
fn settings_are_those_that_are_read() {
    let package = json(&format!("{EXTENSION}/package.json"));
    assert_eq!(package["version"], env!("CARGO_PKG_VERSION"));
    let settings = package["contributes"]["configuration"]["properties"].as_object().unwrap();
    let ours: Vec<&str> = settings.keys().filter_map(|name| name.strip_prefix("mcppol.")).collect();
    assert_eq!(ours, ["server.path", "trace.server", "target", "persona"]);
    let choices = |name: &str| {
        let values = settings[name]["enum"].as_array().unwrap().iter();
        values.filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(choices("mcppol.target"), target::ALL.iter().map(|it| it.name).collect::<Vec<_>>());
    assert_eq!(settings["mcppol.target"]["default"], target::DEFAULT.name);
    assert_eq!(choices("mcppol.persona"), Persona::ALL.map(Persona::name));
    let restricted = &package["capabilities"]["untrustedWorkspaces"]["restrictedConfigurations"];
    assert_eq!(*restricted, serde_json::json!(["mcppol.server.path"]));
}

/// Every `%word%` of the manifest has its text, and no text is left over.
#[test]
fn texts_of_the_manifest() {
    let text = read(&format!("{EXTENSION}/package.json"));
    let used: BTreeSet<&str> =
        text.split("\"%").skip(1).filter_map(|rest| rest.split_once("%\"")).map(|it| it.0).collect();
    let texts = json(&format!("{EXTENSION}/package.nls.json"));
    assert_eq!(used, texts.as_object().unwrap().keys().map(String::as_str).collect());
}

/// A snippet as it stands before anyone fills it in.
fn filled(snippet: &str) -> String {
    let mut out = String::new();
    let mut rest = snippet.replace("$0", "");
    while let Some((before, after)) = rest.split_once("${") {
        let (place, after) = after.split_once('}').unwrap();
        let text = place.trim_start_matches(|c: char| c.is_ascii_digit());
        let text = text.trim_matches(['|', ':']);
        out = out + before + text.split(',').next().unwrap();
        rest = after.to_owned();
    }
    out + &rest
}

#[test]
fn snippets_are_of_the_language_and_in_its_style() {
    let snippets = json(&format!("{EXTENSION}/snippets/mcp.json"));
    for (name, snippet) in snippets.as_object().unwrap() {
        let lines: Vec<&str> = snippet["body"].as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect();
        let text = filled(&lines.join("\n")) + "\n";
        let item = words("top_start").iter().any(|word| text.starts_with(&format!("{word} ")));
        let policy = "policy assistant for trakt {\n  default deny\n\n  allow @read\n}\n";
        let whole = match item {
            true if text.starts_with("policy") => text.clone(),
            true => format!("{policy}\n{text}"),
            false => {
                let lines: String = text.lines().map(|line| format!("  {line}\n")).collect();
                policy.replace("  allow @read\n", &lines)
            }
        };
        assert_eq!(errors(&whole), [], "{name}: {whole}");
        assert_eq!(format(&whole).as_deref(), Ok(&*whole), "{name}");
    }
}

/// What the extension says, as translators find it.
#[test]
fn texts_of_the_extension() {
    let mut texts = BTreeSet::new();
    for file in files_below(&format!("{EXTENSION}/src"), ".ts") {
        let code = read(&file);
        for rest in code.split("l10n.t(").skip(1) {
            let text = rest.trim_start().strip_prefix('"').and_then(|rest| rest.split_once('"')).unwrap().0;
            assert!(!text.contains('\\'), "{file}: {text}");
            texts.insert(text.to_owned());
        }
    }
    let bundle: serde_json::Map<String, Value> = texts.into_iter().map(|it| (it.clone(), it.into())).collect();
    let text = serde_json::to_string_pretty(&bundle).unwrap() + "\n";
    compare(&root().join(EXTENSION).join("l10n/bundle.l10n.json"), &text);
}
