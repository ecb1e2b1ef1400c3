//! The promise is kept on planted data, to within what chance allows.
//!
//! Each trial draws fresh calibration rows and *one* new row, so that the number of covered trials
//! is exactly binomial with the probability that the theory names.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::*;
use crate::metrics::Intervals;
use crate::{Matrix, rng, standard_normal, stats};

const N_TRIALS: u64 = 2_000;

fn level(level: f64) -> Level {
    Level::new(level).unwrap()
}

/// Share of trials in which the new row was covered.
fn share_of_trials(part: &str, trial: impl Fn(&mut ChaCha8Rng) -> bool) -> f64 {
    let n_covered = (0..N_TRIALS)
        .filter(|&seed| trial(&mut rng(seed, part)))
        .count();
    n_covered as f64 / N_TRIALS as f64
}

/// Four standard deviations of a binomial share: chance alone leaves it once in 16,000 runs.
fn chance(probability: f64) -> f64 {
    4.0 * (probability * (1.0 - probability) / N_TRIALS as f64).sqrt()
}

#[track_caller]
fn assert_share(found: f64, expected: f64) {
    assert!(
        (found - expected).abs() <= chance(expected),
        "{found} is not {expected} to within {}",
        chance(expected)
    );
}

/// Rows of a skewed and uneven truth with a model that is wrong about it.
struct Rows {
    predicted: Vec<f64>,
    scales: Vec<f64>,
    actual: Vec<f64>,
    is_noisy: Vec<bool>,
}

/// `y = 3 x + noise`, the noise skewed and five times as large for `x` above one half; the model
/// believes in `2 x + 1`, and in scales that are right up to a factor that it does not know.
fn rows(n: usize, rng: &mut ChaCha8Rng) -> Rows {
    let mut rows = Rows {
        predicted: Vec::new(),
        scales: Vec::new(),
        actual: Vec::new(),
        is_noisy: Vec::new(),
    };
    for _ in 0..n {
        let x: f64 = rng.random();
        let spread = if x > 0.5 { 5.0 } else { 1.0 };
        let noise = standard_normal(rng).powi(2) - 1.0;
        rows.predicted.push(2.0 * x + 1.0);
        rows.scales.push(10.0 * spread);
        rows.actual.push(3.0 * x + spread * noise);
        rows.is_noisy.push(x > 0.5);
    }
    rows
}

/// The rank ceil((n + 1) * level) over n + 1 is the probability to be covered, to the digit.
#[test]
fn split_intervals_cover_exactly_as_the_theory_says() {
    for (n, wanted, exact) in [(99, 0.9, 0.9), (24, 0.9, 23.0 / 25.0), (9, 0.5, 0.5)] {
        let found = share_of_trials("split", |rng| {
            let calibration = rows(n, rng);
            let new = rows(1, rng);
            let model =
                SplitConformal::fit(&calibration.predicted, &calibration.actual, level(wanted));
            model
                .unwrap()
                .interval(new.predicted[0])
                .contains(new.actual[0])
        });

        assert_share(found, exact);
    }
}

#[test]
fn normalized_intervals_cover_quiet_and_noisy_rows_alike() {
    let covered = |is_noisy: bool, is_scaled: bool| {
        share_of_trials("normalized", |rng| {
            let calibration = rows(99, rng);
            let new = std::iter::repeat_with(|| rows(1, rng))
                .find(|new| new.is_noisy[0] == is_noisy)
                .unwrap();
            let scales = |rows: &Rows| {
                if is_scaled {
                    rows.scales.clone()
                } else {
                    vec![1.0; rows.scales.len()]
                }
            };
            let points = ScaledPoints {
                points: &calibration.predicted,
                scales: &scales(&calibration),
            };
            let model = NormalizedConformal::fit(points, &calibration.actual, level(0.9)).unwrap();
            model
                .interval(new.predicted[0], scales(&new)[0])
                .contains(new.actual[0])
        })
    };

    // One width for all covers the quiet half nearly always and the noisy half far too rarely.
    assert!(covered(false, false) > 0.98);
    assert!(covered(true, false) < 0.85);
    for is_noisy in [false, true] {
        // The model's own error is not scaled, hence near and not at 0.9.
        assert!((covered(is_noisy, true) - 0.9).abs() < 0.05);
    }
    let overall = f64::midpoint(covered(false, true), covered(true, true));
    assert_share(overall, 0.9);
}

#[test]
fn wrong_quantiles_cover_as_promised_once_conformalized() {
    // Much too narrow, much too wide: the margin goes outward or inward.
    for reach in [0.05, 3.0] {
        let bounds = |rows: &Rows| -> (Vec<f64>, Vec<f64>) {
            rows.predicted
                .iter()
                .zip(&rows.scales)
                .map(|(p, scale)| (p - reach * scale, p + reach * scale))
                .unzip()
        };
        let fit = |rng: &mut ChaCha8Rng| {
            let calibration = rows(99, rng);
            let (lower, upper) = bounds(&calibration);
            let quantiles = Intervals {
                lower: &lower,
                upper: &upper,
            };
            Cqr::fit(quantiles, &calibration.actual, level(0.9)).unwrap()
        };
        let covered = share_of_trials("cqr", |rng| {
            let model = fit(rng);
            let new = rows(1, rng);
            let (lower, upper) = bounds(&new);
            model.interval(lower[0], upper[0]).contains(new.actual[0])
        });

        assert_share(covered, 0.9);
        assert_eq!(fit(&mut rng(1, "margin")).margin() > 0.0, reach < 1.0);
    }
}

#[test]
fn every_group_is_covered_as_promised() {
    for is_noisy in [false, true] {
        let covered = share_of_trials("mondrian", |rng| {
            let calibration = rows(200, rng);
            let new = std::iter::repeat_with(|| rows(1, rng))
                .find(|new| new.is_noisy[0] == is_noisy)
                .unwrap();
            let groups: Vec<u64> = calibration
                .is_noisy
                .iter()
                .copied()
                .map(u64::from)
                .collect();
            let model = MondrianConformal::fit(
                &calibration.predicted,
                &calibration.actual,
                &groups,
                level(0.9),
            )
            .unwrap();
            model
                .interval(new.predicted[0], u64::from(is_noisy))
                .contains(new.actual[0])
        });

        // Groups vary in size from trial to trial: between 0.9 and 0.9 + 1 / (n + 1), n about 100.
        assert!(covered > 0.9 - chance(0.9), "{covered}");
        assert!(covered < 0.9 + 1.0 / 60.0 + chance(0.9), "{covered}");
    }
}

/// How many times too large the logits are that the model reports.
const TOO_SURE: f64 = 3.0;

/// Rows of four classes: the true class is drawn from one distribution, the model reports another
/// that is `sureness` times as sure.
fn classified(n: usize, sureness: f64, rng: &mut ChaCha8Rng) -> (Matrix, Vec<u32>) {
    let (mut reported, mut actual) = (Matrix::zeros(n, 4), Vec::new());
    for row in 0..n {
        let logits: Vec<f64> = (0..4).map(|_| 1.5 * standard_normal(rng)).collect();
        let share = |power: f64| -> Vec<f64> {
            let weights: Vec<f64> = logits.iter().map(|logit| (power * logit).exp()).collect();
            let sum: f64 = weights.iter().sum();
            weights.iter().map(|weight| weight / sum).collect()
        };
        reported.row_mut(row).copy_from_slice(&share(sureness));
        let mut left: f64 = rng.random();
        let drawn = share(1.0).iter().position(|probability| {
            left -= probability;
            left < 0.0
        });
        actual.push(drawn.unwrap_or(3) as u32);
    }
    (reported, actual)
}

#[test]
fn least_ambiguous_sets_hold_the_true_class_as_promised() {
    let covered = share_of_trials("lac", |rng| {
        let (probabilities, actual) = classified(99, TOO_SURE, rng);
        let (new, truth) = classified(1, TOO_SURE, rng);
        let model = Lac::fit(&probabilities, &actual, level(0.9)).unwrap();
        model.sets(&new).unwrap()[0].contains(&truth[0])
    });

    assert_share(covered, 0.9);
}

#[test]
fn adaptive_sets_hold_the_true_class_at_least_as_often_as_promised() {
    for wanted in [0.7, 0.9] {
        let covered = share_of_trials("aps", |rng| {
            let (probabilities, actual) = classified(99, TOO_SURE, rng);
            let (new, truth) = classified(1, TOO_SURE, rng);
            let model = Aps::fit(&probabilities, &actual, level(wanted)).unwrap();
            model.sets(&new).unwrap()[0].contains(&truth[0])
        });

        // More often, as the most probable class is kept where the threshold would drop it; not
        // by keeping everything.
        assert!(covered > wanted - chance(wanted), "{covered}");
        assert!(covered < wanted + 0.15 && covered < 0.97, "{covered}");
    }
}

#[test]
fn adaptive_sets_are_larger_where_classes_are_hard_to_tell() {
    let (probabilities, actual) = classified(2_000, 1.0, &mut rng(1, "adaptive"));
    let model = Aps::fit(&probabilities, &actual, level(0.9)).unwrap();

    let sets = model.sets(&probabilities).unwrap();

    let mean_size = |is_easy: bool| {
        let sizes: Vec<f64> = probabilities
            .rows()
            .zip(&sets)
            .filter(|(row, _)| row.iter().any(|&probability| probability > 0.9) == is_easy)
            .map(|(_, set)| set.len() as f64)
            .collect();
        stats::mean(&sizes)
    };
    assert!(sets.iter().all(|set| !set.is_empty()));
    assert!(mean_size(false) > mean_size(true) + 0.5);
}

#[test]
fn false_alarms_stay_within_their_budget_and_use_it_up() {
    let scored = |n: usize, rng: &mut ChaCha8Rng| -> (Vec<f64>, Vec<bool>) {
        (0..n)
            .map(|_| {
                let happens = rng.random::<f64>() < 0.3;
                (standard_normal(rng) + f64::from(u8::from(happens)), happens)
            })
            .unzip()
    };

    // floor(0.05 * 120) / 120 false alarms per row are affordable: exactly the budget.
    let of_all = share_of_trials("all", |rng| {
        let (scores, outcomes) = scored(119, rng);
        let (new, happened) = scored(1, rng);
        let budget = FalseAlarmBudget::OfAllRows(level(0.05));
        let threshold = AlarmThreshold::fit(&scores, &outcomes, budget).unwrap();
        threshold.is_alarm(new[0]) && !happened[0]
    });
    assert_share(of_all, 0.05);

    let of_negatives = share_of_trials("negatives", |rng| {
        let (scores, outcomes) = scored(300, rng);
        let budget = FalseAlarmBudget::OfNegatives(level(0.05));
        let threshold = AlarmThreshold::fit(&scores, &outcomes, budget).unwrap();
        threshold.is_alarm(standard_normal(rng))
    });
    assert!(of_negatives < 0.05 + chance(0.05), "{of_negatives}");
    assert!(
        of_negatives > 0.05 - 1.0 / 180.0 - chance(0.05),
        "{of_negatives}"
    );
}

/// Without ties the probability to be covered is the rank over n + 1 to the digit.
#[test]
fn adaptive_sets_by_lot_cover_exactly_as_promised() {
    for wanted in [0.7, 0.9] {
        let covered = share_of_trials("randomized aps", |rng| {
            let (probabilities, actual) = classified(99, TOO_SURE, rng);
            let (new, truth) = classified(1, TOO_SURE, rng);
            let model = RandomizedAps::fit(&probabilities, &actual, level(wanted), rng.random());
            let model = model.unwrap();
            model.sets(&new).unwrap()[0].contains(&truth[0])
        });

        assert_share(covered, wanted);
    }
}

#[test]
fn adaptive_sets_by_lot_are_smaller_and_repeat_with_the_seed() {
    let (probabilities, actual) = classified(2_000, 1.0, &mut rng(1, "adaptive"));
    let plain = Aps::fit(&probabilities, &actual, level(0.9)).unwrap();
    let by_lot = |seed| {
        let model = RandomizedAps::fit(&probabilities, &actual, level(0.9), seed).unwrap();
        model.sets(&probabilities).unwrap()
    };

    let mean_size = |sets: &[Vec<u32>]| {
        let sizes: Vec<f64> = sets.iter().map(|set| set.len() as f64).collect();
        stats::mean(&sizes)
    };
    let (by_lot_size, plain_size) = (
        mean_size(&by_lot(1)),
        mean_size(&plain.sets(&probabilities).unwrap()),
    );
    assert!(by_lot_size < plain_size, "{by_lot_size} {plain_size}");
    assert_eq!(by_lot(1), by_lot(1));
    assert_ne!(by_lot(1), by_lot(2));
}

/// Customers are asked about one at a time: each must draw its own lot, and the same one as in a list.
#[test]
fn adaptive_sets_by_lot_are_the_same_one_at_a_time_and_cover_as_promised() {
    let mut rng = rng(1, "one at a time");
    let (probabilities, actual) = classified(2_000, TOO_SURE, &mut rng);
    let model = RandomizedAps::fit(&probabilities, &actual, level(0.8), 7).unwrap();
    let (new, truth) = classified(2_000, TOO_SURE, &mut rng);

    let alone: Vec<Vec<u32>> = new
        .rows()
        .map(|row| {
            let row = Matrix::new(1, row.len(), row.to_vec()).unwrap();
            model.sets(&row).unwrap().remove(0)
        })
        .collect();

    assert_eq!(alone, model.sets(&new).unwrap());
    let covered = alone
        .iter()
        .zip(&truth)
        .filter(|(set, class)| set.contains(class));
    let covered = covered.count() as f64 / truth.len() as f64;
    // Three deviations of both lists.
    assert!((covered - 0.8).abs() < 0.04, "{covered}");
}
