//! `POST /models/{kind}/transitions`

use rapport_pipelines::registry;
use rapport_store::models::StageChange;
use serde::Deserialize;
use utoipa::ToSchema;

use super::model::ModelDetail;
use super::{reason, show};
use crate::error::ApiResult;
use crate::extract::{Body, Id, IfMatch};
use crate::permissions::PromoteModels;
use crate::respond::Record;
use crate::session::Allowed;
use crate::wire::ModelStage;

/// A stage that is to change.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ModelTransitionInput {
    /// Which version.
    version: u64,
    /// Where it is to stand.
    to: ModelStage,
    /// Why, in 1 to 500 characters.
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
}

/// Changes the stage of a version. A champion must come from the shadow and be better than the champion
/// and the baseline on held-back data; otherwise the answer is 409 `promotion_refused` with both figures.
#[utoipa::path(
    post, path = "/models/{kind}/transitions", tag = "models", request_body = ModelTransitionInput,
    params(("kind" = String, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = ModelDetail)),
)]
pub(super) async fn create_model_transition(
    user: Allowed<PromoteModels>,
    Id(kind): Id<String>,
    IfMatch(revision): IfMatch,
    Body(input): Body<ModelTransitionInput>,
) -> ApiResult<Record<ModelDetail>> {
    let app = &user.app;
    let change = StageChange {
        kind,
        version: input.version,
        to: input.to.into(),
        reason: reason::read(&input.reason)?,
        actor: Some(user.id),
    };
    let kind = change.kind.clone();
    registry::change_stage(app.workspace(), change, revision).await?;
    show::detail(app, &kind).await
}
