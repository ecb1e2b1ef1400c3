//! Table `rejected_rows`.

use rapport_domain::{ImportId, RejectedRow};
use sea_orm::entity::prelude::*;

use crate::{StoreError, codec};

/// One row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "rejected_rows")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) import_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) line: i64,
    pub(crate) column_name: Option<String>,
    pub(crate) value: Option<String>,
    pub(crate) reason: String,
    pub(crate) message: String,
    pub(crate) cells: String,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<Model> for RejectedRow {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        Ok(Self {
            line: codec::unsigned(row.line),
            column: row.column_name,
            value: row.value,
            reason: codec::member("rejected_rows.reason", &row.reason)?,
            message: row.message,
            cells: codec::from_json("rejected_rows.cells", &row.cells)?,
        })
    }
}

impl Model {
    /// The row of a file's row that was not taken.
    pub(crate) fn of(import: ImportId, rejected: RejectedRow) -> Self {
        Self {
            import_id: import.into(),
            line: codec::signed(rejected.line),
            column_name: rejected.column,
            value: rejected.value,
            reason: codec::name_of(&rejected.reason),
            message: rejected.message,
            cells: codec::to_json(&rejected.cells),
        }
    }
}
