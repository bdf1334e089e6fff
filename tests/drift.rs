//! What drift says: servers before and after and a policy in, findings out, on one page.

mod laws;
