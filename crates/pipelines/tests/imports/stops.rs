//! Imports that do not come to a good end: cut off, cancelled, unreadable.

use std::io::Write as _;

use rapport_domain::{ImportStatus, JobStatus};
use rapport_pipelines::{Workspace, imports, jobs};
use rapport_store::{ListQuery, contacts, reports};
use rapport_testing::OrdersFile;
use tempfile::TempDir;

use crate::office::{find, history, import, number, open, run, upload, upload_as};

/// What all contacts spent, and what the history says that known customers bought.
async fn spent_and_bought(workspace: &Workspace) -> (i64, i64) {
    let query = ListQuery {
        limit: ListQuery::LIMIT_MAX,
        ..ListQuery::default()
    };
    let found = contacts::list(&workspace.store, &query).await.unwrap();
    assert!(found.next.is_none(), "one page is enough");
    let spent = found.items.iter().map(|row| row.contact.total_spent_minor);
    let bought = "SELECT CAST(sum(amount_minor) AS DOUBLE) AS found FROM events \
                  WHERE source = $s AND customer_id IS NOT NULL";
    let bought = number(workspace, bought, "shop").await;
    (spent.sum(), bought as i64)
}

#[tokio::test]
async fn a_compressed_file_that_is_cut_off_keeps_its_rows_and_says_why_it_failed() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;
    let text = OrdersFile::new(15_000).csv();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(text.as_bytes()).unwrap();
    let bytes = gzip.finish().unwrap();
    let cut = &bytes[..bytes.len() * 9 / 10];

    let upload = upload_as(&workspace, "shop", "orders.csv.gz", cut).await;
    let (import, status, error) = run(&workspace, upload.unwrap().id).await;

    assert_eq!(status, JobStatus::Failed);
    assert_eq!(import.status, ImportStatus::Failed);
    assert!(error.unwrap().contains("gzip"), "{:?}", import.error);
    assert!(import.counts.accepted > 20_000, "{:?}", import.counts);
    assert_eq!(history(&workspace).await.0, import.counts.accepted);
    // What is in is added up, though the import did not come to its end.
    let (spent, bought) = spent_and_bought(&workspace).await;
    assert!(spent > 0);
    assert_eq!(spent, bought);
}

#[tokio::test]
async fn a_file_without_one_readable_date_is_rejected_row_by_row() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;
    let good = OrdersFile::new(20).csv();
    let bad = upload(&workspace, &good.replace("2025-", "Q"))
        .await
        .unwrap();
    let good = upload(&workspace, &good).await.unwrap();
    let mapping = serde_json::from_value(good.mapping).unwrap();
    imports::set_mapping(&workspace, bad.id, mapping)
        .await
        .unwrap();

    let (import, status, error) = run(&workspace, bad.id).await;

    assert_eq!(status, JobStatus::Done, "{error:?}");
    assert_eq!(
        (import.counts.accepted, import.counts.n_rejected()),
        (0, 40)
    );
    assert_eq!(reports::totals(&workspace.store).await.unwrap().n_orders, 0);
}

#[tokio::test]
async fn an_import_that_was_cancelled_goes_on_and_its_totals_are_right_meanwhile() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;
    let file = OrdersFile::new(30_000).with_customers(300);
    let id = upload(&workspace, &file.csv()).await.unwrap().id;
    imports::start(&workspace, id).await.unwrap();
    let stop = tokio_util::sync::CancellationToken::new();
    let worker = tokio::spawn(rapport_pipelines::run_worker(
        workspace.clone(),
        stop.clone(),
    ));
    while find(&workspace, id).await.rows_done == 0 {
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
    imports::cancel(&workspace, id).await.unwrap();
    while find(&workspace, id).await.status != ImportStatus::Cancelled {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    let cancelled = find(&workspace, id).await;
    let (spent, bought) = spent_and_bought(&workspace).await;
    stop.cancel();
    worker.await.unwrap();

    let (done, status, error) = run(&workspace, id).await;

    assert!(cancelled.rows_done < file.n_rows() as u64);
    assert_eq!(spent, bought);
    assert_eq!(status, JobStatus::Done, "{error:?}");
    assert_eq!(done.counts.accepted, file.n_rows() as u64);
    assert_eq!(history(&workspace).await.0, file.n_rows() as u64);
    let (spent, bought) = spent_and_bought(&workspace).await;
    assert_eq!(spent, bought);
}

#[tokio::test]
async fn a_corrected_file_whose_import_is_killed_corrects_each_line_once() {
    let dir = TempDir::new().unwrap();
    let file = OrdersFile::new(12_000);
    let corrected = file.csv().replace("PRODUCT 3,1,", "PRODUCT 3,9,");
    let id = {
        let workspace = open(dir.path()).await;
        import(&workspace, &file.csv()).await;
        let id = upload(&workspace, &corrected).await.unwrap().id;
        imports::start(&workspace, id).await.unwrap();
        let worker = tokio::spawn(rapport_pipelines::run_worker(
            workspace.clone(),
            tokio_util::sync::CancellationToken::new(),
        ));
        while find(&workspace, id).await.rows_done == 0 {
            tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        }
        worker.abort();
        assert!(worker.await.is_err());
        id
    };

    let workspace = open(dir.path()).await;
    let job = find(&workspace, id).await.job_id.unwrap();
    jobs::run_until_over(&workspace, job, &mut |_| {})
        .await
        .unwrap();
    let done = find(&workspace, id).await;
    let after = history(&workspace).await;
    let again = import(&workspace, &corrected).await;

    let n_mended = corrected.matches("PRODUCT 3,9,").count() as u64;
    let n_rows = file.n_rows() as u64;
    assert!(n_mended > 0);
    assert_eq!(done.counts.unchanged, n_rows - n_mended);
    assert_eq!(again.counts.unchanged, n_rows);
    assert_eq!(after.0, n_rows + 2 * n_mended);
    assert_eq!(history(&workspace).await, after);
    let (spent, bought) = spent_and_bought(&workspace).await;
    assert_eq!(spent, bought);
}

/// As a full disk does, a file that cannot be read stops an import that is worth another try.
#[tokio::test]
async fn a_command_hears_at_once_what_to_mend_and_the_next_one_goes_on() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;
    let file = OrdersFile::new(400);
    let id = upload(&workspace, &file.csv()).await.unwrap().id;
    let (here, away) = (workspace.upload_path(id), dir.path().join("away"));
    std::fs::rename(&here, &away).unwrap();
    let job = imports::start(&workspace, id).await.unwrap().id;

    let stopped = jobs::run_until_over(&workspace, job, &mut |_| {}).await;
    let waiting = find(&workspace, id).await;
    std::fs::rename(&away, &here).unwrap();
    let went_on = jobs::run_until_over(&workspace, job, &mut |_| {}).await;

    assert!(stopped.unwrap_err().to_string().contains("read"));
    assert_eq!(waiting.job_id, Some(job));
    assert_eq!(went_on.unwrap().status, JobStatus::Done);
    assert_eq!(
        find(&workspace, id).await.counts.accepted,
        file.n_rows() as u64
    );
}
