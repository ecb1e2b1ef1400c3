//! An Excel workbook is imported like the same table in text.

use rapport_domain::{ImportStatus, JobStatus};
use rapport_pipelines::{PipelineError, imports, jobs};
use rapport_store::reports;
use rapport_testing::OrdersFile;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use tempfile::TempDir;

use crate::office::{find, history, import, open, rejected_csv, run, upload_as};

/// A file of orders as a workbook whose numbers are numbers.
fn workbook_of(csv: &str) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (row, line) in (0..).zip(csv.lines()) {
        for (column, cell) in (0..).zip(line.split(',')) {
            match cell.parse::<f64>() {
                Ok(number) => sheet.write_number(row, column, number).unwrap(),
                Err(_) => sheet.write_string(row, column, cell).unwrap(),
            };
        }
    }
    workbook.save_to_buffer().unwrap()
}

#[tokio::test]
async fn a_workbook_of_orders_comes_in_and_its_bad_row_is_named_by_its_row_in_the_sheet() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let day = Format::new().set_num_format("dd/mm/yyyy");
    sheet.write_string(0, 0, "Orders of the year").unwrap();
    let header = [
        "order id",
        "order date",
        "sku",
        "quantity",
        "unit price",
        "email",
    ];
    sheet.write_row(2, 0, header).unwrap();
    for row in 3..7 {
        let at = ExcelDateTime::from_ymd(2025, 12, row as u8).unwrap();
        sheet.write_number(row, 0, 1000 + row).unwrap();
        sheet.write_datetime_with_format(row, 1, &at, &day).unwrap();
        sheet.write_string(row, 2, "MUG-1").unwrap();
        sheet.write_number(row, 3, 2).unwrap();
        sheet.write_number(row, 4, 4.35).unwrap();
        sheet.write_string(row, 5, "ada@example.com").unwrap();
    }
    sheet.write_string(5, 1, "someday").unwrap();
    let bytes = workbook.save_to_buffer().unwrap();

    let import = upload_as(&workspace, "shop", "orders.xlsx", &bytes)
        .await
        .unwrap();
    let (import, status, error) = run(&workspace, import.id).await;

    assert_eq!(status, JobStatus::Done, "{error:?}");
    assert_eq!((import.counts.accepted, import.counts.n_rejected()), (3, 1));
    assert_eq!(history(&workspace).await, (3, 3 * 870));
    let totals = reports::totals(&workspace.store).await.unwrap();
    assert_eq!((totals.n_contacts, totals.n_orders), (1, 3));
    let rejected = rejected_csv(&workspace, import.id).await;
    let row = rejected.lines().nth(1).unwrap();
    assert!(row.starts_with("6,"), "{rejected}");
    assert!(row.contains("someday"), "{rejected}");
}

#[tokio::test]
async fn the_same_orders_from_a_workbook_change_nothing() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;
    let csv = OrdersFile::new(60).csv();
    let first = import(&workspace, &csv).await;

    let again = upload_as(&workspace, "shop", "orders.xlsx", &workbook_of(&csv))
        .await
        .unwrap();
    let (again, status, error) = run(&workspace, again.id).await;

    assert_eq!(status, JobStatus::Done, "{error:?}");
    assert_eq!(again.counts.read, first.counts.read);
    assert_eq!(again.counts.unchanged, first.counts.accepted);
}

#[tokio::test]
async fn a_workbook_whose_import_is_killed_goes_on_where_it_stopped() {
    let dir = TempDir::new().unwrap();
    let file = OrdersFile::new(12_000);
    let id = {
        let workspace = open(dir.path()).await;
        let bytes = workbook_of(&file.csv());
        let upload = upload_as(&workspace, "shop", "orders.xlsx", &bytes).await;
        let id = upload.unwrap().id;
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
    assert_eq!(done.status, ImportStatus::Done);
    assert_eq!(done.counts.accepted, file.n_rows() as u64);
    assert_eq!(history(&workspace).await.0, file.n_rows() as u64);
}

#[tokio::test]
async fn nothing_is_kept_of_a_workbook_that_cannot_be_read() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;
    let bytes = workbook_of(&OrdersFile::new(20).csv());
    let cut = &bytes[..bytes.len() / 2];

    let refused = upload_as(&workspace, "shop", "orders.xlsx", cut).await;

    assert!(
        matches!(refused, Err(PipelineError::Ingest(_))),
        "{refused:?}"
    );
    let uploads = std::fs::read_dir(dir.path().join("uploads")).unwrap();
    assert_eq!(uploads.count(), 0);
}
