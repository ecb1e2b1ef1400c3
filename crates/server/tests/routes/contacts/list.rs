use serde_json::{Value, json};

use crate::app::{Client, TestApp, texts};

const PATH: &str = "/api/v1/contacts";

async fn with_contacts(app: &TestApp, n_contacts: usize) -> Client {
    let client = app.member().await;
    for n in 0..n_contacts {
        let city = if n % 2 == 0 { "Berlin" } else { "Paris" };
        let body = json!({
            "name": format!("Contact {n:02}"), "email": format!("c{n}@example.com"),
            "address": { "city": city },
        });
        client.post(PATH, &body).await.expect_status(201);
    }
    client
}

#[tokio::test]
async fn pages_are_walked_by_cursor_and_nothing_is_missed_or_repeated() {
    let app = TestApp::start().await;
    let client = with_contacts(&app, 11).await;

    let rows = client
        .walk(&format!("{PATH}?sort=name"), "contacts", 4)
        .await;

    let expected: Vec<_> = (0..11).map(|n| format!("Contact {n:02}")).collect();
    assert_eq!(texts(&rows, "name"), expected);
}

#[tokio::test]
async fn filters_hold_together_and_sort_may_go_down() {
    let app = TestApp::start().await;
    let client = with_contacts(&app, 6).await;

    let path = format!("{PATH}?filter=city:eq:Berlin&filter=name:gt:Contact%2001&sort=-name");
    let page = client.get(&path).await.json(200);

    let rows = page["contacts"].as_array().unwrap();
    assert_eq!(texts(rows, "name"), ["Contact 04", "Contact 02"]);
    assert_eq!(
        page["meta"],
        json!({ "next_cursor": null, "estimate": null })
    );
}

/// A JSON value as a part of an address.
fn escaped(value: &Value) -> String {
    let text = value.to_string();
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[tokio::test]
async fn groups_hold_beside_the_filters_and_their_pages_go_on() {
    let app = TestApp::start().await;
    let client = with_contacts(&app, 6).await;
    let groups = json!({ "or": [
        { "field": "name", "op": "starts_with", "value": "contact 05" },
        { "not": { "field": "city", "op": "eq", "value": "Paris" } },
    ]});
    let filter = "filter=name:gt:Contact%2001&sort=name";
    let path = format!("{PATH}?where={}&{filter}", escaped(&groups));

    let rows = client.walk(&path, "contacts", 1).await;

    let expected = ["Contact 02", "Contact 04", "Contact 05"];
    assert_eq!(texts(&rows, "name"), expected);
}

#[tokio::test]
async fn today_is_the_day_of_the_reader() {
    let app = TestApp::start().await;
    let client = with_contacts(&app, 1).await;
    let n_found = async |condition: &str, zone: &str| {
        let path = format!("{PATH}?filter={condition}&time_zone={zone}");
        let page = client.get(&path).await.json(200);
        page["contacts"].as_array().unwrap().len()
    };

    for zone in ["UTC", "Asia/Shanghai", "America/Los_Angeles"] {
        assert_eq!(n_found("created_at:during:today", zone).await, 1, "{zone}");
        assert_eq!(
            n_found("created_at:during:yesterday", zone).await,
            0,
            "{zone}"
        );
        assert_eq!(n_found("created_at:in_last:1h", zone).await, 1, "{zone}");
    }
}

#[tokio::test]
async fn what_is_wrong_in_a_group_is_pointed_at() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let good = json!({ "field": "city", "op": "eq", "value": "Paris" });
    let group = |bad: Value| json!({ "or": [good, { "not": bad }] });
    let cases = [
        (
            json!({ "field": "shoe", "op": "eq" }),
            "unknown_field",
            "?where/or/1/not",
        ),
        (
            json!({ "field": "city", "op": "is" }),
            "unknown_op",
            "?where/or/1/not/op",
        ),
        (
            json!({ "field": "created_at", "op": "in_last", "value": "soon" }),
            "bad_value",
            "?where/or/1/not",
        ),
        (json!({ "and": [] }), "empty_group", "?where/or/1/not"),
        (json!(7), "bad_filter", "?where/or/1/not"),
    ];
    for (bad, code, pointer) in cases {
        let path = format!("{PATH}?where={}", escaped(&group(bad)));
        assert_eq!(client.get(&path).await.pointers(400, code), [pointer]);
    }
}

#[tokio::test]
async fn text_is_found_and_counted_when_asked() {
    let app = TestApp::start().await;
    let client = with_contacts(&app, 12).await;

    let page = client
        .get(&format!("{PATH}?search=contact&count=estimate&limit=1"))
        .await
        .json(200);

    assert_eq!(page["contacts"].as_array().unwrap().len(), 1);
    assert!(page["meta"]["estimate"].as_u64().is_some(), "{page}");
}

#[tokio::test]
async fn an_unknown_field_is_answered_with_the_known_ones() {
    let app = TestApp::start().await;
    let client = app.member().await;

    let answer = client.get(&format!("{PATH}?filter=shoe:eq:42")).await;

    let problem = answer.problem(400, "unknown_field");
    assert!(
        problem["detail"]
            .as_str()
            .unwrap()
            .contains("last_order_at"),
        "{problem}"
    );
}

#[tokio::test]
async fn bad_parameters_name_themselves() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let cases = [
        ("filter=shoe:eq:42", "unknown_field", "?filter"),
        ("filter=name:like:x", "unknown_op", "?filter"),
        ("filter=n_orders:eq:many", "bad_value", "?filter"),
        ("sort=tags", "not_sortable", "?sort"),
        ("cursor=xyz", "bad_cursor", "?cursor"),
        ("limit=501", "bad_limit", "?limit"),
        ("page=2", "unknown_parameter", "?page"),
        ("where=%7B", "bad_filter", "?where"),
        ("time_zone=Mars", "not_a_time_zone", "?time_zone"),
    ];
    for (query, code, pointer) in cases {
        let answer = client.get(&format!("{PATH}?{query}")).await;
        assert_eq!(answer.pointers(400, code), [pointer], "{query}");
    }
}

#[tokio::test]
async fn a_cursor_of_another_order_is_refused() {
    let app = TestApp::start().await;
    let client = with_contacts(&app, 3).await;
    let page = client
        .get(&format!("{PATH}?sort=name&limit=1"))
        .await
        .json(200);
    let cursor = page["meta"]["next_cursor"].as_str().unwrap();

    let answer = client
        .get(&format!("{PATH}?sort=-name&limit=1&cursor={cursor}"))
        .await;

    assert_eq!(answer.pointers(400, "bad_cursor"), ["?cursor"]);
}

#[tokio::test]
async fn a_list_that_asks_for_too_much_is_pointed_at() {
    let app = TestApp::start().await;
    let client = app.viewer().await;
    let values = vec!["x"; 501].join(",");
    let cases = [
        (
            vec!["filter=city:eq:x"; 51].join("&"),
            "too_many",
            "?filter",
        ),
        (format!("filter=city:in:{values}"), "too_long", "?filter"),
        ("filter=city:eq:a%00".to_owned(), "bad_character", "?filter"),
        (
            "sort=name,city,country,phone,email,language".to_owned(),
            "too_many",
            "?sort",
        ),
        ("sort=city,-city".to_owned(), "repeated", "?sort"),
        (format!("search={}", "x".repeat(201)), "too_long", "?search"),
    ];
    for (query, code, pointer) in cases {
        let answer = client.get(&format!("{PATH}?{query}")).await;
        assert_eq!(answer.pointers(400, code), [pointer]);
    }
}

#[tokio::test]
async fn a_nul_character_is_refused_in_bodies_and_parts_words_in_searches() {
    let app = TestApp::start().await;
    let client = app.member().await;
    client.contact("Ann Example").await;

    let answer = client.post(PATH, &json!({ "name": "a\0b" })).await;
    assert_eq!(answer.pointers(422, "bad_character"), [""]);
    let found = client
        .get(&format!("{PATH}?search=example%00ann"))
        .await
        .json(200);
    assert_eq!(found["contacts"].as_array().unwrap().len(), 1);
    client
        .get("/api/v1/search?q=ann%00")
        .await
        .expect_status(200);
}
