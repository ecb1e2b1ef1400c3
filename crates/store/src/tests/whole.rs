//! Whole tables, page by page.

use sea_orm::DbBackend;
use serde_json::Value;

use super::imports::{full_batch, running};
use super::undo::{commit, finish};
use super::{TestStore, line};
use crate::sql::Sql;
use crate::whole::{self, Whole};
use crate::{Store, StoreConfig};

/// A store with orders, the first of which has many lines.
async fn with_lines() -> TestStore {
    let store = TestStore::open().await;
    let source = store.source("shop").await;
    let import = running(&store, source).await;
    let mut batch = full_batch(&store, source, import).await;
    let order = batch.orders[0].id;
    let n_lines = batch.lines.len() as i64;
    batch
        .lines
        .extend((n_lines + 1..n_lines + 20).map(|n| line(order, n, 1.0, 100)));
    commit(&store, batch).await;
    finish(&store, import).await;
    store
}

async fn all(store: &TestStore, table: Whole, limit: u64) -> Vec<Value> {
    let (mut found, mut mark) = (Vec::new(), None);
    loop {
        let (rows, next) = whole::page(store, table, mark, limit).await.unwrap();
        assert!(rows.len() as u64 <= limit);
        found.extend(rows);
        match next {
            Some(_) => mark = next,
            None => return found,
        }
    }
}

#[tokio::test]
async fn pages_of_any_size_hold_every_row_once() {
    let store = with_lines().await;
    for table in Whole::ALL {
        let at_once = all(&store, table, 1_000).await;
        for limit in [1, 2, 3, 7] {
            assert_eq!(all(&store, table, limit).await, at_once, "{table:?}");
        }
    }
    let lines = all(&store, Whole::OrderLines, 1_000).await;
    assert!(lines.len() > 20);
    assert!(lines.iter().all(|line| line["order_id"].is_string()));
}

/// On SQLite alone: a server chooses by how large a table is, and that of a test is small.
#[tokio::test]
async fn a_page_is_sought_by_its_key_and_not_counted_off() {
    let directory = tempfile::tempdir().unwrap();
    let config = StoreConfig::in_directory(directory.path());
    let store = Store::open(&config).await.unwrap();
    for table in Whole::ALL {
        let mut plan = Sql::new(DbBackend::Sqlite);
        plan.push("EXPLAIN QUERY PLAN ");
        plan.append(whole::statement(DbBackend::Sqlite, table, None, 10));

        let steps = plan.all(store.reader()).await.unwrap();

        let steps = steps
            .iter()
            .map(|step| step.try_get::<String>("", "detail").unwrap());
        let steps: Vec<String> = steps.collect();
        assert!(
            steps[0].starts_with("SEARCH x USING"),
            "{table:?}: {steps:?}"
        );
        let is_sorted = steps.iter().any(|step| step.contains("TEMP B-TREE"));
        assert!(!is_sorted, "{table:?}: {steps:?}");
    }
}
