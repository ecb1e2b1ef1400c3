//! `PATCH /me`

use axum::Json;
use rapport_store::users;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::error::{ApiError, ApiResult};
use crate::extract::Body;
use crate::permissions::KeepOwnAccount;
use crate::routes::session::{SessionUser, Theme};
use crate::session::Allowed;
use crate::wire::Language;

/// What to change about oneself.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MePatch {
    /// Name to show.
    name: Option<String>,
    /// Language of the screens.
    language: Option<Language>,
    /// How bright the screens are.
    theme: Option<Theme>,
}

/// Changes one's own name, language or theme.
#[utoipa::path(
    patch, path = "/me", tag = "me", request_body = MePatch,
    responses((status = 200, body = SessionUser)),
)]
pub(super) async fn update_me(
    user: Allowed<KeepOwnAccount>,
    Body(patch): Body<MePatch>,
) -> ApiResult<Json<SessionUser>> {
    let app = &user.app;
    let name = patch.name.as_deref().map(check_name).transpose()?;
    let changed = users::change(app.store(), user.id, move |user| {
        if let Some(name) = name {
            user.name = name;
        }
        if let Some(language) = patch.language {
            user.language = language.into();
        }
    })
    .await?;
    if let Some(theme) = patch.theme {
        users::set_theme(app.store(), user.id, Some(theme.as_str().to_owned())).await?;
    }
    Ok(Json(SessionUser::of(app.store(), &changed).await?))
}

/// A user's name, trimmed, of 1 to 100 characters.
pub(crate) fn check_name(name: &str) -> ApiResult<String> {
    let name = name.trim();
    if (1..=100).contains(&name.chars().count()) {
        Ok(name.to_owned())
    } else {
        let message = "write a name of 1 to 100 characters";
        Err(ApiError::unprocessable("/name", "bad_length", message))
    }
}
