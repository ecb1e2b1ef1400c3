use rapport_domain::{Currency, EventKind, Money};
use rapport_ingest::events::{Call, key_in, read_batch, read_call};
use serde_json::json;

use super::{at, call, properties, read, terms};

#[test]
fn a_track_call_of_the_node_library() {
    let event = read(&json!({
        "userId": "97980cfea0067",
        "event": "Order Completed",
        "properties": {
            "order_id": "50314b8e9bcf000000000000", "total": 27.5, "revenue": 25.00,
            "shipping": 3, "tax": 2, "discount": 2.5, "coupon": "hasbros", "currency": "USD",
            "products": [
                { "product_id": "507f1f77bcf86cd799439011", "sku": "45790-32", "price": 19, "quantity": 1 },
                { "product_id": "505bd76785ebb509fc183733", "sku": "46493-32", "price": 3, "quantity": 2 }
            ]
        },
        "integrations": {},
        "type": "track",
        "timestamp": "2026-01-05T08:59:58.123Z",
        "messageId": "node-next-1767603598123-5a6b",
        "context": { "library": { "name": "@segment/analytics-node", "version": "2.3.0" } },
        "_metadata": { "nodeVersion": "22.11.0", "jsRuntime": "node" }
    }))
    .unwrap();

    assert_eq!(event.kind, EventKind::Other("Order Completed".to_owned()));
    assert_eq!(
        event.message_id.as_deref(),
        Some("node-next-1767603598123-5a6b")
    );
    assert_eq!(event.user_id.as_deref(), Some("97980cfea0067"));
    assert_eq!(event.occurred_at, at("2026-01-05T08:59:58.123Z"));
    assert_eq!(event.order_id.as_deref(), Some("50314b8e9bcf000000000000"));
    assert_eq!(event.amount, Some(Money::new(2500, Currency::USD)));
    let kept = properties(&event);
    assert_eq!(kept["products"][1]["sku"], "46493-32");
    assert_eq!(kept["$user_id"], "97980cfea0067");
    assert_eq!(
        kept["$context"]["library"]["name"],
        "@segment/analytics-node"
    );
}

#[test]
fn a_page_call_of_a_browser() {
    let event = call(
        Call::Page,
        &json!({
            "timestamp": "2026-01-05T09:00:00.000Z",
            "integrations": { "Segment.io": true },
            "type": "page",
            "properties": {
                "path": "/lamps", "referrer": "", "search": "", "title": "Lamps",
                "url": "https://shop.example/lamps"
            },
            "name": "Lamps", "category": "Catalogue",
            "context": {
                "page": { "path": "/lamps", "url": "https://shop.example/lamps" },
                "userAgent": "Mozilla/5.0", "locale": "de-DE", "timezone": "Europe/Berlin",
                "library": { "name": "analytics.js", "version": "next-1.81.0" }
            },
            "messageId": "ajs-next-1767603600000-8f2e",
            "anonymousId": "23adfd82-aa0f-45a7-a756-24f2a7a4c895",
            "writeKey": "wk_1234", "userId": null,
            "sentAt": "2026-01-05T09:00:00.000Z",
            "_metadata": { "bundled": ["Segment.io"] }
        }),
    )
    .unwrap();

    assert_eq!(event.kind, EventKind::PageViewed);
    assert_eq!(event.user_id, None);
    assert_eq!(
        event.anonymous_id.as_deref(),
        Some("23adfd82-aa0f-45a7-a756-24f2a7a4c895")
    );
    let kept = properties(&event);
    assert_eq!(kept["url"], "https://shop.example/lamps");
    assert_eq!(kept["$name"], "Lamps");
    assert_eq!(kept["$category"], "Catalogue");
}

#[test]
fn an_identify_call_tells_the_address() {
    let message = json!({
        "type": "identify", "userId": "u1", "messageId": "m1",
        "traits": { "email": "Ada@Example.com", "firstName": "Ada", "plan": "pro" },
    });

    let event = read(&message).unwrap();

    assert_eq!(event.kind.as_str(), "identified");
    assert_eq!(event.email.as_ref().unwrap().as_str(), "ada@example.com");
    assert_eq!(properties(&event)["$traits"]["plan"], "pro");
}

#[test]
fn an_id_that_is_an_address_and_an_address_in_the_context_are_taken_as_such() {
    let by_id = read(&json!({ "type": "track", "event": "x", "userId": "ada@example.com" }));
    let by_context = read(&json!({
        "type": "track", "event": "x", "userId": "7",
        "context": { "traits": { "email": "ada@example.com" } },
    }));

    for event in [by_id, by_context] {
        assert_eq!(event.unwrap().email.unwrap().as_str(), "ada@example.com");
    }
}

#[test]
fn screen_group_and_alias_calls() {
    let screen = read(&json!({ "type": "screen", "anonymousId": "a", "name": "Start" })).unwrap();
    let group = read(&json!({
        "type": "group", "userId": "u1", "groupId": "0e8c78ea",
        "traits": { "name": "Initech", "email": "office@initech.example" },
    }))
    .unwrap();
    let alias = read(&json!({ "type": "alias", "userId": "u1", "previousId": "a" })).unwrap();

    assert_eq!(screen.kind.as_str(), "screen_viewed");
    assert_eq!(properties(&screen)["$name"], "Start");
    assert_eq!(group.kind.as_str(), "grouped");
    assert_eq!(properties(&group)["$group_id"], "0e8c78ea");
    // The company's address is not the person's.
    assert_eq!(group.email, None);
    assert_eq!(alias.kind.as_str(), "aliased");
    assert_eq!(properties(&alias)["$previous_id"], "a");
}

#[test]
fn numbers_as_ids_are_texts() {
    let event =
        read(&json!({ "type": "track", "event": "x", "userId": 17850, "messageId": 5 })).unwrap();

    assert_eq!(event.user_id.as_deref(), Some("17850"));
    assert_eq!(event.message_id.as_deref(), Some("5"));
}

#[test]
fn a_product_event_has_its_columns() {
    let event = read(&json!({
        "type": "track", "event": "Product Added", "userId": "u1",
        "properties": { "product_id": "p1", "category": "Games", "quantity": 2, "value": "18.999" },
    }))
    .unwrap();

    assert_eq!(event.sku.as_deref(), Some("p1"));
    assert_eq!(event.category.as_deref(), Some("Games"));
    assert_eq!(event.quantity, Some(2.0));
    assert_eq!(event.amount, Some(Money::new(1900, Currency::EUR)));
}

#[test]
fn amounts_beyond_reason_stay_properties_only() {
    let event = read(&json!({
        "type": "track", "event": "x", "userId": "u1",
        "properties": { "revenue": 1e300, "quantity": 1e12, "currency": "USD" },
    }))
    .unwrap();

    assert_eq!((event.amount, event.quantity), (None, None));
    assert_eq!(properties(&event)["quantity"], 1e12);
}

#[test]
fn a_batch_shares_its_key_its_time_and_its_context() {
    let body = json!({
        "batch": [
            { "type": "track", "event": "a", "userId": "u1", "timestamp": "2026-01-05T10:00:00Z" },
            { "type": "track", "event": "b", "userId": "u1", "context": { "ip": "192.0.2.1" } },
        ],
        "sentAt": "2026-01-05T10:00:10Z",
        "writeKey": "wk_1234",
        "context": { "library": { "name": "analytics-python" } },
    });

    let delivery = read_batch(body.to_string().as_bytes(), &terms()).unwrap();

    assert_eq!(
        key_in(body.to_string().as_bytes()).as_deref(),
        Some("wk_1234")
    );
    let events: Vec<_> = delivery.events.into_iter().map(Result::unwrap).collect();
    assert_eq!(events[0].occurred_at, at("2026-01-05T08:59:50Z"));
    assert_eq!(
        properties(&events[0])["$context"]["library"]["name"],
        "analytics-python"
    );
    assert_eq!(
        properties(&events[1])["$context"],
        json!({ "ip": "192.0.2.1" })
    );
}

#[test]
fn the_address_beats_the_type_of_the_body_and_the_key_stands_in_it() {
    let body = json!({ "type": "track", "userId": "u1", "writeKey": "wk_1234" });

    let delivery = read_call(Call::Identify, body.to_string().as_bytes(), &terms()).unwrap();

    assert_eq!(
        key_in(body.to_string().as_bytes()).as_deref(),
        Some("wk_1234")
    );
    assert_eq!(
        delivery.events[0].as_ref().unwrap().kind.as_str(),
        "identified"
    );
}
