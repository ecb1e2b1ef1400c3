//! The vocabulary of migrations: our column types and table shapes on both databases.

use sea_orm::DbBackend;
use sea_orm::sea_query::{ColumnDef, ColumnType};
use sea_orm_migration::prelude::{
    ConditionalStatement as _, ConnectionTrait as _, DbErr, Expr, ForeignKey, ForeignKeyAction,
    ForeignKeyCreateStatement, Index, IndexCreateStatement, SchemaManager, Table,
    TableCreateStatement,
};

/// Makes tables and indices through a migration's manager.
pub(super) struct Schema<'m> {
    manager: &'m SchemaManager<'m>,
    is_sqlite: bool,
}

impl<'m> Schema<'m> {
    pub(super) fn of(manager: &'m SchemaManager<'m>) -> Self {
        Self {
            manager,
            is_sqlite: manager.get_database_backend() == DbBackend::Sqlite,
        }
    }

    /// An identifier: 16 bytes on SQLite, `uuid` on PostgreSQL.
    pub(super) fn id(&self, name: &'static str) -> ColumnDef {
        self.column(name, "blob", "uuid")
    }

    /// A text. PostgreSQL sorts it by code point too, so that both databases order and page alike.
    pub(super) fn text(&self, name: &'static str) -> ColumnDef {
        self.column(name, "text", "text COLLATE \"C\"")
    }

    /// A count, an amount in minor units or an instant in microseconds.
    pub(super) fn integer(&self, name: &'static str) -> ColumnDef {
        self.column(name, "integer", "bigint")
    }

    /// A rank, a position or a date in days since the epoch.
    pub(super) fn small(&self, name: &'static str) -> ColumnDef {
        self.column(name, "integer", "integer")
    }

    /// A number with a fraction.
    pub(super) fn number(&self, name: &'static str) -> ColumnDef {
        self.column(name, "double", "double precision")
    }

    /// Yes or no.
    pub(super) fn boolean(&self, name: &'static str) -> ColumnDef {
        self.column(name, "boolean", "boolean")
    }

    /// Bytes, such as a hash.
    pub(super) fn bytes(&self, name: &'static str) -> ColumnDef {
        self.column(name, "blob", "bytea")
    }

    fn column(
        &self,
        name: &'static str,
        sqlite: &'static str,
        postgres: &'static str,
    ) -> ColumnDef {
        let kind = if self.is_sqlite { sqlite } else { postgres };
        ColumnDef::new_with_type(name, ColumnType::custom(kind))
    }

    /// A table clustered by its `id`; ids grow with time, so rows are appended.
    pub(super) fn keyed_by_id(&self, table: &'static str) -> TableCreateStatement {
        let mut create = self.keyed_by(table, &["id"]);
        create.col(self.id("id").not_null());
        create
    }

    /// A table clustered by the named columns.
    pub(super) fn keyed_by(
        &self,
        table: &'static str,
        key: &[&'static str],
    ) -> TableCreateStatement {
        let mut primary = Index::create();
        for column in key {
            primary.col(*column);
        }
        let mut create = Table::create();
        create.table(table).primary_key(&mut primary);
        if self.is_sqlite {
            create.extra("WITHOUT ROWID");
        }
        create
    }

    /// A table that a full-text index of SQLite can refer to: by a row number that, unlike the
    /// implicit one, survives `VACUUM`.
    pub(super) fn searchable(&self, table: &'static str) -> TableCreateStatement {
        let mut create = Table::create();
        create.table(table);
        if self.is_sqlite {
            create
                .col(self.integer("row_no").primary_key())
                .col(self.id("id").not_null().unique_key());
        } else {
            create.col(self.id("id").not_null().primary_key());
        }
        create
    }

    /// A table whose rows are numbered in the order in which they come, never twice.
    pub(super) fn numbered(
        &self,
        table: &'static str,
        column: &'static str,
    ) -> TableCreateStatement {
        let mut number = self.column(column, "integer", "bigint GENERATED ALWAYS AS IDENTITY");
        number.primary_key();
        if self.is_sqlite {
            number.extra("AUTOINCREMENT");
        }
        Table::create().table(table).col(number).to_owned()
    }

    /// A column that names the `id` of another table.
    pub(super) fn reference(
        &self,
        table: &'static str,
        column: &'static str,
        target: &'static str,
        on_delete: ForeignKeyAction,
    ) -> ForeignKeyCreateStatement {
        ForeignKey::create()
            .name(format!("fk_{table}_{column}"))
            .from(table, column)
            .to(target, "id")
            .on_delete(on_delete)
            .to_owned()
    }

    /// Makes a table.
    pub(super) async fn create(&self, table: TableCreateStatement) -> Result<(), DbErr> {
        self.manager.create_table(table).await
    }

    /// Adds a column, which rows that are there already lack.
    pub(super) async fn add_column(
        &self,
        table: &'static str,
        column: ColumnDef,
    ) -> Result<(), DbErr> {
        let alter = Table::alter().table(table).add_column(column).to_owned();
        self.manager.alter_table(alter).await
    }

    /// Makes an index.
    pub(super) async fn index(
        &self,
        table: &'static str,
        columns: &[&'static str],
    ) -> Result<(), DbErr> {
        let name = format!("ix_{table}_{}", columns.join("_"));
        self.manager.create_index(index(name, table, columns)).await
    }

    /// Makes an index over the rows that meet a condition.
    pub(super) async fn index_where(
        &self,
        name: &'static str,
        table: &'static str,
        columns: &[&'static str],
        condition: &'static str,
    ) -> Result<(), DbErr> {
        let mut create = index(name.to_owned(), table, columns);
        create.and_where(Expr::cust(condition));
        self.manager.create_index(create).await
    }

    /// Makes an index that holds each key once.
    pub(super) async fn unique_index(
        &self,
        table: &'static str,
        columns: &[&'static str],
    ) -> Result<(), DbErr> {
        let name = format!("ux_{table}_{}", columns.join("_"));
        let mut create = index(name, table, columns);
        self.manager.create_index(create.unique().to_owned()).await
    }

    /// Makes an index that holds each key once among the rows that meet a condition.
    pub(super) async fn unique_index_where(
        &self,
        name: &'static str,
        table: &'static str,
        columns: &[&'static str],
        condition: &'static str,
    ) -> Result<(), DbErr> {
        let mut create = index(name.to_owned(), table, columns);
        create.unique().and_where(Expr::cust(condition));
        self.manager.create_index(create).await
    }

    /// Makes the full-text index over `search_text` of a searchable table, on SQLite.
    pub(super) async fn search_index(&self, table: &str) -> Result<(), DbErr> {
        if !self.is_sqlite {
            return Ok(());
        }
        let statements = [
            format!(
                "CREATE VIRTUAL TABLE {table}_search USING fts5(search_text, content='{table}', \
                 content_rowid='row_no', tokenize='trigram', columnsize=0)"
            ),
            format!(
                "CREATE TRIGGER {table}_search_insert AFTER INSERT ON {table} BEGIN \
                 INSERT INTO {table}_search (rowid, search_text) VALUES (new.row_no, new.search_text); \
                 END"
            ),
            format!(
                "CREATE TRIGGER {table}_search_delete AFTER DELETE ON {table} BEGIN \
                 INSERT INTO {table}_search ({table}_search, rowid, search_text) \
                 VALUES ('delete', old.row_no, old.search_text); END"
            ),
            format!(
                "CREATE TRIGGER {table}_search_update AFTER UPDATE OF search_text ON {table} \
                 WHEN old.search_text <> new.search_text BEGIN \
                 INSERT INTO {table}_search ({table}_search, rowid, search_text) \
                 VALUES ('delete', old.row_no, old.search_text); \
                 INSERT INTO {table}_search (rowid, search_text) VALUES (new.row_no, new.search_text); \
                 END"
            ),
        ];
        for statement in statements {
            let connection = self.manager.get_connection();
            connection.execute_unprepared(&statement).await?;
        }
        Ok(())
    }
}

fn index(name: String, table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut create = Index::create();
    create.name(name).table(table);
    for column in columns {
        create.col(*column);
    }
    create
}
