//! Which sheet of a workbook is read.

use rapport_domain::{EntityKind, JobStatus};
use rapport_ingest::IngestError;
use rapport_pipelines::imports::{self, FileLayout};
use rapport_pipelines::{PipelineError, Workspace};
use rapport_store::imports::Import;
use rapport_store::{ListQuery, StoreError, contacts};
use rust_xlsxwriter::Workbook;
use tempfile::TempDir;

use crate::office::{find, import_as, open, run, upload_as};

/// A workbook of an empty sheet, one of customers and a hidden one of suppliers.
fn workbook() -> Vec<u8> {
    let mut workbook = Workbook::new();
    workbook.add_worksheet().set_name("Cover").unwrap();
    let sheet = workbook.add_worksheet().set_name("Customers").unwrap();
    sheet.write_row(0, 0, ["Name", "Email"]).unwrap();
    sheet.write_row(1, 0, ["Ada", "ada@example.com"]).unwrap();
    let sheet = workbook.add_worksheet().set_name("Suppliers").unwrap();
    sheet.set_hidden(true);
    sheet.write_row(0, 0, ["Company name", "Industry"]).unwrap();
    sheet.write_row(1, 0, ["Acme", "Tools"]).unwrap();
    workbook.save_to_buffer().unwrap()
}

async fn uploaded(workspace: &Workspace) -> Import {
    let uploaded = upload_as(workspace, "shop", "book.xlsx", &workbook()).await;
    uploaded.unwrap()
}

fn layout(import: &Import) -> FileLayout {
    serde_json::from_value(import.format.clone()).unwrap()
}

fn sheet_of(import: &Import) -> String {
    layout(import).sheet().unwrap().name.clone()
}

#[tokio::test]
async fn the_first_visible_sheet_with_rows_is_read_and_all_are_listed() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;

    let import = uploaded(&workspace).await;

    assert_eq!(sheet_of(&import), "Customers");
    let sheets = layout(&import).sheets.into_iter();
    let sheets: Vec<_> = sheets.map(|sheet| (sheet.name, sheet.is_visible)).collect();
    let expected = [("Cover", true), ("Customers", true), ("Suppliers", false)];
    assert_eq!(
        sheets,
        expected.map(|(name, is_visible)| (name.to_owned(), is_visible))
    );
    assert_eq!(import.columns, ["Name", "Email"]);
}

#[tokio::test]
async fn another_sheet_is_looked_at_anew_and_its_rows_come_in() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;
    let import = uploaded(&workspace).await;

    let chosen = imports::set_sheet(&workspace, import.id, "suppliers")
        .await
        .unwrap();
    let (done, status, error) = run(&workspace, import.id).await;

    assert_eq!(sheet_of(&chosen), "Suppliers");
    assert_eq!(chosen.columns, ["Company name", "Industry"]);
    assert_eq!(chosen.entity, Some(EntityKind::Companies));
    assert_eq!(chosen.preview["rows"][0][0], "Acme");
    assert_eq!(status, JobStatus::Done, "{error:?}");
    assert_eq!(done.counts.accepted, 1);
    let contacts = contacts::list(&workspace.store, &ListQuery::default()).await;
    assert!(contacts.unwrap().items.is_empty());
}

#[tokio::test]
async fn a_sheet_that_cannot_be_read_is_refused_and_changes_nothing() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;
    let import = uploaded(&workspace).await;

    let unknown = imports::set_sheet(&workspace, import.id, "Orders").await;
    let empty = imports::set_sheet(&workspace, import.id, "Cover").await;

    let unknown = unknown.unwrap_err().to_string();
    let known = "it has \"Cover\", \"Customers\", \"Suppliers\"";
    assert!(unknown.ends_with(known), "{unknown}");
    assert!(
        matches!(
            empty,
            Err(PipelineError::Ingest(IngestError::EmptySheet { .. }))
        ),
        "{empty:?}"
    );
    assert_eq!(find(&workspace, import.id).await, import);
}

#[tokio::test]
async fn what_is_no_workbook_or_has_run_has_no_sheet_to_choose() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;
    let text = upload_as(
        &workspace,
        "shop",
        "people.csv",
        b"Name,Email\nAda,a@example.com\n",
    );
    let text = text.await.unwrap();
    let done = import_as(
        &workspace,
        "shop",
        "more.csv",
        "Name,Email\nBob,b@example.com\n",
    );
    let done = done.await;

    let no_sheets = imports::set_sheet(&workspace, text.id, "Customers").await;
    let over = imports::set_sheet(&workspace, done.id, "Customers").await;

    assert!(
        matches!(no_sheets, Err(PipelineError::Ingest(IngestError::NoSheets))),
        "{no_sheets:?}"
    );
    assert!(
        matches!(
            over,
            Err(PipelineError::Store(StoreError::WrongState { .. }))
        ),
        "{over:?}"
    );
}
