//! `GET /imports/{id}/effects`

use axum::Json;
use rapport_domain::ImportId;
use rapport_store::imports;

use super::conflict::{ImportEffect, ImportEffects};
use crate::error::{ApiError, ApiResult};
use crate::extract::Id;
use crate::permissions::ReadEverything;
use crate::session::Allowed;

/// Shows how many records of each kind an import has made and changed: what undoing it is about.
#[utoipa::path(
    get, path = "/imports/{id}/effects", tag = "imports", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = ImportEffects)),
)]
pub(super) async fn show_import_effects(
    Allowed { app, .. }: Allowed<ReadEverything>,
    Id(id): Id<ImportId>,
) -> ApiResult<Json<ImportEffects>> {
    let import = imports::find(app.store(), id).await?;
    import.ok_or_else(|| ApiError::not_found("import"))?;
    let effects = imports::effects(app.store(), id).await?;
    let effects = effects.into_iter().map(|(kind, effects)| ImportEffect {
        kind: kind.into(),
        n_made: effects.n_made,
        n_changed: effects.n_changed,
    });
    Ok(Json(ImportEffects {
        effects: effects.collect(),
    }))
}
