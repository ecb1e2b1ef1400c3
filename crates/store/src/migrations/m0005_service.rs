//! Tickets, tasks, notes and campaigns.

use sea_orm_migration::prelude::*;

use super::schema::Schema;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let schema = Schema::of(manager);
        tickets(&schema).await?;
        tasks(&schema).await?;
        notes(&schema).await?;
        campaigns(&schema).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

async fn tickets(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut table = schema.keyed_by_id("tickets");
    table
        .col(schema.text("subject").not_null())
        .col(schema.text("body").not_null())
        .col(schema.text("status").not_null())
        .col(schema.small("priority").not_null())
        .col(schema.text("channel").not_null())
        .col(schema.id("contact_id"))
        .col(schema.id("owner_id"))
        .col(schema.text("custom").not_null())
        .col(schema.integer("created_at").not_null())
        .col(schema.integer("updated_at").not_null())
        .col(schema.integer("solved_at"))
        .col(schema.integer("version").not_null())
        .col(schema.id("source_id"))
        .col(schema.text("external_id"))
        .foreign_key(&mut schema.reference(
            "tickets",
            "contact_id",
            "contacts",
            ForeignKeyAction::SetNull,
        ))
        .foreign_key(&mut schema.reference(
            "tickets",
            "owner_id",
            "users",
            ForeignKeyAction::SetNull,
        ))
        .foreign_key(&mut schema.reference(
            "tickets",
            "source_id",
            "sources",
            ForeignKeyAction::Restrict,
        ));
    schema.create(table).await?;
    schema
        .index("tickets", &["contact_id", "created_at"])
        .await?;
    schema.index("tickets", &["owner_id"]).await?;
    schema
        .unique_index("tickets", &["source_id", "external_id"])
        .await
}

async fn tasks(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut table = schema.keyed_by_id("tasks");
    table
        .col(schema.text("title").not_null())
        .col(schema.text("status").not_null())
        .col(schema.small("priority").not_null())
        .col(schema.small("due_on"))
        .col(schema.text("subject_kind"))
        .col(schema.id("subject_id"))
        .col(schema.id("owner_id"))
        .col(schema.integer("created_at").not_null())
        .col(schema.integer("updated_at").not_null())
        .col(schema.integer("done_at"))
        .col(schema.integer("version").not_null())
        .foreign_key(&mut schema.reference(
            "tasks",
            "owner_id",
            "users",
            ForeignKeyAction::SetNull,
        ));
    schema.create(table).await?;
    schema.index("tasks", &["subject_id", "created_at"]).await?;
    schema.index("tasks", &["owner_id", "due_on"]).await
}

async fn notes(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut table = schema.keyed_by_id("notes");
    table
        .col(schema.text("body").not_null())
        .col(schema.text("subject_kind").not_null())
        .col(schema.id("subject_id").not_null())
        .col(schema.id("author_id"))
        .col(schema.integer("created_at").not_null())
        .col(schema.integer("updated_at").not_null())
        .foreign_key(&mut schema.reference(
            "notes",
            "author_id",
            "users",
            ForeignKeyAction::SetNull,
        ));
    schema.create(table).await?;
    schema.index("notes", &["subject_id", "created_at"]).await
}

async fn campaigns(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut table = schema.keyed_by_id("campaigns");
    table
        .col(schema.text("name").not_null())
        .col(schema.text("name_key").not_null())
        .col(schema.text("channel").not_null())
        .col(schema.text("status").not_null())
        .col(schema.integer("starts_at"))
        .col(schema.integer("ends_at"))
        .col(schema.integer("budget_minor"))
        .col(schema.text("currency"))
        .col(schema.integer("created_at").not_null())
        .col(schema.integer("updated_at").not_null());
    schema.create(table).await?;
    schema.index("campaigns", &["name_key", "id"]).await
}
