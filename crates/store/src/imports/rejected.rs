//! Rows that were not taken: to look at by pages, and to download in pieces.

use rapport_domain::{ImportId, RejectedRow};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, FromQueryResult as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};
use uuid::Uuid;

use crate::entities::rejected_row;
use crate::lists::{Field, Kind, Listing, page};
use crate::sql::{self, Sql};
use crate::{ListQuery, Page, Store, StoreError, codec, record};

pub(super) const REASONS: &[&str] = &[
    "missing_value",
    "bad_date",
    "bad_number",
    "bad_email",
    "bad_phone",
    "bad_row",
    "bad_encoding",
    "invalid",
    "exists_already",
    "no_such_record",
    "unknown_reference",
    "clash",
];

const FIELDS: &[Field] = &[
    Field::optional("column", "r.column_name", Kind::Text),
    Field::required("reason", "r.reason", Kind::Choice(REASONS)),
];

/// Lists the rows of an import that were not taken, in the file's order.
///
/// # Errors
/// [`StoreError::Query`] where the query names what does not exist.
pub async fn list_rejected(
    store: &Store,
    import: ImportId,
    query: &ListQuery,
) -> Result<Page<RejectedRow>, StoreError> {
    let listing = Listing {
        object: "rejected rows",
        table: "rejected_rows",
        alias: "r",
        columns: record::columns::<rejected_row::Entity>("r", "r_"),
        joins: "",
        scope: Some(Sql::of(
            store.backend(),
            "r.import_id = ?",
            [sql::id(import)],
        )),
        fields: FIELDS,
        key: Field::required("line", "r.line", Kind::Integer),
        default_sort: "line",
        search: None,
    };
    page(store, &listing, query, |row| {
        rejected_row::Model::from_query_result(row, "r_")?.try_into()
    })
    .await
}

/// The next piece of a download: rows that were not taken, after a line of the file (0 to begin).
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn list_rejected_after(
    store: &Store,
    import: ImportId,
    line: u64,
    limit: u64,
) -> Result<Vec<RejectedRow>, StoreError> {
    let rows = rejected_row::Entity::find()
        .filter(rejected_row::Column::ImportId.eq(Uuid::from(import)))
        .filter(rejected_row::Column::Line.gt(codec::signed(line)))
        .order_by_asc(rejected_row::Column::Line)
        .limit(limit)
        .all(store.reader())
        .await?;
    rows.into_iter().map(RejectedRow::try_from).collect()
}
