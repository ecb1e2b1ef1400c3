//! What decisions teach: used where it agrees better with decisions that were held back, and said in the run.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use rapport_domain::ContactId;
use rapport_store::identity_log::{self, Decision, Merge, Verdict};

use crate::company::{Company, ends};

/// Pairs that are decided, of either kind; and that are left open.
const N_DECIDED: usize = 55;
const N_OPEN: usize = 5;

/// A name that nobody else has; two that follow each other have little in common.
fn name(number: usize) -> (String, String) {
    const SYLLABLES: [&str; 12] = [
        "bar", "dol", "fen", "gim", "hux", "jor", "kas", "lem", "nov", "pri", "tul", "wez",
    ];
    let at = |shift: usize| SYLLABLES[(number * 7 + shift * 5 + number / 12 * (shift + 1)) % 12];
    (
        format!("{}{}a", at(0), at(1)),
        format!("{}{}{}", at(2), at(3), at(4)),
    )
}

/// Everybody stands in the file twice, under one name and in one city. Those with one employer in both rows are
/// father and son of one firm, and two people; those with two have changed their job, and are one.
fn file() -> String {
    let mut file = "Customer ID,First Name,Last Name,Email,Company,City\n".to_owned();
    for pair in 0..2 * (N_DECIDED + N_OPEN) {
        let (given, family) = name(pair);
        let city = ["Leeds", "Bristol", "Norwich"][pair % 3];
        for side in 0..2 {
            let row = 2 * pair + side;
            let employer = if pair % 2 == 0 { pair } else { 3 * pair + side };
            let firm = ["Northfield", "Harbor", "Bluestone", "Maplewood", "Oakridge"][employer % 5];
            let trade = ["Trading", "Studios", "Foods", "Clinics"][employer % 4];
            writeln!(
                file,
                "C{row:05},{given},{family},x{}@example.com,{firm} {trade},{city}",
                row * 7919
            )
            .unwrap();
        }
    }
    file
}

/// The contacts of each pair, by the number of the pair.
async fn pairs(company: &Company) -> BTreeMap<usize, (ContactId, ContactId)> {
    let mut contacts_of: BTreeMap<String, Vec<ContactId>> = BTreeMap::new();
    for contact in company.all_contacts().await {
        contacts_of
            .entry(contact.name)
            .or_default()
            .push(contact.id);
    }
    let pairs = (0..2 * (N_DECIDED + N_OPEN)).map(|pair| {
        let (given, family) = name(pair);
        let contacts = &contacts_of[&format!("{given} {family}")];
        (pair, (contacts[0], contacts[1]))
    });
    pairs.collect()
}

async fn decide(company: &Company, contacts: (ContactId, ContactId), is_same: bool) {
    let by = company.by_user().await;
    if is_same {
        let merged = identity_log::merge(&by, Merge::of(contacts.0, contacts.1)).await;
        merged.unwrap();
    } else {
        let decision = Decision {
            first: contacts.0,
            second: contacts.1,
            verdict: Verdict::Different,
            grounds: Default::default(),
        };
        identity_log::decide(&by, decision).await.unwrap();
    }
}

#[tokio::test]
async fn what_people_decide_is_learned_and_overrules_what_was_thought_of_it() {
    let company = Company::open().await;
    company
        .import("customers.csv", "shop", file().as_bytes())
        .await;
    let pairs = pairs(&company).await;
    let before = company.match_contacts().await;
    let mut decided = pairs.iter().take(2 * N_DECIDED);
    for (pair, contacts) in decided.by_ref().take(2 * N_DECIDED - 20) {
        decide(&company, *contacts, pair % 2 == 1).await;
    }
    let few = company.match_contacts().await;
    for (pair, contacts) in decided {
        decide(&company, *contacts, pair % 2 == 1).await;
    }

    let after = company.match_contacts().await;

    assert!(before.model_version.starts_with("fellegi_sunter-"));
    assert!(few.model_version.starts_with("fellegi_sunter-"));
    assert!(
        !few.model_version.contains("learned="),
        "{}",
        few.model_version
    );
    assert!(
        after.model_version.starts_with("boosted_trees-"),
        "{}",
        after.model_version
    );
    assert!(after.model_version.contains("unlearned=0.") && after.model_version.ends_with("n=110"));
    let open = company.open_pairs().await;
    let left: Vec<usize> = pairs.keys().copied().skip(2 * N_DECIDED).collect();
    let probability = |pair: usize| {
        let (one, other) = pairs[&pair];
        let found = open
            .iter()
            .find(|it| ends(it) == (one.min(other), one.max(other)));
        found.map_or(0.0, |it| it.probability)
    };
    let (same, different): (Vec<usize>, Vec<usize>) = left.iter().partition(|pair| **pair % 2 == 1);
    assert!(same.iter().all(|pair| probability(*pair) > 0.8), "{open:?}");
    assert!(
        different.iter().all(|pair| probability(*pair) < 0.2),
        "{open:?}"
    );
    // What is shown of a pair adds up to what is said of it.
    for pair in &open {
        let bits: f64 = pair.fields.iter().map(|field| field.evidence.weight).sum();
        let odds = (pair.probability / (1.0 - pair.probability)).log2();
        assert!(
            (bits + pair.prior_weight.unwrap() - odds).abs() < 0.05,
            "{pair:?}"
        );
    }
}
