//! Mailboxes: added, tried, read, paused and removed by an administrator, and by nobody else.

mod server;

use rapport_domain::JobId;
use rapport_pipelines::{Workspace, jobs, run_worker};
use rapport_server::ServerConfig;
use serde_json::{Value, json};
use uuid::Uuid;

use self::server::{MailServer, PASSWORD, trust};
use crate::app::{Client, TestApp};

const PATH: &str = "/api/v1/mailboxes";
const CHECKS: &str = "/api/v1/mailbox_checks";

/// A server that may read mail on this machine.
fn config() -> ServerConfig {
    ServerConfig {
        mailbox_networks: vec!["127.0.0.0/8".parse().unwrap(), "::1/128".parse().unwrap()],
        mailbox_trust: trust(),
        ..ServerConfig::default()
    }
}

struct Stage {
    app: TestApp,
    admin: Client,
    mail: MailServer,
    workspace: Workspace,
}

impl Stage {
    async fn set(n_letters: u32) -> Self {
        let app = TestApp::with_config(config()).await;
        let admin = app.admin().await;
        let mut workspace = app.workspace.clone();
        workspace.outside = trust();
        Self {
            app,
            admin,
            mail: MailServer::start(n_letters).await,
            workspace,
        }
    }

    /// A mailbox that is read only when somebody asks for it.
    fn body(&self) -> Value {
        json!({
            "name": "Sales", "host": "localhost", "port": self.mail.tls,
            "user": "sales@house.example", "password": PASSWORD, "makes_contacts": true,
        })
    }

    async fn made(&self) -> Value {
        self.admin.post(PATH, &self.body()).await.json(201)
    }

    async fn check(&self, changes: &Value) -> Value {
        let mut body = json!({
            "host": "localhost", "port": self.mail.tls, "user": "sales@house.example",
            "password": PASSWORD,
        });
        let changes = changes.as_object().unwrap().clone();
        body.as_object_mut().unwrap().extend(changes);
        self.admin.post(CHECKS, &body).await.json(200)
    }

    /// Reads a mailbox now; how its readings stand then.
    async fn read(&self, id: &str) -> Value {
        let path = format!("{PATH}/{id}/readings");
        let job = self.admin.post(&path, &json!({})).await.json(202)["job"].clone();
        let job: JobId = job["id"].as_str().unwrap().parse::<Uuid>().unwrap().into();
        jobs::run_until_over(&self.workspace, job, &mut |_| {})
            .await
            .unwrap();
        self.show(id).await["readings"].clone()
    }

    async fn show(&self, id: &str) -> Value {
        self.admin.get(&format!("{PATH}/{id}")).await.json(200)
    }
}

fn id(mailbox: &Value) -> &str {
    mailbox["id"].as_str().unwrap()
}

#[tokio::test]
async fn a_mailbox_is_kept_and_its_password_shown_to_nobody() {
    let stage = Stage::set(0).await;

    let made = stage.made().await;

    assert_eq!(made["name"], "Sales");
    assert_eq!(made["security"], "tls");
    assert_eq!(made["folders"], json!(["INBOX"]));
    assert_eq!(made["readings"]["next_at"], Value::Null);
    let list = stage.admin.get(PATH).await.json(200);
    assert_eq!(list["mailboxes"], json!([made]));
    let audit = stage.admin.get("/api/v1/audit").await.json(200).to_string();
    assert!(audit.contains("\"mailbox\""), "{audit}");
    for told in [made.to_string(), list.to_string(), audit] {
        assert!(!told.contains(PASSWORD), "{told}");
    }
    let again = stage.admin.post(PATH, &stage.body()).await;
    again.problem(409, "duplicate");
}

#[tokio::test]
async fn what_is_missing_or_out_of_bounds_is_refused_with_its_place() {
    let stage = Stage::set(0).await;
    for (body, expected) in [
        (
            json!({ "name": "S", "host": "", "user": "" }),
            vec!["/host", "/user", "/password"],
        ),
        (
            json!({ "name": "S", "host": "a.example", "user": "u", "password": "p", "every_minutes": 4 }),
            vec!["/every_minutes"],
        ),
        (
            json!({
                "name": "S", "host": "a.example", "user": "u", "proof": "refresh_token",
                "refresh_token": "r", "token_endpoint": "http://a.example/token",
            }),
            vec!["/token_endpoint", "/client_id"],
        ),
    ] {
        let answer = stage.admin.post(PATH, &body).await;
        assert_eq!(answer.pointers(422, "invalid"), expected, "{body}");
    }
}

#[tokio::test]
async fn a_connection_is_tried_and_what_is_wrong_with_it_has_a_name() {
    let stage = Stage::set(3).await;

    let works = stage.check(&json!({})).await;
    assert_eq!(works["is_ok"], true, "{works}");
    assert_eq!(works["folders"], json!(["INBOX", "已发送"]));
    let upgraded = json!({ "port": stage.mail.plain, "security": "start_tls" });
    assert_eq!(stage.check(&upgraded).await["is_ok"], true);
    for (changes, code) in [
        (json!({ "password": "wrong" }), "login"),
        (json!({ "host": "nowhere.invalid" }), "unknown_host"),
        (json!({ "folders": ["INBOX", "Nowhere"] }), "folder"),
        (json!({ "port": stage.mail.plain }), "not_encrypted"),
        // The certificate is for the name.
        (json!({ "host": "127.0.0.2" }), "certificate"),
        (json!({ "host": "10.255.255.1" }), "private_address"),
    ] {
        let failed = stage.check(&changes).await;
        assert_eq!(failed["failure"]["code"], code, "{changes}: {failed}");
        assert_eq!(failed["is_ok"], false);
        assert!(!failed.to_string().contains(PASSWORD));
    }
    stage.mail.state().offers_starttls = false;
    stage.mail.state().commands.clear();
    let stripped = stage.check(&upgraded).await;
    assert_eq!(stripped["failure"]["code"], "not_encrypted");
    let commands = stage.mail.state().commands.join(" ");
    assert!(!commands.contains("LOGIN"), "{commands}");
    assert_eq!(
        stage.admin.get(PATH).await.json(200)["mailboxes"],
        json!([])
    );
}

#[tokio::test]
async fn a_mailbox_is_read_once_over_connections_that_break_and_accounted_for() {
    let stage = Stage::set(120).await;
    stage.mail.state().n_breaks = 2;
    let made = stage.made().await;

    let first = stage.read(id(&made)).await;
    stage.mail.state().n_letters = 125;
    let second = stage.read(id(&made)).await;

    for (readings, n) in [(&first, 120), (&second, 125)] {
        assert_eq!(readings["failure"], Value::Null, "{readings}");
        let inbox = &readings["folders"][0];
        let counts = ["n_seen", "n_read", "n_gone", "n_missed"].map(|it| inbox[it].as_u64());
        assert_eq!(counts, [Some(n), Some(n), Some(0), Some(0)]);
    }
    assert!(second["last_good_at"].is_string());
    assert_eq!(second["job_id"], Value::Null);
    let imports = stage.admin.get("/api/v1/imports").await.json(200);
    assert_eq!(imports["imports"].as_array().unwrap().len(), 2);
    assert_eq!(imports["imports"][0]["source"], "Sales");
}

#[tokio::test]
async fn a_failure_is_told_and_goes_once_what_was_wrong_is_mended() {
    let stage = Stage::set(2).await;
    let mut body = stage.body();
    body["password"] = json!("wrong");
    body["folders"] = json!(["INBOX"]);
    let made = stage.admin.post(PATH, &body).await.json(201);
    let path = format!("{PATH}/{}", id(&made));

    let failed = stage.read(id(&made)).await;
    let again = stage.read(id(&made)).await;
    let mended = json!({ "password": PASSWORD, "folders": ["INBOX", "Nowhere"] });
    let mended = stage.admin.patch_version(&path, 1, &mended).await.json(200);
    let partly = stage.read(id(&made)).await;

    assert_eq!(failed["failure"]["code"], "login");
    assert!(
        failed["failure"]["reason"]
            .as_str()
            .unwrap()
            .contains("Invalid credentials")
    );
    assert_eq!(
        (&failed["n_failures"], &again["n_failures"]),
        (&json!(1), &json!(2))
    );
    assert_eq!(mended["readings"]["failure"], Value::Null);
    // The folder that is there is read all the same.
    assert_eq!(
        partly["failure"],
        json!({ "code": "folder", "reason": "Nowhere" })
    );
    assert_eq!(partly["folders"][0]["n_read"], 2);
}

#[tokio::test]
async fn a_password_goes_nowhere_but_where_it_was_given_for() {
    let stage = Stage::set(2).await;
    let made = stage.made().await;
    let path = format!("{PATH}/{}", id(&made));

    let moved = json!({ "host": "imap.thief.example" });
    let refused = stage.admin.patch_version(&path, 1, &moved).await;
    assert_eq!(refused.pointers(422, "invalid"), ["/password"]);
    let tried = json!({
        "mailbox_id": id(&made), "host": "imap.thief.example", "user": "sales@house.example",
    });
    let refused = stage.admin.post(CHECKS, &tried).await;
    assert_eq!(refused.pointers(422, "invalid"), ["/password"]);

    // To the same account on the same server it goes without being typed again.
    let kept = json!({
        "mailbox_id": id(&made), "host": "localhost", "port": stage.mail.plain,
        "security": "start_tls", "user": "sales@house.example",
    });
    let kept = stage.admin.post(CHECKS, &kept).await.json(200);
    assert_eq!(kept["is_ok"], true, "{kept}");
    let every = json!({ "every_minutes": 60 });
    let changed = stage.admin.patch_version(&path, 1, &every).await.json(200);
    assert!(changed["readings"]["next_at"].is_string());
    stage
        .admin
        .patch_version(&path, 1, &every)
        .await
        .problem(412, "version_conflict");
}

#[tokio::test]
async fn a_worker_reads_by_the_schedule_and_not_while_it_rests() {
    let stage = Stage::set(3).await;
    let mut body = stage.body();
    body["every_minutes"] = json!(5);
    let made = stage.admin.post(PATH, &body).await.json(201);
    let path = format!("{PATH}/{}", id(&made));
    let worker = tokio::spawn(run_worker(
        stage.workspace.clone(),
        stage.app.shutdown.clone(),
    ));

    let mut readings = Value::Null;
    for _ in 0..300 {
        readings = stage.show(id(&made)).await["readings"].clone();
        if readings["last_at"].is_string() && readings["job_id"].is_null() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let paused = json!({ "is_paused": true });
    let paused = stage.admin.patch_version(&path, 1, &paused).await.json(200);
    stage.app.shutdown.cancel();
    worker.await.unwrap();

    assert_eq!(readings["folders"][0]["n_read"], 3, "{readings}");
    assert!(readings["next_at"].is_string());
    assert_eq!(paused["readings"]["next_at"], Value::Null);
}

#[tokio::test]
async fn what_was_read_stays_when_a_mailbox_is_removed() {
    let stage = Stage::set(3).await;
    let made = stage.made().await;
    stage.read(id(&made)).await;

    let path = format!("{PATH}/{}", id(&made));
    stage.admin.delete(&path).await.expect_status(204);

    stage.admin.get(&path).await.problem(404, "not_found");
    let imports = stage.admin.get("/api/v1/imports").await.json(200);
    assert_eq!(imports["imports"].as_array().unwrap().len(), 1);
    // Added again, it is read anew, and the importer knows each message.
    let again = stage.made().await;
    assert_eq!(stage.read(id(&again)).await["folders"][0]["n_read"], 3);
}

#[tokio::test]
async fn only_administrators_keep_mailboxes() {
    let stage = Stage::set(0).await;
    let made = stage.made().await;
    let member = stage.app.member().await;

    let path = format!("{PATH}/{}", id(&made));
    member.get(PATH).await.problem(403, "not_allowed");
    member.get(&path).await.problem(403, "not_allowed");
    member
        .post(PATH, &stage.body())
        .await
        .problem(403, "not_allowed");
    let check = json!({ "host": "localhost", "user": "u", "password": "p" });
    member
        .post(CHECKS, &check)
        .await
        .problem(403, "not_allowed");
    let read = format!("{path}/readings");
    member
        .post(&read, &json!({}))
        .await
        .problem(403, "not_allowed");
}
