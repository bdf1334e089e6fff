//! What drift says: servers before and after and a policy in, findings out, on one page; and through the binary.

mod cases;
#[cfg(feature = "cli")]
mod command;
mod laws;
