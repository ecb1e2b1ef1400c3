#![doc = include_str!("../README.md")]

mod account;
mod dial;
mod error;
mod folder_name;
mod login;
mod mbox;
mod outside;
mod reply;
mod session;
mod start_tls;
mod sync;
mod token;

pub use account::{Account, Credential, Secret};
pub use dial::{Dial, Line, Security, Server, StartTls, Stream};
pub use error::MailboxError;
pub use mbox::write_mbox;
pub use outside::Outside;
pub use session::{Folder, Letter};
pub use sync::{Batch, Keep, Mark, Missed, Options, SyncError, Synced, check, folders, sync};
pub use token::{RefreshGrant, Tokens, refresh};
