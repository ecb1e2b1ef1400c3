//! Pairs of contacts that may be one person, over the API.

use rapport_domain::Role;
use serde_json::{Value, json};

use crate::access::policy;
use crate::app::{Client, TestApp, id, texts};

pub(super) const PAIRS: &str = "/api/v1/match_pairs";

const STREETS: [&str; 8] = [
    "Oak Road",
    "Mill Lane",
    "Station Street",
    "Park Avenue",
    "High Street",
    "Queen Square",
    "Harbour Way",
    "Church Row",
];
const GIVEN: [&str; 10] = [
    "Ada", "Boris", "Clara", "Dmitri", "Elena", "Farid", "Greta", "Hugo", "Ines", "Jonas",
];
const CITIES: [&str; 3] = ["Leeds", "York", "Bath"];
const FAMILY: [&str; 6] = [
    "Lindqvist",
    "Marchetti",
    "Novakova",
    "Okonkwo",
    "Petersen",
    "Quintero",
];

/// Sixty people, the first four of whom are there twice under other addresses; returns the twice-told ones.
async fn people(client: &Client) -> Vec<(Value, Value)> {
    let mut twice = Vec::new();
    for at in 0..60 {
        let (given, family) = (GIVEN[at % 10], FAMILY[at / 10]);
        let body = |mail: &str| {
            json!({
                "name": format!("{given} {family}"),
                "email": format!("{given}.{family}{at}@{mail}").to_lowercase(),
                "address": {
                    "street": format!("{} {}", 3 * at + 1, STREETS[at % 8]),
                    "city": CITIES[at % 3],
                    "postal_code": format!("{}", 10_000 + 37 * at),
                },
            })
        };
        let first = client.post("/api/v1/contacts", &body("example.com")).await;
        let first = first.json(201);
        if at % 15 == 0 {
            let second = client.post("/api/v1/contacts", &body("example.org")).await;
            twice.push((first, second.json(201)));
        }
    }
    twice
}

/// Runs the matcher to its end.
async fn match_contacts(app: &TestApp, client: &Client) -> Value {
    let job = client
        .post("/api/v1/match_runs", &json!({}))
        .await
        .json(202)["job"]
        .clone();
    app.run_job(&job).await;
    let runs = client.get("/api/v1/match_runs").await.json(200);
    assert_eq!(runs["match_runs"][0]["job_id"], job["id"]);
    runs["match_runs"][0].clone()
}

/// The open pairs, the most probable first.
pub(super) async fn open(client: &Client) -> Value {
    let path = format!("{PAIRS}?filter=status:eq:open&sort=-probability");
    client.get(&path).await.json(200)
}

pub(super) async fn with_pairs() -> (TestApp, Client, Vec<(Value, Value)>) {
    let app = TestApp::start().await;
    let client = app.member().await;
    let twice = people(&client).await;
    let run = match_contacts(&app, &client).await;
    assert_eq!(run["n_records"], 64);
    (app, client, twice)
}

pub(super) fn is_of(pair: &Value, (first, second): &(Value, Value)) -> bool {
    let ends = [&pair["left"]["contact_id"], &pair["right"]["contact_id"]];
    ends.contains(&&first["id"]) && ends.contains(&&second["id"])
}

#[tokio::test]
async fn a_pair_is_shown_with_its_reasons_decided_once_and_taken_back() {
    let (_app, client, twice) = with_pairs().await;
    let list = open(&client).await;
    let pairs = list["match_pairs"].as_array().unwrap();
    assert_eq!(list["n_open"], pairs.len());
    for planted in &twice {
        assert!(pairs.iter().any(|pair| is_of(pair, planted)), "{planted:?}");
    }
    let pair = pairs.iter().find(|pair| is_of(pair, &twice[0])).unwrap();
    assert_eq!(pair["left"]["name"], "Ada Lindqvist");
    let fields = pair["fields"].as_array().unwrap();
    let field = |name: &str| fields.iter().find(|field| field["field"] == name).unwrap();
    assert_eq!(field("name")["agreement"], "same");
    assert_eq!(field("street")["left"], "1 Oak Road");
    assert!(field("email")["left"].is_string() && field("email")["agreement"] != "same");
    let path = format!("{PAIRS}/{}", id(pair));
    assert_eq!(client.get(&path).await.json(200), *pair);
    let decisions = format!("{path}/decisions");
    let keep = &twice[0].1["id"];
    let of_others = json!({ "verdict": "same", "keep": twice[1].0["id"] });
    let answer = client.post(&decisions, &of_others).await;
    assert_eq!(answer.pointers(422, "invalid"), ["/keep"]);
    client
        .post(&decisions, &json!({ "verdict": "perhaps" }))
        .await
        .expect_status(422);

    let body = json!({ "verdict": "same", "keep": keep, "reason": "same house" });
    let decided = client.post(&decisions, &body).await.json(200);

    assert_eq!(decided["match_pair"]["status"], "same");
    assert_eq!(decided["match_pair"]["operation"], decided["operation"]);
    assert_eq!(decided["match_pair"]["reason"], "same house");
    assert!(decided["match_pair"]["decided_by"].is_string());
    client
        .post(&decisions, &body)
        .await
        .problem(409, "pair_decided");
    let gone = format!("/api/v1/contacts/{}", id(&twice[0].0));
    client.get(&gone).await.problem(404, "not_found");
    let left = open(&client).await;
    assert_eq!(left["n_open"], pairs.len() - 1);

    let undo = format!("/api/v1/identity_operations/{}/undo", decided["operation"]);
    client.post(&undo, &json!({})).await.expect_status(200);

    assert_eq!(client.get(&path).await.json(200)["status"], "open");
    assert_eq!(open(&client).await["n_open"], pairs.len());
}

#[tokio::test]
async fn two_that_are_different_are_not_asked_about_again() {
    let (app, client, twice) = with_pairs().await;
    let pairs = open(&client).await["match_pairs"]
        .as_array()
        .unwrap()
        .clone();
    let pair = pairs.iter().find(|pair| is_of(pair, &twice[1])).unwrap();
    let path = format!("{PAIRS}/{}/decisions", id(pair));

    let body = json!({ "verdict": "different" });
    let decided = client.post(&path, &body).await.json(200);
    match_contacts(&app, &client).await;

    assert_eq!(decided["match_pair"]["status"], "different");
    let left = open(&client).await["match_pairs"]
        .as_array()
        .unwrap()
        .clone();
    assert!(left.iter().all(|pair| !is_of(pair, &twice[1])));
    client.post(&path, &body).await.problem(409, "pair_decided");
    let merge = format!("/api/v1/contacts/{}/merge", id(&twice[1].0));
    let from = json!({ "from": twice[1].1["id"] });
    client.post(&merge, &from).await.problem(409, "kept_apart");
    let audit = app
        .admin()
        .await
        .get("/api/v1/audit?filter=action:eq:decided")
        .await;
    let entries = audit.json(200)["entries"].as_array().unwrap().clone();
    assert_eq!(entries.len(), 2);
    assert_eq!(entries[0]["changes"][0]["after"], "different");
}

#[tokio::test]
async fn two_contacts_are_told_apart_by_hand_and_that_is_withdrawn() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let (ada, bob) = (client.contact("Ada").await, client.contact("Bob").await);
    let path = format!("/api/v1/contacts/{}/decisions", id(&ada));
    let merge = format!("/api/v1/contacts/{}/merge", id(&ada));
    let from = json!({ "from": bob["id"] });

    let body = json!({ "other": bob["id"], "verdict": "different", "reason": "twins" });
    let decided = client.post(&path, &body).await.json(200);

    client.post(&merge, &from).await.problem(409, "kept_apart");
    let undo = format!("/api/v1/identity_operations/{}/undo", decided["operation"]);
    client.post(&undo, &json!({})).await.expect_status(200);
    client.post(&merge, &from).await.expect_status(200);
    let without = json!({ "other": bob["id"] });
    let answer = client.post(&path, &without).await;
    assert_eq!(answer.pointers(422, "required"), ["/verdict"]);
    let itself = json!({ "other": ada["id"], "verdict": "same" });
    client
        .post(&path, &itself)
        .await
        .problem(409, "same_contact");
}

#[tokio::test]
async fn many_pairs_are_accepted_and_taken_back_as_one() {
    let (app, client, _) = with_pairs().await;
    let n_open = open(&client).await["n_open"].as_u64().unwrap();
    let path = format!("{PAIRS}/acceptances");
    for (bad, code) in [
        (json!({}), "required"),
        (json!({ "min_probability": 0.4 }), "out_of_range"),
        (json!({ "min_probability": 1.5 }), "out_of_range"),
    ] {
        let answer = client.post(&path, &bad).await;
        assert_eq!(answer.pointers(422, code), ["/min_probability"]);
    }

    let asked = client
        .post(&path, &json!({ "min_probability": 0.9 }))
        .await
        .json(202);
    let of_job = format!("{path}/{}", id(&asked["job"]));
    client
        .post(&format!("{of_job}/undo"), &json!({}))
        .await
        .problem(409, "wrong_state");
    app.run_job(&asked["job"]).await;

    let done = client.get(&of_job).await.json(200);
    assert_eq!(done["n_pairs"], asked["n_pairs"]);
    assert!(done["n_merged"].as_u64() >= Some(4), "{done}");
    assert!(open(&client).await["n_open"].as_u64().unwrap() < n_open);
    let undo = client
        .post(&format!("{of_job}/undo"), &json!({}))
        .await
        .json(202);
    app.run_job(&undo["job"]).await;

    let undone = client.get(&of_job).await.json(200);
    assert_eq!(undone["n_undone"], done["n_merged"]);
    assert_eq!(open(&client).await["n_open"], n_open);
}

#[tokio::test]
async fn a_pair_is_seen_by_who_sees_both_and_without_what_a_role_hides() {
    let (app, _, twice) = with_pairs().await;
    let admin = app.signed_in(Role::Admin).await;
    let own = admin
        .role("Seller", &policy("own", "own", "own", &[]))
        .await;
    let (seller, seller_id) = app.colleague(&admin, "ben", &own).await;
    let mut hiding = policy("all", "none", "none", &[]);
    hiding["fields"] = json!({ "contact": { "email": "hidden", "address": "hidden" } });
    let hiding = admin.role("No addresses", &hiding).await;
    let (watcher, _) = app.colleague(&admin, "eva", &hiding).await;
    let pairs = open(&admin).await["match_pairs"]
        .as_array()
        .unwrap()
        .clone();
    let pair = pairs.iter().find(|pair| is_of(pair, &twice[2])).unwrap();
    let path = format!("{PAIRS}/{}", id(pair));

    let seen = watcher.get(&path).await.json(200);
    let told = seen["fields"].as_array().unwrap().clone();
    let names = texts(&told, "field");
    assert!(names.contains(&"name"), "{names:?}");
    assert_eq!(
        (&seen["is_partial"], &seen["prior_weight"]),
        (&json!(true), &json!(null))
    );
    for hidden in ["email", "street", "city", "postal_code"] {
        assert!(!names.contains(&hidden), "{names:?}");
    }
    assert!(!seen.to_string().contains("example.org"), "{seen}");

    // One of the two is the seller's, then both are.
    for (contact, n_open, status) in [(&twice[2].0, 0, 404), (&twice[2].1, 1, 200)] {
        let contact_path = format!("/api/v1/contacts/{}", id(contact));
        let owner = json!({ "owner_id": seller_id });
        let version = contact["version"].as_i64().unwrap();
        admin
            .patch_version(&contact_path, version, &owner)
            .await
            .expect_status(200);
        assert_eq!(open(&seller).await["n_open"], n_open);
        seller.get(&path).await.expect_status(status);
    }
    let decided = seller
        .post(&format!("{path}/decisions"), &json!({ "verdict": "same" }))
        .await;
    decided.expect_status(200);
    watcher
        .post(&format!("{path}/decisions"), &json!({ "verdict": "same" }))
        .await
        .problem(403, "not_allowed");
}

#[tokio::test]
async fn what_the_program_may_merge_by_itself_is_set_by_administrators() {
    let (app, client, twice) = with_pairs().await;
    let admin = app.admin().await;
    let path = "/api/v1/settings/matching";
    let usual = json!({ "is_automatic": false, "threshold": 0.999, "distinct_sources": [] });
    assert_eq!(client.get(path).await.json(200), usual);
    for bad in [0.5, 1.0] {
        let answer = admin.patch(path, &json!({ "threshold": bad })).await;
        assert_eq!(answer.pointers(422, "invalid"), ["/threshold"]);
    }
    let unknown = json!({ "distinct_sources": ["0198c0de-0000-7000-8000-000000000001"] });
    let answer = admin.patch(path, &unknown).await;
    assert_eq!(
        answer.pointers(422, "unknown_reference"),
        ["/distinct_sources/0"]
    );

    let wanted = json!({ "is_automatic": true, "threshold": 0.9 });
    let saved = admin.patch(path, &wanted).await.json(200);
    assert_eq!(saved["threshold"], 0.9);
    let run = match_contacts(&app, &client).await;

    assert!(run["n_merged"].as_u64() >= Some(4), "{run}");
    assert_eq!(run["is_automatic"], true);
    let (first, second) = &twice[3];
    let mut n_there = 0;
    for contact in [first, second] {
        let answer = client
            .get(&format!("/api/v1/contacts/{}", id(contact)))
            .await;
        n_there += usize::from(answer.status == 200);
    }
    assert_eq!(n_there, 1);
    let audit = admin
        .get("/api/v1/audit?filter=action:eq:merged")
        .await
        .json(200);
    assert_eq!(audit["entries"][0]["actor"]["system"], "matching");
}

#[tokio::test]
async fn one_run_at_a_time_and_unknown_names_are_told() {
    let app = TestApp::start().await;
    let client = app.member().await;

    let first = client
        .post("/api/v1/match_runs", &json!({}))
        .await
        .json(202);
    let second = client
        .post("/api/v1/match_runs", &json!({}))
        .await
        .json(202);

    assert_eq!(first["job"]["id"], second["job"]["id"]);
    let unknown = "0198c0de-0000-7000-8000-000000000001";
    for path in [unknown, &format!("acceptances/{unknown}")] {
        let answer = client.get(&format!("{PAIRS}/{path}")).await;
        answer.problem(404, "not_found");
    }
    let decision = json!({ "verdict": "same" });
    let answer = client
        .post(&format!("{PAIRS}/{unknown}/decisions"), &decision)
        .await;
    answer.problem(404, "not_found");
    let list = client.get(&format!("{PAIRS}?filter=color:eq:red")).await;
    list.expect_status(400);
}
