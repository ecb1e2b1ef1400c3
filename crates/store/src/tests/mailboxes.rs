//! Mailboxes: kept with their secrets, read by their schedule, and told in the audit without what is secret.

use rapport_domain::{
    Actor, Author, Mailbox, MailboxFailure, MailboxProof, MailboxSecurity, Timestamp,
};

use super::{TestStore, now, webhooks};
use crate::jobs::NewJob;
use crate::mailboxes::{self, MailboxSecret};
use crate::{ListQuery, Store, StoreError, audit, settings};

fn minutes_on(minutes: i64) -> Timestamp {
    now().plus_seconds(minutes * 60)
}

fn password(text: &str) -> MailboxSecret {
    MailboxSecret {
        password: Some(text.to_owned()),
        ..MailboxSecret::default()
    }
}

fn sales(store: &TestStore) -> Mailbox {
    Mailbox {
        id: store.id(),
        source: "Sales".to_owned(),
        host: "imap.house.example".to_owned(),
        port: 993,
        security: MailboxSecurity::Tls,
        user: "sales@house.example".to_owned(),
        proof: MailboxProof::Password,
        token_endpoint: None,
        client_id: None,
        folders: vec!["INBOX".to_owned(), "已发送".to_owned()],
        every_minutes: Some(15),
        makes_contacts: true,
        is_paused: false,
        created_at: now(),
        updated_at: now(),
        version: 1,
    }
}

async fn made(store: &TestStore) -> Mailbox {
    let mailbox = sales(store);
    let secret = password("hunter2");
    assert!(
        mailboxes::create(store, mailbox.clone(), &secret, now())
            .await
            .unwrap()
    );
    mailbox
}

async fn next_at(store: &Store, mailbox: &Mailbox) -> Option<Timestamp> {
    let row = mailboxes::find(store, mailbox.id).await.unwrap().unwrap();
    row.readings.next_at
}

#[tokio::test]
async fn a_mailbox_is_kept_with_its_secret_which_nothing_shows() {
    let store = TestStore::open().await;
    let mailbox = made(&store).await;

    let (row, secret) = mailboxes::open(&store, mailbox.id).await.unwrap().unwrap();

    assert_eq!((row.mailbox, &secret), (mailbox, &password("hunter2")));
    assert!(!format!("{secret:?}").contains("hunter2"));
    let listed = mailboxes::list(&store).await.unwrap();
    assert!(!format!("{listed:?}").contains("hunter2"));
}

#[tokio::test]
async fn two_mailboxes_of_one_name_would_be_one_source() {
    let store = TestStore::open().await;
    made(&store).await;

    let again = mailboxes::create(&store, sales(&store), &password("x"), now()).await;

    assert!(
        matches!(again, Err(StoreError::Duplicate { object: "mailbox" })),
        "{again:?}"
    );
}

#[tokio::test]
async fn a_new_mailbox_is_due_at_once_then_by_its_schedule_and_ever_later_while_it_fails() {
    let store = TestStore::open().await;
    let mailbox = made(&store).await;
    let failure = || MailboxFailure {
        code: "login".to_owned(),
        reason: "no such password".to_owned(),
    };

    assert_eq!(mailboxes::due(&store, now()).await.unwrap(), [mailbox.id]);
    mailboxes::note_reading(&store, mailbox.id, None, now())
        .await
        .unwrap();
    assert!(
        mailboxes::due(&store, minutes_on(14))
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(
        mailboxes::due(&store, minutes_on(15)).await.unwrap(),
        [mailbox.id]
    );
    for _ in 0..3 {
        mailboxes::note_reading(&store, mailbox.id, Some(failure()), now())
            .await
            .unwrap();
    }

    let row = mailboxes::find(&store, mailbox.id).await.unwrap().unwrap();
    assert_eq!(row.readings.n_failures, 3);
    assert_eq!(row.readings.next_at, Some(minutes_on(60)));
    assert_eq!(row.readings.failure, Some(failure()));
    assert_eq!(row.readings.last_good_at, Some(now()));
    assert_eq!(
        row.mailbox.version, 1,
        "readings are no changes by a person"
    );
}

#[tokio::test]
async fn a_paused_mailbox_is_never_due_and_one_that_goes_on_begins_with_a_clean_slate() {
    let store = TestStore::open().await;
    let mailbox = made(&store).await;
    let failure = MailboxFailure {
        code: "silent".to_owned(),
        reason: String::new(),
    };
    mailboxes::note_reading(&store, mailbox.id, Some(failure), now())
        .await
        .unwrap();
    let paused = Mailbox {
        is_paused: true,
        ..mailbox.clone()
    };

    mailboxes::update(&store, paused, None, 1, now())
        .await
        .unwrap();
    assert_eq!(next_at(&store, &mailbox).await, None);
    assert!(
        mailboxes::due(&store, minutes_on(9_999))
            .await
            .unwrap()
            .is_empty()
    );
    mailboxes::update(&store, mailbox.clone(), None, 2, minutes_on(3))
        .await
        .unwrap();

    let row = mailboxes::find(&store, mailbox.id).await.unwrap().unwrap();
    assert_eq!(row.readings.next_at, Some(minutes_on(3)));
    assert_eq!((row.readings.n_failures, row.readings.failure), (0, None));
    let (_, secret) = mailboxes::open(&store, mailbox.id).await.unwrap().unwrap();
    assert_eq!(
        secret,
        password("hunter2"),
        "the secret stays where none is given"
    );
}

#[tokio::test]
async fn a_fetched_token_is_kept_unless_a_person_has_changed_the_mailbox() {
    let store = TestStore::open().await;
    let mailbox = made(&store).await;
    let fetched = MailboxSecret {
        refresh_token: Some("next".to_owned()),
        ..MailboxSecret::default()
    };

    assert!(
        mailboxes::keep_secret(&store, &mailbox, &fetched)
            .await
            .unwrap()
    );
    mailboxes::update(&store, mailbox.clone(), Some(password("new")), 1, now())
        .await
        .unwrap();
    assert!(
        !mailboxes::keep_secret(&store, &mailbox, &fetched)
            .await
            .unwrap()
    );

    let (_, secret) = mailboxes::open(&store, mailbox.id).await.unwrap().unwrap();
    assert_eq!(secret, password("new"));
}

#[tokio::test]
async fn the_audit_tells_what_was_changed_and_that_there_is_another_secret_without_it() {
    let store = TestStore::open().await;
    let ada = webhooks::user(&store).await;
    let named = store.in_name_of(Author::new(Actor::User(ada), now()));
    let mailbox = sales(&store);
    mailboxes::create(&named, mailbox.clone(), &password("hunter2"), now())
        .await
        .unwrap();
    let moved = Mailbox {
        port: 143,
        security: MailboxSecurity::StartTls,
        ..mailbox.clone()
    };

    mailboxes::update(&named, moved, Some(password("hunter3")), 1, now())
        .await
        .unwrap();
    mailboxes::note_reading(&named, mailbox.id, None, now())
        .await
        .unwrap();
    mailboxes::delete(&named, mailbox.id, 2, now())
        .await
        .unwrap();

    let page = audit::list(&store, &ListQuery::default()).await.unwrap();
    let told = format!("{:?}", page.items);
    assert_eq!(
        page.items.len(),
        4,
        "made, changed, secret, removed: {told}"
    );
    assert!(
        told.contains("start_tls") && told.contains("\"secret\""),
        "{told}"
    );
    assert!(
        !told.contains("hunter") && !told.contains("last_at"),
        "{told}"
    );
}

#[tokio::test]
async fn what_is_removed_leaves_no_mark_and_no_reading_that_waits() {
    let store = TestStore::open().await;
    let mailbox = made(&store).await;
    let key = mailboxes::state_key(&mailbox.id.to_string());
    settings::save(&store, &key, &7).await.unwrap();
    let job = NewJob {
        id: store.id(),
        kind: "mailbox_reading".to_owned(),
        payload: serde_json::json!({}),
        unique_key: Some(mailboxes::job_key(mailbox.id)),
        run_at: now(),
        attempts_max: 5,
    };
    let queued = mailboxes::queue_reading(&store, mailbox.id, job.clone(), now())
        .await
        .unwrap();
    let again = NewJob {
        id: store.id(),
        ..job.clone()
    };
    let same = mailboxes::queue_reading(&store, mailbox.id, again, now())
        .await
        .unwrap();

    mailboxes::delete(&store, mailbox.id, 1, now())
        .await
        .unwrap();

    assert_eq!(queued.id, same.id);
    let left = crate::jobs::find(&store, queued.id).await.unwrap().unwrap();
    assert_eq!(left.status, rapport_domain::JobStatus::Cancelled);
    assert_eq!(settings::find::<i32>(&store, &key).await.unwrap(), None);
    assert!(mailboxes::find(&store, mailbox.id).await.unwrap().is_none());
}

#[tokio::test]
async fn a_reading_that_is_queued_puts_the_next_one_off_and_takes_old_jobs_away() {
    let store = TestStore::open().await;
    let mailbox = made(&store).await;
    let job = |at: Timestamp| NewJob {
        id: store.id(),
        kind: "mailbox_reading".to_owned(),
        payload: serde_json::json!({}),
        unique_key: Some(mailboxes::job_key(mailbox.id)),
        run_at: at,
        attempts_max: 5,
    };
    let first = mailboxes::queue_reading(&store, mailbox.id, job(now()), now())
        .await
        .unwrap();
    assert!(mailboxes::due(&store, now()).await.unwrap().is_empty());
    assert_eq!(next_at(&store, &mailbox).await, Some(minutes_on(15)));
    crate::jobs::cancel(&store, first.id, now()).await.unwrap();

    let later = now().plus_days(3);
    mailboxes::queue_reading(&store, mailbox.id, job(later), later)
        .await
        .unwrap();

    assert!(crate::jobs::find(&store, first.id).await.unwrap().is_none());
}
