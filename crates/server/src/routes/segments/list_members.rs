//! `GET /segments/{id}/members`

use rapport_domain::SegmentId;
use rapport_store::{contacts, segmentations};

use crate::error::{ApiError, ApiResult};
use crate::extract::{Id, List, ListParams};
use crate::permissions::ReadRecords;
use crate::respond::Paged;
use crate::routes::contacts::{Contact, ContactList};
use crate::session::Allowed;

/// Lists the contacts of a segment of any segmentation.
#[utoipa::path(
    get, path = "/segments/{id}/members", tag = "segments",
    params(("id" = uuid::Uuid, Path), ListParams),
    responses((status = 200, body = ContactList)),
)]
pub(super) async fn list_segment_members(
    Allowed { app, .. }: Allowed<ReadRecords>,
    Id(id): Id<SegmentId>,
    list: List,
) -> ApiResult<Paged<ContactList>> {
    let segment = segmentations::find_segment(app.store(), id).await?;
    segment.ok_or_else(|| ApiError::not_found("segment"))?;
    let page = contacts::list_members(app.store(), id, &list.query).await?;
    Ok(list.answer(page, |rows, meta| ContactList {
        contacts: rows.into_iter().map(Contact::from).collect(),
        meta,
    }))
}
