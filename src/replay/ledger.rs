//! What is used of counters, followed through their windows.

use std::collections::BTreeMap;

use super::Counter;

/// How calls are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counting {
    /// By the records' times; what was used before the first one is not known, where nobody says it.
    Times,
    /// By the records' times; nothing was used before the first one, where nobody says something else.
    Fresh,
    /// All calls fall in one window of each counter, of which nothing was used, where nobody says something else.
    OneWindow,
}

/// The counters.
#[derive(Debug)]
pub(super) struct Ledger {
    counting: Counting,
    /// The time of the first record that has one, of the latest, and of the record that is looked at.
    first: Option<i64>,
    latest: Option<i64>,
    now: Option<i64>,
    all: Vec<Slot>,
    tools: BTreeMap<String, Vec<Slot>>,
}

#[derive(Debug)]
struct Slot {
    label: String,
    seconds: u64,
    /// What was used when the first record came.
    start: Option<i128>,
    /// The window in which something was last counted, and how much.
    window: i64,
    used: Option<i128>,
}

impl Ledger {
    pub(super) fn new(counting: Counting) -> Self {
        Self { counting, first: None, latest: None, now: None, all: Vec::new(), tools: BTreeMap::new() }
    }

    /// Makes a counter known.
    pub(super) fn open(&mut self, counter: &Counter<'_>, start: Option<u64>) {
        if self.slot(counter).is_some() {
            return;
        }
        let otherwise = (self.counting != Counting::Times).then_some(0);
        let start = start.map(i128::from).or(otherwise);
        let (label, seconds) = (counter.label.to_owned(), counter.seconds);
        let slot = Slot { label, seconds, start, window: i64::MIN, used: None };
        match counter.tool {
            Some(tool) => self.tools.entry(tool.to_owned()).or_default().push(slot),
            None => self.all.push(slot),
        }
    }

    /// The next record has this time.
    pub(super) fn at(&mut self, time: Option<i64>) {
        self.now = time;
        self.first = self.first.or(time);
        self.latest = self.latest.max(time);
    }

    /// What is used of a counter now.
    pub(super) fn used(&self, counter: &Counter<'_>) -> Option<i128> {
        let slot = self.slot(counter)?;
        let time = match self.counting {
            Counting::OneWindow => 0,
            Counting::Times | Counting::Fresh => self.now?,
        };
        self.amount(slot, window(time, slot.seconds))
    }

    /// Counts a call; an amount that is not known makes the window so.
    pub(super) fn add(&mut self, counter: &Counter<'_>, amount: Option<i128>) {
        let (time, amount) = match (self.counting, self.now) {
            (Counting::OneWindow, _) => (Some(0), amount),
            (_, Some(now)) => (Some(now), amount),
            // it was some time, and as far as anybody knows in the latest window
            (_, None) => (self.latest, None),
        };
        let before = time.and_then(|time| {
            let slot = self.slot(counter)?;
            self.amount(slot, window(time, slot.seconds))
        });
        let Some(slot) = self.slot_mut(counter) else { return };
        let Some(time) = time else {
            slot.start = None;
            return;
        };
        let window = window(time, slot.seconds);
        if window >= slot.window {
            slot.window = window;
            slot.used = before.zip(amount).map(|(before, amount)| before.saturating_add(amount));
        }
    }

    fn amount(&self, slot: &Slot, now: i64) -> Option<i128> {
        let first = match self.counting {
            Counting::OneWindow => 0,
            Counting::Times | Counting::Fresh => window(self.first?, slot.seconds),
        };
        if now == slot.window {
            slot.used
        } else if now < slot.window || now < first {
            // of an earlier window nobody kept what was used
            None
        } else if now == first {
            slot.start
        } else {
            Some(0)
        }
    }

    fn slot(&self, counter: &Counter<'_>) -> Option<&Slot> {
        let slots = match counter.tool {
            Some(tool) => self.tools.get(tool)?,
            None => &self.all,
        };
        slots.iter().find(|slot| slot.is(counter))
    }

    fn slot_mut(&mut self, counter: &Counter<'_>) -> Option<&mut Slot> {
        let slots = match counter.tool {
            Some(tool) => self.tools.get_mut(tool)?,
            None => &mut self.all,
        };
        slots.iter_mut().find(|slot| slot.is(counter))
    }
}

impl Slot {
    fn is(&self, counter: &Counter<'_>) -> bool {
        self.seconds == counter.seconds && self.label == counter.label
    }
}

/// The number of the window that holds a time.
fn window(time: i64, seconds: u64) -> i64 {
    i64::try_from(seconds).map_or(0, |seconds| time.div_euclid(seconds.max(1)))
}
