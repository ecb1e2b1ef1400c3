//! Order lines that come again: mended, corrected, in part, in another currency.

use rapport_domain::{Order, OrderLine, RejectReason};
use rapport_pipelines::Workspace;
use rapport_store::{ListQuery, contacts, orders, products};
use tempfile::TempDir;

use crate::office::{history, import, import_as, number, open, rejected_csv};

const HEADER: &str = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID\n";

/// A file of lines given as order, product, units, date, price and customer.
fn file(lines: &[(&str, &str, i64, &str, &str, &str)]) -> String {
    let mut text = HEADER.to_owned();
    for (order, sku, quantity, date, price, customer) in lines {
        text.push_str(&format!(
            "{order},{sku},Product {sku},{quantity},{date},{price},{customer}\n"
        ));
    }
    text
}

const DAY: &str = "2025-03-01 09:00:00";

async fn order(workspace: &Workspace, number: &str) -> (Order, Vec<OrderLine>) {
    let found = orders::list(&workspace.store, &ListQuery::default())
        .await
        .unwrap();
    let order = found
        .items
        .into_iter()
        .find(|row| row.order.external_id == number)
        .unwrap()
        .order;
    let lines = orders::list_lines(&workspace.store, order.id)
        .await
        .unwrap();
    (order, lines.into_iter().map(|row| row.line).collect())
}

/// Units of an order's lines in the order of their numbers.
async fn units(workspace: &Workspace, number: &str) -> Vec<f64> {
    let (_, lines) = order(workspace, number).await;
    lines.iter().map(|line| line.quantity).collect()
}

#[tokio::test]
async fn a_download_of_mended_rows_adds_exactly_these_and_adding_it_twice_adds_nothing() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;
    // The second line has the product of the first one, so that only content tells them apart.
    let bad = import(
        &workspace,
        &file(&[
            ("A", "S1", 1, DAY, "2.00", "7"),
            ("A", "S1", 5, "someday", "2.00", "7"),
            ("A", "S3", 3, DAY, "2.00", "7"),
            ("B", "S1", 1, DAY, "2.00", "8"),
            ("B", "S1", 2, "someday", "2.00", "8"),
        ]),
    )
    .await;
    assert_eq!((bad.counts.accepted, bad.counts.n_rejected()), (3, 2));
    let mended = rejected_csv(&workspace, bad.id)
        .await
        .replace("someday", DAY);

    let added = import_as(&workspace, "shop", "rejected_rows.csv", &mended).await;
    let after = history(&workspace).await;
    let again = import_as(&workspace, "shop", "rejected_rows.csv", &mended).await;

    assert_eq!((added.counts.accepted, added.counts.unchanged), (2, 0));
    assert_eq!(again.counts.unchanged, 2);
    assert_eq!(units(&workspace, "A").await, [1.0, 3.0, 5.0]);
    assert_eq!(units(&workspace, "B").await, [1.0, 2.0]);
    assert_eq!(history(&workspace).await, after);
    assert_eq!(after, (5, 12 * 200));
}

#[tokio::test]
async fn the_whole_file_with_its_bad_row_mended_adds_that_row() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;
    let lines = [
        ("A", "S1", 1, DAY, "2.00", "7"),
        ("A", "S2", 2, "someday", "2.00", "7"),
        ("A", "S3", 3, DAY, "2.00", "7"),
    ];
    import(&workspace, &file(&lines)).await;

    let again = import(&workspace, &file(&lines).replace("someday", DAY)).await;

    assert_eq!(again.counts.unchanged, 2);
    assert_eq!(units(&workspace, "A").await, [1.0, 3.0, 2.0]);
    assert_eq!(history(&workspace).await, (3, 6 * 200));
}

#[tokio::test]
async fn an_export_that_cuts_through_an_order_adds_the_rest() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;
    import(&workspace, &file(&[("A", "S1", 1, DAY, "2.00", "7")])).await;

    import(
        &workspace,
        &file(&[
            ("A", "S2", 2, DAY, "2.00", "7"),
            ("A", "S3", 3, DAY, "2.00", "7"),
        ]),
    )
    .await;

    assert_eq!(units(&workspace, "A").await, [1.0, 2.0, 3.0]);
    assert_eq!(history(&workspace).await, (3, 6 * 200));
}

#[tokio::test]
async fn a_corrected_line_takes_back_what_the_history_said_at_the_old_time() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;
    let lines = [
        ("A", "S1", 1, DAY, "2.00", "7"),
        ("A", "S2", 2, DAY, "2.00", "7"),
    ];
    import(&workspace, &file(&lines)).await;
    let mut corrected = lines;
    corrected[1].2 = 6;

    let again = import(&workspace, &file(&corrected)).await;

    assert_eq!(again.counts.unchanged, 1);
    assert_eq!(units(&workspace, "A").await, [1.0, 6.0]);
    assert_eq!(history(&workspace).await, (4, 7 * 200));
    let of_first = "SELECT CAST(count(*) AS DOUBLE) AS found FROM events WHERE sku = $s";
    assert_eq!(number(&workspace, of_first, "S1").await, 1.0);
}

#[tokio::test]
async fn an_order_whose_time_and_customer_were_wrong_moves_in_the_history() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;
    let wrong = [
        ("A", "S1", 1, DAY, "2.00", "7"),
        ("A", "S2", 2, DAY, "2.00", "7"),
    ];
    import(&workspace, &file(&wrong)).await;
    let (before, _) = order(&workspace, "A").await;
    let right = wrong
        .map(|(order, sku, n, _, price, _)| (order, sku, n, "2025-04-01 09:00:00", price, "8"));

    let moved = import(&workspace, &file(&right)).await;
    let again = import(&workspace, &file(&right)).await;

    let (after, _) = order(&workspace, "A").await;
    assert_ne!(before.contact_id, after.contact_id);
    assert_eq!((moved.counts.unchanged, again.counts.unchanged), (0, 2));
    assert_eq!(history(&workspace).await, (6, 3 * 200));
    let spent = "SELECT CAST(sum(amount_minor) AS DOUBLE) AS found FROM events \
                 WHERE customer_id = $s";
    let of_old = before.contact_id.unwrap().to_string();
    let of_new = after.contact_id.unwrap().to_string();
    assert_eq!(number(&workspace, spent, &of_old).await, 0.0);
    assert_eq!(number(&workspace, spent, &of_new).await, 600.0);
    let in_march = "SELECT CAST(sum(quantity) AS DOUBLE) AS found FROM events \
                    WHERE occurred_us < 1741996800000000 AND source = $s";
    assert_eq!(number(&workspace, in_march, "shop").await, 0.0);
    // Totals follow for both, though only one of them is in the file.
    let old = contacts::find(&workspace.store, before.contact_id.unwrap()).await;
    let new = contacts::find(&workspace.store, after.contact_id.unwrap()).await;
    assert_eq!(old.unwrap().unwrap().total_spent_minor, 0);
    assert_eq!(new.unwrap().unwrap().total_spent_minor, 600);
}

#[tokio::test]
async fn lines_in_another_currency_than_their_order_are_rejected_with_the_reason() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;
    let text = "Order ID,SKU,Quantity,Order Date,Unit Price,Currency\n\
                A,S1,1,2025-03-01,2.00,GBP\n\
                A,S2,1,2025-03-01,3.00,USD\n\
                B,S1,1,2025-03-01,4.00,USD\n";

    let mixed = import(&workspace, text).await;
    let later = import(
        &workspace,
        "Order ID,SKU,Quantity,Order Date,Unit Price,Currency\nA,S3,1,2025-03-01,5.00,EUR\n",
    )
    .await;
    let whole = import(
        &workspace,
        "Order ID,SKU,Quantity,Order Date,Unit Price,Currency\nB,S1,1,2025-03-01,4.00,EUR\n",
    )
    .await;

    assert_eq!((mixed.counts.accepted, mixed.counts.n_rejected()), (2, 1));
    assert_eq!(mixed.counts.rejected[&RejectReason::Invalid], 1);
    let csv = rejected_csv(&workspace, mixed.id).await;
    assert!(csv.contains("in USD and its order A in GBP"), "{csv}");
    assert_eq!(later.counts.n_rejected(), 1);
    assert_eq!(order(&workspace, "A").await.0.amount_minor, 200);
    // An order that comes whole again, all of it in another currency, was in the wrong one.
    assert_eq!(whole.counts.n_rejected(), 0);
    assert_eq!(order(&workspace, "B").await.0.currency.code(), "EUR");
}

#[tokio::test]
async fn products_come_with_their_rows_and_keep_what_order_lines_do_not_know() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;
    import(&workspace, &file(&[("A", "S1", 3, DAY, "2.00", "7")])).await;

    import_as(
        &workspace,
        "shop",
        "products.csv",
        "SKU,Name,Category,Price,Currency\nS1,Mug,Kitchen,2.50,GBP\nS2,Lamp,Light,9.00,GBP\n",
    )
    .await;
    import(&workspace, &file(&[("B", "S1", 1, DAY, "2.00", "7")])).await;

    let found = products::list(&workspace.store, &ListQuery::default())
        .await
        .unwrap();
    let found: Vec<_> = found
        .items
        .iter()
        .map(|p| {
            (
                p.sku.as_str(),
                p.name.as_str(),
                p.category.as_deref(),
                p.units_sold,
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            ("S1", "Mug", Some("Kitchen"), 4.0),
            ("S2", "Lamp", Some("Light"), 0.0)
        ]
    );
}
