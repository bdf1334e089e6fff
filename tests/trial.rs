//! The tests of policies, run: what is said of those that fail, what is covered, what is proposed, and the command.

#[cfg(feature = "cli")]
mod command;
mod coverage;
mod failures;
mod laws;
mod proposals;

use mcppol::{
    diagnostic::Diagnostic,
    hir::{Analysis, Environment, ImportError, Imports, Source, analyze},
    text::{Lines, Span, slice},
};

use crate::examples::{CATALOGS, TODAY};

/// A floor that files of these tests may import.
pub(crate) const FLOOR: &str = "policy floor for trakt {\n  default allow\n  deny clear_auth because \"by hand\"\n}\n";

struct Floor;

impl Imports for Floor {
    fn load(&self, _: &str, path: &str) -> Result<Source, ImportError> {
        Ok(Source { name: path.to_owned(), text: FLOOR.to_owned() })
    }
}

/// A file without errors, analysed.
fn sound(text: &str) -> Analysis {
    let source = Source { name: "p.mcp".to_owned(), text: text.to_owned() };
    let analysis = analyze(source, &Floor, Environment { catalogs: &CATALOGS, today: TODAY });
    let fatal: Vec<&Diagnostic> = analysis.diagnostics.iter().filter(|it| it.is_fatal()).collect();
    assert!(analysis.checked().is_some(), "{fatal:#?}\n{text}");
    analysis
}

/// `12:3 what stands there`
fn place(analysis: &Analysis, span: Span) -> String {
    let source = &analysis.sources[span.file.0 as usize];
    let at = Lines::new(&source.text).position(&source.text, span.start);
    let text = slice(&source.text, span.range()).split_whitespace().collect::<Vec<_>>().join(" ");
    format!("{}:{} `{text}`", at.line, at.column)
}
