use futures::{StreamExt as _, stream};
use serde_json::json;

use crate::app::{TestApp, id};

const PATH: &str = "/api/v1/exports";

#[tokio::test]
async fn a_list_is_exported_whole_under_its_filters_and_in_its_order() {
    let app = TestApp::start().await;
    let client = app.member().await;
    // More than two pages of those that are exported.
    let made = stream::iter(0..1_203).map(async |n| {
        let city = if n % 2 == 0 { "Berlin" } else { "Paris" };
        let body = json!({
            "name": format!("Contact {n:04}"), "tags": ["a", "b"], "address": { "city": city },
        });
        client.post("/api/v1/contacts", &body).await
    });
    // No more at a time than wait for a connection without being told to come later.
    let made = made.buffered(16);
    made.for_each(async |answer| {
        answer.expect_status(201);
    })
    .await;

    let answer = client
        .get(&format!(
            "{PATH}/contacts.csv?filter=city:eq:Berlin&sort=-name"
        ))
        .await;

    assert_eq!(
        answer.header("content-type"),
        Some("text/csv; charset=utf-8")
    );
    assert_eq!(
        answer.header("content-disposition"),
        Some("attachment; filename=\"contacts.csv\"")
    );
    let text = answer.expect_status(200).text();
    let mut lines = text.lines();
    let header = lines.next().unwrap();
    assert!(
        header.starts_with("\u{feff}id,name,first_name,"),
        "{header}"
    );
    let names: Vec<_> = lines.map(|line| line.split(',').nth(1).unwrap()).collect();
    let expected: Vec<_> = (0..1_203)
        .rev()
        .filter(|n| n % 2 == 0)
        .map(|n| format!("Contact {n:04}"))
        .collect();
    assert_eq!(names, expected);
}

#[tokio::test]
async fn custom_fields_have_columns_and_formulas_are_disarmed() {
    let app = TestApp::start().await;
    let client = app.admin().await;
    let field = json!({
        "object": "contact", "key": "tier", "label": { "en": "Tier", "zh": "等级" },
        "type": { "kind": "text" },
    });
    client
        .post("/api/v1/custom_fields", &field)
        .await
        .expect_status(201);
    let body = json!({ "name": "=HYPERLINK(1)", "custom": { "tier": "gold" } });
    client
        .post("/api/v1/contacts", &body)
        .await
        .expect_status(201);

    let text = client
        .get(&format!("{PATH}/contacts.csv"))
        .await
        .expect_status(200)
        .text();

    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines.len(), 2);
    assert!(lines[0].ends_with(",custom.tier"), "{text}");
    assert!(lines[1].contains(",'=HYPERLINK(1),"), "{text}");
    assert!(lines[1].ends_with(",gold"), "{text}");
}

#[tokio::test]
async fn a_line_of_json_is_the_record_of_the_api() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let ann = client.contact("Ann").await;

    let answer = client.get(&format!("{PATH}/contacts.jsonl")).await;

    let text = answer.expect_status(200).text();
    let line: serde_json::Value = serde_json::from_str(text.trim_end()).unwrap();
    let shown = client
        .get(&format!("/api/v1/contacts/{}", id(&ann)))
        .await
        .json(200);
    assert_eq!(line, shown);
}

#[tokio::test]
async fn every_list_has_an_export_also_an_empty_one() {
    let app = TestApp::start().await;
    let client = app.member().await;

    for list in [
        "contacts",
        "companies",
        "deals",
        "tickets",
        "tasks",
        "products",
        "orders",
        "campaigns",
    ] {
        let csv = client.get(&format!("{PATH}/{list}.csv")).await;
        assert_eq!(csv.expect_status(200).text().lines().count(), 1, "{list}");
        let lines = client.get(&format!("{PATH}/{list}.jsonl")).await;
        assert_eq!(lines.expect_status(200).text(), "", "{list}");
    }
}

#[tokio::test]
async fn what_is_wrong_is_said_before_the_file_begins() {
    let app = TestApp::start().await;
    let client = app.member().await;

    for file in ["contacts", "contacts.exe", "users.csv", "secrets.jsonl"] {
        let answer = client.get(&format!("{PATH}/{file}")).await;
        answer.problem(404, "not_found");
    }
    let wrong = format!("{PATH}/contacts.csv?filter=shoe:eq:42");
    let answer = client.get(&wrong).await;
    assert_eq!(answer.pointers(400, "unknown_field"), ["?filter"]);
    let viewer = app.viewer().await;
    viewer
        .get(&format!("{PATH}/contacts.csv"))
        .await
        .problem(403, "not_allowed");
}
