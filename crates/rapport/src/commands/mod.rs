//! The commands: each reads its arguments, wires the crates below and says what came of it.

pub(crate) mod audit;
pub(crate) mod backup;
pub(crate) mod demo;
pub(crate) mod doctor;
mod dry_run;
pub(crate) mod export;
mod files;
pub(crate) mod import;
pub(crate) mod init;
pub(crate) mod lab;
pub(crate) mod mailbox;
mod mapping;
pub(crate) mod matching;
pub(crate) mod migrate;
pub(crate) mod serve;
pub(crate) mod source;
pub(crate) mod train;
pub(crate) mod twin;
pub(crate) mod undo;
pub(crate) mod user;
mod workspace;
