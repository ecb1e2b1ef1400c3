//! A user as the API shows and takes it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::permissions::Action;
use crate::respond::Meta;
use crate::session::Allowed;
use crate::wire::{Language, Role, Time};

/// Someone who signs in. Only administrators are told more than the name; for all others the rest
/// is none.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct User {
    /// Identifier.
    pub(crate) id: Uuid,
    /// Name to show.
    pub(crate) name: String,
    /// What the user signs in with.
    pub(crate) email: Option<String>,
    /// What the user may do.
    pub(crate) role: Option<Role>,
    /// The role that somebody has put together and that decides instead.
    pub(crate) role_id: Option<Uuid>,
    /// Language of the screens.
    pub(crate) language: Option<Language>,
    /// When the user was added.
    pub(crate) created_at: Option<Time>,
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

/// Changes of a user; what is absent stays.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UserPatch {
    /// Name to show.
    pub(super) name: Option<String>,
    /// A built-in role.
    pub(super) role: Option<Role>,
    /// A role that somebody has put together.
    pub(super) role_id: Option<Uuid>,
    /// Whether the user may no longer sign in; the sessions end at once.
    pub(super) disabled: Option<bool>,
}

impl User {
    /// A user as `viewer` may see it.
    pub(super) fn seen_by<P>(viewer: &Allowed<P>, user: rapport_domain::User) -> Self {
        if viewer.may(Action::ManageUsers) {
            return user.into();
        }
        Self {
            id: user.id.0,
            name: user.name,
            email: None,
            role: None,
            role_id: None,
            language: None,
            created_at: None,
            disabled_at: None,
        }
    }
}

impl From<rapport_domain::User> for User {
    fn from(user: rapport_domain::User) -> Self {
        Self {
            id: user.id.0,
            name: user.name,
            email: Some(user.email.to_string()),
            role: Some(user.role.into()),
            role_id: user.role_id.map(Into::into),
            language: Some(user.language.into()),
            created_at: Some(Time(user.created_at)),
            disabled_at: user.disabled_at.map(Time),
        }
    }
}
