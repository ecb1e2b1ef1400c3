//! The index by which orders are listed holds all that sums over them need, so that the table itself is
//! not read for them.

use sea_orm_migration::prelude::*;

use super::schema::Schema;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let before = Index::drop().name("ix_orders_ordered_at_id").to_owned();
        manager.drop_index(before).await?;
        let columns = ["ordered_at", "id", "currency", "status", "amount_minor"];
        Schema::of(manager).index("orders", &columns).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
