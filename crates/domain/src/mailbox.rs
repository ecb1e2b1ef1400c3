//! Mailboxes elsewhere that are read into the records, by a schedule.

use serde::{Deserialize, Serialize};

use crate::error::{check_length, check_text};
use crate::{Invalid, MailboxId, Timestamp, Violation};

/// The longest name of a mailbox, which is that of its source.
const NAME_CHARS_MAX: usize = 100;
/// The longest name of a host (RFC 1035).
const HOST_CHARS_MAX: usize = 253;
/// The longest name of an account.
const USER_CHARS_MAX: usize = 320;
/// The longest address of a token endpoint, and name of a client.
const TOKEN_CHARS_MAX: usize = 2_000;
/// Folders of a mailbox that are read.
const FOLDERS_MAX: usize = 50;
/// The longest name of a folder.
const FOLDER_CHARS_MAX: usize = 500;

/// How a connection to a mail server is encrypted. One that is not is none that is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailboxSecurity {
    /// From the first byte on.
    Tls,
    /// After `STARTTLS`.
    StartTls,
}

/// What proves whose mailbox it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailboxProof {
    /// A password.
    Password,
    /// An access token of OAuth 2.0, until it runs out.
    AccessToken,
    /// A refresh token of OAuth 2.0, by which access tokens are fetched.
    RefreshToken,
}

/// A mailbox elsewhere that is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox {
    /// Identifier.
    pub id: MailboxId,
    /// Its name, which is that of the source of its messages, and stays.
    pub source: String,
    /// Name of the mail server.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How connections are encrypted.
    pub security: MailboxSecurity,
    /// Name of the account, as a rule its e-mail address.
    pub user: String,
    /// What proves that it is ours.
    pub proof: MailboxProof,
    /// Of a refresh token, where access tokens are fetched: an address that begins with `https://`.
    pub token_endpoint: Option<String>,
    /// Of a refresh token, which program asks.
    pub client_id: Option<String>,
    /// Names of the folders that are read.
    pub folders: Vec<String>,
    /// Minutes from one reading to the next; none where it is read only when somebody asks for it.
    pub every_minutes: Option<u32>,
    /// Whether people who are not here yet become contacts.
    pub makes_contacts: bool,
    /// Whether the schedule rests.
    pub is_paused: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// Latest change by a person.
    pub updated_at: Timestamp,
    /// Grows by one with each change by a person.
    pub version: i64,
}

/// How the readings of a mailbox went.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MailboxReadings {
    /// When the latest one ended.
    pub last_at: Option<Timestamp>,
    /// When the latest one ended well.
    pub last_good_at: Option<Timestamp>,
    /// When the next one begins.
    pub next_at: Option<Timestamp>,
    /// How many have failed in a row.
    pub n_failures: u32,
    /// Why the latest one failed.
    pub failure: Option<MailboxFailure>,
}

/// Why a mailbox could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailboxFailure {
    /// Name of the error, such as `login`.
    pub code: String,
    /// What the server says, in its own words.
    pub reason: String,
}

impl Mailbox {
    /// Minutes from one reading to the next that are the least, and the most.
    pub const EVERY_MINUTES: std::ops::RangeInclusive<u32> = 5..=1_440;

    /// Checks lengths, what a refresh token needs, and how often it is read. Whether the server may be
    /// connected to is the reader's to say.
    ///
    /// # Errors
    /// [`Invalid`] with all that is missing or out of bounds.
    pub fn check(&self) -> Result<(), Invalid> {
        let mut broken = Vec::new();
        check_text(&mut broken, "/name", &self.source, NAME_CHARS_MAX);
        check_text(&mut broken, "/host", &self.host, HOST_CHARS_MAX);
        check_text(&mut broken, "/user", &self.user, USER_CHARS_MAX);
        if self.port == 0 {
            let message = "must be from 1 to 65535; as a rule 993, or 143 with STARTTLS";
            broken.push(Violation::new("/port", "out_of_range", message));
        }
        self.check_token(&mut broken);
        self.check_folders(&mut broken);
        if let Some(minutes) = self.every_minutes
            && !Self::EVERY_MINUTES.contains(&minutes)
        {
            let message = "must be from 5 minutes to a day (1440)";
            broken.push(Violation::new("/every_minutes", "out_of_range", message));
        }
        Invalid::check(broken)
    }

    fn check_token(&self, broken: &mut Vec<Violation>) {
        if self.proof != MailboxProof::RefreshToken {
            return;
        }
        let endpoint = self.token_endpoint.as_deref().unwrap_or_default();
        check_text(broken, "/token_endpoint", endpoint, TOKEN_CHARS_MAX);
        if !endpoint.is_empty() && !endpoint.starts_with("https://") {
            let message = "tokens are secrets: the address must begin with https://";
            broken.push(Violation::new("/token_endpoint", "not_https", message));
        }
        let client = self.client_id.as_deref().unwrap_or_default();
        check_text(broken, "/client_id", client, TOKEN_CHARS_MAX);
    }

    fn check_folders(&self, broken: &mut Vec<Violation>) {
        if self.folders.is_empty() {
            let message = "choose at least one folder";
            broken.push(Violation::new("/folders", "required", message));
        }
        if self.folders.len() > FOLDERS_MAX {
            let message = format!("at most {FOLDERS_MAX} folders are read of one mailbox");
            broken.push(Violation::new("/folders", "too_many_folders", message));
        }
        for folder in &self.folders {
            if folder.is_empty() {
                let message = "a folder has a name";
                broken.push(Violation::new("/folders", "blank", message));
            }
            check_length(broken, "/folders", folder, FOLDER_CHARS_MAX);
        }
    }

    /// When the mailbox is read next, after readings that went so; none where it rests.
    ///
    /// After each failure twice as long is waited, up to a day: a password that is wrong does not lock the
    /// account, and a server that is away is not knocked at all day.
    pub fn next_at(&self, readings: &MailboxReadings, now: Timestamp) -> Option<Timestamp> {
        let every = i64::from(self.every_minutes.filter(|_| !self.is_paused)?);
        let Some(last) = readings.last_at else {
            return Some(now);
        };
        let n_doublings = readings.n_failures.saturating_sub(1).min(10);
        let longest = i64::from(*Self::EVERY_MINUTES.end());
        let minutes = (every << n_doublings).min(longest.max(every));
        Some(last.plus_seconds(minutes * 60).max(now))
    }

    /// Whether a secret that was given for this mailbox may be shown to where the other one goes: to the same
    /// account at the same places. Otherwise whoever may change a mailbox could have its password sent
    /// anywhere.
    pub fn may_share_secret(&self, other: &Self) -> bool {
        let endpoint = |it: &Self| match it.proof {
            MailboxProof::RefreshToken => it.token_endpoint.clone(),
            _ => None,
        };
        self.host.eq_ignore_ascii_case(&other.host)
            && self.user == other.user
            && self.proof == other.proof
            && endpoint(self) == endpoint(other)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn mailbox() -> Mailbox {
        Mailbox {
            id: Uuid::nil().into(),
            source: "Sales".to_owned(),
            host: "imap.house.example".to_owned(),
            port: 993,
            security: MailboxSecurity::Tls,
            user: "sales@house.example".to_owned(),
            proof: MailboxProof::Password,
            token_endpoint: None,
            client_id: None,
            folders: vec!["INBOX".to_owned()],
            every_minutes: Some(15),
            makes_contacts: false,
            is_paused: false,
            created_at: Timestamp::from_millis(0),
            updated_at: Timestamp::from_millis(0),
            version: 1,
        }
    }

    fn pointers(mailbox: &Mailbox) -> Vec<&'static str> {
        let invalid = mailbox.check().err();
        let broken = invalid.into_iter().flat_map(|it| it.violations);
        broken.map(|it| it.pointer).collect()
    }

    #[test]
    fn a_mailbox_names_its_server_its_account_and_a_folder() {
        assert!(pointers(&mailbox()).is_empty());
        let empty = Mailbox {
            source: " ".to_owned(),
            host: String::new(),
            port: 0,
            user: String::new(),
            folders: Vec::new(),
            every_minutes: Some(4),
            ..mailbox()
        };
        let expected = [
            "/name",
            "/host",
            "/user",
            "/port",
            "/folders",
            "/every_minutes",
        ];
        assert_eq!(pointers(&empty), expected);
    }

    #[test]
    fn a_refresh_token_goes_to_an_endpoint_over_https() {
        let mut by_token = Mailbox {
            proof: MailboxProof::RefreshToken,
            ..mailbox()
        };
        assert_eq!(pointers(&by_token), ["/token_endpoint", "/client_id"]);
        by_token.client_id = Some("rapport".to_owned());
        by_token.token_endpoint = Some("http://login.example/token".to_owned());
        assert_eq!(pointers(&by_token), ["/token_endpoint"]);
        by_token.token_endpoint = Some("https://login.example/token".to_owned());
        assert!(pointers(&by_token).is_empty());
    }

    #[test]
    fn readings_follow_the_schedule_and_wait_twice_as_long_after_each_failure() {
        let now = Timestamp::from_millis(1_000_000_000);
        let minutes_on = |n_failures, every| {
            let readings = MailboxReadings {
                last_at: Some(now),
                n_failures,
                ..MailboxReadings::default()
            };
            let every_minutes = Some(every);
            let next = Mailbox {
                every_minutes,
                ..mailbox()
            }
            .next_at(&readings, now);
            (next.unwrap().as_micros() - now.as_micros()) / 60_000_000
        };

        let waits: Vec<i64> = (0..9).map(|n| minutes_on(n, 15)).collect();
        assert_eq!(waits, [15, 15, 30, 60, 120, 240, 480, 960, 1_440]);
        assert_eq!(minutes_on(3, 1_440), 1_440);
        let never = MailboxReadings::default();
        assert_eq!(mailbox().next_at(&never, now), Some(now));
        let paused = Mailbox {
            is_paused: true,
            ..mailbox()
        };
        assert_eq!(paused.next_at(&never, now), None);
        let by_hand = Mailbox {
            every_minutes: None,
            ..mailbox()
        };
        assert_eq!(by_hand.next_at(&never, now), None);
    }

    #[test]
    fn a_secret_is_shown_to_the_account_and_the_server_that_it_was_given_for() {
        let other_port = Mailbox {
            port: 143,
            security: MailboxSecurity::StartTls,
            ..mailbox()
        };
        let other_host = Mailbox {
            host: "imap.thief.example".to_owned(),
            ..mailbox()
        };
        let other_user = Mailbox {
            user: "boss@house.example".to_owned(),
            ..mailbox()
        };
        let endpoint = |address: &str| Mailbox {
            proof: MailboxProof::RefreshToken,
            token_endpoint: Some(address.to_owned()),
            ..mailbox()
        };

        assert!(mailbox().may_share_secret(&other_port));
        assert!(!mailbox().may_share_secret(&other_host));
        assert!(!mailbox().may_share_secret(&other_user));
        assert!(!endpoint("https://a.example").may_share_secret(&endpoint("https://b.example")));
        assert!(!mailbox().may_share_secret(&endpoint("https://a.example")));
    }
}
