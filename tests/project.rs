//! A project's settings through the binary: found from below, followed, and refused where they are wrong.

#![cfg(feature = "cli")]

use crate::cli::Folder;

const POLICY: &str = "policy p for trakt { default deny allow clear_auth, fetch_history }\n";
const OVERLAY: &str = "[servers.trakt.tools.clear_auth]\ncategory = \"write\"\nwhy = \"we sign in again\"\n";

/// Exit code, standard output, standard error.
fn run(folder: &Folder, line: &str) -> (i32, String, String) {
    let output = folder.command(line).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn an_overlay_changes_what_check_says() {
    let folder = Folder::new(&[("p.mcp", POLICY), ("house.toml", OVERLAY)]);
    let (code, out, _) = run(&folder, "check p.mcp");
    assert!(code == 1 && out.contains("critical-tool-not-blocked"), "{out}");
    let folder =
        Folder::new(&[("p.mcp", POLICY), ("house.toml", OVERLAY), ("mcppol.toml", "overlays = [\"*house.toml\"]\n")]);
    let (code, out, err) = run(&folder, "check p.mcp");
    assert!(code == 0 && out == "no findings in 1 file\n", "{out}{err}");
    // the settings count from a folder below, and not at all with `--no-config`
    std::fs::create_dir(folder.path("sub")).unwrap();
    let mut command = folder.command("check ../p.mcp");
    assert_eq!(command.current_dir(folder.path("sub")).output().unwrap().status.code(), Some(0));
    assert_eq!(run(&folder, "--no-config check p.mcp").0, 1);
    assert_eq!(run(&folder, "check p.mcp --config mcppol.toml").0, 0);
}

/// A repository below another project is a project of its own.
#[test]
fn settings_above_the_repository_do_not_count() {
    let folder = Folder::new(&[("house.toml", OVERLAY), ("mcppol.toml", "overlays = [\"house.toml\"]\n")]);
    std::fs::create_dir_all(folder.path("repository/.git")).unwrap();
    std::fs::write(folder.path("repository/p.mcp"), POLICY).unwrap();
    let mut command = folder.command("check p.mcp");
    assert_eq!(command.current_dir(folder.path("repository")).output().unwrap().status.code(), Some(1));
}

#[test]
fn a_catalog_of_the_project_is_known() {
    let catalog = r#"{"format": 1, "id": "acme", "name": "Acme", "source": "by hand", "tools": [
        {"name": "ping", "category": "read", "risk": "low", "signals": [], "why": "by hand", "params": []}]}"#;
    let files = [
        ("p.mcp", "policy p for acme { default deny allow @read }\n"),
        ("catalogs/acme.json", catalog),
        ("mcppol.toml", "catalogs = [\"catalogs/*.json\"]\n"),
    ];
    let folder = Folder::new(&files);
    let (code, out, err) = run(&folder, "check p.mcp");
    assert!(code == 0, "{out}{err}");
}

#[test]
fn settings_that_are_wrong_stop_the_command() {
    for (settings, expected) in [
        (
            "catlogs = []",
            "error: `mcppol.toml`, line 1: unknown field `catlogs`, expected one of `catalogs`, `overlays`, `files`, `lock`, `lint`, `servers`\n",
        ),
        ("catalogs = [\"no.json\"]", "error: `no.json` cannot be read: there is no such file\n"),
        (
            "catalogs = [\"p.mcp\"]",
            "error: `p.mcp`: not an index of catalogs\n  help: a catalog file ends in `.json`; anything else is taken for an index\n",
        ),
        (
            "overlays = [\"bad.toml\"]",
            "error: `bad.toml`, line 1: no tool of `trakt` is named `clear_atuh`\n  help: did you mean `clear_auth`? a new \
             one says `new = true`\n",
        ),
    ] {
        let bad = ("bad.toml", "[servers.trakt.tools.clear_atuh]\nrisk = \"low\"\n");
        let folder = Folder::new(&[("p.mcp", POLICY), ("mcppol.toml", settings), bad]);
        let (code, out, err) = run(&folder, "check p.mcp");
        assert_eq!((code, out.as_str(), err.as_str()), (2, "", expected));
    }
}

/// The examples of the page are read as it says.
#[test]
fn the_page_is_true() {
    let page = include_str!("../docs/project.md");
    let blocks: Vec<&str> = page.split("```toml\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    let [settings, overlay] = blocks[..] else { panic!("two examples, not {}", blocks.len()) };
    let config = mcppol::config::config(settings).unwrap();
    assert_eq!(config.servers.len(), 2);
    let catalogs = mcppol::catalog::Catalogs::embedded();
    let catalogs = mcppol::config::overlay(overlay).unwrap().apply(catalogs, "house.toml", overlay).unwrap();
    assert_eq!(catalogs.find("trakt-prod").unwrap().tool("clear_auth").unwrap().category.name(), "write");
    assert_eq!(catalogs.find("billing").unwrap().tools.len(), 1);
}
