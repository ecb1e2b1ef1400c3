//! Who a row is about.

use rapport_domain::{ImportId, MatchRule, SourceIdentity};
use serde_json::json;

use super::{TestStore, now};
use crate::contacts;
use crate::identities::{self, PersonKey, PersonMatch};
use crate::imports::{self, ImportBatch, NewImport};
use crate::jobs::NewJob;

fn key(external_id: Option<&str>, email: Option<&str>, phone: Option<&str>) -> PersonKey {
    PersonKey {
        external_id: external_id.map(str::to_owned),
        email: email.map(|email| email.parse().unwrap()),
        phone: phone.map(|phone| phone.parse().unwrap()),
    }
}

/// Ada, known to the shop under a number, with an e-mail address and a phone number.
async fn known(store: &TestStore) -> SourceIdentity {
    let shop = store.source("shop").await;
    let import: ImportId = store.id();
    let new = NewImport {
        id: import,
        source_id: shop,
        file_name: "contacts.csv".to_owned(),
        bytes: 1,
        entity: None,
        format: json!(null),
        mapping: json!(null),
        preview: json!(null),
        columns: Vec::new(),
        created_by: None,
    };
    imports::create(store, new, now()).await.unwrap();
    let job = NewJob {
        id: store.id(),
        kind: "import".to_owned(),
        payload: json!(null),
        unique_key: None,
        run_at: now(),
        attempts_max: 1,
    };
    imports::queue(store, import, job, now()).await.unwrap();
    imports::start(store, import, now()).await.unwrap();
    let ada = store.contact("Ada");
    let identity = SourceIdentity {
        id: store.id(),
        source_id: shop,
        profile_key: "17850".to_owned(),
        email: Some("ada@example.com".parse().unwrap()),
        phone: Some("+441632960001".parse().unwrap()),
        contact_id: ada.id,
        rule: MatchRule::Created,
        linked_at: now(),
    };
    let mut batch = ImportBatch::empty(import, 0);
    batch.contacts = vec![ada];
    batch.identities = vec![identity.clone()];
    imports::commit_batch(store, batch).await.unwrap();
    identity
}

#[tokio::test]
async fn a_person_is_recognized_by_number_then_e_mail_then_phone() {
    let store = TestStore::open().await;
    let ada = known(&store).await;
    let blog = store.source("blog").await;
    let matched = |identity_id, rule| {
        Some(PersonMatch {
            contact_id: ada.contact_id,
            identity_id,
            rule,
            // The identity has both; one that is yet to be linked has nothing.
            has_email: identity_id.is_some(),
            has_phone: identity_id.is_some(),
        })
    };

    let keys = [
        key(Some("17850"), None, None),
        key(Some("99999"), Some("ada@example.com"), None),
        key(None, None, Some("+441632960001")),
        key(Some("99999"), None, None),
        key(None, None, None),
    ];
    let in_shop = identities::resolve(&store, ada.source_id, &keys)
        .await
        .unwrap();
    let in_blog = identities::resolve(&store, blog, &keys).await.unwrap();

    assert_eq!(
        in_shop,
        [
            matched(Some(ada.id), MatchRule::ExternalId),
            matched(None, MatchRule::Email),
            matched(None, MatchRule::Phone),
            None,
            None,
        ]
    );
    // A number means nothing at another source.
    assert_eq!(in_blog[0], None);
    assert_eq!(in_blog[1], matched(None, MatchRule::Email));
}

#[tokio::test]
async fn a_contact_made_by_hand_is_recognized_by_its_address() {
    let store = TestStore::open().await;
    let shop = store.source("shop").await;
    let mut bob = store.contact("Bob");
    bob.email = Some("bob@example.com".parse().unwrap());
    contacts::create(&store, bob.clone()).await.unwrap();

    let keys = [key(None, Some("bob@example.com"), None)];
    let found = identities::resolve(&store, shop, &keys).await.unwrap();

    assert_eq!(found[0].unwrap().contact_id, bob.id);
}

#[tokio::test]
async fn thousands_of_keys_are_answered_in_their_order() {
    let store = TestStore::open().await;
    let ada = known(&store).await;
    let mut keys: Vec<_> = (0..25_000)
        .map(|n| {
            key(
                Some(&format!("c{n}")),
                Some(&format!("c{n}@example.org")),
                None,
            )
        })
        .collect();
    keys[24_000] = key(Some("17850"), None, None);

    let found = identities::resolve(&store, ada.source_id, &keys)
        .await
        .unwrap();

    assert_eq!(found.len(), 25_000);
    assert_eq!(found.iter().position(Option::is_some), Some(24_000));
}
