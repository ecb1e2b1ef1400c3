#![doc = include_str!("../README.md")]

mod account;
mod dial;
mod error;
mod folder_name;
mod mbox;
mod reply;
mod session;
mod sync;

pub use account::{Account, Credential, Secret};
pub use dial::{Dial, Plain, Stream, Tls};
pub use error::MailboxError;
pub use mbox::write_mbox;
pub use session::{Folder, Letter};
pub use sync::{Batch, Keep, Mark, Missed, Options, SyncError, Synced, folders, sync};
