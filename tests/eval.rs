//! `mcppol eval`: what stands in a record, how counters follow times, and the command as people run it.

mod records;

#[cfg(feature = "cli")]
mod command;
