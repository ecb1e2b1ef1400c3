//! A bulk edit does what the same change does row by row over the API, and its undo gives back the former
//! state, but for what was changed in between.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::conflicts;
use crate::app::{Client, TestApp, id};
use crate::routes::pipelines::sales;

/// Numbers that look random and are the same in every run (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % n as u64).unwrap()
    }

    fn one_of<'c, T>(&mut self, choices: &'c [T]) -> &'c T {
        &choices[self.below(choices.len())]
    }
}

const LISTS: [&str; 5] = ["contacts", "companies", "deals", "tickets", "tasks"];
const N_RECORDS: usize = 12;

/// An app with records of all kinds; the same ones for the same seed.
struct World {
    app: TestApp,
    client: Client,
    stages: Vec<(Value, Value)>,
}

impl World {
    async fn make(seed: u64) -> Self {
        let app = TestApp::start().await;
        let client = app.admin().await;
        for object in ["contact", "company", "deal", "ticket", "task"] {
            for (key, kind, is_unique) in [("size", "integer", false), ("code", "text", true)] {
                let field = json!({
                    "object": object, "key": key, "label": { "en": key, "zh": key },
                    "type": { "kind": kind }, "is_unique": is_unique,
                });
                client
                    .post("/api/v1/custom_fields", &field)
                    .await
                    .expect_status(201);
            }
        }
        let mut stages = Vec::new();
        for _ in 0..2 {
            let pipeline = sales(&client).await;
            for stage in pipeline["stages"].as_array().unwrap() {
                stages.push((pipeline["id"].clone(), stage["id"].clone()));
            }
        }
        let world = Self {
            app,
            client,
            stages,
        };
        let mut dice = Dice(seed);
        for list in LISTS {
            for n in 0..N_RECORDS {
                let mut body = world.set(list, &mut dice, false);
                let title = match list {
                    "tickets" => "subject",
                    "tasks" => "title",
                    _ => "name",
                };
                body[title] = json!(format!("{list} {n}"));
                if list == "deals" {
                    let (pipeline, stage) = dice.one_of(&world.stages);
                    body["pipeline_id"] = pipeline.clone();
                    body["stage_id"] = stage.clone();
                }
                let path = format!("/api/v1/{list}");
                world.client.post(&path, &body).await.expect_status(201);
            }
        }
        world
    }

    /// A random merge patch of some fields; values of a unique field only where they are wanted.
    fn set(&self, list: &str, dice: &mut Dice, with_unique: bool) -> Value {
        let text = |dice: &mut Dice| match dice.below(3) {
            0 => json!(null),
            n => json!(["red", "green"][n - 1]),
        };
        let mut set = json!({});
        match list {
            "contacts" => {
                set["title"] = text(dice);
                set["address"] = json!({ "city": text(dice) });
            }
            "companies" => {
                set["industry"] = text(dice);
                set["tags"] = json!([vec!["a"], vec!["a", "b"]][dice.below(2)]);
            }
            "deals" => {
                set["expected_close_on"] = json!(dice.one_of(&[Some("2026-05-01"), None]));
                set["amount"] = json!({ "amount_minor": dice.below(3), "currency": "EUR" });
                if dice.below(2) == 0 {
                    set["stage_id"] = dice.one_of(&self.stages).1.clone();
                }
            }
            "tickets" => {
                set["status"] = json!(dice.one_of(&["open", "pending", "solved"]));
                set["priority"] = json!(dice.one_of(&["low", "high"]));
            }
            _ => {
                set["status"] = json!(dice.one_of(&["open", "done"]));
                set["due_on"] = json!(dice.one_of(&[Some("2026-02-01"), None]));
            }
        }
        if dice.below(2) == 0 {
            set["custom"] = json!({ "size": dice.one_of(&[Some(1), Some(2), None]) });
        }
        if with_unique && dice.below(3) == 0 {
            set["custom"] = json!({ "code": "only one" });
        }
        set
    }

    async fn records(&self, list: &str) -> BTreeMap<String, Value> {
        let rows = self
            .client
            .walk(&format!("/api/v1/{list}"), list, 100)
            .await;
        let rows = rows.into_iter().map(|row| (id(&row).to_owned(), row));
        rows.collect()
    }
}

/// A random filter that every list understands.
fn filter(dice: &mut Dice) -> Vec<&'static str> {
    let conditions = [
        "custom.size:eq:1",
        "custom.size:is_null",
        "custom.size:lt:2",
        "owner_id:is_null",
        "created_at:during:today",
    ];
    (0..dice.below(3))
        .map(|_| *dice.one_of(&conditions))
        .collect()
}

/// What a record says, without what counts its writings.
fn said(record: &Value) -> Value {
    let mut said = record.clone();
    said["version"] = json!(0);
    said["updated_at"] = json!("");
    said
}

fn all_said(records: &BTreeMap<String, Value>) -> Vec<Value> {
    records.values().map(said).collect()
}

#[tokio::test]
async fn a_bulk_edit_is_the_same_change_row_by_row() {
    let (bulk, single) = (World::make(1).await, World::make(1).await);
    let mut dice = Dice(2);
    for round in 0..25 {
        let list = LISTS[round % LISTS.len()];
        let set = bulk.set(list, &mut dice, true);
        let filter = filter(&mut dice);
        bulk.app.advance_seconds(60);
        single.app.advance_seconds(60);

        let body = json!({ "filter": filter, "set": set });
        let edit = bulk.app.edit(&bulk.client, list, &body).await;
        let asked: Vec<String> = filter.iter().map(|it| format!("&filter={it}")).collect();
        let path = format!("/api/v1/{list}?sort=id{}", asked.concat());
        let mut n_refused = 0;
        for row in single.client.walk(&path, list, 100).await {
            let path = format!("/api/v1/{list}/{}", id(&row));
            let version = row["version"].as_i64().unwrap();
            let answer = single.client.patch_version(&path, version, &set).await;
            n_refused += u64::from(answer.status.is_client_error());
        }

        let (by_bulk, by_row) = (bulk.records(list).await, single.records(list).await);
        assert_eq!(
            all_said(&by_bulk),
            all_said(&by_row),
            "round {round}: {body}"
        );
        assert_eq!(
            edit["n_refused"],
            json!(n_refused),
            "round {round}: {body} {edit}"
        );
    }
}

#[tokio::test]
async fn an_undo_gives_back_the_former_state_but_for_edits_in_between() {
    let world = World::make(3).await;
    let mut dice = Dice(4);
    for round in 0..20 {
        let list = LISTS[round % LISTS.len()];
        let before = world.records(list).await;
        let set = world.set(list, &mut dice, false);
        let body = json!({ "filter": filter(&mut dice), "set": set });
        world.app.advance_seconds(60);
        let edit = world.app.edit(&world.client, list, &body).await;
        let changed = world.records(list).await;
        let mut expected = before.clone();
        let mut kept = 0;
        for (id, now) in &changed {
            if dice.below(3) > 0 {
                continue;
            }
            // A field that the edit may have set, and one that it has not.
            let path = format!("/api/v1/{list}/{id}");
            let version = now["version"].as_i64().unwrap();
            let between = json!({ "custom": { "size": 9, "code": format!("{round} {id}") } });
            let edited = world.client.patch_version(&path, version, &between).await;
            edited.expect_status(200);
            let of = |record: &Value| record["custom"]["size"].clone();
            // Nothing is left where the person has put back what stood there before.
            let is_left = of(&before[id]) != of(now) && of(&before[id]) != json!(9.0);
            kept += u64::from(is_left);
            let custom = &mut expected.get_mut(id).unwrap()["custom"];
            custom["size"] = json!(9.0);
            custom["code"] = between["custom"]["code"].clone();
        }

        world.app.take_back(&world.client, &edit).await;

        let after = world.records(list).await;
        assert_eq!(
            all_said(&after),
            all_said(&expected),
            "round {round}: {body}"
        );
        let left = conflicts(&world.client, &edit).await;
        assert_eq!(left.len() as u64, kept, "round {round}: {left:?}");
    }
}

#[tokio::test]
async fn an_undo_tears_nothing_apart_that_belongs_together() {
    let world = World::make(5).await;
    let mut dice = Dice(6);
    // What a person says, and what follows from it.
    let told = |list: &str, record: &Value| match list {
        "deals" => (
            record["stage"]["id"].clone(),
            record["stage_entered_at"].clone(),
        ),
        "tickets" => (record["status"].clone(), record["solved_at"].clone()),
        _ => (record["status"].clone(), record["done_at"].clone()),
    };
    for round in 0..18 {
        let list = ["tickets", "tasks", "deals"][round % 3];
        let before = world.records(list).await;
        let set = world.set(list, &mut dice, false);
        let body = json!({ "filter": [], "set": set });
        world.app.advance_seconds(60);
        let edit = world.app.edit(&world.client, list, &body).await;
        for id in before.keys() {
            for _ in 0..dice.below(3) {
                world.app.advance_seconds(60);
                let path = format!("/api/v1/{list}/{id}");
                let now = world.client.get(&path).await.json(200);
                let stage = dice.one_of(&world.stages);
                let change = match list {
                    "deals" => json!({ "pipeline_id": stage.0, "stage_id": stage.1 }),
                    "tickets" => {
                        json!({ "status": dice.one_of(&["open", "pending", "solved", "closed"]) })
                    }
                    _ => json!({ "status": dice.one_of(&["open", "done"]) }),
                };
                let version = now["version"].as_i64().unwrap();
                let changed = world.client.patch_version(&path, version, &change).await;
                changed.expect_status(200);
            }
        }
        let between = world.records(list).await;

        world.app.take_back(&world.client, &edit).await;

        for (id, after) in world.records(list).await {
            let said = told(list, &after);
            let either = [told(list, &before[&id]), told(list, &between[&id])];
            assert!(
                either.contains(&said),
                "round {round}: {said:?} is none of {either:?}"
            );
        }
    }
}
