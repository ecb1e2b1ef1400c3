//! The first split against all possible ones.

use super::*;

/// One split that is not held back by anything.
fn first_split(kind: Kind, values: &[f64], targets: &[f64]) -> Option<f64> {
    let records = Matrix::new(values.len(), 1, values.to_vec()).unwrap();
    let params = BoostingParams {
        max_leaves: 2,
        min_samples_leaf: 1,
        categories: CategoryParams {
            one_hot_up_to: 0,
            smoothing: 0.0,
            lambda: 0.0,
            max_set: 255,
            min_samples: 1,
        },
        ..BoostingParams::new(Loss::Squared).n_rounds(1)
    };
    let model = fit(&params, &BoostingData::new(&records, &[kind], targets));
    match model.trees()[0].nodes()[0] {
        Node::Split { gain, .. } => Some(gain),
        Node::Leaf { .. } => None,
    }
}

/// How much a split lowers the summed squares.
fn gain(targets: &[f64], is_left: impl Fn(usize) -> bool) -> f64 {
    let mean = targets.iter().sum::<f64>() / targets.len() as f64;
    let mut sides = [(0.0, 0.0); 2];
    for (row, target) in targets.iter().enumerate() {
        let side = &mut sides[usize::from(is_left(row))];
        *side = (side.0 + target - mean, side.1 + 1.0);
    }
    let worth = |(sum, n): (f64, f64)| if n > 0.0 { sum * sum / n } else { 0.0 };
    worth(sides[0]) + worth(sides[1])
}

fn check(found: Option<f64>, best: f64) {
    let found = found.unwrap_or(0.0);
    assert!(
        (found - best).abs() <= 1e-9 * (1.0 + best),
        "{found} is not {best}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn the_best_threshold_is_found(
        rows in prop::collection::vec((0_u8..12, -3.0_f64..3.0), 2..40),
    ) {
        // The highest level stands for missing.
        let values: Vec<f64> = rows
            .iter()
            .map(|&(level, _)| if level == 11 { f64::NAN } else { f64::from(level) })
            .collect();
        let targets: Vec<f64> = rows.iter().map(|row| row.1).collect();

        let found = first_split(NUMERIC, &values, &targets);

        let mut best = 0.0_f64;
        for threshold in 0..11 {
            for missing_left in [false, true] {
                best = best.max(gain(&targets, |row| {
                    if values[row].is_nan() { missing_left } else { values[row] <= f64::from(threshold) }
                }));
            }
        }
        check(found, best);
    }

    /// Fisher (1958): the best of all sets is a prefix of the categories ranked by their means.
    #[test]
    fn the_best_of_all_sets_of_categories_is_found(
        rows in prop::collection::vec((0_u8..7, -3.0_f64..3.0), 2..40),
    ) {
        let values: Vec<f64> = rows
            .iter()
            .map(|&(code, _)| if code == 6 { f64::NAN } else { f64::from(code) })
            .collect();
        let targets: Vec<f64> = rows.iter().map(|row| row.1).collect();

        let found = first_split(Kind::Categorical, &values, &targets);

        let best = (0_u32..128)
            .map(|set| gain(&targets, |row| set >> rows[row].0 & 1 == 1))
            .fold(0.0, f64::max);
        check(found, best);
    }
}

#[test]
fn few_categories_are_split_one_from_the_rest() {
    let codes: Vec<f64> = (0..400).map(|row| f64::from(row % 4)).collect();
    let targets: Vec<f64> = codes
        .iter()
        .map(|&code| if code == 2.0 { 5.0 } else { code })
        .collect();
    let records = Matrix::new(400, 1, codes).unwrap();
    let params = BoostingParams {
        max_leaves: 2,
        ..BoostingParams::new(Loss::Squared).n_rounds(1)
    };

    let model = fit(
        &params,
        &BoostingData::new(&records, &[Kind::Categorical], &targets),
    );

    let Node::Split {
        rule: Rule::OneOf(set),
        ..
    } = &model.trees()[0].nodes()[0]
    else {
        panic!("the root asks for categories");
    };
    assert_eq!(Vec::<u32>::from(set.clone()), [2]);
}

#[test]
fn rare_categories_are_not_fitted_to_noise() {
    let mut generator = rng(5, "rare categories");
    let codes: Vec<f64> = (0..2000).map(|row| f64::from(row / 8)).collect();
    let targets: Vec<f64> = codes
        .iter()
        .map(|_| generator.random_range(-1.0..1.0))
        .collect();
    let records = Matrix::new(2000, 1, codes).unwrap();

    let model = fit(
        &BoostingParams::new(Loss::Squared),
        &BoostingData::new(&records, &[Kind::Categorical], &targets),
    );

    assert!(model.trees().iter().all(|tree| tree.n_leaves() == 1));
}
