//! Linear models explain themselves, and come back from their folders as they were.

use chrono::DateTime;

use super::*;
use crate::{
    Baseline, Check, Dataset, Examples, Explain, Fit, ModelFolderError, Persist, Predict,
    Provenance,
};

fn data() -> Dataset {
    let rows: Vec<[f64; 3]> = (0..60)
        .map(|i| {
            let i = f64::from(i);
            [(0.7 * i).sin(), 10.0 + 3.0 * (1.3 * i).cos(), i % 4.0]
        })
        .collect();
    let names = ["recency", "frequency", "tickets"].map(String::from);
    Dataset::new(Matrix::from_rows(&rows), names.to_vec()).unwrap()
}

fn logistic() -> NamedLogistic {
    let data = data();
    let score = |row: &[f64]| 2.0 * row[0] + row[1] - 10.0 - 0.5 * row[2];
    let labels: Vec<u32> = data
        .records
        .rows()
        .map(|row| u32::from(score(row) > -0.5))
        .collect();
    let params = LogisticParams {
        penalty: Penalty::ridge(0.01),
        ..LogisticParams::new(2)
    };
    let valid = params.clone().check().unwrap();
    let examples = Examples::new(&data.records, &labels);
    let model = with_context(|context| valid.fit(&examples, context)).unwrap();
    let mut named = NamedLogistic::new(params, model, 7, &data).unwrap();
    named.metrics.insert("auc".into(), 0.9);
    named.baseline = Some(Baseline {
        name: "base rate".into(),
        metrics: [("auc".to_owned(), 0.5)].into(),
    });
    named
}

fn regression() -> NamedRegression {
    let data = data();
    let targets: Vec<f64> = data
        .records
        .rows()
        .map(|row| row[0] - 2.0 * row[2])
        .collect();
    let params = ElasticNetParams::default();
    let examples = Examples::new(&data.records, &targets);
    let valid = params.check().unwrap();
    let model = with_context(|context| valid.fit(&examples, context)).unwrap();
    NamedRegression::new(params, model, 7, &data).unwrap()
}

fn provenance() -> Provenance {
    Provenance {
        version: "3".into(),
        code_version: "0.1.0".into(),
        created_at: DateTime::from_timestamp(1_320_000_000, 0).unwrap(),
        as_of: None,
    }
}

#[test]
fn base_and_contributions_add_up_to_the_score() {
    let (named, data) = (logistic(), data());
    let scores = named.model.scores().of(&data.records).unwrap();

    for (row, score) in data.records.rows().zip(scores.values()) {
        for explained in [named.explain(row), named.model.explain(row)] {
            let explained = explained.unwrap();
            let sum = explained.base[0] + explained.values.row(0).iter().sum::<f64>();
            assert!((sum - score).abs() < 1e-9, "{sum} {score}");
        }
    }
}

/// Worked by hand: the mean row is its own reference.
#[test]
fn the_mean_row_needs_no_reasons() {
    let (named, data) = (regression(), data());
    let means: Vec<f64> = (0..3)
        .map(|column| crate::stats::mean(&data.records.column(column).collect::<Vec<_>>()))
        .collect();

    let explained = named.explain(&means).unwrap();

    assert!(
        explained
            .values
            .values()
            .iter()
            .all(|value| value.abs() < 1e-12)
    );
    let next = Matrix::new(1, 3, means).unwrap();
    assert_close(&explained.base, &named.model.predict(&next).unwrap(), 1e-9);
}

#[test]
fn a_row_of_other_width_is_not_explained() {
    let refused = regression().explain(&[1.0, 2.0]);

    assert!(matches!(refused, Err(LearnError::Shape { .. })));
}

#[test]
fn models_come_back_from_their_folders() {
    let place = tempfile::tempdir().unwrap();
    let (one, other) = (place.path().join("one"), place.path().join("other"));

    logistic().save(&one, &provenance()).unwrap();
    regression().save(&other, &provenance()).unwrap();

    assert_eq!(NamedLogistic::load(&one).unwrap(), logistic());
    assert_eq!(NamedRegression::load(&other).unwrap(), regression());
    assert!(matches!(
        NamedRegression::load(&one),
        Err(ModelFolderError::Kind { .. })
    ));
}

#[test]
fn the_card_shows_figures_and_the_strongest_column_first() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("model");
    logistic().save(&folder, &provenance()).unwrap();

    let card = std::fs::read_to_string(folder.join("card.md")).unwrap();

    assert!(card.starts_with("# logistic regression 3\n"), "{card}");
    assert!(card.contains("auc: 0.9000 (baseline base rate: 0.5000)"));
    let at = |name| card.find(name).unwrap();
    assert!(at("frequency") < at("recency"), "{card}");
}
