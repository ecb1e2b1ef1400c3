//! Unique custom values that people and a file give to different records at the same time.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use rapport_domain::{
    Contact, CustomField, CustomFieldKind, CustomValue, LocalizedText, ObjectKind,
};
use rapport_store::{ListQuery, StoreError, contacts, custom_fields};
use tempfile::TempDir;

use crate::office::{import_as, open};

const CODES: usize = 400;

#[tokio::test]
async fn a_file_and_people_that_give_the_same_values_at_once_give_each_to_one_record() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;
    let now = workspace.clock.now();
    let label = LocalizedText::new("Member code", "会员号");
    let (id, object) = (workspace.ids.next(now), ObjectKind::Contact);
    let kind = CustomFieldKind::Text;
    let mut field = CustomField::new(id, object, "member_code", label, kind, now);
    field.is_unique = true;
    custom_fields::create(&workspace.store, field)
        .await
        .unwrap();
    let mut file = "Customer ID,Name,Email,Member code\n".to_owned();
    for n in 0..CODES {
        writeln!(file, "{n},Person {n},person{n}@example.com,M{n}").unwrap();
    }
    let people = async {
        let mut n_made = 0;
        for n in (0..CODES).rev() {
            let mut contact = Contact::named(workspace.ids.next(now), "Walk-in", now);
            let code = CustomValue::Text(format!("M{n}"));
            contact.custom.insert("member_code".to_owned(), code);
            match contacts::create(&workspace.store, contact).await {
                Ok(_) => n_made += 1,
                Err(StoreError::Taken { .. }) => {}
                Err(other) => panic!("{other}"),
            }
        }
        n_made
    };

    let (import, n_made) = tokio::join!(import_as(&workspace, "crm", "people.csv", &file), people);

    let mut holders: BTreeMap<String, usize> = BTreeMap::new();
    let mut query = ListQuery {
        limit: ListQuery::LIMIT_MAX,
        ..ListQuery::default()
    };
    loop {
        let page = contacts::list(&workspace.store, &query).await.unwrap();
        for row in page.items {
            let code = custom_fields::key_of(&row.contact.custom["member_code"]);
            *holders.entry(code).or_default() += 1;
        }
        match page.next {
            Some(next) => query.cursor = Some(next),
            None => break,
        }
    }
    assert_eq!(holders.len(), CODES);
    assert!(
        holders.values().all(|&n_holders| n_holders == 1),
        "{holders:?}"
    );
    let (accepted, rejected) = (import.counts.accepted, import.counts.n_rejected());
    assert_eq!((accepted + n_made, rejected), (CODES as u64, n_made));
}
