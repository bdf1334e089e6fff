//! What stays of a finding when lines move: by it a finding is known again in another run.

use std::{collections::BTreeMap, fmt};

use crate::{
    diagnostic::Diagnostic,
    hir::Analysis,
    text::{FileId, slice},
};

/// A finding's mark within its file: the rule, the policy, and the words that it stands at, blanks aside. The first of
/// several that agree in all of these has number 0, and so on.
///
/// The message is left out, since its numbers and names change with the catalog.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fingerprint(u64);

impl Fingerprint {
    /// The marks of these findings, in their order.
    pub fn of<'d>(analysis: &Analysis, diagnostics: impl Iterator<Item = &'d Diagnostic>) -> Vec<Self> {
        let mut seen: BTreeMap<(FileId, u64), u32> = BTreeMap::new();
        let mark = |diagnostic: &Diagnostic| {
            let source = analysis.sources.get(diagnostic.span.file.0 as usize);
            let text = source.map_or("", |source| slice(&source.text, diagnostic.span.range()));
            let policy = (diagnostic.span.file == FileId(0)).then(|| analysis.outline.policy_at(diagnostic.span));
            let mut hash = Hash::new();
            hash.part(diagnostic.code.name);
            hash.part(policy.flatten().map_or("", |name| &name.text));
            // a long text is known by its beginning
            for word in text.split_whitespace().take(64) {
                hash.part(word);
            }
            let number = seen.entry((diagnostic.span.file, hash.0)).or_default();
            hash.part(&number.to_string());
            *number += 1;
            Self(hash.0)
        };
        diagnostics.map(mark).collect()
    }

    /// The mark that was written as this text.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.len() == 16 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        u64::from_str_radix(text, 16).ok().filter(|_| digits).map(Self)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// FNV-1a, 64 bits: short, and the same on every machine. It guards against nobody.
struct Hash(u64);

impl Hash {
    fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    /// Adds a part and its end.
    fn part(&mut self, text: &str) {
        for byte in text.bytes().chain([0xff]) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}
