//! Address cards and mailboxes, as a company brings them from phones and mail programs.

use rapport_domain::{EventKind, RejectReason};
use rapport_ingest::{ImportMode, Mapping};
use rapport_pipelines::timeline::{self, TimelineItem};
use rapport_pipelines::{Workspace, imports};
use rapport_store::{ListQuery, contacts};
use tempfile::TempDir;

use crate::office::{import_as, open, run, upload_as};

const CARDS: &str = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:c-1\r\nFN:Ada King\r\nN:King;Ada;;;\r\n\
    EMAIL:ada@engines.example\r\nTEL;TYPE=CELL:+44 7400 123456\r\nORG:Engines Ltd\r\nEND:VCARD\r\n\
    BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Lost\r\n";

fn message(id: &str, from: &str, to: &str, subject: &str) -> String {
    format!(
        "From x@y.example Fri Nov 27 09:30:00 2026\nDelivered-To: me@house.example\n\
         Message-ID: <{id}>\nDate: Fri, 27 Nov 2026 09:30:00 +0000\nFrom: {from}\nTo: {to}\n\
         Subject: {subject}\n\nHello\n\n"
    )
}

fn mailbox() -> String {
    message(
        "1",
        "Ada <ada@engines.example>",
        "me@house.example",
        "Offer?",
    ) + &message(
        "2",
        "me@house.example",
        "ada@engines.example, new@other.example",
        "Re: Offer?",
    ) + &message("3", "shop@news.example", "me@house.example", "Buy now")
}

async fn names(workspace: &Workspace) -> Vec<String> {
    let query = ListQuery {
        sort: rapport_store::Sort::parse_list("name"),
        ..ListQuery::default()
    };
    let found = contacts::list(&workspace.store, &query).await.unwrap();
    found
        .items
        .into_iter()
        .map(|row| row.contact.name)
        .collect()
}

async fn timeline_of(workspace: &Workspace, name: &str) -> Vec<(EventKind, String)> {
    let query = ListQuery::default().with("name", rapport_store::Op::Eq, name);
    let found = contacts::list(&workspace.store, &query).await.unwrap();
    let id = found.items[0].contact.id;
    let entries = timeline::of(workspace, id, None, 50).await.unwrap();
    let events = entries.into_iter().filter_map(|entry| match entry.item {
        TimelineItem::Event(event) => Some(event),
        TimelineItem::Record(_) => None,
    });
    let told = events.map(|event| {
        let properties: serde_json::Value =
            serde_json::from_str(event.properties.as_deref().unwrap()).unwrap();
        let subject = properties["subject"].as_str().unwrap().to_owned();
        (event.kind, subject)
    });
    let mut told: Vec<_> = told.collect();
    told.sort();
    told
}

#[tokio::test]
async fn cards_become_contacts_once_and_broken_ones_are_kept() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;

    let first = import_as(&workspace, "phone", "contacts.vcf", CARDS).await;
    let again = import_as(&workspace, "phone", "contacts.vcf", CARDS).await;

    assert_eq!((first.counts.accepted, first.counts.n_rejected()), (1, 1));
    assert_eq!(again.counts.unchanged, 1);
    assert_eq!(names(&workspace).await, ["Ada King"]);
}

#[tokio::test]
async fn a_mailbox_tells_of_known_people_alone_and_each_message_once() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;
    import_as(&workspace, "phone", "contacts.vcf", CARDS).await;

    let first = import_as(&workspace, "mail", "All.mbox", &mailbox()).await;
    let again = import_as(&workspace, "mail", "All.mbox", &mailbox()).await;

    assert_eq!(first.mapping["own_addresses"][0], "me@house.example");
    assert_eq!(first.counts.accepted, 2);
    assert_eq!(first.counts.rejected[&RejectReason::NoSuchRecord], 2);
    assert_eq!(again.counts.unchanged, 2);
    assert_eq!(names(&workspace).await, ["Ada King"]);
    let told = timeline_of(&workspace, "Ada King").await;
    let expected = [
        (EventKind::MessageReceived, "Offer?".to_owned()),
        (EventKind::MessageSent, "Re: Offer?".to_owned()),
    ];
    assert_eq!(told, expected);
}

#[tokio::test]
async fn correspondents_become_contacts_where_that_is_asked() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;
    let bytes = mailbox();

    let import = upload_as(&workspace, "mail", "All.mbox", bytes.as_bytes())
        .await
        .unwrap();
    let mut mapping: Mapping = serde_json::from_value(import.mapping).unwrap();
    mapping.mode = ImportMode::Both;
    mapping.own_addresses.push("news.example".to_owned());
    imports::set_mapping(&workspace, import.id, mapping)
        .await
        .unwrap();
    let (import, ..) = run(&workspace, import.id).await;

    assert_eq!(import.counts.accepted, 3);
    assert_eq!(import.counts.rejected[&RejectReason::Invalid], 1);
    assert_eq!(names(&workspace).await, ["Ada", "new@other.example"]);
}
