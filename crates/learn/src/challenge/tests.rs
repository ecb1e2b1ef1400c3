//! The promises hold under constant looking, and differences that exist are found.

use rand::RngExt;

use super::*;
use crate::{Check, rng, standard_normal};

const ALPHA: f64 = 0.05;
const N_RUNS: u64 = 300;

/// The most errors that a test with this rate makes in [`N_RUNS`] runs, four deviations up.
fn errors_max() -> f64 {
    let n = N_RUNS as f64;
    n * ALPHA + 4.0 * (n * ALPHA * (1.0 - ALPHA)).sqrt()
}

/// In how many runs the true mean is ruled out at any of the looks.
fn count_errors(mut errs: impl FnMut(u64) -> bool) -> f64 {
    (0..N_RUNS).filter(|&run| errs(run)).count() as f64
}

/// Feeds values, looks after each, and says at which look `mean` was ruled out.
fn ruled_out_at(
    sequence: &mut BettingSequence,
    mean: f64,
    values: impl Iterator<Item = f64>,
) -> Option<usize> {
    values.enumerate().find_map(|(look, value)| {
        sequence.observe(value).unwrap();
        sequence.rules_out(mean).then_some(look)
    })
}

#[test]
fn betting_keeps_its_error_rate_under_constant_looking() {
    let errors = count_errors(|run| {
        let mut generator = rng(run, "betting null");
        let mut sequence = BettingSequence::new(0.0, 1.0, ALPHA).unwrap();
        let coins = (0..400).map(|_| f64::from(u8::from(generator.random::<f64>() < 0.3)));
        ruled_out_at(&mut sequence, 0.3, coins).is_some()
    });

    assert!(errors <= errors_max(), "{errors} errors");
}

#[test]
fn the_normal_test_keeps_its_error_rate_under_constant_looking() {
    for variance in [Variance::Known(4.0), Variance::FromValues { n_before: 100 }] {
        let errors = count_errors(|run| {
            let mut generator = rng(run, "normal null");
            let mut sequence = NormalSequence::new(variance, 0.5, ALPHA).unwrap();
            (0..2000).any(|_| {
                let value = 1.0 + 2.0 * standard_normal(&mut generator);
                sequence.observe(value).unwrap();
                sequence.rules_out(1.0)
            })
        });

        assert!(errors <= errors_max(), "{variance:?}: {errors} errors");
    }
}

/// Why all this: the usual test, looked at after every value, errs many times too often.
#[test]
fn the_usual_test_breaks_its_promise_under_constant_looking() {
    let errors = count_errors(|run| {
        let mut generator = rng(run, "usual null");
        let mut sum = 0.0;
        (1..=1000).any(|n| {
            sum += standard_normal(&mut generator);
            n >= 20 && sum.abs() / f64::from(n).sqrt() > 1.96
        })
    });

    assert!(errors > 5.0 * ALPHA * N_RUNS as f64, "{errors} errors");
}

#[test]
fn betting_finds_a_difference_and_narrows_in_on_it() {
    let mut generator = rng(3, "betting power");
    let mut sequence = BettingSequence::new(-1.0, 1.0, ALPHA).unwrap();
    let values = (0..3000).map(|_| (0.1 + 0.2 * standard_normal(&mut generator)).clamp(-1.0, 1.0));

    let look = ruled_out_at(&mut sequence, 0.0, values);

    assert!(look.is_some_and(|look| look < 300), "{look:?}");
    assert!(sequence.interval().contains(sequence.mean()));
}

#[test]
fn betting_needs_fewer_values_where_they_vary_less() {
    let looks = |deviation: f64| {
        let mut generator = rng(4, "betting adapts");
        let mut sequence = BettingSequence::new(-1.0, 1.0, ALPHA).unwrap();
        let values = (0..20_000)
            .map(|_| (0.05 + deviation * standard_normal(&mut generator)).clamp(-1.0, 1.0));
        ruled_out_at(&mut sequence, 0.0, values).unwrap()
    };

    assert!(3 * looks(0.05) < looks(0.4));
}

#[test]
fn the_normal_test_finds_the_expected_effect() {
    let found = count_errors(|run| {
        let mut generator = rng(run, "normal power");
        let mut sequence = NormalSequence::new(Variance::Known(1.0), 0.2, ALPHA).unwrap();
        (0..1000).any(|_| {
            sequence
                .observe(0.2 + standard_normal(&mut generator))
                .unwrap();
            sequence.rules_out(0.0)
        })
    });

    assert!(found > 0.95 * N_RUNS as f64, "found in {found} runs");
}

/// Worked by hand: the interval's ends are where the likelihood ratio is `1 / α`.
#[test]
fn the_ends_of_the_normal_interval_solve_the_ratio() {
    let (variance, tau) = (2.0, 0.7);
    let mut sequence = NormalSequence::new(Variance::Known(variance), tau, ALPHA).unwrap();
    sequence.observe(1.5).unwrap();
    let (n, end): (f64, f64) = (1.0, sequence.interval().upper);

    let spread = variance + n * tau * tau;
    let ratio = (variance / spread).sqrt()
        * (n * n * tau * tau * (1.5 - end).powi(2) / (2.0 * variance * spread)).exp();

    assert!((ratio - 1.0 / ALPHA).abs() < 1e-9, "{ratio}");
}

/// Worked by hand for values of 1 and the candidate mean 1/2: the bet is capped at 1, so each value
/// makes the wealth 3/2 of itself, and the hedged wealth needs it to reach 2 / 0.05 = 40.
#[test]
fn wealth_grows_as_by_hand() {
    let mut sequence = BettingSequence::new(0.0, 1.0, ALPHA).unwrap();

    let look = ruled_out_at(&mut sequence, 0.5, std::iter::repeat_n(1.0, 50));

    // 1.5^9 = 38.4 and 1.5^10 = 57.7; the grid's extra step takes at most one more value.
    assert!(matches!(look, Some(9 | 10)), "{look:?}");
}

#[test]
fn intervals_never_widen() {
    let mut generator = rng(8, "nested");
    let mut sequence = BettingSequence::new(0.0, 1.0, ALPHA).unwrap();
    let mut before = sequence.interval();

    for _ in 0..200 {
        sequence.observe(generator.random()).unwrap();
        let now = sequence.interval();
        assert!(before.lower <= now.lower && now.upper <= before.upper);
        before = now;
    }
}

#[test]
fn a_value_out_of_range_is_refused_and_not_taken() {
    let mut betting = BettingSequence::new(0.0, 1.0, ALPHA).unwrap();
    let mut normal = NormalSequence::new(Variance::Known(1.0), 1.0, ALPHA).unwrap();

    for value in [1.1, -0.1, f64::NAN] {
        assert!(matches!(
            betting.observe(value),
            Err(ChallengeError::OutOfRange { .. })
        ));
    }
    assert!(matches!(
        normal.observe(f64::INFINITY),
        Err(ChallengeError::NotFinite(_))
    ));
    assert_eq!((betting.n_observed(), normal.n_observed()), (0, 0));
}

#[test]
fn settings_out_of_range_are_refused() {
    assert!(BettingSequence::new(1.0, 1.0, ALPHA).is_err());
    assert!(BettingSequence::new(0.0, 1.0, 0.0).is_err());
    assert!(NormalSequence::new(Variance::Known(0.0), 1.0, ALPHA).is_err());
    assert!(NormalSequence::new(Variance::FromValues { n_before: 1 }, 1.0, ALPHA).is_err());
    assert!(NormalSequence::new(Variance::Known(1.0), -1.0, ALPHA).is_err());
    let params = ChallengeParams {
        loss_max: 0.0,
        ..ChallengeParams::default()
    };
    assert!(params.check().is_err());
}

/// A challenge over Brier-like losses whose means are given.
fn challenge(means: [f64; 3], n_rows: usize, seed: u64) -> Challenge {
    let mut generator = rng(seed, "challenge");
    let mut challenge = ChallengeParams::default().check().unwrap().start();
    for _ in 0..n_rows {
        // What makes a row hard is shared by all models, as in life.
        let hard = 0.2 * standard_normal(&mut generator);
        let mut loss =
            |mean: f64| (mean + hard + 0.05 * standard_normal(&mut generator)).clamp(0.0, 1.0);
        let losses = Losses {
            challenger: loss(means[0]),
            champion: loss(means[1]),
            baseline: loss(means[2]),
        };
        challenge.observe(&losses).unwrap();
    }
    challenge
}

#[test]
fn a_challenger_better_than_both_is_promoted() {
    let verdict = challenge([0.40, 0.45, 0.55], 2000, 1).verdict();

    assert!(matches!(verdict, Verdict::Promote { saved } if saved.contains(0.05)));
}

#[test]
fn a_challenger_that_is_worse_is_dropped() {
    let verdict = challenge([0.50, 0.45, 0.55], 2000, 2).verdict();

    assert!(matches!(
        verdict,
        Verdict::Keep(Refusal::WorseThanChampion { .. })
    ));
}

#[test]
fn an_equal_challenger_waits() {
    let verdict = challenge([0.45, 0.45, 0.55], 2000, 3).verdict();

    assert!(matches!(
        verdict,
        Verdict::Keep(Refusal::NotBetterThanChampion { .. })
    ));
}

#[test]
fn beating_a_champion_worse_than_the_baseline_is_not_enough() {
    let verdict = challenge([0.45, 0.55, 0.40], 2000, 4).verdict();

    let Verdict::Keep(refusal) = verdict else {
        panic!("{verdict:?}");
    };
    assert!(matches!(refusal, Refusal::NotBetterThanBaseline { .. }));
    assert!(refusal.to_string().contains("baseline"));
}

#[test]
fn a_lucky_first_day_decides_nothing() {
    let verdict = challenge([0.1, 0.9, 0.9], 50, 5).verdict();

    assert_eq!(
        verdict,
        Verdict::Keep(Refusal::TooFewRows {
            found: 50,
            needed: 100
        })
    );
}

#[test]
fn a_challenge_goes_on_after_being_written_down() {
    let before = challenge([0.40, 0.45, 0.55], 300, 6);

    let json = serde_json::to_string(&before).unwrap();
    let after: Challenge = serde_json::from_str(&json).unwrap();

    assert_eq!(before, after);
}
