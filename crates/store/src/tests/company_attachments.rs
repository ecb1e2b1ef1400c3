//! Contacts are attached to the company of their e-mail domain where that is certain, with a reason, and not
//! against what somebody has decided.

use rapport_domain::{Actor, Author, Company, CompanyId, Contact, ContactId, SystemActor};

use super::audit::entries;
use super::{TestStore, now};
use crate::company_attachments::{self, AttachmentRule, Colleagues, CompanyReason};
use crate::settings::{self, WorkspaceSettings};
use crate::{Store, companies, contacts};

async fn company(store: &Store, id: CompanyId, name: &str, domain: Option<&str>) -> CompanyId {
    let mut company = Company::named(id, name, now());
    company.domain = domain.map(str::to_owned);
    companies::create(store, company).await.unwrap().id
}

async fn contact(store: &TestStore, email: &str, company: Option<CompanyId>) -> ContactId {
    let mut contact = store.contact("Ada");
    contact.email = Some(email.parse().unwrap());
    contact.company_id = company;
    contacts::create(store, contact).await.unwrap().id
}

async fn switched_on() -> TestStore {
    let store = TestStore::open().await;
    let on = WorkspaceSettings {
        attaches_companies: true,
        ..WorkspaceSettings::default()
    };
    settings::save_workspace(&store, &on).await.unwrap();
    store
}

/// The store in the program's own name, some seconds later.
fn program(store: &TestStore, seconds: i64) -> Store {
    let actor = Actor::System(SystemActor::Matching);
    store.in_name_of(Author::new(actor, now().plus_seconds(seconds)))
}

async fn attach_all(store: &TestStore) -> u64 {
    let colleagues = company_attachments::colleagues(store).await.unwrap();
    let open = company_attachments::list_open(store, None, 100)
        .await
        .unwrap();
    let by = program(store, 10);
    company_attachments::attach(&by, open, &colleagues)
        .await
        .unwrap()
}

async fn find(store: &Store, id: ContactId) -> Contact {
    contacts::find(store, id).await.unwrap().unwrap()
}

async fn reason(store: &Store, id: ContactId) -> Option<CompanyReason> {
    company_attachments::reason_of(store, id).await.unwrap()
}

#[tokio::test]
async fn a_contact_gets_the_only_company_of_its_domain_and_says_why() {
    let store = switched_on().await;
    let acme = company(&store, store.id(), "Acme", Some("acme.example")).await;
    company(&store, store.id(), "One", Some("both.example")).await;
    company(&store, store.id(), "Other", Some("both.example")).await;
    company(&store, store.id(), "Mail", Some("qq.com")).await;
    let ada = contact(&store, "ada@acme.example", None).await;
    let rest = ["a@both.example", "b@qq.com", "c@unknown.example"];
    let mut unclear = Vec::new();
    for email in rest {
        unclear.push(contact(&store, email, None).await);
    }

    let n_attached = attach_all(&store).await;

    assert_eq!(n_attached, 1);
    assert_eq!(find(&store, ada).await.company_id, Some(acme));
    for id in unclear {
        assert_eq!(find(&store, id).await.company_id, None);
        assert_eq!(reason(&store, id).await, None);
    }
    let why = reason(&store, ada).await.unwrap();
    assert_eq!((why.company.id, why.rule), (acme, AttachmentRule::Domain));
    assert_eq!(why.domain, "acme.example");
    assert_eq!(why.attached_at, Some(now().plus_seconds(10)));
    let by = entries(&store).await.pop().unwrap().actor;
    assert_eq!(by, Actor::System(SystemActor::Matching));
}

#[tokio::test]
async fn a_company_without_a_domain_is_known_by_where_most_of_its_people_are() {
    let store = switched_on().await;
    let acme = company(&store, store.id(), "Acme", None).await;
    for name in ["a", "b", "c"] {
        contact(&store, &format!("{name}@acme.example"), Some(acme)).await;
    }
    contact(&store, "d@gmail.com", Some(acme)).await;
    let few = company(&store, store.id(), "Few", None).await;
    contact(&store, "a@few.example", Some(few)).await;
    let (ada, bob) = (
        contact(&store, "ada@acme.example", None).await,
        contact(&store, "bob@few.example", None).await,
    );

    attach_all(&store).await;

    assert_eq!(find(&store, ada).await.company_id, Some(acme));
    let why = reason(&store, ada).await.unwrap();
    assert_eq!(why.rule, AttachmentRule::Colleagues);
    assert_eq!(find(&store, bob).await.company_id, None);
}

#[tokio::test]
async fn a_company_that_somebody_takes_away_is_neither_attached_nor_suggested_again() {
    let store = switched_on().await;
    company(&store, store.id(), "Acme", Some("www.acme.example")).await;
    let ada = contact(&store, "ada@acme.example", None).await;
    attach_all(&store).await;
    let mut contact = find(&store, ada).await;
    assert!(contact.company_id.is_some());

    contact.company_id = None;
    let version = contact.version;
    contacts::update(&store, contact, version).await.unwrap();
    let (by, nobody) = (program(&store, 20), Colleagues::default());
    let again = company_attachments::attach(&by, vec![ada], &nobody).await;

    assert_eq!(again.unwrap(), 0);
    assert_eq!(attach_all(&store).await, 0);
    assert_eq!(find(&store, ada).await.company_id, None);
    assert_eq!(reason(&store, ada).await, None);
}

#[tokio::test]
async fn nothing_is_attached_where_it_is_off_but_suggested() {
    let store = TestStore::open().await;
    let acme = company(&store, store.id(), "Acme", Some("acme.example")).await;
    let ada = contact(&store, "ada@acme.example", None).await;

    let n_attached = attach_all(&store).await;

    assert_eq!((n_attached, find(&store, ada).await.version), (0, 1));
    let why = reason(&store, ada).await.unwrap();
    assert_eq!((why.company.id, why.attached_at), (acme, None));
}

#[tokio::test]
async fn who_has_a_company_keeps_it() {
    let store = switched_on().await;
    company(&store, store.id(), "Acme", Some("acme.example")).await;
    let own = company(&store, store.id(), "Own", None).await;
    let ada = contact(&store, "ada@acme.example", Some(own)).await;

    assert_eq!(attach_all(&store).await, 0);

    assert_eq!(find(&store, ada).await.company_id, Some(own));
    assert_eq!(reason(&store, ada).await, None);
}
