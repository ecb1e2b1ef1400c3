//! What is tried of each field: reading it, asking by it, setting it.

use serde_json::{Value, json};

use super::super::OWNED;
use super::Rule;
use super::planted::{PLANTED, all_values, pointer, set};
use super::staging::Staged;
use crate::app::{Client, id};

/// No answer to whatever is read holds a hidden value; each other value is in its record's.
pub(super) async fn check_reading(client: &Client, staged: &Staged, rules: &[Rule]) {
    for address in staged.addresses().await {
        let text = client.get(&address).await.text();
        for (field, rule) in PLANTED.iter().zip(rules) {
            // What was searched for is in the question, and nowhere in the answer.
            let is_hidden = *rule == Rule::Hidden;
            assert!(
                !(is_hidden && field.is_told_by(&text)),
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
            assert_eq!(
                field.is_told_by(&file),
                *rule != Rule::Hidden,
                "{list}.{extension} {}",
                field.name
            );
        }
    }
}

/// Whether a list is narrowed or sorted, or its rows chosen, by a field.
pub(super) async fn check_asking(client: &Client, rules: &[Rule]) {
    for (field, rule) in PLANTED.iter().zip(rules) {
        let (object, list) = OWNED[field.object];
        let is_hidden = *rule == Rule::Hidden;
        let mut asked = vec![("fields".to_owned(), format!("fields={}", field.name))];
        if let Some(listed) = field.listed {
            let op = match listed {
                "tags" => format!("contains:{}", field.sentinel),
                _ => "not_null".to_owned(),
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
pub(super) async fn check_writing(client: &Client, staged: &Staged, rules: &[Rule]) {
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
            set(&mut same, field.name, field.value());
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
            set(&mut none, field.name, field.nothing());
            let answer = client.patch_version(&path, version, &none).await;
            match rule {
                // Who does not see a field does not clear it either.
                Rule::ReadOnly | Rule::Hidden => {
                    let pointers = answer.pointers(403, "field_not_allowed");
                    assert_eq!(pointers, [pointer(field.name)]);
                }
                Rule::None => drop(answer.expect_status(200)),
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
        if *rule == Rule::Hidden {
            let mut body = body.clone();
            set(&mut body, field.name, field.nothing());
            let answer = client.post(&format!("/api/v1/{list}"), &body).await;
            let pointers = answer.pointers(403, "field_not_allowed");
            assert_eq!(pointers, [pointer(field.name)], "{object}");
        }
        set(&mut body, field.name, field.value());
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
