//! What the writing of many rows takes for granted, and what it leaves behind.

use sea_orm::{DbBackend, DbErr, TransactionTrait as _};

use super::TestStore;
use crate::connection::postgres;
use crate::sql::Sql;

#[tokio::test]
async fn a_value_that_may_be_missing_has_no_default() {
    let store = TestStore::open().await;
    let text = match store.backend() {
        DbBackend::Postgres => {
            "SELECT concat(table_name, '.', column_name) AS name, is_nullable = 'YES' \
             AND column_default IS NOT NULL AS has_default FROM information_schema.columns \
             WHERE table_schema = current_schema()"
        }
        _ => {
            "SELECT m.name || '.' || p.name AS name, p.\"notnull\" = 0 AND p.pk = 0 \
             AND p.dflt_value IS NOT NULL AS has_default \
             FROM sqlite_master m JOIN pragma_table_info(m.name) p WHERE m.type = 'table'"
        }
    };
    let rows = Sql::of(store.backend(), text, []).all(store.reader()).await;
    let rows = rows.unwrap();

    assert!(rows.len() > 100);
    for row in rows {
        let name: String = row.try_get("", "name").unwrap();
        assert!(!row.try_get::<bool>("", "has_default").unwrap(), "{name}");
    }
}

/// On PostgreSQL alone: SQLite has no such setting.
#[tokio::test]
async fn plans_are_kept_while_many_rows_are_written_and_no_longer() {
    let store = TestStore::open().await;
    if store.backend() != DbBackend::Postgres {
        return;
    }
    let tx = store.reader().begin().await.unwrap();
    let mode = async || {
        let text = "SELECT current_setting('plan_cache_mode') AS mode";
        let row = Sql::of(DbBackend::Postgres, text, []).one(&tx).await?;
        row.unwrap().try_get::<String>("", "mode")
    };

    assert_eq!(mode().await.unwrap(), "force_custom_plan");
    for (n_rows, expected) in [(999, "force_custom_plan"), (1_000, "auto")] {
        let during: Result<String, DbErr> = postgres::write_rows(&tx, n_rows, mode()).await;
        assert_eq!(during.unwrap(), expected);
    }
    assert_eq!(mode().await.unwrap(), "force_custom_plan");
}
