//! The user who is signed in, as the screens need it.

use rapport_domain::User;
use rapport_store::{Store, users};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::error::ApiResult;
use crate::wire::{Language, Role};

/// How bright the screens are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Theme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
    /// As the device is set.
    System,
}

impl Theme {
    /// The name in the records.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
            Self::System => "system",
        }
    }

    fn read(name: &str) -> Option<Self> {
        [Self::Light, Self::Dark, Self::System]
            .into_iter()
            .find(|theme| theme.as_str() == name)
    }
}

/// The user who is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SessionUser {
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
    /// How bright the screens are; none where the user has not chosen.
    pub(crate) theme: Option<Theme>,
}

/// A session.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Session {
    /// Who is signed in.
    pub(crate) user: SessionUser,
}

impl SessionUser {
    /// The user with what is stored beside.
    pub(crate) async fn of(store: &Store, user: &User) -> ApiResult<Self> {
        let theme = users::find_theme(store, user.id).await?;
        Ok(Self {
            id: user.id.0,
            email: user.email.to_string(),
            name: user.name.clone(),
            role: user.role.into(),
            language: user.language.into(),
            theme: theme.and_then(|name| Theme::read(&name)),
        })
    }
}
