//! Rules in a loss: penalties on rows that need no class, and the rule posterior on rows that have
//! one.

use burn::tensor::activation::log_softmax;
use burn::tensor::{Tensor, TensorData};
use serde::{Deserialize, Serialize};

use super::{Rule, covered, posterior};
use crate::{Draws, NnError};

/// A rule and how much it counts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WeightedRule {
    /// The rule.
    pub rule: Rule,
    /// How much it counts, above 0. An implication of weight `w` is believed `w / (1 + w)`, and the
    /// class that was seen for the rest.
    pub weight: f64,
}

impl WeightedRule {
    /// A rule of this weight.
    ///
    /// # Errors
    /// [`NnError::Config`] unless the weight is a number above 0.
    pub fn new(rule: Rule, weight: f64) -> Result<Self, NnError> {
        let is_weight = weight > 0.0 && weight.is_finite();
        NnError::require(is_weight, "a rule's weight is a number above 0")?;
        Ok(Self { rule, weight })
    }
}

/// The mean loss of labeled rows with rules, tracked.
///
/// An implication changes what covered rows are held to: of their loss a share is the cross-entropy
/// to the network's own probabilities, bent as the rule says (the rule posterior). Every other rule
/// adds its weighted penalty on `free` rows, which have no class.
///
/// - `x`: `[n_rows, n_columns]`, the labeled rows; `losses`: `[n_rows]`, each row's loss without rules.
/// - `free`: `[n_free, n_columns]`, see [`rows_around`].
/// - `logits_of`: rows to `[n_rows, n_classes]`.
pub fn loss_with_rules(
    rules: &[WeightedRule],
    x: &Tensor<2>,
    losses: Tensor<1>,
    free: &Tensor<2>,
    logits_of: impl Fn(Tensor<2>) -> Tensor<2>,
    draws: &mut Draws,
) -> Tensor<1> {
    let mut losses = losses;
    let mut penalties: Option<Tensor<1>> = None;
    for WeightedRule { rule, weight } in rules {
        if let Rule::Implies { .. } = rule {
            losses = believed(rule, *weight, x, losses, &logits_of);
        } else {
            let penalty = rule.penalty(free.clone(), &logits_of, draws) * *weight;
            penalties = Some(match penalties {
                Some(sum) => sum + penalty,
                None => penalty,
            });
        }
    }
    match penalties {
        Some(penalties) => losses.mean() + penalties,
        None => losses.mean(),
    }
}

/// The losses with a share of each covered row's replaced by that of the rule posterior.
fn believed(
    rule: &Rule,
    weight: f64,
    x: &Tensor<2>,
    losses: Tensor<1>,
    logits_of: impl Fn(Tensor<2>) -> Tensor<2>,
) -> Tensor<1> {
    let Rule::Implies {
        column,
        least,
        most,
        class,
        strength,
    } = *rule
    else {
        return losses;
    };
    let share: Tensor<1> =
        covered(x, column, least, most).flatten::<1>(0, 1) * (weight / (1.0 + weight));
    let logits = logits_of(x.clone());
    let teacher = posterior(logits.clone().detach(), class, strength);
    let taught: Tensor<1> = (teacher * log_softmax(logits, 1))
        .sum_dim(1)
        .neg()
        .flatten::<1>(0, 1);
    losses.clone() + (taught - losses) * share
}

/// Rows without a class to try rules on: each number even between the least and the most of its
/// column, stretched by half around their middle, so that rules hold a little beyond the data too.
pub fn rows_around(x: &Tensor<2>, n_rows: usize, draws: &mut Draws) -> Tensor<2> {
    let [_, n_columns] = x.dims();
    let x = x.clone().detach();
    let (least, most) = (x.clone().min_dim(0), x.clone().max_dim(0));
    let (middle, reach) = (
        (most.clone() + least.clone()) * 0.5,
        (most - least) * (0.5 * STRETCH),
    );
    let shares: Vec<f32> = (0..n_rows * n_columns)
        .map(|_| (2.0 * draws.share() - 1.0) as f32)
        .collect();
    let shares = Tensor::from_data(TensorData::new(shares, [n_rows, n_columns]), &x.device());
    middle + shares * reach
}

/// How much wider than the data the rows around them reach.
const STRETCH: f64 = 1.5;

#[cfg(test)]
mod tests {
    use burn::tensor::activation::softmax;

    use super::*;
    use crate::ops::testing::values;

    fn rows() -> Tensor<2> {
        Tensor::from_floats(
            [[0.0, 0.0], [1.0, 2.0], [-1.0, 0.5]],
            &crate::device::of_tests(),
        )
    }

    /// The second class grows with the first column.
    fn logits(x: Tensor<2>) -> Tensor<2> {
        let weights = Tensor::<2>::from_floats([[0.0, 2.0], [0.0, 0.0]], &x.device());
        x.matmul(weights)
    }

    fn loss(rules: &[WeightedRule]) -> f32 {
        let losses = Tensor::<1>::from_floats([1.0, 2.0, 6.0], &crate::device::of_tests());
        let draws = &mut Draws::new(1, "rules");
        let loss = loss_with_rules(rules, &rows(), losses, &rows(), logits, draws);
        values(loss)[0]
    }

    #[test]
    fn no_rules_are_the_plain_mean() {
        assert_eq!(loss(&[]), 3.0);
    }

    #[test]
    fn a_penalty_is_added_by_its_weight() {
        let rule = Rule::Order { lower: 1, upper: 0 };
        let penalty = values(rule.penalty(rows(), logits, &mut Draws::new(1, "rules")))[0];

        let weighted = WeightedRule::new(rule, 3.0).unwrap();

        assert!((loss(&[weighted]) - 3.0 - 3.0 * penalty).abs() < 1e-5);
    }

    /// Worked by hand for the only covered row, whose log odds are 2 and whose teacher's are 3.
    #[test]
    fn an_implication_replaces_a_share_of_covered_rows() {
        let rule = Rule::Implies {
            column: 0,
            least: 0.5,
            most: 2.0,
            class: 1,
            strength: 1.0,
        };

        let weighted = WeightedRule::new(rule, 1.0).unwrap();

        let sigmoid = |z: f32| 1.0 / (1.0 + (-z).exp());
        let (taught, own) = (sigmoid(3.0), sigmoid(2.0));
        let of_teacher = -taught * own.ln() - (1.0 - taught) * (1.0 - own).ln();
        let expected = (1.0 + 0.5 * (2.0 + of_teacher) + 6.0) / 3.0;
        assert!((loss(&[weighted]) - expected).abs() < 1e-5);
    }

    #[test]
    fn the_posterior_bends_probabilities_by_the_strength() {
        let bent = values(posterior(logits(rows()), 1, 1.5));
        let plain = values(softmax(logits(rows()), 1));

        for (bent, plain) in bent.chunks(2).zip(plain.chunks(2)) {
            let gained = (bent[1] / bent[0]).ln() - (plain[1] / plain[0]).ln();
            assert!((gained - 1.5).abs() < 1e-4, "{gained}");
        }
    }

    #[test]
    fn rows_around_the_data_reach_half_beyond_it_and_no_farther() {
        let free = values(rows_around(&rows(), 2000, &mut Draws::new(1, "free")));

        let column = |c: usize| free.iter().skip(c).step_by(2).copied();
        let range = |c| {
            let least = column(c).fold(f32::INFINITY, f32::min);
            (least, column(c).fold(f32::NEG_INFINITY, f32::max))
        };
        let ((a, b), (c, d)) = (range(0), range(1));
        assert!(
            (-1.5..-1.45).contains(&a) && (1.45..=1.5).contains(&b),
            "{a} {b}"
        );
        assert!(
            (-0.5..-0.45).contains(&c) && (2.45..=2.5).contains(&d),
            "{c} {d}"
        );
    }

    #[test]
    fn a_weight_that_is_none_is_refused() {
        for weight in [0.0, -1.0, f64::NAN] {
            assert!(WeightedRule::new(Rule::Order { lower: 0, upper: 1 }, weight).is_err());
        }
    }
}
