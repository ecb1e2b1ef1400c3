//! The process goes through its points, and every slope is the slope of its value.

use rand::RngExt;

use super::*;
use crate::rng;

fn points() -> Vec<Vec<f64>> {
    let mut generator = rng(3, "gaussian process");
    (0..25)
        .map(|_| (0..2).map(|_| generator.random()).collect())
        .collect()
}

fn truth(point: &[f64]) -> f64 {
    (6.0 * point[0]).sin() + 0.3 * point[1]
}

fn values(points: &[Vec<f64>]) -> Vec<f64> {
    points.iter().map(|point| truth(point)).collect()
}

/// Central difference of a function of one coordinate.
fn difference(at: &[f64], coordinate: usize, function: impl Fn(&[f64]) -> f64) -> f64 {
    let moved = |by: f64| {
        let mut moved = at.to_vec();
        moved[coordinate] += by;
        function(&moved)
    };
    (moved(1e-5) - moved(-1e-5)) / 2e-5
}

#[test]
fn the_process_goes_through_its_points_and_doubts_elsewhere() {
    let points = points();
    let model = GaussianProcess::fit(&points, &values(&points)).unwrap();

    let seen = model.predict(&points[4]);
    let far = model.predict(&[3.0, 3.0]);

    assert!((seen.mean - truth(&points[4])).abs() < 0.02);
    assert!(seen.deviation < 0.05);
    assert!(far.deviation > 5.0 * seen.deviation);
}

#[test]
fn a_smooth_function_is_predicted_between_its_points() {
    let points = points();
    let model = GaussianProcess::fit(&points, &values(&points)).unwrap();

    for at in [[0.3, 0.4], [0.5, 0.6], [0.7, 0.3]] {
        let prediction = model.predict(&at);
        assert!(
            (prediction.mean - truth(&at)).abs() < 0.1,
            "{at:?} {prediction:?}"
        );
    }
}

#[test]
fn a_coordinate_without_effect_gets_a_longer_scale() {
    let points = points();
    let values: Vec<f64> = points.iter().map(|point| (8.0 * point[0]).sin()).collect();

    let model = GaussianProcess::fit(&points, &values).unwrap();

    assert!(model.kernel.lengths[1] > 2.0 * model.kernel.lengths[0]);
}

#[test]
fn slopes_of_the_posterior_agree_with_differences() {
    let points = points();
    let values = values(&points);
    let priors = priors(2);
    let at = [-1.2, 0.3, 0.4, -5.0];
    let posterior =
        |ln: &[f64]| ln_posterior(&points, &values, &priors, &Kernel::from_ln(ln)).unwrap();

    let (_, slopes) = posterior(&at);

    for (coordinate, slope) in slopes.iter().enumerate() {
        let expected = difference(&at, coordinate, |ln| posterior(ln).0);
        assert!(
            (slope - expected).abs() < 1e-4 * expected.abs().max(1.0),
            "{coordinate}"
        );
    }
}

#[test]
fn slopes_of_the_prediction_agree_with_differences() {
    let points = points();
    let model = GaussianProcess::fit(&points, &values(&points)).unwrap();
    let at = [0.37, 0.81];

    let slopes = model.slopes(&at);

    for coordinate in 0..2 {
        let mean = difference(&at, coordinate, |at| model.predict(at).mean);
        let deviation = difference(&at, coordinate, |at| model.predict(at).deviation);
        assert!((slopes.mean[coordinate] - mean).abs() < 1e-4);
        assert!((slopes.deviation[coordinate] - deviation).abs() < 1e-4);
    }
}

/// Source: NumPy 2.4, `(1 + s + s²/3) exp(-s)` with `s = sqrt(5 ((.3/.5)² + (.7/2)²))`.
#[test]
fn the_kernel_agrees_with_its_formula() {
    let kernel = Kernel::from_ln(&[0.5_f64.ln(), 2.0_f64.ln(), 0.0, -9.0]);

    let covariance = kernel.covariance(&[0.1, 0.9], &[0.4, 0.2]);

    assert!(
        (covariance - 0.710_306_415_159_233_3).abs() < 1e-12,
        "{covariance}"
    );
}
