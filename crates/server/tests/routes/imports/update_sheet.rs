use rust_xlsxwriter::Workbook;
use serde_json::json;

use crate::app::{ORDERS_CSV, TestApp, id};

fn workbook() -> Vec<u8> {
    let mut workbook = Workbook::new();
    for (name, column) in [("People", "Name"), ("Firms", "Company name")] {
        let sheet = workbook.add_worksheet().set_name(name).unwrap();
        sheet.write_row(0, 0, [column, "Note"]).unwrap();
        sheet.write_row(1, 0, ["Ada", "x"]).unwrap();
    }
    workbook.save_to_buffer().unwrap()
}

#[tokio::test]
async fn a_chosen_sheet_is_looked_at_anew() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let import = client.upload("Shop", "book.xlsx", &workbook()).await;
    let import = import.json(201);
    let path = format!("/api/v1/imports/{}/sheet", id(&import));

    let changed = client.put(&path, &json!({ "sheet": "Firms" })).await;

    assert_eq!(import["format"]["sheet"], "People");
    let sheets = json!([
        { "name": "People", "is_visible": true },
        { "name": "Firms", "is_visible": true },
    ]);
    assert_eq!(import["format"]["sheets"], sheets);
    let changed = changed.json(200);
    assert_eq!(changed["format"]["sheet"], "Firms");
    assert_eq!(changed["preview"]["headers"][0], "Company name");
    assert_eq!(changed["mapping"]["columns"][0]["column"], "Company name");
}

#[tokio::test]
async fn an_unknown_sheet_is_refused_with_those_that_there_are() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let book = client.upload("Shop", "book.xlsx", &workbook()).await;
    let text = client
        .upload("Shop", "orders.csv", ORDERS_CSV.as_bytes())
        .await;

    for import in [book.json(201), text.json(201)] {
        let path = format!("/api/v1/imports/{}/sheet", id(&import));
        let answer = client.put(&path, &json!({ "sheet": "People " })).await;
        assert_eq!(answer.pointers(422, "unknown_sheet"), ["/sheet"]);
    }
}
