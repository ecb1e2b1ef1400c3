//! People who sign in, and what they may do.

use serde::{Deserialize, Serialize};

use crate::{EmailAddress, Language, RoleId, Timestamp, UserId};

/// What a user may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything, users and settings included.
    Admin,
    /// Reads and writes records, imports files, trains models.
    Member,
    /// Reads only.
    Viewer,
}

impl Role {
    /// Whether this role may change records.
    pub const fn can_write(self) -> bool {
        matches!(self, Self::Admin | Self::Member)
    }

    /// Whether this role may manage users and settings.
    pub const fn can_administer(self) -> bool {
        matches!(self, Self::Admin)
    }
}

/// Someone who signs in. The password's hash stays in the store.
#[derive(Debug, Clone, PartialEq)]
pub struct User {
    /// Identifier.
    pub id: UserId,
    /// What the user signs in with.
    pub email: EmailAddress,
    /// Name to show.
    pub name: String,
    /// What the user may do; where [`Self::role_id`] is set, what the screens take the user for.
    pub role: Role,
    /// The role that somebody has put together and that decides instead of the built-in one.
    pub role_id: Option<RoleId>,
    /// Language of the screens.
    pub language: Language,
    /// When the user was added.
    pub created_at: Timestamp,
    /// Set when the user may no longer sign in.
    pub disabled_at: Option<Timestamp>,
}

impl User {
    /// Whether the user is an administrator: no role that somebody has put together makes one.
    pub const fn is_administrator(&self) -> bool {
        self.role.can_administer() && self.role_id.is_none()
    }
}
