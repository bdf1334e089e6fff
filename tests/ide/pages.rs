//! Servers as texts.

use mcppol::{catalog::Catalogs, ide::pages::page};

#[test]
fn a_server() {
    let catalogs = Catalogs::embedded();
    let server = catalogs.find("trakt").unwrap();
    let text = page(&server).text;
    let end = text.match_indices("\n## ").nth(4).unwrap().0;
    insta::assert_snapshot!(&text[..end]);
}

#[test]
fn each_tool_has_its_heading() {
    let catalogs = Catalogs::embedded();
    for id in ["trakt", "plex", "llm-cli-gateway"] {
        let server = catalogs.find(id).unwrap();
        let page = page(&server);
        for tool in &server.tools {
            let span = page.place_of(&server, &tool.name);
            assert_eq!(page.text[span.start as usize..span.end as usize].trim_matches('`'), tool.name);
            assert!(page.text[..span.start as usize].ends_with("\n## "));
        }
        assert_eq!(page.place_of(&server, "no such tool").start, 0);
    }
}

/// A stranger's words begin no heading and no block of ours.
#[test]
fn words_of_strangers_stay_words() {
    let catalog = r##"{"format":1,"id":"evil","name":"# x\n## y","source":"o","tools":[{"name":"a` ## b","category":"read","risk":"low","signals":[],"why":"w\n## fake","description":"d\n## fake\n\n```\n[l](http://x)","params":[]}]}"##;
    let server = mcppol::catalog::parse(catalog.as_bytes()).unwrap();
    insta::assert_snapshot!(page(&server).text, @r#"
    # # x ## y (`evil`)

    - facts: o
    - 1 tool: 1 read

    ## `` a` ## b ``

    read, low risk: w ## fake (a catalog of the project)

    One call, which takes no arguments, retrieves without changing anything.

        d
        ## fake

        ```
        [l](http://x)
    "#);
}
