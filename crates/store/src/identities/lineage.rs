//! Where a contact comes from: its identities and the rows that were read for it.

use rapport_domain::{
    ContactId, ImportId, ObjectKind, SourceId, SourceIdentity, SourceRecordId, Timestamp,
};
use sea_orm::{FromQueryResult as _, QueryResult};
use uuid::Uuid;

use crate::entities::identity;
use crate::lists::{Field, Kind, Listing, page};
use crate::record::{self, Named};
use crate::sql::{self, Sql};
use crate::{ListQuery, Page, Store, StoreError, codec};

/// An identity with its source and how much it has told.
#[derive(Debug, Clone, PartialEq)]
pub struct IdentityRow {
    /// The identity.
    pub identity: SourceIdentity,
    /// The source.
    pub source: Named<SourceId>,
    /// Source records of this identity.
    pub n_records: u64,
    /// The part of the contact that it came to, which was a contact of its own; none where it came to this one.
    pub part: Option<ContactId>,
}

/// A row of a file as it was read, with the names of its columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceRecordRow {
    /// Identifier.
    pub id: SourceRecordId,
    /// The source.
    pub source: Named<SourceId>,
    /// The import that read it.
    pub import_id: ImportId,
    /// Line in the file where the row begins.
    pub line: u64,
    /// When it was read.
    pub received_at: Timestamp,
    /// Column and value in the file's order. Cells beyond the last column have the name "".
    pub cells: Vec<(String, String)>,
}

const RECORD_FIELDS: &[Field] = &[
    Field::required("import_id", "r.import_id", Kind::Id),
    Field::required("source_id", "q.id", Kind::Id),
    Field::required("received_at", "r.received_at", Kind::Timestamp),
];

/// Lists the identities of a contact, the earliest first. Where the store's user does not see addresses or
/// numbers of contacts, identities tell neither.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn list_of(store: &Store, contact: ContactId) -> Result<Vec<IdentityRow>, StoreError> {
    let columns = record::columns::<identity::Entity>("i", "i_");
    let statement = format!(
        "SELECT {columns}, q.id AS q_id, q.name AS q_name, \
         (SELECT count(*) FROM source_records r WHERE r.identity_id = i.id) AS n_records, \
         (SELECT h.home_id FROM record_homes h WHERE h.record_id = i.id AND h.object = 'identity') AS part \
         FROM identities i JOIN sources q ON q.id = i.source_id \
         WHERE i.contact_id = ? ORDER BY i.linked_at, i.id"
    );
    let rows = Sql::of(store.backend(), &statement, [sql::id(contact)])
        .all(store.reader())
        .await?;
    let hides = |field: &str| store.lens().hides(ObjectKind::Contact, field);
    let (no_email, no_phone) = (hides("email"), hides("phone"));
    rows.iter()
        .map(|row| {
            let mut model = identity::Model::from_query_result(row, "i_")?;
            model.email = model.email.filter(|_| !no_email);
            model.phone = model.phone.filter(|_| !no_phone);
            if no_email || no_phone {
                // Many sources call people by their addresses and numbers.
                model.profile_key.clear();
            }
            Ok(IdentityRow {
                source: source_of(row)?,
                identity: model.try_into()?,
                n_records: codec::unsigned(row.try_get("", "n_records")?),
                part: row.try_get::<Option<Uuid>>("", "part")?.map(ContactId),
            })
        })
        .collect()
}

/// Lists the rows that were read for a contact, the latest first.
///
/// # Errors
/// [`StoreError::Query`] where the query names what does not exist.
pub async fn list_source_records(
    store: &Store,
    contact: ContactId,
    query: &ListQuery,
) -> Result<Page<SourceRecordRow>, StoreError> {
    let listing = Listing {
        object: "source records",
        table: "source_records",
        alias: "r",
        columns: "r.id AS id, r.import_id AS import_id, r.line AS line, \
                  r.received_at AS received_at, r.cells AS cells, m.columns AS columns, \
                  q.id AS q_id, q.name AS q_name"
            .to_owned(),
        joins: " JOIN identities i ON i.id = r.identity_id JOIN imports m ON m.id = r.import_id \
                JOIN sources q ON q.id = m.source_id",
        scope: Some(Sql::of(
            store.backend(),
            "i.contact_id = ?",
            [sql::id(contact)],
        )),
        fields: RECORD_FIELDS,
        key: Field::required("id", "r.id", Kind::Id),
        default_sort: "-id",
        search: None,
    };
    page(store, &listing, query, read_record).await
}

fn read_record(row: &QueryResult) -> Result<SourceRecordRow, StoreError> {
    let (id, import_id): (Uuid, Uuid) = (row.try_get("", "id")?, row.try_get("", "import_id")?);
    let columns: String = row.try_get("", "columns")?;
    let columns: Vec<String> = codec::from_json("imports.columns", &columns)?;
    let cells: String = row.try_get("", "cells")?;
    let cells: Vec<String> = codec::from_json("source_records.cells", &cells)?;
    let names = columns.into_iter().chain(std::iter::repeat(String::new()));
    Ok(SourceRecordRow {
        id: id.into(),
        source: source_of(row)?,
        import_id: import_id.into(),
        line: codec::unsigned(row.try_get("", "line")?),
        received_at: Timestamp::from_micros(row.try_get("", "received_at")?),
        cells: names.zip(cells).collect(),
    })
}

fn source_of(row: &QueryResult) -> Result<Named<SourceId>, StoreError> {
    let source = Named::read(row, "q_")?;
    source.ok_or_else(|| StoreError::not_found("source", "of a joined row"))
}
