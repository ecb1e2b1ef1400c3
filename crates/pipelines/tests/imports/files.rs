//! A file of orders becomes customers; nothing is lost, nothing is doubled.

use std::backtrace::Backtrace;
use std::collections::BTreeMap;
use std::fs::File;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use rapport_domain::{Currency, ImportStatus, JobStatus};
use rapport_pipelines::{Clock, PipelineError, imports, jobs};
use rapport_store::{ListQuery, contacts, orders, reports};
use rapport_testing::OrdersFile;
use tempfile::TempDir;
use tokio::io::AsyncWriteExt as _;

use crate::office::{find, history, import, open, open_at, rejected_csv, ticking_clock, upload};

#[tokio::test]
async fn a_file_of_orders_becomes_customers_orders_and_history() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;
    let file = OrdersFile::new(60);

    let import = import(&workspace, &file.csv()).await;

    let totals = reports::totals(&workspace.store).await.unwrap();
    assert_eq!(import.status, ImportStatus::Done);
    assert_eq!(import.counts.accepted, file.n_rows() as u64);
    assert_eq!(totals.n_contacts, file.n_distinct_customers() as u64);
    // Every seventh is a cancellation, which is a document of its own and no order.
    assert_eq!(totals.n_orders, 52);
    assert_eq!(totals.n_products, 15);
    assert_eq!(history(&workspace).await.0, file.n_rows() as u64);
}

#[tokio::test]
async fn what_customers_spent_is_the_sum_of_their_orders_less_returns() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;

    import(&workspace, &OrdersFile::new(60).csv()).await;

    let contacts = contacts::list(&workspace.store, &ListQuery::default())
        .await
        .unwrap();
    let spent: i64 = contacts
        .items
        .iter()
        .map(|row| row.contact.total_spent_minor)
        .sum();
    let orders = orders::list(
        &workspace.store,
        &ListQuery {
            limit: 100,
            ..ListQuery::default()
        },
    )
    .await
    .unwrap();
    let of_known: i64 = orders
        .items
        .iter()
        .filter(|row| row.order.contact_id.is_some())
        .map(|row| row.order.amount_minor)
        .sum();
    assert!(
        contacts
            .items
            .iter()
            .all(|row| row.contact.currency == Some(Currency::GBP))
    );
    assert_eq!(spent, of_known);
}

#[tokio::test]
async fn importing_the_same_file_again_changes_nothing() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;
    let file = OrdersFile::new(60);
    import(&workspace, &file.csv()).await;
    let before = (
        history(&workspace).await,
        reports::totals(&workspace.store).await.unwrap(),
    );

    let again = import(&workspace, &file.csv()).await;

    let after = (
        history(&workspace).await,
        reports::totals(&workspace.store).await.unwrap(),
    );
    assert_eq!(again.counts.unchanged, file.n_rows() as u64);
    assert_eq!(before, after);
}

#[tokio::test]
async fn a_mended_line_replaces_the_old_one_and_history_adds_up() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;
    let text = OrdersFile::new(3).csv();
    import(&workspace, &text).await;
    let (_, before) = history(&workspace).await;

    // The first line: one piece of product 1 at 2.50 becomes three pieces.
    let mended = text.replacen("PRODUCT 1,1,", "PRODUCT 1,3,", 1);
    let again = import(&workspace, &mended).await;

    let (_, after) = history(&workspace).await;
    assert_eq!(again.counts.unchanged, 5);
    assert_eq!(after - before, 500);
}

#[tokio::test]
async fn rows_that_fail_are_kept_with_line_column_value_and_reason() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;
    let file = OrdersFile::new(30)
        .with_bad_date_in_line(4)
        .with_bad_date_in_line(9);

    let import = import(&workspace, &file.csv()).await;

    let csv = rejected_csv(&workspace, import.id).await;
    assert_eq!(import.counts.n_rejected(), 2);
    assert_eq!(import.counts.accepted, 58);
    assert_eq!(csv.lines().count(), 3);
    assert!(csv.contains("someday") && csv.contains("bad_date"), "{csv}");
}

#[tokio::test]
async fn mended_rows_can_be_imported_again() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;
    let bad = import(
        &workspace,
        &OrdersFile::new(30).with_bad_date_in_line(61).csv(),
    )
    .await;
    assert_eq!(bad.counts.n_rejected(), 1);

    let mended = import(&workspace, &OrdersFile::new(30).csv()).await;

    assert_eq!(mended.counts.unchanged, 59);
    assert_eq!(history(&workspace).await.0, 60);
}

#[tokio::test]
async fn a_hundred_thousand_bad_rows_are_counted_and_kept() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;
    let mut text = OrdersFile::new(2).csv();
    for i in 0..100_000 {
        text.push_str(&format!(
            "{},SKU001,PRODUCT 1,1,someday,2.50,1000,France\n",
            700_000 + i
        ));
    }

    let import = import(&workspace, &text).await;

    assert_eq!(import.counts.n_rejected(), 100_000);
    assert_eq!(import.counts.accepted, 4);
}

#[tokio::test]
async fn an_import_that_was_killed_goes_on_and_doubles_nothing() {
    let dir = TempDir::new().unwrap();
    let file = OrdersFile::new(30_000).with_customers(500);
    let id = {
        let workspace = open(dir.path()).await;
        let import = upload(&workspace, &file.csv()).await.unwrap();
        imports::start(&workspace, import.id).await.unwrap();
        let worker = tokio::spawn(rapport_pipelines::run_worker(
            workspace.clone(),
            tokio_util::sync::CancellationToken::new(),
        ));
        // Killed as soon as the first of three batches is in.
        loop {
            let import = find(&workspace, import.id).await;
            if import.rows_done > 0 {
                assert!(import.rows_done < file.n_rows() as u64);
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        }
        worker.abort();
        assert!(worker.await.is_err());
        import.id
    };

    let workspace = open(dir.path()).await;
    let killed = find(&workspace, id).await;
    let job = jobs::run_until_over(&workspace, killed.job_id.unwrap(), &mut |_| {})
        .await
        .unwrap();

    let done = find(&workspace, id).await;
    let clean_dir = TempDir::new().unwrap();
    let clean = open(clean_dir.path()).await;
    import(&clean, &file.csv()).await;
    assert_eq!(job.status, JobStatus::Done, "{:?}", job.error);
    assert_eq!(done.counts.accepted, file.n_rows() as u64);
    assert_eq!(history(&workspace).await, history(&clean).await);
    assert_eq!(
        reports::totals(&workspace.store).await.unwrap(),
        reports::totals(&clean.store).await.unwrap()
    );
}

/// A clock that panics when it is asked for the first time from within a running import. Who else
/// asks at that time (the other lane, the upkeep of events) gets an answer.
fn clock_that_breaks_in_a_job(is_armed: &Arc<AtomicBool>) -> Clock {
    let steady = ticking_clock();
    let is_armed = Arc::clone(is_armed);
    Clock::new(move || {
        let is_in_import = || {
            let stack = Backtrace::force_capture().to_string();
            stack.contains("imports::run::")
        };
        if is_armed.load(Ordering::SeqCst) && is_in_import() {
            is_armed.store(false, Ordering::SeqCst);
            panic!("the clock fell off the wall");
        }
        steady.now()
    })
}

#[tokio::test]
async fn a_mistake_in_one_job_fails_it_with_its_import_and_the_worker_goes_on() {
    let dir = TempDir::new().unwrap();
    let is_armed = Arc::new(AtomicBool::new(false));
    let workspace = open_at(dir.path(), clock_that_breaks_in_a_job(&is_armed)).await;
    let broken = upload(&workspace, &OrdersFile::new(5).csv()).await.unwrap();
    let job = imports::start(&workspace, broken.id).await.unwrap();
    is_armed.store(true, Ordering::SeqCst);

    let job = jobs::run_until_over(&workspace, job.id, &mut |_| {})
        .await
        .unwrap();

    let broken = rapport_store::imports::find(&workspace.store, broken.id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(job.status, JobStatus::Failed);
    assert!(job.error.unwrap().contains("the clock fell off the wall"));
    assert_eq!(broken.status, ImportStatus::Failed);
    let next = import(&workspace, &OrdersFile::new(5).csv()).await;
    assert_eq!(next.counts.accepted, 10);
    assert!(!workspace.has_lost_worker());
}

#[tokio::test]
async fn many_imports_lead_to_few_files_a_month_and_a_customer_is_in_one_of_each_run() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;
    let whole = OrdersFile::new(60 * 12).csv();
    let (header, rows) = whole.split_once('\n').unwrap();
    let rows: Vec<&str> = rows.lines().collect();
    let parts: Vec<_> = rows.chunks(120).collect();

    for part in &parts {
        import(&workspace, &format!("{header}\n{}\n", part.join("\n"))).await;
    }

    let snapshot = workspace.events().await.unwrap();
    let mut files_of: BTreeMap<String, usize> = BTreeMap::new();
    let mut n_fresh = 0;
    for file in snapshot.segments() {
        match file.path.split_once('/') {
            Some((month, _)) if month.starts_with("month=") => {
                *files_of.entry(month.to_owned()).or_default() += 1;
            }
            _ => n_fresh += 1,
        }
    }
    assert_eq!((parts.len(), rows.len()), (12, 1440));
    assert_eq!(snapshot.n_events(), 1440);
    assert_eq!(files_of.len(), 12);
    assert!(
        files_of.values().all(|&n_files| n_files == 1),
        "{files_of:?}"
    );
    assert!(n_fresh <= 1, "{n_fresh}");
}

#[tokio::test]
async fn an_upload_that_breaks_off_leaves_nothing() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;
    // A sender that never ends and then goes away.
    let (mut sender, body) = tokio::io::duplex(64);
    sender.write_all(b"InvoiceNo,Quantity\n").await.unwrap();
    let endless = imports::upload(&workspace, "a.csv", "shop", None, u64::MAX, body);

    let broken_off = tokio::time::timeout(Duration::from_millis(200), endless).await;

    assert!(broken_off.is_err());
    let uploads = dir.path().join("uploads");
    assert_eq!(std::fs::read_dir(&uploads).unwrap().count(), 0);
}

#[tokio::test]
async fn what_a_kill_left_in_the_data_directory_is_swept_at_the_next_start() {
    let dir = TempDir::new().unwrap();
    let kept = {
        let workspace = open(dir.path()).await;
        import(&workspace, &OrdersFile::new(5).csv()).await.id
    };
    let orphan = "0198a5c0-0000-7000-8000-000000000001";
    let (upload, model) = (
        dir.path().join("uploads").join(orphan),
        dir.path().join("models").join(orphan),
    );
    std::fs::write(&upload, "half of a fi").unwrap();
    std::fs::create_dir(&model).unwrap();
    // Beside a server, what is young may be what another process is writing.
    let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
    for path in [&upload, &model] {
        File::open(path).unwrap().set_modified(long_ago).unwrap();
    }

    let workspace = open(dir.path()).await;

    assert!(!upload.exists() && !model.exists());
    assert!(workspace.upload_path(kept).exists());
}

#[tokio::test]
async fn files_that_are_no_tables_are_refused_and_leave_nothing() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;

    for text in [
        "",
        "InvoiceNo,Quantity\n",
        "PK\u{3}\u{4}\0\0\0\0xl/workbook.xml",
    ] {
        assert!(upload(&workspace, text).await.is_err(), "{text:?}");
    }

    let uploads = std::fs::read_dir(dir.path().join("uploads"))
        .unwrap()
        .count();
    let listed = rapport_store::imports::list(&workspace.store, &ListQuery::default())
        .await
        .unwrap();
    assert_eq!((uploads, listed.items.len()), (0, 0));
}

#[tokio::test]
async fn a_file_beyond_the_limit_is_refused() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;
    let text = OrdersFile::new(100).csv();

    let refused = imports::upload(
        &workspace,
        "orders.csv",
        "shop",
        None,
        1000,
        text.as_bytes(),
    )
    .await;

    assert!(matches!(
        refused,
        Err(PipelineError::TooLarge { limit_bytes: 1000 })
    ));
}

#[tokio::test]
async fn a_field_mapped_twice_is_refused_before_anything_is_read() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;
    let import = upload(&workspace, &OrdersFile::new(5).csv()).await.unwrap();
    let mut mapping: rapport_ingest::Mapping = serde_json::from_value(import.mapping).unwrap();
    mapping.columns[2].field = mapping.columns[0].field;

    let refused = imports::set_mapping(&workspace, import.id, mapping).await;

    assert!(matches!(refused, Err(PipelineError::Invalid(_))));
}
