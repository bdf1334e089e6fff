//! What `check` prints for other programs: SARIF, annotations and JUnit, of plain findings and of hostile texts.
#![cfg(feature = "cli")]

mod baseline;
mod fix;
pub(crate) mod xml;

use std::{collections::BTreeSet, fs};

use insta::assert_snapshot;
use proptest::{
    collection::vec,
    sample::select,
    strategy::{Strategy as _, ValueTree as _},
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use serde_json::Value;

use crate::cli::Folder;

/// A finding of each weight, one that is silenced, and one with another place.
const MIXED: &str = "\
policy a for trakt {
  default deny
  allow @read // mcppol: ignore[dead-pattern] -- old
  hide clear_autth
  deny fetch_nothing // mcppol: ignore[unknown-tool] -- from May on
  ask remove_from_history because \"it, too: 100%\"
}
policy b for plex {
  default deny
}
";

const FORMATS: [&str; 5] = ["text", "json", "sarif", "github", "junit"];

fn stdout(folder: &Folder, line: &str) -> String {
    String::from_utf8(folder.output(line, b"").stdout).unwrap()
}

#[test]
fn annotations() {
    let folder = Folder::new(&[("a/p.mcp", MIXED)]);
    assert_snapshot!(folder.run("check --format github a/p.mcp"), @"
    exit 1
    [stdout]
    ::warning file=a/p.mcp,line=3,endLine=3,col=15,endColumn=53,title=unused-suppression::nothing here is found by `dead-pattern`, so this comment silences nothing%0Ahelp: remove the comment
    ::error file=a/p.mcp,line=4,endLine=4,col=8,endColumn=19,title=unknown-tool::`trakt` has no tool `clear_autth`, so this guards nothing that is known%0Ahelp: did you mean `clear_auth`?
    ::notice file=a/p.mcp,line=6,endLine=6,col=3,endColumn=50,title=lossy-lowering::on `policylayer` nobody can be asked, so these calls are refused with a text that says so%0Ahelp: that is the gateway's own way; `--target rules` has approvals
    ::error file=a/p.mcp,line=8,endLine=8,col=8,endColumn=9,title=deny-everything-by-accident::`b` blocks all 22 tools of `plex`: nothing is granted%0Ahelp: grant what the agent needs, for example `allow @read`; where the rest of the server should stay open, write `default allow`
    2 errors, 1 warning and 1 info in 1 file
    ");
}

#[test]
fn junit() {
    let folder = Folder::new(&[("p.mcp", MIXED), ("q.mcp", "set a = x\n")]);
    assert_snapshot!(folder.run("check --format junit p.mcp q.mcp"), @r#"
    exit 1
    [stdout]
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="mcppol" tests="6" failures="3" errors="0" skipped="1">
      <testsuite name="p.mcp" tests="5" failures="3" errors="0" skipped="1">
        <testcase name="unused-suppression p.mcp:3:15" classname="p.mcp"><failure type="unused-suppression" message="nothing here is found by `dead-pattern`, so this comment silences nothing">p.mcp:3:15: warning[unused-suppression] nothing here is found by `dead-pattern`, so this comment silences nothing&#10;help: remove the comment</failure></testcase>
        <testcase name="unknown-tool p.mcp:4:8" classname="p.mcp"><failure type="unknown-tool" message="`trakt` has no tool `clear_autth`, so this guards nothing that is known">p.mcp:4:8: error[unknown-tool] `trakt` has no tool `clear_autth`, so this guards nothing that is known&#10;help: did you mean `clear_auth`?</failure></testcase>
        <testcase name="unknown-tool p.mcp:5:8" classname="p.mcp"><skipped message="from May on"/></testcase>
        <testcase name="lossy-lowering p.mcp:6:3" classname="p.mcp"><system-out>p.mcp:6:3: info[lossy-lowering] on `policylayer` nobody can be asked, so these calls are refused with a text that says so&#10;help: that is the gateway&apos;s own way; `--target rules` has approvals</system-out></testcase>
        <testcase name="deny-everything-by-accident p.mcp:8:8" classname="p.mcp"><failure type="deny-everything-by-accident" message="`b` blocks all 22 tools of `plex`: nothing is granted">p.mcp:8:8: error[deny-everything-by-accident] `b` blocks all 22 tools of `plex`: nothing is granted&#10;help: grant what the agent needs, for example `allow @read`; where the rest of the server should stay open, write `default allow`</failure></testcase>
      </testsuite>
      <testsuite name="q.mcp" tests="1" failures="0" errors="0" skipped="0">
        <testcase name="no findings" classname="q.mcp"/>
      </testsuite>
    </testsuites>
    "#);
}

#[test]
fn sarif() {
    let folder = Folder::new(&[("a folder/p.mcp", MIXED)]);
    let text = stdout(&folder, "check --format sarif 'a folder/p.mcp'");
    let log: Value = serde_json::from_str(&text).unwrap();
    let run = &log["runs"][0];
    let driver = &run["tool"]["driver"];
    let rules: Vec<&str> =
        driver["rules"].as_array().unwrap().iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    assert_snapshot!(rules.join(" "), @"deny-everything-by-accident lossy-lowering unknown-tool unused-suppression");
    let mut rule =
        driver["rules"].as_array().unwrap().iter().find(|rule| rule["id"] == "unknown-tool").unwrap().clone();
    for member in ["text", "markdown"] {
        let page = rule["help"][member].as_str().unwrap();
        assert!(page.contains("Bad\n\n") && page.contains("hide clear_autth"), "{page}");
        rule["help"][member] = "…".into();
    }
    assert_snapshot!(format!("{rule:#}"), @r#"
    {
      "id": "unknown-tool",
      "shortDescription": {
        "text": "a tool is named that the server's catalog does not have"
      },
      "fullDescription": {
        "text": "A misspelt or renamed tool is accepted by every engine without a word. Under `deny`, `hide`, `ask` or `limit` the gate looks closed and is open; under `allow` a capability is quietly missing. The name still goes into the compiled policy, because the server may be newer than its catalog."
      },
      "defaultConfiguration": {
        "level": "error"
      },
      "help": {
        "text": "…",
        "markdown": "…"
      },
      "properties": {
        "tags": [
          "security",
          "lints"
        ],
        "precision": "high",
        "problem.severity": "error"
      }
    }
    "#);
    let results = run["results"].as_array().unwrap();
    let of = |name: &str| results.iter().find(|result| result["ruleId"] == name).unwrap();
    assert_snapshot!(format!("{:#}", of("unused-suppression")), @r#"
    {
      "ruleId": "unused-suppression",
      "ruleIndex": 3,
      "level": "warning",
      "message": {
        "text": "nothing here is found by `dead-pattern`, so this comment silences nothing\nhelp: remove the comment"
      },
      "locations": [
        {
          "physicalLocation": {
            "artifactLocation": {
              "uri": "a%20folder/p.mcp",
              "uriBaseId": "%SRCROOT%"
            },
            "region": {
              "startLine": 3,
              "startColumn": 15,
              "endLine": 3,
              "endColumn": 53
            }
          }
        }
      ],
      "partialFingerprints": {
        "mcppol/v1": "8de258ea0a1e539b"
      },
      "fixes": [
        {
          "description": {
            "text": "remove the comment"
          },
          "artifactChanges": [
            {
              "artifactLocation": {
                "uri": "a%20folder/p.mcp",
                "uriBaseId": "%SRCROOT%"
              },
              "replacements": [
                {
                  "deletedRegion": {
                    "startLine": 3,
                    "startColumn": 14,
                    "endLine": 3,
                    "endColumn": 53
                  }
                }
              ]
            }
          ]
        }
      ],
      "suppressions": []
    }
    "#);
    assert_snapshot!(format!("{:#}", of("deny-everything-by-accident")["relatedLocations"]), @r#"
    [
      {
        "id": 1,
        "physicalLocation": {
          "artifactLocation": {
            "uri": "a%20folder/p.mcp",
            "uriBaseId": "%SRCROOT%"
          },
          "region": {
            "startLine": 9,
            "startColumn": 3,
            "endLine": 9,
            "endColumn": 15
          }
        },
        "message": {
          "text": "refuses whatever nothing grants"
        }
      }
    ]
    "#);
    let silenced: Vec<&Value> = results.iter().filter(|it| it["suppressions"][0].is_object()).collect();
    assert_eq!(silenced.len(), 1);
    assert_snapshot!(silenced[0]["suppressions"], @r#"[{"kind":"inSource","justification":"from May on"}]"#);
    assert_sarif(&log);
}

/// What the official schema does not say, and the schema itself where it is there.
fn assert_sarif(log: &Value) {
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    for result in run["results"].as_array().unwrap() {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert!(["note", "warning", "error"].contains(&result["level"].as_str().unwrap()));
        assert!(result["partialFingerprints"]["mcppol/v1"].as_str().is_some_and(|mark| mark.len() == 16));
        assert!(!result["message"]["text"].as_str().unwrap().contains("]("), "{result:#}");
        let related = result["relatedLocations"].as_array();
        for location in result["locations"].as_array().into_iter().chain(related).flatten() {
            let place = &location["physicalLocation"];
            let uri = place["artifactLocation"]["uri"].as_str().unwrap();
            assert!(uri.bytes().all(|b| b.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&b)), "{uri}");
            assert!(!uri.contains(':') || uri.starts_with("file:///"), "{uri}");
            let region = &place["region"];
            let number = |name: &str| region[name].as_u64().unwrap();
            assert!(number("startLine") >= 1 && number("startColumn") >= 1);
            let start = (number("startLine"), number("startColumn"));
            assert!((number("endLine"), number("endColumn")) >= start, "{region}");
        }
    }
    if let Some(schema) = std::env::var_os("MCPPOL_SARIF_SCHEMA") {
        let schema: Value = serde_json::from_str(&fs::read_to_string(schema).unwrap()).unwrap();
        let validator = jsonschema::validator_for(&schema).unwrap();
        let problems: Vec<String> =
            validator.iter_errors(log).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(problems.is_empty(), "{problems:#?}");
    }
}

/// Paths are those of the repository, wherever the command runs.
#[test]
fn paths_are_from_the_repository() {
    let folder = Folder::new(&[("repo/sub/p.mcp", "set a = x,\n"), ("other/q.mcp", "set a = x,\n")]);
    fs::create_dir(folder.path("repo/.git")).unwrap();
    let run = |line: &str| {
        let output = folder.command(line).current_dir(folder.path("repo/sub")).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let line = "check p.mcp ../../other/q.mcp --format";
    let annotations = run(&format!("{line} github"));
    assert!(annotations.starts_with("::error file=sub/p.mcp,"), "{annotations}");
    assert!(annotations.contains("\n::error file=../../other/q.mcp,"), "{annotations}");
    let log: Value = serde_json::from_str(&run(&format!("{line} sarif"))).unwrap();
    let place = |at: usize| &log["runs"][0]["results"][at]["locations"][0]["physicalLocation"]["artifactLocation"];
    assert_eq!((place(0)["uri"].as_str(), place(0)["uriBaseId"].as_str()), (Some("sub/p.mcp"), Some("%SRCROOT%")));
    let outside = place(1)["uri"].as_str().unwrap();
    assert!(outside.starts_with("file:///") && outside.ends_with("/other/q.mcp"), "{outside}");
    assert_sarif(&log);
}

/// The exit code is that of the findings, in every format and however many are printed.
#[test]
fn the_format_never_changes_the_exit_code() {
    let info = "policy p for plex {\n  default deny\n  ask get_on_deck\n}\n";
    let folder = Folder::new(&[("m.mcp", MIXED), ("i.mcp", info), ("e.mcp", "set a = x,\n"), ("c.mcp", "set a = x\n")]);
    for file in ["m", "i", "e", "c"] {
        for level in ["info", "warning", "error", "never"] {
            let line = format!("check {file}.mcp --fail-on {level}");
            let codes = FORMATS.map(|format| folder.exit(&format!("{line} --format {format}")));
            assert!(codes.iter().all(|code| *code == codes[0]), "{line}: {codes:?}");
            assert_eq!(folder.exit(&format!("{line} --max-findings 0")), codes[0], "{line}");
        }
    }
}

#[test]
fn only_so_many_findings_are_printed() {
    let text: String = (0..250).map(|n| format!("set s{n} = x,\n")).collect();
    let folder = Folder::new(&[("p.mcp", &text), ("m.mcp", MIXED)]);
    let lines = |text: &str, start: &str| text.lines().filter(|line| line.starts_with(start)).count();
    let usual = stdout(&folder, "check p.mcp");
    assert_eq!(lines(&usual, "error["), 200);
    assert!(usual.ends_with("… and 50 more\n\n250 errors in 1 file\n"), "{usual}");
    assert_eq!(lines(&stdout(&folder, "check p.mcp --max-findings 999"), "error["), 250);
    assert_eq!(lines(&stdout(&folder, "check p.mcp --format github"), "::error"), 250);
    // over all files, and the heaviest of each
    let few = stdout(&folder, "check m.mcp p.mcp --max-findings 3 --format github");
    assert_eq!((lines(&few, "::error"), lines(&few, "::warning")), (2, 1), "{few}");
    assert!(few.ends_with("… and 251 more\n252 errors, 1 warning and 1 info in 2 files\n"), "{few}");
    let data: Value = serde_json::from_str(&stdout(&folder, "check p.mcp --max-findings 3 --format json")).unwrap();
    assert_eq!(data["diagnostics"].as_array().map(Vec::len), Some(3));
    assert_eq!((&data["summary"]["errors"], &data["summary"]["omitted"]), (&250.into(), &247.into()));
}

// ---------------------------------------------------------------- rules and explain

#[test]
fn rules_are_listed_and_explained() {
    let folder = Folder::new(&[]);
    let list = stdout(&folder, "rules");
    let names: Vec<&str> = list.lines().skip(1).map(|line| line.split(' ').next().unwrap()).collect();
    assert_eq!(names, mcppol::lint::abouts().iter().map(|about| about.code.name).collect::<Vec<_>>());
    assert!(list.contains("\nunused-suppression "), "{list}");
    for name in &names {
        let page = stdout(&folder, &format!("explain {name}"));
        assert!(page.starts_with(&format!("{name}\n\n")) && page.contains("\nWhy\n"), "{page}");
        assert!(
            !page.contains("```") && page.lines().all(|line| line.starts_with("    ") || line.chars().count() <= 110),
            "{page}"
        );
    }
    assert_snapshot!(folder.run("explain unused-supression"), @"
    exit 2
    [stderr]
    error: no rule is named `unused-supression`
      help: did you mean `unused-suppression`?
    ");
    assert_snapshot!(folder.run("explain everything"), @"
    exit 2
    [stderr]
    error: no rule is named `everything`
      help: `mcppol rules` lists them
    ");
    assert_snapshot!(folder.run("explain mixed-and-or"), @"
    exit 0
    [stdout]
    mixed-and-or

    `and` and `or` are mixed without parentheses.

    Why

    `and` binds tighter than `or`, and not everybody reads it so. In a condition that decides who gets
    through, the reader should not have to know.

    Bad

        policy assistant for trakt {
          default deny
          allow search_movies {
            require args.limit <= 50 and args.page == 1 or args.page == 2
          }
        }

    Good

        policy assistant for trakt {
          default deny
          allow search_movies {
            require args.limit <= 50 and (args.page == 1 or args.page == 2)
          }
        }
    ");
}

// ---------------------------------------------------------------- hostile texts

/// What texts are made of that do harm where they are not escaped.
const PIECES: [&str; 40] = [
    "policy p for trakt {\n",
    "  default deny\n",
    "  allow ",
    "  hide ",
    "  deny ",
    "}\n",
    "\"",
    "\\u001b[31m",
    "\\u0000",
    "\u{1}",
    "\u{1b}]0;x\u{7}",
    "\r",
    "\r\n",
    "\n",
    "%0A",
    "%",
    "::error::x",
    "\n::error file=x::y\n",
    "&amp;",
    "<",
    ">",
    "]]>",
    "<!--",
    "-->",
    "'",
    "\u{202e}",
    "\u{2028}",
    "\u{feff}",
    "\u{ffff}",
    "\u{fffe}",
    "é🎈",
    "[x](http://e.example)",
    "[0](1)",
    "{0}",
    "// mcppol: ignore[unknown-tool] -- <&\">\u{8}\n",
    "clear_autth",
    "@nothing",
    " because ",
    ",",
    ";",
];

/// Names that a file can have on this system.
const NAMES: [&str; 8] = [
    "a,b:c%.mcp",
    "<&>'.mcp",
    "new\nline.mcp",
    "\u{1b}[31m.mcp",
    "é \u{202e}.mcp",
    "::error::.mcp",
    "[x](y).mcp",
    "{0}.mcp",
];

#[test]
#[cfg(unix)]
fn hostile_texts_are_escaped_in_every_format() {
    let config = Config { failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[5; 32]));
    let folder = Folder::new(&[]);
    let mut files: Vec<String> = Vec::new();
    for nth in 0..160 {
        let mut text = || vec(select(&PIECES), 1..20).new_tree(&mut runner).unwrap().current().concat();
        let text = if nth % 2 == 0 { text() + &text() } else { sound(&text(), &text()) };
        let name = format!("{nth}{}", NAMES[nth % NAMES.len()]);
        fs::write(folder.path(&name), text).unwrap();
        files.push(name);
    }
    let run = |format: &str| {
        let output = folder.command(&format!("check --format {format}")).args(&files).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(!text.chars().any(|c| c != '\n' && mcppol::text::is_hidden(c)), "{format}");
        text
    };
    let data: Value = serde_json::from_str(&run("json")).unwrap();
    let found = data["diagnostics"].as_array().unwrap();
    let silenced = data["suppressed"].as_array().unwrap().len();
    assert!(found.len() > 250 && silenced > 50, "{} and {silenced}", found.len());

    let log: Value = serde_json::from_str(&run("sarif")).unwrap();
    assert_eq!(log["runs"][0]["results"].as_array().unwrap().len(), found.len() + silenced);
    assert_sarif(&log);

    let annotations = run("github");
    let lines: Vec<&str> = annotations.lines().collect();
    assert_eq!(lines.len(), found.len() + 1);
    for (line, found) in lines.iter().zip(found) {
        let (properties, message) = line.strip_prefix("::").unwrap().split_once("::").unwrap();
        let (command, properties) = properties.split_once(' ').unwrap();
        assert!(["error", "warning", "notice"].contains(&command), "{line}");
        let names: Vec<&str> = properties.split(',').map(|pair| pair.split_once('=').unwrap().0).collect();
        let wanted: BTreeSet<&str> = ["file", "line", "endLine", "col", "endColumn", "title"].into();
        assert!(names.iter().all(|name| wanted.contains(name)) && names.len() >= 4, "{line}");
        let file = properties.split(',').next().unwrap().strip_prefix("file=").unwrap();
        assert_eq!(unescaped(file), mcppol::text::visible(found["file"].as_str().unwrap()));
        let message = unescaped(message);
        assert!(message.starts_with(&mcppol::text::visible(found["message"].as_str().unwrap())), "{line}");
    }

    let document = run("junit");
    let tree = xml::read(&document).unwrap_or_else(|why| panic!("{why}"));
    let cases = tree.iter().filter(|name| *name == "testcase").count();
    let clean = document.matches("name=\"no findings\"").count();
    assert_eq!(cases, found.len() + silenced + clean);
}

/// A policy that reads, and names a tool so.
fn sound(tool: &str, reason: &str) -> String {
    let reason = reason.replace(['\n', '\r'], " ");
    let name = mcppol::syntax::literal::quote(tool);
    format!(
        "policy p for trakt {{\n  default deny\n  allow @read\n  deny {name}, clear_autth\n  \
         hide clear_atuh // mcppol: ignore[unknown-tool] -- {reason}\n}}\n"
    )
}

fn unescaped(text: &str) -> String {
    assert!(!text.contains(['\r', '\n']), "{text:?}");
    let mut out = text.to_owned();
    for (from, to) in [("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")] {
        out = out.replace(from, to);
    }
    out
}
