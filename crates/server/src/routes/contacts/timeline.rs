//! `GET /contacts/{id}/timeline`

use rapport_domain::{AuditObject, ContactId};
use rapport_pipelines::timeline;

use super::entry::{TimelineEntry, TimelineList, read_key, write_key};
use super::show;
use crate::error::ApiResult;
use crate::extract::{Id, List, ListParams};
use crate::permissions::ReadRecords;
use crate::respond::{Meta, Paged};
use crate::session::Allowed;

/// Lists what happened with a contact, the latest first: orders, tickets, notes, tasks and events
/// merged. Takes `cursor` and `limit`.
#[utoipa::path(
    get, path = "/contacts/{id}/timeline", tag = "contacts",
    params(("id" = uuid::Uuid, Path), ListParams),
    responses((status = 200, body = TimelineList)),
)]
pub(super) async fn list_contact_timeline(
    Allowed { app, .. }: Allowed<ReadRecords>,
    Id(id): Id<ContactId>,
    list: List,
) -> ApiResult<Paged<TimelineList>> {
    list.check_plain()?;
    let before = list
        .query
        .cursor
        .as_ref()
        .map(|c| read_key(&c.to_string()))
        .transpose()?;
    show::find(&app, id).await?;
    app.saw(AuditObject::Contact, id);
    let limit = usize::try_from(list.query.limit).unwrap_or(usize::MAX);
    let mut entries = timeline::of(app.workspace(), id, before, limit + 1).await?;
    // One more than asked for tells whether there is a next page.
    let has_more = entries.len() > limit;
    entries.truncate(limit);
    let last = entries.last().filter(|_| has_more);
    let next_cursor = last.map(|entry| write_key(entry.key));
    let next = next_cursor.as_deref().map(|cursor| list.address(cursor));
    let entries = TimelineEntry::list(app.store(), entries).await?;
    let meta = Meta {
        next_cursor,
        estimate: None,
    };
    Ok(Paged {
        body: TimelineList { entries, meta },
        next,
    })
}
