//! Table `mailboxes`.

use rapport_domain::{Mailbox, MailboxFailure, MailboxReadings, Timestamp};
use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::{StoreError, codec};

/// Columns that the audit does not tell: secrets, and how readings go.
pub(crate) const UNTOLD: &[&str] = &[
    "secret",
    "last_at",
    "last_good_at",
    "next_at",
    "n_failures",
    "failure_code",
    "failure_reason",
];

/// One row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "mailboxes")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) source: String,
    pub(crate) host: String,
    pub(crate) port: i64,
    pub(crate) security: String,
    /// The name of the account; `user` is a word of SQL.
    pub(crate) account: String,
    pub(crate) proof: String,
    pub(crate) token_endpoint: Option<String>,
    pub(crate) client_id: Option<String>,
    pub(crate) secret: Vec<u8>,
    pub(crate) folders: String,
    pub(crate) every_minutes: Option<i64>,
    pub(crate) makes_contacts: bool,
    pub(crate) is_paused: bool,
    pub(crate) last_at: Option<i64>,
    pub(crate) last_good_at: Option<i64>,
    pub(crate) next_at: Option<i64>,
    pub(crate) n_failures: i64,
    pub(crate) failure_code: Option<String>,
    pub(crate) failure_reason: Option<String>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
    pub(crate) version: i64,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// A row with what proves the account.
    pub(crate) fn with_secret(
        mailbox: Mailbox,
        readings: MailboxReadings,
        secret: Vec<u8>,
    ) -> Self {
        let (failure_code, failure_reason) = match readings.failure {
            Some(MailboxFailure { code, reason }) => (Some(code), Some(reason)),
            None => (None, None),
        };
        Self {
            id: mailbox.id.into(),
            source: mailbox.source,
            host: mailbox.host,
            port: mailbox.port.into(),
            security: codec::name_of(&mailbox.security),
            account: mailbox.user,
            proof: codec::name_of(&mailbox.proof),
            token_endpoint: mailbox.token_endpoint,
            client_id: mailbox.client_id,
            secret,
            folders: codec::to_json(&mailbox.folders),
            every_minutes: mailbox.every_minutes.map(i64::from),
            makes_contacts: mailbox.makes_contacts,
            is_paused: mailbox.is_paused,
            last_at: codec::micros(readings.last_at),
            last_good_at: codec::micros(readings.last_good_at),
            next_at: codec::micros(readings.next_at),
            n_failures: i64::from(readings.n_failures),
            failure_code,
            failure_reason,
            created_at: mailbox.created_at.as_micros(),
            updated_at: mailbox.updated_at.as_micros(),
            version: mailbox.version,
        }
    }

    /// How the readings went.
    pub(crate) fn readings(&self) -> MailboxReadings {
        let failure = self.failure_code.clone().map(|code| MailboxFailure {
            code,
            reason: self.failure_reason.clone().unwrap_or_default(),
        });
        MailboxReadings {
            last_at: codec::instant(self.last_at),
            last_good_at: codec::instant(self.last_good_at),
            next_at: codec::instant(self.next_at),
            n_failures: u32::try_from(self.n_failures).unwrap_or(0),
            failure,
        }
    }
}

impl TryFrom<Model> for Mailbox {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let minutes = row.every_minutes;
        Ok(Self {
            id: row.id.into(),
            source: row.source,
            host: row.host,
            port: u16::try_from(row.port).unwrap_or(0),
            security: codec::member("mailboxes.security", &row.security)?,
            user: row.account,
            proof: codec::member("mailboxes.proof", &row.proof)?,
            token_endpoint: row.token_endpoint,
            client_id: row.client_id,
            folders: codec::from_json("mailboxes.folders", &row.folders)?,
            every_minutes: minutes.and_then(|it| u32::try_from(it).ok()),
            makes_contacts: row.makes_contacts,
            is_paused: row.is_paused,
            created_at: Timestamp::from_micros(row.created_at),
            updated_at: Timestamp::from_micros(row.updated_at),
            version: row.version,
        })
    }
}
