//! What is made ready behind a field: the index by which lists filter and sort, and the words of the
//! values that are there already.

use futures::FutureExt as _;
use rapport_domain::{CustomField, CustomFieldId};
use sea_orm::{ConnectionTrait as _, DbBackend};
use uuid::Uuid;

use super::column::{expression, place_of};
use super::words;
use crate::sql::{self, Sql};
use crate::{Store, StoreError};

/// Records whose words are written in one transaction.
const N_REFRESHED: u64 = 500;

/// Makes the index of a field that is to have one, and drops that of one that is not. Safe to run
/// again after a kill.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn arrange_index(store: &Store, field: &CustomField) -> Result<(), StoreError> {
    let Some(place) = place_of(field.object) else {
        return Ok(());
    };
    let name = name_of(field.id);
    let column = expression(store.backend(), None, field);
    let is_wanted = field.is_active() && (field.is_indexed || field.is_unique);
    if store.backend() == DbBackend::Postgres {
        // Outside a transaction, so that nobody waits to write meanwhile.
        if !is_wanted || is_broken(store, &name).await? {
            let drop = format!("DROP INDEX CONCURRENTLY IF EXISTS {name}");
            store.reader().execute_unprepared(&drop).await?;
        }
        if is_wanted {
            let create = format!(
                "CREATE INDEX CONCURRENTLY IF NOT EXISTS {name} ON {} ({column}, id)",
                place.table
            );
            store.reader().execute_unprepared(&create).await?;
        }
        return Ok(());
    }
    let statement = match is_wanted {
        true => format!(
            "CREATE INDEX IF NOT EXISTS {name} ON {} ({column}, id)",
            place.table
        ),
        false => format!("DROP INDEX IF EXISTS {name}"),
    };
    store
        .write(move |tx| {
            async move {
                tx.execute_unprepared(&statement).await?;
                Ok(())
            }
            .boxed()
        })
        .await
}

/// The name of a field's index: by its id, for keys may be longer than names.
pub(super) fn name_of(id: CustomFieldId) -> String {
    format!("ix_custom_{}", Uuid::from(id).simple())
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
