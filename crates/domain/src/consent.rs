//! Consent: what a person allows, by purpose and channel.

use serde::{Deserialize, Serialize};

use crate::{Channel, ConsentId, ContactId, Timestamp};

/// What data or a message is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Fulfilling orders, answering requests.
    Service,
    /// Offers and news.
    Marketing,
    /// Segments, scores and recommendations about the person.
    Profiling,
}

/// Whether a person agrees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentStatus {
    /// Agreed.
    Granted,
    /// Refused or taken back.
    Withdrawn,
}

/// One statement of a person. The latest per purpose and channel counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// Identifier.
    pub id: ConsentId,
    /// Whose it is.
    pub contact_id: ContactId,
    /// What for.
    pub purpose: Purpose,
    /// On which way; none means on all.
    pub channel: Option<Channel>,
    /// Agreed or not.
    pub status: ConsentStatus,
    /// Where it was stated, such as a form's name.
    pub source: String,
    /// When it was stated.
    pub stated_at: Timestamp,
}

impl Consent {
    /// Whether `statements` (of one person, in any order) allow `purpose` on `channel`.
    ///
    /// The latest statement that covers the purpose and the channel decides; service is allowed
    /// until it is withdrawn, everything else is not until it is granted.
    pub fn allows(statements: &[Self], purpose: Purpose, channel: Channel) -> bool {
        statements
            .iter()
            .filter(|s| s.purpose == purpose && s.channel.is_none_or(|c| c == channel))
            .max_by_key(|s| s.stated_at)
            .map_or(purpose == Purpose::Service, |s| {
                s.status == ConsentStatus::Granted
            })
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn statement(channel: Option<Channel>, status: ConsentStatus, stated_at: i64) -> Consent {
        Consent {
            id: ConsentId(Uuid::nil()),
            contact_id: ContactId(Uuid::nil()),
            purpose: Purpose::Marketing,
            channel,
            status,
            source: "form".to_owned(),
            stated_at: Timestamp::from_millis(stated_at),
        }
    }

    #[test]
    fn silence_allows_service_and_nothing_else() {
        assert!(Consent::allows(&[], Purpose::Service, Channel::Email));
        assert!(!Consent::allows(&[], Purpose::Marketing, Channel::Email));
    }

    #[test]
    fn the_latest_statement_that_covers_the_channel_decides() {
        let statements = [
            statement(None, ConsentStatus::Withdrawn, 2),
            statement(Some(Channel::Email), ConsentStatus::Granted, 3),
            statement(None, ConsentStatus::Granted, 1),
        ];

        assert!(Consent::allows(
            &statements,
            Purpose::Marketing,
            Channel::Email
        ));
        assert!(!Consent::allows(
            &statements,
            Purpose::Marketing,
            Channel::Sms
        ));
    }
}
