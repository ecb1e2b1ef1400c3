//! Hashed text, tf-idf, and bins.

use std::num::NonZeroUsize;

use super::*;
use crate::{Cancellation, Check, Context, Fit, Silent, SparseMatrix, Transform};

fn hashed(params: TextHasherParams, texts: &[&str]) -> SparseMatrix {
    let cancel = Cancellation::default();
    let context = Context::new(1, &Silent, &cancel);
    params.check().unwrap().transform(texts, &context).unwrap()
}

fn words_only() -> TextHasherParams {
    TextHasherParams {
        chars: None,
        ..TextHasherParams::default()
    }
}

fn entries(matrix: &SparseMatrix, row: usize) -> Vec<(usize, f64)> {
    matrix.row(row).collect()
}

#[test]
fn a_text_gives_one_entry_per_word_and_pair() {
    let counts = hashed(words_only(), &["Red red wine!"]);

    // red (twice), wine, "red red", "red wine".
    let mut sizes: Vec<f64> = counts.row(0).map(|(_, count)| count.abs()).collect();
    sizes.sort_by(f64::total_cmp);
    assert_eq!(sizes, [1.0, 1.0, 1.0, 2.0]);
}

#[test]
fn letters_case_and_punctuation_make_no_difference() {
    let counts = hashed(
        TextHasherParams::default(),
        &["Refund, please", "refund   PLEASE?"],
    );

    assert_eq!(entries(&counts, 0), entries(&counts, 1));
}

#[test]
fn letter_sequences_find_a_slip_of_the_pen_similar() {
    let params = TextHasherParams {
        words: None,
        ..TextHasherParams::default()
    };
    let counts = hashed(params, &["invoice", "invoise", "banana"]).to_dense();
    let product = |a: usize, b: usize| -> f64 {
        counts
            .row(a)
            .iter()
            .zip(counts.row(b))
            .map(|(a, b)| a * b)
            .sum()
    };

    assert!(product(0, 1) >= 10.0);
    assert!(product(0, 2).abs() <= 3.0);
}

/// Worked by hand: " 好吃 " has 4 characters, so 3 pairs, 2 triples and 1 quadruple.
#[test]
fn characters_are_counted_not_bytes() {
    let params = TextHasherParams {
        words: None,
        ..TextHasherParams::default()
    };

    assert_eq!(hashed(params, &["好吃"]).n_stored(), 6);
}

#[test]
fn a_text_without_words_has_no_entries() {
    assert_eq!(
        hashed(TextHasherParams::default(), &["", " -- "]).n_stored(),
        0
    );
}

#[test]
fn about_half_of_the_words_count_negative() {
    let words: Vec<String> = (0..1000).map(|word| format!("w{word}")).collect();
    let text = words.join(" ");
    let params = TextHasherParams {
        words: Some(NGrams { min: 1, max: 1 }),
        n_bits: 20,
        ..words_only()
    };

    let signed = hashed(params.clone(), &[&text]);
    let unsigned = hashed(
        TextHasherParams {
            signed: false,
            ..params
        },
        &[&text],
    );

    let n_negative = signed.row(0).filter(|&(_, count)| count < 0.0).count();
    // Four standard deviations: 4 * sqrt(1000) / 2.
    assert!((437..=563).contains(&n_negative), "{n_negative}");
    assert!(unsigned.row(0).all(|(_, count)| count > 0.0));
    // Collisions of 1,000 words in 2^20 columns: about half a word.
    assert!(unsigned.n_stored() >= 995);
}

#[test]
fn threads_do_not_change_the_counts() {
    let texts: Vec<String> = (0..700)
        .map(|text| format!("ticket number {text}"))
        .collect();
    let cancel = Cancellation::default();
    let context = Context::new(1, &Silent, &cancel);
    let hasher = TextHasherParams::default().check().unwrap();

    let one = hasher.transform(&texts, &context).unwrap();
    let two = context.with_threads(NonZeroUsize::new(2).unwrap());

    assert_eq!(hasher.transform(&texts, &two).unwrap(), one);
}

#[test]
fn impossible_settings_of_text_are_refused() {
    let neither = TextHasherParams {
        words: None,
        chars: None,
        ..TextHasherParams::default()
    };
    let backward = TextHasherParams {
        words: Some(NGrams { min: 2, max: 1 }),
        ..TextHasherParams::default()
    };
    let too_wide = TextHasherParams {
        n_bits: 40,
        ..TextHasherParams::default()
    };

    assert!(neither.check().is_err());
    assert!(backward.check().is_err());
    assert!(too_wide.check().is_err());
}

fn counts() -> SparseMatrix {
    SparseMatrix::from_dense(&Matrix::from_rows(&[
        [2.0, 1.0, 0.0, 0.0],
        [1.0, 0.0, 1.0, 0.0],
        [0.0, 3.0, 0.0, 1.0],
        [0.0, 1.0, 2.0, 2.0],
        [1.0, 0.0, 0.0, 4.0],
        [0.0, 0.0, 1.0, 1.0],
    ]))
}

const TFIDF_DEFAULT: [(usize, [f64; 4]); 2] = [
    (
        0,
        [0.861_036_995_943_976_4, 0.508_542_320_378_326_7, 0.0, 0.0],
    ),
    (
        3,
        [
            0.0,
            0.409_209_225_192_162_8,
            0.692_851_445_893_230_2,
            0.593_721_048_928_947_8,
        ],
    ),
];
const TFIDF_PLAIN: [(usize, [f64; 4]); 2] = [
    (
        0,
        [3.119_231_575_870_845_3, 1.559_615_787_935_422_7, 0.0, 0.0],
    ),
    (
        3,
        [
            0.0,
            1.559_615_787_935_422_7,
            3.119_231_575_870_845_3,
            2.672_944_473_242_426,
        ],
    ),
];

fn check_rows(found: &SparseMatrix, expected: [(usize, [f64; 4]); 2]) {
    let found = found.to_dense();
    for (row, expected) in expected {
        for (f, e) in found.row(row).iter().zip(expected) {
            assert!((f - e).abs() < 1e-12, "row {row}: {:?}", found.row(row));
        }
    }
}

/// Source: `TfidfTransformer(sublinear_tf=True)` and `TfidfTransformer(norm=None)`, scikit-learn
/// 1.9.1.
#[test]
fn tf_idf_agrees_with_scikit_learn() {
    let default = TfIdf::default().fit(&counts()).unwrap();
    let plain = TfIdf {
        sublinear: false,
        normalize: false,
    }
    .fit(&counts())
    .unwrap();

    check_rows(&default.transform(&counts()).unwrap(), TFIDF_DEFAULT);
    check_rows(&plain.transform(&counts()).unwrap(), TFIDF_PLAIN);
}

#[test]
fn a_word_that_no_row_has_is_the_rarest() {
    let wider = SparseMatrix::from_rows(2, vec![vec![(0, 1.0)], vec![(0, 3.0)]]).unwrap();

    let tf_idf = TfIdf::default().fit(&wider).unwrap();

    assert_eq!(tf_idf.rarities(), [1.0, 3.0_f64.ln() + 1.0]);
    assert!(tf_idf.transform(&counts()).is_err());
}

fn fit_bins(n_bins: usize, values: &[f64]) -> (FittedQuantileBinner, Matrix) {
    let records = Matrix::new(values.len(), 1, values.to_vec()).unwrap();
    let cancel = Cancellation::default();
    let fitted = QuantileBinner { n_bins }
        .check()
        .unwrap()
        .fit(&records, &Context::new(1, &Silent, &cancel))
        .unwrap();
    (fitted, records)
}

/// Worked by hand: the quartiles of 1 to 9 are 3, 5 and 7; an edge belongs to the bin above it.
#[test]
fn bins_hold_equally_many_rows() {
    let values: Vec<f64> = (1..=9).map(f64::from).collect();

    let (binner, records) = fit_bins(4, &values);
    let bins = binner.transform(&records).unwrap();

    assert_eq!(bins.values(), [0.0, 0.0, 1.0, 1.0, 2.0, 2.0, 3.0, 3.0, 3.0]);
    assert_eq!(
        binner.inverse_transform(&bins).unwrap().values(),
        [1.5, 1.5, 3.5, 3.5, 5.5, 5.5, 8.0, 8.0, 8.0]
    );
}

#[test]
fn few_distinct_values_have_few_bins() {
    let (binner, records) = fit_bins(10, &[0.0, 0.0, 0.0, 0.0, 1.0, 1.0, f64::NAN]);

    assert_eq!(binner.n_bins(0), 2);
    let bins = binner.transform(&records).unwrap();
    assert_eq!(bins.values()[..6], [0.0, 0.0, 0.0, 0.0, 1.0, 1.0]);
    assert!(bins.values()[6].is_nan());
}

#[test]
fn a_constant_column_has_one_bin() {
    let (binner, _) = fit_bins(5, &[3.0; 8]);

    assert_eq!(binner.n_bins(0), 1);
}

#[test]
fn one_bin_is_refused() {
    assert!(QuantileBinner { n_bins: 1 }.check().is_err());
}
