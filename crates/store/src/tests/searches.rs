//! Text search in lists and everywhere.

use rapport_domain::Company;

use super::{TestStore, now};
use crate::search::{self, HitKind};
use crate::{ListQuery, Store, companies, contacts, products};

async fn people(store: &TestStore) {
    for (name, email, phone) in [
        ("Ada King", "ada.king@example.com", "+441632960001"),
        ("李明", "liming@example.cn", "+8613812345678"),
        ("王小明", "xiaoming@example.cn", "+8613912340000"),
        ("Bob \"The\" Builder", "bob@example.org", "+14155550123"),
    ] {
        let mut contact = store.contact(name);
        contact.email = Some(email.parse().unwrap());
        contact.phone = Some(phone.parse().unwrap());
        contacts::create(store, contact).await.unwrap();
    }
}

async fn found(store: &Store, text: &str) -> Vec<String> {
    let query = ListQuery {
        search: Some(text.to_owned()),
        ..ListQuery::default()
    };
    let page = contacts::list(store, &query.sorted("created_at"))
        .await
        .unwrap();
    page.items.into_iter().map(|row| row.contact.name).collect()
}

#[tokio::test]
async fn people_are_found_by_pieces_of_what_they_are_known_by() {
    let store = TestStore::open().await;
    people(&store).await;

    assert_eq!(found(&store, "KING").await, ["Ada King"]);
    assert_eq!(found(&store, "da.king@exa").await, ["Ada King"]);
    assert_eq!(found(&store, "king ada").await, ["Ada King"]);
    assert_eq!(found(&store, "138123").await, ["李明"]);
    assert_eq!(found(&store, "+86138123").await, ["李明"]);
    assert_eq!(found(&store, "example.cn").await, ["李明", "王小明"]);
    assert_eq!(found(&store, "xiaoming 王小").await, ["王小明"]);
    assert!(found(&store, "zebra").await.is_empty());
}

#[tokio::test]
async fn chinese_is_found_from_one_character_on() {
    let store = TestStore::open().await;
    people(&store).await;

    assert_eq!(found(&store, "李").await, ["李明"]);
    assert_eq!(found(&store, "明").await, ["李明", "王小明"]);
    assert_eq!(found(&store, "小明").await, ["王小明"]);
    assert_eq!(found(&store, "王小明").await, ["王小明"]);
}

#[tokio::test]
async fn short_words_are_the_start_of_names() {
    let store = TestStore::open().await;
    people(&store).await;

    assert!(found(&store, "ad").await.contains(&"Ada King".to_owned()));
    assert!(
        found(&store, "b")
            .await
            .contains(&"Bob \"The\" Builder".to_owned())
    );
}

#[tokio::test]
async fn a_name_of_two_short_words_is_found_in_either_order() {
    let store = TestStore::open().await;
    people(&store).await;
    for name in ["Li Na", "Na Li Xu", "Li Wei"] {
        contacts::create(&store, store.contact(name)).await.unwrap();
    }

    let mut both = found(&store, "Li Na").await;
    both.sort();
    assert_eq!(both, ["Li Na", "Na Li Xu"]);
    assert_eq!(found(&store, "na li xu").await, ["Na Li Xu"]);
    assert_eq!(found(&store, "小 明").await, ["王小明"]);
}

#[tokio::test]
async fn a_nul_character_parts_words() {
    let store = TestStore::open().await;
    people(&store).await;

    assert_eq!(found(&store, "king\0ada").await, ["Ada King"]);
    assert_eq!(found(&store, "\0").await.len(), 4);
    assert!(
        search::everywhere(&store, "\0", 5)
            .await
            .unwrap()
            .is_empty()
    );
    let hits = search::everywhere(&store, "ada\0", 5).await.unwrap();
    assert_eq!(hits.len(), 1);
}

#[tokio::test]
async fn signs_in_a_search_are_text() {
    let store = TestStore::open().await;
    people(&store).await;

    assert_eq!(found(&store, "\"the\"").await, ["Bob \"The\" Builder"]);
    for text in [
        "\"",
        "*",
        "ada OR bob",
        "NEAR(",
        "%",
        "_da",
        "(ada",
        "ada*",
        "'; --",
    ] {
        assert!(
            !found(&store, text).await.contains(&"Ada King".to_owned()),
            "{text}"
        );
    }
}

#[tokio::test]
async fn a_changed_record_is_found_by_its_new_text_only() {
    let store = TestStore::open().await;
    let mut ada = contacts::create(&store, store.contact("Ada King"))
        .await
        .unwrap();
    ada.name = "Ada Lovelace".to_owned();
    let ada = contacts::update(&store, ada, 1).await.unwrap();

    assert_eq!(found(&store, "lovelace").await.len(), 1);
    assert!(found(&store, "king").await.is_empty());
    contacts::delete(&store, ada.id, ada.version).await.unwrap();
    assert!(found(&store, "lovelace").await.is_empty());
}

#[tokio::test]
async fn one_search_finds_all_kinds_of_records() {
    let store = TestStore::open().await;
    contacts::create(&store, store.contact("Lampert"))
        .await
        .unwrap();
    let company = Company::named(store.id(), "Old Lamp Works", now());
    companies::create(&store, company).await.unwrap();
    products::create(&store, store.product("L-7", "Lamp, brass"))
        .await
        .unwrap();

    let hits = search::everywhere(&store, " lamp ", 5).await.unwrap();

    let found: Vec<_> = hits
        .iter()
        .map(|hit| (hit.kind, hit.title.as_str()))
        .collect();
    assert_eq!(
        found,
        [
            (HitKind::Contact, "Lampert"),
            (HitKind::Company, "Old Lamp Works"),
            (HitKind::Product, "Lamp, brass")
        ]
    );
    assert!(
        search::everywhere(&store, "  ", 5)
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn names_that_begin_with_the_text_come_first() {
    let store = TestStore::open().await;
    for name in ["Alamp", "Blamp", "Lampe", "Lamp"] {
        contacts::create(&store, store.contact(name)).await.unwrap();
    }

    let hits = search::everywhere(&store, "lamp", 3).await.unwrap();

    let titles: Vec<_> = hits.iter().map(|hit| hit.title.as_str()).collect();
    assert_eq!(titles[..2], ["Lamp", "Lampe"]);
    assert_eq!(titles.len(), 3);
}
