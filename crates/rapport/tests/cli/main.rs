//! The binary as a user meets it at the command line, bad input included.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod audit;
mod backup;
mod demo;
mod doctor;
mod import;
mod killed;
mod lab;
mod migrate;
mod program;
mod serve;
mod source;
mod train;
mod undo;
mod user;
