//! The quantile of weighted values, for the start and the leaves of the pinball loss.

/// The least value such that values up to it hold at least this share of the weight.
///
/// Takes `(value, weight)` pairs and reorders them. The smallest minimizer of the pinball loss.
///
/// # Panics
/// When there are no pairs.
pub(super) fn weighted_quantile(pairs: &mut [(f64, f64)], level: f64) -> f64 {
    pairs.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let total: f64 = pairs.iter().map(|pair| pair.1).sum();
    let mut below = 0.0;
    for &(value, weight) in pairs.iter() {
        below += weight;
        if below >= level * total && weight > 0.0 {
            return value;
        }
    }
    pairs.last().expect("a quantile of at least one value").0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Worked by hand: a weight of 2 is the value twice.
    #[test]
    fn weights_are_repetitions() {
        let pairs = [(3.0, 2.0), (1.0, 1.0), (9.0, 0.0), (2.0, 1.0)];

        for (level, expected) in [
            (0.1, 1.0),
            (0.25, 1.0),
            (0.5, 2.0),
            (0.51, 3.0),
            (0.99, 3.0),
        ] {
            assert_eq!(weighted_quantile(&mut pairs.clone(), level), expected);
        }
    }
}
