#![doc = include_str!("../README.md")]

mod bulk;
mod codec;
mod config;
mod connection;
mod entities;
mod error;
mod inspection;
mod lens;
mod lists;
mod migrations;
mod record;
mod sql;
mod store;

pub mod access;
pub mod backup;
pub mod boards;
pub mod campaigns;
pub mod companies;
pub mod consents;
pub mod contacts;
pub mod custom_fields;
pub mod deals;
pub mod events;
pub mod feature_snapshots;
pub mod identities;
pub mod imports;
pub mod jobs;
pub mod ledger;
pub mod models;
pub mod notes;
pub mod orders;
pub mod pipelines;
pub mod products;
pub mod reports;
pub mod roles;
pub mod runs;
pub mod saved_views;
pub mod scores;
pub mod search;
pub mod segmentations;
pub mod sessions;
pub mod settings;
pub mod shares;
pub mod sign_ins;
pub mod sources;
pub mod tasks;
pub mod teams;
pub mod tickets;
pub mod timeline;
pub mod users;
pub mod write_keys;

pub use config::{DatabaseUrl, ListCost, StoreConfig};
pub use error::StoreError;
pub use inspection::{Inspection, inspect};
pub use lists::{Condition, Cursor, Direction, Filter, ListQuery, Op, Page, QueryError, Sort};
pub use record::Named;
pub use store::Store;

#[cfg(test)]
mod tests;
