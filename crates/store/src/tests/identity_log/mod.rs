//! Who is whom, as a log: a company of people with everything that hangs on them.

mod ends;
mod merges;
mod people;
mod places;
mod random;
mod survivorship;

use std::collections::BTreeMap;

use futures::FutureExt as _;
use rapport_domain::{
    Channel, Consent, ConsentStatus, Contact, ContactId, ModelId, Note, Priority, Purpose, Share,
    Sharer, SourceId, Subject, Task, TaskStatus, UserId,
};
use sea_orm::EntityTrait;
use serde::Serialize;
use serde_json::Value as Json;
use uuid::Uuid;

use super::audit::person;
use super::imports::identity;
use super::segmentations::learned;
use super::{TestStore, line, now, service, webhooks};
use crate::codec::{self, Columns};
use crate::entities::{
    self, consent, contact, deal, note, order, score, segment_member, task, ticket,
};
use crate::identity_log::{self, Merge, Merged, Unmerge, Unmerged};
use crate::orders::{TotalsScope, refresh_totals};
use crate::shares::{self, OwnedRecord};
use crate::{
    Store, StoreError, bulk, consents, contacts, deals, notes, segmentations, tasks, tickets,
};

/// A store in which one person acts, each time some seconds later.
struct World {
    store: TestStore,
    by: Store,
    user: UserId,
    shop: SourceId,
}

impl World {
    async fn open() -> Self {
        let store = TestStore::open().await;
        let user = webhooks::user(&store).await;
        let by = store.by(1);
        let shop = store.source("shop").await;
        Self {
            store,
            by,
            user,
            shop,
        }
    }

    /// The store some seconds later.
    fn at(&self, seconds: i64) -> Store {
        self.store.in_name_of(person(1, seconds))
    }

    /// A contact with one identity at the shop and an order there.
    async fn person(&self, name: &str) -> Contact {
        let contact = self.store.contact(name);
        self.named(contact).await
    }

    async fn named(&self, contact: Contact) -> Contact {
        let contact = contacts::create(&self.by, contact).await.unwrap();
        self.identity(contact.id, &format!("no {}", contact.name))
            .await;
        self.order(contact.id, &contact.name, 100).await;
        contact
    }

    async fn identity(&self, contact: ContactId, key: &str) -> Uuid {
        let identity = identity(&self.store, self.shop, contact, key);
        let id = identity.id.into();
        self.keep::<entities::identity::Entity>(identity.into())
            .await;
        self.store
            .write(move |tx| {
                async move { contacts::refresh_words(tx, &[contact.into()]).await }.boxed()
            })
            .await
            .unwrap();
        id
    }

    async fn order(&self, contact: ContactId, number: &str, amount: i64) -> Uuid {
        let mut order = self.store.order(self.shop, number);
        order.contact_id = Some(contact);
        order.amount_minor = amount;
        let id = order.id;
        self.keep::<order::Entity>(order.into()).await;
        self.keep::<entities::order_line::Entity>(line(id, 1, 1.0, amount).into())
            .await;
        self.total(contact).await;
        id.into()
    }

    async fn total(&self, contact: ContactId) {
        let scope = TotalsScope::Of {
            contacts: vec![contact],
            products: Vec::new(),
        };
        refresh_totals(&self.store, scope).await.unwrap();
    }

    async fn keep<E>(&self, row: E::Model)
    where
        E: bulk::Writable + 'static,
        E::Model: Send + Sync,
    {
        self.store
            .write(move |tx| {
                async move { bulk::insert::<E>(tx, vec![row], "").await.map(drop) }.boxed()
            })
            .await
            .unwrap();
    }

    /// A deal, a ticket, a task, a note, a consent and a share of a contact.
    async fn surround(&self, contact: ContactId, status: ConsentStatus) {
        let pipeline = service::pipeline(&self.store).await;
        let mut deal = service::deal(&self.store, &pipeline);
        deal.contact_id = Some(contact);
        deals::create(&self.by, deal).await.unwrap();
        let mut ticket = service::ticket(&self.store, "Lost parcel", Priority::High);
        ticket.contact_id = Some(contact);
        tickets::create(&self.by, ticket).await.unwrap();
        let task = Task {
            id: self.store.id(),
            title: "Call".to_owned(),
            status: TaskStatus::Open,
            priority: Priority::Low,
            due_on: None,
            subject: Some(Subject::Contact(contact)),
            owner_id: None,
            custom: Default::default(),
            created_at: now(),
            updated_at: now(),
            done_at: None,
            version: 1,
        };
        tasks::create(&self.by, task).await.unwrap();
        let note = Note {
            id: self.store.id(),
            body: "Likes tea".to_owned(),
            subject: Subject::Contact(contact),
            author_id: None,
            created_at: now(),
            updated_at: now(),
        };
        notes::create(&self.by, note).await.unwrap();
        self.consent(contact, status, -60).await;
        let record = OwnedRecord::of(rapport_domain::ObjectKind::Contact, contact.into()).unwrap();
        let share = Share {
            with: Sharer::User(self.user),
            may_write: true,
        };
        shares::set(&self.by, record, vec![(self.store.id(), share)])
            .await
            .unwrap();
    }

    /// A statement on marketing by e-mail, some seconds after the suite's present.
    async fn consent(&self, contact: ContactId, status: ConsentStatus, seconds: i64) {
        let consent = Consent {
            id: self.store.id(),
            contact_id: contact,
            purpose: Purpose::Marketing,
            channel: Some(Channel::Email),
            status,
            source: "form".to_owned(),
            stated_at: now().plus_seconds(seconds),
        };
        consents::create(&self.store, consent).await.unwrap();
    }

    async fn allows_marketing(&self, contact: ContactId) -> bool {
        let said = consents::list_of(&self.store, contact).await.unwrap();
        Consent::allows(&said, Purpose::Marketing, Channel::Email)
    }

    /// Segments and scores of two people.
    async fn learn(&self, people: &[Contact; 2]) {
        let new = learned(&self.store, people).await;
        let model: ModelId = new.origin.as_ref().unwrap().model.id;
        segmentations::publish(&self.store, new).await.unwrap();
        for contact in people {
            self.keep::<score::Entity>(score::Model {
                contact_id: contact.id.into(),
                kind: "churn".to_owned(),
                model_id: model.into(),
                value: contact.name.len() as f64 / 100.0,
                lower: None,
                upper: None,
                reasons: "[]".to_owned(),
                snapshot: None,
                seed: 1,
                as_of: now().as_micros(),
            })
            .await;
        }
    }

    async fn merge(&self, from: ContactId, into: ContactId) -> Result<Merged, StoreError> {
        identity_log::merge(&self.at(10), Merge::of(from, into)).await
    }

    async fn unmerge(&self, merge: i64) -> Result<Unmerged, StoreError> {
        identity_log::unmerge(&self.at(20), Unmerge::of(merge)).await
    }

    async fn find(&self, contact: ContactId) -> Contact {
        let found = contacts::find(&self.store, contact).await.unwrap();
        found.unwrap()
    }

    /// All that hangs on contacts and the contacts themselves, but for what tells how often and when each
    /// was written.
    async fn dump(&self) -> BTreeMap<String, Columns> {
        let mut dump = BTreeMap::new();
        macro_rules! dump {
            ($($module:ident)+) => {$(
                self.rows::<$module::Entity>(stringify!($module), &mut dump).await;
            )+};
        }
        use entities::identity;
        dump!(contact identity order deal ticket task note consent segment_member score);
        let record = |contact: &Columns| {
            let id: Uuid = contact["id"].as_str().unwrap().parse().unwrap();
            OwnedRecord::of(rapport_domain::ObjectKind::Contact, id).unwrap()
        };
        let people = dump.iter().filter(|(key, _)| key.starts_with("contact "));
        let people: Vec<(String, OwnedRecord)> = people
            .map(|(key, row)| (key.clone(), record(row)))
            .collect();
        for (key, record) in people {
            let shares = shares::list(&self.store, record).await.unwrap();
            let shares: Columns = shares
                .into_iter()
                .map(|row| (row.name, Json::Bool(row.share.may_write)))
                .collect();
            dump.insert(format!("shares of {key}"), shares);
        }
        dump
    }

    async fn rows<E>(&self, table: &str, dump: &mut BTreeMap<String, Columns>)
    where
        E: EntityTrait<Model: Serialize>,
    {
        for (idx, row) in E::find()
            .all(self.store.reader())
            .await
            .unwrap()
            .iter()
            .enumerate()
        {
            let mut columns = codec::columns(row);
            columns.remove("version");
            columns.remove("updated_at");
            // Words stand in the order in which they came.
            if let Some(Json::String(text)) = columns.get_mut("search_text") {
                let mut words: Vec<&str> = text.lines().collect();
                words.sort_unstable();
                words.dedup();
                *text = words.join("\n");
            }
            let key = match columns.get("id") {
                Some(id) => id.to_string(),
                None => format!("{} {}", columns["contact_id"], idx),
            };
            let key = match table {
                // They have no identifier of their own.
                "segment_member" => {
                    format!("{} {}", columns["contact_id"], columns["segmentation_id"])
                }
                "score" => format!("{} {}", columns["contact_id"], columns["model_id"]),
                _ => key,
            };
            dump.insert(format!("{table} {key}"), columns);
        }
    }
}
