//! Records of all kinds as the journal sees them: rows with a key, and columns with values.

use sea_orm::{ConnectionTrait as _, DatabaseTransaction, DbBackend, FromQueryResult, Value};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Columns, RecordKey, RecordKind};
use crate::StoreError;
use crate::bulk::Writable;
use crate::entities::{
    campaign, company, contact, deal, identity, order, order_line, product, task, ticket,
};
use crate::sql::{self, Sql};

/// Columns of all kinds that say when and how often a row was written, or follow from others.
const NEVER: [&str; 4] = ["version", "updated_at", "search_text", "name_key"];

/// A kind of record whose changes are kept.
pub(in crate::imports) trait Journaled:
    Writable<Model: FromQueryResult + PartialEq + Serialize + DeserializeOwned + Send + Sync>
{
    /// The kind.
    const KIND: RecordKind;
    /// The column that its rows are looked up by.
    const ID: &'static str = "id";
    /// Columns that follow from other records.
    const DERIVED: &'static [&'static str] = &[];

    /// What a row is found by.
    fn key(row: &Self::Model) -> RecordKey;

    /// What people call the record.
    fn label(row: &Self::Model) -> &str;

    /// The columns of a row that can be taken back.
    fn columns(row: &Self::Model) -> Columns {
        let mut columns = all_columns::<Self>(row);
        columns.retain(|name, _| {
            let name = name.as_str();
            !NEVER.contains(&name) && !Self::DERIVED.contains(&name)
        });
        columns
    }

    /// The row with some columns replaced.
    ///
    /// # Errors
    /// [`StoreError::Decode`] where the values are not of this row's shape.
    fn with(row: &Self::Model, values: &Columns) -> Result<Self::Model, StoreError> {
        let mut columns = all_columns::<Self>(row);
        columns.extend(values.clone());
        let value = serde_json::Value::Object(columns);
        serde_json::from_value(value).map_err(|error| StoreError::Decode {
            column: "import_changes.before",
            reason: error.to_string(),
        })
    }
}

fn all_columns<E: Journaled>(row: &E::Model) -> Columns {
    match serde_json::to_value(row) {
        Ok(serde_json::Value::Object(columns)) => columns,
        other => unreachable!("a row is written as an object, not {other:?}"),
    }
}

/// Rows by the values of a column, which nobody else can change before the transaction ends.
pub(in crate::imports) async fn rows_by<E: Journaled>(
    tx: &DatabaseTransaction,
    column: &str,
    values: &[Value],
) -> Result<Vec<E::Model>, StoreError> {
    let backend = tx.get_database_backend();
    let table = E::default().table_name();
    let mut rows = Vec::new();
    for chunk in values.chunks(sql::N_KEYS_MAX) {
        let mut sql = Sql::new(backend);
        sql.push(&format!("SELECT * FROM {table} WHERE {column} IN "));
        sql.bind_list(chunk.iter().cloned());
        // In one order, so that two transactions do not wait for each other.
        sql.push(&format!(" ORDER BY {column}"));
        if backend == DbBackend::Postgres {
            sql.push(" FOR UPDATE");
        }
        for row in sql.all(tx).await? {
            rows.push(E::Model::from_query_result(&row, "")?);
        }
    }
    Ok(rows)
}

/// Kinds whose rows have an id and a column that people call them by.
macro_rules! journaled {
    ($($module:ident $kind:ident $label:ident $derived:expr;)+) => {$(
        impl Journaled for $module::Entity {
            const KIND: RecordKind = RecordKind::$kind;
            const DERIVED: &'static [&'static str] = $derived;

            fn key(row: &Self::Model) -> RecordKey {
                RecordKey::of(row.id)
            }

            fn label(row: &Self::Model) -> &str {
                &row.$label
            }
        }
    )+};
}

journaled! {
    company Companies name &[];
    product Products name product::DERIVED;
    campaign Campaigns name &[];
    identity Identities profile_key &[];
    contact Contacts name contact::DERIVED;
    order Orders external_id order::DERIVED;
    ticket Tickets subject &[];
    deal Deals name &[];
    task Tasks title &[];
}

impl Journaled for order_line::Entity {
    const KIND: RecordKind = RecordKind::OrderLines;
    const ID: &'static str = "order_id";

    fn key(row: &Self::Model) -> RecordKey {
        RecordKey {
            id: row.order_id,
            line_no: row.line_no,
        }
    }

    fn label(row: &Self::Model) -> &str {
        &row.description
    }
}
