use rapport_domain::Role;
use serde_json::json;

use crate::app::{PASSWORD, TestApp, id, texts};

const PATH: &str = "/api/v1/notes";

#[tokio::test]
async fn a_note_names_its_author_and_is_found_by_its_contact() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let (ann, bob) = (client.contact("Ann").await, client.contact("Bob").await);
    for (body, contact) in [("about Ann", &ann), ("about Bob", &bob)] {
        let body = json!({ "body": body, "subject": { "kind": "contact", "id": id(contact) } });
        client.post(PATH, &body).await.expect_status(201);
    }

    let path = format!("{PATH}?filter=contact_id:eq:{}", id(&ann));
    let list = client.get(&path).await.json(200);

    let notes = list["notes"].as_array().unwrap();
    assert_eq!(texts(notes, "body"), ["about Ann"]);
    assert_eq!(notes[0]["author"]["name"], "Ada Example");
}

#[tokio::test]
async fn a_note_is_changed_and_deleted() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let subject = json!({ "kind": "contact", "id": id(&client.contact("Ann").await) });
    let note = client
        .post(PATH, &json!({ "body": "old", "subject": subject }))
        .await
        .json(201);
    let path = format!("{PATH}/{}", id(&note));

    let changed = client
        .patch(&path, &json!({ "body": "new" }))
        .await
        .json(200);
    assert_eq!(changed["body"], "new");
    client.delete(&path).await.expect_status(204);
    client
        .patch(&path, &json!({ "body": "newer" }))
        .await
        .problem(404, "not_found");
}

#[tokio::test]
async fn a_note_needs_a_text_and_a_record() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let subject = json!({ "kind": "contact", "id": id(&client.contact("Ann").await) });

    let blank = client
        .post(PATH, &json!({ "body": " ", "subject": subject }))
        .await;
    assert_eq!(blank.pointers(422, "invalid"), ["/body"]);
    let bare = client.post(PATH, &json!({ "body": "text" })).await;
    bare.problem(422, "wrong_shape");
}

#[tokio::test]
async fn words_under_somebodys_name_are_changed_by_nobody_else() {
    let app = TestApp::start().await;
    let (author, admin) = (app.member().await, app.admin().await);
    let subject = json!({ "kind": "contact", "id": id(&author.contact("Ann").await) });
    let body = json!({ "body": "mine", "subject": subject });
    let note = author.post(PATH, &body).await.json(201);
    let path = format!("{PATH}/{}", id(&note));
    app.add_user("bob@example.com", Role::Member).await;
    let mut colleague = app.anonymous();
    colleague.sign_in("bob@example.com", PASSWORD).await;

    let changed = json!({ "body": "theirs" });
    colleague
        .patch(&path, &changed)
        .await
        .problem(403, "not_allowed");
    colleague.delete(&path).await.problem(403, "not_allowed");
    assert_eq!(author.get(&path).await.json(200)["body"], "mine");
    admin.patch(&path, &changed).await.expect_status(200);
    admin.delete(&path).await.expect_status(204);
}
