//! Densities agree with the reference, add up to one, and are what is drawn from.

use super::*;
use crate::rng;
use crate::search::{Assignment, Space, Value};

fn mixed() -> Space {
    Space::new()
        .category("kind", &["a", "b", "c"])
        .real("x", 0.0, 1.0)
        .integer("n", 0, 4)
}

fn domains(space: &Space) -> Vec<&Domain> {
    let dimensions = space.dimensions().iter();
    dimensions.map(|dimension| &dimension.domain).collect()
}

fn trials() -> Vec<Vec<f64>> {
    [
        [0.1, 0.2, 0.1],
        [0.5, 0.9, 0.5],
        [0.9, 0.6, 0.5],
        [0.1, 0.3, 0.9],
    ]
    .map(Vec::from)
    .to_vec()
}

/// Probability of each kind, summed over the other parameters.
fn shares(parzen: &Parzen<'_>) -> [f64; 3] {
    let n_cells = 2000;
    [0.1, 0.5, 0.9].map(|kind| {
        let mut share = 0.0;
        for n in [0.1, 0.3, 0.5, 0.7, 0.9] {
            for cell in 0..n_cells {
                let x = (f64::from(cell) + 0.5) / f64::from(n_cells);
                share += parzen.ln_density(&[kind, x, n]).exp() / f64::from(n_cells);
            }
        }
        share
    })
}

#[test]
fn the_density_adds_up_to_one() {
    let space = mixed();
    let domains = domains(&space);
    let parzen = Parzen::fit(&domains, &trials());

    let total: f64 = shares(&parzen).iter().sum();

    assert!((total - 1.0).abs() < 1e-4, "{total}");
}

#[test]
fn draws_follow_the_density() {
    let space = mixed();
    let domains = domains(&space);
    let parzen = Parzen::fit(&domains, &trials());
    let mut generator = rng(5, "parzen draws");
    let n = 20_000;

    let draws: Vec<Vec<f64>> = (0..n).map(|_| parzen.sample(&mut generator)).collect();

    let share = draws.iter().filter(|d| d[0] > 2.0 / 3.0).count() as f64 / f64::from(n);
    let expected = shares(&parzen)[2];
    assert!((share - expected).abs() < 0.015, "{share} {expected}");
    let mut units = draws.iter().flatten();
    assert!(units.all(|unit| (0.0..=1.0).contains(unit)));
}

#[test]
fn nothing_known_is_the_prior() {
    let space = Space::new()
        .category("kind", &["a", "b"])
        .integer("n", 0, 9);
    let domains = domains(&space);

    let parzen = Parzen::fit(&domains, &[]);

    let middle = parzen.ln_density(&[0.2, 0.45]);
    let edge = parzen.ln_density(&[0.2, 0.05]);
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
        let point = space.point(&Assignment(
            values.map(|(name, value)| (name.into(), value)).into(),
        ));
        point.into_iter().flatten().collect::<Vec<f64>>()
    };
    let trials = [
        point(0.2, 0.001, 0, 3, "a"),
        point(0.9, 0.5, 2, 80, "b"),
        point(0.35, 0.01, 3, 10, "b"),
        point(0.3, 0.02, 4, 20, "c"),
        point(0.5, 0.3, 1, 1, "a"),
    ];
    let domains = domains(&space);
    let parzen = Parzen::fit(&domains, &trials);

    for (point, expected) in [
        (point(0.25, 0.0005, 0, 2, "a"), -4.953_624_812_566_665),
        (point(0.99, 0.3, 3, 50, "c"), -10.317_340_371_589_257),
        (point(0.5, 0.9, 2, 10, "b"), -7.776_382_551_419_822),
    ] {
        let found = parzen.ln_density(&point) - 1e4_f64.ln().ln();
        assert!((found - expected).abs() < 1e-9, "{found} {expected}");
    }
}
