//! Meetings, chats and feeds, imported as every file is; and a mailbox that is read over IMAP.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rapport_domain::RejectReason;
use rapport_ingest::{ImportMode, Mapping};
use rapport_mailbox::{Account, Credential, Dial, Line, MailboxError, Options, Secret};
use rapport_pipelines::mailboxes::{self, Mailbox};
use rapport_pipelines::{Workspace, imports};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, DuplexStream};

use crate::office::{find, import_as, open, run, texts, upload_as};

const CARD: &str = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:c-1\r\nFN:Ada King\r\nN:King;Ada;;;\r\n\
    EMAIL:ada@engines.example\r\nTEL;TYPE=CELL:+44 7400 123456\r\nEND:VCARD\r\n";

const CALENDAR: &str = "BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nUID:m1\nDTSTART:20261127T093000Z\nSUMMARY:Offer\n\
    ORGANIZER:mailto:me@house.example\nATTENDEE;PARTSTAT=ACCEPTED:mailto:ada@engines.example\nEND:VEVENT\n\
    BEGIN:VEVENT\nUID:m2\nDTSTART:20261128T093000Z\nORGANIZER:mailto:me@house.example\n\
    ATTENDEE:mailto:new@other.example\nEND:VEVENT\nEND:VCALENDAR\n";

const CHAT: &str = "13/11/2026, 09:30 - +44 7400 123456: Hello\n13/11/2026, 09:31 - Me: Hi Ada\n\
    13/11/2026, 09:32 - Bob: who is this?\n";

async fn kinds(workspace: &Workspace, source: &str) -> Vec<String> {
    let query = "SELECT kind AS found FROM events WHERE source = $s ORDER BY occurred_at";
    texts(workspace, query, source).await
}

#[tokio::test]
async fn meetings_stand_in_the_timeline_of_known_people_once() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;
    import_as(&workspace, "phone", "contacts.vcf", CARD).await;

    let first = import_as(&workspace, "calendar", "Sales.ics", CALENDAR).await;
    let again = import_as(&workspace, "calendar", "Sales.ics", CALENDAR).await;

    assert_eq!(first.counts.accepted, 1);
    assert_eq!(first.counts.rejected[&RejectReason::NoSuchRecord], 1);
    assert_eq!(again.counts.unchanged, 1);
    assert_eq!(kinds(&workspace, "calendar").await, ["meeting"]);
}

#[tokio::test]
async fn a_chat_is_of_whom_its_numbers_are_and_our_own_messages_went_to_them() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;
    import_as(&workspace, "phone", "contacts.vcf", CARD).await;

    let import = upload_as(&workspace, "whatsapp", "chat.txt", CHAT.as_bytes())
        .await
        .unwrap();
    let mut mapping: Mapping = serde_json::from_value(import.mapping).unwrap();
    mapping.own_addresses.push("Me".to_owned());
    assert_eq!(mapping.mode, ImportMode::Update);
    imports::set_mapping(&workspace, import.id, mapping)
        .await
        .unwrap();
    let (import, ..) = run(&workspace, import.id).await;

    // Bob is nobody whom we know: his message, and ours as far as it went to him.
    assert_eq!(import.counts.accepted, 2);
    assert_eq!(import.counts.rejected[&RejectReason::NoSuchRecord], 2);
    assert_eq!(
        kinds(&workspace, "whatsapp").await,
        ["message_received", "message_sent"]
    );
}

#[tokio::test]
async fn handles_of_a_social_network_become_contacts_where_that_is_asked() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;
    let comments = r#"{"data":[{"id":"c1","from":{"id":"9","name":"Ada"},"message":"Broken","created_time":"2026-11-27T09:30:00+0000"},
        {"id":"c2","from":{"id":"9","name":"Ada"},"message":"Still","created_time":"2026-11-28T09:30:00+0000"}]}"#;

    let import = upload_as(&workspace, "facebook", "comments.json", comments.as_bytes())
        .await
        .unwrap();
    let mut mapping: Mapping = serde_json::from_value(import.mapping).unwrap();
    mapping.mode = ImportMode::Both;
    imports::set_mapping(&workspace, import.id, mapping)
        .await
        .unwrap();
    let (import, ..) = run(&workspace, import.id).await;

    assert_eq!(import.counts.accepted, 2);
    let query = "SELECT DISTINCT customer_id AS found FROM events WHERE source = $s";
    assert_eq!(texts(&workspace, query, "facebook").await.len(), 1);
}

/// A server with messages by their numbers, whose connections end in the middle of every second fetch.
#[derive(Clone, Default)]
struct Fake {
    letters: Arc<Mutex<BTreeMap<u32, String>>>,
    n_fetches: Arc<Mutex<usize>>,
    host: String,
}

impl Fake {
    fn with(n: u32) -> Self {
        let fake = Self::default();
        for uid in 1..=n {
            let who = if uid % 2 == 0 {
                "ada@engines.example"
            } else {
                "new@other.example"
            };
            let letter = format!(
                "Message-ID: <{uid}@x>\r\nDate: Fri, 27 Nov 2026 09:30:00 +0000\r\nFrom: {who}\r\n\
                 To: me@house.example\r\nSubject: No. {uid}\r\n\r\nFrom me\r\n"
            );
            fake.letters.lock().unwrap().insert(uid, letter);
        }
        fake
    }

    async fn serve(self, stream: DuplexStream) -> std::io::Result<()> {
        let mut stream = BufReader::new(stream);
        stream.write_all(b"* OK here\r\n").await?;
        let mut line = String::new();
        while stream.read_line(&mut line).await? > 0 {
            let command = std::mem::take(&mut line);
            let (tag, command) = command.trim_end().split_once(' ').unwrap();
            let mut answer = String::new();
            let mut is_broken = false;
            if command.starts_with("EXAMINE") {
                answer.push_str("* OK [UIDVALIDITY 5] x\r\n");
            } else if let Some(set) = command.strip_prefix("UID SEARCH UID ") {
                let first: u32 = set.split(':').next().unwrap().parse().unwrap();
                let letters = self.letters.lock().unwrap();
                let found: Vec<String> = letters
                    .range(first..)
                    .map(|(uid, _)| uid.to_string())
                    .collect();
                answer.push_str(&format!("* SEARCH {}\r\n", found.join(" ")));
            } else if let Some(set) = command.strip_prefix("UID FETCH ") {
                let letters = self.letters.lock().unwrap();
                for uid in set.split(' ').next().unwrap().split(',') {
                    let letter = &letters[&uid.parse::<u32>().unwrap()];
                    answer.push_str(&format!(
                        "* 1 FETCH (UID {uid} INTERNALDATE \"27-Nov-2026 09:30:00 +0000\" BODY[]<0> {{{}}}\r\n{letter})\r\n",
                        letter.len()
                    ));
                }
                let mut n = self.n_fetches.lock().unwrap();
                *n += 1;
                is_broken = n.is_multiple_of(2);
            }
            answer.push_str(&format!("{tag} OK done\r\n"));
            let end = if is_broken {
                answer.len() / 2
            } else {
                answer.len()
            };
            stream.write_all(&answer.as_bytes()[..end]).await?;
            if is_broken {
                return Ok(());
            }
        }
        Ok(())
    }
}

impl Dial for Fake {
    async fn dial(&self) -> Result<Line, MailboxError> {
        let (ours, theirs) = tokio::io::duplex(64 * 1024);
        tokio::spawn(self.clone().serve(theirs));
        Ok(Line {
            stream: Box::new(ours),
            is_greeted: false,
        })
    }

    fn place(&self) -> (&str, u16) {
        (self.host.as_str(), 143)
    }
}

#[tokio::test]
async fn a_mailbox_behind_a_connection_that_breaks_is_imported_once_and_accounted_for() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;
    import_as(&workspace, "phone", "contacts.vcf", CARD).await;
    let fake = Fake::with(300);
    let account = Account {
        user: "me@house.example".to_owned(),
        credential: Credential::Password(Secret::new("secret".to_owned())),
    };
    let mailbox = Mailbox {
        key: "mail".to_owned(),
        source: "mail".to_owned(),
        own_addresses: vec!["me@house.example".to_owned()],
        makes_contacts: false,
    };
    let options = Options {
        first_wait: Duration::from_millis(1),
        ..Options::default()
    };
    let sync = || mailboxes::sync(&workspace, &fake, &account, &mailbox, "INBOX", &options);

    let first = sync().await.unwrap();
    for import in &first.imports {
        run_queued(&workspace, *import).await;
    }
    let second = sync().await.unwrap();

    let [import] = first.imports[..] else {
        panic!("{first:?}");
    };
    let import = find(&workspace, import).await;
    assert!(first.synced.n_broken > 0);
    assert_eq!((first.synced.n_seen, first.synced.n_read), (300, 300));
    assert_eq!(import.counts.accepted, 150);
    assert_eq!(import.counts.rejected[&RejectReason::NoSuchRecord], 150);
    assert!(second.imports.is_empty(), "nothing is new");
    assert_eq!(kinds(&workspace, "mail").await.len(), 150);
    let state = mailboxes::state_of(&workspace, "mail").await.unwrap();
    let inbox = &state.folders["INBOX"];
    assert_eq!((inbox.n_seen, inbox.n_read, inbox.n_missed), (300, 300, 0));
    assert_eq!(inbox.mark.unwrap().last_uid, 300);
}

#[tokio::test]
async fn marks_of_one_account_mean_nothing_on_another_server() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;
    let account = Account {
        user: "me@house.example".to_owned(),
        credential: Credential::Password(Secret::new("secret".to_owned())),
    };
    let mailbox = Mailbox {
        key: "mail".to_owned(),
        source: "mail".to_owned(),
        own_addresses: Vec::new(),
        makes_contacts: false,
    };
    let sync = async |host: &str, n| {
        let fake = Fake {
            host: host.to_owned(),
            ..Fake::with(n)
        };
        let options = Options::default();
        let told = mailboxes::sync(&workspace, &fake, &account, &mailbox, "INBOX", &options);
        told.await.unwrap().synced.n_read
    };

    // Both number their messages alike.
    assert_eq!(sync("old.example", 5).await, 5);
    assert_eq!(sync("OLD.example", 7).await, 2);
    assert_eq!(sync("new.example", 7).await, 7);
}

#[tokio::test]
async fn times_of_a_chat_are_read_where_its_clocks_stand() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;
    import_as(&workspace, "phone", "contacts.vcf", CARD).await;
    let import = upload_as(&workspace, "whatsapp", "chat.txt", CHAT.as_bytes())
        .await
        .unwrap();
    let mut mapping: Mapping = serde_json::from_value(import.mapping).unwrap();
    mapping.own_addresses.push("Me".to_owned());

    mapping.time_zone = Some("Nowhere/Else".to_owned());
    let refused = imports::set_mapping(&workspace, import.id, mapping.clone()).await;
    assert!(refused.unwrap_err().to_string().contains("time zone"));
    mapping.time_zone = Some("Asia/Shanghai".to_owned());
    imports::set_mapping(&workspace, import.id, mapping)
        .await
        .unwrap();
    run(&workspace, import.id).await;

    // Half past nine in the morning in Shanghai.
    let query = "SELECT message_id AS found FROM events WHERE source = $s \
                 AND occurred_at >= to_timestamp('2026-11-13T01:30:00Z') \
                 AND occurred_at < to_timestamp('2026-11-13T01:31:00Z')";
    let sent = texts(&workspace, query, "whatsapp").await;
    assert_eq!(sent.len(), 1, "{sent:?}");
}

/// Runs the job of an import that is queued already.
async fn run_queued(workspace: &Workspace, id: rapport_domain::ImportId) {
    let job = find(workspace, id).await.job_id.unwrap();
    let job = rapport_pipelines::jobs::run_until_over(workspace, job, &mut |_| {})
        .await
        .unwrap();
    assert_eq!(
        job.status,
        rapport_domain::JobStatus::Done,
        "{:?}",
        job.error
    );
}
