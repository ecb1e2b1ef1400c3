//! Text search in lists and everywhere.

use std::sync::Arc;
use std::time::Duration;

use rapport_domain::{
    Access, Company, CompanyId, CustomField, CustomFieldKind, FieldRule, LocalizedText, Note,
    ObjectKind, Priority, Role, RolePolicy, Subject, Task, TaskStatus, UserId,
};

use sea_orm::DbBackend;

use super::{TestStore, now};
use crate::search::{self, HitKind, SearchObject};
use crate::{
    ListCost, ListQuery, Store, companies, contacts, custom_fields, notes, products, tasks,
};

pub(super) async fn people(store: &TestStore) {
    for (name, email, phone) in [
        ("Ada King", "ada.king@example.com", "+441632960001"),
        ("李明", "liming@example.cn", "+8613812345678"),
        ("王小明", "xiaoming@example.cn", "+8613912340000"),
        (
            "Bob \"The\" Builder",
            "bob@mail.example.org",
            "+14155550123",
        ),
    ] {
        let mut contact = store.contact(name);
        contact.email = Some(email.parse().unwrap());
        contact.phone = Some(phone.parse().unwrap());
        contacts::create(store, contact).await.unwrap();
    }
}

fn asking(text: &str) -> ListQuery {
    ListQuery {
        search: Some(text.to_owned()),
        ..ListQuery::default()
    }
}

pub(super) async fn found(store: &Store, text: &str) -> Vec<String> {
    let page = contacts::list(store, &asking(text).sorted("created_at"))
        .await
        .unwrap();
    page.items.into_iter().map(|row| row.contact.name).collect()
}

fn task_about(store: &TestStore, about: Subject) -> Task {
    Task {
        id: store.id(),
        title: "Send lamp".to_owned(),
        status: TaskStatus::Open,
        priority: Priority::Normal,
        due_on: None,
        subject: Some(about),
        owner_id: None,
        custom: Default::default(),
        created_at: now(),
        updated_at: now(),
        done_at: None,
        version: 1,
    }
}

pub(super) async fn titles(store: &Store, text: &str) -> Vec<String> {
    let hits = search::everywhere(store, text, 5).await.unwrap();
    hits.into_iter().map(|hit| hit.title).collect()
}

#[tokio::test]
async fn people_are_found_by_beginnings_of_what_they_are_known_by() {
    let store = TestStore::open().await;
    people(&store).await;
    let nobody: &[&str] = &[];

    for (text, names) in [
        ("KING", &["Ada King"][..]),
        ("k", &["Ada King"]),
        ("king ada", &["Ada King"]),
        ("ada@", nobody),
        ("ada.king@", &["Ada King"]),
        ("king@exa", &["Ada King"]),
        ("bob@", &["Bob \"The\" Builder"]),
        ("mail.example", &["Bob \"The\" Builder"]),
        ("example.cn", &["李明", "王小明"]),
        ("138", &["李明"]),
        ("+86138123", &["李明"]),
        ("138-1234", &["李明"]),
        ("5678", &["李明"]),
        ("１３８", &["李明"]),
        ("李", &["李明"]),
        ("明", &["李明", "王小明"]),
        ("小明", &["王小明"]),
        ("小 明", &["王小明"]),
        ("liming", &["李明"]),
        ("LiMing", &["李明"]),
        ("lim", &["李明"]),
        ("lm", &["李明"]),
        ("l", &["李明"]),
        ("xm", &["王小明"]),
        ("wang xiaoming", &["王小明"]),
        ("xiaoming 王小", &["王小明"]),
        ("com", nobody),
        ("zebra", nobody),
    ] {
        assert_eq!(found(&store, text).await, names, "{text}");
    }
}

#[tokio::test]
async fn both_scripts_of_chinese_find_each_other() {
    let store = TestStore::open().await;
    for name in ["张伟", "張偉國"] {
        contacts::create(&store, store.contact(name)).await.unwrap();
    }

    for text in ["张伟", "張偉", "zhangwei", "zw"] {
        assert_eq!(found(&store, text).await, ["张伟", "張偉國"], "{text}");
    }
    assert_eq!(found(&store, "国").await, ["張偉國"]);
}

#[tokio::test]
async fn a_nul_character_parts_words() {
    let store = TestStore::open().await;
    people(&store).await;

    assert_eq!(found(&store, "king\0ada").await, ["Ada King"]);
    assert_eq!(found(&store, "\0").await.len(), 4);
    assert!(titles(&store, "\0").await.is_empty());
    assert_eq!(titles(&store, "ada\0").await, ["Ada King"]);
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
        "ada NOT bob",
        "NEAR(",
        "%",
        "_da",
        "a_a",
        "a%a%z",
        "'; --",
        "terms:ada",
        "!ada | bob",
        "~",
    ] {
        assert!(found(&store, text).await.is_empty(), "{text}");
        assert!(titles(&store, text).await.is_empty(), "{text}");
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
    assert!(titles(&store, "ada").await.is_empty());
}

#[tokio::test]
async fn people_are_found_by_the_company_that_they_work_for() {
    let store = TestStore::open().await;
    let company = Company::named(store.id(), "上海浦东科技 Ltd", now());
    let id: CompanyId = company.id;
    let mut company = companies::create(&store, company).await.unwrap();
    let mut ada = store.contact("Ada King");
    ada.company_id = Some(id);
    contacts::create(&store, ada).await.unwrap();

    for text in ["浦东", "pudong", "shanghai ada", "ltd king"] {
        assert_eq!(found(&store, text).await, ["Ada King"], "{text}");
    }
    company.name = "Acme".to_owned();
    companies::update(&store, company, 1).await.unwrap();
    assert_eq!(found(&store, "acme").await, ["Ada King"]);
    assert!(found(&store, "浦东").await.is_empty());
}

#[tokio::test]
async fn people_are_found_by_the_whole_name_of_a_company_whose_words_many_others_bear() {
    let store = TestStore::open().await;
    let founded = async |name: &str| {
        let company = Company::named(store.id(), name, now());
        companies::create(&store, company).await.unwrap().id
    };
    let bosch = founded("Bosch GmbH").await;
    let mut anna = store.contact("Anna Lee");
    anna.company_id = Some(bosch);
    contacts::create(&store, anna).await.unwrap();
    for n in 0..65 {
        founded(&format!("Maker{n} GmbH")).await;
    }
    for text in ["bosch gmbh", "anna gmbh bosch", "b gmbh bosch"] {
        assert_eq!(found(&store, text).await, ["Anna Lee"], "{text}");
    }

    for n in 0..65 {
        founded(&format!("Bosch{n} KG")).await;
    }

    assert_eq!(found(&store, "gmbh bosch").await, ["Anna Lee"]);
    assert!(found(&store, "bosch kg").await.is_empty());
}

#[tokio::test]
async fn the_ending_of_a_domain_finds_no_company() {
    let store = TestStore::open().await;
    let mut company = Company::named(store.id(), "J.Smith", now());
    company.domain = Some("smith.example.com".to_owned());
    companies::create(&store, company).await.unwrap();

    for text in ["smith", "j.smith", "example.com"] {
        assert_eq!(titles(&store, text).await, ["J.Smith"], "{text}");
    }
    assert!(titles(&store, "com").await.is_empty());
}

#[tokio::test]
async fn a_kind_that_takes_too_long_to_search_leaves_the_others() {
    let store = TestStore::open_with(ListCost {
        kilosteps_max: 1,
        time_max: Duration::from_millis(100),
    })
    .await;
    for n in 0..60 {
        let contact = store.contact(&format!("Lamp {n}"));
        let contact = contacts::create(&store, contact).await.unwrap();
        let about = Subject::Contact(contact.id);
        tasks::create(&store, task_about(&store, about))
            .await
            .unwrap();
    }
    store
        .keep_product(store.product("AB-1", "Lamp"))
        .await
        .unwrap();

    let hits = search::everywhere(&store, "lamp", 5).await.unwrap();

    let n_of = |kind| hits.iter().filter(|hit| hit.kind == kind).count();
    assert_eq!(n_of(HitKind::Product), 1);
    if store.backend() == DbBackend::Sqlite {
        assert_eq!(n_of(HitKind::Task), 0);
    }
}

#[tokio::test]
async fn one_search_finds_all_kinds_of_records() {
    let store = TestStore::open().await;
    let person = contacts::create(&store, store.contact("Lampert"))
        .await
        .unwrap();
    let company = Company::named(store.id(), "Old Lamp Works", now());
    companies::create(&store, company).await.unwrap();
    store
        .keep_product(store.product("LAMP-7B", "Lamp, brass"))
        .await
        .unwrap();
    let about = Subject::Contact(person.id);
    let note = Note {
        id: store.id(),
        body: "Wants a\nlamp for the hall".to_owned(),
        subject: about,
        author_id: None,
        created_at: now(),
        updated_at: now(),
    };
    notes::create(&store, note).await.unwrap();
    tasks::create(&store, task_about(&store, about))
        .await
        .unwrap();

    let hits = search::everywhere(&store, " lamp ", 5).await.unwrap();

    let found: Vec<_> = hits
        .iter()
        .map(|hit| (hit.kind, hit.title.as_str(), hit.subtitle.as_str()))
        .collect();
    assert_eq!(
        found,
        [
            (HitKind::Contact, "Lampert", ""),
            (HitKind::Product, "Lamp, brass", "LAMP-7B"),
            (HitKind::Company, "Old Lamp Works", ""),
            (HitKind::Task, "Send lamp", "Lampert"),
            (HitKind::Note, "Wants a lamp for the hall", "Lampert"),
        ]
    );
    assert_eq!(hits[3].subject, Some(about));
    assert!(titles(&store, "  ").await.is_empty());
}

#[tokio::test]
async fn article_numbers_are_found_by_their_parts() {
    let store = TestStore::open().await;
    store
        .keep_product(store.product("AB-1234-X9", "Lamp"))
        .await
        .unwrap();

    for text in ["ab", "AB-12", "1234", "ab1234", "x9", "9"] {
        assert_eq!(titles(&store, text).await, ["Lamp"], "{text}");
        let page = products::list(&store, &asking(text)).await.unwrap();
        assert_eq!(page.items.len(), 1, "{text}");
    }
    assert!(titles(&store, "234").await.is_empty());
}

#[tokio::test]
async fn names_that_are_or_begin_with_the_text_come_first() {
    let store = TestStore::open().await;
    for name in [
        "Lampe", "Lamp", "Old Lamp", "My Lamp", "New Lamp", "Big Lamp",
    ] {
        contacts::create(&store, store.contact(name)).await.unwrap();
    }

    let hits = search::everywhere(&store, "lamp", 3).await.unwrap();

    let titles: Vec<_> = hits.iter().map(|hit| hit.title.as_str()).collect();
    assert_eq!(titles, ["Lamp", "Lampe", "Big Lamp"]);
}

#[tokio::test]
async fn a_common_word_is_looked_for_row_by_row_with_the_same_result() {
    let store = TestStore::open().await;
    people(&store).await;

    for text in ["l", "明", "example.cn", "138", "king ada", "ann"] {
        let [rare, common, tested] = search::all_conditions(&store, text).await;
        let count = async |condition: crate::sql::Sql| {
            let mut sql = crate::sql::Sql::new(store.backend());
            sql.push("SELECT c.name AS name FROM contacts c WHERE ");
            sql.append(condition).push(" ORDER BY c.id");
            let rows = sql.all(store.reader()).await.unwrap();
            let names = rows.iter().map(|row| row.try_get("", "name").unwrap());
            names.collect::<Vec<String>>()
        };
        let found = count(rare).await;
        assert_eq!(found, count(common).await, "{text}");
        assert_eq!(found, count(tested).await, "{text}");
    }
}

/// The store as somebody sees it who does not see a field of contacts.
fn without(store: &TestStore, field: &str) -> Store {
    let rules = [(field.to_owned(), FieldRule::Hidden)];
    let policy = RolePolicy {
        fields: [(ObjectKind::Contact, rules.into())].into(),
        ..RolePolicy::of(Role::Viewer)
    };
    let access = Access::alone(UserId(store.id()), policy);
    store.as_seen_by(Arc::new(access))
}

#[tokio::test]
async fn many_who_are_found_by_what_is_hidden_do_not_keep_an_older_one_from_being_found() {
    let store = TestStore::open().await;
    contacts::create(&store, store.contact("Quill Smith"))
        .await
        .unwrap();
    for n in 0..60 {
        let mut contact = store.contact(&format!("Person {n}"));
        contact.email = Some(format!("quill{n}@example.com").parse().unwrap());
        contacts::create(&store, contact).await.unwrap();
    }
    let part = without(&store, "email");
    let n_found = async |store: &Store, text: &str| {
        let all = ListQuery {
            limit: 100,
            ..asking(text)
        };
        contacts::list(store, &all).await.unwrap().items.len()
    };

    assert_eq!(n_found(&store, "quill").await, 61);
    assert_eq!(found(&part, "quill").await, ["Quill Smith"]);
    let hits = search::everywhere(&part, "quill", 5).await.unwrap();
    let titles: Vec<&str> = hits.iter().map(|hit| hit.title.as_str()).collect();
    assert_eq!(titles, ["Quill Smith"]);
    assert_eq!(n_found(&part, "person").await, 60);
}

#[tokio::test]
async fn records_are_looked_at_once_more_only_where_they_are_found_by_what_is_hidden() {
    let store = TestStore::open().await;
    for (key, is_searchable) in [("nick", true), ("shoe", false)] {
        let label = LocalizedText::new(key, key);
        let (object, kind) = (ObjectKind::Contact, CustomFieldKind::Text);
        let mut field = CustomField::new(store.id(), object, key, label, kind, now());
        field.is_searchable = is_searchable;
        custom_fields::create(&store, field).await.unwrap();
    }

    for (field, looks) in [
        ("email", true),
        ("custom.nick", true),
        ("custom.shoe", false),
        ("title", false),
    ] {
        let part = without(&store, field);
        let object = SearchObject::Contact;
        assert_eq!(search::looks_at_each(&part, object).await, looks, "{field}");
    }
}
