//! Densities agree with the reference, add up to one, and are what is drawn from.

use super::*;
use crate::rng;
use crate::search::{Assignment, Value};

fn mixed() -> Space {
    Space::new()
        .category("kind", &["a", "b", "c"])
        .real("x", 0.0, 1.0)
        .when("kind", &["a", "b"])
        .integer("n", 0, 4)
}

const TRIALS: [[Option<f64>; 3]; 4] = [
    [Some(0.1), Some(0.2), Some(0.1)],
    [Some(0.5), Some(0.9), Some(0.5)],
    [Some(0.9), None, Some(0.5)],
    [Some(0.1), Some(0.3), Some(0.9)],
];

fn points(trials: &[[Option<f64>; 3]]) -> Vec<Point<'_>> {
    trials.iter().map(|trial| trial.as_slice()).collect()
}

#[test]
fn the_density_adds_up_to_one() {
    let space = mixed();
    let parzen = Parzen::fit(&space, &points(&TRIALS));
    let n_cells = 2000;

    let mut total = 0.0;
    for n in 0..5 {
        let n = Some((f64::from(n) + 0.5) / 5.0);
        // Category c has no x.
        total += parzen.ln_density(&[Some(0.9), None, n]).exp();
        for kind in [0.1, 0.5] {
            for cell in 0..n_cells {
                let x = (f64::from(cell) + 0.5) / f64::from(n_cells);
                let density = parzen.ln_density(&[Some(kind), Some(x), n]).exp();
                total += density / f64::from(n_cells);
            }
        }
    }

    assert!((total - 1.0).abs() < 1e-4, "{total}");
}

#[test]
fn draws_follow_the_density() {
    let space = mixed();
    let parzen = Parzen::fit(&space, &points(&TRIALS));
    let mut generator = rng(5, "parzen draws");
    let n = 20_000;

    let draws: Vec<Vec<f64>> = (0..n).map(|_| parzen.sample(&mut generator)).collect();

    let share = draws.iter().filter(|d| d[0] > 2.0 / 3.0).count() as f64 / f64::from(n);
    let expected: f64 = (0..5)
        .map(|k| {
            parzen
                .ln_density(&[Some(0.9), None, Some((f64::from(k) + 0.5) / 5.0)])
                .exp()
        })
        .sum();
    assert!((share - expected).abs() < 0.015, "{share} {expected}");
    assert!(
        draws
            .iter()
            .flatten()
            .all(|unit| (0.0..=1.0).contains(unit))
    );
}

#[test]
fn nothing_known_is_the_prior() {
    let space = Space::new()
        .category("kind", &["a", "b"])
        .integer("n", 0, 9);

    let parzen = Parzen::fit(&space, &[]);

    let middle = parzen.ln_density(&[Some(0.2), Some(0.45)]);
    let edge = parzen.ln_density(&[Some(0.2), Some(0.05)]);
    assert!(edge < middle && middle < (0.5_f64 * 0.12).ln());
}

#[test]
fn old_trials_fade() {
    let weights = weights(30);

    assert_eq!(weights.len(), 31);
    assert!((weights[0] - 1.0 / 30.0).abs() < 1e-12);
    assert!(weights.is_sorted());
    assert_eq!(weights[5..], [1.0; 26]);
    assert_eq!(super::weights(0), [1.0]);
}

/// Source: `_ParzenEstimator.log_pdf` of Optuna 5.0 with its defaults, on the same five trials. Its
/// density of a logarithmic range is by the logarithm; ours is by the share of the range.
#[test]
fn the_density_agrees_with_optuna() {
    let space = Space::new()
        .real("x", 0.0, 1.0)
        .log_real("r", 1e-4, 1.0)
        .integer("n", 0, 4)
        .log_integer("m", 1, 100)
        .category("c", &["a", "b", "c"]);
    let point = |x: f64, r: f64, n: i64, m: i64, c: &str| {
        let values = [
            ("x", Value::Real(x)),
            ("r", Value::Real(r)),
            ("n", Value::Integer(n)),
            ("m", Value::Integer(m)),
            ("c", Value::Category(c.into())),
        ];
        space.point(&Assignment(
            values.map(|(name, value)| (name.into(), value)).into(),
        ))
    };
    let trials = [
        point(0.2, 0.001, 0, 3, "a"),
        point(0.9, 0.5, 2, 80, "b"),
        point(0.35, 0.01, 3, 10, "b"),
        point(0.3, 0.02, 4, 20, "c"),
        point(0.5, 0.3, 1, 1, "a"),
    ];
    let parzen = Parzen::fit(
        &space,
        &trials.iter().map(Vec::as_slice).collect::<Vec<_>>(),
    );

    for (point, expected) in [
        (point(0.25, 0.0005, 0, 2, "a"), -4.953_624_812_566_665),
        (point(0.99, 0.3, 3, 50, "c"), -10.317_340_371_589_257),
        (point(0.5, 0.9, 2, 10, "b"), -7.776_382_551_419_822),
    ] {
        let found = parzen.ln_density(&point) - 1e4_f64.ln().ln();
        assert!((found - expected).abs() < 1e-9, "{found} {expected}");
    }
}
