//! Which arguments a signal is about.
//!
//! A catalog states the signal; this finds what it points at, for a reader: the arguments that alone would make the
//! classifier note it. Where there is none, the signal is about the tool's name, or about what a person knows.

use crate::{
    catalog::{Hints, Param, Signal, Tool},
    classify::{Facts, classify},
};

/// The arguments of the tool that each signal is about, by name.
pub(super) fn arguments(tool: &Tool) -> Vec<(Signal, Vec<String>)> {
    let alone: Vec<(&Param, Vec<Signal>)> = tool.params.iter().map(|param| (param, signals(param))).collect();
    let about = |signal: Signal| alone.iter().filter(move |(_, signals)| signals.contains(&signal));
    let names = |signal| about(signal).map(|(param, _)| param.name.clone()).collect();
    tool.signals.iter().map(|signal| (*signal, names(*signal))).collect()
}

/// The signals of a tool without a name that has this one argument.
fn signals(param: &Param) -> Vec<Signal> {
    let params = std::slice::from_ref(param);
    classify(&Facts { name: "", title: None, description: None, params, hints: Hints::default() }).signals
}
