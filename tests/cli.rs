//! The command as people and scripts run it: the real binary, in a folder of its own.
//!
//! This file is long because the outputs that people read stand in it, in full.
#![cfg(feature = "cli")]

use std::{
    fs,
    io::Write as _,
    path::PathBuf,
    process::{Command, Output, Stdio},
};

use insta::assert_snapshot;

/// A policy with two mistakes.
const MISTAKEN: &str = "\
policy assistant for trakt {
  default deny
  allow search_*, fetch_history
  allow add_to_history {
    require args.history_type == \"movies\" because \"films only\"
    limit total args.items to 5 per day
  }
  hide clear_autth
}
";

/// A policy that reads and compiles without a word.
const CLEAN: &str = "policy p for plex {\n  default deny\n  allow get_on_deck\n}\n";
/// What it compiles to.
const CLEAN_JSON: &str =
    "{\n  \"version\": \"1\",\n  \"default\": \"deny\",\n  \"tools\": {\n    \"get_on_deck\": {}\n  }\n}\n";
/// A policy that compiles, with a warning.
const WARNED: &str = "policy p for plex {\n  default deny\n  allow get_on_deck, get_off_deck\n}\n";
/// A policy that does not compile.
const BROKEN: &str = "policy p for plex {\n  default deny\n  alow get_on_deck\n}\n";
/// Two policies.
const TWO: &str =
    "policy a for plex { default deny\n  allow get_on_deck }\npolicy b for trakt { default deny\n  allow @read }\n";

/// A folder of a test's own.
pub(crate) struct Folder(tempfile::TempDir);

impl Folder {
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        for (name, text) in files {
            let path = folder.path(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        folder
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// The names in it, sorted.
    fn names(&self) -> String {
        let mut names: Vec<String> = fs::read_dir(self.0.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names.join(" ")
    }

    pub(crate) fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mcppol"));
        command.args(words(line)).current_dir(self.0.path());
        for variable in ["NO_COLOR", "CLICOLOR_FORCE", "COLUMNS"] {
            command.env_remove(variable);
        }
        command
    }

    pub(crate) fn output(&self, line: &str, stdin: &[u8]) -> Output {
        let mut command = self.command(line);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // a command that fails early does not read what it is given
        let _ = child.stdin.take().unwrap().write_all(stdin);
        child.wait_with_output().unwrap()
    }

    /// What a command says and how it ends.
    pub(crate) fn run(&self, line: &str) -> String {
        shown(&self.output(line, b""))
    }

    pub(crate) fn exit(&self, line: &str) -> i32 {
        self.output(line, b"").status.code().unwrap()
    }
}

/// The words of a command line; `'…'` keeps blanks.
fn words(line: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for (index, part) in line.split('\'').enumerate() {
        if index % 2 == 1 {
            out.push(part.to_owned());
        } else {
            out.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    out
}

fn shown(output: &Output) -> String {
    let mut out = format!("exit {}\n", output.status.code().unwrap());
    for (name, bytes) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
        if !bytes.is_empty() {
            out.push_str(&format!("[{name}]\n{}", std::str::from_utf8(bytes).unwrap()));
        }
    }
    out
}

// ---------------------------------------------------------------- check

#[test]
fn check_says_where_and_what_to_do() {
    let folder = Folder::new(&[("p.mcp", MISTAKEN)]);
    assert_snapshot!(folder.run("check p.mcp"), @r#"
    exit 1
    [stdout]
    error[invalid-limit]

      × `args.items` of `add_to_history` is an array, and only whole numbers are counted
       ╭─[p.mcp:6:17]
     5 │     require args.history_type == "movies" because "films only"
     6 │     limit total args.items to 5 per day
       ·                 ──────────
     7 │   }
       ╰────
      help: count calls (`limit to N per …`), or bound each call with `require … <= N`

    1 error in 1 file
    "#);
}

#[test]
fn check_of_a_clean_file() {
    let folder = Folder::new(&[("p.mcp", CLEAN), ("q.mcp", CLEAN)]);
    assert_snapshot!(folder.run("check p.mcp"), @r"
    exit 0
    [stdout]
    no findings in 1 file
    ");
    assert_snapshot!(folder.run("check p.mcp q.mcp"), @r"
    exit 0
    [stdout]
    no findings in 2 files
    ");
    assert_snapshot!(folder.run("check --format json p.mcp"), @r#"
    exit 0
    [stdout]
    {
      "diagnostics": [],
      "suppressed": [],
      "baseline": null,
      "summary": {
        "files": 1,
        "errors": 0,
        "warnings": 0,
        "infos": 0,
        "suppressed": 0,
        "omitted": 0
      }
    }
    "#);
}

#[test]
fn check_as_json() {
    let folder = Folder::new(&[("p.mcp", WARNED), ("q.mcp", BROKEN)]);
    assert_snapshot!(folder.run("check --format json p.mcp q.mcp"), @r#"
    exit 1
    [stdout]
    {
      "diagnostics": [
        {
          "name": "unknown-tool",
          "level": "warning",
          "confidence": "high",
          "message": "`plex` has no tool `get_off_deck`, so nothing known is covered by it",
          "proof": null,
          "help": "did you mean `get_on_deck`?",
          "policy": "p",
          "file": "p.mcp",
          "line": 3,
          "column": 22,
          "end_line": 3,
          "end_column": 34,
          "labels": [],
          "fix": {
            "title": "did you mean `get_on_deck`?",
            "applicability": "unsafe",
            "edits": [
              {
                "file": "p.mcp",
                "line": 3,
                "column": 22,
                "end_line": 3,
                "end_column": 34,
                "text": "get_on_deck"
              }
            ]
          },
          "fingerprint": "2215c2183a6fe9e0"
        },
        {
          "name": "syntax-error",
          "level": "error",
          "confidence": "high",
          "message": "`alow` does not begin a statement",
          "proof": null,
          "help": "did you mean `allow`?",
          "policy": "p",
          "file": "q.mcp",
          "line": 3,
          "column": 3,
          "end_line": 3,
          "end_column": 7,
          "labels": [],
          "fix": {
            "title": "did you mean `allow`?",
            "applicability": "unsafe",
            "edits": [
              {
                "file": "q.mcp",
                "line": 3,
                "column": 3,
                "end_line": 3,
                "end_column": 7,
                "text": "allow"
              }
            ]
          },
          "fingerprint": "77e8f8be83119504"
        }
      ],
      "suppressed": [],
      "baseline": null,
      "summary": {
        "files": 2,
        "errors": 1,
        "warnings": 1,
        "infos": 0,
        "suppressed": 0,
        "omitted": 0
      }
    }
    "#);
}

#[test]
fn check_of_standard_input() {
    let folder = Folder::new(&[]);
    assert_snapshot!(shown(&folder.output("check -", WARNED.as_bytes())), @r"
    exit 1
    [stdout]
    warning[unknown-tool]

      ⚠ `plex` has no tool `get_off_deck`, so nothing known is covered by it
       ╭─[<stdin>:3:22]
     2 │   default deny
     3 │   allow get_on_deck, get_off_deck
       ·                      ────────────
     4 │ }
       ╰────
      help: did you mean `get_on_deck`?

    1 warning in 1 file
    ");
    assert_eq!(folder.output("check -", CLEAN.as_bytes()).status.code(), Some(0));
}

/// The exit code by level and `--fail-on`, which is the same in both formats.
#[test]
fn check_exit_codes() {
    let info = "policy p for plex {\n  default deny\n  ask get_on_deck\n}\n";
    let folder =
        Folder::new(&[("clean.mcp", CLEAN), ("info.mcp", info), ("warning.mcp", WARNED), ("error.mcp", BROKEN)]);
    let mut table = String::from("            info warning error never\n");
    for file in ["clean", "info", "warning", "error"] {
        table.push_str(&format!("{file:8}"));
        for level in ["info", "warning", "error", "never"] {
            let line = format!("check {file}.mcp --fail-on {level}");
            let code = folder.exit(&line);
            assert_eq!(code, folder.exit(&format!("{line} --format json")), "{line}");
            table.push_str(&format!("{code:>8}"));
        }
        table.push('\n');
        assert_eq!(
            folder.exit(&format!("check {file}.mcp")),
            folder.exit(&format!("check {file}.mcp --fail-on warning"))
        );
    }
    assert_snapshot!(table, @r"
                info warning error never
    clean          0       0       0       0
    info           1       0       0       0
    warning        1       1       0       0
    error          1       1       1       0
    ");
}

#[test]
fn files_that_cannot_be_read() {
    let folder = Folder::new(&[("p.mcp", CLEAN), ("folder/x", "")]);
    fs::write(folder.path("latin.mcp"), b"// caf\xe9\n").unwrap();
    assert_snapshot!(folder.run("check absent.mcp"), @r"
    exit 2
    [stderr]
    error: `absent.mcp` cannot be read: there is no such file
    ");
    assert_snapshot!(folder.run("check p.mcp absent.mcp --format json"), @r"
    exit 2
    [stderr]
    error: `absent.mcp` cannot be read: there is no such file
    ");
    assert_snapshot!(folder.run("check latin.mcp"), @r"
    exit 2
    [stderr]
    error: `latin.mcp` is not UTF-8 text: the byte at offset 6 belongs to no character
      help: save the file as UTF-8
    ");
    for command in ["check folder", "compile absent.mcp", "compile latin.mcp", "eval absent.mcp --tool x"] {
        let output = folder.output(command, b"");
        assert_eq!(output.status.code(), Some(2), "{command}");
        assert!(output.stdout.is_empty() && output.stderr.starts_with(b"error: "), "{command}");
    }
}

#[test]
#[cfg(unix)]
fn files_without_permission() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Folder::new(&[("p.mcp", CLEAN)]);
    fs::set_permissions(folder.path("p.mcp"), fs::Permissions::from_mode(0o000)).unwrap();
    // root reads everything
    if fs::read(folder.path("p.mcp")).is_err() {
        assert_eq!(folder.run("check p.mcp"), "exit 2\n[stderr]\nerror: `p.mcp` cannot be read: permission denied\n");
    }
}

#[test]
fn wrong_command_lines() {
    let folder = Folder::new(&[("p.mcp", CLEAN)]);
    for line in [
        "",
        "chek p.mcp",
        "check --serve x",
        "check p.mcp --format yaml",
        "check p.mcp --fail-on fatal",
        "check p.mcp --today tomorrow",
        "compile p.mcp --target cedar",
        "compile p.mcp -o a.json --out-dir b",
        "eval p.mcp",
    ] {
        assert_eq!(folder.exit(line), 2, "{line}");
    }
    assert_snapshot!(folder.run("check p.mcp --target cedar"), @r"
    exit 2
    [stderr]
    error: invalid value 'cedar' for '--target <TARGET>'
      [possible values: policylayer, rules, intercept]

    For more information, try '--help'.
    ");
}

#[test]
fn colour_only_where_it_is_wanted() {
    let folder = Folder::new(&[("p.mcp", WARNED)]);
    let coloured = |variables: &[(&str, &str)]| {
        let output = folder.command("check p.mcp").envs(variables.iter().copied()).output().unwrap();
        output.stdout.contains(&0x1b)
    };
    assert!(!coloured(&[]), "a pipe has no colours");
    assert!(coloured(&[("CLICOLOR_FORCE", "1")]));
    assert!(!coloured(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
}

/// Nothing in a file can draw on the terminal.
#[test]
fn control_characters_are_spelt_out() {
    let policy = "policy p for plex {\n  default deny\n  allow get_on_deck, \"a\\u001b[31m\\u202eb\"\n}\n";
    let folder = Folder::new(&[("p.mcp", policy)]);
    let output = folder.output("check p.mcp", b"");
    assert!(!output.stdout.contains(&0x1b));
    assert!(String::from_utf8(output.stdout).unwrap().contains(r"`a\u{1b}[31m\u{202e}b`"));
}

#[test]
fn the_day_is_an_input() {
    let policy = "policy p for plex {\n  default deny\n  allow get_on_deck until 2026-12-31\n}\n";
    let folder = Folder::new(&[("p.mcp", policy)]);
    assert_eq!(folder.exit("check p.mcp --today 2026-12-31"), 0);
    assert_eq!(folder.exit("eval p.mcp --tool get_on_deck --today 2026-12-31"), 0);
    assert_snapshot!(folder.run("check p.mcp --today 2027-01-01"), @r"
    exit 1
    [stdout]
    error[expired-statement]

      × this ended with 2026-12-31, and today is 2027-01-01
       ╭─[p.mcp:3:21]
     2 │   default deny
     3 │   allow get_on_deck until 2026-12-31
       ·                     ────────────────
     4 │ }
       ╰────
      help: remove the statement, or give it a later day

    1 error in 1 file
    ");
    assert_eq!(folder.exit("compile p.mcp --today 2027-01-01"), 1);
    assert_eq!(folder.exit("eval p.mcp --tool get_on_deck --today 2027-01-01"), 1);
}

// ---------------------------------------------------------------- compile

#[test]
fn compile_prints_the_document() {
    let folder = Folder::new(&[("p.mcp", CLEAN)]);
    assert_eq!(folder.run("compile p.mcp"), format!("exit 0\n[stdout]\n{CLEAN_JSON}"));
    assert_eq!(shown(&folder.output("compile -", CLEAN.as_bytes())), format!("exit 0\n[stdout]\n{CLEAN_JSON}"));
}

#[test]
fn compile_of_a_broken_policy_prints_no_document() {
    let folder = Folder::new(&[("p.mcp", BROKEN)]);
    assert_snapshot!(folder.run("compile p.mcp"), @"
    exit 1
    [stderr]
    error[syntax-error]

      × `alow` does not begin a statement
       ╭─[p.mcp:3:3]
     2 │   default deny
     3 │   alow get_on_deck
       ·   ────
     4 │ }
       ╰────
      help: did you mean `allow`?

    nothing was written: 1 error stands
    ");
}

#[test]
fn compile_says_what_the_target_cannot_express() {
    let policy = "policy p for plex {\n  default deny\n  allow get_on_deck\n  limit all to 5 per 90 seconds\n}\n";
    let folder = Folder::new(&[("p.mcp", policy)]);
    assert_snapshot!(folder.run("compile p.mcp"), @r"
    exit 1
    [stderr]
    error[unenforceable-on-target]

      × `policylayer` cannot express this: it counts by minute, hour or day, not per 90 seconds
       ╭─[p.mcp:4:3]
     3 │   allow get_on_deck
     4 │   limit all to 5 per 90 seconds
       ·   ─────────────────────────────
     5 │ }
       ╰────
      help: write `per minute`, `per hour` or `per day`

    nothing was written: 1 error stands
    ");
    assert_eq!(folder.exit("compile p.mcp --target rules"), 1);
}

/// Findings that are no errors of the policy itself never keep it from being written.
#[test]
fn lints_never_stop_a_compilation() {
    let everything = "policy p for plex {\n  default deny\n  hide clear_auth, nothing_known\n}\n";
    let critical = "policy p for plex {\n  default allow\n}\n";
    let folder = Folder::new(&[("a.mcp", WARNED), ("b.mcp", everything), ("c.mcp", critical)]);
    for file in ["a.mcp", "b.mcp", "c.mcp"] {
        assert_eq!(folder.exit(&format!("check {file}")), 1, "{file}");
        let output = folder.output(&format!("compile {file}"), b"");
        assert_eq!(output.status.code(), Some(0), "{file}");
        assert!(!output.stderr.is_empty(), "{file}: the findings are said");
        assert!(serde_json::from_slice::<serde_json::Value>(&output.stdout).is_ok(), "{file}");
    }
}

#[test]
fn compile_writes_a_file() {
    let folder = Folder::new(&[("p.mcp", CLEAN)]);
    assert_eq!(folder.run("compile p.mcp -o p.json"), "exit 0\n");
    assert_eq!(folder.read("p.json"), CLEAN_JSON);
    assert_eq!(folder.names(), "p.json p.mcp");
}

#[test]
fn a_failing_compile_leaves_the_old_file() {
    let folder = Folder::new(&[("p.mcp", BROKEN), ("p.json", "old")]);
    for target in ["policylayer", "rules", "intercept"] {
        assert_eq!(folder.exit(&format!("compile p.mcp -o p.json --target {target}")), 1);
    }
    assert_eq!(folder.read("p.json"), "old");
    assert_eq!(folder.names(), "p.json p.mcp");
}

#[test]
fn compile_into_a_missing_folder() {
    let folder = Folder::new(&[("p.mcp", CLEAN)]);
    assert_snapshot!(folder.run("compile p.mcp -o missing/p.json"), @r"
    exit 2
    [stderr]
    error: `missing/p.json` cannot be written: its folder does not exist
    ");
    assert_eq!(folder.names(), "p.mcp");
}

#[test]
#[cfg(unix)]
fn compile_keeps_permissions_and_follows_links() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Folder::new(&[("p.mcp", CLEAN), ("real/p.json", "old")]);
    fs::set_permissions(folder.path("real/p.json"), fs::Permissions::from_mode(0o640)).unwrap();
    std::os::unix::fs::symlink("real/p.json", folder.path("p.json")).unwrap();
    assert_eq!(folder.exit("compile p.mcp -o p.json"), 0);
    assert!(fs::symlink_metadata(folder.path("p.json")).unwrap().is_symlink());
    assert_eq!(folder.read("real/p.json"), CLEAN_JSON);
    assert_eq!(fs::metadata(folder.path("real/p.json")).unwrap().permissions().mode() & 0o777, 0o640);
    assert_eq!(fs::read_dir(folder.path("real")).unwrap().count(), 1);
}

#[test]
fn compile_check_compares() {
    let folder = Folder::new(&[("p.mcp", CLEAN), ("good.json", CLEAN_JSON), ("old.json", "{}\n")]);
    assert_eq!(folder.run("compile --check p.mcp -o good.json"), "exit 0\n");
    assert_snapshot!(folder.run("compile --check p.mcp -o old.json"), @r"
    exit 1
    [stderr]
    `old.json` is out of date: `mcppol compile p.mcp -o old.json` writes it
    ");
    assert_snapshot!(folder.run("compile --check p.mcp -o missing.json"), @r"
    exit 1
    [stderr]
    `missing.json` does not exist: `mcppol compile p.mcp -o missing.json` writes it
    ");
    assert_snapshot!(folder.run("--no-config compile p.mcp --today 2026-01-01 --out-dir 'my documents' --check"), @r"
    exit 1
    [stderr]
    `my documents/p.json` does not exist: `mcppol --no-config compile p.mcp --today 2026-01-01 --out-dir 'my documents'` writes it
    ");
    assert_snapshot!(folder.run("compile --check p.mcp"), @r"
    exit 2
    [stderr]
    error: `--check` compares with a file, and none is named
      help: add `-o FILE` or `--out-dir DIR`
    ");
    assert_eq!(folder.read("old.json"), "{}\n");
    assert_eq!(folder.names(), "good.json old.json p.mcp");
}

#[test]
fn several_policies() {
    let folder = Folder::new(&[("two.mcp", TWO), ("none.mcp", "set s = a\n")]);
    assert_snapshot!(folder.run("compile two.mcp"), @r"
    exit 2
    [stderr]
    error: `two.mcp` has 2 policies, and one output takes one: `a` and `b`
      help: choose one with `--policy NAME`, or write all with `--out-dir DIR`
    ");
    assert_snapshot!(folder.run("compile two.mcp --policy c"), @"
    exit 2
    [stderr]
    error: no policy is named `c`
      help: the file has `a` and `b`
    ");
    assert_snapshot!(folder.run("compile none.mcp"), @r"
    exit 2
    [stderr]
    error: `none.mcp` has no policy to compile
      help: write `policy NAME for SERVER { default deny … }`
    ");
    assert_snapshot!(folder.run("compile two.mcp --policy a"), @r#"
    exit 0
    [stdout]
    {
      "version": "1",
      "default": "deny",
      "tools": {
        "get_on_deck": {}
      }
    }
    "#);
    assert_eq!(folder.run("compile two.mcp --out-dir out/deep"), "exit 0\n");
    assert_eq!(folder.read("out/deep/a.json"), CLEAN_JSON);
    assert!(folder.read("out/deep/b.json").contains("fetch_history"));
    assert_eq!(folder.run("compile two.mcp --check --out-dir out/deep"), "exit 0\n");
}

#[test]
fn policies_that_would_be_one_file() {
    let two = TWO.replace("policy b", "policy A");
    let folder = Folder::new(&[("two.mcp", &two)]);
    assert_snapshot!(folder.run("compile two.mcp --out-dir out"), @r"
    exit 2
    [stderr]
    error: the policies `a` and `A` would be one file on some systems
      help: give one of them another name
    ");
    assert_eq!(folder.names(), "two.mcp");
}

/// One policy that a target cannot express keeps all of a folder from being written.
#[test]
fn out_dir_is_all_or_nothing() {
    let two = TWO.replace("allow @read", "allow @read\n  limit all to 5 per 90 seconds");
    let folder = Folder::new(&[("two.mcp", &two)]);
    assert_eq!(folder.exit("compile two.mcp --out-dir out"), 1);
    assert_eq!(folder.names(), "two.mcp");
    assert_eq!(folder.exit("compile two.mcp --policy a -o a.json"), 0, "the other policy is not asked about");
}

// ---------------------------------------------------------------- eval

const EVAL: &str = "\
policy p for trakt {
  default deny
  allow fetch_history
  allow add_to_history {
    require args.history_type == \"movies\" because \"films only\"
    limit to 30 per minute
  }
  limit all to 100 per 2 minutes
  ask remove_from_history
  hide clear_auth because \"nobody logs out\"
}
";

#[test]
fn eval_decides() {
    let folder = Folder::new(&[("p.mcp", EVAL)]);
    let run = |line: &str| folder.run(&format!("eval p.mcp --tool {line}"));
    let movie = r#"--args '{"history_type": "movies", "items": []}'"#;
    assert_snapshot!(run("fetch_history"), @r"
    exit 0
    [stdout]
    allow: granted
      by `allow fetch_history` at p.mcp:3:3
      2:3 `default deny`: passed, `fetch_history` is granted
      8:3 `limit all to 100 per 2 minutes`: passed, 0 of 100 used
    ");
    assert_snapshot!(run("remove_from_history"), @r"
    exit 0
    [stdout]
    ask: a person approves calls of `remove_from_history`
      by `ask remove_from_history` at p.mcp:9:3
      2:3 `default deny`: passed, `remove_from_history` is granted
      8:3 `limit all to 100 per 2 minutes`: passed, 0 of 100 used
    ");
    assert_snapshot!(run("clear_auth"), @r#"
    exit 0
    [stdout]
    hidden: nobody logs out
      by `hide clear_auth because "nobody logs out"` at p.mcp:10:3
      2:3 `default deny`: would be `deny`
      8:3 `limit all to 100 per 2 minutes`: passed, 0 of 100 used
    "#);
    assert_snapshot!(run("fetch_user_ratings"), @r"
    exit 0
    [stdout]
    deny: nothing grants `fetch_user_ratings`
      by the default
      8:3 `limit all to 100 per 2 minutes`: passed, 0 of 100 used
    ");
    assert_snapshot!(run("add_to_history"), @r#"
    exit 0
    [stdout]
    deny: films only
      by `require args.history_type == "movies" because "films only"` at p.mcp:5:5
      because `args.history_type` is absent
      2:3 `default deny`: passed, `add_to_history` is granted
      6:5 `limit to 30 per minute`: passed, 0 of 30 used
      8:3 `limit all to 100 per 2 minutes`: passed, 0 of 100 used
      4:3 `allow add_to_history`: grants
    "#);
    assert_snapshot!(run(&format!("add_to_history {movie} --used 'add_to_history per minute=30'")), @r#"
    exit 0
    [stdout]
    limited: the limit of 30 per minute is reached
      by `limit to 30 per minute` at p.mcp:6:5
      because 30 of 30 used
      2:3 `default deny`: passed, `add_to_history` is granted
      5:5 `require args.history_type == "movies" be…`: passed, `args.history_type` is "movies", and so `…
      8:3 `limit all to 100 per 2 minutes`: passed, 0 of 100 used
      4:3 `allow add_to_history`: grants
    "#);
    assert_snapshot!(run(&format!("add_to_history {movie} --used 'add_to_history per minute=29'")), @r#"
    exit 0
    [stdout]
    allow: granted
      by `allow add_to_history` at p.mcp:4:3
      2:3 `default deny`: passed, `add_to_history` is granted
      5:5 `require args.history_type == "movies" be…`: passed, `args.history_type` is "movies", and so `…
      6:5 `limit to 30 per minute`: passed, 29 of 30 used
      8:3 `limit all to 100 per 2 minutes`: passed, 0 of 100 used
    "#);
    assert_snapshot!(run("fetch_history --used 'all per 2 minutes=100'"), @r"
    exit 0
    [stdout]
    limited: the limit of 100 per 2 minutes is reached
      by `limit all to 100 per 2 minutes` at p.mcp:8:3
      because 100 of 100 used
      2:3 `default deny`: passed, `fetch_history` is granted
      3:3 `allow fetch_history`: grants
    ");
    assert_snapshot!(run("teleport"), @r"
    exit 0
    [stdout]
    deny: nothing grants `teleport`
      by the default
      8:3 `limit all to 100 per 2 minutes`: passed, 0 of 100 used
      note: the catalog of `trakt` does not know `teleport`
    ");
}

#[test]
fn eval_as_json() {
    let folder = Folder::new(&[("p.mcp", EVAL)]);
    assert_snapshot!(folder.run("eval p.mcp --tool clear_auth --format json"), @r#"
    exit 0
    [stdout]
    {
      "decision": "hidden",
      "message": "nobody logs out",
      "rule": "hide clear_auth because \"nobody logs out\"",
      "file": "p.mcp",
      "line": 10,
      "column": 3,
      "policy": "p",
      "tool": "clear_auth",
      "notes": [],
      "trace": [
        {
          "rule": "hide clear_auth because \"nobody logs out\"",
          "file": "p.mcp",
          "line": 10,
          "column": 3,
          "outcome": "decided",
          "why": ""
        },
        {
          "rule": "default deny",
          "file": "p.mcp",
          "line": 2,
          "column": 3,
          "outcome": "overruled",
          "why": "would be `deny`"
        },
        {
          "rule": "limit all to 100 per 2 minutes",
          "file": "p.mcp",
          "line": 8,
          "column": 3,
          "outcome": "passed",
          "why": "0 of 100 used"
        }
      ]
    }
    "#);
    assert_snapshot!(folder.run("eval p.mcp --tool teleport --format json"), @r#"
    exit 0
    [stdout]
    {
      "decision": "deny",
      "message": "nothing grants `teleport`",
      "rule": null,
      "file": null,
      "line": null,
      "column": null,
      "policy": "p",
      "tool": "teleport",
      "notes": [
        "the catalog of `trakt` does not know `teleport`"
      ],
      "trace": [
        {
          "rule": "default deny",
          "file": "p.mcp",
          "line": 2,
          "column": 3,
          "outcome": "decided",
          "why": ""
        },
        {
          "rule": "limit all to 100 per 2 minutes",
          "file": "p.mcp",
          "line": 8,
          "column": 3,
          "outcome": "passed",
          "why": "0 of 100 used"
        }
      ]
    }
    "#);
}

#[test]
fn eval_of_what_cannot_be_decided() {
    let folder = Folder::new(&[("p.mcp", EVAL), ("two.mcp", TWO), ("bad.mcp", BROKEN)]);
    assert_snapshot!(folder.run("eval bad.mcp --tool x"), @r"
    exit 1
    [stderr]
    error[syntax-error]

      × `alow` does not begin a statement
       ╭─[bad.mcp:3:3]
     2 │   default deny
     3 │   alow get_on_deck
       ·   ────
     4 │ }
       ╰────
      help: did you mean `allow`?

    nothing was decided: only a policy without errors decides
    ");
    assert_snapshot!(folder.run("eval two.mcp --tool x"), @r"
    exit 2
    [stderr]
    error: `two.mcp` has several policies: `a` and `b`
      help: choose one with `--policy NAME`
    ");
    assert_snapshot!(folder.run("eval p.mcp --tool x --args '[1]'"), @r#"
    exit 2
    [stderr]
    error: `--args` is not a JSON object
      help: write an object: '{"amount": 5}'
    "#);
    assert_snapshot!(folder.run("eval p.mcp --tool x --args '{a: 1}'"), @r#"
    exit 2
    [stderr]
    error: `--args` is not JSON: key must be a string at line 1 column 2
      help: write an object: '{"amount": 5}'
    "#);
    assert_snapshot!(folder.run("eval p.mcp --tool x --used many"), @r"
    exit 2
    [stderr]
    error: `--used many` is not `COUNTER=N`
      help: write `--used 'create_refund per hour=10'`
    ");
    assert_eq!(folder.exit("eval two.mcp --policy a --tool get_on_deck"), 0);
}

// ---------------------------------------------------------------- imports

#[test]
fn imports_are_relative_to_their_file() {
    let folder = Folder::new(&[
        ("agents/p.mcp", "import \"../common/sets.mcp\"\npolicy p for plex {\n  default deny\n  allow @deck\n}\n"),
        ("common/sets.mcp", "import \"more.mcp\"\nset deck = @more\n"),
        ("common/more.mcp", "set more = get_on_deck\n"),
    ]);
    assert_eq!(folder.run("compile agents/p.mcp"), format!("exit 0\n[stdout]\n{CLEAN_JSON}"));
}

#[test]
fn imports_do_not_carry_on() {
    let folder = Folder::new(&[
        ("p.mcp", "import \"a.mcp\"\npolicy p for plex {\n  default deny\n  allow @far\n}\n"),
        ("a.mcp", "import \"b.mcp\"\n"),
        ("b.mcp", "set far = get_on_deck\n"),
    ]);
    assert_snapshot!(folder.run("check p.mcp"), @r"
    exit 1
    [stdout]
    error[unknown-set]

      × no set is named `@far`
       ╭─[p.mcp:4:9]
     3 │   default deny
     4 │   allow @far
       ·         ────
     5 │ }
       ╰────
      help: define it with `set far = …`, or use a built-in one: `@read`, `@write`, `@execute`, `@financial`,
            `@destructive`, `@other`, `@low`, `@medium`, `@high`, `@critical`, `@bulk`, `@filesystem`, `@url`,
            `@code`, `@markup`, `@credentials`, `@many-parameters`, `@single-target` or `@dispatch`

    1 error in 1 file
    ");
}

#[test]
fn imports_that_fail() {
    let importing = |path: &str| format!("import \"{path}\"\n{CLEAN}");
    let folder = Folder::new(&[
        ("missing.mcp", &importing("nowhere.mcp")),
        ("other.mcp", &importing("notes.txt")),
        ("absolute.mcp", &importing("/etc/policy.mcp")),
        ("latin.mcp", &importing("latin/x.mcp")),
        ("latin/x.mcp", ""),
        ("a.mcp", &importing("b.mcp")),
        ("b.mcp", "import \"./a.mcp\"\n"),
        ("self.mcp", &importing("self.mcp")),
    ]);
    fs::write(folder.path("latin/x.mcp"), b"// \xff\n").unwrap();
    assert_snapshot!(folder.run("check missing.mcp"), @r#"
    exit 1
    [stdout]
    error[import-failed]

      × `nowhere.mcp` cannot be read: there is no such file
       ╭─[missing.mcp:1:8]
     1 │ import "nowhere.mcp"
       ·        ─────────────
     2 │ policy p for plex {
       ╰────
      help: the path is relative to the file that imports

    1 error in 1 file
    "#);
    assert_snapshot!(folder.run("check other.mcp"), @r#"
    exit 1
    [stdout]
    error[import-failed]

      × `notes.txt` is not a path that can be imported
       ╭─[other.mcp:1:8]
     1 │ import "notes.txt"
       ·        ───────────
     2 │ policy p for plex {
       ╰────
      help: imports are relative paths to `.mcp` files

    1 error in 1 file
    "#);
    assert_snapshot!(folder.run("check absolute.mcp"), @r#"
    exit 1
    [stdout]
    error[import-failed]

      × `/etc/policy.mcp` is not a path that can be imported
       ╭─[absolute.mcp:1:8]
     1 │ import "/etc/policy.mcp"
       ·        ─────────────────
     2 │ policy p for plex {
       ╰────
      help: imports are relative paths to `.mcp` files

    1 error in 1 file
    "#);
    assert_snapshot!(folder.run("check latin.mcp"), @r#"
    exit 1
    [stdout]
    error[import-failed]

      × `latin/x.mcp` cannot be read: `latin/x.mcp` is not UTF-8 text: the byte at offset 3 belongs to no
      │ character
       ╭─[latin.mcp:1:8]
     1 │ import "latin/x.mcp"
       ·        ─────────────
     2 │ policy p for plex {
       ╰────
      help: the path is relative to the file that imports

    1 error in 1 file
    "#);
    assert_snapshot!(folder.run("check a.mcp"), @r#"
    exit 1
    [stdout]
    error[cycle]

      × this file and its imports import each other in a circle
       ╭─[a.mcp:1:8]
     1 │ import "b.mcp"
       ·        ───────
     2 │ policy p for plex {
       ╰────
      help: move what both need into a third file

    error[cycle]

      × this file and its imports import each other in a circle
       ╭─[b.mcp:1:8]
     1 │ import "./a.mcp"
       ·        ─────────
       ╰────
      help: move what both need into a third file

    2 errors in 1 file
    "#);
    assert_eq!(folder.exit("check self.mcp"), 1);
}

/// A finding in an imported file is drawn there.
#[test]
fn findings_in_imports() {
    let folder = Folder::new(&[
        ("p.mcp", "import \"sets.mcp\"\npolicy p for plex {\n  default deny\n  allow @deck\n}\n"),
        ("sets.mcp", "set deck = get_on_deck;\n"),
    ]);
    assert_snapshot!(folder.run("check p.mcp"), @r"
    exit 1
    [stdout]
    error[foreign-syntax]

      × `;` ends nothing here: every statement begins with its own keyword
       ╭─[sets.mcp:1:23]
     1 │ set deck = get_on_deck;
       ·                       ─
       ╰────
      help: remove the `;`

    1 error in 1 file
    ");
}

// ---------------------------------------------------------------- ten ways to break a policy

/// What `check` says of a policy for Trakt with these lines in it.
fn broken(lines: &str) -> String {
    let text = format!("policy assistant for trakt {{\n  default deny\n  allow @read\n{lines}}}\n");
    let folder = Folder::new(&[("p.mcp", &text)]);
    let output = folder.output("check p.mcp", b"");
    assert_eq!(output.status.code(), Some(1), "{text}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn broken_01_another_language() {
    assert_snapshot!(broken("  block clear_auth;\n"), @r"
    error[foreign-syntax]

      × `block` is not a word of this language
       ╭─[p.mcp:4:3]
     3 │   allow @read
     4 │   block clear_auth;
       ·   ─────
     5 │ }
       ╰────
      help: write `deny` (the tool stays listed and calls are refused) or `hide` (the agent never sees it)

    error[foreign-syntax]

      × `;` ends nothing here: every statement begins with its own keyword
       ╭─[p.mcp:4:19]
     3 │   allow @read
     4 │   block clear_auth;
       ·                   ─
     5 │ }
       ╰────
      help: remove the `;`

    2 errors in 1 file
    ");
}

#[test]
fn broken_02_a_misspelt_keyword() {
    assert_snapshot!(broken("  alow add_to_history\n"), @r"
    error[syntax-error]

      × `alow` does not begin a statement
       ╭─[p.mcp:4:3]
     3 │   allow @read
     4 │   alow add_to_history
       ·   ────
     5 │ }
       ╰────
      help: did you mean `allow`?

    1 error in 1 file
    ");
}

#[test]
fn broken_03_a_misspelt_tool() {
    assert_snapshot!(broken("  hide clear_autth\n"), @r"
    error[unknown-tool]

      × `trakt` has no tool `clear_autth`, so this guards nothing that is known
       ╭─[p.mcp:4:8]
     3 │   allow @read
     4 │   hide clear_autth
       ·        ───────────
     5 │ }
       ╰────
      help: did you mean `clear_auth`?

    1 error in 1 file
    ");
}

#[test]
fn broken_04_a_pattern_that_matches_nothing() {
    assert_snapshot!(broken("  deny delete_*\n"), @r"
    error[dead-pattern]

      × the pattern `delete_*` matches none of the 77 tools of `trakt`, so nothing is blocked or narrowed by it
       ╭─[p.mcp:4:8]
     3 │   allow @read
     4 │   deny delete_*
       ·        ────────
     5 │ }
       ╰────
      help: remove it, or name a tool that the server has

    1 error in 1 file
    ");
}

#[test]
fn broken_05_a_clients_name() {
    assert_snapshot!(broken("  hide mcp__trakt__clear_auth, trakt/remove_user_ratings\n"), @r"
    error[qualified-tool-name]

      × `mcp__trakt__clear_auth` is a client's name for a tool, with the server in front
       ╭─[p.mcp:4:8]
     3 │   allow @read
     4 │   hide mcp__trakt__clear_auth, trakt/remove_user_ratings
       ·        ──────────────────────
     5 │ }
       ╰────
      help: the policy's `for trakt` names the server; write `clear_auth`

    error[foreign-syntax]

      × tools are named without their server: `trakt/remove_user_ratings`
       ╭─[p.mcp:4:32]
     3 │   allow @read
     4 │   hide mcp__trakt__clear_auth, trakt/remove_user_ratings
       ·                                ─────────────────────────
     5 │ }
       ╰────
      help: the policy's `for SERVER` names the server; write `remove_user_ratings`

    2 errors in 1 file
    ");
}

#[test]
fn broken_06_an_argument_that_is_not_there() {
    assert_snapshot!(broken("  on search_movies { require args.limits <= 50 }\n"), @r"
    error[unknown-argument]

      × there is no argument `limits` in `search_movies`
       ╭─[p.mcp:4:30]
     3 │   allow @read
     4 │   on search_movies { require args.limits <= 50 }
       ·                              ───────────
     5 │ }
       ╰────
      help: did you mean `args.limit`?

    1 error in 1 file
    ");
}

#[test]
fn broken_07_a_value_that_never_comes() {
    assert_snapshot!(broken("  allow add_to_history { require args.history_type == \"movie\" }\n"), @r#"
    error[value-outside-schema]

      × `args.history_type` of `add_to_history` is never "movie"
       ╭─[p.mcp:4:55]
     3 │   allow @read
     4 │   allow add_to_history { require args.history_type == "movie" }
       ·                                                       ───────
     5 │ }
       ╰────
      help: did you mean "movies"?

    1 error in 1 file
    "#);
}

#[test]
fn broken_08_a_rate() {
    assert_snapshot!(broken("  allow add_to_history {\n    limit 10/minute\n    limit to 0 per day\n  }\n"), @r"
    error[foreign-syntax]

      × a rate is written with `to`
       ╭─[p.mcp:5:11]
     4 │   allow add_to_history {
     5 │     limit 10/minute
       ·           ──
     6 │     limit to 0 per day
       ╰────
      help: write `to 10`

    error[foreign-syntax]

      × a rate is written with `per`, not `/`
       ╭─[p.mcp:5:13]
     4 │   allow add_to_history {
     5 │     limit 10/minute
       ·             ─
     6 │     limit to 0 per day
       ╰────
      help: write `per`, as in `10 per minute`

    error[invalid-limit]

      × a limit of 0 allows nothing
       ╭─[p.mcp:6:14]
     5 │     limit 10/minute
     6 │     limit to 0 per day
       ·              ─
     7 │   }
       ╰────
      help: write `deny TOOL` (or `hide TOOL`)

    3 errors in 1 file
    ");
}

#[test]
fn broken_09_a_brace() {
    assert_snapshot!(broken("  allow add_to_history {\n    limit to 10 per minute\n  hide clear_auth\n"), @r"
    error[unclosed-brace]

      × this `{` of the block is never closed
       ╭─[p.mcp:4:24]
     3 │   allow @read
     4 │   allow add_to_history {
       ·                        ─
     5 │     limit to 10 per minute
       ·                           ▲
       ·                           ╰── expected `}` by here
     6 │   hide clear_auth
       ╰────
      help: add the `}` that closes it

    1 error in 1 file
    ");
}

#[test]
fn broken_10_a_condition_on_a_grant() {
    assert_snapshot!(broken("  allow add_to_history if history_type = 'movies'\n"), @r#"
    error[misplaced-part]

      × `allow` has no `if`: what is granted is narrowed in a block
       ╭─[p.mcp:4:24]
     3 │   allow @read
     4 │   allow add_to_history if history_type = 'movies'
       ·                        ──────────────────────────
     5 │ }
       ╰────
      help: write `allow TOOL { require … }`

    error[foreign-syntax]

      × `history_type` is no argument: arguments begin with `args.`
       ╭─[p.mcp:4:27]
     3 │   allow @read
     4 │   allow add_to_history if history_type = 'movies'
       ·                           ────────────
     5 │ }
       ╰────
      help: write `args.history_type`

    error[foreign-syntax]

      × `=` is not an operator
       ╭─[p.mcp:4:40]
     3 │   allow @read
     4 │   allow add_to_history if history_type = 'movies'
       ·                                        ─
     5 │ }
       ╰────
      help: write `==`

    error[foreign-syntax]

      × texts stand in straight double quotes
       ╭─[p.mcp:4:42]
     3 │   allow @read
     4 │   allow add_to_history if history_type = 'movies'
       ·                                          ────────
     5 │ }
       ╰────
      help: write `"movies"`

    4 errors in 1 file
    "#);
}
