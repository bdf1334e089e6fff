//! What stands between the words of a policy.

use mcppol::{
    ide::hints::hints,
    text::{FileId, Span},
};

use super::{Fixture, damaged};

/// The text with its hints in place, and their tooltips.
fn shown(fixture: &Fixture) -> String {
    let text = fixture.document.text();
    let all = Span::new(FileId(0), 0, u32::try_from(text.len()).unwrap());
    let (mut out, mut told, mut at) = (String::new(), String::new(), 0);
    for hint in hints(&fixture.view(), all) {
        out.push_str(&text[at..hint.offset as usize]);
        out.push_str(&format!(" «{}»", hint.label));
        at = hint.offset as usize;
        told.push_str(&format!("--- {}\n{}", hint.label, hint.tooltip));
    }
    out.push_str(&text[at..]);
    out + &told
}

const POLICY: &str = r#"set own = add_*, @logins
set logins = start_device_auth, clear_auth

policy floor for trakt {
  default allow
  hide @critical
}

policy assistant for trakt {
  default deny
  include floor
  allow @read except fetch_user_ratings, *_movies
  allow add_to_history, start_device_auth
  ask @own, strange because "look"
  on fetch_* having args.limit {
    require args.limit <= 100
    limit to 10 per minute
  }
  limit add_to_history to 5 per hour
  limit all to 60 per minute
  hide
    remove_*, @critical
    except remove_from_history
}

policy unknown for nobody {
  default deny
  allow a, b
}
"#;

#[test]
fn lists_and_limits() {
    insta::assert_snapshot!(shown(&Fixture::new(POLICY)));
}

#[test]
fn documents_of_others() {
    let text = r#"{ "permissions": { "allow": ["mcp__trakt__search_movies", "mcp__trakt__fetch_*"] } }"#;
    insta::assert_snapshot!(shown(&Fixture::with_imports(".claude/settings.json", text, &[])));
}

#[test]
fn only_what_is_asked_for() {
    let fixture = Fixture::new(POLICY);
    let view = fixture.view();
    let all = hints(&view, Span::new(FileId(0), 0, u32::try_from(POLICY.len()).unwrap()));
    for (line, at) in POLICY.lines().scan(0, |at, line| {
        let start = *at;
        *at += line.len() + 1;
        Some((line, start))
    }) {
        let part = Span::new(FileId(0), u32::try_from(at).unwrap(), u32::try_from(at + line.len()).unwrap());
        let within: Vec<_> =
            all.iter().filter(|hint| part.start <= hint.offset && hint.offset <= part.end).cloned().collect();
        assert_eq!(hints(&view, part), within, "{line}");
    }
}

#[test]
fn a_policy_with_errors_has_none() {
    let fixture = Fixture::new("policy p for trakt {\n  default deny\n  allow @read\n  alow x\n}\n");
    assert_eq!(hints(&fixture.view(), Span::new(FileId(0), 0, 70)), []);
}

#[test]
fn total() {
    for fixture in damaged() {
        let text = fixture.document.text();
        let end = u32::try_from(text.len()).unwrap();
        let all = hints(&fixture.view(), Span::new(FileId(0), 0, end + 9));
        assert!(all.iter().all(|hint| text.is_char_boundary(hint.offset as usize)), "{text}");
        for start in 0..end {
            hints(&fixture.view(), Span::new(FileId(0), start, start + 1));
        }
    }
}
