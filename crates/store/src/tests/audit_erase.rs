//! The audit: how far an erasure reaches, and what is noted of keys.

use rapport_domain::{
    Actor, ApiKeyId, AuditAction, AuditObject, Note, Subject, UserId, WebhookType,
};
use uuid::Uuid;

use super::audit::{entries, fault, person};
use super::{TestStore, now, service, webhooks};
use crate::audit::{self, Seen};
use crate::webhooks::NewDelivery;
use crate::{ListQuery, contacts, deals, notes};

#[tokio::test]
async fn an_erasure_reaches_what_is_said_on_the_deals_of_a_person_and_what_webhooks_sent() {
    let store = TestStore::open().await;
    let by = store.by(1);
    let ada = contacts::create(&by, store.contact("Ada")).await.unwrap();
    let owner = webhooks::user(&store).await;
    let hook = webhooks::webhook(&store, owner, &[WebhookType::ContactUpdated]).await;
    let pipeline = service::pipeline(&store).await;
    let mut deal = service::deal(&store, &pipeline);
    deal.contact_id = Some(ada.id);
    let deal = deals::create(&by, deal).await.unwrap();
    let note = |subject| Note {
        id: store.id(),
        body: "Ada likes tea".to_owned(),
        subject,
        author_id: None,
        created_at: now(),
        updated_at: now(),
    };
    let on_deal = note(Subject::Deal(deal.id));
    notes::create(&by, on_deal.clone()).await.unwrap();
    let other = contacts::create(&by, store.contact("Ben")).await.unwrap();
    notes::create(&by, note(Subject::Contact(other.id)))
        .await
        .unwrap();
    let sent = |type_name: &str, id: Uuid| NewDelivery {
        id: store.id(),
        webhook_id: hook.id,
        type_name: type_name.to_owned(),
        object: None,
        record_id: Some(id),
        body: "{}".to_owned(),
    };
    let told = vec![
        sent("contact.updated", ada.id.into()),
        sent("contact.deleted", ada.id.into()),
        sent("note.created", on_deal.id.into()),
        sent("contact.updated", other.id.into()),
    ];
    let changes = webhooks::outbox(&store).await;
    let no = changes[0].no;
    let told = told.into_iter().map(|one| (no, one)).collect();
    crate::webhooks::queue(&store, &changes, told, now())
        .await
        .unwrap();

    audit::erase(&store.by(3), AuditObject::Contact, ada.id.into())
        .await
        .unwrap();

    let all = entries(&store).await;
    let left: Vec<_> = all
        .iter()
        .filter(|entry| entry.changes.is_some() && entry.action != AuditAction::Erased)
        .map(|entry| entry.about_id.or(entry.object_id).unwrap())
        .collect();
    assert_eq!(left, [Uuid::from(other.id), other.id.into()], "{all:?}");
    assert_eq!(fault(&store).await, None);
    let page = crate::webhooks::list_deliveries(&store, hook.id, &ListQuery::default()).await;
    let kept = page.unwrap().items.into_iter();
    let kept: Vec<_> = kept.map(|row| (row.type_name, row.record_id)).collect();
    assert_eq!(kept.len(), 2, "{kept:?}");
    assert!(kept.contains(&("contact.deleted".to_owned(), Some(ada.id.into()))));
    assert!(kept.contains(&("contact.updated".to_owned(), Some(other.id.into()))));
}

#[tokio::test]
async fn a_check_during_erasures_finds_nothing_wrong() {
    let store = TestStore::open().await;
    let mut people = Vec::new();
    for n in 0..40 {
        let contact = store.contact(&format!("C{n}"));
        people.push(contacts::create(&store.by(1), contact).await.unwrap().id);
    }
    let by = store.by(2);
    let erasures = tokio::spawn(async move {
        for id in people {
            audit::erase(&by, AuditObject::Contact, id.into())
                .await
                .unwrap();
        }
    });

    while !erasures.is_finished() {
        assert_eq!(fault(&store).await, None);
    }

    erasures.await.unwrap();
    assert_eq!(fault(&store).await, None);
}

#[tokio::test]
async fn what_a_key_sees_of_a_record_is_noted_once_a_day() {
    let store = TestStore::open().await;
    let ada = contacts::create(&store, store.contact("Ada"))
        .await
        .unwrap();
    let key = Actor::ApiKey {
        key_id: ApiKeyId(Uuid::from_u128(7)),
        user_id: UserId(Uuid::from_u128(1)),
    };
    let seen = |actor, seconds| Seen {
        actor,
        at: now().plus_seconds(seconds),
        object: AuditObject::Contact,
        id: ada.id.into(),
    };
    let person = person(1, 0).actor;

    let batches = [
        vec![seen(key, 0), seen(key, 1), seen(person, 2)],
        vec![seen(key, 900), seen(person, 900)],
        vec![seen(key, 86_400)],
    ];
    for batch in batches {
        audit::note_seen(&store, batch).await.unwrap();
    }

    let views: Vec<_> = entries(&store).await;
    let views: Vec<_> = views.iter().map(|entry| (entry.actor, entry.at)).collect();
    let at = |seconds| now().plus_seconds(seconds);
    assert_eq!(
        views,
        [
            (key, at(0)),
            (person, at(2)),
            (person, at(900)),
            (key, at(86_400))
        ]
    );
}
