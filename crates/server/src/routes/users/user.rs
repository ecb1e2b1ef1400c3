//! A user as the API shows and takes it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::respond::Meta;
use crate::wire::{Language, Role, Time};

/// Someone who signs in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct User {
    /// Identifier.
    pub(crate) id: Uuid,
    /// What the user signs in with.
    pub(crate) email: String,
    /// Name to show.
    pub(crate) name: String,
    /// What the user may do.
    pub(crate) role: Role,
    /// Language of the screens.
    pub(crate) language: Language,
    /// When the user was added.
    pub(crate) created_at: Time,
    /// Set when the user may no longer sign in.
    pub(crate) disabled_at: Option<Time>,
}

/// All users.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UserList {
    /// The users, by name.
    pub(crate) users: Vec<User>,
    /// Always the only page.
    pub(crate) meta: Meta,
}

/// A new user.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UserInput {
    /// What the user signs in with.
    pub(super) email: String,
    /// Name to show.
    pub(super) name: String,
    /// What the user may do.
    pub(super) role: Role,
    /// First password, 8 to 200 characters.
    #[schema(min_length = 8, max_length = 200)]
    pub(super) password: String,
    /// Language of the screens; English where absent.
    pub(super) language: Option<Language>,
}

impl From<rapport_domain::User> for User {
    fn from(user: rapport_domain::User) -> Self {
        Self {
            id: user.id.0,
            email: user.email.to_string(),
            name: user.name,
            role: user.role.into(),
            language: user.language.into(),
            created_at: Time(user.created_at),
            disabled_at: user.disabled_at.map(Time),
        }
    }
}
