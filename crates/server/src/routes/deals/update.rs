//! `PATCH /deals/{id}`

use rapport_domain::{DealId, ObjectKind};
use rapport_store::deals;

use super::deal::{Deal, DealPatch};
use super::show;
use super::stage::check_stage;
use crate::error::{ApiError, ApiResult};
use crate::extract::{Body, Id, IfMatch};
use crate::permissions::WriteRecords;
use crate::respond::Record;
use crate::routes::custom_fields::check_custom;
use crate::routes::record_patch::RecordPatch as _;
use crate::routes::references::{check_references, named_anew};
use crate::session::Allowed;

/// Changes a deal by a merge patch.
#[utoipa::path(
    patch, path = "/deals/{id}", tag = "deals", request_body = DealPatch,
    params(("id" = uuid::Uuid, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = Deal)),
)]
pub(super) async fn update_deal(
    Allowed { app, .. }: Allowed<WriteRecords>,
    Id(id): Id<DealId>,
    IfMatch(version): IfMatch,
    Body(mut patch): Body<DealPatch>,
) -> ApiResult<Record<Deal>> {
    let deal = deals::find(app.store(), id).await?;
    let mut deal = deal.ok_or_else(|| ApiError::not_found("deal"))?;
    let before = deal.clone();
    check_custom(&app, ObjectKind::Deal, &mut patch.custom).await?;
    ApiError::check(patch.apply(&mut deal, app.now()))?;
    deal.updated_at = app.now();
    check_stage(&app, &deal).await?;
    check_references(
        &app,
        [
            ("/owner_id", named_anew(before.owner_id, deal.owner_id)),
            (
                "/contact_id",
                named_anew(before.contact_id, deal.contact_id),
            ),
            (
                "/company_id",
                named_anew(before.company_id, deal.company_id),
            ),
        ],
    )
    .await?;
    deals::update(app.store(), deal, version).await?;
    Ok(show::find(&app, id).await?.into())
}
