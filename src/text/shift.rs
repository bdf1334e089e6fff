//! How places move when a text before them changes.

use super::{FileId, Span};

/// A change of one file as places behind it see it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Shift {
    file: FileId,
    from: u32,
    by: i64,
}

impl Shift {
    /// Places of `file` that begin at `from` or behind it move by `by` bytes.
    pub fn new(file: FileId, from: u32, by: i64) -> Self {
        Self { file, from, by }
    }

    /// From a part of `file` that begins at `base` to the whole.
    pub fn of_part(file: FileId, base: u32) -> Self {
        Self { file, from: 0, by: i64::from(base) }
    }

    /// Whether anything moves.
    pub fn moves(self) -> bool {
        self.by != 0
    }
}

/// What has places.
pub trait Placed {
    /// Moves all of them.
    fn shift(&mut self, shift: Shift);
}

impl Placed for Span {
    fn shift(&mut self, shift: Shift) {
        if self.file == shift.file && self.start >= shift.from {
            let moved = |place: u32| u32::try_from(i64::from(place).saturating_add(shift.by)).unwrap_or(u32::MAX);
            self.start = moved(self.start);
            self.end = moved(self.end);
        }
    }
}

impl<T: Placed> Placed for [T] {
    fn shift(&mut self, shift: Shift) {
        self.iter_mut().for_each(|part| part.shift(shift));
    }
}

impl<T: Placed> Placed for Option<T> {
    fn shift(&mut self, shift: Shift) {
        self.iter_mut().for_each(|part| part.shift(shift));
    }
}
