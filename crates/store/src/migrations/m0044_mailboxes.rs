//! Mailboxes elsewhere that are read: where they are, what proves that they are ours, and how their readings
//! went. How far each folder is read is a setting of its own name, for the command line keeps it there too.

use sea_orm_migration::prelude::*;

use super::schema::Schema;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let schema = Schema::of(manager);
        let name = "mailboxes";
        let mut table = schema.keyed_by_id(name);
        table
            .col(schema.text("source").not_null())
            .col(schema.text("host").not_null())
            .col(schema.integer("port").not_null())
            .col(schema.text("security").not_null())
            .col(schema.text("account").not_null())
            .col(schema.text("proof").not_null())
            .col(schema.text("token_endpoint"))
            .col(schema.text("client_id"))
            .col(schema.bytes("secret").not_null())
            .col(schema.text("folders").not_null())
            .col(schema.integer("every_minutes"))
            .col(schema.boolean("makes_contacts").not_null())
            .col(schema.boolean("is_paused").not_null())
            .col(schema.integer("last_at"))
            .col(schema.integer("last_good_at"))
            .col(schema.integer("next_at"))
            .col(schema.integer("n_failures").not_null())
            .col(schema.text("failure_code"))
            .col(schema.text("failure_reason"))
            .col(schema.integer("created_at").not_null())
            .col(schema.integer("updated_at").not_null())
            .col(schema.integer("version").not_null());
        schema.create(table).await?;
        schema.unique_index(name, &["source"]).await?;
        schema.index(name, &["next_at"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
