//! What people know and data say too little of, as losses: rules in training.
//!
//! Sources: the rule posterior of Hu et al. (2016), "Harnessing Deep Neural Networks with Logic
//! Rules"; the semantic loss of Xu et al. (2018), "A Semantic Loss Function for Deep Learning with
//! Symbolic Knowledge", for two outputs. A penalty bends a network, it guarantees nothing: where the
//! law wants a guarantee, the network must be monotone by its construction.

mod gate;
mod loss;

use std::fmt;

use burn::tensor::activation::{log_softmax, relu, softmax};
use burn::tensor::{Tensor, TensorData};
use serde::{Deserialize, Serialize};

pub use gate::{JudgedRule, Verdict, judge_rules};
pub use loss::{WeightedRule, loss_with_rules, rows_around};

use crate::{Draws, NnError};

/// Something that is known of a classifier over the columns of a table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// More of a column makes a class no less likely (or no more likely).
    Monotone {
        /// Which column.
        column: usize,
        /// Which class.
        class: usize,
        /// Whether more of the column makes the class likelier.
        is_rising: bool,
        /// The farthest that the column is moved to try the rule, in its own unit.
        range: f64,
    },
    /// Where a column is within bounds, a class has at least this probability.
    Implies {
        /// Which column.
        column: usize,
        /// The least that the column must be.
        least: f64,
        /// The most that the column may be.
        most: f64,
        /// Which class.
        class: usize,
        /// How strongly the rule speaks against other classes: they lose this many nats.
        strength: f64,
    },
    /// A class is nowhere likelier than another.
    Order {
        /// The class that is no likelier.
        lower: usize,
        /// The other.
        upper: usize,
    },
    /// Two classes are not both likely at once.
    Exclusive {
        /// One class.
        first: usize,
        /// The other.
        second: usize,
    },
}

impl Rule {
    /// Refuses a rule that speaks of columns or classes that are not there.
    ///
    /// # Errors
    /// [`NnError::Config`] with what is out of range.
    pub fn check(&self, n_columns: usize, n_classes: usize) -> Result<(), NnError> {
        let (columns, classes, sizes): (Vec<usize>, Vec<usize>, Vec<f64>) = match *self {
            Self::Monotone {
                column,
                class,
                range,
                ..
            } => (vec![column], vec![class], vec![range]),
            Self::Implies {
                column,
                least,
                most,
                class,
                strength,
            } => {
                NnError::require(least <= most, "a rule's bounds are in order")?;
                (vec![column], vec![class], vec![strength])
            }
            Self::Order { lower, upper } => (vec![], vec![lower, upper], vec![]),
            Self::Exclusive { first, second } => (vec![], vec![first, second], vec![]),
        };
        let is_column = columns.iter().all(|column| *column < n_columns);
        NnError::require(is_column, "a rule speaks of a column of the table")?;
        let is_class = classes.iter().all(|class| *class < n_classes);
        NnError::require(is_class, "a rule speaks of a class of the network")?;
        let is_apart = classes.len() < 2 || classes[0] != classes[1];
        NnError::require(is_apart, "a rule speaks of two different classes")?;
        let is_size = sizes.iter().all(|size| *size > 0.0 && size.is_finite());
        NnError::require(is_size, "a rule's range and strength are positive")
    }

    /// How badly a network breaks the rule on these rows: zero where it keeps it, tracked.
    ///
    /// - `x`: `[n_rows, n_columns]`; the rows need no class, so there can be many of them.
    /// - `logits_of`: `[n_rows, n_columns]` to `[n_rows, n_classes]`.
    pub fn penalty(
        &self,
        x: Tensor<2>,
        logits_of: impl Fn(Tensor<2>) -> Tensor<2>,
        draws: &mut Draws,
    ) -> Tensor<1> {
        match *self {
            Self::Monotone {
                column,
                class,
                is_rising,
                range,
            } => {
                let moved = x.clone() + steps(&x, column, range, draws);
                let rise = log_odds(logits_of(moved), class) - log_odds(logits_of(x), class);
                let wrong = if is_rising { rise.neg() } else { rise };
                relu(wrong).mean()
            }
            Self::Implies {
                column,
                least,
                most,
                class,
                strength,
            } => {
                let covered = covered(&x, column, least, most);
                let logits = logits_of(x);
                let teacher = posterior(logits.clone().detach(), class, strength);
                let losses = (teacher * log_softmax(logits, 1)).sum_dim(1).neg();
                let n = covered.clone().sum().clamp_min(1.0);
                (losses * covered).sum() / n
            }
            Self::Order { lower, upper } => {
                let logits = logits_of(x);
                relu(column_of(logits.clone(), lower) - column_of(logits, upper)).mean()
            }
            Self::Exclusive { first, second } => {
                let likely = softmax(logits_of(x), 1);
                let both = column_of(likely.clone(), first) * column_of(likely, second);
                // Two probabilities of one half are as far as a softmax can go wrong.
                (both * 4.0 - 1e-6).neg().add_scalar(1.0).log().neg().mean()
            }
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Monotone {
                column,
                class,
                is_rising,
                ..
            } => {
                let how = if *is_rising { "less" } else { "more" };
                write!(
                    f,
                    "more of column {column} makes class {class} no {how} likely"
                )
            }
            Self::Implies {
                column,
                least,
                most,
                class,
                ..
            } => write!(
                f,
                "column {column} from {least} to {most} speaks for class {class}"
            ),
            Self::Order { lower, upper } => {
                write!(f, "class {lower} is nowhere likelier than class {upper}")
            }
            Self::Exclusive { first, second } => {
                write!(
                    f,
                    "classes {first} and {second} are not both likely at once"
                )
            }
        }
    }
}

/// A step up to `range` in one column of each row.
fn steps(x: &Tensor<2>, column: usize, range: f64, draws: &mut Draws) -> Tensor<2> {
    let [n_rows, n_columns] = x.dims();
    let mut numbers = vec![0.0; n_rows * n_columns];
    for row in numbers.chunks_exact_mut(n_columns) {
        row[column] = (draws.share() * range) as f32;
    }
    Tensor::from_data(TensorData::new(numbers, [n_rows, n_columns]), &x.device())
}

/// One where a row's column is within the bounds, `[n_rows, 1]`.
fn covered(x: &Tensor<2>, column: usize, least: f64, most: f64) -> Tensor<2> {
    let value = column_of(x.clone().detach(), column);
    let above = value.clone().greater_equal_scalar(least).float();
    above * value.lower_equal_scalar(most).float()
}

/// The network's probabilities, the others' lowered as the rule says: the teacher of the rule.
fn posterior(logits: Tensor<2>, class: usize, strength: f64) -> Tensor<2> {
    let [_, n_classes] = logits.dims();
    let against: Vec<f32> = (0..n_classes)
        .map(|other| {
            if other == class {
                0.0
            } else {
                -strength as f32
            }
        })
        .collect();
    let against = TensorData::new(against, [1, n_classes]);
    softmax(
        logits.clone() + Tensor::from_data(against, &logits.device()),
        1,
    )
}

/// The log odds of a class against all others, `[n_rows, n_classes]` to `[n_rows, 1]`; of a single
/// output the output itself.
///
/// The class's own logit would not do: a softmax is the same when all logits move together, so a
/// network could keep the rule there and break it by the other classes.
fn log_odds(logits: Tensor<2>, class: usize) -> Tensor<2> {
    let [_, n_classes] = logits.dims();
    let own = column_of(logits.clone(), class);
    if n_classes == 1 {
        return own;
    }
    let out: Vec<f32> = (0..n_classes)
        .map(|other| if other == class { f32::MIN / 2.0 } else { 0.0 })
        .collect();
    let out = TensorData::new(out, [1, n_classes]);
    let others = logits.clone() + Tensor::from_data(out, &logits.device());
    // Scaled by the largest, so that nothing overflows.
    let largest = others.clone().detach().max_dim(1);
    let sum = (others - largest.clone()).exp().sum_dim(1);
    own - largest - sum.log()
}

/// `[n_rows, n]` to `[n_rows, 1]`.
fn column_of(x: Tensor<2>, column: usize) -> Tensor<2> {
    let n_rows = x.dims()[0];
    x.slice([0..n_rows, column..column + 1])
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::ops::testing::values;

    fn rows(numbers: [[f32; 2]; 3]) -> Tensor<2> {
        Tensor::from_floats(numbers, &crate::device::of_tests())
    }

    /// The second class grows with the first column and falls with the second.
    fn logits(x: Tensor<2>) -> Tensor<2> {
        let weights = Tensor::<2>::from_floats([[0.0, 2.0], [0.0, -1.0]], &x.device());
        x.matmul(weights)
    }

    fn penalty(rule: &Rule) -> f32 {
        let x = rows([[0.0, 0.0], [1.0, 2.0], [-1.0, 0.5]]);
        values(rule.penalty(x, logits, &mut Draws::new(1, "rules")))[0]
    }

    fn monotone(column: usize, is_rising: bool) -> Rule {
        Rule::Monotone {
            column,
            class: 1,
            is_rising,
            range: 1.0,
        }
    }

    #[test]
    fn a_monotone_rule_costs_only_where_it_is_broken() {
        assert_eq!(penalty(&monotone(0, true)), 0.0);
        assert!(penalty(&monotone(0, false)) > 0.3);
        assert_eq!(penalty(&monotone(1, false)), 0.0);
        assert!(penalty(&monotone(1, true)) > 0.1);
    }

    #[test]
    fn a_monotone_rule_sees_what_the_other_classes_do() {
        // The first column lowers the first class, which makes the second likelier.
        let logits = |x: Tensor<2>| {
            let weights = Tensor::<2>::from_floats([[-2.0, 0.0], [0.0, 0.0]], &x.device());
            x.matmul(weights)
        };
        let x = || rows([[0.0, 0.0], [1.0, 2.0], [-1.0, 0.5]]);
        let cost = |rule: Rule| values(rule.penalty(x(), logits, &mut Draws::new(1, "rules")))[0];

        assert_eq!(cost(monotone(0, true)), 0.0);
        assert!(cost(monotone(0, false)) > 0.3);
    }

    #[test]
    fn log_odds_are_those_of_the_probabilities() {
        let logits = Tensor::<2>::from_floats(
            [[0.3, -1.2, 2.0], [5.0, 5.0, -60.0]],
            &crate::device::of_tests(),
        );
        let found = values(log_odds(logits.clone(), 1));
        let p = values(softmax(logits, 1));

        for (found, p) in found.iter().zip([p[1], p[4]]) {
            assert!((found - (p / (1.0 - p)).ln()).abs() < 1e-5, "{found}");
        }
    }

    #[test]
    fn an_order_costs_what_the_lower_is_above_the_upper() {
        // Logits of the second class: 0, 0, -2.5; of the first always 0.
        assert!((penalty(&Rule::Order { lower: 0, upper: 1 }) - 2.5 / 3.0).abs() < 1e-6);
        assert_eq!(penalty(&Rule::Order { lower: 1, upper: 0 }), 0.0);
    }

    #[test]
    fn an_implication_speaks_of_covered_rows_only() {
        let rule = |least, most| Rule::Implies {
            column: 0,
            least,
            most,
            class: 1,
            strength: 5.0,
        };
        assert_eq!(penalty(&rule(5.0, 9.0)), 0.0, "no row is covered");
        assert!(
            penalty(&rule(-2.0, -0.5)) > penalty(&rule(-0.5, 2.0)),
            "the worse row costs more"
        );
    }

    #[test]
    fn two_exclusive_classes_cost_most_at_one_half_each() {
        let rule = Rule::Exclusive {
            first: 0,
            second: 1,
        };
        let at = |difference: f32| {
            let x = rows([[0.0, 0.0]; 3]);
            let logits = |x: Tensor<2>| {
                let shift = Tensor::<2>::from_floats([[0.0, difference]], &x.device());
                x + shift
            };
            values(rule.penalty(x, logits, &mut Draws::new(1, "rules")))[0]
        };
        assert!(at(0.0) > at(1.0) && at(1.0) > at(4.0));
        assert!(at(20.0).abs() < 1e-5);
        assert!(at(0.0).is_finite());
    }

    #[test]
    fn rules_of_what_is_not_there_are_refused() {
        let wrong = [
            (monotone(2, true), "a column of the table"),
            (Rule::Order { lower: 0, upper: 2 }, "a class of the network"),
            (Rule::Order { lower: 1, upper: 1 }, "two different classes"),
            (
                Rule::Monotone {
                    column: 0,
                    class: 0,
                    is_rising: true,
                    range: 0.0,
                },
                "positive",
            ),
        ];
        for (rule, part) in wrong {
            let error = rule.check(2, 2).unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        }
        assert!(monotone(1, true).check(2, 2).is_ok());
    }
}
