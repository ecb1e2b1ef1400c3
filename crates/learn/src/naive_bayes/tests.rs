//! Naive Bayes against scikit-learn 1.9.1 (source of all numbers unless said otherwise).

use super::*;
use crate::linear::LinearSvmParams;
use crate::linear::oracle::{records, three_classes, weights};
use crate::{
    Cancellation, Check, Context, Examples, Fit, Matrix, Predict, Silent, SparseMatrix, rng,
};

const LABELS: [u32; 6] = [0, 0, 1, 1, 2, 2];
const WEIGHTS: [f64; 6] = [1.0, 2.0, 1.0, 1.0, 3.0, 1.0];

fn with_context<R>(work: impl FnOnce(&Context<'_>) -> R) -> R {
    let cancel = Cancellation::default();
    work(&Context::new(1, &Silent, &cancel))
}

/// Six rows of counts.
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

/// Three rows to ask about, the last one empty.
fn queries() -> SparseMatrix {
    SparseMatrix::from_dense(&Matrix::from_rows(&[
        [1.0, 1.0, 0.0, 0.0],
        [0.0, 0.0, 2.0, 1.0],
        [0.0, 0.0, 0.0, 0.0],
    ]))
}

fn assert_rows<const K: usize, const N: usize>(found: &Matrix, expected: [[f64; K]; N]) {
    let expected = Matrix::from_rows(&expected);
    for (f, e) in found.values().iter().zip(expected.values()) {
        assert!((f - e).abs() < 1e-9, "{found:?} is not {expected:?}");
    }
}

fn multinomial(weights: Option<&[f64]>) -> MultinomialNb {
    let examples = Examples {
        records: &counts(),
        targets: &LABELS,
        weights,
    };
    let params = MultinomialNbParams::new(3).check().unwrap();
    with_context(|context| params.fit(&examples, context)).unwrap()
}

fn bernoulli(weights: Option<&[f64]>) -> BernoulliNb {
    let examples = Examples {
        records: &counts(),
        targets: &LABELS,
        weights,
    };
    let params = BernoulliNbParams::new(3).check().unwrap();
    with_context(|context| params.fit(&examples, context)).unwrap()
}

fn gaussian(weights: Option<&[f64]>) -> GaussianNb {
    let examples = Examples {
        records: &records(),
        targets: &three_classes(),
        weights,
    };
    let params = GaussianNbParams::new(3).check().unwrap();
    with_context(|context| params.fit(&examples, context)).unwrap()
}

#[test]
fn multinomial_probabilities_agree_with_scikit_learn() {
    let even = multinomial(None).predict_proba(&queries()).unwrap();
    let weighted = multinomial(Some(&WEIGHTS))
        .predict_proba(&queries())
        .unwrap();

    assert_rows(
        &even,
        [
            [
                0.681_704_344_202_520_9,
                0.204_208_771_747_057_07,
                0.114_086_884_050_421_93,
            ],
            [
                0.137_502_482_769_205_54,
                0.410_629_854_095_929_84,
                0.451_867_663_134_864_5,
            ],
            [
                0.333_333_333_333_333_3,
                0.333_333_333_333_333_3,
                0.333_333_333_333_333_3,
            ],
        ],
    );
    assert_rows(
        &weighted,
        [
            [
                0.722_025_379_569_756_3,
                0.172_317_694_137_949_73,
                0.105_656_926_292_293_9,
            ],
            [
                0.262_612_753_833_123_4,
                0.424_260_446_489_925_3,
                0.313_126_799_676_951_56,
            ],
            [
                0.333_333_333_333_333_37,
                0.222_222_222_222_222_2,
                0.444_444_444_444_444_4,
            ],
        ],
    );
}

#[test]
fn bernoulli_probabilities_agree_with_scikit_learn() {
    let even = bernoulli(None).predict_proba(&queries()).unwrap();
    let weighted = bernoulli(Some(&WEIGHTS)).predict_proba(&queries()).unwrap();

    assert_rows(
        &even,
        [
            [
                0.782_608_695_652_173_8,
                0.130_434_782_608_695_7,
                0.086_956_521_739_130_45,
            ],
            [
                0.068_965_517_241_379_34,
                0.310_344_827_586_206_9,
                0.620_689_655_172_413_9,
            ],
            [
                0.399_999_999_999_999_97,
                0.199_999_999_999_999_98,
                0.399_999_999_999_999_97,
            ],
        ],
    );
    assert_rows(
        &weighted,
        [
            [
                0.761_418_081_200_854_2,
                0.116_183_178_894_173_19,
                0.122_398_739_904_972_69,
            ],
            [
                0.087_721_618_232_218_47,
                0.285_552_142_683_002_2,
                0.626_726_239_084_779_3,
            ],
            [
                0.403_457_702_381_196_8,
                0.164_167_359_367_348_72,
                0.432_374_938_251_454_23,
            ],
        ],
    );
}

#[test]
fn gaussian_probabilities_agree_with_scikit_learn() {
    let three = records().select_rows(&[0, 1, 2]);

    let even = gaussian(None).predict_proba(&three).unwrap();
    let weighted = gaussian(Some(&weights())).predict_proba(&three).unwrap();

    assert_rows(
        &even,
        [
            [
                0.903_086_720_805_794,
                0.096_913_278_344_954_51,
                8.492_517_785_270_756e-10,
            ],
            [
                0.731_389_818_841_853_5,
                0.268_490_107_322_049_1,
                0.000_120_073_836_097_271_33,
            ],
            [
                0.963_394_560_545_193_3,
                0.036_605_437_885_799_126,
                1.569_007_272_764_89e-09,
            ],
        ],
    );
    assert_rows(
        &weighted,
        [
            [
                0.884_704_231_413_246_9,
                0.115_295_767_834_479_38,
                7.522_739_923_277_939e-10,
            ],
            [
                0.737_300_154_400_684_6,
                0.262_598_047_488_464_55,
                0.000_101_798_110_850_737_92,
            ],
            [
                0.959_091_049_576_049_5,
                0.040_908_949_245_876_91,
                1.178_073_743_351_502e-09,
            ],
        ],
    );
}

#[test]
fn the_most_probable_class_is_predicted() {
    assert_eq!(multinomial(None).predict(&queries()).unwrap(), [0, 2, 0]);
    assert_eq!(bernoulli(None).predict(&queries()).unwrap()[..2], [0, 2]);
    let classes = gaussian(None).predict(&records()).unwrap();
    let right = classes
        .iter()
        .zip(three_classes())
        .filter(|(a, b)| **a == *b);
    assert!(right.count() > 25);
}

#[test]
fn dense_counts_give_the_model_of_sparse_ones() {
    let dense = counts().to_dense();
    let examples = Examples::new(&dense, &LABELS);

    let (a, b) = with_context(|context| {
        (
            MultinomialNbParams::new(3)
                .check()
                .unwrap()
                .fit(&examples, context)
                .unwrap(),
            BernoulliNbParams::new(3)
                .check()
                .unwrap()
                .fit(&examples, context)
                .unwrap(),
        )
    });

    assert_eq!(a, multinomial(None));
    assert_eq!(b, bernoulli(None));
}

#[test]
fn a_negative_count_is_named() {
    let signed = SparseMatrix::from_rows(2, vec![vec![(0, 1.0)], vec![(1, -1.0)]]).unwrap();
    let params = MultinomialNbParams::new(2).check().unwrap();

    let refused = with_context(|context| params.fit(&Examples::new(&signed, &[0, 1]), context));

    assert_eq!(refused, Err(LearnError::Negative { row: 1, column: 1 }));
}

#[test]
fn a_feature_constant_within_every_class_does_not_break_gaussians() {
    let records = Matrix::from_rows(&[[0.0, 7.0], [0.0, 7.0], [1.0, 7.0], [1.0, 7.0]]);
    let params = GaussianNbParams::new(2).check().unwrap();

    let model =
        with_context(|context| params.fit(&Examples::new(&records, &[0, 0, 1, 1]), context))
            .unwrap();

    assert_eq!(model.predict(&records).unwrap(), [0, 0, 1, 1]);
    assert_eq!(
        model.predict_proba(&records).unwrap().first_not_finite(),
        None
    );
}

fn nb_svm(interpolation: f64, n_classes: usize) -> NbSvmParams {
    NbSvmParams {
        svm: LinearSvmParams {
            lambda: 0.1,
            intercept: false,
            tolerance: 1e-12,
            ..LinearSvmParams::new(n_classes)
        },
        interpolation,
        ..NbSvmParams::new(n_classes)
    }
}

/// Source: the paper's formulas in NumPy with `LinearSVC(C=1 / (0.1 * 6), fit_intercept=False,
/// dual=False)`, scikit-learn 1.9.1.
#[test]
fn ratios_and_interpolated_coefficients_agree_with_the_formulas() {
    let labels = [0, 1, 1, 0, 1, 0];
    let in_class = labels.map(|label| label == 1);

    let ratios = NbRatios::fit(&counts(), &in_class, 1.0).unwrap();
    let model = with_context(|context| {
        let params = nb_svm(0.25, 2).check().unwrap();
        params.fit(&Examples::new(&counts(), &labels), context)
    })
    .unwrap();

    let expected = [
        0.500_775_287_912_489_2,
        -0.310_154_928_303_839_45,
        -0.310_154_928_303_839_45,
        0.095_310_179_804_324_93,
    ];
    for (f, e) in ratios.values().iter().zip(expected) {
        assert!((f - e).abs() < 1e-12);
    }
    let expected = [
        0.268_820_674_835_398_5,
        -0.163_422_103_739_841_92,
        -0.163_422_103_739_841_9,
        0.038_577_446_460_877_58,
    ];
    for (f, e) in model.scores().coefficients.row(0).iter().zip(expected) {
        assert!((f - e).abs() < 1e-6, "{:?}", model.scores());
    }
}

#[test]
fn how_often_a_word_is_said_makes_no_difference_to_an_nb_svm() {
    let model = with_context(|context| {
        let params = nb_svm(1.0, 3).check().unwrap();
        params.fit(&Examples::new(&counts(), &LABELS), context)
    })
    .unwrap();
    let once = SparseMatrix::from_rows(4, vec![vec![(1, 1.0), (3, 1.0)]]).unwrap();
    let often = SparseMatrix::from_rows(4, vec![vec![(1, 5.0), (3, 2.0)]]).unwrap();

    assert_eq!(model.decision(&once), model.decision(&often));
    assert_eq!(model.convergence().len(), 3);
}

/// Two topics of ten words each among a hundred that tell nothing; short texts.
fn topics(n_texts: usize, stream: &str) -> (SparseMatrix, Vec<u32>) {
    use rand::RngExt;
    let mut generator = rng(9, stream);
    let labels: Vec<u32> = (0..n_texts).map(|text| (text % 2) as u32).collect();
    let rows = labels
        .iter()
        .map(|&label| {
            let mut draw = |below: f64| (generator.random::<f64>() * below) as u32;
            let mut words: Vec<(u32, f64)> = (0..8).map(|_| (draw(100.0), 1.0)).collect();
            words.push((100 + 10 * label + draw(10.0), 1.0));
            words
        })
        .collect();
    (SparseMatrix::from_rows(120, rows).unwrap(), labels)
}

#[test]
fn planted_topics_are_found_in_new_texts() {
    let (train, labels) = topics(400, "train");
    let (test, expected) = topics(400, "test");
    let examples = Examples::new(&train, &labels);

    let (nb, svm) = with_context(|context| {
        (
            MultinomialNbParams::new(2)
                .check()
                .unwrap()
                .fit(&examples, context)
                .unwrap(),
            NbSvmParams::new(2)
                .check()
                .unwrap()
                .fit(&examples, context)
                .unwrap(),
        )
    });

    for predicted in [nb.predict(&test).unwrap(), svm.predict(&test).unwrap()] {
        let right = predicted
            .iter()
            .zip(&expected)
            .filter(|(p, e)| p == e)
            .count();
        assert!(right > 380, "{right}");
    }
}

#[test]
fn impossible_settings_are_refused() {
    let no_smoothing = MultinomialNbParams {
        alpha: 0.0,
        ..MultinomialNbParams::new(2)
    };

    assert!(no_smoothing.check().is_err());
    assert!(BernoulliNbParams::new(1).check().is_err());
    assert!(nb_svm(1.5, 2).check().is_err());
    let negative = GaussianNbParams {
        variance_smoothing: -1.0,
        ..GaussianNbParams::new(2)
    };
    assert!(negative.check().is_err());
}
