//! A set of bins: which way each bin of a column goes.

/// A set of numbers below 256.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct BinSet([u64; 4]);

impl BinSet {
    pub(super) fn insert(&mut self, bin: u8) {
        self.0[usize::from(bin >> 6)] |= 1 << (bin & 63);
    }

    pub(super) fn contains(&self, bin: u8) -> bool {
        self.0[usize::from(bin >> 6)] >> (bin & 63) & 1 == 1
    }

    /// All bins that are not in the set.
    pub(super) fn complement(self) -> Self {
        Self(self.0.map(|word| !word))
    }

    /// One entry per bin: quicker to ask for many rows.
    pub(super) fn table(&self) -> [bool; 256] {
        std::array::from_fn(|bin| self.contains(bin as u8))
    }
}

impl FromIterator<u8> for BinSet {
    fn from_iter<I: IntoIterator<Item = u8>>(bins: I) -> Self {
        let mut set = Self::default();
        for bin in bins {
            set.insert(bin);
        }
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_holds_what_was_put_in_and_its_complement_the_rest() {
        let set: BinSet = [0, 63, 64, 255].into_iter().collect();

        for bin in 0..=255 {
            let expected = [0, 63, 64, 255].contains(&bin);
            assert_eq!(set.contains(bin), expected);
            assert_eq!(set.table()[usize::from(bin)], expected);
            assert_eq!(set.complement().contains(bin), !expected);
        }
    }
}
