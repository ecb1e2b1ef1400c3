//! What a network has to be compared with.

use std::error::Error;

use rapport_learn::linear::{ElasticNetParams, Penalty};
use rapport_learn::stats::mean;
use rapport_learn::{Check, Context, Examples, Fit, Matrix, Predict};

use super::{HORIZON, History, N_TARGETS};

/// Logarithms of days and pounds, one answer per history.
pub(crate) type Answers = Vec<[f64; N_TARGETS]>;

/// The mean of the training histories for everybody.
pub(crate) fn mean_of_all(train: &[&History], test: &[&History]) -> Answers {
    let next: Answers = train.iter().filter_map(|history| history.next).collect();
    let means =
        std::array::from_fn(|at| mean(&next.iter().map(|next| next[at]).collect::<Vec<_>>()));
    vec![means; test.len()]
}

/// The customer's last gap again, counted from the instant, and the last amount. Gaps are cut at the
/// horizon, within which all that is foretold happens.
pub(crate) fn last_value(test: &[&History]) -> Answers {
    let last = |history: &&History| {
        let [.., [gap, amount, ..]] = history.orders() else {
            unreachable!("a history has two orders");
        };
        [gap.min(f64::from(HORIZON).ln()), *amount]
    };
    test.iter().map(last).collect()
}

/// The customer's mean gap, cut at the horizon too, and mean amount, of logarithms.
pub(crate) fn own_mean(test: &[&History]) -> Answers {
    let means = |history: &&History| {
        let [gap, amount, ..] = own_means(history);
        [gap.min(f64::from(HORIZON).ln()), amount]
    };
    test.iter().map(means).collect()
}

/// Means of the logarithms of a customer's gaps, amounts and lines.
fn own_means(history: &History) -> [f64; 3] {
    std::array::from_fn(|at| {
        let numbers = history.orders().iter().map(|step| step[at]);
        mean(
            &numbers
                .filter(|number| !number.is_nan())
                .collect::<Vec<_>>(),
        )
    })
}

/// Ridge regression on recency, frequency and money: days quiet, number of orders, mean gap, last
/// amount, mean amount and mean lines, as logarithms.
pub(crate) fn ridge_on_figures(
    train: &[&History],
    test: &[&History],
    context: &Context<'_>,
) -> Result<Answers, Box<dyn Error>> {
    let figures = |histories: &[&History]| {
        let rows = histories.iter().map(|history| {
            let [gap, amount, lines] = own_means(history);
            let orders = history.orders();
            let last = orders.last().map_or(amount, |order| order[1]);
            let n_orders = (orders.len() as f64).ln();
            [history.quiet, n_orders, gap, last, amount, lines]
        });
        Matrix::from_rows(&rows.collect::<Vec<_>>())
    };
    ridge(&figures(train), train, &figures(test), context)
}

/// Ridge regression from what is known of each training history to what came next; answers for the
/// test rows.
pub(crate) fn ridge(
    records: &Matrix,
    train: &[&History],
    test: &Matrix,
    context: &Context<'_>,
) -> Result<Answers, Box<dyn Error>> {
    let next: Answers = train.iter().filter_map(|history| history.next).collect();
    let params = ElasticNetParams {
        penalty: Penalty::ridge(1e-3),
        ..ElasticNetParams::default()
    };
    let params = params.check()?;
    let mut answers = vec![[0.0; N_TARGETS]; test.n_rows()];
    for at in 0..N_TARGETS {
        let targets: Vec<f64> = next.iter().map(|next| next[at]).collect();
        let model = params.fit(&Examples::new(records, &targets), context)?;
        for (answer, found) in answers.iter_mut().zip(model.predict(test)?) {
            answer[at] = found;
        }
    }
    Ok(answers)
}
