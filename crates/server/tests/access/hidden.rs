//! Random rules for fields: no answer of any operation tells a hidden value, in whatever way it is asked
//! for, and every other value is told and set as the rule says.

use std::collections::BTreeMap;

use rapport_server::openapi_document;
use serde_json::{Value, json};

use super::{OWNED, policy};
use crate::app::{Client, TestApp, id};
use crate::routes::pipelines::sales;

/// A field, with a value that nothing else holds.
struct Planted {
    object: usize,
    /// The name under which it is set and ruled.
    name: &'static str,
    value: fn() -> Value,
    /// A text that stands in every answer that tells it.
    sentinel: &'static str,
    /// A field of lists that tells it.
    listed: Option<&'static str>,
    /// Whether records are found by it.
    is_searched: bool,
}

/// The objects are those of [`OWNED`], by position.
const PLANTED: [Planted; 15] = [
    planted(
        0,
        "email",
        || json!("qaemail@hidden.example"),
        "qaemail",
        Some("email"),
        true,
    ),
    planted(
        0,
        "phone",
        || json!("+4915177712345"),
        "15177712345",
        Some("phone"),
        true,
    ),
    planted(0, "title", || json!("Qatitle"), "Qatitle", None, false),
    planted(
        0,
        "address",
        || json!({ "city": "Qacity" }),
        "Qacity",
        Some("city"),
        false,
    ),
    planted(0, "tags", || json!(["qatag"]), "qatag", Some("tags"), false),
    planted(
        0,
        "custom.secret",
        || json!("qasecret"),
        "qasecret",
        Some("custom.secret"),
        true,
    ),
    planted(
        1,
        "domain",
        || json!("qbdomain.example"),
        "qbdomain",
        Some("domain"),
        true,
    ),
    planted(
        1,
        "industry",
        || json!("Qbindustry"),
        "Qbindustry",
        Some("industry"),
        false,
    ),
    planted(
        1,
        "n_employees",
        || json!(76_543_219),
        "76543219",
        Some("n_employees"),
        false,
    ),
    planted(
        1,
        "custom.secret",
        || json!("qbsecret"),
        "qbsecret",
        Some("custom.secret"),
        true,
    ),
    planted(
        2,
        "amount",
        || json!({ "amount_minor": 98_765_431, "currency": "EUR" }),
        "98765431",
        Some("amount"),
        false,
    ),
    planted(
        2,
        "expected_close_on",
        || json!("2031-03-07"),
        "2031-03-07",
        Some("expected_close_on"),
        false,
    ),
    planted(
        2,
        "custom.secret",
        || json!("qcsecret"),
        "qcsecret",
        Some("custom.secret"),
        false,
    ),
    planted(
        3,
        "body",
        || json!("Qdbody of the letter"),
        "Qdbody",
        None,
        true,
    ),
    planted(
        4,
        "custom.secret",
        || json!("qesecret"),
        "qesecret",
        Some("custom.secret"),
        false,
    ),
];

const fn planted(
    object: usize,
    name: &'static str,
    value: fn() -> Value,
    sentinel: &'static str,
    listed: Option<&'static str>,
    is_searched: bool,
) -> Planted {
    Planted {
        object,
        name,
        value,
        sentinel,
        listed,
        is_searched,
    }
}

/// What a role says of a field: nothing, read only, hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rule {
    None,
    ReadOnly,
    Hidden,
}

/// A workspace with one record of each kind that has all values.
struct Staged {
    admin: Client,
    records: Vec<Value>,
    pipeline: Value,
}

async fn stage(app: &TestApp) -> Staged {
    let admin = app.admin().await;
    let pipeline = sales(&admin).await;
    for (object, _) in OWNED {
        let body = json!({
            "object": object, "key": "secret", "label": { "en": "Secret", "zh": "秘密" },
            "type": { "kind": "text" }, "is_searchable": object == "contact" || object == "company",
        });
        admin
            .post("/api/v1/custom_fields", &body)
            .await
            .expect_status(201);
    }
    let mut records: Vec<Value> = Vec::new();
    for (kind, (object, list)) in OWNED.into_iter().enumerate() {
        let made = admin
            .record(object, &format!("Plain {object}"), None, &pipeline)
            .await;
        let path = format!("/api/v1/{list}/{}", id(&made));
        let mut body = all_values(kind);
        if object == "ticket" || object == "deal" {
            body["contact_id"] = records[0]["id"].clone();
        }
        records.push(admin.patch_version(&path, 1, &body).await.json(200));
    }
    Staged {
        admin,
        records,
        pipeline,
    }
}

/// A patch that sets all planted fields of a kind.
fn all_values(kind: usize) -> Value {
    let mut body = json!({});
    for field in PLANTED.iter().filter(|field| field.object == kind) {
        set(&mut body, field.name, (field.value)());
    }
    body
}

fn set(body: &mut Value, name: &str, value: Value) {
    match name.strip_prefix("custom.") {
        Some(key) => body["custom"][key] = value,
        None => body[name] = value,
    }
}

fn pointer(name: &str) -> String {
    format!("/{}", name.replace('.', "/"))
}

fn rules_of(seed: usize) -> Vec<Rule> {
    let rule = |at: usize| match (at * 7 + seed * 5 + at / 3) % 3 {
        0 => Rule::None,
        1 => Rule::ReadOnly,
        _ => Rule::Hidden,
    };
    (0..PLANTED.len()).map(rule).collect()
}

/// The policy of a role that may do everything with all records, but for its rules.
fn ruled(rules: &[Rule]) -> Value {
    let mut policy = policy("all", "all", "all", &["export_records", "train_models"]);
    let mut fields: BTreeMap<&str, BTreeMap<&str, &str>> = BTreeMap::new();
    for (field, rule) in PLANTED.iter().zip(rules) {
        let word = match rule {
            Rule::None => continue,
            Rule::ReadOnly => "read_only",
            Rule::Hidden => "hidden",
        };
        let of_object = fields.entry(OWNED[field.object].0).or_default();
        of_object.insert(field.name, word);
    }
    policy["fields"] = json!(fields);
    policy
}

/// Every address that is read, with the ids of the staged records.
fn addresses(staged: &Staged) -> Vec<String> {
    let document = serde_json::to_value(openapi_document()).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let read = paths.iter().filter(|(path, item)| {
        item["get"]["operationId"].is_string() && !path.ends_with("/stream")
    });
    let mut addresses = Vec::new();
    for (path, _) in read {
        let kind = OWNED
            .iter()
            .position(|(_, list)| path.starts_with(&format!("/api/v1/{list}/")));
        let id_of = |kind: usize| id(&staged.records[kind]).to_owned();
        match kind {
            Some(kind) => addresses.push(path.replace("{id}", &id_of(kind))),
            None if path.contains("{object}") => {
                for (kind, (object, _)) in OWNED.into_iter().enumerate() {
                    let path = path.replace("{object}", object);
                    addresses.push(path.replace("{id}", &id_of(kind)));
                }
            }
            None if path.contains("{file}") => {
                for (_, list) in OWNED {
                    addresses.push(path.replace("{file}", &format!("{list}.csv")));
                    addresses.push(path.replace("{file}", &format!("{list}.jsonl")));
                }
            }
            None => addresses.push(path.replace("{id}", id(&staged.pipeline))),
        }
    }
    for word in PLANTED.iter().map(|field| field.sentinel).chain(["plain"]) {
        addresses.push(format!("/api/v1/search?q={word}"));
    }
    addresses
}

/// No answer to whatever is read holds a hidden value; each other value is in its record's.
async fn check_reading(client: &Client, staged: &Staged, rules: &[Rule]) {
    for address in addresses(staged) {
        let text = client.get(&address).await.text();
        for (field, rule) in PLANTED.iter().zip(rules) {
            // What was searched for is in the question, and nowhere in the answer.
            let is_told = text.contains(field.sentinel);
            let is_hidden = *rule == Rule::Hidden;
            assert!(
                !(is_told && is_hidden),
                "{address} tells {}: {text}",
                field.name
            );
        }
    }
    for (field, rule) in PLANTED.iter().zip(rules) {
        let (_, list) = OWNED[field.object];
        let path = format!("/api/v1/{list}/{}", id(&staged.records[field.object]));
        let record = client.get(&path).await.json(200);
        let is_there = record.pointer(&pointer(field.name)).is_some();
        assert_eq!(is_there, *rule != Rule::Hidden, "{list} {}", field.name);
        for extension in ["csv", "jsonl"] {
            let file = format!("/api/v1/exports/{list}.{extension}");
            let file = client.get(&file).await.expect_status(200).text();
            let is_told = file.contains(field.sentinel)
                || file.contains("987654.31") && field.name == "amount";
            assert_eq!(
                is_told,
                *rule != Rule::Hidden,
                "{list}.{extension} {}",
                field.name
            );
        }
    }
}

/// Whether a list is narrowed or sorted, or its rows chosen, by a field.
async fn check_asking(client: &Client, rules: &[Rule]) {
    for (field, rule) in PLANTED.iter().zip(rules) {
        let (object, list) = OWNED[field.object];
        let is_hidden = *rule == Rule::Hidden;
        let mut asked = vec![("fields".to_owned(), format!("fields={}", field.name))];
        if let Some(listed) = field.listed {
            let op = if listed == "tags" {
                "contains:qatag"
            } else {
                "not_null"
            };
            asked.push(("filter".to_owned(), format!("filter={listed}:{op}")));
            let groups = json!({ "not": { "field": listed, "op": "is_null" } });
            if listed != "tags" {
                asked.push(("sort".to_owned(), format!("sort=-{listed}")));
                asked.push((
                    "where/not".to_owned(),
                    format!("where={}", escaped(&groups)),
                ));
            }
        }
        for (parameter, query) in asked {
            let answer = client.get(&format!("/api/v1/{list}?{query}")).await;
            match is_hidden {
                true => {
                    let pointers = answer.pointers(403, "field_hidden");
                    assert_eq!(pointers, [format!("?{parameter}")], "{list} {query}");
                }
                false => drop(answer.expect_status(200)),
            }
        }
        let word = field.sentinel.to_lowercase();
        let found = client
            .get(&format!("/api/v1/{list}?search={word}"))
            .await
            .json(200);
        let n_found = found[list].as_array().unwrap().len();
        assert_eq!(
            n_found == 1,
            field.is_searched && !is_hidden,
            "{list} {}",
            field.name
        );
        let found = client
            .get(&format!("/api/v1/search?q={word}"))
            .await
            .json(200);
        let kinds = found["results"].as_array().unwrap().iter();
        let is_found = kinds.into_iter().any(|hit| hit["kind"] == *object);
        assert_eq!(is_found, field.is_searched && !is_hidden, "{word}: {found}");
    }
}

fn escaped(value: &Value) -> String {
    let text = value.to_string();
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// What may be set, in a change and in a new record; what is left out stays as it is.
async fn check_writing(client: &Client, staged: &Staged, rules: &[Rule]) {
    for (kind, (object, list)) in OWNED.into_iter().enumerate() {
        let path = format!("/api/v1/{list}/{}", id(&staged.records[kind]));
        for (field, rule) in PLANTED
            .iter()
            .zip(rules)
            .filter(|(field, _)| field.object == kind)
        {
            let version = client.get(&path).await.json(200)["version"]
                .as_i64()
                .unwrap();
            let mut same = json!({});
            set(&mut same, field.name, (field.value)());
            let answer = client.patch_version(&path, version, &same).await;
            match rule {
                // A right guess is answered as a wrong one is.
                Rule::Hidden => {
                    let pointers = answer.pointers(403, "field_not_allowed");
                    assert_eq!(pointers, [pointer(field.name)]);
                }
                Rule::None | Rule::ReadOnly => drop(answer.expect_status(200)),
            }
            let version = client.get(&path).await.json(200)["version"]
                .as_i64()
                .unwrap();
            let mut none = json!({});
            set(
                &mut none,
                field.name,
                if field.name == "body" {
                    json!("")
                } else {
                    json!(null)
                },
            );
            let answer = client.patch_version(&path, version, &none).await;
            match rule {
                Rule::ReadOnly => {
                    let pointers = answer.pointers(403, "field_not_allowed");
                    assert_eq!(pointers, [pointer(field.name)]);
                }
                // Nothing is what a hidden field reads as: it is left.
                Rule::None | Rule::Hidden => drop(answer.expect_status(200)),
            }
        }
        let stored = staged.admin.get(&path).await.json(200);
        for (field, rule) in PLANTED
            .iter()
            .zip(rules)
            .filter(|(field, _)| field.object == kind)
        {
            let is_kept = stored.to_string().contains(field.sentinel);
            assert_eq!(is_kept, *rule != Rule::None, "{object} {}", field.name);
        }
        let version = stored["version"].as_i64().unwrap();
        staged
            .admin
            .patch_version(&path, version, &all_values(kind))
            .await
            .expect_status(200);
        check_making(client, staged, kind, rules).await;
    }
}

async fn check_making(client: &Client, staged: &Staged, kind: usize, rules: &[Rule]) {
    let (object, list) = OWNED[kind];
    let title = match object {
        "ticket" => "subject",
        "task" => "title",
        _ => "name",
    };
    for (field, rule) in PLANTED
        .iter()
        .zip(rules)
        .filter(|(field, _)| field.object == kind)
    {
        let mut body = json!({ title: "Another" });
        if object == "deal" {
            body["pipeline_id"] = staged.pipeline["id"].clone();
            body["stage_id"] = staged.pipeline["stages"][0]["id"].clone();
        }
        set(&mut body, field.name, (field.value)());
        let answer = client.post(&format!("/api/v1/{list}"), &body).await;
        if *rule == Rule::None {
            let made = answer.json(201);
            let path = format!("/api/v1/{list}/{}", id(&made));
            client.delete(&path).await.expect_status(204);
        } else {
            let pointers = answer.pointers(403, "field_not_allowed");
            assert_eq!(pointers, [pointer(field.name)], "{object}");
        }
    }
}

#[tokio::test]
async fn no_answer_tells_what_a_role_hides() {
    let app = TestApp::start().await;
    let staged = stage(&app).await;
    for seed in 0..4 {
        let rules = rules_of(seed);
        let role = staged
            .admin
            .role(&format!("Role {seed}"), &ruled(&rules))
            .await;
        let (client, _) = app
            .colleague(&staged.admin, &format!("user{seed}"), &role)
            .await;

        check_reading(&client, &staged, &rules).await;
        check_asking(&client, &rules).await;
        check_writing(&client, &staged, &rules).await;

        // A key sees no more than its user.
        let scopes = json!({ "name": "All", "scopes": ["records:read", "exports:read"] });
        let key = client.post("/api/v1/api_keys", &scopes).await.json(201);
        let program = client.with_key(key["key"].as_str().unwrap());
        check_reading(&program, &staged, &rules).await;
    }
}

#[tokio::test]
async fn administrators_and_built_in_roles_see_everything() {
    let app = TestApp::start().await;
    let staged = stage(&app).await;
    let all = [Rule::None; PLANTED.len()];

    check_reading(&staged.admin, &staged, &all).await;
    check_asking(&app.member().await, &all).await;
}

#[tokio::test]
async fn a_company_that_is_found_by_a_hidden_domain_finds_nobody() {
    let app = TestApp::start().await;
    let staged = stage(&app).await;
    let (contact, company) = (id(&staged.records[0]), id(&staged.records[1]));
    let path = format!("/api/v1/contacts/{contact}");
    let body = json!({ "company_id": company });
    staged
        .admin
        .patch_version(&path, 2, &body)
        .await
        .expect_status(200);
    let mut policy = policy("all", "all", "all", &[]);
    policy["fields"] = json!({ "company": { "domain": "hidden" } });
    let role = staged.admin.role("No domains", &policy).await;
    let (ada, _) = app.colleague(&staged.admin, "ada", &role).await;

    for (client, by_domain) in [(&ada, 0), (&staged.admin, 1)] {
        for (word, n) in [("qbdomain", by_domain), ("company", 1), ("15177712345", 1)] {
            let found = client
                .get(&format!("/api/v1/contacts?search={word}"))
                .await
                .json(200);
            assert_eq!(found["contacts"].as_array().unwrap().len(), n, "{word}");
        }
    }
}

#[tokio::test]
async fn what_a_source_calls_somebody_is_hidden_with_the_address() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    app.import_orders(&admin).await;
    let list = admin.get("/api/v1/contacts?search=17850").await.json(200);
    // Without a name of its own it would be called by its number, which everybody sees.
    let path = format!("/api/v1/contacts/{}", id(&list["contacts"][0]));
    let version = list["contacts"][0]["version"].as_i64().unwrap();
    let body = json!({ "name": "Ann" });
    admin
        .patch_version(&path, version, &body)
        .await
        .expect_status(200);
    let profile = format!("{path}/profile");

    for (hidden, is_told) in [("email", false), ("phone", false), ("title", true)] {
        let mut policy = policy("all", "all", "all", &[]);
        policy["fields"] = json!({ "contact": { hidden: "hidden" } });
        let role = admin.role(&format!("No {hidden}"), &policy).await;
        let (client, _) = app.colleague(&admin, hidden, &role).await;

        let identity = client.get(&profile).await.json(200)["identities"][0].clone();
        assert_eq!(identity["profile_key"] == "17850", is_told, "{identity}");
        assert_eq!(identity.get("profile_key").is_some(), is_told);
        let found = client.get("/api/v1/contacts?search=17850").await.json(200);
        let n_found = found["contacts"].as_array().unwrap().len();
        assert_eq!(n_found, usize::from(is_told), "{hidden}");
        // What mixes everything is for who sees everything.
        client
            .get("/api/v1/imports")
            .await
            .problem(403, "not_allowed");
        client.get("/api/v1/jobs").await.problem(403, "not_allowed");
    }
}

#[tokio::test]
async fn the_median_and_the_number_of_deals_are_told_without_their_amounts() {
    let app = TestApp::start().await;
    let staged = stage(&app).await;
    let mut policy = policy("all", "all", "all", &[]);
    policy["fields"] = json!({ "deal": { "amount": "hidden" } });
    let role = staged.admin.role("No amounts", &policy).await;
    let (ada, _) = app.colleague(&staged.admin, "ada", &role).await;
    let board = format!("/api/v1/pipelines/{}/board", id(&staged.pipeline));

    let column = ada.get(&board).await.json(200)["columns"][0].clone();

    assert_eq!(column["n_deals"], 1);
    assert!(column["median_entered_at"].is_string());
    for member in ["sums", "weighted"] {
        assert!(column.get(member).is_none(), "{column}");
    }
    assert!(column["deals"][0].get("amount").is_none());
    let by_amount = ada.get(&format!("{board}?filter=amount:gte:1")).await;
    assert_eq!(by_amount.pointers(403, "field_hidden"), ["?filter"]);
}
