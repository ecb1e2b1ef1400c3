//! A workspace in which every address that is read has something to tell.

use std::collections::BTreeMap;
use std::time::Duration;

use rapport_server::openapi_document;
use rapport_store::jobs;
use rapport_store::match_pairs::{self, Agreement, Evidence, MatchRun, NewPair, NewRun};
use serde_json::{Value, json};

use super::super::{OWNED, policy};
use super::planted::{PLANTED, all_values};
use crate::app::{Client, TestApp, id};
use crate::routes::pipelines::sales;
use crate::routes::segmentations::published;

/// A workspace with one record of each kind that has all values.
pub(super) struct Staged {
    pub(super) admin: Client,
    /// By position in [`OWNED`].
    pub(super) records: Vec<Value>,
    pub(super) pipeline: Value,
}

/// Addresses of what is not of records and is not staged: numbers of the whole workspace, a dry run that nobody
/// asked for, a search for nothing.
const NOT_STAGED: [&str; 6] = [
    "/api/v1/campaigns/{id}",
    "/api/v1/imports/{id}/dry_run",
    "/api/v1/search",
    "/api/v1/models/",
    "/api/v1/runs/",
    "/api/v1/webhooks/{id}/deliveries/{delivery_id}",
];

impl Staged {
    pub(super) async fn stage(app: &TestApp) -> Self {
        let admin = app.admin().await;
        let pipeline = sales(&admin).await;
        for (object, _) in OWNED {
            let is_searched = object == "contact" || object == "company";
            define(&admin, object, "secret", is_searched).await;
        }
        define(&admin, "task", "second", false).await;
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
        let staged = Self {
            admin,
            records,
            pipeline,
        };
        staged.surround(app).await;
        staged
    }

    /// What else is told of beside records.
    async fn surround(&self, app: &TestApp) {
        let admin = &self.admin;
        let contact = id(&self.records[0]);
        app.import_orders(admin).await;
        let (_, members) = published(app, admin).await;
        let mut unsearched = all_values(0);
        for field in PLANTED.iter().filter(|field| field.is_searched) {
            let body = unsearched.as_object_mut().unwrap();
            body.remove(field.name.split('.').next().unwrap());
        }
        let member = format!("/api/v1/contacts/{}", members[0]);
        let patched = admin.patch_version(&member, 1, &unsearched).await;
        patched.expect_status(200);
        for (path, body) in [
            (
                "notes",
                json!({ "body": "Plain note", "subject": { "kind": "contact", "id": contact } }),
            ),
            (
                "saved_views",
                json!({ "list": "contacts", "name": "Plain", "query": "sort=name", "is_shared": true }),
            ),
            (
                "mailboxes",
                json!({ "name": "Mail", "host": "imap.example.com", "user": "u", "password": "p" }),
            ),
            (
                "webhooks",
                json!({ "url": "https://example.com/hook", "types": ["contact.updated"] }),
            ),
        ] {
            let path = format!("/api/v1/{path}");
            admin.post(&path, &body).await.expect_status(201);
        }
        admin.team("Plain team", None).await;
        admin
            .role("Plain role", &policy("own", "own", "own", &[]))
            .await;
        self.edit_in_bulk(app).await;
        self.pair(app, (contact, &members[0])).await;
    }

    /// Two contacts of whom a search for duplicates has found all that is compared to be alike, and an acceptance
    /// that leaves them, since they are not what was compared.
    async fn pair(&self, app: &TestApp, (one, other): (&str, &str)) {
        let (store, now) = (&app.workspace.store, app.now());
        let asked = self.admin.post("/api/v1/match_runs", &json!({})).await;
        asked.expect_status(202);
        let minute = Duration::from_secs(60);
        let leased = jobs::claim(store, &["matching"], now, minute)
            .await
            .unwrap();
        let leased = leased.unwrap();
        let run = MatchRun {
            id: leased.job.id,
            started_at: now,
            finished_at: Some(now),
            n_records: 2,
            n_candidates: 1,
            n_pairs: 1,
            n_certain: 1,
            n_merged: 0,
            threshold: 0.999,
            model_version: "by hand".to_owned(),
            is_automatic: false,
        };
        let fields = [
            "name",
            "email",
            "phone",
            "company",
            "street",
            "city",
            "custom.secret",
        ];
        let fields = fields.map(|field| Evidence {
            field: field.to_owned(),
            agreement: Agreement::Same,
            weight: 3.0,
        });
        let pair = NewPair {
            id: app.workspace.ids.next(now),
            contacts: (one.parse().unwrap(), other.parse().unwrap()),
            prints: (0, 0),
            probability: 0.9995,
            value: 0.002,
            prior_weight: -10.0,
            is_grouped: true,
            fields: fields.into(),
        };
        let new = NewRun {
            run,
            pairs: vec![pair],
        };
        match_pairs::publish(store, &leased, new, now)
            .await
            .unwrap();
        jobs::complete(store, &leased, None, now).await.unwrap();
        let all = json!({ "min_probability": 0.9 });
        let path = "/api/v1/match_pairs/acceptances";
        let accepted = self.admin.post(path, &all).await.json(202);
        app.run_job(&accepted["job"]).await;
    }

    /// A bulk edit that asks by a value and sets it, and its undo, which leaves what was changed meanwhile.
    async fn edit_in_bulk(&self, app: &TestApp) {
        let admin = &self.admin;
        let path = format!("/api/v1/contacts/{}", id(&self.records[0]));
        let body =
            json!({ "filter": ["tags:contains:qatag"], "set": { "title": "Qatitle the first" } });
        let accepted = admin.post("/api/v1/contacts/bulk", &body).await.json(202);
        app.run_job(&accepted["job"]).await;
        self.change(&path, &json!({ "title": "Qatitle" })).await;
        let undo = format!("/api/v1/bulk_edits/{}/undo", id(&accepted["bulk_edit"]));
        let accepted = admin.post(&undo, &json!({})).await.json(202);
        app.run_job(&accepted["job"]).await;
    }

    /// The address of the record of a kind.
    pub(super) fn path(&self, kind: usize) -> String {
        format!("/api/v1/{}/{}", OWNED[kind].1, id(&self.records[kind]))
    }

    /// Changes a record as the administrator, whatever its version is by now.
    pub(super) async fn change(&self, path: &str, body: &Value) {
        let version = self.admin.get(path).await.json(200)["version"].as_i64();
        let changed = self.admin.patch_version(path, version.unwrap(), body).await;
        changed.expect_status(200);
    }

    /// A colleague who may do everything with all records, but for rules, and some actions besides.
    pub(super) async fn colleague(
        &self,
        app: &TestApp,
        name: &str,
        fields: &Value,
        actions: &[&str],
    ) -> Client {
        let mut policy = policy("all", "all", "all", actions);
        policy["fields"] = fields.clone();
        let role = self.admin.role(name, &policy).await;
        app.colleague(&self.admin, name, &role).await.0
    }

    /// Every address that is read, with ids of what is staged.
    pub(super) async fn addresses(&self) -> Vec<String> {
        let mut addresses = self.addresses_where(|_| true).await;
        for word in PLANTED.iter().map(|field| field.sentinel).chain(["plain"]) {
            addresses.push(format!("/api/v1/search?q={word}"));
        }
        addresses
    }

    /// The addresses of the operations that read and are as asked.
    pub(super) async fn addresses_where(&self, is_asked: impl Fn(&Value) -> bool) -> Vec<String> {
        let document = serde_json::to_value(openapi_document()).unwrap();
        let paths = document["paths"].as_object().unwrap();
        let read = paths.iter().filter(|(path, item)| {
            let is_staged = !NOT_STAGED.iter().any(|it| path.starts_with(it));
            let operation = &item["get"];
            is_staged
                && operation["operationId"] != "show_stream"
                && operation.is_object()
                && is_asked(operation)
        });
        let mut ids = BTreeMap::new();
        let mut addresses = Vec::new();
        for (path, _) in read {
            addresses.extend(self.at(path, &mut ids).await);
        }
        addresses
    }

    async fn at(&self, path: &str, ids: &mut BTreeMap<String, String>) -> Vec<String> {
        let owned = OWNED.into_iter().zip(&self.records);
        if path.contains("{object}") {
            let at = |((object, _), record): ((&str, &str), &Value)| {
                let path = path.replace("{object}", object);
                path.replace("{id}", id(record))
            };
            return owned.map(at).collect();
        }
        if path.contains("{file}") {
            let files = OWNED
                .iter()
                .flat_map(|(_, list)| [format!("{list}.csv"), format!("{list}.jsonl")]);
            return files.map(|file| path.replace("{file}", &file)).collect();
        }
        let Some((list, _)) = path.split_once("/{id}") else {
            return vec![path.to_owned()];
        };
        let mut owned = owned.filter(|((_, of_owned), _)| list == format!("/api/v1/{of_owned}"));
        if let Some((_, record)) = owned.next() {
            return vec![path.replace("{id}", id(record))];
        }
        if !ids.contains_key(list) {
            ids.insert(list.to_owned(), self.first_of(list).await);
        }
        vec![path.replace("{id}", &ids[list])]
    }

    /// The id of the first row of a list, or of the first segment.
    async fn first_of(&self, list: &str) -> String {
        if list.ends_with("/segments") {
            let current = "/api/v1/segmentations/current";
            let current = self.admin.get(current).await.json(200);
            return id(&current["segments"][0]).to_owned();
        }
        let answer = self.admin.get(list).await.json(200);
        let first = first_id(&answer).unwrap_or_else(|| panic!("{list} is empty"));
        first.to_owned()
    }
}

/// The first identifier in an answer.
fn first_id(answer: &Value) -> Option<&str> {
    match answer {
        Value::Array(rows) => rows.iter().find_map(first_id),
        Value::Object(members) => {
            let own = members.get("id").or_else(|| members.get("job_id"));
            let own = own.and_then(Value::as_str);
            own.or_else(|| members.values().find_map(first_id))
        }
        _ => None,
    }
}

async fn define(admin: &Client, object: &str, key: &str, is_searchable: bool) {
    let body = json!({
        "object": object, "key": key, "label": { "en": "Secret", "zh": "秘密" },
        "type": { "kind": "text" }, "is_searchable": is_searchable,
    });
    let defined = admin.post("/api/v1/custom_fields", &body).await;
    defined.expect_status(201);
}
