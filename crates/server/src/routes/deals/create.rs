//! `POST /deals`

use rapport_domain::{
    CustomValues, Deal as Draft, DealId, ObjectKind, PipelineId, StageId, Timestamp,
};
use rapport_store::deals;
use uuid::Uuid;

use super::deal::{Deal, DealPatch};
use super::show;
use super::stage::check_stage;
use crate::error::{ApiError, ApiResult};
use crate::extract::Body;
use crate::permissions::WriteRecords;
use crate::respond::{Created, Record};
use crate::routes::custom_fields::check_new_custom;
use crate::routes::record_patch::RecordPatch as _;
use crate::routes::references::check_references;
use crate::session::Allowed;

/// Creates a deal.
#[utoipa::path(
    post, path = "/deals", tag = "deals", request_body = DealPatch,
    responses((status = 201, body = Deal)),
)]
pub(super) async fn create_deal(
    Allowed { app, .. }: Allowed<WriteRecords>,
    Body(mut patch): Body<DealPatch>,
) -> ApiResult<Created<Record<Deal>>> {
    check_new_custom(&app, ObjectKind::Deal, &mut patch.custom).await?;
    let mut draft = empty(app.new_id(), app.now());
    ApiError::check(patch.missing())?;
    ApiError::check(patch.apply(&mut draft, app.now()))?;
    check_stage(&app, &draft).await?;
    check_references(
        &app,
        [
            ("/owner_id", draft.owner_id.map(Into::into)),
            ("/contact_id", draft.contact_id.map(Into::into)),
            ("/company_id", draft.company_id.map(Into::into)),
        ],
    )
    .await?;
    let id = deals::create(app.store(), draft).await?.id;
    Ok(Created::new(
        "deals",
        id.0,
        show::find(&app, id).await?.into(),
    ))
}

/// A deal without name, pipeline and stage, which the patch must bring.
pub(super) fn empty(id: DealId, now: Timestamp) -> Draft {
    Draft {
        id,
        name: String::new(),
        pipeline_id: PipelineId(Uuid::nil()),
        stage_id: StageId(Uuid::nil()),
        amount: None,
        expected_close_on: None,
        contact_id: None,
        company_id: None,
        owner_id: None,
        custom: CustomValues::new(),
        stage_entered_at: now,
        created_at: now,
        updated_at: now,
        version: 1,
    }
}
