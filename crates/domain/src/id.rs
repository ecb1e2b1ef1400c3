//! Identifiers: UUID version 7 (RFC 9562), one type per object, so that a company's id cannot stand for a contact's.

use std::fmt;
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Timestamp;

macro_rules! define_ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// Wraps a raw UUID.
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The raw UUID.
            pub const fn as_uuid(self) -> Uuid {
                self.0
            }
        }

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )+};
}

define_ids! {
    /// A person.
    ContactId,
    /// An organization.
    CompanyId,
    /// A possible sale.
    DealId,
    /// An ordered set of stages.
    PipelineId,
    /// One stage of a pipeline.
    StageId,
    /// A request for help.
    TicketId,
    /// Something to do.
    TaskId,
    /// A free text on a record.
    NoteId,
    /// Something that is sold.
    ProductId,
    /// A purchase.
    OrderId,
    /// A list as somebody wants to see it again.
    SavedViewId,
    /// An outreach to many.
    CampaignId,
    /// Something that happened.
    EventId,
    /// A permission given or withdrawn.
    ConsentId,
    /// A definition of a custom field.
    CustomFieldId,
    /// Someone who signs in.
    UserId,
    /// A run of the importer over one file.
    ImportId,
    /// One change of many records.
    BulkEditId,
    /// Two contacts that may be one person.
    MatchPairId,
    /// A system that records come from.
    SourceId,
    /// One source's view of a person.
    IdentityId,
    /// One record as its source gave it.
    SourceRecordId,
    /// A durable piece of work.
    JobId,
    /// A trained model.
    ModelId,
    /// One training or search, with its curves.
    RunId,
    /// A role that somebody has put together.
    RoleId,
    /// A group of colleagues.
    TeamId,
    /// One division of all customers into segments.
    SegmentationId,
    /// One segment of a segmentation.
    SegmentId,
    /// A key that a source sends events with.
    WriteKeyId,
    /// A key that a program uses the API with.
    ApiKeyId,
    /// A browser that is signed in.
    SessionId,
    /// An address elsewhere that is told what changes.
    WebhookId,
    /// One event that is told to one webhook.
    WebhookDeliveryId,
    /// A mailbox elsewhere that is read.
    MailboxId,
}

/// Makes UUIDv7 ids from an instant handed in and a seed: same seed and calls, same ids.
///
/// Ids grow strictly for as long as their instants do not go back: the 12 bits after the
/// milliseconds hold a counter, which moves the millisecond on where it overflows (RFC 9562, section
/// 6.2, method 1); the rest is a SplitMix64 stream. A clock that is set back by less than ten
/// seconds is ridden out; what is dated earlier still, such as an old event, gets an id of its own
/// time, which grows with no other.
#[derive(Debug)]
pub struct IdGenerator {
    state: AtomicU64,
    /// The latest id: milliseconds, then the counter.
    latest: AtomicU64,
    /// Counts the ids of the past.
    n_past: AtomicU64,
}

impl IdGenerator {
    /// Bits of the counter.
    const COUNTER_BITS: u32 = 12;
    /// How far an instant may lie behind the latest id to still come after it, in milliseconds.
    const SET_BACK_MAX: u64 = 10_000;

    /// A generator whose random bits follow from `seed`. Use a fresh random seed in production.
    pub const fn new(seed: u64) -> Self {
        Self {
            state: AtomicU64::new(seed),
            latest: AtomicU64::new(0),
            n_past: AtomicU64::new(0),
        }
    }

    /// A generator seeded from the operating system's randomness.
    pub fn from_entropy() -> Self {
        Self::new(Uuid::now_v7().as_u64_pair().1)
    }

    /// The next id, dated `at`.
    pub fn next<T: From<Uuid>>(&self, at: Timestamp) -> T {
        let place = self.place(u64::try_from(at.as_millis()).unwrap_or(0));
        let (millis, counter) = (place >> Self::COUNTER_BITS, place & 0xFFF);
        let (high, low) = (self.random(), self.random());
        let mut bytes = [0_u8; 10];
        bytes[..2].copy_from_slice(&(counter as u16).to_be_bytes());
        bytes[2..].copy_from_slice(&(low ^ high.rotate_left(17)).to_be_bytes());
        T::from(uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid())
    }

    /// Milliseconds and counter of the next id.
    fn place(&self, millis: u64) -> u64 {
        let first = millis << Self::COUNTER_BITS;
        let next = |latest: u64| {
            let is_past = millis + Self::SET_BACK_MAX < latest >> Self::COUNTER_BITS;
            (!is_past).then(|| first.max(latest + 1))
        };
        match self
            .latest
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, next)
        {
            Ok(latest) => first.max(latest + 1),
            Err(_) => first | (self.n_past.fetch_add(1, Ordering::Relaxed) & 0xFFF),
        }
    }

    fn random(&self) -> u64 {
        // SplitMix64: Steele, Lea & Flood (2014), "Fast Splittable Pseudorandom Number Generators".
        const GAMMA: u64 = 0x9E37_79B9_7F4A_7C15;
        let mut z = self
            .state
            .fetch_add(GAMMA, Ordering::Relaxed)
            .wrapping_add(GAMMA);
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_makes_the_same_ids() {
        let at = Timestamp::from_millis(1_700_000_000_000);
        let (a, b) = (IdGenerator::new(7), IdGenerator::new(7));

        let first: Vec<ContactId> = (0..5).map(|_| a.next(at)).collect();
        let second: Vec<ContactId> = (0..5).map(|_| b.next(at)).collect();

        assert_eq!(first, second);
    }

    #[test]
    fn ten_thousand_ids_of_one_instant_grow_and_never_repeat() {
        let at = Timestamp::from_millis(1_700_000_000_000);
        let ids = IdGenerator::new(1);

        let made: Vec<OrderId> = (0..10_000).map(|_| ids.next(at)).collect();

        assert!(made.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(made[0].as_uuid().get_version_num(), 7);
    }

    #[test]
    fn an_old_event_gets_an_id_of_its_time_and_does_not_disturb_the_others() {
        let (now, then) = (
            Timestamp::from_millis(1_700_000_000_000),
            Timestamp::from_millis(1_300_000_000_000),
        );
        let ids = IdGenerator::new(1);

        let before: EventId = ids.next(now);
        let old: EventId = ids.next(then);
        let after: EventId = ids.next(now);

        assert!(old < before && before < after);
        let millis = old.as_uuid().as_u128() >> 80;
        assert_eq!(millis, 1_300_000_000_000);
    }
}
