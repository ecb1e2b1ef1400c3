//! Companies and contacts, what contacts consent to, and fields that a company adds.

use sea_orm_migration::prelude::*;

use super::schema::Schema;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let schema = Schema::of(manager);
        companies(&schema).await?;
        contacts(&schema).await?;
        consents(&schema).await?;
        custom_fields(&schema).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

async fn companies(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut table = schema.searchable("companies");
    table
        .col(schema.text("name").not_null())
        .col(schema.text("name_key").not_null())
        .col(schema.text("domain"))
        .col(schema.text("industry"))
        .col(schema.integer("n_employees"))
        .col(schema.id("owner_id"))
        .col(schema.text("street"))
        .col(schema.text("city"))
        .col(schema.text("region"))
        .col(schema.text("postal_code"))
        .col(schema.text("country"))
        .col(schema.text("tags").not_null())
        .col(schema.text("custom").not_null())
        .col(schema.integer("created_at").not_null())
        .col(schema.integer("updated_at").not_null())
        .col(schema.integer("version").not_null())
        .col(schema.text("search_text").not_null())
        .foreign_key(&mut schema.reference(
            "companies",
            "owner_id",
            "users",
            ForeignKeyAction::SetNull,
        ));
    schema.create(table).await?;
    schema.index("companies", &["name_key", "id"]).await?;
    schema.index("companies", &["domain"]).await
}

async fn contacts(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut table = schema.searchable("contacts");
    table
        .col(schema.text("name").not_null())
        .col(schema.text("name_key").not_null())
        .col(schema.text("first_name"))
        .col(schema.text("last_name"))
        .col(schema.text("email"))
        .col(schema.text("phone"))
        .col(schema.text("title"))
        .col(schema.id("company_id"))
        .col(schema.id("owner_id"))
        .col(schema.text("street"))
        .col(schema.text("city"))
        .col(schema.text("region"))
        .col(schema.text("postal_code"))
        .col(schema.text("country"))
        .col(schema.text("tags").not_null())
        .col(schema.text("language"))
        .col(schema.text("custom").not_null())
        .col(schema.integer("n_orders").not_null())
        .col(schema.integer("total_spent_minor").not_null())
        .col(schema.text("currency"))
        .col(schema.integer("first_order_at"))
        .col(schema.integer("last_order_at"))
        .col(schema.integer("last_activity_at"))
        .col(schema.integer("created_at").not_null())
        .col(schema.integer("updated_at").not_null())
        .col(schema.integer("version").not_null())
        .col(schema.text("search_text").not_null())
        .foreign_key(&mut schema.reference(
            "contacts",
            "company_id",
            "companies",
            ForeignKeyAction::SetNull,
        ))
        .foreign_key(&mut schema.reference(
            "contacts",
            "owner_id",
            "users",
            ForeignKeyAction::SetNull,
        ));
    schema.create(table).await?;
    schema.index("contacts", &["name_key", "id"]).await?;
    schema.index("contacts", &["email"]).await?;
    schema.index("contacts", &["phone"]).await?;
    schema.index("contacts", &["company_id"]).await?;
    schema.index("contacts", &["owner_id"]).await?;
    schema.index("contacts", &["last_order_at", "id"]).await?;
    schema.index("contacts", &["total_spent_minor", "id"]).await
}

async fn consents(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut table = schema.keyed_by_id("consents");
    table
        .col(schema.id("contact_id").not_null())
        .col(schema.text("purpose").not_null())
        .col(schema.text("channel"))
        .col(schema.text("status").not_null())
        .col(schema.text("source").not_null())
        .col(schema.integer("stated_at").not_null())
        .foreign_key(&mut schema.reference(
            "consents",
            "contact_id",
            "contacts",
            ForeignKeyAction::Cascade,
        ));
    schema.create(table).await?;
    schema.index("consents", &["contact_id", "stated_at"]).await
}

async fn custom_fields(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut table = schema.keyed_by_id("custom_fields");
    table
        .col(schema.text("object").not_null())
        .col(schema.text("key").not_null())
        .col(schema.text("label_en").not_null())
        .col(schema.text("label_zh").not_null())
        .col(schema.text("kind").not_null())
        .col(schema.integer("created_at").not_null());
    schema.create(table).await?;
    schema
        .unique_index("custom_fields", &["object", "key"])
        .await
}
