//! `POST /contacts/{id}/merge/preview`

use axum::Json;
use rapport_domain::ContactId;
use rapport_store::{identity_log, settings};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::error::{ApiError, ApiResult};
use crate::extract::{Body, Id};
use crate::permissions::ReadRecords;
use crate::routes::settings::{SurvivorshipPatch, check_sources};
use crate::session::Allowed;
use crate::wire::SurvivorshipRule;

/// Which contact would become part of this one, and by what rules.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ContactMergePreviewInput {
    /// The contact that would go.
    from: Option<Uuid>,
    /// Rules that differ from those of the workspace, to try them.
    #[serde(default)]
    rules: SurvivorshipPatch,
}

/// Whose value a field would have.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum MergeWinner {
    /// That of the contact that stays.
    Stays,
    /// That of the contact that goes.
    Goes,
    /// What both have.
    Both,
}

/// A field of which at least one of the two has a value.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ContactMergeField {
    /// Its name among the rules of merges, or `tags`.
    field: String,
    /// Whose value it would have.
    winner: MergeWinner,
    /// The rule that chooses; null where only one of them has a value.
    rule: Option<SurvivorshipRule>,
}

/// What would come of a merge.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ContactMergePreview {
    /// The fields that the caller sees, by name.
    merged_fields: Vec<ContactMergeField>,
}

/// Tells whose value each field would have if another contact became part of this one. Nothing is changed.
#[utoipa::path(
    post, path = "/contacts/{id}/merge/preview", tag = "contacts",
    request_body = ContactMergePreviewInput,
    params(("id" = Uuid, Path)), responses((status = 200, body = ContactMergePreview)),
)]
pub(super) async fn show_contact_merge_preview(
    Allowed { app, .. }: Allowed<ReadRecords>,
    Id(id): Id<ContactId>,
    Body(asked): Body<ContactMergePreviewInput>,
) -> ApiResult<Json<ContactMergePreview>> {
    let mut rules = settings::survivorship(app.store()).await?;
    ApiError::check(asked.rules.apply(&mut rules))?;
    check_sources(app.store(), &rules).await?;
    let from = asked.from.map_or(id, ContactId);
    let fields = identity_log::preview(app.store(), (from, id), Some(rules)).await?;
    let fields = fields.into_iter().map(|merged| ContactMergeField {
        field: merged.field,
        winner: match merged.winner {
            identity_log::Winner::Stays => MergeWinner::Stays,
            identity_log::Winner::Goes => MergeWinner::Goes,
            identity_log::Winner::Both => MergeWinner::Both,
        },
        rule: merged.rule.map(Into::into),
    });
    Ok(Json(ContactMergePreview {
        merged_fields: fields.collect(),
    }))
}
