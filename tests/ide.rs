//! What editors show, from sources with a mark: `<|>` is the cursor. A file for each feature in `tests/ide/`.

mod actions;
mod anywhere;
mod command;
mod definition;
mod folding;
mod formatting;
mod highlight;
mod links;
mod navigation;
mod references;
mod rename;
mod selection;
mod symbols;
mod tokens;

use std::collections::BTreeMap;

use mcppol::{
    catalog::Catalogs,
    hir::{ImportError, Imports, Source},
    ide::{Document, Kind, Surroundings, View},
    lint::Settings,
    syntax::literal::Date,
    target,
};

/// A document with its surroundings, and where the cursor is.
pub(crate) struct Fixture {
    pub(crate) document: Document,
    pub(crate) catalogs: Catalogs,
    pub(crate) lints: Settings,
    /// The files that it may import.
    pub(crate) files: Files,
    /// The marks, in order; places of the text without them.
    pub(crate) cursors: Vec<u32>,
}

pub(crate) const TODAY: Date = Date { year: 2026, month: 1, day: 15 };

impl Fixture {
    /// A policy `a.mcp` alone.
    pub(crate) fn new(marked: &str) -> Self {
        Self::with_imports("a.mcp", marked, &[])
    }

    /// A document of any name, with files that it may import.
    pub(crate) fn with_imports(name: &str, marked: &str, imports: &[(&str, &str)]) -> Self {
        Self::judged(name, marked, imports, Settings::default())
    }

    /// As [`Fixture::with_imports`], by settings of its own.
    pub(crate) fn judged(name: &str, marked: &str, imports: &[(&str, &str)], lints: Settings) -> Self {
        let mut cursors = Vec::new();
        let mut text = String::new();
        for (index, part) in marked.split("<|>").enumerate() {
            if index > 0 {
                cursors.push(u32::try_from(text.len()).unwrap());
            }
            text.push_str(part);
        }
        let files = Files(imports.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect());
        let catalogs = Catalogs::embedded();
        let kind = Kind::of(name, &text).expect("a document of ours");
        let source = Source { name: name.to_owned(), text };
        let document = Document::new(kind, source, &files, &around(&catalogs, &lints));
        Self { document, catalogs, lints, files, cursors }
    }

    pub(crate) fn view(&self) -> View<'_> {
        View { document: &self.document, around: around(&self.catalogs, &self.lints) }
    }

    /// The only cursor.
    pub(crate) fn cursor(&self) -> u32 {
        assert_eq!(self.cursors.len(), 1, "one mark");
        self.cursors[0]
    }
}

fn around<'a>(catalogs: &'a Catalogs, lints: &'a Settings) -> Surroundings<'a> {
    Surroundings { catalogs, today: TODAY, target: target::DEFAULT, lints, review: None, server: None }
}

/// Texts by their names; a path is a name.
pub(crate) struct Files(pub(crate) BTreeMap<String, String>);

impl Imports for Files {
    fn load(&self, _: &str, path: &str) -> Result<Source, ImportError> {
        let text = self.0.get(path).cloned().ok_or_else(|| ImportError("there is no such file".to_owned()))?;
        Ok(Source { name: path.to_owned(), text })
    }
}

/// Documents that use everything, and the same with a piece cut out or put in.
fn damaged() -> Vec<Fixture> {
    let whole = include_str!("ide/everything.mcp");
    let mut texts = vec![whole.to_owned(), String::new()];
    let places: Vec<usize> = whole.char_indices().map(|(at, _)| at).collect();
    for (nth, junk) in ["{", "}", "\"", "@", " allow ", "args.", "é🎈", "\r\n"].iter().cycle().take(40).enumerate() {
        let at = places[(nth * 37) % places.len()];
        let cut = places[((nth * 37) % places.len() + nth % 5).min(places.len() - 1)];
        texts.push(format!("{}{junk}{}", &whole[..at], &whole[cut..]));
        texts.push(whole[..at].to_owned());
    }
    let mut out: Vec<Fixture> = texts.iter().map(|text| Fixture::new(text)).collect();
    assert!(out[0].document.analysis().checked().is_some(), "{:?}", out[0].document.analysis().diagnostics);
    let others =
        r#"{ "permissions": { "allow": ["mcp__trakt__fetch_*", "mcp__é"], "deny": ["mcp__trakt__clear_auth"] } }"#;
    let cuts = others.char_indices().map(|(at, _)| at).step_by(3);
    out.extend(cuts.map(|at| Fixture::with_imports(".claude/settings.json", &others[..at], &[])));
    out.push(Fixture::with_imports(".claude/settings.json", others, &[]));
    out
}

mod completion;
mod hints;
mod hover;
mod lenses;
mod lists;
mod pages;
mod preview;
mod wire;

mod meaning {
    use mcppol::ide::{at::at, meaning::meaning};

    use super::Fixture;

    fn told(marked: &str) -> String {
        let fixture = Fixture::new(marked);
        let at = at(&fixture.document, fixture.cursor());
        let server = at.item().and_then(|item| fixture.view().server(item)).map(|server| server.id.clone());
        format!("{:?} of {:?}", meaning(&at), server.as_deref())
    }

    #[test]
    fn words_by_where_they_stand() {
        let policy = |line: &str| told(&format!("policy p for trakt {{\n  default deny\n  {line}\n}}\n"));
        assert_eq!(policy("allow get_<|>history"), r#"Some(Tool("get_history")) of Some("trakt")"#);
        assert_eq!(policy("allow get_history<|>, x"), r#"Some(Tool("get_history")) of Some("trakt")"#);
        assert_eq!(policy(r#"deny "od<|>d name" because "x""#), r#"Some(Tool("odd name")) of Some("trakt")"#);
        assert_eq!(policy("allow get_*<|>"), r#"Some(Pattern("get_*")) of Some("trakt")"#);
        assert_eq!(policy("allow @re<|>ad"), r#"Some(Set("read", false)) of Some("trakt")"#);
        assert_eq!(policy("include ba<|>se"), r#"Some(Policy("base", false)) of Some("trakt")"#);
        assert_eq!(policy("on x { require args.a<|>.b == 1 }"), r#"Some(Argument(["a", "b"])) of Some("trakt")"#);
        assert_eq!(policy("allow x,, get_<|>history ("), r#"Some(Tool("get_history")) of Some("trakt")"#);
        assert_eq!(told("policy p<|> for trakt { default deny }"), r#"Some(Policy("p", true)) of Some("trakt")"#);
        assert_eq!(told("policy p for tr<|>akt { default deny }"), r#"Some(Server("trakt")) of Some("trakt")"#);
        assert_eq!(told("policy p for \"tr<|>akt\" {"), r#"Some(Server("trakt")) of Some("trakt")"#);
        assert_eq!(told("set s<|> = a, b"), r#"Some(Set("s", true)) of None"#);
        assert_eq!(told("set s = a<|>, b"), r#"Some(Tool("a")) of None"#);
        assert_eq!(told("import \"b<|>.mcp\""), r#"Some(Import("b.mcp")) of None"#);
        assert_eq!(told("grant \"me\" uses p<|>, q"), r#"Some(Policy("p", false)) of None"#);
        let test = "policy p for trakt { default deny }\ntest \"t\" for p {\n  call get_<|>history -> deny\n}\n";
        assert_eq!(told(test), r#"Some(Tool("get_history")) of Some("trakt")"#);
        assert_eq!(told("test \"t\" for p {\n  call x -> deny \"w<|>hy\"\n}\n"), "None of None");
    }
}
