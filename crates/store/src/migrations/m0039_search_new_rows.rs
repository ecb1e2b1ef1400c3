//! Search learns on SQLite which records are new and in which rows they are, so that it reads them by
//! these and looks for no terms of before.

use sea_orm::DbBackend;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

/// Tables whose rows are numbered, and what search calls them.
const NUMBERED: [(i32, &str); 5] = [
    (0, "contacts"),
    (1, "companies"),
    (2, "products"),
    (3, "orders"),
    (9, "runs"),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() != DbBackend::Sqlite {
            return Ok(());
        }
        let connection = manager.get_connection();
        let column = "ALTER TABLE search_pending ADD COLUMN row_no integer";
        connection.execute_unprepared(column).await?;
        for (code, table) in NUMBERED {
            let drop = format!("DROP TRIGGER {table}_noted_insert");
            let create = format!(
                "CREATE TRIGGER {table}_noted_insert AFTER INSERT ON {table} BEGIN \
                 INSERT INTO search_pending (object, record_id, row_no) \
                 VALUES ({code}, new.id, new.row_no); END"
            );
            connection.execute_unprepared(&drop).await?;
            connection.execute_unprepared(&create).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
