//! Imports as stories, one file for each kind of row and for what may go wrong.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod clashes;
mod files;
mod kinds;
mod modes;
mod office;
mod orders;
mod people;
mod related;
mod sheets;
mod stops;
mod undo;
mod workbooks;
