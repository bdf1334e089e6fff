//! The shortest text that automata and lists agree on, of printable characters where there is one.
//!
//! All automata are walked together, breadth first: a state is one of each of them, and of what else is demanded. The
//! walk ends, for there are finitely many states; or a fixed limit ends it.

use std::collections::{BTreeSet, VecDeque};

use crate::pattern::Automaton;

/// How many steps are tried: of one state by one class of bytes.
const STEPS: usize = 60_000;
/// How many states are met.
const STATES: usize = 4_000;
/// How long the texts may be, together, that are looked for or left out.
const SPELLED: usize = 1 << 16;
/// Where a text has left all that it is not to be.
const OFF: u32 = u32::MAX;

/// What is demanded of a text. Automata are named by their places.
#[derive(Debug, Default)]
pub(super) struct Question<'s> {
    /// Whether each is to accept.
    pub(super) patterns: Vec<(usize, bool)>,
    /// Of each two one is to be so.
    pub(super) either: Vec<((usize, bool), (usize, bool))>,
    /// Whether each is to be a part.
    pub(super) parts: Vec<(&'s [u8], bool)>,
    /// What it is not to be, sorted and without repeats.
    pub(super) without: &'s [&'s str],
    /// The least and most characters.
    pub(super) lengths: (usize, usize),
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Result {
    Text(String),
    None,
    Unknown,
}

/// A limit was reached.
struct Full;

pub(super) fn search(automata: &mut [Automaton], question: &Question<'_>) -> Result {
    let spelled = question.without.iter().map(|it| it.len()).chain(question.parts.iter().map(|it| it.0.len()));
    if spelled.sum::<usize>() > SPELLED {
        return Result::Unknown;
    }
    let mut walk = Walk::new(automata, question);
    let text = match walk.shortest(&ALL_BYTES) {
        Ok(Some(text)) if text.iter().all(|byte| PRINTABLE.contains(byte)) => text,
        Ok(Some(text)) => match walk.shortest(PRINTABLE) {
            Ok(Some(printable)) => printable,
            Ok(None) | Err(Full) => text,
        },
        Ok(None) => return Result::None,
        Err(Full) => return Result::Unknown,
    };
    String::from_utf8(text).map_or(Result::Unknown, Result::Text)
}

/// Bytes in the order in which a witness has them: of a class that is not told apart the first.
const PRINTABLE: &[u8] =
    b"abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-_/.:@ ,;=+#&%~!?*'()[]{}<>|^$`\"\\";

/// The same with all others: letters of other scripts before what does not print.
const ALL_BYTES: [u8; 256] = {
    let preferred: [&[u8]; 2] = [PRINTABLE, &[0xC3, 0xA9, 0xE2, 0x82, 0xAC]];
    let mut bytes = [0; 256];
    let mut taken = [false; 256];
    let mut at = 0;
    let mut list = 0;
    #[expect(clippy::indexing_slicing, reason = "made when the program is compiled, which fails where it is wrong")]
    {
        while list < 2 {
            let mut nth = 0;
            while nth < preferred[list].len() {
                let byte = preferred[list][nth];
                bytes[at] = byte;
                taken[byte as usize] = true;
                (at, nth) = (at + 1, nth + 1);
            }
            list += 1;
        }
        let mut byte = 255;
        loop {
            if !taken[byte] {
                bytes[at] = byte as u8;
                at += 1;
            }
            if byte == 0 {
                break;
            }
            byte -= 1;
        }
    }
    bytes
};

/// What is walked together.
struct Walk<'s> {
    automata: &'s mut [Automaton],
    /// Those of the automata that are asked, without repeats.
    asked: Vec<usize>,
    question: &'s Question<'s>,
    /// For each part, how much of it still counts after each of its bytes.
    overlaps: Vec<Vec<u32>>,
    without: Trie,
    steps: usize,
}

/// UTF-8, characters, the place in what is left out; then the automata, then the parts.
type State = Box<[u32]>;

impl<'s> Walk<'s> {
    fn new(automata: &'s mut [Automaton], question: &'s Question<'s>) -> Self {
        let both = question.either.iter().flat_map(|(one, other)| [one.0, other.0]);
        let asked: BTreeSet<usize> = question.patterns.iter().map(|it| it.0).chain(both).collect();
        let overlaps = question.parts.iter().map(|(part, _)| overlaps(part)).collect();
        let without = Trie::new(question.without);
        Self { automata, asked: asked.into_iter().collect(), question, overlaps, without, steps: STEPS }
    }

    fn shortest(&mut self, bytes: &[u8]) -> std::result::Result<Option<Vec<u8>>, Full> {
        let bytes = self.told_apart(bytes);
        let mut start = vec![0, 0, 0];
        start.extend(self.asked.iter().map(|_| Automaton::START));
        start.extend(self.question.parts.iter().map(|_| 0));
        let start: State = start.into();
        if self.is_end(&start)? {
            return Ok(Some(Vec::new()));
        }
        // how each state was come by: the one before it, and a byte
        let mut steps: Vec<(usize, u8)> = vec![(0, 0)];
        let mut seen = BTreeSet::from([start.clone()]);
        let mut open = VecDeque::from([(start, 0)]);
        while let Some((state, at)) = open.pop_front() {
            for byte in &bytes {
                self.steps = self.steps.checked_sub(1).ok_or(Full)?;
                let Some(next) = self.next(&state, *byte)? else { continue };
                if seen.contains(&next) {
                    continue;
                }
                steps.push((at, *byte));
                if self.is_end(&next)? {
                    return Ok(Some(spell(&steps)));
                }
                if steps.len() > STATES {
                    return Err(Full);
                }
                seen.insert(next.clone());
                open.push_back((next, steps.len() - 1));
            }
        }
        Ok(None)
    }

    /// One byte for all those that lead to the same states everywhere.
    fn told_apart(&self, bytes: &[u8]) -> Vec<u8> {
        let mut spelled = [false; 256];
        let texts = self.question.without.iter().map(|it| it.as_bytes());
        for byte in texts.chain(self.question.parts.iter().map(|it| it.0)).flatten() {
            if let Some(spelled) = spelled.get_mut(usize::from(*byte)) {
                *spelled = true;
            }
        }
        let mut seen = BTreeSet::new();
        let is_new = |byte: &u8| {
            let own = spelled.get(usize::from(*byte)) == Some(&true);
            let mut class = vec![if own { *byte } else { 0 }, u8::from(own), utf8_class(*byte)];
            class.extend(self.asked.iter().filter_map(|it| self.automata.get(*it)).map(|it| it.class(*byte)));
            seen.insert(class)
        };
        bytes.iter().copied().filter(is_new).collect()
    }

    /// The state after a byte; `None` where no text goes on so.
    fn next(&mut self, state: &State, byte: u8) -> std::result::Result<Option<State>, Full> {
        let [utf8, length, place, rest @ ..] = &**state else { return Err(Full) };
        let Some(utf8) = utf8_next(*utf8, byte) else { return Ok(None) };
        let (least, most) = self.question.lengths;
        let begins = usize::from(byte & 0xC0 != 0x80);
        let length = *length as usize + begins;
        if length > most {
            return Ok(None);
        }
        // beyond the least length only the most counts
        let length = if most == usize::MAX { length.min(least) } else { length };
        let mut next = Vec::with_capacity(state.len());
        next.extend([utf8, u32::try_from(length).map_err(|_| Full)?, self.without.next(*place, byte)]);
        let mut rest = rest.iter();
        for (automaton, before) in self.asked.iter().zip(rest.by_ref()) {
            let lazy = self.automata.get_mut(*automaton).ok_or(Full)?;
            let after = lazy.next(*before, byte).ok_or(Full)?;
            if lazy.is_dead(after) && self.question.patterns.contains(&(*automaton, true)) {
                return Ok(None);
            }
            next.push(after);
        }
        for (((part, holds), overlaps), before) in self.question.parts.iter().zip(&self.overlaps).zip(rest) {
            let after = part_next(part, overlaps, *before, byte);
            if !holds && after as usize == part.len() {
                return Ok(None);
            }
            next.push(after);
        }
        Ok(Some(next.into()))
    }

    /// Whether a text that ends in this state is as demanded.
    fn is_end(&mut self, state: &State) -> std::result::Result<bool, Full> {
        let [utf8, length, place, rest @ ..] = &**state else { return Err(Full) };
        if *utf8 != 0 || (*length as usize) < self.question.lengths.0 || self.without.is_end(*place) {
            return Ok(false);
        }
        let mut rest = rest.iter();
        let mut accepts = Vec::with_capacity(self.asked.len());
        for (automaton, state) in self.asked.iter().zip(rest.by_ref()) {
            let lazy = self.automata.get_mut(*automaton).ok_or(Full)?;
            accepts.push((*automaton, lazy.accepts(*state).ok_or(Full)?));
        }
        let is = |it: &(usize, bool)| accepts.contains(it);
        Ok(self.question.patterns.iter().all(is)
            && self.question.either.iter().all(|(one, other)| is(one) || is(other))
            && self.question.parts.iter().zip(rest).all(|((part, holds), at)| (*at as usize == part.len()) == *holds))
    }
}

fn spell(steps: &[(usize, u8)]) -> Vec<u8> {
    let mut text = Vec::new();
    let mut at = steps.len() - 1;
    while let Some((before, byte)) = steps.get(at).filter(|_| at != 0) {
        text.push(*byte);
        at = *before;
    }
    text.reverse();
    text
}

/// Where a text stands in UTF-8 after a byte: 0 between characters, 1 to 3 before so many bytes that go on, and four
/// states in which the next of these is bound. `None` where it is not UTF-8.
fn utf8_next(state: u32, byte: u8) -> Option<u32> {
    Some(match (state, byte) {
        (0, 0..=0x7F) => 0,
        (0, 0xC2..=0xDF) => 1,
        (0, 0xE0) => 4,
        (0, 0xED) => 5,
        (0, 0xE1..=0xEF) => 2,
        (0, 0xF0) => 6,
        (0, 0xF1..=0xF3) => 3,
        (0, 0xF4) => 7,
        (1..=3, 0x80..=0xBF) => state - 1,
        (4, 0xA0..=0xBF) | (5, 0x80..=0x9F) => 1,
        (6, 0x90..=0xBF) | (7, 0x80..=0x8F) => 2,
        _ => return None,
    })
}

/// Bytes of one class are alike to [`utf8_next`].
fn utf8_class(byte: u8) -> u8 {
    match byte {
        0..=0x7F => 0,
        0x80..=0x8F => 1,
        0x90..=0x9F => 2,
        0xA0..=0xBF => 3,
        0xC2..=0xDF => 4,
        0xE0 => 5,
        0xED => 6,
        0xE1..=0xEF => 7,
        0xF0 => 8,
        0xF1..=0xF3 => 9,
        0xF4 => 10,
        _ => 11,
    }
}

/// For each beginning of a text, the longest shorter beginning that it ends in.
fn overlaps(part: &[u8]) -> Vec<u32> {
    let mut out: Vec<u32> = vec![0];
    for byte in part.iter().skip(1) {
        let last = out.last().copied().unwrap_or_default();
        out.push(part_step(part, &out, last, *byte));
    }
    out
}

/// How much of the part is found after a byte; all of it stays found.
fn part_next(part: &[u8], overlaps: &[u32], found: u32, byte: u8) -> u32 {
    if found as usize == part.len() { found } else { part_step(part, overlaps, found, byte) }
}

fn part_step(part: &[u8], overlaps: &[u32], mut found: u32, byte: u8) -> u32 {
    loop {
        if part.get(found as usize) == Some(&byte) {
            return found + 1;
        }
        match (found as usize).checked_sub(1).and_then(|last| overlaps.get(last)) {
            Some(shorter) => found = *shorter,
            None => return 0,
        }
    }
}

/// Texts by their beginnings.
struct Trie(Vec<(Vec<(u8, u32)>, bool)>);

impl Trie {
    fn new(texts: &[&str]) -> Self {
        let mut nodes: Vec<(Vec<(u8, u32)>, bool)> = vec![(Vec::new(), false)];
        for text in texts {
            let mut at = 0;
            for byte in text.bytes() {
                let new = u32::try_from(nodes.len()).unwrap_or(OFF);
                let Some((next, _)) = nodes.get_mut(at as usize) else { break };
                match next.iter().find(|it| it.0 == byte) {
                    Some((_, known)) => at = *known,
                    None => {
                        next.push((byte, new));
                        nodes.push((Vec::new(), false));
                        at = new;
                    }
                }
            }
            if let Some((_, end)) = nodes.get_mut(at as usize) {
                *end = true;
            }
        }
        Self(nodes)
    }

    fn next(&self, place: u32, byte: u8) -> u32 {
        let node = self.0.get(place as usize);
        node.and_then(|(next, _)| next.iter().find(|it| it.0 == byte)).map_or(OFF, |it| it.1)
    }

    fn is_end(&self, place: u32) -> bool {
        self.0.get(place as usize).is_some_and(|node| node.1)
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*, sample::select};

    use super::*;
    use crate::pattern::Matcher;

    #[test]
    fn utf8_is_what_it_is() {
        let ends = |text: &[u8]| text.iter().try_fold(0, |state, byte| utf8_next(state, *byte)) == Some(0);
        for char in [
            '\0',
            '\u{7F}',
            '\u{80}',
            '\u{7FF}',
            '\u{800}',
            '\u{D7FF}',
            '\u{E000}',
            '\u{FFFF}',
            '\u{10000}',
            '\u{10FFFF}',
        ] {
            assert!(ends(char.to_string().as_bytes()), "{char:?}");
        }
        for first in 0..=255_u8 {
            for second in 0..=255_u8 {
                for rest in [&[][..], &[0x80], &[0xBF, 0xBF]] {
                    let text: Vec<u8> = [first, second].into_iter().chain(rest.iter().copied()).collect();
                    assert_eq!(ends(&text), std::str::from_utf8(&text).is_ok(), "{text:x?}");
                }
            }
        }
        for state in 0..8 {
            for (one, other) in (0..=255).zip(1..=255_u8) {
                let alike = utf8_class(one) == utf8_class(other);
                assert!(!alike || utf8_next(state, one) == utf8_next(state, other), "{one:x} {other:x}");
            }
        }
    }

    #[test]
    fn every_byte_once() {
        assert_eq!(ALL_BYTES.iter().collect::<BTreeSet<_>>().len(), 256);
        assert!(ALL_BYTES.starts_with(PRINTABLE));
    }

    /// All texts of three characters, up to four of them.
    fn texts() -> Vec<String> {
        let mut texts = vec![String::new()];
        let mut last = texts.clone();
        for _ in 0..4 {
            last = last.iter().flat_map(|text| ["a", "b", "é"].map(|char| format!("{text}{char}"))).collect();
            texts.extend_from_slice(&last);
        }
        texts
    }

    proptest! {
        #[test]
        fn the_shortest_is_found(
            patterns in vec((select(vec!["[abé]*", "a.*", "(ab)*", ".*b.a?", "[^é]{2}", r".*\b", "b?"]), any::<bool>()), 0..3),
            either in vec(((0..3_usize, any::<bool>()), (0..3_usize, any::<bool>())), 0..2),
            parts in vec((select(vec!["", "a", "ab", "aab", "é"]), any::<bool>()), 0..3),
            mut without in vec(select(vec!["", "a", "b", "ab", "aa", "é", "aab"]), 0..6),
            least in 0..4_usize,
            more in 0..4_usize,
        ) {
            without.sort_unstable();
            without.dedup();
            // within the three characters, so that what is not found among all texts of them is longer or is not there
            let named = [vec![("[abé]*", true)], patterns].concat();
            let mut automata: Vec<Automaton> = named.iter().map(|it| Automaton::new(it.0).unwrap()).collect();
            let matchers: Vec<Matcher> = named.iter().map(|it| Matcher::new(it.0).unwrap()).collect();
            let count = named.len();
            let question = Question {
                patterns: named.iter().enumerate().map(|(nth, it)| (nth, it.1)).collect(),
                either: either.iter().map(|(one, other)| ((one.0 % count, one.1), (other.0 % count, other.1))).collect(),
                parts: parts.iter().map(|it| (it.0.as_bytes(), it.1)).collect(),
                without: &without,
                lengths: (least, least + more),
            };
            let is_right = |text: &str| {
                let is = |it: &(usize, bool)| matchers[it.0].is_match(text) == it.1;
                question.patterns.iter().all(is)
                    && question.either.iter().all(|(one, other)| is(one) || is(other))
                    && parts.iter().all(|(part, holds)| text.contains(part) == *holds)
                    && !without.contains(&text)
                    && (least..=least + more).contains(&text.chars().count())
            };
            let first = texts().into_iter().filter(|text| is_right(text)).min_by_key(String::len);
            match (search(&mut automata, &question), first) {
                (Result::Text(text), first) => {
                    prop_assert!(is_right(&text), "{text:?}");
                    let printable = text.is_ascii();
                    prop_assert!(printable || first.is_none_or(|first| text.len() <= first.len()), "{text:?}");
                }
                (Result::None, first) => prop_assert_eq!(first, None),
                (Result::Unknown, _) => prop_assert!(false, "it is small enough to be known"),
            }
        }
    }
}
