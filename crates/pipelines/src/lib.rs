#![doc = include_str!("../README.md")]

pub mod accounts;
pub mod backup;
pub mod bulk_edits;
mod catalogue;
mod changes;
mod clock;
pub mod company_attachments;
pub mod custom_fields;
mod error;
mod events;
mod features;
mod first_pipeline;
mod history;
pub mod imports;
pub mod jobs;
#[cfg(test)]
mod killed;
pub mod lab;
mod leftovers;
pub mod mailboxes;
pub mod matching;
pub mod migration;
pub mod pools;
pub mod profiles;
pub mod registry;
pub mod runs;
mod search;
pub mod segmentations;
pub mod timeline;
mod workspace;

pub use changes::{Change, Changes};
pub use clock::Clock;
pub use error::PipelineError;
pub use events::{append_events, link_known, settle_people, take_delivery, take_in};
pub use first_pipeline::keep_first_pipeline;
pub use history::AllEvents;
pub use jobs::run_worker;
pub use workspace::{OpenOptions, Workspace, store_config};
