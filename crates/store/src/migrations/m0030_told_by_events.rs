//! Orders and companies of which events tell, so that no undo of an import takes them; people whom events
//! name by age, so that they are forgotten; and signs of life of requests that are under way.

use sea_orm_migration::prelude::*;

use super::schema::Schema;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let schema = Schema::of(manager);
        told_by_events(&schema, "event_orders", "order_id", "orders").await?;
        told_by_events(&schema, "event_companies", "company_id", "companies").await?;
        schema.index("event_strangers", &["noted_at"]).await?;
        let alive_at = schema.integer("alive_at").not_null().default(0).to_owned();
        schema.add_column("idempotency_keys", alive_at).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// A table of records, each with the instant at which events last told of it.
async fn told_by_events(
    schema: &Schema<'_>,
    table: &'static str,
    column: &'static str,
    records: &'static str,
) -> Result<(), DbErr> {
    let mut create = schema.keyed_by(table, &[column]);
    let cascade = ForeignKeyAction::Cascade;
    create
        .col(schema.id(column).not_null())
        .col(schema.integer("told_at").not_null())
        .foreign_key(&mut schema.reference(table, column, records, cascade));
    schema.create(create).await
}
