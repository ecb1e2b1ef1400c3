//! A customer's orders as a network reads them.

use super::Customer;

/// Numbers per step: logarithms of the days since the order before, of the amount and of the lines,
/// and whether the step is no order but the instant at which the history is read.
pub(crate) const N_NUMBERS: usize = 4;
/// What is foretold: logarithms of the days until the next order and of its amount.
pub(crate) const N_TARGETS: usize = 2;
/// Days within which a next order counts.
pub(crate) const HORIZON: i32 = 60;
/// A history keeps this many last orders.
const MAX_ORDERS: usize = 24;

/// What a customer did before an instant, and what came next.
pub(crate) struct History {
    /// Which customer.
    pub(crate) customer: u64,
    /// The last orders and, at the end, the instant. A number that a step lacks is `NaN`: the days
    /// before a first order, the amount of the instant.
    pub(crate) steps: Vec<[f64; N_NUMBERS]>,
    /// The logarithm of the days from the last order to the instant.
    pub(crate) quiet: f64,
    /// The next order; none when none came within the horizon.
    pub(crate) next: Option<[f64; N_TARGETS]>,
}

/// The history of a customer as of a day, which sees orders of earlier days only; none for customers
/// with fewer than two of them. The next order counts when it comes within [`HORIZON`].
pub(crate) fn as_of(customer: &Customer, id: u64, day: i32) -> Option<History> {
    let (seen, later) = customer
        .orders
        .split_at(customer.orders.partition_point(|order| order.day < day));
    let [.., _, last] = seen else {
        return None;
    };
    let quiet = f64::from(day - last.day).ln();
    let from = seen.len().saturating_sub(MAX_ORDERS);
    let steps = (from..seen.len()).map(|at| {
        let order = seen[at];
        let gap = at.checked_sub(1).map_or(f64::NAN, |before| {
            f64::from(order.day - seen[before].day).ln()
        });
        [gap, order.amount.ln(), (order.n_lines as f64).ln(), 0.0]
    });
    let instant = [quiet, f64::NAN, f64::NAN, 1.0];
    let next = later.first().filter(|order| order.day < day + HORIZON);
    Some(History {
        customer: id,
        steps: steps.chain([instant]).collect(),
        quiet,
        // An order on the very day is one day away.
        next: next.map(|order| [f64::from(order.day - day + 1).ln(), order.amount.ln()]),
    })
}

impl History {
    /// The orders without the instant.
    pub(crate) fn orders(&self) -> &[[f64; N_NUMBERS]] {
        &self.steps[..self.steps.len() - 1]
    }
}

/// Means and deviations that numbers are brought to 0 and 1 with, of training histories.
pub(crate) struct Scale {
    steps: [(f64, f64); N_NUMBERS],
    next: [(f64, f64); N_TARGETS],
}

impl Scale {
    pub(crate) fn fit(histories: &[&History]) -> Self {
        let steps = || histories.iter().flat_map(|history| &history.steps);
        let next = || histories.iter().filter_map(|history| history.next);
        let mut scale = Self {
            steps: std::array::from_fn(|at| moments(steps().map(|step| step[at]))),
            next: std::array::from_fn(|at| moments(next().map(|next| next[at]))),
        };
        // The mark of the instant stays 0 or 1.
        scale.steps[N_NUMBERS - 1] = (0.0, 1.0);
        scale
    }

    /// A step for the network; what is missing becomes the mean.
    pub(crate) fn step(&self, step: &[f64; N_NUMBERS]) -> [f32; N_NUMBERS] {
        std::array::from_fn(|at| {
            let (mean, deviation) = self.steps[at];
            if step[at].is_nan() {
                0.0
            } else {
                ((step[at] - mean) / deviation) as f32
            }
        })
    }

    /// A target for the network.
    pub(crate) fn target(&self, next: [f64; N_TARGETS]) -> [f32; N_TARGETS] {
        std::array::from_fn(|at| ((next[at] - self.next[at].0) / self.next[at].1) as f32)
    }

    /// A network's answer as logarithms of days and pounds.
    pub(crate) fn answer(&self, next: &[f32]) -> [f64; N_TARGETS] {
        std::array::from_fn(|at| f64::from(next[at]) * self.next[at].1 + self.next[at].0)
    }
}

/// Mean and deviation of the numbers that are there.
fn moments(numbers: impl Iterator<Item = f64>) -> (f64, f64) {
    let present: Vec<f64> = numbers.filter(|number| !number.is_nan()).collect();
    let mean = rapport_learn::stats::mean(&present);
    let deviation = rapport_learn::stats::variance(&present).sqrt();
    (mean, if deviation > 0.0 { deviation } else { 1.0 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::retail::orders::Order;

    fn customer(orders: &[(i32, f64)]) -> Customer {
        let orders = orders.iter().map(|&(day, amount)| Order {
            day,
            amount,
            n_lines: 1,
        });
        Customer {
            orders: orders.collect(),
        }
    }

    #[test]
    fn nothing_at_or_after_the_instant_changes_what_a_history_sees() {
        let long = customer(&[(10, 5.0), (20, 7.0), (30, 9.0), (45, 11.0)]);
        let short = customer(&[(10, 5.0), (20, 7.0)]);

        let (long, short) = (as_of(&long, 1, 30).unwrap(), as_of(&short, 1, 30).unwrap());

        // Text, because a missing number does not equal itself.
        assert_eq!(format!("{:?}", long.steps), format!("{:?}", short.steps));
        assert_eq!(long.quiet, 10.0_f64.ln());
        assert_eq!(long.next, Some([1.0_f64.ln(), 9.0_f64.ln()]));
        assert_eq!(short.next, None);
    }

    #[test]
    fn an_order_beyond_the_horizon_is_no_next_order() {
        let next = |day| {
            let customer = customer(&[(10, 5.0), (20, 7.0), (day, 9.0)]);
            as_of(&customer, 1, 30).unwrap().next
        };

        assert!(next(30 + HORIZON - 1).is_some());
        assert_eq!(next(30 + HORIZON), None);
    }

    #[test]
    fn a_first_order_alone_is_no_history() {
        let customer = customer(&[(10, 5.0), (30, 7.0)]);

        assert!(as_of(&customer, 1, 30).is_none());
    }
}
