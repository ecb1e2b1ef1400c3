//! Mailboxes behind a server that breaks in all the ways that servers do.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod encrypted;
mod fake;
mod faults;
mod keys;
mod reading;
mod tokens;
