//! Completions and pages of the manual, and that every command explains itself.

#![cfg(feature = "cli")]

use std::process::Command;

use insta::assert_snapshot;

use crate::cli::Folder;

fn print(line: &str) -> String {
    let output = Folder::new(&[]).command(line).output().unwrap();
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The commands, with those of `catalog`.
fn commands() -> Vec<String> {
    let below = |name: &str| -> Vec<String> {
        let help = print(&format!("{name} --help"));
        let list = help.split("\nCommands:\n").nth(1).unwrap_or_default().split("\n\n").next().unwrap_or_default();
        let lines = list.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
        lines.map(|line| format!("{name} {}", line.split_whitespace().next().unwrap()).trim().to_owned()).collect()
    };
    let mut out = below("");
    out.extend(below("catalog"));
    out
}

#[test]
fn every_command_has_examples_that_are_right() {
    let commands = commands();
    assert!(commands.len() > 15, "{commands:?}");
    for command in commands {
        let help = print(&format!("{command} --help"));
        let examples = help.split("Examples:\n").nth(1).unwrap_or_else(|| panic!("`{command}` shows no example"));
        for example in examples.lines().filter(|line| line.starts_with("  ")) {
            // whatever stands around it, the command and its options are ones that there are
            let wanted = format!("mcppol {command}");
            let ours = example.split(['|', '>', '<']).find(|part| part.trim().starts_with(&wanted));
            let ours = ours.unwrap_or_else(|| panic!("`{command}`: {example}"));
            let line = format!("{} --help", ours.trim().split(" -- ").next().unwrap());
            let output = Command::new("sh")
                .args(["-c", &line.replacen("mcppol", env!("CARGO_BIN_EXE_mcppol"), 1)])
                .output()
                .unwrap();
            assert!(output.status.success(), "{example}: {}", String::from_utf8_lossy(&output.stderr));
            for option in ours.split_whitespace().filter(|word| word.starts_with("--") && *word != "--") {
                let option = option.split('=').next().unwrap();
                assert!(help.contains(option), "`{command}` has no `{option}`");
            }
        }
    }
}

#[test]
fn completions_are_scripts_that_their_shells_read() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = print(&format!("completions {shell}"));
        assert!(script.contains("recommend") && script.contains("no-config"), "{shell}");
    }
    let folder = Folder::new(&[("it", &print("completions bash"))]);
    let read = Command::new("bash").args(["-n", folder.path("it").to_str().unwrap()]).output();
    // a shell that is there must read it
    if let Ok(read) = read {
        assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
    }
}

#[test]
fn the_manual_has_a_page_for_every_command() {
    let folder = Folder::new(&[]);
    assert!(folder.command("man --out-dir pages").status().unwrap().success());
    for command in commands() {
        let name = format!("mcppol-{}.1", command.replace(' ', "-"));
        let page = folder.read(&format!("pages/{name}"));
        assert!(page.contains(".SH NAME\n") && page.contains(".SH EXAMPLES\n"), "{name}");
    }
    assert_eq!(folder.read("pages/mcppol-compile.1"), print("man compile"));
    assert_eq!(folder.read("pages/mcppol.1"), print("man"));
    assert_snapshot!(print("man explain"), @r#"
    .ie \n(.g .ds Aq \(aq
    .el .ds Aq '
    .TH MCPPOL-EXPLAIN 1  "mcppol 0.1.0" mcppol
    .SH NAME
    mcppol\-explain \- Say what a finding means: why it is one, and a bad and a good example
    .SH SYNOPSIS
    \fBmcppol explain\fR [\fB\-\-config\fR] [\fB\-\-no\-config\fR] [\fB\-h\fR|\fB\-\-help\fR] <\fINAME\fR> 
    .SH DESCRIPTION
    Say what a finding means: why it is one, and a bad and a good example
    .SH OPTIONS
    .TP
    \fB\-h\fR, \fB\-\-help\fR
    Print help
    .TP
    <\fINAME\fR>
    The name that stands with the finding
    .SH PROJECT
    .TP
    \fB\-\-config\fR \fI<FILE>\fR
    The project\*(Aqs settings; by default the nearest `mcppol.toml`, here or above
    .TP
    \fB\-\-no\-config\fR
    Without settings, overlays and catalogs of the project
    .SH EXAMPLES
    .nf
    mcppol explain unknown\-tool
    .fi
    "#);
    let failure = |line: &str| String::from_utf8(folder.command(line).output().unwrap().stderr).unwrap();
    assert_snapshot!(failure("man chek"), @r"
    error: `mcppol` has no command `chek`
      help: did you mean `check`?
    ");
    assert_snapshot!(failure("man catalog x"), @r"
    error: `mcppol catalog` has no command `x`
      help: it has `pull`, `classify`, `diff`, `show`, `list`, `search` and `index`
    ");
}
