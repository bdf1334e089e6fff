//! Edits as people and programs make them, at random places.

use proptest::prelude::*;

/// Where, as a part of the whole, so that it means something in every text.
type Place = u16;

#[derive(Debug, Clone)]
pub(super) enum Edit {
    /// A line of the pool.
    Line(Place, usize),
    /// A piece of text in the middle of a line.
    Insert(Place, usize),
    /// Characters go.
    Delete(Place, usize),
    /// One word instead of another.
    Word(Place, usize),
    /// Lines go.
    Cut(Place, usize),
    /// Lines are written a second time elsewhere.
    Copy(Place, usize, Place),
    /// Lines go elsewhere.
    Move(Place, usize, Place),
    /// One text instead of another that is there.
    Swap(&'static str, &'static str),
    /// All of it is another text.
    All(usize),
}

pub(super) fn edit() -> impl Strategy<Value = Edit> {
    let place = any::<Place>;
    let number = any::<prop::sample::Index>;
    let few = 1..4_usize;
    let many = 1..25_usize;
    prop_oneof![
        8 => (place(), number()).prop_map(|(at, which)| Edit::Line(at, which.index(LINES.len()))),
        8 => (place(), number()).prop_map(|(at, which)| Edit::Insert(at, which.index(BITS.len()))),
        5 => (place(), few.clone()).prop_map(|(at, many)| Edit::Delete(at, many)),
        10 => (place(), number()).prop_map(|(at, which)| Edit::Word(at, which.index(WORDS.len()))),
        3 => (place(), few).prop_map(|(at, many)| Edit::Cut(at, many)),
        2 => (place(), many.clone(), place()).prop_map(|(at, many, to)| Edit::Copy(at, many, to)),
        2 => (place(), many, place()).prop_map(|(at, many, to)| Edit::Move(at, many, to)),
        1 => (0..3_usize).prop_map(Edit::All),
    ]
}

impl Edit {
    pub(super) fn apply(&self, text: &mut String) {
        match *self {
            Edit::Line(at, which) => {
                let at = line(text, at);
                text.insert_str(at, &format!("{}\n", LINES[which]));
            }
            Edit::Insert(at, which) => {
                let at = character(text, at);
                text.insert_str(at, BITS[which]);
            }
            Edit::Delete(at, many) => {
                let at = character(text, at);
                let end = text[at..].char_indices().nth(many).map_or(text.len(), |(end, _)| at + end);
                text.replace_range(at..end, "");
            }
            Edit::Word(at, which) => {
                let at = character(text, at);
                let is_word = |c: char| c.is_alphanumeric() || "_@.*".contains(c);
                let start = text[..at]
                    .rfind(|c| !is_word(c))
                    .map_or(0, |it| it + text[it..].chars().next().unwrap().len_utf8());
                let end = text[at..].find(|c| !is_word(c)).map_or(text.len(), |it| at + it);
                text.replace_range(start..end.max(start), WORDS[which]);
            }
            Edit::Cut(at, many) => {
                take(text, at, many);
            }
            Edit::Copy(at, many, to) => {
                let lines = take(&mut text.clone(), at, many);
                let to = line(text, to);
                text.insert_str(to, &lines);
            }
            Edit::Move(at, many, to) => {
                let lines = take(text, at, many);
                let to = line(text, to);
                text.insert_str(to, &lines);
            }
            Edit::Swap(old, new) => {
                assert!(text.contains(old), "{old}");
                *text = text.replacen(old, new, 1);
            }
            Edit::All(which) => *text = ["", super::ROOT, super::FLOOR][which].to_owned(),
        }
    }
}

fn character(text: &str, at: Place) -> usize {
    let mut at = text.len() * usize::from(at) / usize::from(Place::MAX);
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn line(text: &str, at: Place) -> usize {
    let at = character(text, at);
    text[..at].rfind('\n').map_or(0, |end| end + 1)
}

fn take(text: &mut String, at: Place, many: usize) -> String {
    let start = line(text, at);
    let end = text[start..].match_indices('\n').nth(many - 1).map_or(text.len(), |(end, _)| start + end + 1);
    text.drain(start..end).collect()
}

/// Lines that mean something in one place or another.
const LINES: &[&str] = &[
    "policy reader for plex {",
    "policy extra for memory { default deny allow @read }",
    "policy twin for filesystem { default deny include narrow allow read_* } policy twig for nowhere { default deny allow x }",
    "policy narrow for filesystem {",
    "policy",
    "  default deny",
    "  default allow",
    "  default hide",
    "}",
    "  include narrow",
    "  include floor",
    "  include wide",
    "  include reader",
    "  allow @own",
    "  allow @reading, @write",
    "  deny @gone",
    "  hide @critical",
    "  allow read_file { require args.path under \"/srv\" because \"only there\" }",
    "  deny write_file if args.path matches r\".*secret.*\"",
    "  allow edit_file, no_such_tool until 2026-11-22",
    "  allow search_* { limit to 10 per minute }",
    "  limit all to 100 per hour",
    "  on * { deny if args.path contains \"..\" }",
    "  block write_file",
    "set own = read_file, no_such_tool",
    "set own = @reading except open_nodes",
    "set reading = read_graph, search_*, @own",
    "set loop = @loop",
    "  set inner = fetch",
    "import \"floor.mcp\"",
    "import \"more.mcp\"",
    "import \"gone.mcp\"",
    "grant \"someone\" uses reader, writer",
    "grant \"bot\" uses narrow",
    "test \"t\" for reader {",
    "test \"u\" for gone { call fetch -> deny }",
    "  call read_file { path: \"/srv/a\" } -> allow",
    "/// What it is for.",
    "// mcppol: ignore[unknown-tool] -- it is newer than the catalog",
    "  // mcppol: ignore[write-tool-without-limit, default-allow] -- on purpose",
    "// mcppol: ignore[no-such-rule] -- why",
    "",
    "   ",
];

/// What is typed, or left behind.
const BITS: &[&str] = &[
    "{",
    "}",
    "\"",
    "//",
    "///",
    " ",
    "\n",
    "\r\n",
    "😀",
    "é",
    "\u{feff}",
    "\u{200b}",
    "(",
    "]",
    ",",
    "x",
    "@",
    "*",
    "-",
    "1",
    "policy ",
    "\npolicy ",
    "set ",
    "\nset own = fetch\n",
    "grant ",
    "\ntest ",
    "import ",
    "\nallow ",
    "include ",
    "except ",
    "if args.path exists ",
    " because \"of that\"",
    "test: 1",
];

/// Names and words of the language.
const WORDS: &[&str] = &[
    "reader",
    "writer",
    "narrow",
    "floor",
    "wide",
    "twin",
    "plex",
    "memory",
    "filesystem",
    "fetch",
    "nowhere",
    "own",
    "@own",
    "@reading",
    "@write",
    "@read",
    "read_file",
    "write_file",
    "search_*",
    "*",
    "open_nodes",
    "allow",
    "deny",
    "hide",
    "ask",
    "limit",
    "include",
    "policy",
    "set",
    "default",
    "args.path",
    "exists",
    "missing",
    "1000000",
    "require",
    "no_such_tool",
    "Read_File",
    "x",
    "",
];
