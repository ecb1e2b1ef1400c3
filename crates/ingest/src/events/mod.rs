//! Events as other systems send them, read into one form: bytes in, events and faults out. What
//! carries the bytes is not known here.

mod body;
mod call;
mod fault;
mod incoming;
mod segment;
mod unpack;

pub use body::{Delivery, read_batch, read_call};
pub use call::Call;
pub use fault::{BodyFault, EventFault};
pub use incoming::{IncomingEvent, Terms};
pub use unpack::unpack;

/// Largest event, in bytes of its JSON.
pub const EVENT_BYTES_MAX: usize = 32 << 10;

/// Largest body with events, in bytes after unpacking.
pub const BODY_BYTES_MAX: usize = 4 << 20;
