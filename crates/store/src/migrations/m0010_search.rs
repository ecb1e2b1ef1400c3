//! Full-text search of contacts, companies, products and orders.
//!
//! On SQLite an FTS5 index of trigrams over `search_text`, kept up to date by triggers. It finds
//! any piece of three or more characters in any script, which word-based tokenizers do not do for
//! Chinese. PostgreSQL searches the column itself; see the module `search`.

use sea_orm_migration::prelude::*;

use super::schema::Schema;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let schema = Schema::of(manager);
        for table in ["contacts", "companies", "products", "orders"] {
            schema.search_index(table).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
