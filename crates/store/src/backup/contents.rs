//! What a database holds: rows of each table, and the files that its records name.

use std::collections::BTreeMap;

use rapport_domain::{ImportId, ModelId};
use sea_orm::{ConnectionTrait, DbBackend, EntityTrait as _, QueryOrder as _, QueryResult};
use serde_json::Value;
use uuid::Uuid;

use crate::entities::event_segment;
use crate::events::EventSegment;
use crate::sql::Sql;
use crate::{StoreError, codec, migrations};

/// What a database holds, as of one instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contents {
    /// The migrations that it has seen, in order.
    pub schema: Vec<String>,
    /// The schema that its tables are in, on PostgreSQL.
    pub namespace: Option<String>,
    /// Rows of each table.
    pub tables: BTreeMap<String, u64>,
    /// The id of the workspace, where it was opened once.
    pub workspace: Option<Uuid>,
    /// The files that its records name.
    pub files: NamedFiles,
}

/// The files that records name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NamedFiles {
    /// Files of events.
    pub segments: Vec<EventSegment>,
    /// Imports; each has an upload.
    pub imports: Vec<ImportId>,
    /// Models that have not given up their files.
    pub models: Vec<ModelId>,
    /// Paths of feature snapshots, relative to the data directory.
    pub feature_snapshots: Vec<String>,
}

/// Reads what a database holds. Over a transaction that sees one instant all of it is of that one.
///
/// # Errors
/// [`StoreError::NewerSchema`] where a newer program wrote it; [`StoreError`] where it fails.
pub(super) async fn of(connection: &impl ConnectionTrait) -> Result<Contents, StoreError> {
    let schema = migrations::known(connection).await?;
    let mut tables = BTreeMap::new();
    for table in names_of_tables(connection).await? {
        let n_rows = count(connection, &table).await?;
        tables.insert(table, n_rows);
    }
    if schema.is_empty() {
        // A database that was never opened to the end has none of what follows.
        return Ok(Contents::without_records(schema, tables));
    }
    let models = models(connection).await?;
    Ok(Contents {
        namespace: namespace(connection).await?,
        workspace: workspace(connection).await?,
        files: named_files(connection, models).await?,
        schema,
        tables,
    })
}

/// The files that the records of an up-to-date database name.
pub(crate) async fn files_of_today(
    connection: &impl ConnectionTrait,
) -> Result<NamedFiles, StoreError> {
    let text = "SELECT id FROM models WHERE files_dropped_at IS NULL ORDER BY id";
    let models: Vec<Uuid> = column(connection, text).await?;
    named_files(connection, models.into_iter().map(ModelId::from).collect()).await
}

async fn named_files(
    connection: &impl ConnectionTrait,
    models: Vec<ModelId>,
) -> Result<NamedFiles, StoreError> {
    let segments = event_segment::Entity::find()
        .order_by_asc(event_segment::Column::Path)
        .all(connection)
        .await?;
    Ok(NamedFiles {
        segments: segments.into_iter().map(EventSegment::from).collect(),
        imports: ids(connection, "imports").await?,
        models,
        feature_snapshots: paths_of_snapshots(connection).await?,
    })
}

impl Contents {
    fn without_records(schema: Vec<String>, tables: BTreeMap<String, u64>) -> Self {
        Self {
            schema,
            namespace: None,
            tables,
            workspace: None,
            files: NamedFiles::default(),
        }
    }
}

/// Tables with rows of their own; an index over text is worked out from them.
async fn names_of_tables(connection: &impl ConnectionTrait) -> Result<Vec<String>, StoreError> {
    let text = match connection.get_database_backend() {
        DbBackend::Postgres => {
            // The rows of a table in parts are counted once.
            "SELECT relname::text FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition \
             AND relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema()) \
             ORDER BY 1"
        }
        _ => {
            "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' \
             AND substr(name, 1, 7) <> 'sqlite_' ORDER BY 1"
        }
    };
    column(connection, text).await
}

async fn count(connection: &impl ConnectionTrait, table: &str) -> Result<u64, StoreError> {
    // The name comes from the database's own list; a quotation mark in it would be doubled.
    let table = table.replace('"', "\"\"");
    let mut sql = Sql::new(connection.get_database_backend());
    sql.push("SELECT count(*) FROM \"").push(&table).push("\"");
    let row = sql.one(connection).await?;
    let n_rows = row.map(|row| row.try_get_by_index::<i64>(0)).transpose()?;
    Ok(codec::unsigned(n_rows.unwrap_or_default()))
}

/// The schema that the tables are in, where the database has such.
pub(super) async fn namespace(
    connection: &impl ConnectionTrait,
) -> Result<Option<String>, StoreError> {
    if connection.get_database_backend() != DbBackend::Postgres {
        return Ok(None);
    }
    let names: Vec<String> = column(connection, "SELECT current_schema()::text").await?;
    Ok(names.into_iter().next())
}

async fn workspace(connection: &impl ConnectionTrait) -> Result<Option<Uuid>, StoreError> {
    let text = "SELECT value FROM settings WHERE key = 'workspace_id'";
    let values: Vec<String> = column(connection, text).await?;
    let parse = |text: &String| serde_json::from_str::<Value>(text).ok();
    let id = values.first().and_then(parse);
    Ok(id.and_then(|value| Uuid::try_parse(value.as_str()?).ok()))
}

async fn ids<I: From<Uuid>>(
    connection: &impl ConnectionTrait,
    table: &str,
) -> Result<Vec<I>, StoreError> {
    let ids: Vec<Uuid> = column(connection, &format!("SELECT id FROM {table} ORDER BY id")).await?;
    Ok(ids.into_iter().map(I::from).collect())
}

async fn models(connection: &impl ConnectionTrait) -> Result<Vec<ModelId>, StoreError> {
    let mut sql = Sql::new(connection.get_database_backend());
    sql.push("SELECT * FROM models ORDER BY id");
    let rows = sql.all(connection).await?;
    // Older schemas have no such column, and no model that has given up its files.
    let has_files = |row: &QueryResult| {
        let dropped_at = row.try_get::<Option<i64>>("", "files_dropped_at");
        !matches!(dropped_at, Ok(Some(_)))
    };
    let id = |row: QueryResult| -> Result<ModelId, StoreError> {
        Ok(row.try_get::<Uuid>("", "id")?.into())
    };
    rows.into_iter().filter(has_files).map(id).collect()
}

async fn paths_of_snapshots(connection: &impl ConnectionTrait) -> Result<Vec<String>, StoreError> {
    column(
        connection,
        "SELECT path FROM feature_snapshots ORDER BY path",
    )
    .await
}

/// The first column of all rows.
pub(super) async fn column<T: sea_orm::TryGetable>(
    connection: &impl ConnectionTrait,
    text: &str,
) -> Result<Vec<T>, StoreError> {
    let mut sql = Sql::new(connection.get_database_backend());
    sql.push(text);
    let rows = sql.all(connection).await?;
    let value = |row: QueryResult| -> Result<T, StoreError> { Ok(row.try_get_by_index(0)?) };
    rows.into_iter().map(value).collect()
}
