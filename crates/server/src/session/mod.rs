//! Who is asking: the cookie, the session behind it, and what its user may do.

mod address;
mod allowed;
mod cookie;
mod network;
mod open_streams;
mod password;

use std::time::Duration;

pub(crate) use address::{ClientAddress, IsLocal};
pub(crate) use allowed::{Allowed, require};
pub(crate) use cookie::{clear_cookie, read_cookie, write_cookie};
pub use network::{BadNetwork, Network};
pub(crate) use open_streams::{OpenStream, OpenStreams};
pub(crate) use password::{Claim, check_password};

/// Name of the cookie that holds the session's token.
pub(crate) const COOKIE: &str = "rapport_session";

/// A session ends when it was not used for this long.
pub(crate) const IDLE: Duration = Duration::from_secs(14 * 24 * 3600);
