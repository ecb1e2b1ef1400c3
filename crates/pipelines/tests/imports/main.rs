//! Imports as stories, one file for each kind of row and for what may go wrong.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod activities;
mod channels;
mod clashes;
mod dry_run;
mod files;
mod kinds;
mod mail;
mod modes;
mod office;
mod orders;
mod pace;
mod people;
mod random;
mod related;
mod sheets;
mod stops;
mod undo;
mod workbooks;
