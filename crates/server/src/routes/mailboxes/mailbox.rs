//! A mailbox as the API shows and takes it.

use rapport_domain::MailboxId;
use rapport_pipelines::mailboxes as reading;
use rapport_store::mailboxes::{self, MailboxRow};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::secret::{Given, Hidden};
use crate::error::ApiResult;
use crate::respond::Record;
use crate::state::Desk;
use crate::wire::{MailboxProof, MailboxSecurity, Patch, Time};

/// Messages that could not be had and are shown of a folder.
const MISSED_SHOWN: usize = 20;

/// A mailbox elsewhere that is read. What proves that it is ours is not shown.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Mailbox {
    /// Identifier.
    pub(super) id: Uuid,
    /// Its name, which is that of the source of its messages.
    name: String,
    /// Name of the mail server.
    host: String,
    /// Its port.
    port: u16,
    /// How connections are encrypted.
    security: MailboxSecurity,
    /// Name of the account.
    user: String,
    /// What proves that it is ours.
    proof: MailboxProof,
    /// Of a refresh token, where access tokens are fetched.
    token_endpoint: Option<String>,
    /// Of a refresh token, which program asks.
    client_id: Option<String>,
    /// Names of the folders that are read.
    folders: Vec<String>,
    /// Minutes from one reading to the next; none where it is read only when somebody asks for it.
    every_minutes: Option<u32>,
    /// Whether people who are not here yet become contacts.
    makes_contacts: bool,
    /// Whether the schedule rests.
    is_paused: bool,
    /// How its readings went.
    readings: MailboxReadings,
    /// When it was made.
    created_at: Time,
    /// Latest change by a person.
    updated_at: Time,
    /// Version for `If-Match`.
    version: i64,
}

/// How the readings of a mailbox went.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MailboxReadings {
    /// The job of the one that waits or is under way.
    job_id: Option<Uuid>,
    /// When the latest one ended.
    last_at: Option<Time>,
    /// When the latest one ended well.
    last_good_at: Option<Time>,
    /// When the next one begins.
    next_at: Option<Time>,
    /// How many have failed in a row; the wait for the next one doubles with each.
    n_failures: u32,
    /// Why the latest one failed.
    failure: Option<MailboxFailure>,
    /// How far each folder is read.
    folders: Vec<MailboxFolder>,
}

/// Why a mailbox could not be read.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MailboxFailure {
    /// What is wrong: `unknown_host`, `bad_host`, `private_address`, `nobody_listens`, `connection`, `silent`,
    /// `certificate`, `not_encrypted`, `login`, `token`, `token_endpoint`, `folder`, `refused`, `protocol`,
    /// `cancelled` or `internal`.
    pub(super) code: String,
    /// What it is about, or what the server says in its own words.
    pub(super) reason: String,
}

/// A folder: `n_seen = n_read + n_gone + n_missed`.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MailboxFolder {
    /// Its name.
    name: String,
    /// Messages that the server has listed.
    n_seen: u64,
    /// Messages that went into imports.
    n_read: u64,
    /// Messages that were deleted before they were read.
    n_gone: u64,
    /// Messages that the server has and does not give.
    n_missed: u64,
    /// The first of them.
    missed: Vec<MissedMessage>,
    /// How often the numbers of its messages changed their meaning, so that it was read anew.
    n_times_anew: u64,
}

/// A message that the server has and does not give.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MissedMessage {
    /// Its number in the folder.
    uid: u32,
    /// What the server says.
    reason: String,
}

/// All mailboxes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MailboxList {
    /// The mailboxes, by name.
    pub(super) mailboxes: Vec<Mailbox>,
}

/// A mailbox to be read.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MailboxInput {
    /// Its name, which is that of the source of its messages, and stays.
    #[schema(max_length = 100)]
    pub(super) name: String,
    /// Name of the mail server.
    #[schema(max_length = 253)]
    pub(super) host: String,
    /// Its port; 993 where absent, or 143 with `start_tls`.
    #[serde(default)]
    pub(super) port: Option<u16>,
    /// How connections are encrypted; `tls` where absent.
    #[serde(default = "tls")]
    pub(super) security: MailboxSecurity,
    /// Name of the account, as a rule its e-mail address.
    #[schema(max_length = 320)]
    pub(super) user: String,
    /// What proves that it is ours; `password` where absent.
    #[serde(default = "password")]
    pub(super) proof: MailboxProof,
    /// The password.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub(super) password: Option<Hidden>,
    /// The access token of OAuth 2.0.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub(super) access_token: Option<Hidden>,
    /// The refresh token of OAuth 2.0.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub(super) refresh_token: Option<Hidden>,
    /// Of a refresh token, what proves the program to the provider; none of public programs.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub(super) client_secret: Option<Hidden>,
    /// Of a refresh token, where access tokens are fetched, beginning with `https://`.
    #[serde(default)]
    pub(super) token_endpoint: Option<String>,
    /// Of a refresh token, which program asks.
    #[serde(default)]
    pub(super) client_id: Option<String>,
    /// Names of the folders that are read; `INBOX` where absent.
    #[serde(default = "inbox")]
    pub(super) folders: Vec<String>,
    /// Minutes from one reading to the next, from 5 to 1440; none to read it only when somebody asks for it.
    #[serde(default)]
    pub(super) every_minutes: Option<u32>,
    /// Whether people who are not here yet become contacts; otherwise their messages are rejected rows.
    #[serde(default)]
    pub(super) makes_contacts: bool,
}

/// Fields to set: a merge patch. The name stays. Where server, account or token endpoint change, what proves
/// the account is given anew.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MailboxPatch {
    /// Name of the mail server.
    #[serde(default)]
    #[schema(value_type = String, required = false)]
    host: Patch<String>,
    /// Its port.
    #[serde(default)]
    #[schema(value_type = u16, required = false)]
    port: Patch<u16>,
    /// How connections are encrypted.
    #[serde(default)]
    #[schema(value_type = MailboxSecurity, required = false)]
    security: Patch<MailboxSecurity>,
    /// Name of the account.
    #[serde(default)]
    #[schema(value_type = String, required = false)]
    user: Patch<String>,
    /// What proves that it is ours.
    #[serde(default)]
    #[schema(value_type = MailboxProof, required = false)]
    proof: Patch<MailboxProof>,
    /// Another password.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    password: Option<Hidden>,
    /// Another access token.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    access_token: Option<Hidden>,
    /// Another refresh token.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    refresh_token: Option<Hidden>,
    /// Another secret of the program.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    client_secret: Option<Hidden>,
    /// Where access tokens are fetched.
    #[serde(default)]
    #[schema(value_type = Option<String>, required = false)]
    token_endpoint: Patch<String>,
    /// Which program asks.
    #[serde(default)]
    #[schema(value_type = Option<String>, required = false)]
    client_id: Patch<String>,
    /// Names of the folders that are read.
    #[serde(default)]
    #[schema(value_type = Vec<String>, required = false)]
    folders: Patch<Vec<String>>,
    /// Minutes from one reading to the next, from 5 to 1440; null to read it only when somebody asks for it.
    #[serde(default)]
    #[schema(value_type = Option<u32>, required = false)]
    every_minutes: Patch<u32>,
    /// Whether people who are not here yet become contacts.
    #[serde(default)]
    #[schema(value_type = bool, required = false)]
    makes_contacts: Patch<bool>,
    /// Whether the schedule rests.
    #[serde(default)]
    #[schema(value_type = bool, required = false)]
    is_paused: Patch<bool>,
}

pub(super) const fn tls() -> MailboxSecurity {
    MailboxSecurity::Tls
}

pub(super) const fn password() -> MailboxProof {
    MailboxProof::Password
}

fn inbox() -> Vec<String> {
    vec!["INBOX".to_owned()]
}

/// The port that is meant where none is named.
pub(super) const fn default_port(security: MailboxSecurity) -> u16 {
    match security {
        MailboxSecurity::Tls => 993,
        MailboxSecurity::StartTls => 143,
    }
}

/// A text without blanks around it; none where nothing is left.
pub(super) fn tidy(text: Option<String>) -> Option<String> {
    let text = text?.trim().to_owned();
    Some(text).filter(|text| !text.is_empty())
}

impl MailboxInput {
    /// The mailbox and its secrets as given.
    pub(super) fn into_parts(self, app: &Desk) -> (rapport_domain::Mailbox, Given) {
        let now = app.now();
        let mailbox = rapport_domain::Mailbox {
            id: app.new_id(),
            source: self.name.trim().to_owned(),
            host: self.host.trim().to_owned(),
            port: self.port.unwrap_or(default_port(self.security)),
            security: self.security.into(),
            user: self.user.trim().to_owned(),
            proof: self.proof.into(),
            token_endpoint: tidy(self.token_endpoint),
            client_id: tidy(self.client_id),
            folders: self.folders,
            every_minutes: self.every_minutes,
            makes_contacts: self.makes_contacts,
            is_paused: false,
            created_at: now,
            updated_at: now,
            version: 1,
        };
        let given = Given {
            password: self.password,
            access_token: self.access_token,
            refresh_token: self.refresh_token,
            client_secret: self.client_secret,
        };
        (mailbox, given)
    }
}

impl MailboxPatch {
    /// Sets the fields that are present; the secrets as given.
    pub(super) fn apply(self, mailbox: &mut rapport_domain::Mailbox) -> ApiResult<Given> {
        let mut broken = Vec::new();
        let trim = |text: Patch<String>| match text {
            Patch::Set(text) => Patch::Set(text.trim().to_owned()),
            other => other,
        };
        trim(self.host).apply_required(&mut mailbox.host, "/host", &mut broken);
        self.port
            .apply_required(&mut mailbox.port, "/port", &mut broken);
        self.security
            .apply_required(&mut mailbox.security, "/security", &mut broken);
        trim(self.user).apply_required(&mut mailbox.user, "/user", &mut broken);
        self.proof
            .apply_required(&mut mailbox.proof, "/proof", &mut broken);
        if let Some(endpoint) = self.token_endpoint.text() {
            mailbox.token_endpoint = endpoint;
        }
        if let Some(client) = self.client_id.text() {
            mailbox.client_id = client;
        }
        self.folders
            .apply_required(&mut mailbox.folders, "/folders", &mut broken);
        self.every_minutes.apply(&mut mailbox.every_minutes);
        self.makes_contacts.apply_required(
            &mut mailbox.makes_contacts,
            "/makes_contacts",
            &mut broken,
        );
        self.is_paused
            .apply_required(&mut mailbox.is_paused, "/is_paused", &mut broken);
        crate::error::ApiError::check(broken)?;
        Ok(Given {
            password: self.password,
            access_token: self.access_token,
            refresh_token: self.refresh_token,
            client_secret: self.client_secret,
        })
    }
}

impl Mailbox {
    /// The mailbox with how its readings went.
    pub(super) async fn of(app: &Desk, row: MailboxRow) -> ApiResult<Self> {
        let MailboxRow { mailbox, readings } = row;
        let job = mailboxes::reading_job(app.store(), mailbox.id).await?;
        Ok(Self {
            id: mailbox.id.0,
            readings: MailboxReadings {
                job_id: job.map(|id| id.0),
                last_at: readings.last_at.map(Time),
                last_good_at: readings.last_good_at.map(Time),
                next_at: readings.next_at.map(Time),
                n_failures: readings.n_failures,
                failure: readings.failure.map(MailboxFailure::from),
                folders: folders(app, mailbox.id).await?,
            },
            name: mailbox.source,
            host: mailbox.host,
            port: mailbox.port,
            security: mailbox.security.into(),
            user: mailbox.user,
            proof: mailbox.proof.into(),
            token_endpoint: mailbox.token_endpoint,
            client_id: mailbox.client_id,
            folders: mailbox.folders,
            every_minutes: mailbox.every_minutes,
            makes_contacts: mailbox.makes_contacts,
            is_paused: mailbox.is_paused,
            created_at: Time(mailbox.created_at),
            updated_at: Time(mailbox.updated_at),
            version: mailbox.version,
        })
    }
}

/// How far the folders of a mailbox are read.
async fn folders(app: &Desk, id: MailboxId) -> ApiResult<Vec<MailboxFolder>> {
    let state = reading::state_of(app.workspace(), &id.to_string()).await?;
    let folder = |(name, folder): (String, reading::FolderState)| {
        let missed = folder.missed.into_iter().take(MISSED_SHOWN);
        MailboxFolder {
            name,
            n_seen: folder.n_seen,
            n_read: folder.n_read,
            n_gone: folder.n_gone,
            n_missed: folder.n_missed,
            missed: missed
                .map(|it| MissedMessage {
                    uid: it.uid,
                    reason: it.reason,
                })
                .collect(),
            n_times_anew: folder.n_times_anew,
        }
    };
    Ok(state.folders.into_iter().map(folder).collect())
}

impl From<rapport_domain::MailboxFailure> for MailboxFailure {
    fn from(failure: rapport_domain::MailboxFailure) -> Self {
        Self {
            code: failure.code,
            reason: failure.reason,
        }
    }
}

impl From<Mailbox> for Record<Mailbox> {
    fn from(mailbox: Mailbox) -> Self {
        Self {
            version: mailbox.version,
            body: mailbox,
        }
    }
}
