//! `GET /models/{kind}`

use std::cmp::Reverse;

use rapport_store::models::{self, ModelLine};

use super::model::ModelDetail;
use crate::error::{ApiError, ApiResult};
use crate::extract::Id;
use crate::permissions::ReadRecords;
use crate::respond::Record;
use crate::session::Allowed;
use crate::state::Desk;

/// Versions and changes that are shown.
const N_SHOWN: u64 = 200;

/// Shows a kind of model with its versions and the trail of their changes.
#[utoipa::path(
    get, path = "/models/{kind}", tag = "models", params(("kind" = String, Path)),
    responses((status = 200, body = ModelDetail)),
)]
pub(super) async fn show_model(
    Allowed { app, .. }: Allowed<ReadRecords>,
    Id(kind): Id<String>,
) -> ApiResult<Record<ModelDetail>> {
    detail(&app, &kind).await
}

/// A kind with its versions and changes, or 404.
pub(super) async fn detail(app: &Desk, kind: &str) -> ApiResult<Record<ModelDetail>> {
    let line = find(app, kind).await?;
    let mut versions = models::list_versions(app.store(), kind, N_SHOWN).await?;
    let champion = line.champion.as_ref().map(|champion| champion.version);
    for version in champion.into_iter().chain(line.roll_back_to) {
        if versions.iter().all(|listed| listed.version != version) {
            versions.extend(models::find_version(app.store(), kind, version).await?);
        }
    }
    versions.sort_unstable_by_key(|version| Reverse(version.version));
    let transitions = models::list_transitions(app.store(), kind, N_SHOWN).await?;
    Ok(ModelDetail::record(line, versions, transitions))
}

/// A kind, or 404.
pub(super) async fn find(app: &Desk, kind: &str) -> ApiResult<ModelLine> {
    let line = models::find_line(app.store(), kind).await?;
    line.ok_or_else(|| ApiError::not_found("model"))
}
