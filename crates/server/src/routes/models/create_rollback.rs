//! `POST /models/{kind}/rollbacks`

use rapport_pipelines::registry;
use rapport_store::models::RollBack;
use serde::Deserialize;
use utoipa::ToSchema;

use super::model::ModelDetail;
use super::{reason, show};
use crate::error::ApiResult;
use crate::extract::{Body, Id, IfMatch};
use crate::permissions::PromoteModels;
use crate::respond::Record;
use crate::session::Allowed;

/// A champion that is to go.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ModelRollbackInput {
    /// Why, in 1 to 500 characters.
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
}

/// Brings the champion before the present one back.
#[utoipa::path(
    post, path = "/models/{kind}/rollbacks", tag = "models", request_body = ModelRollbackInput,
    params(("kind" = String, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = ModelDetail)),
)]
pub(super) async fn create_model_rollback(
    user: Allowed<PromoteModels>,
    Id(kind): Id<String>,
    IfMatch(revision): IfMatch,
    Body(input): Body<ModelRollbackInput>,
) -> ApiResult<Record<ModelDetail>> {
    let app = &user.app;
    let roll_back = RollBack {
        kind,
        reason: reason::read(&input.reason)?,
        actor: Some(user.id),
    };
    let kind = roll_back.kind.clone();
    registry::roll_back(app.workspace(), roll_back, revision).await?;
    show::detail(app, &kind).await
}
