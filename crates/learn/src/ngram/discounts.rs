//! What is taken from counts so that unseen tokens get something.

/// What is taken from a count of one, of two, and of three or more.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Discounts([f64; 3]);

impl Discounts {
    /// From how many grams of one length have the counts 1, 2, 3 and 4:
    /// `Y = n1 / (n1 + 2 n2)`, `Di = i - (i + 1) Y n(i+1) / n(i)`.
    ///
    /// Texts too small to have all four counts say too little about three discounts: they get `Y`
    /// for each, the one of Kneser & Ney (1995), and a half where there is not even that. So does a
    /// discount that leaves `(0, i]`.
    pub(super) fn new(counts_of_counts: [u64; 4]) -> Self {
        let n = counts_of_counts.map(|n| n as f64);
        let y = if n[0] > 0.0 {
            n[0] / (n[0] + 2.0 * n[1])
        } else {
            0.5
        };
        if counts_of_counts.contains(&0) {
            return Self([y; 3]);
        }
        Self([1, 2, 3].map(|i| {
            let most = i as f64;
            let found = most - (most + 1.0) * y * n[i] / n[i - 1];
            if found > 0.0 && found <= most {
                found
            } else {
                y
            }
        }))
    }

    /// What is taken from this count; nothing from none.
    pub(super) fn of(&self, count: u32) -> f64 {
        match count {
            0 => 0.0,
            1 | 2 => self.0[count as usize - 1],
            _ => self.0[2],
        }
    }

    /// What is taken after a context, from how many tokens were seen there once, twice and more
    /// often.
    pub(super) fn taken(&self, n_seen: [u32; 3]) -> f64 {
        self.0
            .iter()
            .zip(n_seen)
            .map(|(d, n)| d * f64::from(n))
            .sum()
    }
}
