//! A signed-in browser as its user and administrators see it.

use rapport_domain::SessionId;
use rapport_store::sessions::SessionRow;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::wire::Time;

/// A browser that is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SignedInBrowser {
    /// Identifier.
    pub(crate) id: Uuid,
    /// What the browser calls itself; none where it did not say.
    pub(crate) user_agent: Option<String>,
    /// The network that it signed in from: an IPv4 address, or the /64 of an IPv6 address.
    pub(crate) address: Option<String>,
    /// When it signed in.
    pub(crate) created_at: Time,
    /// When it was last used, to within ten minutes.
    pub(crate) seen_at: Time,
    /// When it is signed out unless it is used before.
    pub(crate) expires_at: Time,
    /// Whether this is the browser that asks.
    pub(crate) is_current: bool,
}

/// The browsers of a user that are signed in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SignedInBrowserList {
    /// The browsers, those used last first.
    pub(crate) sessions: Vec<SignedInBrowser>,
}

impl SignedInBrowserList {
    /// The browsers as one of them sees them.
    pub(crate) fn new(rows: Vec<SessionRow>, current: Option<SessionId>) -> Self {
        let sessions = rows.into_iter().map(|row| SignedInBrowser {
            is_current: Some(row.id) == current,
            id: row.id.0,
            user_agent: row.browser.user_agent,
            address: row.browser.address,
            created_at: Time(row.created_at),
            seen_at: Time(row.seen_at),
            expires_at: Time(row.expires_at),
        });
        Self {
            sessions: sessions.collect(),
        }
    }
}
