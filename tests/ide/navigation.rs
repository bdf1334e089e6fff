//! What holds at every place of every text: nothing panics, and places lie on characters of their texts.

use mcppol::ide::{
    definition::{Target, definition},
    highlight::highlight,
    names::Places,
    references::references,
    rename::{prepare, rename},
    symbols::{self, Symbol},
};
use proptest::{prelude::*, sample::select};

use super::Fixture;

const POLICY: &str = r#"import "floor.mcp"
set mine = @read, "odd é", clear_* except @logins
policy p for trakt as "x" {
  default deny
  allow @mine, clear_auth until 2026-12-31
  on @logins { require args.a["é"].b == "🎈" because "no" }
  include floor
}
grant "me" uses p, floor
test "é" for p { call clear_auth { a: "é" } 2 times -> deny }
"#;
const FLOOR: &str = "set logins = clear_auth\npolicy floor for trakt { default allow hide @logins }\n";
const CLAUDE: &str =
    r#"{ "permissions": { "deny": ["mcp__trakt__clear_auth", "mcp__plex__*"], "allow": ["Read(é)"] } }"#;

fn lie_in(places: &[Places]) {
    for Places { source, spans } in places {
        for span in spans {
            assert!(source.text.get(span.range()).is_some(), "{span:?} in {:?}", source.text);
        }
    }
}

fn outlines(symbols: &[Symbol], text: &str) {
    for symbol in symbols {
        assert!(!symbol.name.is_empty(), "{symbol:?}");
        assert!(text.get(symbol.span.range()).is_some() && text.get(symbol.name_span.range()).is_some(), "{symbol:?}");
        let within = symbol.span.start <= symbol.name_span.start && symbol.name_span.end <= symbol.span.end;
        assert!(within, "{symbol:?} in {text:?}");
        outlines(&symbol.children, text);
    }
}

fn everywhere(name: &str, text: &str) {
    let fixture = Fixture::with_imports(name, text, &[("floor.mcp", FLOOR)]);
    let view = fixture.view();
    outlines(&symbols::document(&view), text);
    for offset in 0..u32::try_from(text.len() + 2).unwrap() {
        for target in definition(&view, offset, &fixture.files) {
            if let Target::Places(places) = target {
                lie_in(&[places]);
            }
        }
        lie_in(&references(&view, offset, true, &fixture.files, std::iter::empty()));
        let lit = highlight(&view, offset);
        assert!(lit.iter().all(|(span, _)| text.get(span.range()).is_some()));
        if let Ok((span, now)) = prepare(&view, offset, &fixture.files) {
            assert_eq!(text.get(span.range()), Some(&*now));
            assert!(lit.iter().any(|(other, _)| *other == span), "what is renamed lights up");
            if let Ok(renamed) = rename(&view, offset, "fresh", &fixture.files, std::iter::empty()) {
                lie_in(&renamed.places);
            }
        }
    }
}

#[test]
fn in_whole_texts() {
    everywhere("a.mcp", POLICY);
    everywhere("a.mcp", &format!("\u{feff}{}", POLICY.replace('\n', "\r\n")));
    everywhere(".claude/settings.json", CLAUDE);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn in_broken_texts(
        at in any::<prop::sample::Index>(),
        gone in 0_usize..30,
        put in select(vec!["", "{", "}", "\"", "@", "é", "\npolicy ", "set ", ",", "args.", "for"]),
    ) {
        let text: Vec<char> = POLICY.chars().collect();
        let start = at.index(text.len());
        let end = (start + gone).min(text.len());
        let text: String = text[..start].iter().copied().chain(put.chars()).chain(text[end..].iter().copied()).collect();
        everywhere("a.mcp", &text);
    }
}
