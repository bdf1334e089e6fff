//! The conversation over a transport that plays a script.
