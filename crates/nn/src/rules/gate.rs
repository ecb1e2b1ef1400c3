//! Whether a rule may be used: it must not contradict the data that were held back.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Rule, WeightedRule};
use crate::NnError;

/// What became of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The rule is used: it costs at most what is allowed.
    Kept {
        /// By which share held-back loss rose; negative where it fell.
        rise: f64,
    },
    /// The rule contradicts the data: it is shown to whoever made it.
    Refused {
        /// By which share held-back loss rose.
        rise: f64,
    },
}

impl Verdict {
    /// The most by which a rule may worsen clean held-back loss.
    pub const MOST: f64 = 0.01;

    /// Judges a rule by clean held-back log loss without it and with it.
    pub fn of(loss_without: f64, loss_with: f64) -> Self {
        let rise = loss_with / loss_without - 1.0;
        // A loss that is no number refuses, too.
        if rise.is_finite() && rise <= Self::MOST {
            Self::Kept { rise }
        } else {
            Self::Refused { rise }
        }
    }
}

/// A rule, the weight that suited it best, and what became of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JudgedRule {
    /// The rule with its weight.
    pub rule: WeightedRule,
    /// What became of it.
    pub verdict: Verdict,
}

impl fmt::Display for JudgedRule {
    /// The sentence that the author of the rule reads.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let WeightedRule { rule, weight } = &self.rule;
        match self.verdict {
            Verdict::Kept { rise } => write!(
                f,
                "kept: {rule} (weight {weight}, held-back loss {:+.1} %)",
                100.0 * rise
            ),
            Verdict::Refused { rise } => write!(
                f,
                "refused: {rule} contradicts the data: held-back loss {:+.1} % even at the weight \
                 that suits it best, {weight}",
                100.0 * rise
            ),
        }
    }
}

/// Tries rules one after the other, each beside those kept so far and at each of the weights, and
/// keeps those that do not worsen clean held-back loss by over [`Verdict::MOST`].
///
/// `held_back_loss` trains with the rules that it is given and gives the log loss on rows that were
/// held back from it and that no rule touched; always with the same seed, so that chance does not
/// judge.
///
/// # Errors
/// [`NnError::Config`] without weights or with one that is not positive, and whatever the training
/// refuses.
pub fn judge_rules(
    rules: &[Rule],
    weights: &[f64],
    mut held_back_loss: impl FnMut(&[WeightedRule]) -> Result<f64, NnError>,
) -> Result<Vec<JudgedRule>, NnError> {
    NnError::require(
        !weights.is_empty(),
        "a rule is tried at one weight at least",
    )?;
    for rule in rules {
        for &weight in weights {
            WeightedRule::new(rule.clone(), weight)?;
        }
    }
    let mut kept: Vec<WeightedRule> = Vec::new();
    let mut loss_without = held_back_loss(&kept)?;
    let mut judged = Vec::with_capacity(rules.len());
    for rule in rules {
        let mut best: Option<(f64, f64)> = None;
        for &weight in weights {
            kept.push(WeightedRule::new(rule.clone(), weight)?);
            let loss = held_back_loss(&kept)?;
            kept.pop();
            // A first loss that is no number would stay the least for good: no number is below it.
            let is_less = |least: f64| !least.is_finite() || loss.is_finite() && loss < least;
            if best.is_none_or(|(least, _)| is_less(least)) {
                best = Some((loss, weight));
            }
        }
        let (loss, weight) = best.expect("there is a weight to try");
        let rule = WeightedRule::new(rule.clone(), weight)?;
        let verdict = Verdict::of(loss_without, loss);
        if let Verdict::Kept { .. } = verdict {
            kept.push(rule.clone());
            loss_without = loss;
        }
        judged.push(JudgedRule { rule, verdict });
    }
    Ok(judged)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_that_worsens_clean_loss_by_over_a_percent_is_refused() {
        assert!(matches!(Verdict::of(0.5, 0.504), Verdict::Kept { .. }));
        assert!(matches!(Verdict::of(0.5, 0.506), Verdict::Refused { .. }));
        assert!(matches!(Verdict::of(0.5, 0.4), Verdict::Kept { rise } if rise < 0.0));
        assert!(matches!(
            Verdict::of(0.5, f64::NAN),
            Verdict::Refused { .. }
        ));
        assert!(matches!(
            Verdict::of(0.5, f64::NEG_INFINITY),
            Verdict::Refused { .. }
        ));
    }

    #[test]
    fn a_rule_is_judged_beside_those_kept_and_at_its_best_weight() {
        let rules = [(0, 1), (1, 2), (2, 0)].map(|(lower, upper)| Rule::Order { lower, upper });
        let mut tried = Vec::new();
        // The first rule helps most at 2, the second harms, the third helps only at 0.5.
        let loss = |used: &[WeightedRule]| {
            tried.push(used.to_vec());
            let change = |used: &WeightedRule| match (&used.rule, used.weight) {
                (Rule::Order { lower: 0, .. }, weight) => -0.1 * weight,
                (Rule::Order { lower: 1, .. }, _) => 0.2,
                (_, weight) => 0.3 * (weight - 0.6),
            };
            Ok(1.0 + used.iter().map(change).sum::<f64>())
        };

        let judged = judge_rules(&rules, &[0.5, 2.0], loss).unwrap();

        let weights: Vec<f64> = judged.iter().map(|judged| judged.rule.weight).collect();
        assert_eq!(weights, [2.0, 0.5, 0.5]);
        assert!(matches!(judged[0].verdict, Verdict::Kept { .. }));
        assert!(matches!(judged[1].verdict, Verdict::Refused { .. }));
        assert!(matches!(judged[2].verdict, Verdict::Kept { .. }));
        let last = tried.last().unwrap();
        assert_eq!(last.len(), 2, "the refused rule is not used further");
        assert!(judged[1].to_string().starts_with("refused: class 1"));
    }

    #[test]
    fn a_weight_without_a_loss_does_not_speak_for_the_others() {
        let rules = [Rule::Order { lower: 0, upper: 1 }];
        let verdict = |weights: &[f64]| {
            let loss = |used: &[WeightedRule]| {
                Ok(used.first().map_or(1.0, |used| match used.weight {
                    weight if weight < 1.0 => f64::NAN,
                    weight if weight > 10.0 => f64::NEG_INFINITY,
                    weight => 0.5 + 0.1 * weight,
                }))
            };
            judge_rules(&rules, weights, loss).unwrap().remove(0)
        };

        for weights in [[0.5, 2.0], [2.0, 0.5], [2.0, 20.0], [20.0, 2.0]] {
            let judged = verdict(&weights);
            assert_eq!(judged.rule.weight, 2.0, "{weights:?}");
            assert!(matches!(judged.verdict, Verdict::Kept { rise } if rise < 0.0));
        }
        let hopeless = verdict(&[0.5, 0.1]);
        assert!(matches!(hopeless.verdict, Verdict::Refused { .. }));
    }

    #[test]
    fn a_rule_without_weight_is_refused_before_anything_is_trained() {
        let rules = [Rule::Order { lower: 0, upper: 1 }];
        let never = |_: &[WeightedRule]| -> Result<f64, NnError> { panic!("nothing is trained") };

        assert!(judge_rules(&rules, &[], never).is_err());
        assert!(judge_rules(&rules, &[0.0], never).is_err());
    }
}
