//! Indices for what large companies look at most: contacts by address and number with the id that breaks
//! ties, by city and by their making, and sums of orders by day, which an index over days hands out in
//! groups, so that nothing is sorted for them.

use sea_orm::DbBackend;
use sea_orm_migration::prelude::*;

use super::schema::Schema;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

/// Days since the epoch, as `reports` counts them.
const DAYS: &str = "CREATE INDEX ix_orders_days ON orders (((ordered_at - ((ordered_at % 86400000000) \
    + 86400000000) % 86400000000) / 86400000000), currency, status, amount_minor)";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let schema = Schema::of(manager);
        for (before, column) in [
            ("ix_contacts_email", "email"),
            ("ix_contacts_phone", "phone"),
        ] {
            let before = Index::drop().name(before).to_owned();
            manager.drop_index(before).await?;
            schema.index("contacts", &[column, "id"]).await?;
        }
        schema.index("contacts", &["city", "id"]).await?;
        schema.index("contacts", &["created_at", "id"]).await?;
        let before = "ix_orders_ordered_at_id_currency_status_amount_minor";
        let before = Index::drop().name(before).to_owned();
        manager.drop_index(before).await?;
        schema.index("orders", &["ordered_at", "id"]).await?;
        // PostgreSQL reads an index alone only where that has every column that is named.
        let days = match manager.get_database_backend() {
            DbBackend::Postgres => format!("{DAYS} INCLUDE (ordered_at)"),
            _ => DAYS.to_owned(),
        };
        manager.get_connection().execute_unprepared(&days).await?;
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
