//! Who is asking: the cookie and the session behind it, or an API key, and what its user may do.

mod address;
mod allowed;
mod bearer;
mod caller;
mod cookie;
mod key_uses;
mod network;
mod open_streams;
mod password;

use std::time::Duration;

pub(crate) use address::{ClientAddress, IsLocal, ThisBrowser};
pub(crate) use allowed::Allowed;
pub(crate) use bearer::read_bearer;
pub(crate) use caller::{Caller, not_signed_in};
pub(crate) use cookie::{clear_cookie, has_cookie, read_cookie, write_cookie};
pub(crate) use key_uses::KeyUses;
pub use network::{BadNetwork, Network};
pub(crate) use open_streams::{OpenStream, OpenStreams};
pub(crate) use password::{Claim, check_password};

/// Name of the cookie that holds the session's token.
pub(crate) const COOKIE: &str = "rapport_session";

/// A session ends when it was not used for this long.
pub(crate) const IDLE: Duration = Duration::from_secs(14 * 24 * 3600);
