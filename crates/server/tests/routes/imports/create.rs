use rapport_server::ServerConfig;
use serde_json::json;

use crate::app::{ORDERS_CSV, TestApp};

#[tokio::test]
async fn an_uploaded_file_is_looked_at_and_a_mapping_proposed() {
    let app = TestApp::start().await;
    let client = app.member().await;

    let answer = client
        .upload("Shop", "orders.csv", ORDERS_CSV.as_bytes())
        .await;

    let import = answer.json(201);
    assert_eq!(import["status"], "ready");
    assert_eq!(
        (&import["file_name"], &import["source"]),
        (&json!("orders.csv"), &json!("Shop"))
    );
    assert_eq!(import["bytes"], ORDERS_CSV.len());
    assert_eq!(import["entity"], "order_lines");
    let format = json!({
        "compression": "none",
        "encoding": "utf8",
        "kind": "csv",
        "delimiter": ",",
        "sheet": null,
        "sheets": [],
    });
    assert_eq!(import["format"], format);
    assert_eq!(import["preview"]["headers"][0], "InvoiceNo");
    assert_eq!(import["mapping"]["columns"][0]["field"], "order_id");
}

#[tokio::test]
async fn the_fields_that_columns_can_feed_are_listed_once_for_all_imports() {
    let app = TestApp::start().await;
    let client = app.viewer().await;

    let fields = client.get("/api/v1/import_fields").await.json(200);

    let fields = fields["import_fields"].as_array().unwrap();
    let is_order_id =
        |f: &&serde_json::Value| f["name"] == "order_id" && f["entity"] == "order_lines";
    assert_eq!(fields.iter().find(is_order_id).unwrap()["required"], true);
}

#[tokio::test]
async fn a_file_that_is_no_table_is_refused_and_nothing_is_kept() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let png = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01";
    let cases: [(&str, &[u8]); 3] = [
        ("photo.csv", png),
        ("empty.csv", b""),
        ("header.csv", b"name,email\n"),
    ];

    for (name, content) in cases {
        let answer = client.upload("Shop", name, content).await;
        assert_eq!(answer.pointers(422, "unreadable_file"), ["/file"], "{name}");
    }

    assert_eq!(
        client.get("/api/v1/imports").await.json(200)["imports"],
        json!([])
    );
    let uploads = app.workspace.data_dir().join("uploads");
    assert_eq!(std::fs::read_dir(uploads).unwrap().count(), 0);
}

#[tokio::test]
async fn a_file_beyond_the_limit_is_refused() {
    let config = ServerConfig {
        upload_limit_bytes: 1000,
        ..ServerConfig::default()
    };
    let app = TestApp::with_config(config).await;
    let client = app.member().await;

    for n_bytes in [1001, 200_000] {
        let content = "a,b\n".repeat(n_bytes / 4 + 1);
        let answer = client.upload("Shop", "big.csv", content.as_bytes()).await;
        answer.problem(413, "too_large");
    }
}

#[tokio::test]
async fn a_path_in_the_file_name_is_only_a_label() {
    let app = TestApp::start().await;
    let client = app.member().await;

    let answer = client
        .upload("", "../../etc/orders.csv", ORDERS_CSV.as_bytes())
        .await;

    let import = answer.json(201);
    assert_eq!(import["file_name"], "orders.csv");
    assert_eq!(import["source"], "orders");
}

#[tokio::test]
async fn a_body_that_is_no_form_is_refused() {
    let app = TestApp::start().await;
    let client = app.member().await;

    client
        .post("/api/v1/imports", &json!({}))
        .await
        .problem(400, "not_a_form");
}

#[tokio::test]
async fn a_source_is_read_no_further_than_a_name_is_long_and_once() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let source = "name=\"source\"";
    let file = (
        "name=\"file\"; filename=\"orders.csv\"",
        ORDERS_CSV.as_bytes(),
    );
    let long = vec![b'a'; 3 << 20];

    let answer = client.upload_form(&[(source, &long), file]).await;
    assert_eq!(answer.pointers(422, "too_long"), ["/source"]);
    let answer = client
        .upload_form(&[(source, b"A"), (source, b"B"), file])
        .await;
    assert_eq!(answer.pointers(422, "repeated"), ["/source"]);
    let answer = client.upload_form(&[(source, b"\xff\xfe"), file]).await;
    assert_eq!(answer.pointers(422, "not_text"), ["/source"]);
}

#[tokio::test]
async fn a_file_with_a_long_name_and_no_source_is_taken() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let file = format!("name=\"file\"; filename=\"{}.csv\"", "n".repeat(150));

    let answer = client.upload_form(&[(&file, ORDERS_CSV.as_bytes())]).await;

    assert_eq!(answer.json(201)["source"], "n".repeat(100));
}
