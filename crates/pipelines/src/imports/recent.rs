//! A memory of what an import met lately, which does not grow with the file.

use std::collections::HashMap;
use std::hash::Hash;

/// What was met lately. Whatever was entered since the last two [turns](Recent::turn) is here.
#[derive(Debug)]
pub(super) struct Recent<K, V> {
    newer: HashMap<K, V>,
    older: HashMap<K, V>,
    /// Entries from which on the newer half becomes the older one.
    n_half: usize,
}

impl<K: Eq + Hash, V> Recent<K, V> {
    /// An empty memory of about `n_max` entries.
    pub(super) fn new(n_max: usize) -> Self {
        Self {
            newer: HashMap::new(),
            older: HashMap::new(),
            n_half: n_max / 2,
        }
    }

    pub(super) fn get<Q>(&self, key: &Q) -> Option<&V>
    where
        K: std::borrow::Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        self.newer.get(key).or_else(|| self.older.get(key))
    }

    pub(super) fn contains(&self, key: &K) -> bool {
        self.get(key).is_some()
    }

    pub(super) fn insert(&mut self, key: K, value: V) {
        self.newer.insert(key, value);
    }

    /// Forgets the older half where there is enough of the newer one. Called between chunks, so
    /// that nothing that a chunk needs goes away while it is worked on.
    pub(super) fn turn(&mut self) {
        if self.newer.len() > self.n_half {
            self.older = std::mem::take(&mut self.newer);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_met_lately_is_known_and_the_memory_is_bounded() {
        let mut recent = Recent::new(100);
        for key in 0..1000 {
            recent.insert(key, key);
            recent.turn();
        }

        assert!((950..1000).all(|key| recent.get(&key) == Some(&key)));
        assert!(!recent.contains(&0));
        assert!(recent.newer.len() + recent.older.len() <= 102);
    }
}
