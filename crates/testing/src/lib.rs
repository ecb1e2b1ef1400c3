#![doc = include_str!("../README.md")]

mod events;
mod orders_file;
pub mod peers;

use rapport_domain::Timestamp;

pub use events::EventBuilder;
pub use orders_file::OrdersFile;

/// An instant from RFC 3339 text.
///
/// # Panics
/// Where the text is no instant: a test's own mistake.
pub fn at(text: &str) -> Timestamp {
    text.parse().expect("a test's instant is RFC 3339")
}
