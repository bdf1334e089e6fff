//! The files that a text refers to.

use mcppol::ide::links::links;

use super::Fixture;

#[test]
fn imports_and_nothing_else() {
    let fixture =
        Fixture::new("import \"a.mcp\"\nimport r\"b\\c.mcp\" // d.mcp\nset x = \"e.mcp\"\nimport\nimport \"é\\u00e9\"");
    let text = fixture.document.text();
    let found: Vec<(&str, String)> =
        links(&fixture.view()).into_iter().map(|link| (&text[link.span.range()], link.path)).collect();
    let wanted = [("\"a.mcp\"", "a.mcp"), ("r\"b\\c.mcp\"", "b\\c.mcp"), ("\"é\\u00e9\"", "éé")];
    assert_eq!(found, wanted.map(|(written, path)| (written, path.to_owned())));
}
