//! Orders and their lines.

use sea_orm_migration::prelude::*;

use super::schema::Schema;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let schema = Schema::of(manager);
        orders(&schema).await?;
        order_lines(&schema).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

async fn orders(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut table = schema.searchable("orders");
    table
        .col(schema.id("source_id").not_null())
        .col(schema.text("external_id").not_null())
        .col(schema.id("contact_id"))
        .col(schema.integer("ordered_at").not_null())
        .col(schema.text("status").not_null())
        .col(schema.integer("amount_minor").not_null())
        .col(schema.text("currency").not_null())
        .col(schema.integer("n_lines").not_null())
        .col(schema.text("search_text").not_null())
        .foreign_key(&mut schema.reference(
            "orders",
            "source_id",
            "sources",
            ForeignKeyAction::Restrict,
        ))
        .foreign_key(&mut schema.reference(
            "orders",
            "contact_id",
            "contacts",
            ForeignKeyAction::SetNull,
        ));
    schema.create(table).await?;
    schema
        .unique_index("orders", &["external_id", "source_id"])
        .await?;
    schema
        .index("orders", &["contact_id", "ordered_at"])
        .await?;
    schema.index("orders", &["ordered_at", "id"]).await
}

async fn order_lines(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut table = schema.keyed_by("order_lines", &["order_id", "line_no"]);
    table
        .col(schema.id("order_id").not_null())
        .col(schema.integer("line_no").not_null())
        .col(schema.id("product_id"))
        .col(schema.text("description").not_null())
        .col(schema.number("quantity").not_null())
        .col(schema.integer("unit_price_minor").not_null())
        .col(schema.integer("amount_minor").not_null())
        .foreign_key(&mut schema.reference(
            "order_lines",
            "order_id",
            "orders",
            ForeignKeyAction::Cascade,
        ))
        .foreign_key(&mut schema.reference(
            "order_lines",
            "product_id",
            "products",
            ForeignKeyAction::SetNull,
        ));
    schema.create(table).await?;
    schema.index("order_lines", &["product_id"]).await
}
