//! Webhooks: what the outbox is told.

use futures::FutureExt as _;
use rapport_domain::{Language, Note, Role, Subject, UserId, Webhook, WebhookObject, WebhookType};
use sea_orm::{ConnectionTrait as _, DbBackend};

use super::imports::running;
use super::{TestStore, boards, now};
use crate::imports::{self, ImportBatch};
use crate::sql::{self, Sql};
use crate::users::{self, NewUser};
use crate::webhooks::{self, Change, ChangeKind, WebhookSecret};
use crate::{StoreError, contacts, deals, notes};

pub(super) async fn user(store: &TestStore) -> UserId {
    let new = NewUser {
        id: store.id(),
        email: "ada@example.com".parse().unwrap(),
        name: "Ada".to_owned(),
        role: Role::Admin,
        language: Language::En,
        password: "correct horse battery".to_owned(),
    };
    users::create(store, new, now()).await.unwrap().id
}

pub(super) async fn webhook(store: &TestStore, owner: UserId, types: &[WebhookType]) -> Webhook {
    let webhook = Webhook {
        id: store.id(),
        url: "https://example.com/".to_owned(),
        description: String::new(),
        types: types.iter().copied().collect(),
        with_imports: false,
        is_enabled: true,
        owner_id: owner,
        failing_since: None,
        stop: None,
        created_at: now(),
        updated_at: now(),
        version: 1,
    };
    let secret = WebhookSecret::generate();
    assert!(
        webhooks::create(store, webhook.clone(), &secret)
            .await
            .unwrap()
    );
    webhook
}

pub(super) async fn outbox(store: &TestStore) -> Vec<Change> {
    webhooks::read_outbox(store, 100).await.unwrap()
}

async fn told(store: &TestStore) -> Vec<(WebhookObject, ChangeKind)> {
    let changes = outbox(store).await.into_iter();
    changes.map(|change| (change.object, change.kind)).collect()
}

#[tokio::test]
async fn what_nobody_wants_is_not_noted() {
    let store = TestStore::open().await;
    let ada = user(&store).await;
    let hook = webhook(&store, ada, &[WebhookType::DealWon]).await;
    contacts::create(&store, store.contact("Ann"))
        .await
        .unwrap();
    assert!(outbox(&store).await.is_empty());

    let asks = Webhook {
        types: [WebhookType::ContactDeleted].into(),
        ..hook
    };
    webhooks::update(&store, asks.clone(), 1).await.unwrap();
    let ben = contacts::create(&store, store.contact("Ben"))
        .await
        .unwrap();
    assert_eq!(
        told(&store).await,
        [(WebhookObject::Contact, ChangeKind::Created)]
    );

    webhooks::delete(&store, asks.id, 2).await.unwrap();
    contacts::delete(&store, ben.id, 1).await.unwrap();
    assert_eq!(told(&store).await.len(), 1);
}

#[tokio::test]
async fn each_change_is_noted_in_order_and_what_is_derived_is_not() {
    let store = TestStore::open().await;
    let ada = user(&store).await;
    webhook(
        &store,
        ada,
        &[WebhookType::ContactCreated, WebhookType::NoteCreated],
    )
    .await;
    let mut ann = store.contact("Ann");
    ann.owner_id = Some(ada);
    let mut ann = contacts::create(&store, ann).await.unwrap();
    let note = Note {
        id: store.id(),
        subject: Subject::Contact(ann.id),
        body: "Called".to_owned(),
        author_id: None,
        created_at: now(),
        updated_at: now(),
    };
    let note = notes::create(&store, note).await.unwrap();
    ann.title = Some("CTO".to_owned());
    let ann = contacts::update(&store, ann, 1).await.unwrap();
    // What search keeps beside a record is nobody's change.
    let id = ann.id;
    store
        .write(move |tx| {
            async move {
                let text = "UPDATE contacts SET search_text = 'x' WHERE id = ?";
                Sql::of(tx.get_database_backend(), text, [sql::id(id)])
                    .execute(tx)
                    .await?;
                Ok(())
            }
            .boxed()
        })
        .await
        .unwrap();
    notes::delete(&store, note.id).await.unwrap();
    contacts::delete(&store, ann.id, ann.version).await.unwrap();

    use {ChangeKind as Kind, WebhookObject as Object};
    let changes = outbox(&store).await;
    let told: Vec<_> = changes.iter().map(|it| (it.object, it.kind)).collect();
    assert_eq!(
        told,
        [
            (Object::Contact, Kind::Created),
            (Object::Note, Kind::Created),
            (Object::Contact, Kind::Updated),
            (Object::Note, Kind::Deleted),
            (Object::Contact, Kind::Deleted),
        ]
    );
    assert!(changes.iter().all(|change| !change.is_bulk));
    assert_eq!(changes[0].owner_id, Some(ada));
    assert_eq!(changes[0].at, Some(now()));
    assert_eq!(changes[3].subject, Some(Subject::Contact(ann.id)));
    assert_eq!(changes[4].at, None);
}

#[tokio::test]
async fn a_change_that_is_undone_is_told_to_nobody() {
    let store = TestStore::open().await;
    let ada = user(&store).await;
    webhook(&store, ada, &[WebhookType::ContactUpdated]).await;
    let ann = contacts::create(&store, store.contact("Ann"))
        .await
        .unwrap();
    webhooks::queue(&store, &outbox(&store).await, Vec::new(), now())
        .await
        .unwrap();

    let stale = contacts::update(&store, ann.clone(), 7).await;
    let failed: Result<(), StoreError> = store
        .write(move |tx| {
            async move {
                let text = "UPDATE contacts SET version = version + 1 WHERE id = ?";
                Sql::of(tx.get_database_backend(), text, [sql::id(ann.id)])
                    .execute(tx)
                    .await?;
                Err(StoreError::DiskFull)
            }
            .boxed()
        })
        .await;

    assert!(stale.is_err() && failed.is_err());
    assert!(outbox(&store).await.is_empty());
}

#[tokio::test]
async fn a_deal_that_moves_is_noted_with_both_stages() {
    let store = TestStore::open().await;
    let ada = user(&store).await;
    webhook(&store, ada, &[WebhookType::DealStageChanged]).await;
    let pipeline = boards::pipeline(&store).await;
    let [first, second] = [0, 1].map(|idx: usize| pipeline.stages[idx].id);
    let mut deal = boards::deal(&store, &pipeline, first, None, 0).await;

    deal.stage_id = second;
    deals::update(&store, deal, 1).await.unwrap();

    let changes = outbox(&store).await;
    let moved = changes
        .iter()
        .find(|change| change.kind == ChangeKind::Moved);
    let moved = moved.unwrap();
    assert_eq!(moved.stage_before, Some(first));
    assert_eq!(moved.stage_after, Some(second));
    assert_eq!(changes.len(), 3, "made, changed and moved");
}

async fn import_one(store: &TestStore, name: &str) {
    let source = store.source(name).await;
    let id = running(store, source).await;
    let mut batch = ImportBatch::empty(id, 0);
    batch.rows_done = 1;
    batch.contacts = vec![store.contact(name)];
    imports::commit_batch(store, batch).await.unwrap();
    imports::finish(store, id, now()).await.unwrap();
}

#[tokio::test]
async fn what_a_file_brings_is_noted_where_somebody_asks_for_it() {
    use {ChangeKind as Kind, WebhookObject as Object};
    let store = TestStore::open().await;
    let ada = user(&store).await;
    let types = [WebhookType::ContactCreated, WebhookType::ImportFinished];
    let hook = webhook(&store, ada, &types).await;

    import_one(&store, "Shop").await;
    assert_eq!(told(&store).await, [(Object::Import, Kind::Finished)]);

    let asks = Webhook {
        with_imports: true,
        ..hook
    };
    webhooks::update(&store, asks, 1).await.unwrap();
    import_one(&store, "Desk").await;
    contacts::create(&store, store.contact("Ben"))
        .await
        .unwrap();

    let changes = outbox(&store).await;
    let told: Vec<_> = changes
        .iter()
        .map(|it| (it.object, it.kind, it.is_bulk))
        .collect();
    assert_eq!(
        told[1..],
        [
            (Object::Import, Kind::Finished, false),
            (Object::Contact, Kind::Created, true),
            (Object::Import, Kind::Finished, false),
        ]
    );
    assert_eq!(told[0], (Object::Contact, Kind::Created, false));
    let first = webhooks::read_outbox(&store, 2).await.unwrap();
    assert_eq!(first, changes[..2]);
}

async fn webhook_of_one(store: &TestStore, owner: UserId, of: WebhookType) -> Webhook {
    webhook(store, owner, &[of]).await
}

#[tokio::test]
async fn webhooks_that_are_made_at_once_are_all_told() {
    let store = TestStore::open().await;
    let ada = user(&store).await;
    let types = [
        WebhookType::ContactCreated,
        WebhookType::CompanyCreated,
        WebhookType::ContactUpdated,
        WebhookType::DealCreated,
        WebhookType::TicketCreated,
        WebhookType::TaskCreated,
        WebhookType::NoteCreated,
        WebhookType::DealWon,
    ];

    let made = types.map(|of| webhook_of_one(&store, ada, of));
    futures::future::join_all(made).await;

    let wanted = store
        .write(move |tx| {
            async move {
                let text = "SELECT object FROM webhook_wants ORDER BY object";
                let rows = Sql::of(tx.get_database_backend(), text, []).all(tx).await?;
                let objects = rows.iter().map(|row| row.try_get("", "object"));
                Ok(objects.collect::<Result<Vec<String>, _>>()?)
            }
            .boxed()
        })
        .await
        .unwrap();
    assert_eq!(
        wanted,
        ["company", "contact", "deal", "note", "task", "ticket"]
    );
}

#[tokio::test]
async fn a_webhook_at_which_too_much_waits_is_full() {
    let store = TestStore::open().await;
    let ada = user(&store).await;
    let [full, other] = [
        webhook(&store, ada, &[WebhookType::ContactCreated])
            .await
            .id,
        webhook(&store, ada, &[WebhookType::ContactCreated])
            .await
            .id,
    ];
    let new_id = match store.backend() {
        DbBackend::Postgres => "gen_random_uuid()",
        _ => "randomblob(16)",
    };
    let text = format!(
        "WITH RECURSIVE numbers (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers \
         WHERE i < 100000) INSERT INTO webhook_deliveries (id, webhook_id, type, body, status, \
         n_attempts, n_before_replay, next_attempt_at, created_at) \
         SELECT {new_id}, ?, 'contact.created', '', 'waiting', 0, 0, 1, 1 FROM numbers"
    );
    store
        .write(move |tx| {
            async move {
                Sql::of(tx.get_database_backend(), &text, [sql::id(full)])
                    .execute(tx)
                    .await?;
                Ok(())
            }
            .boxed()
        })
        .await
        .unwrap();

    let found = webhooks::full_webhooks(&store, [full, other])
        .await
        .unwrap();

    assert_eq!(found, [full].into());
}
