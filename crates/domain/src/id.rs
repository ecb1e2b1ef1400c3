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
    /// One division of all customers into segments.
    SegmentationId,
    /// One segment of a segmentation.
    SegmentId,
}

/// Makes UUIDv7 ids from an instant handed in and a seed: same seed and calls, same ids.
///
/// Ids of one generator grow strictly: the 12 bits after the milliseconds hold a counter
/// (RFC 9562, section 6.2, method 1), the rest is a SplitMix64 stream.
#[derive(Debug)]
pub struct IdGenerator {
    state: AtomicU64,
    counter: AtomicU64,
}

impl IdGenerator {
    /// A generator whose random bits follow from `seed`. Use a fresh random seed in production.
    pub const fn new(seed: u64) -> Self {
        Self {
            state: AtomicU64::new(seed),
            counter: AtomicU64::new(0),
        }
    }

    /// A generator seeded from the operating system's randomness.
    pub fn from_entropy() -> Self {
        Self::new(Uuid::now_v7().as_u64_pair().1)
    }

    /// The next id, dated `at`.
    pub fn next<T: From<Uuid>>(&self, at: Timestamp) -> T {
        let counter = self.counter.fetch_add(1, Ordering::Relaxed);
        let (high, low) = (self.random(), self.random());
        let mut bytes = [0_u8; 10];
        bytes[..2].copy_from_slice(&((counter & 0xFFF) as u16).to_be_bytes());
        bytes[2..].copy_from_slice(&(low ^ high.rotate_left(17)).to_be_bytes());
        let millis = u64::try_from(at.as_millis()).unwrap_or(0);
        T::from(uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid())
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
    fn ids_of_one_instant_grow_and_never_repeat() {
        let at = Timestamp::from_millis(1_700_000_000_000);
        let ids = IdGenerator::new(1);

        let made: Vec<OrderId> = (0..4000).map(|_| ids.next(at)).collect();

        assert!(made.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(made[0].as_uuid().get_version_num(), 7);
    }
}
