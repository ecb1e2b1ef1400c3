//! Records of all kinds as journals see them: rows with a key, and columns with values.

use rapport_domain::ObjectKind;
use sea_orm::{ConnectionTrait as _, DatabaseTransaction, DbBackend, FromQueryResult, Value};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Columns, RecordKey};
use crate::bulk::Writable;
use crate::entities::{
    campaign, company, contact, deal, identity, order, order_line, product, task, ticket,
};
use crate::sql::{self, Sql};
use crate::{StoreError, codec};

/// Columns of all kinds that say when and how often a row was written, or follow from others.
const NEVER: [&str; 4] = ["version", "updated_at", "search_text", "name_key"];

/// A kind of record whose changes are kept.
pub(crate) trait Tracked:
    Writable<Model: FromQueryResult + PartialEq + Serialize + DeserializeOwned + Send + Sync>
{
    /// The column that its rows are looked up by.
    const ID: &'static str = "id";
    /// Columns that follow from other records.
    const DERIVED: &'static [&'static str] = &[];
    /// The object whose custom values its rows have.
    const CUSTOM: Option<ObjectKind> = None;
    /// Whether its columns belong together: all of them are taken back, or none.
    const IS_WHOLE: bool = false;
    /// Columns of which one follows from another: they are taken back together, or none of them.
    const TOGETHER: &'static [&'static str] = &[];

    /// What a row is found by.
    fn key(row: &Self::Model) -> RecordKey;

    /// What people call the record.
    fn label(row: &Self::Model) -> &str;

    /// The columns of a row that can be taken back.
    fn columns(row: &Self::Model) -> Columns {
        let mut columns = codec::columns(row);
        columns.retain(|name, _| Self::can_be_taken_back(name));
        columns
    }

    /// Whether a column holds what people and files say, and not what follows from it.
    fn can_be_taken_back(column: &str) -> bool {
        !NEVER.contains(&column) && !Self::DERIVED.contains(&column)
    }

    /// The row with some columns replaced.
    ///
    /// # Errors
    /// [`StoreError::Decode`] where the values are not of this row's shape.
    fn with(row: &Self::Model, values: &Columns) -> Result<Self::Model, StoreError> {
        let mut columns = codec::columns(row);
        columns.extend(values.clone());
        let value = serde_json::Value::Object(columns);
        serde_json::from_value(value).map_err(|error| StoreError::Decode {
            column: "journal.before",
            reason: error.to_string(),
        })
    }
}

/// Rows by the values of a column, which nobody else can change before the transaction ends.
pub(crate) async fn rows_by<E: Tracked>(
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
macro_rules! tracked {
    ($($module:ident $label:ident $({ $($constant:tt)+ })?;)+) => {$(
        impl Tracked for $module::Entity {
            $($($constant)+)?

            fn key(row: &Self::Model) -> RecordKey {
                RecordKey::of(row.id)
            }

            fn label(row: &Self::Model) -> &str {
                &row.$label
            }
        }
    )+};
}

tracked! {
    company name { const CUSTOM: Option<ObjectKind> = Some(ObjectKind::Company); };
    product name { const DERIVED: &'static [&'static str] = product::DERIVED; };
    campaign name;
    identity profile_key;
    contact name {
        const DERIVED: &'static [&'static str] = contact::DERIVED;
        const CUSTOM: Option<ObjectKind> = Some(ObjectKind::Contact);
    };
    order external_id {
        const DERIVED: &'static [&'static str] = order::DERIVED;
        const IS_WHOLE: bool = true;
    };
    ticket subject {
        const CUSTOM: Option<ObjectKind> = Some(ObjectKind::Ticket);
        const TOGETHER: &'static [&'static str] = &["status", "solved_at"];
    };
    deal name {
        const CUSTOM: Option<ObjectKind> = Some(ObjectKind::Deal);
        const TOGETHER: &'static [&'static str] = &["stage_id", "stage_entered_at"];
    };
    task title {
        const CUSTOM: Option<ObjectKind> = Some(ObjectKind::Task);
        const TOGETHER: &'static [&'static str] = &["status", "done_at"];
    };
}

impl Tracked for order_line::Entity {
    const ID: &'static str = "order_id";
    const IS_WHOLE: bool = true;

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
