//! What editors show, from sources with a mark: `<|>` is the cursor. A file for each feature in `tests/ide/`.

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
        let mut cursors = Vec::new();
        let mut text = String::new();
        for (index, part) in marked.split("<|>").enumerate() {
            if index > 0 {
                cursors.push(u32::try_from(text.len()).unwrap());
            }
            text.push_str(part);
        }
        let (catalogs, lints) = (Catalogs::embedded(), Settings::default());
        let files: BTreeMap<String, String> =
            imports.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        let kind = Kind::of(name, &text).expect("a document of ours");
        let source = Source { name: name.to_owned(), text };
        let document = Document::new(kind, source, &Files(files), &around(&catalogs, &lints));
        Self { document, catalogs, lints, cursors }
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

struct Files(BTreeMap<String, String>);

impl Imports for Files {
    fn load(&self, _: &str, path: &str) -> Result<Source, ImportError> {
        let text = self.0.get(path).cloned().ok_or_else(|| ImportError("there is no such file".to_owned()))?;
        Ok(Source { name: path.to_owned(), text })
    }
}

mod completion;

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
    }
}
