//! A pattern as an automaton over bytes, made state by state as it is walked.
//!
//! States are made when they are first met and kept from then on, within a fixed size: what is asked of a pattern
//! mostly needs few of them, and some patterns have more than there is memory for. Absent on purpose: a complete
//! automaton, and searching within a text.

use std::collections::BTreeMap;

use regex_automata::{
    Anchored, Input, MatchKind,
    hybrid::{
        LazyStateID,
        dfa::{Cache, DFA},
    },
    nfa::thompson::{self, WhichCaptures},
};

use super::dialect;

/// The most that the states of one pattern may take, in bytes.
const STATES: usize = 1 << 20;
/// The most that the pattern itself may take, in bytes.
const COMPILED: usize = 1 << 20;
/// A transition that is not known yet.
const UNKNOWN: u32 = u32::MAX;

/// An automaton that accepts the texts that a pattern matches as a whole.
#[derive(Debug)]
pub struct Automaton {
    lazy: DFA,
    cache: Cache,
    states: Vec<State>,
    known: BTreeMap<LazyStateID, u32>,
    /// For each state the next one by the class of a byte.
    next: Vec<u32>,
    classes: usize,
}

#[derive(Debug)]
struct State {
    id: LazyStateID,
    accepts: Option<bool>,
}

impl Automaton {
    /// The state before the first byte.
    pub const START: u32 = 0;

    /// The automaton of a pattern; `None` where it is not in the dialect or too large.
    pub fn new(pattern: &str) -> Option<Self> {
        let text = format!(r"\A(?:{})\z", dialect::translate(pattern).ok()?);
        let lazy = DFA::builder()
            .configure(
                DFA::config()
                    .match_kind(MatchKind::All)
                    .cache_capacity(STATES)
                    // a full cache is an error, so that no state is ever forgotten
                    .minimum_cache_clear_count(Some(0)),
            )
            .thompson(thompson::Config::new().nfa_size_limit(Some(COMPILED)).which_captures(WhichCaptures::None))
            .build(&text)
            .ok()?;
        let mut cache = lazy.create_cache();
        let start = lazy.start_state_forward(&mut cache, &Input::new("").anchored(Anchored::Yes)).ok()?;
        let classes = lazy.byte_classes().alphabet_len();
        let mut automaton = Self { lazy, cache, states: Vec::new(), known: BTreeMap::new(), next: Vec::new(), classes };
        automaton.add(start);
        Some(automaton)
    }

    /// Bytes of one class lead to the same states.
    pub fn class(&self, byte: u8) -> u8 {
        self.lazy.byte_classes().get(byte)
    }

    /// The state after a byte; `None` where there is no room for it.
    pub fn next(&mut self, state: u32, byte: u8) -> Option<u32> {
        let place = state as usize * self.classes + usize::from(self.class(byte));
        let known = *self.next.get(place)?;
        if known != UNKNOWN {
            return Some(known);
        }
        let id = self.lazy.next_state(&mut self.cache, self.states.get(state as usize)?.id, byte).ok()?;
        let next = self.add(id);
        *self.next.get_mut(place)? = next;
        Some(next)
    }

    /// Whether a text that ends in this state matches; `None` where there is no room to tell.
    pub fn accepts(&mut self, state: u32) -> Option<bool> {
        let state = self.states.get_mut(state as usize)?;
        if state.accepts.is_none() {
            let end = self.lazy.next_eoi_state(&mut self.cache, state.id).ok()?;
            state.accepts = Some(end.is_match());
        }
        state.accepts
    }

    /// Whether no text that goes on from this state matches, where that is plain.
    pub fn is_dead(&self, state: u32) -> bool {
        self.states.get(state as usize).is_some_and(|state| state.id.is_dead())
    }

    fn add(&mut self, id: LazyStateID) -> u32 {
        if let Some(known) = self.known.get(&id) {
            return *known;
        }
        let state = u32::try_from(self.states.len()).unwrap_or(UNKNOWN);
        self.states.push(State { id, accepts: None });
        self.next.resize(self.next.len() + self.classes, UNKNOWN);
        self.known.insert(id, state);
        state
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Automaton;
    use crate::pattern::{Matcher, check};

    fn accepts(automaton: &mut Automaton, text: &str) -> Option<bool> {
        let mut state = Automaton::START;
        for byte in text.bytes() {
            state = automaton.next(state, byte)?;
        }
        let accepts = automaton.accepts(state)?;
        assert!(!(accepts && automaton.is_dead(state)));
        Some(accepts)
    }

    #[test]
    fn accepts_whole_texts() {
        for (pattern, inside, outside) in [
            ("", "", "a"),
            ("a|bc", "bc", "abc"),
            (r"\bfoo\b.*", "foo bar", "food"),
            (r"é\bx", "éx", "é"),
            ("(?i)k+", "kK\u{212A}", "kk "),
            ("[^a]", "\u{10FFFF}", "a"),
            ("a.c", "a\u{2028}c", "a\nc"),
        ] {
            let mut automaton = Automaton::new(pattern).unwrap();
            assert_eq!(accepts(&mut automaton, inside), Some(true), "{pattern}");
            assert_eq!(accepts(&mut automaton, outside), Some(false), "{pattern}");
        }
    }

    #[test]
    fn what_is_too_large_is_none() {
        assert!(Automaton::new("(").is_none());
        assert!(Automaton::new(&format!("(?:{}){{0,500}}", "é".repeat(60))).is_none());
        let mut automaton = Automaton::new("(a|b)*a(a|b){20}").unwrap();
        let mut bits = 1_u64;
        let text: String = (0..100_000)
            .map(|_| {
                bits = bits.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                if bits >> 63 == 1 { 'a' } else { 'b' }
            })
            .collect();
        assert_eq!(accepts(&mut automaton, &text), None);
    }

    proptest! {
        #[test]
        fn agrees_with_the_matcher(
            pattern in r"([ak]|[SKé.^$]|\\[bBdWs.nx<]|[*+?]|\{[02],?3?\}|\[\^?|[]|()-]|\(\?[i:]|\(\?i\)){0,10}",
            texts in prop::collection::vec("[akKsS\u{212A}\u{17F}é^$\n .0-]{0,6}", 8),
        ) {
            if check(&pattern).is_ok() {
                let matcher = Matcher::new(&pattern).unwrap();
                let mut automaton = Automaton::new(&pattern).unwrap();
                for text in texts {
                    prop_assert_eq!(accepts(&mut automaton, &text), Some(matcher.is_match(&text)), "{} on {:?}", pattern, text);
                }
            }
        }
    }
}
