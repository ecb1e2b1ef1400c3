//! What a network has to be compared with: logistic regression and boosted trees.

use std::error::Error;

use rapport_learn::boosting::{BoostingData, BoostingParams, Loss};
use rapport_learn::linear::{LogisticParams, Penalty};
use rapport_learn::split::holdout;
use rapport_learn::table::Kind;
use rapport_learn::transform::{CategoryEncoding, OneHot, TableEncoderParams};
use rapport_learn::{Check, Context, Examples, Fit, Matrix, Predict};

use super::{Census, Encoding, People};

/// Logistic regression on standardized numbers and one column per category; probabilities of the
/// test rows.
pub(crate) fn logistic_regression(
    census: &Census,
    context: &Context<'_>,
) -> Result<Vec<f64>, Box<dyn Error>> {
    let one_hot = OneHot {
        min_count: 20,
        ..OneHot::default()
    };
    let encoder = TableEncoderParams {
        categories: CategoryEncoding::OneHot(one_hot),
        ..TableEncoderParams::default()
    };
    let encoder = encoder.check()?.fit(&census.train.table, context)?;
    let params = LogisticParams {
        penalty: Penalty::ridge(1e-4),
        tolerance: 1e-6,
        ..LogisticParams::new(2)
    };
    let records = encoder.encode(&census.train.table)?;
    let model = params
        .check()?
        .fit(&Examples::new(&records, &census.train.classes), context)?;
    let probabilities = model.predict_proba(&encoder.encode(&census.test.table)?)?;
    Ok(probabilities.column(1).collect())
}

/// Boosted trees on numbers as they are and categories as categories, as many rounds as a fifth of
/// the training rows asks for; probabilities of the test rows.
pub(crate) fn boosted_trees(
    census: &Census,
    encoding: &Encoding,
    seed: u64,
    context: &Context<'_>,
) -> Result<Vec<f64>, Box<dyn Error>> {
    let parts = holdout(census.train.n_rows(), 0.2, seed)?;
    let learn = Columns::new(&census.train.select(&parts.train), encoding)?;
    let held = Columns::new(&census.train.select(&parts.test), encoding)?;
    let params = BoostingParams {
        max_leaves: 16,
        early_stopping_rounds: Some(50),
        ..BoostingParams::new(Loss::Logistic)
            .n_rounds(2_000)
            .learning_rate(0.05)
    };
    let (_, log) =
        params
            .clone()
            .check()?
            .fit_with_validation(&learn.data(), &held.data(), context)?;
    let all = Columns::new(&census.train, encoding)?;
    let model = params
        .n_rounds(log.n_rounds)
        .check()?
        .fit(&all.data(), context)?;
    let test = Columns::new(&census.test, encoding)?;
    Ok(model.predict(&test.records)?.values().to_vec())
}

/// Rows as trees take them.
struct Columns {
    records: Matrix,
    kinds: Vec<Kind>,
    targets: Vec<f64>,
}

impl Columns {
    fn new(people: &People, encoding: &Encoding) -> Result<Self, Box<dyn Error>> {
        let numbers = encoding.raw_numbers(&people.table)?;
        let categories = encoding.encode(&people.table)?.categories;
        let values = numbers.rows().enumerate().flat_map(|(row, numbers)| {
            let codes = categories.iter().map(move |codes| codes[row] as f64);
            numbers.iter().copied().chain(codes)
        });
        let n_columns = numbers.n_columns() + categories.len();
        let mut kinds = vec![Kind::Numeric; numbers.n_columns()];
        kinds.resize(n_columns, Kind::Categorical);
        Ok(Self {
            records: Matrix::new(people.n_rows(), n_columns, values.collect())?,
            kinds,
            targets: people
                .classes
                .iter()
                .map(|&class| f64::from(class))
                .collect(),
        })
    }

    fn data(&self) -> BoostingData<'_> {
        BoostingData::new(&self.records, &self.kinds, &self.targets)
    }
}
