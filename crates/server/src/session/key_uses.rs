//! When API keys were last noted to be used, so that requests do not write each time.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use rapport_domain::{ApiKeyId, Timestamp};

/// The use of a key is noted at most this often.
const NOTE_AFTER_SECONDS: i64 = 60;

/// The last note of each key that was used since the start; only keys that count come here.
#[derive(Debug, Default)]
pub(crate) struct KeyUses(Mutex<HashMap<ApiKeyId, Timestamp>>);

impl KeyUses {
    /// Whether a use is to be noted now; if so, the next one is not for a minute.
    pub(crate) fn is_due(&self, id: ApiKeyId, now: Timestamp) -> bool {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = noted
            .get(&id)
            .is_none_or(|at| at.plus_seconds(NOTE_AFTER_SECONDS) <= now);
        if is_due {
            noted.insert(id, now);
        }
        is_due
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_key_is_noted_once_a_minute() {
        let uses = KeyUses::default();
        let [one, other] = [1, 2].map(|n| ApiKeyId(Uuid::from_u128(n)));
        let at = |seconds: i64| Timestamp::from_millis(0).plus_seconds(seconds);

        assert!(uses.is_due(one, at(0)));
        assert!(!uses.is_due(one, at(59)));
        assert!(uses.is_due(other, at(59)));
        assert!(uses.is_due(one, at(60)));
    }
}
