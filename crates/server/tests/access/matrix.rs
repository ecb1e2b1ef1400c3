//! Every operation of the API by every role. A new operation without a place here fails.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use rapport_domain::Role;
use rapport_server::openapi_document;
use serde_json::{Value, json};

use super::policy;
use crate::app::{Client, TestApp, id};

/// Operations that anybody may call; the others need a session or a key.
const OPEN: [&str; 2] = ["create_session", "delete_session"];

/// Who may call these operations, by the names of [`cast`].
struct Row {
    who: &'static [&'static str],
    operations: &'static [&'static str],
}

const EVERYBODY: &[&str] = &[
    "admin", "member", "viewer", "seller", "watcher", "analyst", "steward", "herald", "nobody",
];

const MATRIX: &[Row] = &[
    Row {
        who: EVERYBODY,
        operations: &[
            "create_api_key",
            "create_saved_view",
            "delete_api_key",
            "delete_other_sessions",
            "delete_own_session",
            "delete_saved_view",
            "list_api_keys",
            "list_bulk_edit_conflicts",
            "list_bulk_edit_refused_rows",
            "list_bulk_edits",
            "list_campaigns",
            "list_companies",
            "list_contact_identity_operations",
            "list_contact_timeline",
            "list_contacts",
            "list_custom_fields",
            "list_deals",
            "list_import_fields",
            "list_import_presets",
            "list_match_acceptances",
            "list_match_pairs",
            "list_models",
            "list_notes",
            "list_orders",
            "list_own_sessions",
            "list_pipelines",
            "list_pools",
            "list_products",
            "list_record_shares",
            "list_run_trials",
            "list_runs",
            "list_saved_views",
            "list_search_results",
            "list_segment_members",
            "list_segmentations",
            "list_sources",
            "list_tasks",
            "list_team_members",
            "list_teams",
            "list_tickets",
            "list_users",
            "show_bulk_edit",
            "show_campaign",
            "show_company",
            "show_contact",
            "show_contact_merge_preview",
            "show_contact_profile",
            "show_current_segmentation",
            "show_custom_field",
            "show_deal",
            "show_deal_board",
            "show_home",
            "show_match_acceptance",
            "show_match_pair",
            "show_matching_settings",
            "show_model",
            "show_model_version",
            "show_note",
            "show_order",
            "show_own_access",
            "show_pipeline",
            "show_product",
            "show_run",
            "show_run_comparison",
            "show_run_curves",
            "show_run_evaluation",
            "show_saved_view",
            "show_segmentation",
            "show_session",
            "show_settings",
            "show_stream",
            "show_survivorship_settings",
            "show_task",
            "show_ticket",
            "show_user",
            "update_me",
            "update_password",
            "update_saved_view",
        ],
    },
    // What mixes everybody's records is for those who may see all of them.
    Row {
        who: &["admin", "member", "viewer", "analyst", "steward"],
        operations: &[
            "list_contact_source_records",
            "list_import_conflicts",
            "list_import_dry_run_rows",
            "list_imports",
            "list_jobs",
            "list_ledger",
            "list_match_runs",
            "list_rejected_rows",
            "show_import",
            "show_import_dry_run",
            "show_import_effects",
            "show_job",
            "show_segmentation_map",
        ],
    },
    Row {
        who: &["admin", "member", "seller", "steward"],
        operations: &[
            "cancel_bulk_edit",
            "create_bulk_edit_undo",
            "create_company",
            "create_company_bulk_edit",
            "create_contact",
            "create_contact_bulk_edit",
            "create_contact_decision",
            "create_contact_merge",
            "create_contact_split",
            "create_deal",
            "create_deal_bulk_edit",
            "create_identity_operation_undo",
            "cancel_match_acceptance",
            "create_match_acceptance",
            "create_match_acceptance_undo",
            "create_match_pair_decision",
            "create_note",
            "create_record_claim",
            "create_task",
            "create_task_bulk_edit",
            "create_ticket",
            "create_ticket_bulk_edit",
            "delete_company",
            "delete_contact",
            "delete_deal",
            "delete_note",
            "delete_record_claim",
            "delete_task",
            "delete_ticket",
            "update_company",
            "update_contact",
            "update_deal",
            "update_note",
            "update_record_shares",
            "update_task",
            "update_ticket",
        ],
    },
    Row {
        who: &["admin", "member", "steward"],
        operations: &["create_pipeline", "update_pipeline"],
    },
    Row {
        who: &["admin", "member", "steward"],
        operations: &[
            "cancel_import",
            "cancel_job",
            "create_import",
            "create_import_dry_run",
            "create_import_undo",
            "create_match_run",
            "run_import",
            "update_import_mapping",
            "update_import_preset",
            "update_import_sheet",
        ],
    },
    Row {
        who: &["admin", "member", "watcher"],
        operations: &["show_bulk_edit_refused_rows_csv", "show_export"],
    },
    // The watcher exports, and does not see everything.
    Row {
        who: &["admin", "member"],
        operations: &["show_rejected_rows_csv"],
    },
    Row {
        who: &["admin", "member", "analyst"],
        operations: &["create_segmentation"],
    },
    Row {
        who: &["admin", "analyst"],
        operations: &["create_model_rollback", "create_model_transition"],
    },
    Row {
        who: &["admin", "steward"],
        operations: &[
            "create_custom_field",
            "create_source",
            "create_write_key",
            "delete_custom_field",
            "delete_signing_secret",
            "delete_write_key",
            "list_write_keys",
            "update_custom_field",
            "update_matching_settings",
            "update_pool",
            "update_settings",
            "update_signing_secret",
            "update_survivorship_settings",
        ],
    },
    // The herald tells others what the herald's own role lets see.
    Row {
        who: &["admin", "herald"],
        operations: &[
            "create_webhook",
            "create_webhook_delivery_replay",
            "create_webhook_replay",
            "create_webhook_test",
            "delete_webhook",
            "list_webhook_deliveries",
            "list_webhooks",
            "show_webhook",
            "show_webhook_delivery",
            "update_webhook",
            "update_webhook_secret",
        ],
    },
    Row {
        who: &["admin"],
        operations: &[
            "create_audit_erasure",
            "create_audit_restore",
            "create_mailbox",
            "create_mailbox_check",
            "create_mailbox_reading",
            "create_role",
            "create_team",
            "create_user",
            "delete_mailbox",
            "delete_role",
            "delete_team",
            "delete_user_sessions",
            "list_audit",
            "list_mailboxes",
            "list_roles",
            "list_user_sessions",
            "show_audit_verification",
            "show_mailbox",
            "show_role",
            "update_mailbox",
            "update_role",
            "update_team",
            "update_team_members",
            "update_user",
        ],
    },
];

struct Operation {
    id: String,
    method: Method,
    path: String,
}

fn operations() -> Vec<Operation> {
    const UNKNOWN: &str = "0198c0de-0000-7000-8000-000000000001";
    let document = serde_json::to_value(openapi_document()).unwrap();
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let Value::String(id) = &operation["operationId"] else {
                continue;
            };
            let path = path
                .replace("{object}", "contact")
                .replace("{file}", "contacts.csv")
                .replace("{version}", "1")
                .replace("{id}", UNKNOWN)
                .replace("{delivery_id}", UNKNOWN)
                .replace("{kind}", UNKNOWN);
            operations.push(Operation {
                id: id.clone(),
                method: method.to_uppercase().parse().unwrap(),
                path,
            });
        }
    }
    operations
}

/// Those who call, by the names of the matrix.
async fn cast(app: &TestApp, admin: &Client) -> Vec<(&'static str, Client)> {
    let mut cast = vec![
        ("admin", admin.clone()),
        ("member", app.member().await),
        ("viewer", app.signed_in(Role::Viewer).await),
    ];
    let made = [
        ("seller", policy("own", "own", "own", &[])),
        (
            "watcher",
            policy("team", "none", "none", &["export_records"]),
        ),
        (
            "analyst",
            policy("all", "none", "none", &["train_models", "promote_models"]),
        ),
        (
            "steward",
            policy(
                "all",
                "all",
                "all",
                &[
                    "import_files",
                    "define_fields",
                    "manage_settings",
                    "manage_sources",
                ],
            ),
        ),
        (
            "herald",
            policy("team", "none", "none", &["manage_webhooks"]),
        ),
        ("nobody", json!({ "objects": {}, "actions": [] })),
    ];
    for (name, policy) in made {
        let role = admin.role(name, &policy).await;
        cast.push((name, app.colleague(admin, name, &role).await.0));
    }
    cast
}

/// The status with which an answer begins; the stream's never ends.
async fn call(client: &Client, operation: &Operation) -> StatusCode {
    let request = client
        .request(operation.method.clone(), &operation.path)
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::IF_MATCH, "\"1\"")
        .body(Body::from("{}"))
        .unwrap();
    client.begin(request).await.status()
}

#[test]
fn every_operation_stands_in_one_row() {
    let mut placed: Vec<&str> = MATRIX
        .iter()
        .flat_map(|row| row.operations)
        .chain(&OPEN)
        .copied()
        .collect();
    placed.sort_unstable();
    let operations = operations();
    let mut there: Vec<&str> = operations.iter().map(|o| o.id.as_str()).collect();
    there.sort_unstable();

    assert_eq!(placed, there, "each operation has one row of the matrix");
}

#[tokio::test]
async fn every_role_may_what_the_matrix_says() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let operations = operations();

    for (name, client) in cast(&app, &admin).await {
        for operation in operations.iter().filter(|o| !OPEN.contains(&o.id.as_str())) {
            let row = MATRIX
                .iter()
                .find(|row| row.operations.contains(&&*operation.id));
            let may = row.unwrap().who.contains(&name);
            let status = call(&client, operation).await;

            let is_refused = status == StatusCode::FORBIDDEN;
            assert_ne!(status, StatusCode::UNAUTHORIZED, "{name} {}", operation.id);
            assert!(!status.is_server_error(), "{name} {}", operation.id);
            assert_eq!(is_refused, !may, "{name} {}: {status}", operation.id);
        }
    }
}

#[tokio::test]
async fn a_key_may_never_more_than_its_user() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let operations = operations();

    for (name, client) in cast(&app, &admin).await {
        let offered = client.get("/api/v1/api_keys").await.json(200)["scopes"].clone();
        let body = json!({ "name": "All", "scopes": offered });
        let key = client.post("/api/v1/api_keys", &body).await.json(201);
        let program = client.with_key(key["key"].as_str().unwrap());
        let mut taken = BTreeSet::new();
        for operation in operations.iter().filter(|o| !OPEN.contains(&o.id.as_str())) {
            let row = MATRIX
                .iter()
                .find(|row| row.operations.contains(&&*operation.id));
            let may = row.unwrap().who.contains(&name);
            let is_refused = call(&program, operation).await == StatusCode::FORBIDDEN;
            assert!(may || is_refused, "{name}'s key: {}", operation.id);
            if !is_refused {
                taken.insert(operation.id.as_str());
            }
        }
        assert!(taken.contains("list_contacts"), "{name}");
        let everything = ["admin", "member", "viewer", "analyst", "steward"].contains(&name);
        assert_eq!(taken.contains("list_imports"), everything, "{name}");
        assert!(!taken.contains("create_role") && !taken.contains("update_team"));
    }
}

#[tokio::test]
async fn a_key_shows_no_more_records_than_its_user() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let role = admin
        .role("Seller", &policy("own", "own", "own", &[]))
        .await;
    let (ada, _) = app.colleague(&admin, "ada", &role).await;
    let theirs = admin.contact("Theirs").await;
    let own = ada.contact("Own").await;
    let body = json!({ "name": "Sync", "scopes": ["contacts:read", "contacts:write"] });
    let key = ada.post("/api/v1/api_keys", &body).await.json(201);
    let program = app.anonymous().with_key(key["key"].as_str().unwrap());

    let list = program.get("/api/v1/contacts").await.json(200);

    assert_eq!(list["contacts"].as_array().unwrap().len(), 1);
    assert_eq!(list["contacts"][0]["id"], own["id"]);
    let path = format!("/api/v1/contacts/{}", id(&theirs));
    program.get(&path).await.problem(404, "not_found");
    let patch = json!({ "name": "Mine now" });
    program
        .patch_version(&path, 1, &patch)
        .await
        .problem(404, "not_found");
}
