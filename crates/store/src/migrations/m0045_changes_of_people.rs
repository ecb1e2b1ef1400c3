//! What the program itself does to contacts: when one was changed by somebody last, where merges and their undoing have written it since: the rule
//! of the most recent value asks for it; and which contacts were attached to the company of their e-mail domain.

use sea_orm_migration::prelude::*;

use super::schema::Schema;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let schema = Schema::of(manager);
        for column in ["edited_at", "written_at"] {
            schema
                .add_column("identity_writes", schema.integer(column))
                .await?;
        }
        let mut attachments = schema.keyed_by("company_attachments", &["contact_id"]);
        attachments
            .col(schema.id("contact_id").not_null())
            .col(schema.id("company_id").not_null())
            .col(schema.text("rule").not_null())
            .col(schema.integer("attached_at").not_null());
        for (column, table) in [("contact_id", "contacts"), ("company_id", "companies")] {
            let cascade = ForeignKeyAction::Cascade;
            let whose = "company_attachments";
            attachments.foreign_key(&mut schema.reference(whose, column, table, cascade));
        }
        schema.create(attachments).await?;
        schema.index("company_attachments", &["company_id"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
