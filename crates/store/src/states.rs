//! Records that move from state to state, each step from certain states only.

use sea_orm::{ConnectionTrait as _, DatabaseTransaction, Value};
use serde::Serialize;
use uuid::Uuid;

use crate::sql::{self, Sql};
use crate::{StoreError, codec};

/// A table whose rows have a column `status`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stateful {
    /// The table.
    pub(crate) table: &'static str,
    /// What a row is called in errors.
    pub(crate) object: &'static str,
}

impl Stateful {
    /// Changes a record that is in one of the states `from`.
    ///
    /// # Errors
    /// As [`Self::wrong_state`] says.
    pub(crate) async fn step<S: Serialize>(
        self,
        tx: &DatabaseTransaction,
        id: Uuid,
        from: &[S],
        set: &str,
        values: Vec<Value>,
    ) -> Result<(), StoreError> {
        let mut sql = Sql::new(tx.get_database_backend());
        sql.push("UPDATE ").push(self.table).push(" SET ");
        sql.push_with(set, values);
        sql.push_with(" WHERE id = ? AND status IN ", [sql::id(id)]);
        sql.bind_list(from.iter().map(|status| sql::text(codec::name_of(status))));
        if sql.execute(tx).await? == 1 {
            return Ok(());
        }
        Err(self.wrong_state(tx, id).await?)
    }

    /// Why a record could not take a step: it is in another state, or gone.
    pub(crate) async fn wrong_state(
        self,
        tx: &DatabaseTransaction,
        id: Uuid,
    ) -> Result<StoreError, StoreError> {
        let Self { table, object } = self;
        let text = format!("SELECT status FROM {table} WHERE id = ?");
        let row = Sql::of(tx.get_database_backend(), &text, [sql::id(id)])
            .one(tx)
            .await?;
        Ok(match row {
            None => StoreError::not_found(object, id),
            Some(row) => StoreError::WrongState {
                object,
                state: row.try_get("", "status")?,
            },
        })
    }
}
