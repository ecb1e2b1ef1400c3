//! `GET /contacts/{id}/source_records`

use rapport_domain::{AuditObject, ContactId};
use rapport_store::identities::{self, SourceRecordRow};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::show;
use crate::error::ApiResult;
use crate::extract::{Id, List, ListParams};
use crate::permissions::ReadEverything;
use crate::respond::{Meta, Paged};
use crate::session::Allowed;
use crate::wire::{Reference, Time};

/// A row of a file as it was read; never changed.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SourceRecord {
    /// Identifier.
    id: Uuid,
    /// The source.
    source: Reference,
    /// The import that read it.
    import_id: Uuid,
    /// Line in the file where the row begins, from 1 with the header counted.
    line: u64,
    /// When it was read.
    received_at: Time,
    /// Its cells in the file's order.
    cells: Vec<Cell>,
}

/// One cell of a row.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Cell {
    /// Name of the column; empty for cells beyond the last one.
    column: String,
    /// What stands there.
    value: String,
}

/// A page of source records, the latest first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SourceRecordList {
    /// The records.
    source_records: Vec<SourceRecord>,
    /// Where the list goes on.
    meta: Meta,
}

/// Lists the rows that were read for a contact, as they stood in their files: by who sees everybody's records,
/// for a row tells of tickets, deals and companies too.
#[utoipa::path(
    get, path = "/contacts/{id}/source_records", tag = "contacts",
    params(("id" = uuid::Uuid, Path), ListParams),
    responses((status = 200, body = SourceRecordList)),
)]
pub(super) async fn list_contact_source_records(
    Allowed { app, .. }: Allowed<ReadEverything>,
    Id(id): Id<ContactId>,
    list: List,
) -> ApiResult<Paged<SourceRecordList>> {
    show::find(&app, id).await?;
    app.saw(AuditObject::Contact, id);
    let page = identities::list_source_records(app.store(), id, &list.query).await?;
    Ok(list.answer(page, |rows, meta| SourceRecordList {
        source_records: rows.into_iter().map(SourceRecord::from).collect(),
        meta,
    }))
}

impl From<SourceRecordRow> for SourceRecord {
    fn from(row: SourceRecordRow) -> Self {
        let cells = row
            .cells
            .into_iter()
            .map(|(column, value)| Cell { column, value });
        Self {
            id: row.id.0,
            source: row.source.into(),
            import_id: row.import_id.0,
            line: row.line,
            received_at: Time(row.received_at),
            cells: cells.collect(),
        }
    }
}
