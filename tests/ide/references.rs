//! Where names are spoken of, in every file that knows them and in no other.

use mcppol::{hir::Source, ide::references::references};

use super::{Fixture, definition::shown};

/// A workspace: the first file is open, with the cursor.
fn told(files: &[(&str, &str)], with_definitions: bool) -> Vec<String> {
    let (name, text) = files[0];
    let mut fixture = Fixture::with_imports(name, text, &files[1..]);
    fixture.files.0.insert(name.to_owned(), fixture.document.text().to_owned());
    let source = |(name, text): &(&str, &str)| Source { name: (*name).to_owned(), text: (*text).to_owned() };
    let others = files[1..].iter().map(source);
    shown(&references(&fixture.view(), fixture.cursor(), with_definitions, &fixture.files, others))
}

const FLOOR: &str = "set s = a\npolicy floor for trakt {\n  default deny\n  deny @s\n}\n";
const ONE: &str = "import \"floor.mcp\"\npolicy one for trakt {\n  default deny\n  include floor\n  allow @s\n}\n";
const TWO: &str = "import \"one.mcp\"\nset s = b\npolicy floor for trakt {\n  default deny\n  allow @s\n}\n";
const THREE: &str = "import \"one.mcp\"\ngrant \"me\" uses floor\nset t = @s\n";

#[test]
fn of_a_definition() {
    let floor = FLOOR.replace("set s", "set s<|>");
    let files = [("floor.mcp", &*floor), ("one.mcp", ONE), ("two.mcp", TWO), ("three.mcp", THREE)];
    assert_eq!(
        told(&files, true),
        ["floor.mcp:1 set «s» = a", "floor.mcp:4   deny @«s»", "one.mcp:5   allow @«s»"],
        "what imports it directly; two has its own, three knows none"
    );
    assert_eq!(told(&files, false), ["floor.mcp:4   deny @«s»", "one.mcp:5   allow @«s»"]);
}

#[test]
fn of_a_use() {
    let one = ONE.replace("include floor", "include fl<|>oor");
    let files = [("one.mcp", &*one), ("floor.mcp", FLOOR), ("two.mcp", TWO), ("three.mcp", THREE)];
    assert_eq!(told(&files, true), ["one.mcp:4   include «floor»", "floor.mcp:2 policy «floor» for trakt {"]);
    let two = TWO.replace("allow @s", "allow @s<|>");
    let files = [("two.mcp", &*two), ("floor.mcp", FLOOR), ("one.mcp", ONE)];
    assert_eq!(told(&files, true), ["two.mcp:2 set «s» = b", "two.mcp:5   allow @«s»"]);
}

#[test]
fn of_what_is_not_defined_or_built_in() {
    let three = THREE.replace("@s", "@s<|>");
    assert_eq!(
        told(&[("three.mcp", &*three), ("one.mcp", ONE), ("floor.mcp", FLOOR)], true),
        ["three.mcp:3 set t = @«s»"]
    );
    let built_in = "import \"b.mcp\"\nset t = @re<|>ad, @read";
    assert_eq!(
        told(&[("a.mcp", built_in), ("b.mcp", "set u = @read")], true),
        ["a.mcp:2 set t = @«read», @read", "a.mcp:2 set t = @read, @«read»"]
    );
}

#[test]
fn of_tools_in_the_document() {
    let text = "policy p for trakt { default deny allow clear_<|>auth }\npolicy q for plex { default deny allow clear_auth }\n";
    assert_eq!(
        told(&[("a.mcp", text), ("b.mcp", "set s = clear_auth")], true),
        ["a.mcp:1 policy p for trakt { default deny allow «clear_auth» }"]
    );
}
