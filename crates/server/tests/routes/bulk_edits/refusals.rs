use serde_json::{Value, json};

use crate::access::policy;
use crate::app::{TestApp, id, texts};

#[tokio::test]
async fn what_makes_no_sense_is_refused_before_anything_is_written() {
    let app = TestApp::start().await;
    let client = app.member().await;
    client.contact("Ada").await;
    let unknown = "0198c0de-0000-7000-8000-000000000001";
    let cases: &[(Value, u16, &str, &str)] = &[
        (json!({ "filter": [] }), 422, "required", "/set"),
        (
            json!({ "set": { "title": "x" } }),
            422,
            "required",
            "/filter",
        ),
        (json!({ "filter": [], "set": {} }), 422, "required", "/set"),
        (
            json!({ "filter": [], "set": { "title": "x" }, "delete": true }),
            422,
            "not_both",
            "/delete",
        ),
        (
            json!({ "filter": ["shoe:eq:7"], "delete": true }),
            400,
            "unknown_field",
            "/filter",
        ),
        (
            json!({ "filter": ["shoe"], "delete": true }),
            400,
            "bad_filter",
            "/filter",
        ),
        (
            json!({ "filter": [], "set": { "shoe": 7 } }),
            422,
            "wrong_shape",
            "/set/shoe",
        ),
        (
            json!({ "filter": [], "set": { "email": "x" } }),
            422,
            "invalid",
            "/set/email",
        ),
        (
            json!({ "filter": [], "set": { "name": null } }),
            422,
            "invalid",
            "/set/name",
        ),
        (
            json!({ "filter": [], "set": { "name": " " } }),
            422,
            "invalid",
            "/set/name",
        ),
        (
            json!({ "filter": [], "set": { "owner_id": unknown } }),
            422,
            "unknown_reference",
            "/set/owner_id",
        ),
        (
            json!({ "filter": [], "set": { "custom": { "x": 1 } } }),
            422,
            "unknown_field",
            "/set/custom/x",
        ),
    ];

    for (body, status, code, pointer) in cases {
        let answer = client.bulk("contacts", body).await;
        assert_eq!(answer.pointers(*status, code), [*pointer], "{body}");
    }
    let surprised = json!({ "filter": [], "delete": true, "expect": 2 });
    client
        .bulk("contacts", &surprised)
        .await
        .problem(409, "count_changed");
    let strange = client.post("/api/v1/contacts/bulk?dry=1", &json!({})).await;
    assert_eq!(strange.pointers(400, "bad_query"), ["?dry_run"]);
    let edits = client.get("/api/v1/bulk_edits").await.json(200);
    assert_eq!(edits["bulk_edits"], json!([]));
    assert_eq!(
        client.walk("/api/v1/contacts", "contacts", 10).await[0]["version"],
        1
    );
}

#[tokio::test]
async fn a_viewer_changes_nothing_and_a_seller_the_own() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let role = admin
        .role("Seller", &policy("all", "own", "own", &[]))
        .await;
    let (seller, seller_id) = app.colleague(&admin, "sal", &role).await;
    let theirs = admin.contact("Theirs").await;
    let own = json!({ "name": "Own", "owner_id": seller_id });
    let own = admin.post("/api/v1/contacts", &own).await.json(201);
    let body = json!({ "filter": [], "set": { "title": "Buyer" } });

    let viewer = app.viewer().await;
    viewer
        .bulk("contacts", &body)
        .await
        .problem(403, "not_allowed");
    let preview = seller.preview("contacts", &body).await;
    assert_eq!(
        (&preview["n_changed"], &preview["refused"]),
        (&json!(1), &json!({ "not_allowed": 1 }))
    );
    let edit = app.edit(&seller, "contacts", &body).await;

    assert_eq!(
        (&edit["n_changed"], &edit["refused"]),
        (&json!(1), &json!({ "not_allowed": 1 }))
    );
    assert_eq!(admin.read("contacts", &own).await["title"], "Buyer");
    assert_eq!(admin.read("contacts", &theirs).await["title"], json!(null));
    let path = format!("/api/v1/bulk_edits/{}/refused_rows", id(&edit));
    let refused = seller.walk(&path, "refused_rows", 10).await;
    assert_eq!(texts(&refused, "name"), ["Theirs"]);
    // Nobody is given away to whom the seller could not reach any more.
    let away = json!({ "filter": [], "set": { "owner_id": null } });
    let edit = app.edit(&seller, "contacts", &away).await;
    assert_eq!(
        edit["refused"],
        json!({ "invalid": 1, "not_allowed": 1 }),
        "{edit}"
    );
    assert_eq!(
        admin.read("contacts", &own).await["owner"]["id"],
        json!(seller_id)
    );
}

#[tokio::test]
async fn what_is_not_seen_is_not_there_nor_is_what_others_did_with_it() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let role = admin
        .role("Seller", &policy("own", "own", "own", &[]))
        .await;
    let (seller, _) = app.colleague(&admin, "sal", &role).await;
    let theirs = admin.contact("Theirs").await;
    let body = json!({ "ids": [theirs["id"]], "set": { "title": "Mine" } });

    let edit = app.edit(&seller, "contacts", &body).await;
    assert_eq!(edit["refused"], json!({ "not_found": 1 }));
    let path = format!("/api/v1/bulk_edits/{}/refused_rows", id(&edit));
    let refused = seller.walk(&path, "refused_rows", 10).await;
    assert_eq!(texts(&refused, "name"), [""]);
    let all = seller
        .preview("contacts", &json!({ "filter": [], "delete": true }))
        .await;
    assert_eq!(all["n_rows"], 0);

    let edit = app.edit(&admin, "contacts", &body).await;
    let path = format!("/api/v1/bulk_edits/{}", id(&edit));
    seller.get(&path).await.problem(404, "not_found");
    let undo = seller.post(&format!("{path}/undo"), &json!({})).await;
    undo.problem(404, "not_found");
    let listed = seller.walk("/api/v1/bulk_edits", "bulk_edits", 10).await;
    assert_eq!(listed.len(), 1);
    assert_eq!(
        admin
            .walk("/api/v1/bulk_edits", "bulk_edits", 10)
            .await
            .len(),
        2
    );
}

#[tokio::test]
async fn a_unique_value_goes_to_the_first_and_the_others_are_told_who_has_it() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let field = json!({
        "object": "company", "key": "tax_id", "label": { "en": "Tax id", "zh": "税号" },
        "type": { "kind": "text" }, "is_unique": true,
    });
    admin
        .post("/api/v1/custom_fields", &field)
        .await
        .expect_status(201);
    let create = async |name: &str| {
        admin
            .post("/api/v1/companies", &json!({ "name": name }))
            .await
            .json(201)
    };
    let (first, second) = (create("Acme").await, create("Beta").await);
    let body = json!({ "filter": [], "set": { "custom": { "tax_id": "DE1" } } });

    let edit = app.edit(&admin, "companies", &body).await;

    assert_eq!(
        (&edit["n_changed"], &edit["refused"]),
        (&json!(1), &json!({ "taken": 1 }))
    );
    assert_eq!(
        admin.read("companies", &first).await["custom"],
        json!({ "tax_id": "DE1" })
    );
    let path = format!("/api/v1/bulk_edits/{}/refused_rows.csv", id(&edit));
    let file = admin.get(&path).await.text();
    let lines: Vec<&str> = file.lines().collect();
    assert_eq!(lines.len(), 2, "{file}");
    assert!(lines[1].starts_with(id(&second)), "{file}");
    assert!(lines[1].contains("Beta,taken,"), "{file}");
    assert!(lines[1].contains("Acme"), "{file}");
}

#[tokio::test]
async fn a_record_that_somebody_changes_meanwhile_is_left_as_it_is() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let (ada, bob) = (client.contact("Ada").await, client.contact("Bob").await);
    let body = json!({ "filter": [], "set": { "title": "Countess" } });

    let accepted = client.bulk("contacts", &body).await.json(202);
    let path = format!("/api/v1/contacts/{}", id(&ada));
    client
        .patch_version(&path, 1, &json!({ "title": "Baroness" }))
        .await
        .expect_status(200);
    client.contact("Late").await;
    app.run_job(&accepted["job"]).await;

    let edit = client.read("bulk_edits", &accepted["bulk_edit"]).await;
    assert_eq!(
        (&edit["n_rows"], &edit["refused"]),
        (&json!(2), &json!({ "conflict": 1 }))
    );
    assert_eq!(client.read("contacts", &ada).await["title"], "Baroness");
    assert_eq!(client.read("contacts", &bob).await["title"], "Countess");
}

#[tokio::test]
async fn others_take_an_edit_back_only_where_they_may_change_all_of_the_kind() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let role = admin
        .role("Reader", &policy("all", "own", "own", &[]))
        .await;
    let (reader, _) = app.colleague(&admin, "rea", &role).await;
    let ada = admin.contact("Ada").await;
    let body = json!({ "filter": [], "set": { "title": "Buyer" } });
    let edit = app.edit(&admin, "contacts", &body).await;
    let path = format!("/api/v1/bulk_edits/{}", id(&edit));

    for step in ["undo", "cancel"] {
        let refused = reader.post(&format!("{path}/{step}"), &json!({})).await;
        refused.problem(403, "not_allowed");
    }
    let after = admin.get(&path).await.json(200);
    assert_eq!(
        (&after["status"], &after["batches_done"]),
        (&json!("done"), &json!(1))
    );

    app.take_back(&app.member().await, &edit).await;
    assert_eq!(admin.read("contacts", &ada).await["title"], json!(null));
}

#[tokio::test]
async fn a_key_takes_back_only_what_it_may_change() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    admin.contact("Ada").await;
    let body = json!({ "filter": [], "set": { "title": "Buyer" } });
    let edit = app.edit(&admin, "contacts", &body).await;
    let path = format!("/api/v1/bulk_edits/{}/undo", id(&edit));
    let undo = async |scopes: &[&str]| {
        let body = json!({ "name": "Undo", "scopes": scopes });
        let made = admin.post("/api/v1/api_keys", &body).await.json(201);
        let key = app.anonymous().with_key(made["key"].as_str().unwrap());
        key.post(&path, &json!({})).await
    };

    undo(&["bulk_edits:write", "companies:write"])
        .await
        .problem(403, "scope_missing");
    undo(&["bulk_edits:write", "contacts:write"])
        .await
        .expect_status(202);
}
