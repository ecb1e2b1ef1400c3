//! What is made ready behind a field: the index by which lists filter and sort, the one that lets no value
//! be there twice, and the words of the values that are there already.

use futures::FutureExt as _;
use rapport_domain::{CustomField, CustomFieldId};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait as _};
use uuid::Uuid;

use super::column::{Place, distinct, expression, lead, place_of};
use super::{cache, rules, words};
use crate::entities::custom_field;
use crate::sql::{self, Sql};
use crate::{Store, StoreError};

/// Records whose words are written in one transaction.
const N_REFRESHED: u64 = 500;

/// Makes the indices that fields of earlier versions lack. What two records have alike stays so, and is
/// told in the log: the field has no index that would keep others from it.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn make_missing(store: &Store) -> Result<(), StoreError> {
    for field in cache::fields(store).await?.iter() {
        arrange_index(store, field).await?;
        let unique = field.clone();
        let made = store
            .write(move |tx| async move { make_unique(tx, &unique).await }.boxed())
            .await;
        if let Err(StoreError::Invalid(alike)) = made {
            tracing::warn!(field = field.key, %alike, "a unique custom field has values twice");
        } else {
            made?;
        }
    }
    Ok(())
}

/// Makes the index that lets no value of a field be there twice, where it is missing.
async fn make_unique(tx: &DatabaseTransaction, field: &CustomField) -> Result<(), StoreError> {
    if !is_distinct(field) || is_kept_distinct(tx, field).await? {
        return Ok(());
    }
    rules::check_all_differ(tx, field, field).await?;
    arrange_unique(tx, field).await
}

/// Makes the index of a field that is to have one, and drops that of one that is not. Safe to run
/// again after a kill.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn arrange_index(store: &Store, field: &CustomField) -> Result<(), StoreError> {
    let Some(place) = place_of(field.object) else {
        return Ok(());
    };
    let (name, old) = (name_of(field.id), old_name_of(field.id));
    let is_wanted = is_listed(field);
    if store.backend() == DbBackend::Postgres {
        // Outside a transaction, so that nobody waits to write meanwhile.
        if !is_wanted || is_broken(store, &name).await? {
            let drop = format!("DROP INDEX CONCURRENTLY IF EXISTS {name}");
            store.reader().execute_unprepared(&drop).await?;
        }
        if is_wanted {
            let of = for_lists(store.backend(), field, place);
            let create = format!("CREATE INDEX CONCURRENTLY IF NOT EXISTS {name} ON {of}");
            store.reader().execute_unprepared(&create).await?;
        }
        let drop = format!("DROP INDEX CONCURRENTLY IF EXISTS {old}");
        store.reader().execute_unprepared(&drop).await?;
        return Ok(());
    }
    let statement = match is_wanted {
        true => {
            let of = for_lists(store.backend(), field, place);
            format!("CREATE INDEX IF NOT EXISTS {name} ON {of}")
        }
        false => format!("DROP INDEX IF EXISTS {name}"),
    };
    store
        .write(move |tx| {
            async move {
                tx.execute_unprepared(&statement).await?;
                let drop = format!("DROP INDEX IF EXISTS {old}");
                tx.execute_unprepared(&drop).await?;
                Ok(())
            }
            .boxed()
        })
        .await
}

/// Whether lists filter and sort by a field so often that it has an index.
fn is_listed(field: &CustomField) -> bool {
    field.is_active() && (field.is_indexed || field.is_unique)
}

/// Whether no two records may have the same value of a field.
pub(super) fn is_distinct(field: &CustomField) -> bool {
    field.is_active() && field.is_unique
}

/// Whether a field has the index that lets no value be there twice: one that was made unique by an
/// earlier version may lack it.
pub(super) async fn is_kept_distinct(
    connection: &impl ConnectionTrait,
    field: &CustomField,
) -> Result<bool, StoreError> {
    let backend = connection.get_database_backend();
    let statement = match backend {
        DbBackend::Postgres => {
            "SELECT 1 AS found FROM pg_class c \
             WHERE c.relname = ? AND c.relkind = 'i' AND pg_table_is_visible(c.oid)"
        }
        _ => "SELECT 1 AS found FROM sqlite_master WHERE name = ? AND type = 'index'",
    };
    let name = sql::text(unique_name_of(field.id));
    let found = Sql::of(backend, statement, [name]).one(connection).await?;
    Ok(found.is_some())
}

/// The table and the columns of the index for lists.
fn for_lists(backend: DbBackend, field: &CustomField, place: Place) -> String {
    let lead = lead(backend, None, field).map(|lead| lead.column);
    let column = lead.unwrap_or_else(|| expression(backend, None, field));
    format!("{} ({column}, id)", place.table)
}

/// Makes the index that lets no value be there twice, or drops it, in the transaction that defines the
/// field: from its end on no writer passes it, whatever definition it has read. Meanwhile those who write
/// records of the object wait.
pub(super) async fn arrange_unique(
    tx: &impl ConnectionTrait,
    field: &CustomField,
) -> Result<(), StoreError> {
    let Some(place) = place_of(field.object) else {
        return Ok(());
    };
    let name = unique_name_of(field.id);
    let statement = match is_distinct(field) {
        true => format!(
            "CREATE UNIQUE INDEX IF NOT EXISTS {name} ON {} ({})",
            place.table,
            distinct(tx.get_database_backend(), field)
        ),
        false => format!("DROP INDEX IF EXISTS {name}"),
    };
    tx.execute_unprepared(&statement).await?;
    Ok(())
}

/// Makes the indices of all fields, in a database whose records came from another one. A definition that
/// cannot be read has none: whoever opens the database is told of it. Nor is there one against what two
/// records have alike since before such an index was made: see [`make_missing`].
pub(crate) async fn make_all(connection: &impl ConnectionTrait) -> Result<(), StoreError> {
    let rows = custom_field::Entity::find().all(connection).await?;
    for field in rows
        .into_iter()
        .filter_map(|row| CustomField::try_from(row).ok())
    {
        let place = place_of(field.object).filter(|_| is_listed(&field));
        if let Some(place) = place {
            let name = name_of(field.id);
            let of = for_lists(connection.get_database_backend(), &field, place);
            let create = format!("CREATE INDEX IF NOT EXISTS {name} ON {of}");
            connection.execute_unprepared(&create).await?;
        }
        match arrange_unique(connection, &field).await {
            Err(StoreError::TakenMeanwhile) => {}
            made => made?,
        }
    }
    Ok(())
}

/// Drops the indices of a field that is deleted.
pub(super) async fn drop_all(
    tx: &impl ConnectionTrait,
    id: CustomFieldId,
) -> Result<(), StoreError> {
    for name in [name_of(id), old_name_of(id), unique_name_of(id)] {
        let drop = format!("DROP INDEX IF EXISTS {name}");
        tx.execute_unprepared(&drop).await?;
    }
    Ok(())
}

/// The name of a field's index for lists: by its id, for keys may be longer than names. Of another
/// expression comes another name, for an index of the name is taken for this one.
fn name_of(id: CustomFieldId) -> String {
    format!("ix_custom_list_{}", Uuid::from(id).simple())
}

/// The name of the index for lists that held whole values.
fn old_name_of(id: CustomFieldId) -> String {
    format!("ix_custom_{}", Uuid::from(id).simple())
}

/// What the names of indices begin with that let no value be there twice.
pub(crate) const UNIQUE_PREFIX: &str = "uq_custom_";

fn unique_name_of(id: CustomFieldId) -> String {
    format!("{UNIQUE_PREFIX}{}", Uuid::from(id).simple())
}

/// Whether a kill has left an index half made.
async fn is_broken(store: &Store, name: &str) -> Result<bool, StoreError> {
    let statement = "SELECT 1 AS found FROM pg_class c JOIN pg_index i ON i.indexrelid = c.oid \
         WHERE c.relname = ? AND NOT i.indisvalid AND pg_table_is_visible(c.oid)";
    let found = Sql::of(store.backend(), statement, [sql::text(name)])
        .one(store.reader())
        .await?;
    Ok(found.is_some())
}

/// Writes the words of the next records that have a value of a field, after a searched field was
/// made or changed. Returns where to go on; none at the end.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn refresh_searched(
    store: &Store,
    field: &CustomField,
    after: Option<Uuid>,
) -> Result<Option<Uuid>, StoreError> {
    let Some(place) = place_of(field.object).filter(|_| field.object.has_search()) else {
        return Ok(None);
    };
    let column = expression(store.backend(), None, field);
    let mut sql = Sql::new(store.backend());
    sql.push(&format!(
        "SELECT id FROM {} WHERE {column} IS NOT NULL",
        place.table
    ));
    if let Some(after) = after {
        sql.push(" AND id > ").bind(sql::id(after));
    }
    sql.push(&format!(" ORDER BY id LIMIT {N_REFRESHED}"));
    let rows = sql.all(store.reader()).await?;
    let ids: Result<Vec<Uuid>, _> = rows.iter().map(|row| row.try_get("", "id")).collect();
    let ids = ids?;
    let Some(&last) = ids.last() else {
        return Ok(None);
    };
    let object = field.object;
    store
        .write(move |tx| async move { words::refresh(tx, object, &ids).await }.boxed())
        .await?;
    Ok(Some(last))
}
