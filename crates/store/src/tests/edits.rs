//! Records that people edit: written, found, changed under a version, deleted.

use rapport_domain::{
    Company, CustomField, CustomFieldKind, CustomValue, LocalizedText, ObjectKind,
};

use super::{TestStore, address_in, now};
use crate::{ListQuery, Op, StoreError, companies, contacts, custom_fields, products};

#[tokio::test]
async fn a_contact_reads_back_as_written() {
    let store = TestStore::open().await;
    let mut ada = store.contact("Ada King");
    ada.email = Some("ada@example.com".parse().unwrap());
    ada.phone = Some("+441632960001".parse().unwrap());
    ada.address = address_in("London");
    ada.tags = vec!["vip".to_owned()];
    ada.custom = [("shoe_size".to_owned(), CustomValue::Number(38.5))].into();

    contacts::create(&store, ada.clone()).await.unwrap();

    assert_eq!(
        contacts::find(&store, ada.id).await.unwrap(),
        Some(ada.clone())
    );
    assert_eq!(contacts::find_many(&store, &[ada.id]).await.unwrap(), [ada]);
}

#[tokio::test]
async fn a_change_of_an_outdated_contact_is_refused() {
    let store = TestStore::open().await;
    let mut ada = contacts::create(&store, store.contact("Ada"))
        .await
        .unwrap();
    ada.title = Some("Countess".to_owned());

    let changed = contacts::update(&store, ada.clone(), 1).await.unwrap();
    let refused = contacts::update(&store, ada.clone(), 1).await;

    assert_eq!(changed.version, 2);
    assert!(matches!(
        refused,
        Err(StoreError::Conflict {
            object: "contact",
            expected: 1,
            found: 2
        })
    ));
    let gone = contacts::update(&store, store.contact("Nobody"), 1).await;
    assert!(matches!(gone, Err(StoreError::NotFound { .. })));
}

#[tokio::test]
async fn an_edit_leaves_what_is_derived_from_orders() {
    let store = TestStore::open().await;
    let mut ada = store.contact("Ada");
    ada.n_orders = 3;
    contacts::create(&store, ada.clone()).await.unwrap();
    ada.n_orders = 99;

    let changed = contacts::update(&store, ada, 1).await.unwrap();

    assert_eq!(changed.n_orders, 3);
}

#[tokio::test]
async fn a_contact_is_deleted_only_in_the_version_that_was_read() {
    let store = TestStore::open().await;
    let ada = contacts::create(&store, store.contact("Ada"))
        .await
        .unwrap();

    let refused = contacts::delete(&store, ada.id, 7).await;
    contacts::delete(&store, ada.id, 1).await.unwrap();

    assert!(matches!(refused, Err(StoreError::Conflict { .. })));
    assert_eq!(contacts::find(&store, ada.id).await.unwrap(), None);
}

#[tokio::test]
async fn a_contact_of_a_company_that_is_not_there_is_refused() {
    let store = TestStore::open().await;
    let mut ada = store.contact("Ada");
    ada.company_id = Some(store.id());

    let refused = contacts::create(&store, ada).await;

    assert!(matches!(
        refused,
        Err(StoreError::BrokenReference { object: "contact" })
    ));
}

#[tokio::test]
async fn a_contact_without_a_name_is_refused() {
    let store = TestStore::open().await;

    let refused = contacts::create(&store, store.contact(" ")).await;

    assert!(matches!(refused, Err(StoreError::Invalid(_))));
}

#[tokio::test]
async fn contacts_are_found_by_the_new_name_of_their_company() {
    let store = TestStore::open().await;
    let company = Company::named(store.id(), "Analytical Engines", now());
    let mut company = companies::create(&store, company).await.unwrap();
    let mut ada = store.contact("Ada");
    ada.company_id = Some(company.id);
    contacts::create(&store, ada).await.unwrap();

    company.name = "Difference Engines".to_owned();
    let company = companies::update(&store, company, 1).await.unwrap();

    let search = |text: &str| ListQuery {
        search: Some(text.to_owned()),
        ..ListQuery::default()
    };
    let found = contacts::list(&store, &search("difference")).await.unwrap();
    assert_eq!(found.items.len(), 1);
    assert_eq!(
        found.items[0].company.as_ref().unwrap().name,
        "Difference Engines"
    );
    let lost = contacts::list(&store, &search("analytical")).await.unwrap();
    assert!(lost.items.is_empty());
    let row = companies::find_row(&store, company.id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((row.n_contacts, row.company.version), (1, 2));
    let names = ["  difference engines ".to_owned()];
    let by_name = companies::find_by_names(&store, &names).await.unwrap();
    assert_eq!(by_name, [("difference engines".to_owned(), company.id)]);
}

#[tokio::test]
async fn deleting_a_company_keeps_its_contacts() {
    let store = TestStore::open().await;
    let company = Company::named(store.id(), "Engines", now());
    let company = companies::create(&store, company).await.unwrap();
    let mut ada = store.contact("Ada");
    ada.company_id = Some(company.id);
    contacts::create(&store, ada.clone()).await.unwrap();

    companies::delete(&store, company.id, 1).await.unwrap();

    let ada = contacts::find(&store, ada.id).await.unwrap().unwrap();
    assert_eq!(ada.company_id, None);
}

#[tokio::test]
async fn a_stock_keeping_unit_is_taken_once() {
    let store = TestStore::open().await;
    let lamp = store.product("L-1", "Lamp");
    store.keep_product(lamp.clone()).await.unwrap();

    let refused = store.keep_product(store.product("L-1", "Other lamp")).await;

    assert!(matches!(
        refused,
        Err(StoreError::Duplicate { object: "product" })
    ));
    let known = products::find_by_skus(&store, &["L-1".to_owned(), "X".to_owned()])
        .await
        .unwrap();
    assert_eq!(known.len(), 1);
    assert_eq!(known["L-1"], lamp);
    let query = ListQuery::default().with("sku", Op::Eq, "L-1");
    assert_eq!(products::list(&store, &query).await.unwrap().items, [lamp]);
}

#[tokio::test]
async fn a_custom_field_has_a_key_of_its_own_per_object() {
    let store = TestStore::open().await;
    let field = |object| {
        let label = LocalizedText::new("Shoe size", "鞋码");
        let kind = CustomFieldKind::choice(["S", "L"]);
        CustomField::new(store.id(), object, "shoe_size", label, kind, now())
    };
    let of_contacts = custom_fields::create(&store, field(ObjectKind::Contact))
        .await
        .unwrap();
    custom_fields::create(&store, field(ObjectKind::Deal))
        .await
        .unwrap();

    let refused = custom_fields::create(&store, field(ObjectKind::Contact)).await;

    assert!(matches!(refused, Err(StoreError::Duplicate { .. })));
    let listed = custom_fields::list(&store, Some(ObjectKind::Contact))
        .await
        .unwrap();
    assert_eq!(listed, std::slice::from_ref(&of_contacts));
    let in_use = custom_fields::delete(&store, of_contacts.id, 1).await;
    assert!(matches!(in_use, Err(StoreError::WrongState { .. })));
    let mut archived = of_contacts.clone();
    archived.archived_at = Some(now());
    let archived = custom_fields::update(&store, archived, 1).await.unwrap();
    custom_fields::delete(&store, archived.id, 2).await.unwrap();
    assert_eq!(custom_fields::list(&store, None).await.unwrap().len(), 1);
}
