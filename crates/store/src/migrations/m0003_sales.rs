//! Products, pipelines with their stages, and deals.

use sea_orm_migration::prelude::*;

use super::schema::Schema;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let schema = Schema::of(manager);
        products(&schema).await?;
        pipelines(&schema).await?;
        stages(&schema).await?;
        deals(&schema).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

async fn products(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut table = schema.searchable("products");
    table
        .col(schema.text("sku").not_null())
        .col(schema.text("name").not_null())
        .col(schema.text("name_key").not_null())
        .col(schema.text("category"))
        .col(schema.integer("price_minor"))
        .col(schema.text("currency"))
        .col(schema.text("custom").not_null())
        .col(schema.number("units_sold").not_null())
        .col(schema.integer("revenue_minor").not_null())
        .col(schema.integer("created_at").not_null())
        .col(schema.integer("updated_at").not_null())
        .col(schema.text("search_text").not_null());
    schema.create(table).await?;
    schema.unique_index("products", &["sku"]).await?;
    schema.index("products", &["name_key", "id"]).await?;
    schema.index("products", &["revenue_minor", "id"]).await
}

async fn pipelines(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut table = schema.keyed_by_id("pipelines");
    table
        .col(schema.text("name").not_null())
        .col(schema.integer("created_at").not_null());
    schema.create(table).await
}

async fn stages(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut table = schema.keyed_by_id("stages");
    table
        .col(schema.id("pipeline_id").not_null())
        .col(schema.small("position").not_null())
        .col(schema.text("name").not_null())
        .col(schema.text("outcome").not_null())
        .col(schema.number("probability").not_null())
        .foreign_key(&mut schema.reference(
            "stages",
            "pipeline_id",
            "pipelines",
            ForeignKeyAction::Cascade,
        ));
    schema.create(table).await?;
    schema.index("stages", &["pipeline_id", "position"]).await
}

async fn deals(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut table = schema.keyed_by_id("deals");
    table
        .col(schema.text("name").not_null())
        .col(schema.text("name_key").not_null())
        .col(schema.id("pipeline_id").not_null())
        .col(schema.id("stage_id").not_null())
        .col(schema.integer("amount_minor"))
        .col(schema.text("currency"))
        .col(schema.small("expected_close_on"))
        .col(schema.id("contact_id"))
        .col(schema.id("company_id"))
        .col(schema.id("owner_id"))
        .col(schema.text("custom").not_null())
        .col(schema.integer("stage_entered_at").not_null())
        .col(schema.integer("created_at").not_null())
        .col(schema.integer("updated_at").not_null())
        .col(schema.integer("version").not_null())
        .foreign_key(&mut schema.reference(
            "deals",
            "pipeline_id",
            "pipelines",
            ForeignKeyAction::Restrict,
        ))
        .foreign_key(&mut schema.reference(
            "deals",
            "stage_id",
            "stages",
            ForeignKeyAction::Restrict,
        ))
        .foreign_key(&mut schema.reference(
            "deals",
            "contact_id",
            "contacts",
            ForeignKeyAction::SetNull,
        ))
        .foreign_key(&mut schema.reference(
            "deals",
            "company_id",
            "companies",
            ForeignKeyAction::SetNull,
        ))
        .foreign_key(&mut schema.reference(
            "deals",
            "owner_id",
            "users",
            ForeignKeyAction::SetNull,
        ));
    schema.create(table).await?;
    schema.index("deals", &["pipeline_id", "stage_id"]).await?;
    schema.index("deals", &["contact_id"]).await?;
    schema.index("deals", &["company_id"]).await?;
    schema.index("deals", &["owner_id"]).await
}
