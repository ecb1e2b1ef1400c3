//! How well a score finds those whom a treatment changes, measured on a randomized trial.

use super::MetricError;
use super::input::{require_finite, require_inside_unit};
use super::require_pairs;

/// A randomized trial: who was treated and what happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trial<'a> {
    /// `(n_samples,)`: whether the row was treated.
    pub treated: &'a [bool],
    /// `(n_samples,)`: whether it responded.
    pub outcomes: &'a [bool],
}

/// One point of a Qini curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct QiniPoint {
    /// Rows taken, highest predicted uplift first.
    pub n_samples: usize,
    /// Additional responders among the treated of them, against what the control rows would lead
    /// to expect.
    pub gain: f64,
}

/// Where the best rows are taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TopShare {
    /// From all rows together.
    Overall,
    /// From treated and control rows, the same share of each.
    ByArm,
}

/// The Qini curve: `treated responders - control responders * n_treated / n_control` among the
/// rows taken, one point per distinct predicted uplift, starting at no rows.
///
/// # Shapes
/// - `uplift`: `(n_samples,)`, predicted change of the probability to respond.
///
/// # Errors
/// Lists of different length, empty ones, a score that is not finite, or only one arm.
///
/// # Source
/// Radcliffe (2007), "Using control groups to target on predicted lift", as scikit-uplift's
/// `qini_curve` has it.
pub fn qini_curve(uplift: &[f64], trial: Trial<'_>) -> Result<Vec<QiniPoint>, MetricError> {
    const METRIC: &str = "Qini curve";
    require_trial(METRIC, uplift, trial)?;
    let order = by_falling_uplift(uplift);
    let mut points = vec![QiniPoint {
        n_samples: 0,
        gain: 0.0,
    }];
    let mut arms = Arms::default();
    for tied in order.chunk_by(|&a, &b| uplift[a] == uplift[b]) {
        tied.iter().for_each(|&row| arms.add(trial, row));
        points.push(QiniPoint {
            n_samples: arms.treated.n_samples + arms.control.n_samples,
            gain: arms.gain(),
        });
    }
    Ok(points)
}

/// The Qini curve of a score that knows the trial: treated responders first, control responders
/// last.
///
/// # Errors
/// Lists of different length, empty ones, or only one arm.
pub fn perfect_qini_curve(trial: Trial<'_>) -> Result<Vec<QiniPoint>, MetricError> {
    require_pairs("Qini curve", trial.treated.len(), trial.outcomes.len())?;
    let scores: Vec<f64> = trial
        .treated
        .iter()
        .zip(trial.outcomes)
        .map(|(&treated, &responded)| match (responded, treated) {
            (true, true) => 1.0,
            (true, false) => -1.0,
            (false, _) => 0.0,
        })
        .collect();
    qini_curve(&scores, trial)
}

/// Qini coefficient: the area between the curve and the straight line of random targeting, over
/// that of the perfect curve. 1 is perfect, 0 is random, negative is worse.
///
/// scikit-uplift's `qini_auc_score` with its default, where the perfect curve may fall again
/// (`negative_effect=True`).
///
/// # Errors
/// Lists of different length, empty ones, a score that is not finite, only one arm, or nobody who
/// responded.
pub fn qini_auc(uplift: &[f64], trial: Trial<'_>) -> Result<f64, MetricError> {
    let curve = qini_curve(uplift, trial)?;
    let perfect = perfect_qini_curve(trial)?;
    let overall = perfect.last().map_or(0.0, |last| last.gain);
    let random = overall * uplift.len() as f64 / 2.0;
    let best = area(&perfect) - random;
    if best == 0.0 {
        return Err(MetricError::Undefined {
            metric: "Qini coefficient",
            needs: "rows that responded beside rows that did not",
        });
    }
    Ok((area(&curve) - random) / best)
}

/// Response rate of the treated less that of the control rows, among the best `share` of rows.
///
/// As many rows as `share` holds, rounded down; of tied ones, later rows are taken first
/// (scikit-uplift's `uplift_at_k`, whose numbers these are).
///
/// # Errors
/// Lists of different length, empty ones, a score that is not finite, a share outside of
/// `(0, 1)`, or a share that holds no row of one arm.
pub fn uplift_at(
    uplift: &[f64],
    trial: Trial<'_>,
    share: f64,
    top: TopShare,
) -> Result<f64, MetricError> {
    const METRIC: &str = "uplift at a share";
    require_inside_unit("share", share)?;
    require_trial(METRIC, uplift, trial)?;
    let order = by_falling_uplift(uplift);
    let best = |rows: Vec<usize>| -> Vec<usize> {
        let n_taken = (rows.len() as f64 * share) as usize;
        rows.into_iter().take(n_taken).collect()
    };
    let taken = match top {
        TopShare::Overall => best(order),
        TopShare::ByArm => {
            let (treated, control) = order.into_iter().partition(|&row| trial.treated[row]);
            [best(treated), best(control)].concat()
        }
    };
    let mut arms = Arms::default();
    taken.into_iter().for_each(|row| arms.add(trial, row));
    if arms.treated.n_samples == 0 || arms.control.n_samples == 0 {
        return Err(MetricError::Undefined {
            metric: METRIC,
            needs: "treated and control rows among the best",
        });
    }
    Ok(arms.treated.rate() - arms.control.rate())
}

/// Rows of a trial counted by arm.
#[derive(Debug, Clone, Copy, Default)]
struct Arms {
    treated: Arm,
    control: Arm,
}

impl Arms {
    fn add(&mut self, trial: Trial<'_>, row: usize) {
        let arm = if trial.treated[row] {
            &mut self.treated
        } else {
            &mut self.control
        };
        arm.n_samples += 1;
        arm.n_responders += usize::from(trial.outcomes[row]);
    }

    /// Responders among the treated beyond those that the control's rate would make of them.
    fn gain(&self) -> f64 {
        self.treated.n_responders as f64 - self.control.rate() * self.treated.n_samples as f64
    }
}

/// Rows and responders of one arm.
#[derive(Debug, Clone, Copy, Default)]
struct Arm {
    n_samples: usize,
    n_responders: usize,
}

impl Arm {
    /// Share that responded; 0 while there are no rows.
    fn rate(self) -> f64 {
        if self.n_samples == 0 {
            0.0
        } else {
            self.n_responders as f64 / self.n_samples as f64
        }
    }
}

/// Rows from the highest score down, later rows before earlier ones of the same score.
fn by_falling_uplift(uplift: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..uplift.len()).rev().collect();
    // The comparison treats the two zeros as one, unlike `total_cmp`: they are a tie.
    order.sort_by(|&a, &b| {
        uplift[b]
            .partial_cmp(&uplift[a])
            .expect("scores were checked to be finite")
    });
    order
}

/// Area under straight lines between the points.
fn area(points: &[QiniPoint]) -> f64 {
    points
        .windows(2)
        .map(|pair| {
            let width = (pair[1].n_samples - pair[0].n_samples) as f64;
            width * f64::midpoint(pair[0].gain, pair[1].gain)
        })
        .sum()
}

fn require_trial(
    metric: &'static str,
    uplift: &[f64],
    trial: Trial<'_>,
) -> Result<(), MetricError> {
    require_pairs(metric, uplift.len(), trial.treated.len())?;
    require_pairs(metric, uplift.len(), trial.outcomes.len())?;
    require_finite(metric, uplift)?;
    let n_treated = trial.treated.iter().filter(|&&treated| treated).count();
    if n_treated == 0 || n_treated == trial.treated.len() {
        return Err(MetricError::Undefined {
            metric,
            needs: "treated and control rows",
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Eighty rows of a trial in which the predicted uplift is partly right, with five tied rows
    /// per score.
    fn rows() -> (Vec<f64>, Vec<bool>, Vec<bool>) {
        let (mut uplift, mut treated, mut outcomes) = (Vec::new(), Vec::new(), Vec::new());
        for i in 0..80_u32 {
            let is_treated = ((29 * i) % 83) % 2 == 1;
            let score = f64::from((31 * i) % 16) / 16.0 - 0.4;
            let effect = if is_treated { 0.3 * score } else { 0.0 };
            let lot = f64::from((5 * i * i + 11 * i) % 79) / 79.0;
            uplift.push(score);
            treated.push(is_treated);
            outcomes.push(lot < 0.3 + effect + 0.1 * (f64::from(i % 5) / 5.0));
        }
        (uplift, treated, outcomes)
    }

    /// Source: scikit-uplift 0.5.1 `qini_auc_score`, `qini_curve`, `perfect_qini_curve`.
    #[test]
    fn qini_agrees_with_scikit_uplift() {
        let (uplift, treated, outcomes) = rows();
        let trial = Trial {
            treated: &treated,
            outcomes: &outcomes,
        };

        let auc = qini_auc(&uplift, trial).unwrap();

        assert!((auc - 0.261_782_111_381_983_76).abs() < 1e-12, "{auc}");
        let gains =
            |points: Vec<QiniPoint>| -> Vec<f64> { points.iter().map(|p| p.gain).collect() };
        let curve = gains(qini_curve(&uplift, trial).unwrap());
        let expected = [
            0.0,
            2.0,
            2.0,
            4.125,
            3.545_454_545_454_545_4,
            3.307_692_307_692_307_5,
            1.75,
            1.388_888_888_888_889_3,
            2.0,
            3.391_304_347_826_086,
            3.0,
            1.392_857_142_857_142_3,
            -0.161_290_322_580_644_13,
            -0.575_757_575_757_576_1,
            -2.111_111_111_111_110_7,
            -2.552_631_578_947_37,
            -4.073_170_731_707_314_5,
        ];
        assert_eq!(curve.len(), expected.len());
        for (found, expected) in curve.into_iter().zip(expected) {
            assert!(
                (found - expected).abs() < 1e-12,
                "{found} is not {expected}"
            );
        }
        let perfect = gains(perfect_qini_curve(trial).unwrap());
        for (found, expected) in
            perfect
                .into_iter()
                .zip([0.0, 14.0, 14.0, -4.073_170_731_707_314_5])
        {
            assert!(
                (found - expected).abs() < 1e-12,
                "{found} is not {expected}"
            );
        }
    }

    /// Source: scikit-uplift 0.5.1 `uplift_at_k`, strategies `overall` and `by_group`.
    #[test]
    fn uplift_at_a_share_agrees_with_scikit_uplift() {
        let (uplift, treated, outcomes) = rows();
        let trial = Trial {
            treated: &treated,
            outcomes: &outcomes,
        };

        for (share, overall, by_arm) in [
            (0.1, 0.6, 0.416_666_666_666_666_63),
            (0.3, 0.333_333_333_333_333_37, 0.386_363_636_363_636_35),
            (0.5, 0.1, 0.126_315_789_473_684_16),
        ] {
            let found = |top| uplift_at(&uplift, trial, share, top).unwrap();
            assert!((found(TopShare::Overall) - overall).abs() < 1e-12);
            assert!((found(TopShare::ByArm) - by_arm).abs() < 1e-12);
        }
    }

    #[test]
    fn knowing_the_trial_scores_one_and_knowing_nothing_zero() {
        let (_, treated, outcomes) = rows();
        let trial = Trial {
            treated: &treated,
            outcomes: &outcomes,
        };
        let oracle: Vec<f64> = treated
            .iter()
            .zip(&outcomes)
            .map(|(&treated, &responded)| {
                f64::from(i8::from(responded) * (2 * i8::from(treated) - 1))
            })
            .collect();

        assert!((qini_auc(&oracle, trial).unwrap() - 1.0).abs() < 1e-12);
        assert!(qini_auc(&[0.5; 80], trial).unwrap().abs() < 1e-12);
    }

    #[test]
    fn a_trial_without_control_or_response_measures_nothing() {
        let uplift = [0.1, 0.2];
        let one_arm = Trial {
            treated: &[true, true],
            outcomes: &[true, false],
        };
        let no_response = Trial {
            treated: &[true, false],
            outcomes: &[false, false],
        };

        for trial in [one_arm, no_response] {
            assert!(matches!(
                qini_auc(&uplift, trial),
                Err(MetricError::Undefined { .. })
            ));
        }
        assert!(matches!(
            uplift_at(&uplift, no_response, 0.5, TopShare::Overall),
            Err(MetricError::Undefined { .. })
        ));
        assert!(matches!(
            qini_curve(&[0.1, f64::NAN], no_response),
            Err(MetricError::NotFinite { position: 1, .. })
        ));
    }
}
