//! Numbers about a list of numbers.

/// Arithmetic mean; 0 for an empty list.
pub fn mean(values: &[f64]) -> f64 {
    if values.is_empty() {
        return 0.0;
    }
    values.iter().sum::<f64>() / values.len() as f64
}

/// Variance over `n`, not `n - 1`, in two passes; 0 for an empty list.
pub fn variance(values: &[f64]) -> f64 {
    if values.is_empty() {
        return 0.0;
    }
    let mean = mean(values);
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    squares / values.len() as f64
}

/// The value below which a share of the list lies, interpolated between neighbors.
///
/// The definition of Hyndman and Fan's type 7, the default of NumPy and R. `None` for an empty
/// list. Reorders the list; each call is linear in its length.
///
/// # Panics
/// When the list holds `NaN` or the share is outside of `[0, 1]`.
pub fn quantile(values: &mut [f64], share: f64) -> Option<f64> {
    assert!((0.0..=1.0).contains(&share), "a share lies in [0, 1]");
    if values.is_empty() {
        return None;
    }
    let position = share * (values.len() - 1) as f64;
    let below = position.floor() as usize;
    let (_, &mut low, above) = values.select_nth_unstable_by(below, |a, b| {
        a.partial_cmp(b).expect("quantiles are of numbers, not NaN")
    });
    let high = above.iter().copied().fold(f64::INFINITY, f64::min);
    let fraction = position - below as f64;
    Some(if fraction == 0.0 {
        low
    } else {
        low + fraction * (high - low)
    })
}

/// The middle of the list; `None` when it is empty. Reorders the list.
///
/// # Panics
/// When the list holds `NaN`.
pub fn median(values: &mut [f64]) -> Option<f64> {
    quantile(values, 0.5)
}

/// Third standardized moment over `n`; 0 when all values are equal.
pub fn skewness(values: &[f64]) -> f64 {
    let deviation = variance(values).sqrt();
    if deviation == 0.0 {
        return 0.0;
    }
    let mean = mean(values);
    let cubes: f64 = values
        .iter()
        .map(|value| ((value - mean) / deviation).powi(3))
        .sum();
    cubes / values.len() as f64
}

/// Pearson's correlation over the pairs in which both are present; 0 when it is undefined.
pub fn correlation(left: &[f64], right: &[f64]) -> f64 {
    let pairs: (Vec<f64>, Vec<f64>) = left
        .iter()
        .zip(right)
        .filter(|(a, b)| a.is_finite() && b.is_finite())
        .unzip();
    let (mean_left, mean_right) = (mean(&pairs.0), mean(&pairs.1));
    let mut covariance = 0.0;
    let mut spread = (0.0, 0.0);
    for (a, b) in pairs.0.iter().zip(&pairs.1) {
        let (a, b) = (a - mean_left, b - mean_right);
        covariance += a * b;
        spread = (spread.0 + a * a, spread.1 + b * b);
    }
    let scale = (spread.0 * spread.1).sqrt();
    if scale > 0.0 { covariance / scale } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Source: `numpy.quantile([3, 1, 4, 1, 5, 9, 2, 6], q)`, NumPy 2.
    #[test]
    fn quantiles_agree_with_numpy() {
        let values = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0];
        for (share, expected) in [
            (0.0, 1.0),
            (0.1, 1.0),
            (0.25, 1.75),
            (0.5, 3.5),
            (0.9, 6.9),
            (1.0, 9.0),
        ] {
            let found = quantile(&mut values.clone(), share).unwrap();
            assert!((found - expected).abs() < 1e-12, "{share}: {found}");
        }
    }

    #[test]
    fn an_empty_list_has_no_quantile() {
        assert_eq!(quantile(&mut [], 0.5), None);
        assert_eq!(median(&mut [7.0]), Some(7.0));
    }

    /// Worked by hand: the list 1, 2, 6 has mean 3 and squares 4 + 1 + 9.
    #[test]
    fn moments_agree_with_hand_work() {
        let values = [1.0, 2.0, 6.0];

        assert_eq!(mean(&values), 3.0);
        assert!((variance(&values) - 14.0 / 3.0).abs() < 1e-12);
        // (-8 - 1 + 27) / 3 / (14 / 3)^1.5
        assert!((skewness(&values) - 6.0 / (14.0_f64 / 3.0).powf(1.5)).abs() < 1e-12);
        assert_eq!(skewness(&[2.0, 2.0]), 0.0);
    }

    #[test]
    fn correlation_skips_missing_pairs_and_survives_constants() {
        let up = [1.0, 2.0, f64::NAN, 4.0];

        assert!((correlation(&up, &[10.0, 20.0, 30.0, 40.0]) - 1.0).abs() < 1e-12);
        assert!((correlation(&up, &[-1.0, -2.0, 0.0, -4.0]) + 1.0).abs() < 1e-12);
        assert_eq!(correlation(&up, &[5.0; 4]), 0.0);
    }
}
