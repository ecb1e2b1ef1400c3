//! What no score overrules: records that are the same for certain, and such as never are.

use crate::IdentityError;
use crate::hash::HashedMap;

/// Rules that hold whatever records look like.
#[derive(Debug, Clone, Default)]
pub struct Constraints {
    /// Pairs with one verified key, each record with the first that has it.
    always: Vec<(u32, u32)>,
    /// The source of each record, of which each person has one record; `u32::MAX` for none.
    sources: Vec<u32>,
    /// Single pairs that somebody told apart.
    never: HashedMap<u64, ()>,
}

impl Constraints {
    /// No rules.
    pub fn none() -> Self {
        Self::default()
    }

    /// Records with one verified key are always the same; `None` for a record without one.
    #[must_use]
    pub fn always_by_key(mut self, keys: &[Option<u64>]) -> Self {
        let mut first_of = HashedMap::default();
        for (record, key) in keys.iter().enumerate() {
            if let Some(key) = key {
                let record = record as u32;
                let first = *first_of.entry(*key).or_insert(record);
                if first != record {
                    self.always.push((first, record));
                }
            }
        }
        self
    }

    /// Two records of one source are never the same, for the source told them apart by ids of its own;
    /// `None` for a source that is not sure.
    #[must_use]
    pub fn never_within_source(mut self, sources: &[Option<u32>]) -> Self {
        self.sources = sources.iter().map(|source| source.unwrap_or(u32::MAX)).collect();
        self
    }

    /// These pairs are never the same: somebody looked.
    #[must_use]
    pub fn never(mut self, pairs: &[(u32, u32)]) -> Self {
        self.never.extend(pairs.iter().map(|&(a, b)| (key(a, b), ())));
        self
    }

    pub(crate) fn always(&self) -> &[(u32, u32)] {
        &self.always
    }

    /// Whether a rule keeps two records apart.
    pub(crate) fn keeps_apart(&self, a: u32, b: u32) -> bool {
        let source = |record: u32| self.sources.get(record as usize).copied().unwrap_or(u32::MAX);
        let is_of_one_source = source(a) != u32::MAX && source(a) == source(b);
        is_of_one_source || (!self.never.is_empty() && self.never.contains_key(&key(a, b)))
    }

    /// Refuses groups that break a rule, which they do only where rules contradict each other.
    pub(super) fn hold(&self, label_of: &[u32]) -> Result<(), IdentityError> {
        let contradiction = |left: u32, right: u32| {
            Err(IdentityError::Contradiction {
                left: left as usize,
                right: right as usize,
            })
        };
        for &(left, right) in &self.always {
            if label_of[left as usize] != label_of[right as usize] || self.keeps_apart(left, right) {
                return contradiction(left, right);
            }
        }
        let mut record_of = HashedMap::default();
        for (record, &source) in self.sources.iter().enumerate() {
            let group = u64::from(label_of[record]) << 32 | u64::from(source);
            if source != u32::MAX
                && let Some(other) = record_of.insert(group, record as u32)
            {
                return contradiction(other, record as u32);
            }
        }
        Ok(())
    }
}

fn key(a: u32, b: u32) -> u64 {
    u64::from(a.min(b)) << 32 | u64::from(a.max(b))
}
