//! Random rules for fields: no answer of any operation tells a hidden value, in whatever way it is asked
//! for, and every other value is told and set as the rule says.

mod checks;
mod names;
mod planted;
mod seams;
mod staging;
mod stories;
mod versions;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{OWNED, policy};
use crate::app::TestApp;
use checks::{check_asking, check_reading, check_writing};
use planted::PLANTED;
use staging::Staged;

/// What a role says of a field: nothing, read only, hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rule {
    None,
    ReadOnly,
    Hidden,
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

#[tokio::test]
async fn no_answer_tells_what_a_role_hides() {
    let app = TestApp::start().await;
    let staged = Staged::stage(&app).await;
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
    let staged = Staged::stage(&app).await;
    let all = [Rule::None; PLANTED.len()];

    let mut silent = Vec::new();
    for address in staged.addresses().await {
        if !staged.admin.get(&address).await.status.is_success() {
            silent.push(address);
        }
    }
    assert_eq!(
        silent, [""; 0],
        "what has nothing to tell tells nothing hidden"
    );
    check_reading(&staged.admin, &staged, &all).await;
    check_asking(&app.member().await, &all).await;
}
