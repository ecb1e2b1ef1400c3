//! What readers are told of pairs whose role hides something that is compared: no number, filter or order tells
//! how alike the hidden values are. And pairs of one contact.

use std::collections::BTreeSet;

use rapport_domain::Role;
use serde_json::{Value, json};

use super::match_pairs::{PAIRS, is_of, open, with_pairs};
use crate::access::policy;
use crate::app::{Client, TestApp, id};

/// A colleague who may do everything with all records and does not see addresses.
async fn blind(app: &TestApp, admin: &Client) -> Client {
    let mut policy = policy("all", "all", "all", &[]);
    policy["fields"] = json!({ "contact": { "email": "hidden" } });
    let role = admin.role("No addresses", &policy).await;
    app.colleague(admin, "eva", &role).await.0
}

fn pairs(list: &Value) -> &Vec<Value> {
    list["match_pairs"].as_array().unwrap()
}

/// The identifiers of pairs, in their order.
fn ids(list: &Value) -> Vec<&str> {
    pairs(list).iter().map(id).collect()
}

async fn ask(client: &Client, query: &str) -> Value {
    let path = format!("{PAIRS}?filter=status:eq:open&{query}");
    client.get(&path).await.json(200)
}

#[tokio::test]
async fn numbers_are_told_in_bands_to_who_does_not_see_all_that_is_compared() {
    let (app, _, _) = with_pairs().await;
    let admin = app.signed_in(Role::Admin).await;
    let blind = blind(&app, &admin).await;
    let whole = open(&admin).await;

    let told = open(&blind).await;

    assert_eq!(pairs(&told).len(), pairs(&whole).len());
    assert_eq!(
        (&told["n_open"], &told["n_certain"]),
        (&whole["n_open"], &json!(0))
    );
    for pair in pairs(&told) {
        let probability = pair["probability"].as_f64().unwrap();
        assert!([0.3, 0.7, 0.95].contains(&probability), "{pair}");
        assert!(
            [0.84, 0.19].contains(&pair["value"].as_f64().unwrap()),
            "{pair}"
        );
        assert_eq!(pair["is_partial"], true);
        assert_eq!(
            (&pair["prior_weight"], &pair["is_certain"]),
            (&json!(null), &json!(false))
        );
        for field in pair["fields"].as_array().unwrap() {
            let weight = field["weight"].as_f64().unwrap().abs();
            assert!([0.0, 2.0, 6.0, 10.0].contains(&weight), "{field}");
        }
    }
    for pair in pairs(&whole) {
        assert_eq!(pair["is_partial"], false);
        assert!(pair["prior_weight"].is_number());
    }
}

#[tokio::test]
async fn filters_and_orders_act_on_what_is_told() {
    let (app, _, _) = with_pairs().await;
    let admin = app.signed_in(Role::Admin).await;
    let blind = blind(&app, &admin).await;
    let whole = open(&admin).await;

    // Wherever a filter cuts, it finds whole bands: halving finds no number.
    let mut found = BTreeSet::new();
    for cut in [
        0.2, 0.4, 0.6, 0.8, 0.92, 0.94, 0.96, 0.97, 0.99, 0.999, 0.99999,
    ] {
        let list = ask(&blind, &format!("filter=probability:gte:{cut}")).await;
        found.insert(pairs(&list).len());
    }
    let of_band = |from: f64| {
        let is_in = |pair: &&Value| pair["probability"].as_f64().unwrap() >= from;
        pairs(&whole).iter().filter(is_in).count()
    };
    let bands = [0.0, 0.5, 0.9].map(of_band);
    assert!(
        found.iter().all(|n| *n == 0 || bands.contains(n)),
        "{found:?} {bands:?}"
    );
    // Within a band the order is by identifier, whatever the numbers are.
    for sort in ["-probability", "probability", "-value", "value"] {
        let list = ask(&blind, &format!("sort={sort}")).await;
        let name = sort.trim_start_matches('-');
        let key = |pair: &Value| pair[name].as_f64().unwrap();
        for two in pairs(&list).windows(2) {
            if (key(&two[0]) - key(&two[1])).abs() < 1e-9 {
                let (one, other) = (id(&two[0]), id(&two[1]));
                assert_eq!(one > other, sort.starts_with('-'), "{sort}");
            }
        }
        let walked = walk(&blind, sort).await;
        assert_eq!(walked, ids(&list), "{sort}");
    }
    let grouped = format!("{PAIRS}?filter=is_grouped:eq:true");
    blind.get(&grouped).await.problem(403, "field_hidden");
    admin.get(&grouped).await.expect_status(200);
}

/// All open pairs in an order, one page after the other.
async fn walk(client: &Client, sort: &str) -> Vec<String> {
    let mut walked = Vec::new();
    let mut cursor = String::new();
    loop {
        let list = ask(client, &format!("sort={sort}&limit=2{cursor}")).await;
        walked.extend(ids(&list).into_iter().map(str::to_owned));
        let Some(next) = list["meta"]["next_cursor"].as_str() else {
            return walked;
        };
        cursor = format!("&cursor={next}");
    }
}

#[tokio::test]
async fn an_acceptance_does_not_find_the_numbers_either_nor_does_the_log() {
    let (app, _, twice) = with_pairs().await;
    let admin = app.signed_in(Role::Admin).await;
    let blind = blind(&app, &admin).await;
    let path = format!("{PAIRS}/acceptances");

    let fine = json!({ "min_probability": 0.973 });
    let refused = blind.post(&path, &fine).await;
    assert_eq!(refused.pointers(422, "invalid"), ["/min_probability"]);
    let coarse = json!({ "min_probability": 0.9 });
    let asked = blind.post(&path, &coarse).await.json(202);
    app.run_job(&asked["job"]).await;

    let mut told = Vec::new();
    for contact in [&twice[0].0, &twice[0].1] {
        let log = format!("/api/v1/contacts/{}/identity_operations", id(contact));
        let answer = blind.get(&log).await;
        if answer.status == 200 {
            let log = answer.json(200);
            let operations = log["identity_operations"].as_array().unwrap().clone();
            told.extend(operations.into_iter().map(|it| it["score"].clone()));
        }
    }
    assert!(
        !told.is_empty() && told.iter().all(|score| *score == 0.95),
        "{told:?}"
    );
}

#[tokio::test]
async fn pairs_of_one_contact_are_found_by_either_side() {
    let (_app, client, twice) = with_pairs().await;
    for planted in &twice {
        for contact in [&planted.0, &planted.1] {
            let list = ask(&client, &format!("filter=contact_id:eq:{}", id(contact))).await;

            assert!(
                pairs(&list).iter().any(|pair| is_of(pair, planted)),
                "{list}"
            );
            for pair in pairs(&list) {
                let ends = [&pair["left"]["contact_id"], &pair["right"]["contact_id"]];
                assert!(ends.contains(&&contact["id"]), "{pair}");
            }
        }
    }
    let stranger = "0198c0de-0000-7000-8000-000000000001";
    let none = ask(&client, &format!("filter=contact_id:eq:{stranger}")).await;
    assert_eq!(none["match_pairs"], json!([]));
    for bad in ["contact_id:eq:nobody", "contact_id:in:a,b"] {
        let answer = client.get(&format!("{PAIRS}?filter={bad}")).await;
        answer.expect_status(400);
    }
}
