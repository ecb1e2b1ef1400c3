//! Sums of derivatives in whole numbers.
//!
//! Floating-point sums depend on their order, and differences of them lose digits. Here each
//! derivative becomes a whole number of tiny units once per round, and all sums and differences of
//! those are exact: any order and any number of threads give the same histogram, and a sibling's
//! histogram got by subtraction is the one that counting would have given. Only the choice of
//! splits rests on these sums; the values of leaves are worked out from the derivatives themselves.

use std::ops::{AddAssign, Sub, SubAssign};

use super::loss::Derivative;

/// Summed derivatives and number of some rows, in units of a [`Scale`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Sums {
    gradient: i64,
    /// The hessian above, the number of rows in the lowest bits: one addition for both.
    hessian_and_count: u64,
}

impl AddAssign for Sums {
    fn add_assign(&mut self, other: Self) {
        // The scale leaves room for all rows together; wrapping spares the check.
        self.gradient = self.gradient.wrapping_add(other.gradient);
        self.hessian_and_count = self.hessian_and_count.wrapping_add(other.hessian_and_count);
    }
}

impl SubAssign for Sums {
    fn sub_assign(&mut self, other: Self) {
        self.gradient = self.gradient.wrapping_sub(other.gradient);
        self.hessian_and_count = self.hessian_and_count.wrapping_sub(other.hessian_and_count);
    }
}

impl Sub for Sums {
    type Output = Self;

    fn sub(mut self, other: Self) -> Self {
        self -= other;
        self
    }
}

impl Sums {
    /// Whether no row is in it.
    pub(super) fn is_empty(self) -> bool {
        self.hessian_and_count == 0
    }
}

/// The units of [`Sums`].
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale {
    gradient_unit: f64,
    hessian_unit: f64,
    count_bits: u32,
}

impl Scale {
    /// The finest units in which this many rows of derivatives up to these sizes fit.
    ///
    /// `n` rows leave `62 - log2(n)` bits for each gradient and `63 - 2 log2(n)` for each hessian,
    /// beside which the number of rows must fit: 47 and 33 bits for 32,000 rows, 42 and 23 for a
    /// million. A number in single precision has 24.
    pub(super) fn new(n_rows: usize, largest_gradient: f64, largest_hessian: f64) -> Self {
        let count_bits = usize::BITS - n_rows.leading_zeros();
        Self {
            gradient_unit: unit(largest_gradient, 62_u32.saturating_sub(count_bits)),
            hessian_unit: unit(largest_hessian, 63_u32.saturating_sub(2 * count_bits)),
            count_bits,
        }
    }

    /// One row in these units.
    pub(super) fn pack(&self, derivative: &Derivative) -> Sums {
        let gradient = derivative.gradient / self.gradient_unit;
        let hessian = (derivative.hessian / self.hessian_unit + 0.5) as u64;
        Sums {
            gradient: (gradient + 0.5_f64.copysign(gradient)) as i64,
            hessian_and_count: hessian << self.count_bits | 1,
        }
    }

    /// Summed gradients.
    pub(super) fn gradient(&self, sums: Sums) -> f64 {
        sums.gradient as f64 * self.gradient_unit
    }

    /// Summed hessians.
    pub(super) fn hessian(&self, sums: Sums) -> f64 {
        // Through i64, which the processor converts in one step; the highest bit is never set.
        (sums.hessian_and_count >> self.count_bits) as i64 as f64 * self.hessian_unit
    }

    /// Number of rows.
    pub(super) fn count(&self, sums: Sums) -> usize {
        (sums.hessian_and_count & ((1 << self.count_bits) - 1)) as usize
    }
}

/// The unit that makes the largest number `2^bits`; 1 if all are zero.
fn unit(largest: f64, bits: u32) -> f64 {
    let unit = largest / (1_u64 << bits) as f64;
    if unit > 0.0 { unit } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn derivative(gradient: f64, hessian: f64) -> Derivative {
        Derivative {
            gradient,
            hessian,
            weight: 1.0,
        }
    }

    #[test]
    fn sums_are_those_of_the_derivatives_to_within_half_a_unit_each() {
        let rows: Vec<Derivative> = (0..1000)
            .map(|i| derivative(f64::from(i % 7) - 3.3, f64::from(i % 5) * 0.05))
            .collect();
        let scale = Scale::new(1000, 3.7, 0.2);
        let mut sums = Sums::default();

        for row in &rows {
            sums += scale.pack(row);
        }

        let gradient: f64 = rows.iter().map(|row| row.gradient).sum();
        let hessian: f64 = rows.iter().map(|row| row.hessian).sum();
        assert!((scale.gradient(sums) - gradient).abs() < 1e-9);
        assert!((scale.hessian(sums) - hessian).abs() < 1e-9);
        assert_eq!(scale.count(sums), 1000);
    }

    #[test]
    fn a_difference_is_exactly_what_counting_would_have_given() {
        let scale = Scale::new(3, 1.0, 1.0);
        let [a, b, c] =
            [(0.1, 0.3), (-1.0, 1.0), (0.7, 0.0)].map(|(g, h)| scale.pack(&derivative(g, h)));
        let mut all = a;
        all += b;
        all += c;
        let mut rest = a;
        rest += c;

        assert_eq!(all - b, rest);
        assert!((all - rest - b).is_empty());
    }

    #[test]
    fn as_many_rows_as_there_are_of_the_largest_size_fit() {
        let n = 100_000;
        let scale = Scale::new(n, 5.0, 2.0);
        let mut sums = Sums::default();

        for _ in 0..n {
            sums += scale.pack(&derivative(-5.0, 2.0));
        }

        assert!((scale.gradient(sums) + 5.0 * n as f64).abs() < 1e-3);
        assert!((scale.hessian(sums) - 2.0 * n as f64).abs() < 1e-3);
        assert_eq!(scale.count(sums), n);
    }

    #[test]
    fn derivatives_that_are_all_zero_stay_zero() {
        let scale = Scale::new(2, 0.0, 0.0);

        let sums = scale.pack(&derivative(0.0, 0.0));

        assert_eq!((scale.gradient(sums), scale.hessian(sums)), (0.0, 0.0));
        assert_eq!(scale.count(sums), 1);
    }
}
