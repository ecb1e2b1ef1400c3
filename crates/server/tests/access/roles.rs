//! Roles that people put together, teams, and who has them.

use serde_json::json;

use super::policy;
use crate::app::{TestApp, id};

const ROLES: &str = "/api/v1/roles";
const TEAMS: &str = "/api/v1/teams";
const NOBODY: &str = "0198c0de-0000-7000-8000-000000000001";

#[tokio::test]
async fn a_role_is_made_changed_given_and_deleted() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let seller = policy("own", "own", "none", &["export_records"]);
    let body = json!({ "name": " Seller ", "policy": seller });

    let role = admin.post(ROLES, &body).await.json(201);

    assert_eq!(
        (&role["name"], &role["version"]),
        (&json!("Seller"), &json!(1))
    );
    assert_eq!(role["policy"], seller);
    admin.post(ROLES, &body).await.problem(409, "duplicate");
    let path = format!("{ROLES}/{}", id(&role));
    let (ada, _) = app.colleague(&admin, "ada", id(&role)).await;
    let theirs = admin.contact("Theirs").await;
    let contact = format!("/api/v1/contacts/{}", id(&theirs));
    ada.get(&contact).await.problem(404, "not_found");

    let wider = json!({ "name": "Seller", "policy": policy("all", "own", "none", &[]) });
    admin
        .send_json(axum::http::Method::PUT, &path, Some(1), &wider)
        .await
        .expect_status(200);

    ada.get(&contact).await.expect_status(200);
    admin
        .send_json(axum::http::Method::PUT, &path, Some(1), &wider)
        .await
        .problem(412, "version_conflict");
    admin.delete(&path).await.problem(409, "still_in_use");
    let unused = admin
        .role("Unused", &policy("own", "own", "own", &[]))
        .await;
    admin
        .delete(&format!("{ROLES}/{unused}"))
        .await
        .expect_status(204);
    let list = admin.get(ROLES).await.json(200);
    assert_eq!(list["roles"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_role_that_contradicts_itself_is_pointed_at() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let mut ownerless = policy("all", "all", "all", &[]);
    ownerless["objects"]["order"] = ownerless["objects"]["contact"].clone();

    for (policy, pointer) in [
        (policy("own", "all", "own", &[]), "/policy/objects"),
        (
            policy("own", "own", "own", &["import_files"]),
            "/policy/actions",
        ),
        (
            policy("own", "own", "own", &["define_fields"]),
            "/policy/actions",
        ),
        (
            policy("all", "all", "all", &["manage_users"]),
            "/policy/actions",
        ),
        (
            policy("all", "all", "all", &["read_everything"]),
            "/policy/actions",
        ),
        (ownerless, "/policy/objects"),
    ] {
        let body = json!({ "name": "Odd", "policy": policy });
        let pointers = admin.post(ROLES, &body).await.pointers(422, "invalid");
        assert!(pointers.iter().all(|p| p == pointer), "{pointers:?}");
    }
    let body = json!({ "name": "  ", "policy": policy("all", "all", "all", &[]) });
    let answer = admin.post(ROLES, &body).await;
    assert_eq!(answer.pointers(422, "invalid"), ["/name"]);
    let list = admin.get(ROLES).await.json(200);
    assert_eq!(list["roles"], json!([]));
}

#[tokio::test]
async fn the_last_administrator_takes_no_other_role() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let all = policy("all", "all", "all", &["import_files", "manage_settings"]);
    let role = admin.role("Almost", &all).await;
    let me = admin.get("/api/v1/session").await.json(200)["user"].clone();
    let path = format!("/api/v1/users/{}", id(&me));

    let answer = admin.patch(&path, &json!({ "role_id": role })).await;

    answer.problem(409, "last_administrator");
    admin.get(ROLES).await.expect_status(200);
    let second = app
        .add_user("second@example.com", rapport_domain::Role::Admin)
        .await;
    admin
        .patch(&path, &json!({ "role_id": role }))
        .await
        .expect_status(200);
    admin.get(ROLES).await.problem(403, "not_allowed");
    // The other one is the last now, and stays one too.
    let mut other = app.anonymous();
    other
        .sign_in("second@example.com", crate::app::PASSWORD)
        .await
        .expect_status(200);
    let path = format!("/api/v1/users/{}", second.id);
    for patch in [
        json!({ "role_id": role }),
        json!({ "role": "member" }),
        json!({ "disabled": true }),
    ] {
        other
            .patch(&path, &patch)
            .await
            .problem(409, "last_administrator");
    }
}

#[tokio::test]
async fn a_user_has_one_role_and_one_that_there_is() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let role = admin
        .role("Seller", &policy("own", "own", "own", &[]))
        .await;
    let user = app
        .add_user("ada@example.com", rapport_domain::Role::Viewer)
        .await;
    let path = format!("/api/v1/users/{}", user.id);

    let both = json!({ "role": "member", "role_id": role });
    let answer = admin.patch(&path, &both).await;
    assert_eq!(answer.pointers(422, "one_of"), ["/role_id"]);
    admin
        .patch(&path, &json!({ "role_id": NOBODY }))
        .await
        .problem(404, "not_found");
    let given = admin
        .patch(&path, &json!({ "role_id": role }))
        .await
        .json(200);
    assert_eq!(given["role_id"], json!(role));
    let back = admin
        .patch(&path, &json!({ "role": "viewer" }))
        .await
        .json(200);
    assert_eq!(
        (&back["role"], &back["role_id"]),
        (&json!("viewer"), &json!(null))
    );
}

#[tokio::test]
async fn a_team_stands_below_another_and_not_below_itself() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let sales = admin.team("Sales", None).await;
    let north = admin.team("North", Some(&sales)).await;

    let path = format!("{TEAMS}/{sales}");
    let ring = json!({ "name": "Sales", "parent_id": north, "kind": "department" });
    let answer = admin.put(&path, &ring).await;
    assert_eq!(answer.pointers(422, "invalid"), ["/parent_id"]);
    let lost = json!({ "name": "Lost", "parent_id": NOBODY, "kind": "team" });
    admin
        .post(TEAMS, &lost)
        .await
        .problem(422, "unknown_reference");
    let blank = json!({ "name": " ", "parent_id": null, "kind": "team" });
    let answer = admin.post(TEAMS, &blank).await;
    assert_eq!(answer.pointers(422, "invalid"), ["/name"]);
    admin.delete(&path).await.problem(409, "still_in_use");
    let members = format!("{TEAMS}/{north}/members");
    let stranger = json!({ "members": [{ "user_id": NOBODY }] });
    admin
        .put(&members, &stranger)
        .await
        .problem(422, "unknown_reference");
    admin
        .delete(&format!("{TEAMS}/{north}"))
        .await
        .expect_status(204);
    admin.delete(&path).await.expect_status(204);
    assert_eq!(admin.get(TEAMS).await.json(200)["teams"], json!([]));
}

#[tokio::test]
async fn a_share_names_one_who_is_there_and_a_record_that_can_be_shared() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let contact = admin.contact("Ada").await;
    let path = format!("/api/v1/records/contact/{}/shares", id(&contact));

    for shares in [
        json!([{ "may_write": true }]),
        json!([{ "user_id": NOBODY, "team_id": NOBODY }]),
    ] {
        let answer = admin.put(&path, &json!({ "shares": shares })).await;
        assert_eq!(answer.pointers(422, "one_of"), ["/shares"]);
    }
    let unknown = json!({ "shares": [{ "user_id": NOBODY }] });
    admin
        .put(&path, &unknown)
        .await
        .problem(422, "unknown_reference");
    assert_eq!(admin.get(&path).await.json(200)["shares"], json!([]));
    let ownerless = format!("/api/v1/records/product/{NOBODY}/shares");
    admin.get(&ownerless).await.problem(404, "not_found");
    let nowhere = format!("/api/v1/records/contact/{NOBODY}/shares");
    admin
        .put(&nowhere, &json!({ "shares": [] }))
        .await
        .problem(404, "not_found");
}
