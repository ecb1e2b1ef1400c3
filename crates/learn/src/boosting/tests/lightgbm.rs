//! Scores and explanations of LightGBM on the same rows.
//!
//! Source: LightGBM 4.7.0 with `num_leaves=6, learning_rate=0.3, min_data_in_leaf=3,
//! lambda_l2=0.5, min_data_in_bin=1`, four rounds, and `predict(raw_score=True)` or
//! `predict(pred_contrib=True)`. LightGBM keeps gradients in single precision, hence the tolerance.

use super::*;
use crate::Explain;

/// Rows whose scores are compared.
const ROWS: [usize; 6] = [0, 4, 17, 31, 46, 59];

/// Sixty rows of two numbers, the second sometimes missing, and a category.
fn records() -> Matrix {
    let rows: Vec<[f64; 3]> = (0..60_u32)
        .map(|i| {
            let second = if i % 9 == 4 {
                f64::NAN
            } else {
                f64::from(i * 11 % 17)
            };
            [f64::from(i * 7 % 23), second, f64::from(i * 5 % 6)]
        })
        .collect();
    Matrix::from_rows(&rows)
}

fn signal(records: &Matrix) -> Vec<f64> {
    records
        .rows()
        .map(|row| {
            let second = if row[1].is_nan() { 20.0 } else { row[1] };
            let third = if row[2] == 1.0 || row[2] == 4.0 {
                3.0
            } else {
                0.0
            };
            row[0] / 4.0 - ((second - 8.0) / 3.0).powi(2) + third
        })
        .collect()
}

fn params(loss: Loss) -> BoostingParams {
    BoostingParams {
        max_leaves: 6,
        min_samples_leaf: 3,
        lambda: 0.5,
        categories: CategoryParams {
            one_hot_up_to: 2,
            smoothing: 1.0,
            lambda: 1.0,
            min_samples: 5,
            ..CategoryParams::default()
        },
        ..BoostingParams::new(loss).n_rounds(4).learning_rate(0.3)
    }
}

/// The two numbers only.
fn numbers() -> Matrix {
    records().select_columns(&[0, 1])
}

fn assert_close(found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len());
    for (f, e) in found.iter().zip(expected) {
        assert!((f - e).abs() < 2e-6, "{found:?} is not {expected:?}");
    }
}

fn check(model: &BoostedTrees, records: &Matrix, expected: &[f64]) {
    let scores = model.predict_scores(&records.select_rows(&ROWS)).unwrap();
    assert_close(scores.values(), expected);
}

/// Contributions of the features to the score of row 4, then the base.
fn check_contributions(model: &BoostedTrees, records: &Matrix, expected: &[f64]) {
    let shap = model.explain(records.row(4)).unwrap();
    let mut found = shap.values[0].row(0).to_vec();
    found.push(shap.base[0]);
    assert_close(&found, expected);
}

/// Which rows are above the median.
fn high(signal: &[f64]) -> Vec<f64> {
    let median = crate::stats::median(&mut signal.to_vec()).unwrap();
    signal
        .iter()
        .map(|&s| f64::from(u8::from(s > median)))
        .collect()
}

/// Three classes, one after the other, the next one where the signal is positive.
fn classes(signal: &[f64]) -> Vec<f64> {
    (0..60_u32)
        .zip(signal)
        .map(|(i, &s)| f64::from((i % 3 + u32::from(s > 0.0)) % 3))
        .collect()
}

/// Whole numbers from 0 up.
fn counts(signal: &[f64]) -> Vec<f64> {
    signal
        .iter()
        .map(|s| ((s + 8.0).max(0.0) / 2.0).floor())
        .collect()
}

#[test]
fn squared_loss() {
    let records = numbers();
    let targets = signal(&self::records());

    let model = fit(
        &params(Loss::Squared),
        &BoostingData::new(&records, &[NUMERIC; 2], &targets),
    );

    check(
        &model,
        &records,
        &[
            -3.470_450_807_219_012_6,
            -9.426_621_583_004_792,
            -3.470_450_807_219_012_6,
            -9.426_621_583_004_792,
            -0.627_463_054_637_091_3,
            2.440_325_860_398_357,
        ],
    );
    check_contributions(
        &model,
        &records,
        &[
            -0.220_475_859_496_197_52,
            -8.674_061_167_844_762,
            -0.532_084_555_663_831_2,
        ],
    );
}

/// LightGBM's covers are numbers of rows, ours are weights, so contributions differ by design.
#[test]
fn squared_loss_with_weights() {
    let records = numbers();
    let weights: Vec<f64> = (0..60_u32).map(|i| 1.0 + 0.5 * f64::from(i % 3)).collect();
    let targets = signal(&self::records());

    let model = fit(
        &params(Loss::Squared),
        &BoostingData::new(&records, &[NUMERIC; 2], &targets).with_weights(&weights),
    );

    check(
        &model,
        &records,
        &[
            -4.037_763_956_351_713,
            -9.230_605_161_731_89,
            -3.316_372_066_269_62,
            -9.230_605_161_731_89,
            -0.445_121_272_094_933_24,
            2.476_851_807_526_207_6,
        ],
    );
}

#[test]
fn log_loss() {
    let records = numbers();
    let targets = high(&signal(&self::records()));

    let model = fit(
        &params(Loss::Logistic),
        &BoostingData::new(&records, &[NUMERIC; 2], &targets),
    );

    check(
        &model,
        &records,
        &[
            -1.332_181_912_461_292_1,
            -1.592_682_664_835_385,
            -1.332_181_912_461_292_1,
            -1.592_682_664_835_385,
            -1.290_601_566_508_457_1,
            0.720_194_322_696_743_4,
        ],
    );
    check_contributions(
        &model,
        &records,
        &[
            0.124_163_106_978_802_49,
            -1.782_358_346_122_403_5,
            0.065_512_574_308_216_55,
        ],
    );
}

#[test]
fn log_loss_of_three_classes() {
    let records = numbers();
    let targets = classes(&signal(&self::records()));

    let model = fit(
        &params(Loss::Softmax { n_classes: 3 }),
        &BoostingData::new(&records, &[NUMERIC; 2], &targets),
    );

    check(
        &model,
        &records,
        &[
            -0.432_634_687_829_020_2,
            -1.504_291_486_487_643,
            -1.082_545_013_118_763_5,
            -1.760_867_681_726_164_1,
            0.229_262_193_778_489,
            -2.423_065_806_776_049_8,
            -0.707_897_980_014_144_1,
            -1.504_291_486_487_643,
            -1.082_545_013_118_763_5,
            -1.760_867_681_726_164_1,
            0.229_262_193_778_489,
            -2.404_120_692_570_695,
            -1.769_221_598_459_824,
            -0.259_448_767_942_105_5,
            -1.110_627_721_566_003_4,
            -0.695_692_327_366_524_3,
            -0.698_029_186_463_722_6,
            -1.564_221_361_586_508_8,
        ],
    );
    check_contributions(
        &model,
        &records,
        &[
            -0.144_901_846_675_776,
            -0.698_602_928_268_615_7,
            -0.917_362_906_781_772_8,
        ],
    );
}

#[test]
fn poisson_loss() {
    let records = numbers();
    let targets = counts(&signal(&self::records()));

    let model = fit(
        &params(Loss::Poisson),
        &BoostingData::new(&records, &[NUMERIC; 2], &targets),
    );

    check(
        &model,
        &records,
        &[
            0.816_221_963_060_681_3,
            0.700_574_995_214_202_4,
            0.816_221_963_060_681_3,
            0.700_574_995_214_202_4,
            1.165_872_730_869_167_4,
            1.480_197_991_056_510_8,
        ],
    );
    check_contributions(
        &model,
        &records,
        &[
            -0.006_871_102_636_166_908,
            -0.523_532_070_815_615_1,
            1.230_978_168_665_984_2,
        ],
    );
}

#[test]
fn sets_of_categories() {
    let records = records();
    let targets = signal(&records);
    let kinds = [NUMERIC, NUMERIC, Kind::Categorical];

    let model = fit(
        &params(Loss::Squared),
        &BoostingData::new(&records, &kinds, &targets),
    );

    check(
        &model,
        &records,
        &[
            -3.636_608_115_889_323_8,
            -9.426_621_583_004_792,
            -3.636_608_115_889_323_8,
            -9.426_621_583_004_792,
            -0.992_472_431_336_328_9,
            3.310_677_905_044_494_6,
        ],
    );
    check_contributions(
        &model,
        &records,
        &[
            -0.140_540_769_197_113_78,
            -8.528_583_837_435_761,
            -0.187_668_680_985_687_23,
            -0.569_828_295_386_226_7,
        ],
    );
}

#[test]
fn sets_of_categories_in_log_loss() {
    let records = records();
    let targets = high(&signal(&records));
    let kinds = [NUMERIC, NUMERIC, Kind::Categorical];

    let model = fit(
        &params(Loss::Logistic),
        &BoostingData::new(&records, &kinds, &targets),
    );

    check(
        &model,
        &records,
        &[
            -1.370_143_719_568_028_4,
            -1.588_286_308_608_964_2,
            -1.040_561_966_252_805_6,
            -1.588_286_308_608_964_2,
            -1.350_455_807_468_504_7,
            1.081_038_913_398_357_6,
        ],
    );
    check_contributions(
        &model,
        &records,
        &[
            0.080_610_235_944_731_88,
            -1.616_166_010_745_972,
            -0.114_263_741_635_591_69,
            0.061_533_207_827_867_8,
        ],
    );
}

#[test]
fn directions() {
    let records = numbers();
    let targets = signal(&self::records());
    let directed = BoostingParams {
        monotone: vec![Monotone::Increasing, Monotone::Decreasing],
        ..params(Loss::Squared)
    };

    let model = fit(
        &directed,
        &BoostingData::new(&records, &[NUMERIC; 2], &targets),
    );

    check(
        &model,
        &records,
        &[
            -1.429_081_043_471_801,
            -9.426_621_583_004_792,
            0.354_909_227_162_328_1,
            -9.426_621_583_004_792,
            -2.254_080_578_263_800_5,
            2.845_716_861_297_819,
        ],
    );
    check_contributions(
        &model,
        &records,
        &[
            -0.402_589_079_253_298_23,
            -8.542_870_652_626_535,
            -0.481_161_851_124_958_4,
        ],
    );
}
