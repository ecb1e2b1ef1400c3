//! Columns that say nothing go, and what stays is on one scale.

use rapport_learn::{Cancellation, Silent};

use super::*;

fn prepare(
    records: &Matrix,
    features: &[FeatureInfo],
) -> Result<(Preparation, Vec<FeatureUse>), SegmentError> {
    let cancel = Cancellation::default();
    Preparation::fit(records, features, &Context::new(1, &Silent, &cancel))
}

fn features(names: &[&str]) -> Vec<FeatureInfo> {
    names.iter().map(|&n| FeatureInfo::unknown(n)).collect()
}

/// Columns: plain, constant, twice the first, mostly missing, heavy-tailed.
fn records() -> Matrix {
    let rows: Vec<[f64; 5]> = (0..100)
        .map(|i| {
            let i = f64::from(i);
            let scattered = (i * 37.0) % 101.0;
            let missing = if i < 30.0 { i } else { f64::NAN };
            [i, 4.0, 2.0 * i + 1.0, missing, (scattered / 12.0).exp()]
        })
        .collect();
    Matrix::from_rows(&rows)
}

#[test]
fn columns_that_say_nothing_are_dropped_with_the_reason() {
    let names = ["plain", "constant", "twice", "missing", "tailed"];

    let (preparation, uses) = prepare(&records(), &features(&names)).unwrap();

    assert_eq!(preparation.kept(), [0, 4]);
    let fates: Vec<&FeatureFate> = uses.iter().map(|used| &used.fate).collect();
    assert!(matches!(fates[0], FeatureFate::Used { log: false, .. }));
    assert_eq!(fates[1], &FeatureFate::Constant);
    assert!(matches!(fates[2], FeatureFate::Duplicate { of, .. } if of == "plain"));
    assert!(matches!(fates[3], FeatureFate::Missing { share } if (share - 0.7).abs() < 1e-9));
    assert!(matches!(fates[4], FeatureFate::Used { log: true, .. }));
}

#[test]
fn prepared_columns_have_mean_zero_and_share_the_weight_of_their_role() {
    let mut features = features(&["a", "b", "c", "d"]);
    features[0].role = Role::Frequency;
    features[2].role = Role::Frequency;
    features[3].role = Role::Habit;
    let rows: Vec<[f64; 4]> = (0..50)
        .map(|i| {
            let i = f64::from(i);
            [i % 7.0, i % 11.0, i % 13.0, i % 5.0]
        })
        .collect();
    let records = Matrix::from_rows(&rows);

    let (preparation, _) = prepare(&records, &features).unwrap();
    let prepared = preparation.transform(&records).unwrap();

    for (column, variance) in [(0, 0.5), (1, 1.0), (2, 0.5), (3, 0.25)] {
        let values: Vec<f64> = prepared.column(column).collect();
        assert!(stats::mean(&values).abs() < 1e-12);
        assert!((stats::variance(&values) - variance).abs() < 1e-12);
    }
}

#[test]
fn a_column_that_is_constant_once_its_tail_is_pulled_in_is_called_constant() {
    let rows: Vec<[f64; 2]> = (0..1_000)
        .map(|i| [f64::from(i), f64::from(u8::from(i == 500))])
        .collect();

    let (preparation, uses) =
        prepare(&Matrix::from_rows(&rows), &features(&["plain", "rare"])).unwrap();

    assert_eq!(preparation.kept(), [0]);
    assert_eq!(uses[1].fate, FeatureFate::Constant);
}

#[test]
fn a_table_of_constants_is_refused() {
    let refused = prepare(&Matrix::zeros(30, 2), &features(&["a", "b"]));

    assert_eq!(refused.unwrap_err(), SegmentError::NoUsefulFeature);
}

#[test]
fn missing_and_infinite_values_become_numbers() {
    let mut records = records();
    records.row_mut(3)[0] = f64::NAN;
    records.row_mut(4)[4] = f64::INFINITY;
    let names = ["plain", "constant", "twice", "missing", "tailed"];

    let (preparation, _) = prepare(&records, &features(&names)).unwrap();

    assert_eq!(
        preparation.transform(&records).unwrap().first_not_finite(),
        None
    );
}
