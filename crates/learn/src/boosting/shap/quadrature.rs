//! Gauss's rule for integrals over [0, 1].

/// Stop when Newton's method moves a root by less than this.
const TOLERANCE: f64 = 1e-15;
/// Newton's steps at most; from the starts below, six suffice.
const MAX_STEPS: usize = 50;

/// Points in (0, 1) and weights with which the weighted sum of a polynomial's values is its
/// integral over [0, 1], exactly up to degree `2 n - 1`.
///
/// # Source
/// Press et al. (2007), "Numerical Recipes", section 4.6: roots of Legendre's polynomials by
/// Newton's method.
pub(super) fn gauss_legendre(n: usize) -> Vec<(f64, f64)> {
    (0..n)
        .map(|i| {
            let start = std::f64::consts::PI * (i as f64 + 0.75) / (n as f64 + 0.5);
            let mut x = start.cos();
            for _ in 0..MAX_STEPS {
                let (value, slope) = legendre(n, x);
                let step = value / slope;
                x -= step;
                if step.abs() < TOLERANCE {
                    break;
                }
            }
            let (_, slope) = legendre(n, x);
            // From [-1, 1] to [0, 1]: halve the distance and the weight.
            (0.5 * (1.0 - x), 1.0 / ((1.0 - x * x) * slope * slope))
        })
        .collect()
}

/// Legendre's polynomial of degree `n` at `x`, and its slope.
fn legendre(n: usize, x: f64) -> (f64, f64) {
    let (mut before, mut value) = (0.0, 1.0);
    for degree in 0..n {
        let degree = degree as f64;
        let next = ((2.0 * degree + 1.0) * x * value - degree * before) / (degree + 1.0);
        (before, value) = (value, next);
    }
    let n = n as f64;
    (value, n * (x * value - before) / (x * x - 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Source: Abramowitz & Stegun, table 25.4, for two points, moved to [0, 1].
    #[test]
    fn two_points_are_those_of_the_tables() {
        let rule = gauss_legendre(2);

        let offset = 0.5 / 3.0_f64.sqrt();
        for ((point, weight), expected) in rule.iter().zip([0.5 - offset, 0.5 + offset]) {
            assert!((point - expected).abs() < 1e-15);
            assert!((weight - 0.5).abs() < 1e-15);
        }
    }

    #[test]
    fn powers_up_to_twice_the_points_are_integrated_exactly() {
        for n in [1, 4, 8, 24, 64] {
            let rule = gauss_legendre(n);
            for power in 0..2 * n {
                let sum: f64 = rule.iter().map(|(t, w)| w * t.powi(power as i32)).sum();

                let expected = 1.0 / (power as f64 + 1.0);
                assert!(
                    (sum / expected - 1.0).abs() < 1e-12,
                    "{n} points, power {power}"
                );
            }
        }
    }
}
