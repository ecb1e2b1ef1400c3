//! Mailboxes behind a server that breaks in all the ways that servers do.

mod fake;
mod faults;
mod reading;
