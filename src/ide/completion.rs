//! What may be written at a place: what the grammar expects there, and which of the known names, arguments and values fit.
//!
//! What may follow comes from the grammar itself, so that a new construct is proposed as soon as it reads. Only the
//! part of the text around the cursor is looked at. Nothing is proposed within texts and comments, but for names and
//! values that stand in quotes, and rules in ignore comments.

mod about;
mod arguments;
mod comment;
mod names;
mod place;
mod tools;
mod words;

pub use about::{About, Key, resolve};
pub use words::escaped;

use super::{Kind, View};
use crate::{
    syntax::{self, Continuation, Node, SyntaxKind, literal::Date},
    text::{Edit, as_u32, line_start, slice},
};
use place::{Container, Place};

/// What the client knows, and what is outside.
pub struct Options<'a> {
    /// Whether texts may have places to fill in.
    pub snippets: bool,
    /// The files that could be imported, as paths from the document; asked for only where one belongs.
    pub imports: &'a dyn Fn() -> Vec<String>,
}

/// What is proposed at a place.
#[derive(Debug, Default)]
pub struct Completions {
    /// The proposals, the likely ones first.
    pub items: Vec<Item>,
    /// Whether there are more, which come up once more is typed.
    pub more: bool,
}

/// What kind of thing is proposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemKind {
    /// A word or sign of the language.
    Keyword,
    /// A statement as a whole.
    Whole,
    /// A tool.
    Tool,
    /// A set.
    Set,
    /// A policy.
    Policy,
    /// A server.
    Server,
    /// An argument of a tool.
    Argument,
    /// An operator.
    Operator,
    /// A value.
    Value,
    /// A unit of time.
    Unit,
    /// A file.
    File,
    /// A rule.
    Rule,
}

/// A proposal.
#[derive(Debug)]
pub struct Item {
    /// What is shown.
    pub label: String,
    /// What kind of thing it is.
    pub kind: ItemKind,
    /// What is shown right behind the label.
    pub signature: Option<String>,
    /// What is shown at the end of its line.
    pub origin: Option<String>,
    /// What it is, on one line.
    pub detail: Option<String>,
    /// By what [`resolve`] tells more.
    pub key: Option<Key>,
    /// What it writes, and instead of what.
    pub edit: Edit,
    /// Whether the text has places to fill in.
    pub snippet: bool,
    /// What the typed word is compared with.
    pub filter: String,
}

impl Item {
    /// A proposal that writes its label.
    fn new(kind: ItemKind, label: impl Into<String>) -> Self {
        let label = label.into();
        Self {
            kind,
            signature: None,
            origin: None,
            detail: None,
            key: None,
            edit: Edit { span: crate::text::Span::default(), text: label.clone() },
            snippet: false,
            filter: label.clone(),
            label,
        }
    }

    fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into()).filter(|detail: &String| !detail.is_empty());
        self
    }

    /// Writes another text than the label, and is found by it.
    fn writing(mut self, text: impl Into<String>) -> Self {
        self.edit.text = text.into();
        self.filter.clone_from(&self.edit.text);
        self
    }

    /// Writes a text with places to fill in, and is still found by its label.
    fn filling(mut self, snippet: &str, options: &Options<'_>) -> Self {
        self.snippet = options.snippets;
        self.edit.text = if options.snippets { snippet.to_owned() } else { words::plain(snippet) };
        self
    }
}

/// What may be written at a place.
pub fn complete(view: &View<'_>, offset: u32, options: &Options<'_>) -> Completions {
    let text = view.text();
    if !matches!(view.document.kind(), Kind::Policy) || !text.is_char_boundary(offset as usize) {
        return Completions::default();
    }
    let before = slice(text, 0..offset as usize);
    let line = line_start(text, offset as usize);
    let inside = syntax::inside(slice(before, line..before.len()));
    if let Some(at) = inside.comment {
        return comment::complete(view, as_u32(line + at), offset);
    }
    let mut place = Place::of(view.document, offset, inside, as_u32(line));
    let (mut follow, begin) = continuations(&mut place, line);
    follow.sort_by_key(|it| match it {
        Continuation::Keyword(word) => (0, words::ORDER.iter().position(|known| known == word)),
        _ => (1, None),
    });
    let mut out = Completions::default();
    let asked = Asked { view, place: &place, options };
    if place.quoted {
        follow.iter().for_each(|it| asked.propose(*it, &mut out));
        out.items.retain(|item| item.edit.text.starts_with(['"', 'r']));
    } else if place.fresh() {
        asked.parts(&begin, &mut out);
        follow.iter().for_each(|it| asked.propose(*it, &mut out));
    } else {
        follow.iter().for_each(|it| asked.propose(*it, &mut out));
        asked.parts(&begin, &mut out);
    }
    for item in &mut out.items {
        item.edit.span = place.word;
    }
    out
}

/// What may follow, with the word begun further left where it is the last part of an operator of several.
fn continuations(place: &mut Place<'_>, line: usize) -> (Vec<Continuation>, Vec<Continuation>) {
    let before = slice(place.text, line..place.word.start as usize);
    let words = before.trim_end();
    let lead = ["host not", "not", "host"].into_iter().find_map(|lead| words.strip_suffix(lead));
    if let Some(lead) = lead.filter(|lead| lead.ends_with([' ', '\t']) && !place.quoted && words != before) {
        let old = place.word.start;
        place.begin_at(as_u32(line + lead.len()));
        let found = place.continuations();
        if found.0.contains(&Continuation::Operator) {
            return found;
        }
        place.begin_at(old);
    }
    let found = place.continuations();
    // signs are a word only where an operator belongs; else the word begins behind them
    let is_sign = place.typed().starts_with(['<', '=', '>', '!']);
    if is_sign && !found.0.contains(&Continuation::Operator) {
        place.word.start = place.offset;
        return place.continuations();
    }
    found
}

/// A question: what is asked about, and where.
struct Asked<'q, 'a> {
    view: &'q View<'a>,
    place: &'q Place<'a>,
    options: &'q Options<'q>,
}

impl Asked<'_, '_> {
    fn propose(&self, what: Continuation, out: &mut Completions) {
        let place = self.place;
        let last = place.last().map_or("", |last| last.text());
        match what {
            Continuation::Keyword(word) if self.fits(word) => {
                let item = Item::new(ItemKind::Keyword, word).detail(words::keyword(word));
                let opens = word == "because" && self.options.snippets;
                out.items.push(if opens { item.filling("because \"$0\"", self.options) } else { item });
            }
            Continuation::Sign("->") => {
                out.items.push(Item::new(ItemKind::Keyword, "->").detail("what must become of the call"));
            }
            Continuation::Sign("{") if self.fits("{") => self.block(out),
            Continuation::Tool => names::tools(self, out),
            Continuation::Set if last != "set" => names::sets(self, out),
            Continuation::Text => match (place.verb(), last) {
                ("policy", "for") if place.quoted => names::servers(self, out),
                ("import", "import") => names::imports(self, out),
                _ => {}
            },
            Continuation::Name => match (place.verb(), last) {
                ("policy", "for") if !place.quoted => names::servers(self, out),
                ("test", "for") | ("grant", "uses" | ",") | ("include", _) => names::policies(self, out),
                _ => {}
            },
            Continuation::Argument => arguments::arguments(self, out),
            Continuation::Operator => arguments::operators(self, out),
            Continuation::Value => arguments::values(self, out),
            Continuation::Member => arguments::members(self, out),
            Continuation::Unit => self.units(last, out),
            Continuation::Date => self.dates(out),
            Continuation::Decision => {
                let list = if last == "default" { words::FALLBACKS } else { words::DECISIONS };
                out.items.extend(list.iter().map(|(word, says)| Item::new(ItemKind::Keyword, *word).detail(*says)));
            }
            _ => {}
        }
    }

    /// Whether a part may stand in the statement that is being written, and does not yet.
    fn fits(&self, word: &str) -> bool {
        let part = self.place.own_words();
        let kind = match word {
            "if" => SyntaxKind::IfPart,
            "until" => SyntaxKind::Until,
            "having" => SyntaxKind::Having,
            "because" => SyntaxKind::Because,
            "{" => SyntaxKind::Block,
            _ => return true,
        };
        let given = |word: &str| part.iter().any(|token| token.text() == word && token.kind() != SyntaxKind::Word);
        if given(word) {
            return false;
        }
        // a clause has no other parts than the grammar gives it
        if self.place.container == Container::Block {
            return word != "{";
        }
        let narrows = given("if") && matches!(word, "until" | "{");
        let ended = (given("until") || given("{")) && word == "if";
        match names::verb(self.place.verb()) {
            Some(verb) => crate::hir::part_fits(verb, kind) && !narrows && !ended,
            None => true,
        }
    }

    /// What may begin a new part: whole ones behind the bare words.
    fn parts(&self, begin: &[Continuation], out: &mut Completions) {
        let start = self.place.word.start;
        let mut children = self.place.item.into_iter().flat_map(Node::children);
        let has_default = children.any(|child| child.kind() == SyntaxKind::Default && child.span().start != start);
        let mut words: Vec<&'static str> = begin
            .iter()
            .filter_map(|it| match it {
                Continuation::Keyword(word) => Some(*word),
                _ => None,
            })
            .filter(|word| *word != "default" || !has_default)
            .collect();
        words.sort_by_key(|word| words::ORDER.iter().position(|it| it == word));
        for word in &words {
            out.items.push(Item::new(ItemKind::Keyword, *word).detail(words::keyword(word)));
        }
        let whole = if self.place.container == Container::Block { words::CLAUSES } else { words::WHOLE };
        for (word, label, snippet) in whole.iter().filter(|(word, _, _)| words.contains(word)) {
            let item = Item::new(ItemKind::Whole, *label).detail(words::keyword(word));
            out.items.push(item.filling(snippet, self.options));
        }
    }

    fn block(&self, out: &mut Completions) {
        let (says, snippet) = match self.place.verb() {
            "allow" | "ask" | "on" => ("clauses that narrow", "{\n  $0\n}"),
            "policy" => ("the statements of the policy", "{\n  default deny\n\n  $0\n}"),
            "test" => ("the calls of the test", "{\n  call $0\n}"),
            _ => return,
        };
        out.items.push(Item::new(ItemKind::Whole, "{ … }").detail(says).filling(snippet, self.options));
    }

    fn units(&self, last: &str, out: &mut Completions) {
        let many = last.parse::<f64>().is_ok_and(|n| n != 1.0);
        for unit in words::UNITS {
            out.items.push(Item::new(ItemKind::Unit, if many { format!("{unit}s") } else { (*unit).to_owned() }));
        }
    }

    fn dates(&self, out: &mut Completions) {
        let today = self.view.around.today;
        let days = u64::from(Date { year: 1970, month: 1, day: 1 }.days_to(today));
        for ahead in [30, 90] {
            let day = Date::from_unix((days + ahead) * 86_400);
            out.items.push(Item::new(ItemKind::Value, day.to_string()).detail(format!("in {ahead} days")));
        }
    }
}
