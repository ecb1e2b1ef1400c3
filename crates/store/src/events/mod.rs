//! The lake's write-ahead log and catalogue: events that are safe but not in a file yet, and the
//! files that hold the rest.
//!
//! An event is acknowledged once it is in the inbox. A flush writes a file first, then in one
//! transaction adds the file to the catalogue and takes its events out of the inbox; a kill in
//! between leaves only a file that nobody names. Repeated keys `(source, message_id)` are dropped
//! while the first is in the inbox; of events that come over HTTP, for days.

mod catalogue;
mod inbox;
mod people;
mod receive;
mod seen;
mod strangers;
mod told_of;

pub(crate) use catalogue::swap_in;
pub use catalogue::{EventSegment, list_segments, swap_segments};
pub use inbox::{
    InboxEvent, append_inbox, count_inbox, flush_inbox, has_after, list_inbox, list_inbox_within,
    newest_waiting,
};
pub use people::{Settlement, ToldRow, list_told, settle};
pub use receive::{Receipt, ReceivedEvents, receive};
pub use seen::{forget_seen, is_delivered};
pub use strangers::{STRANGER_DAYS, Stranger, forget_old_strangers, forget_strangers, list_known};
pub use told_of::note_contacts;

use inbox::{append_in, waiting_in};
