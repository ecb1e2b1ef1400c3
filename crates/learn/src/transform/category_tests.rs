//! Encoders of categories, one by one and over a whole table.

use std::collections::BTreeMap;

use rand::RngExt;

use super::*;
use crate::table::{Column, Labels, Table, Target};
use crate::{Cancellation, Check, Context, Fit, Silent, rng, stats};

fn with_context<R>(work: impl FnOnce(&Context<'_>) -> R) -> R {
    let cancel = Cancellation::default();
    work(&Context::new(1, &Silent, &cancel))
}

fn fitted<P: Fit<Categories, Error = TableError>>(params: &P, categories: &Categories) -> P::Model {
    with_context(|context| params.fit(categories, context)).unwrap()
}

fn cities(texts: &[&str]) -> Categories {
    Categories::from_texts(texts.iter().map(|&text| (text != "?").then_some(text)))
}

fn training() -> Categories {
    cities(&["Oslo", "Lyon", "Oslo", "Rome", "Oslo", "Lyon", "?", "Bern"])
}

#[test]
fn every_category_has_a_column() {
    let encoder = fitted(&OneHot::default(), &training());

    let encoded = encoder
        .encode("city", &cities(&["Oslo", "?", "Bern"]))
        .unwrap();

    assert_eq!(
        encoder.output_names("city"),
        [
            "city=Bern",
            "city=Lyon",
            "city=Oslo",
            "city=Rome",
            "city (missing)"
        ]
    );
    assert_eq!(encoded.row(0), [0.0, 0.0, 1.0, 0.0, 0.0]);
    assert_eq!(encoded.row(1), [0.0, 0.0, 0.0, 0.0, 1.0]);
    assert_eq!(encoded.row(2), [1.0, 0.0, 0.0, 0.0, 0.0]);
}

#[test]
fn rare_and_unknown_categories_share_a_column() {
    let params = OneHot {
        min_count: 2,
        ..OneHot::default()
    };
    let encoder = fitted(&params, &training());

    let encoded = encoder
        .encode("city", &cities(&["Rome", "Paris", "Lyon"]))
        .unwrap();

    assert_eq!(
        encoder.output_names("city"),
        ["city=Lyon", "city=Oslo", "city (rare)", "city (missing)"]
    );
    assert_eq!(encoded.row(0), [0.0, 0.0, 1.0, 0.0]);
    assert_eq!(encoded.row(1), [0.0, 0.0, 1.0, 0.0]);
    assert_eq!(encoded.row(2), [1.0, 0.0, 0.0, 0.0]);
}

#[test]
fn without_rare_ones_an_unknown_category_is_all_zeros() {
    let encoder = fitted(&OneHot::default(), &training());

    let encoded = encoder.encode("city", &cities(&["Paris"])).unwrap();

    assert_eq!(encoded.row(0), [0.0; 5]);
}

#[test]
fn the_most_frequent_categories_keep_their_columns() {
    let params = OneHot {
        max_levels: Some(1),
        ..OneHot::default()
    };

    let encoder = fitted(&params, &training());

    assert_eq!(
        encoder.output_names("city"),
        ["city=Oslo", "city (rare)", "city (missing)"]
    );
}

#[test]
fn an_unknown_category_is_refused_by_name_when_asked() {
    let params = OneHot {
        unknown: Unknown::Refuse,
        min_count: 2,
        ..OneHot::default()
    };
    let encoder = fitted(&params, &training());

    assert!(encoder.encode("city", &cities(&["Rome"])).is_ok());
    assert_eq!(
        encoder.encode("city", &cities(&["Oslo", "Paris"])),
        Err(TableError::UnknownLevel {
            name: "city".into(),
            row: 1,
            level: "Paris".into()
        })
    );
}

#[test]
fn places_follow_the_given_order_and_lead_back() {
    let order = ["small", "middle", "large"].map(String::from).to_vec();
    let sizes = cities(&["large", "small", "?", "huge"]);
    let encoder = fitted(&Ordinal { order: Some(order) }, &sizes);

    let encoded = encoder.encode("size", &sizes).unwrap();

    assert_eq!(encoded.row(0), [2.0]);
    assert_eq!(encoded.row(1), [0.0]);
    assert!(encoded.row(2)[0].is_nan() && encoded.row(3)[0].is_nan());
    let back = encoder.decode(encoded.values());
    assert_eq!(back.text(0), Some("large"));
    assert_eq!(back.text(1), Some("small"));
    assert_eq!(back.text(3), None);
}

#[test]
fn the_most_frequent_categories_get_places_and_the_others_none() {
    let rows = cities(&["Rome", "Oslo", "Bern", "Rome", "?", "Oslo", "Turin", "Rome"]);
    let order = |limit| Ordinal::most_frequent(&rows, limit).order.unwrap();

    assert_eq!(order(2), ["Oslo", "Rome"]);
    assert_eq!(order(3), ["Bern", "Oslo", "Rome"]);
    assert_eq!(order(9), ["Bern", "Oslo", "Rome", "Turin"]);
}

#[test]
fn an_order_names_each_category_once() {
    let order = ["a", "b", "a"].map(String::from).to_vec();

    let refused = with_context(|context| Ordinal { order: Some(order) }.fit(&training(), context));

    assert!(refused.is_err());
}

/// Worked by hand: 3 of 8 rows are Oslo, 1 is missing.
#[test]
fn frequency_is_the_share_of_training_rows() {
    let encoder = fitted(&Frequency, &training());

    let encoded = encoder
        .encode("city", &cities(&["Oslo", "?", "Paris"]))
        .unwrap();

    assert_eq!(encoded.values(), [0.375, 0.125, 0.0]);
}

fn target_encoder(smoothing: Smoothing) -> ValidTargetEncoder {
    TargetEncoder {
        smoothing,
        ..TargetEncoder::default()
    }
    .check()
    .unwrap()
}

const TARGET_AUTO: [f64; 4] = [
    0.730_858_468_677_494_2,
    0.406_813_627_254_509,
    0.659_318_637_274_549_1,
    1.0,
];
const TARGET_TWO: [f64; 4] = [
    0.712_121_212_121_212,
    0.454_545_454_545_454_5,
    0.654_545_454_545_454_5,
    0.757_575_757_575_757_5,
];

/// Source: `sklearn.preprocessing.TargetEncoder(smooth=..., target_type="continuous")`, version
/// 1.9.1.
#[test]
fn smoothed_means_agree_with_scikit_learn() {
    let letters = cities(&["a", "a", "b", "a", "b", "c", "b", "c", "c", "a", "d"]);
    let targets = [1.0, 0.0, 1.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 1.0];

    for (smoothing, expected) in [
        (Smoothing::Auto, TARGET_AUTO),
        (Smoothing::Rows(2.0), TARGET_TWO),
    ] {
        let encoder = target_encoder(smoothing).fit(&letters, &targets).unwrap();
        for (level, expected) in ["a", "b", "c", "d"].into_iter().zip(expected) {
            assert!((encoder.mean_of(level) - expected).abs() < 1e-12);
        }
        assert!((encoder.mean_of("z") - 7.0 / 11.0).abs() < 1e-12);
    }
}

/// 1,000 rows of random names, each name twice, and a target that has nothing to do with them.
fn random_names() -> (Categories, Vec<f64>) {
    let mut generator = rng(3, "names");
    let names: Vec<String> = (0..1000).map(|row| format!("n{}", row / 2)).collect();
    let targets = (0..1000)
        .map(|_| f64::from(u8::from(generator.random::<f64>() < 0.5)))
        .collect();
    (Categories::from_texts(names.iter().map(Some)), targets)
}

#[test]
fn a_random_category_does_not_predict_its_own_target() {
    let (names, targets) = random_names();

    let encoder = target_encoder(Smoothing::Rows(0.5))
        .fit(&names, &targets)
        .unwrap();
    let leaking = encoder.encode("name", &names).unwrap();
    assert!(stats::correlation(leaking.values(), &targets) > 0.6);

    for leakproof in [Leakproof::Folds(5), Leakproof::Ordered] {
        for smoothing in [Smoothing::Rows(0.5), Smoothing::Auto] {
            let params = TargetEncoder {
                smoothing,
                leakproof,
            };
            let (_, encoded) = with_context(|context| {
                params
                    .check()
                    .unwrap()
                    .fit_encode(&names, &targets, context)
            })
            .unwrap();

            // Four standard errors of a correlation that is zero: 4 / sqrt(1000).
            let found = stats::correlation(&encoded, &targets);
            assert!(found.abs() < 0.127, "{leakproof:?} {smoothing:?}: {found}");
        }
    }
}

#[test]
fn a_category_that_matters_keeps_its_mean_out_of_fold() {
    let mut generator = rng(4, "groups");
    let groups: Vec<usize> = (0..3000).map(|row| row % 3).collect();
    let targets: Vec<f64> = groups
        .iter()
        .map(|&group| f64::from(u8::from(generator.random::<f64>() < [0.1, 0.5, 0.9][group])))
        .collect();
    let names = ["low", "middle", "high"];
    let categories = Categories::from_texts(groups.iter().map(|&group| Some(names[group])));

    let (encoder, encoded) = with_context(|context| {
        target_encoder(Smoothing::Auto).fit_encode(&categories, &targets, context)
    })
    .unwrap();

    // Four standard errors: 4 * sqrt(0.25 / 1000).
    for (name, share) in names.into_iter().zip([0.1, 0.5, 0.9]) {
        assert!((encoder.mean_of(name) - share).abs() < 0.064);
    }
    for (encoded, &group) in encoded.iter().zip(&groups) {
        assert!((encoded - [0.1, 0.5, 0.9][group]).abs() < 0.08);
    }
}

#[test]
fn the_seed_alone_decides_the_folds() {
    let (names, targets) = random_names();
    let params = target_encoder(Smoothing::Auto);
    let cancel = Cancellation::default();
    let encoded = |seed| {
        let context = Context::new(seed, &Silent, &cancel);
        params.fit_encode(&names, &targets, &context).unwrap().1
    };

    assert_eq!(encoded(1), encoded(1));
    assert_ne!(encoded(1), encoded(2));
}

fn table() -> Table {
    Table::new(vec![
        (
            "age".into(),
            Column::Numeric(vec![30.0, f64::NAN, 50.0, 40.0]),
        ),
        (
            "city".into(),
            Column::Categorical(cities(&["Oslo", "Lyon", "Oslo", "?"])),
        ),
        (
            "size".into(),
            Column::Categorical(cities(&["s", "m", "m", "s"])),
        ),
    ])
    .unwrap()
}

#[test]
fn a_table_becomes_a_matrix_column_by_column() {
    let params = TableEncoderParams {
        columns: BTreeMap::from([("size".into(), CategoryEncoding::Frequency)]),
        ..TableEncoderParams::default()
    };

    let (encoder, matrix) =
        with_context(|context| params.check().unwrap().fit_encode(&table(), context)).unwrap();

    assert_eq!(
        encoder.feature_names(),
        [
            "age",
            "city=Lyon",
            "city=Oslo",
            "city (missing)",
            "size (frequency)"
        ]
    );
    assert_eq!(matrix.row(0), [30.0, 0.0, 1.0, 0.0, 0.5]);
    assert_eq!(matrix.row(3), [40.0, 0.0, 0.0, 1.0, 0.5]);
    assert!(matrix.row(1)[0].is_nan());
    assert_eq!(encoder.encode(&table()).unwrap().row(2), matrix.row(2));
}

#[test]
fn a_table_with_another_dictionary_is_encoded_the_same() {
    let (encoder, _) = with_context(|context| {
        let params = TableEncoderParams::default().check().unwrap();
        params.fit_encode(&table(), context)
    })
    .unwrap();

    // One row alone: its dictionary holds "Oslo" only.
    let alone = Table::new(vec![
        ("size".into(), Column::Categorical(cities(&["m"]))),
        ("city".into(), Column::Categorical(cities(&["Oslo"]))),
        ("age".into(), Column::Numeric(vec![50.0])),
    ])
    .unwrap();

    assert_eq!(
        encoder.encode(&alone).unwrap().row(0),
        encoder.encode(&table()).unwrap().row(2)
    );
}

#[test]
fn targets_of_three_classes_give_three_columns() {
    let labels = Labels::learn(&["x", "y", "z", "x"]).unwrap();
    let table = table().with_target(Target::Classes(labels)).unwrap();
    let encoding = CategoryEncoding::Target(TargetEncoder {
        smoothing: Smoothing::Rows(1.0),
        leakproof: Leakproof::Ordered,
    });
    let params = TableEncoderParams {
        columns: BTreeMap::from([("size".into(), encoding)]),
        ..TableEncoderParams::default()
    };

    let (encoder, matrix) =
        with_context(|context| params.check().unwrap().fit_encode(&table, context)).unwrap();

    assert_eq!(
        encoder.feature_names()[4..],
        ["size:x (target)", "size:y (target)", "size:z (target)"]
    );
    for row in matrix.rows() {
        assert!((row[4..].iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }
}

#[test]
fn encoding_by_target_needs_a_target() {
    let params = TableEncoderParams {
        categories: CategoryEncoding::Target(TargetEncoder::default()),
        ..TableEncoderParams::default()
    };

    let refused = with_context(|context| params.check().unwrap().fit_encode(&table(), context));

    assert_eq!(refused.unwrap_err(), TableError::NoTarget);
}

#[test]
fn a_column_that_changed_its_kind_is_refused() {
    let (encoder, _) = with_context(|context| {
        let params = TableEncoderParams::default().check().unwrap();
        params.fit_encode(&table(), context)
    })
    .unwrap();
    let changed = Table::new(vec![
        ("age".into(), Column::Categorical(cities(&["old"]))),
        ("city".into(), Column::Categorical(cities(&["Oslo"]))),
        ("size".into(), Column::Categorical(cities(&["m"]))),
    ])
    .unwrap();

    assert!(matches!(
        encoder.encode(&changed),
        Err(TableError::OtherKind { .. })
    ));
}

#[test]
fn a_fitted_encoder_survives_being_written_and_read() {
    let (encoder, _) = with_context(|context| {
        let params = TableEncoderParams::default().check().unwrap();
        params.fit_encode(&table(), context)
    })
    .unwrap();

    let json = serde_json::to_string(&encoder).unwrap();

    assert_eq!(
        serde_json::from_str::<TableEncoder>(&json).unwrap(),
        encoder
    );
}

#[test]
fn impossible_encoders_are_refused() {
    let one_fold = TargetEncoder {
        leakproof: Leakproof::Folds(1),
        ..TargetEncoder::default()
    };
    let negative = TargetEncoder {
        smoothing: Smoothing::Rows(-1.0),
        ..TargetEncoder::default()
    };
    let no_columns = OneHot {
        max_levels: Some(0),
        ..OneHot::default()
    };

    assert!(one_fold.check().is_err());
    assert!(negative.check().is_err());
    assert!(with_context(|context| no_columns.fit(&training(), context)).is_err());
}
