//! Acts beside changes of single records: what is noted of them, and what they do to many at once.

use std::time::Duration;

use futures::FutureExt as _;
use rapport_domain::{AuditAction, AuditObject, Company, Language, Note, Role, Subject};
use serde_json::{Value as Json, json};

use super::audit::{entries, fault, person, told};
use super::boards::{deal, pipeline};
use super::{TestStore, now};
use crate::entities::contact;
use crate::pipelines::{self, Move};
use crate::sessions::{self, Browser, SessionToken};
use crate::users::{self, NewUser};
use crate::{ListQuery, bulk, companies, contacts, deals, notes, sources};

const DAY: Duration = Duration::from_secs(86_400);

/// More than are noted at a time.
const N_MANY: usize = 1_001;

#[tokio::test]
async fn a_source_is_noted_once_when_it_is_made() {
    let store = TestStore::open().await;
    for _ in 0..2 {
        let by = store.by(1);
        sources::find_or_create(&by, "Shop", store.id(), now())
            .await
            .unwrap();
    }

    let [made] = &entries(&store).await[..] else {
        panic!("one entry");
    };

    let kind = (made.action, made.object);
    assert_eq!(kind, (AuditAction::Created, AuditObject::Source));
    assert_eq!(told(made)["name"], (Json::Null, json!("Shop")));
}

#[tokio::test]
async fn ending_sessions_is_noted_with_their_number_and_ending_none_is_not() {
    let store = TestStore::open().await;
    let new = NewUser {
        id: store.id(),
        email: "ada@example.com".parse().unwrap(),
        name: "Ada".to_owned(),
        role: Role::Member,
        language: Language::En,
        password: "correct horse".to_owned(),
    };
    let ada = users::create(&store, new, now()).await.unwrap();
    for _ in 0..3 {
        let token = SessionToken::generate();
        sessions::create(&store, &token, ada.id, Browser::default(), now(), DAY)
            .await
            .unwrap();
    }
    let open = sessions::list_of(&store, ada.id, now()).await.unwrap();

    let by = store.by(1);
    sessions::end_one(&by, ada.id, open[0].id).await.unwrap();
    sessions::end_all(&by, ada.id).await.unwrap();
    sessions::end_all(&by, ada.id).await.unwrap();

    let noted = entries(&store).await;
    let numbers: Vec<_> = noted
        .iter()
        .map(|it| told(it)["sessions"].clone())
        .collect();
    assert_eq!(numbers, [(json!(1), Json::Null), (json!(2), Json::Null)]);
    let is_of_ada = |it: &crate::audit::AuditEntry| it.object_id == Some(ada.id.into());
    assert!(noted.iter().all(is_of_ada), "{noted:?}");
    assert!(noted.iter().all(|it| it.action == AuditAction::Revoked));
}

#[tokio::test]
async fn people_of_a_deleted_company_are_told_of_by_version_and_entry_however_many_they_are() {
    let store = TestStore::open().await;
    let company = Company::named(store.id(), "Engines", now());
    let company = companies::create(&store, company).await.unwrap();
    let rows = (0..N_MANY).map(|n| {
        let mut one = store.contact(&format!("Person {n}"));
        one.company_id = Some(company.id);
        contact::Model::with_words(one, &[])
    });
    let rows: Vec<_> = rows.collect();
    let some = rows[0].id;
    store
        .write(move |tx| {
            async move {
                bulk::insert::<contact::Entity>(tx, rows, "").await?;
                Ok(())
            }
            .boxed()
        })
        .await
        .unwrap();

    let later = store.in_name_of(person(1, 60));
    companies::delete(&later, company.id, 1).await.unwrap();

    let one = contacts::find(&store, some.into()).await.unwrap().unwrap();
    assert_eq!((one.company_id, one.version), (None, 2));
    assert_eq!(one.updated_at, now().plus_seconds(60));
    let noted = ListQuery {
        estimate: true,
        ..ListQuery::default()
    };
    let noted = crate::audit::list(&store, &noted).await.unwrap();
    // One entry tells of the deletion itself.
    assert_eq!(noted.estimate, Some(N_MANY as u64 + 1));
    assert_eq!(fault(&store).await, None);
}

#[tokio::test]
async fn deals_of_a_removed_stage_are_noted_however_many_they_are() {
    let store = TestStore::open().await;
    let mut sales = pipeline(&store).await;
    for n in 0..3 {
        deal(&store, &sales, sales.stages[0].id, None, n).await;
    }
    let removed = sales.stages.remove(0);
    let moves = vec![Move {
        from: removed.id,
        to: sales.stages[0].id,
    }];

    let by = store.by(1);
    pipelines::update(&by, sales.clone(), moves, 1, now())
        .await
        .unwrap();

    let moved = deals::list(&store, &ListQuery::default()).await.unwrap();
    assert!(
        moved
            .items
            .iter()
            .all(|row| row.deal.stage_id == sales.stages[0].id)
    );
    let noted = entries(&store).await;
    let of = |object| noted.iter().filter(|it| it.object == object).count();
    assert_eq!((of(AuditObject::Deal), of(AuditObject::Pipeline)), (3, 1));
}

#[tokio::test]
async fn the_first_pipeline_is_made_once() {
    let store = TestStore::open().await;
    let usual = || rapport_domain::Pipeline::usual(Language::Zh, store.id(), || store.id());

    assert!(
        pipelines::create_first(&store, usual(), now())
            .await
            .unwrap()
    );
    assert!(
        !pipelines::create_first(&store, usual(), now())
            .await
            .unwrap()
    );

    let [kept] = &pipelines::list(&store).await.unwrap()[..] else {
        panic!("one pipeline");
    };
    assert_eq!(kept.name, "销售");
    assert_eq!(kept.stages.len(), 6);
}

#[tokio::test]
async fn a_note_is_changed_and_deleted_only_as_it_was_read() {
    let store = TestStore::open().await;
    let ada = contacts::create(&store, store.contact("Ada"))
        .await
        .unwrap();
    let read = Note {
        id: store.id(),
        body: "Likes tea".to_owned(),
        subject: Subject::Contact(ada.id),
        author_id: None,
        created_at: now(),
        updated_at: now(),
    };
    notes::create(&store, read.clone()).await.unwrap();
    let with = |body: &str| Note {
        body: body.to_owned(),
        ..read.clone()
    };
    notes::update(&store, with("Likes coffee")).await.unwrap();

    let set_back = notes::update_as_read(&store, with(""), read.clone()).await;
    assert!(set_back.is_err(), "a note is not empty");
    let late = notes::update_as_read(&store, with("Likes milk"), read.clone()).await;
    assert!(!late.unwrap());
    assert!(!notes::delete_as_read(&store, read.clone()).await.unwrap());

    let kept = notes::find(&store, read.id).await.unwrap().unwrap();
    assert_eq!(kept.body, "Likes coffee");
    assert!(notes::delete_as_read(&store, kept).await.unwrap());
    assert_eq!(notes::find(&store, read.id).await.unwrap(), None);
}
