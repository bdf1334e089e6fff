//! The lines of which ignore comments speak: they begin and end where they did, so that the comment silences the same
//! findings, which are known by where they begin.

use std::ops::Range;

use crate::{
    syntax::{comments, directive},
    text::{Lines, as_u32, slice},
};

/// Whether a line ends between two tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pin {
    /// As the layout has it.
    Free,
    /// It does, as it was written.
    Break,
    /// It does not, as it was written.
    Join,
}

/// The lines of a text that keep their tokens, in order.
#[derive(Debug, Default)]
pub(super) struct Pins(Vec<Range<usize>>);

impl Pins {
    pub(super) fn of(text: &str) -> Self {
        let mut said = comments(text).filter(|(_, comment)| directive(comment).is_some()).peekable();
        if said.peek().is_none() {
            return Self::default();
        }
        let lines = Lines::new(text);
        // in order, for a comment speaks of its own line or of the next
        Self(
            said.map(|(start, _)| {
                let line = lines.line_of(as_u32(start));
                let own = lines.range(text, line);
                let alone = slice(text, own.start..start).trim().is_empty();
                if alone { lines.range(text, line + 1) } else { own }
            })
            .collect(),
        )
    }

    /// Whether the line of a place keeps its tokens.
    fn holds(&self, at: usize) -> bool {
        let next = self.0.partition_point(|line| line.start <= at);
        next.checked_sub(1).and_then(|last| self.0.get(last)).is_some_and(|line| at < line.end)
    }

    /// What holds between two tokens that begin at these places.
    pub(super) fn between(&self, before: usize, after: usize, broken: bool) -> Pin {
        match self.0.is_empty() || !(self.holds(before) || self.holds(after)) {
            true => Pin::Free,
            false if broken => Pin::Break,
            false => Pin::Join,
        }
    }

    /// Whether a place reaches over the end of a line that keeps its tokens.
    pub(super) fn cut(&self, text: &str, place: Range<usize>) -> bool {
        let touched = self.0.iter().any(|line| line.start < place.end && place.start < line.end);
        touched && slice(text, place).contains('\n')
    }
}
