//! Events as other systems send them, read into one form: bytes in, events and faults out. What
//! carries the bytes is not known here.

mod body;
mod call;
mod cloud_events;
mod fault;
mod incoming;
mod reading;
mod rows;
mod segment;
mod sensors;
mod told;
mod unpack;

pub use body::{Delivery, key_in, read_batch, read_call};
pub use call::Call;
pub use cloud_events::{read_cloud_event, read_cloud_events};
pub use fault::{BodyFault, EventFault};
pub use incoming::{IncomingEvent, Terms};
pub use sensors::read_sensors;
pub use told::{Told, ToldOrder, anonymous_key};
pub use unpack::unpack;

/// Largest event, in bytes of its JSON.
pub const EVENT_BYTES_MAX: usize = 32 << 10;

/// Largest body with events, in bytes after unpacking.
pub const BODY_BYTES_MAX: usize = 4 << 20;

/// Names of the field with a person's e-mail address, as protocols have them.
const EMAIL: &[&str] = &["email", "$email"];
/// Names of the field with a person's phone number.
const PHONE: &[&str] = &["phone", "mobile", "$mobile", "phone_number", "$phone"];
