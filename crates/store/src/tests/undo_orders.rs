//! Taking back imports of which several tell of one order.

use rapport_domain::{ImportId, Order};

use super::imports::{full_batch, running};
use super::undo::{commit, finish, next, undo};
use super::{TestStore, line, now};
use crate::imports::{
    self, ConflictReason, HistoryKeys, ImportBatch, Kept, RecordKind, SeenRecord,
};
use crate::{ListQuery, contacts, orders};

/// An import that is done and made an order with two lines, and one that is read.
async fn two_imports(store: &TestStore) -> (ImportId, Order, ImportId) {
    let source = store.source("shop").await;
    let first = running(store, source).await;
    let batch = full_batch(store, source, first).await;
    let order = batch.orders[0].clone();
    commit(store, batch).await;
    finish(store, first).await;
    (first, order, running(store, source).await)
}

async fn committed(store: &TestStore, import: ImportId, change: impl FnOnce(&mut ImportBatch)) {
    let mut batch = next(import, 0);
    change(&mut batch);
    commit(store, batch).await;
    finish(store, import).await;
}

async fn lines_and_amount(store: &TestStore, order: &Order) -> (i64, i64) {
    let order = orders::find(store, order.id).await.unwrap().unwrap();
    (order.n_lines, order.amount_minor)
}

#[tokio::test]
async fn an_order_that_a_later_import_tells_of_stays_whole_and_goes_with_that_one() {
    let store = TestStore::open().await;
    let (first, order, second) = two_imports(&store).await;
    committed(&store, second, |batch| {
        batch.lines = vec![line(order.id, 3, 2.0, 100)];
    })
    .await;
    let before = lines_and_amount(&store, &order).await;

    undo(&store, first).await;
    assert_eq!(lines_and_amount(&store, &order).await, before);
    let left = undo(&store, second).await;

    assert_eq!(left, []);
    assert_eq!(orders::find(&store, order.id).await.unwrap(), None);
    // What only the order needed has gone with it, and nothing is said to be left any more.
    let people = contacts::list(&store, &ListQuery::default()).await;
    assert_eq!(people.unwrap().items, []);
    let left = imports::list_conflicts(&store, first, &ListQuery::default()).await;
    assert_eq!(left.unwrap().items, []);
}

#[tokio::test]
async fn a_later_import_that_says_the_same_keeps_the_order() {
    let store = TestStore::open().await;
    let (first, order, second) = two_imports(&store).await;
    committed(&store, second, |batch| {
        batch.seen = vec![SeenRecord::of(RecordKind::Orders, order.id)];
    })
    .await;
    let before = lines_and_amount(&store, &order).await;

    let left = undo(&store, first).await;

    let of_order = left.iter().find(|one| one.kind == RecordKind::Orders);
    let reason = of_order.map(|one| one.reason);
    assert_eq!(reason, Some(ConflictReason::ToldAgain));
    assert_eq!(lines_and_amount(&store, &order).await, before);
}

#[tokio::test]
async fn lines_stay_where_a_later_import_moved_their_order() {
    let store = TestStore::open().await;
    let (first, order, second) = two_imports(&store).await;
    let before = lines_and_amount(&store, &order).await;
    committed(&store, second, |batch| {
        let mut moved = order.clone();
        moved.ordered_at = now().plus_days(-3);
        batch.orders = vec![moved];
    })
    .await;

    let left = undo(&store, first).await;

    assert_eq!(lines_and_amount(&store, &order).await, before);
    let of_line = left.iter().find(|one| one.line_no == 1);
    let reason = of_line.map(|one| one.reason);
    assert_eq!(reason, Some(ConflictReason::ToldAgain));
    let of = Kept {
        import: first,
        undone: first,
    };
    let asked = HistoryKeys {
        orders: ["536365".to_owned(), "unknown".to_owned()].into(),
        ..HistoryKeys::default()
    };
    let kept = imports::kept_history(&store, of, &asked).await.unwrap();
    assert_eq!(
        kept.lines,
        [1, 2].map(|line_no| ("536365".to_owned(), line_no)).into()
    );
}
