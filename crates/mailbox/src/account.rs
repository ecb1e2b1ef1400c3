//! Whose mailbox it is, and what proves it.

use std::fmt;

/// A password or token, which is shown to nobody.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Guards a secret.
    pub fn new(secret: String) -> Self {
        Self(secret)
    }

    /// The secret itself, to be kept or sent and not to be shown.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// What proves that the mailbox is ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credential {
    /// A password; with large providers one that is made for a program (`LOGIN`).
    Password(Secret),
    /// An access token of OAuth 2.0 (`AUTHENTICATE OAUTHBEARER`, RFC 7628, or else `XOAUTH2`).
    /// [`refresh`](crate::refresh) fetches one; when to do so is the caller's.
    Token(Secret),
}

/// A mailbox's account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Name of the account, as a rule its e-mail address.
    pub user: String,
    /// What proves it.
    pub credential: Credential,
}
