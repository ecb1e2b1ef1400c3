//! Generators are held to planted truth: peaks, shares and what columns have to do with each other
//! come back, histories move as those they were fitted on, and what cannot be learned is refused by
//! name.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use rapport_learn::table::{Categories, Column, Table};
use rapport_learn::{Cancellation, Check, Context, Matrix, Silent, rng, standard_normal, stats};
use rapport_nn::NnError;
use rapport_nn::models::{
    ConditionOn, Lipschitz, SeriesGan, SeriesGanParams, TableGan, TableGanParams,
};

/// Plans with their shares, and the middle and spread of what their customers pay.
const PLANS: [(&str, f64, f64, f64); 3] = [
    ("basic", 0.6, 20.0, 2.0),
    ("plus", 0.3, 60.0, 4.0),
    ("rare", 0.1, 120.0, 3.0),
];

/// Customers on plans: who pays what depends on the plan, and whole visits on nothing.
fn customers(n: usize) -> Table {
    let mut rng = rng(11, "customers");
    let (mut plans, mut amounts, mut visits) = (Vec::new(), Vec::new(), Vec::new());
    for i in 0..n {
        let share = (i as f64 + 0.5) / n as f64;
        let (plan, _, middle, spread) = match share {
            x if x < 0.6 => PLANS[0],
            x if x < 0.9 => PLANS[1],
            _ => PLANS[2],
        };
        plans.push(Some(plan));
        amounts.push(((middle + spread * standard_normal(&mut rng)) * 100.0).round() / 100.0);
        visits.push((10.0 + 3.0 * standard_normal(&mut rng)).round().max(0.0));
    }
    Table::new(vec![
        column("amount", amounts),
        (
            "plan".into(),
            Column::Categorical(Categories::from_texts(plans)),
        ),
        column("visits", visits),
    ])
    .unwrap()
}

fn column(name: &str, values: Vec<f64>) -> (String, Column) {
    (name.into(), Column::Numeric(values))
}

fn small() -> TableGanParams {
    TableGanParams {
        n_noise: 16,
        generator_hidden: vec![64, 64],
        discriminator_hidden: vec![64, 64],
        pack: 5,
        batch_size: 200,
        n_epochs: 120,
        learning_rate: 1e-3,
        dropout: 0.2,
        averaging: 0.99,
        ..TableGanParams::default()
    }
}

fn fit(params: TableGanParams, table: &Table) -> Result<TableGan, NnError> {
    let cancel = Cancellation::default();
    let context = Context::new(1, &Silent, &cancel);
    params
        .check()?
        .fit(table, &support::device(), &context, &mut ())
}

/// The share of rows of a plan, and of those the share that pay what the plan costs.
fn found(table: &Table, plan: (&str, f64, f64, f64)) -> (f64, f64) {
    let (name, _, middle, spread) = plan;
    let plans = table.categories("plan").unwrap();
    let amounts = table.numbers("amount").unwrap();
    let of_plan = (0..table.n_rows()).filter(|row| plans.text(*row) == Some(name));
    let amounts: Vec<f64> = of_plan.map(|row| amounts[row]).collect();
    let paid = amounts
        .iter()
        .filter(|a| (**a - middle).abs() < 4.0 * spread);
    (
        amounts.len() as f64 / table.n_rows() as f64,
        paid.count() as f64 / amounts.len().max(1) as f64,
    )
}

#[test]
fn peaks_shares_and_dependence_come_back() {
    let real = customers(2000);
    let gan = fit(small(), &real).unwrap();

    let made = gan.sample(4000, 7).unwrap();

    assert_eq!(made.names(), real.names());
    for plan in PLANS {
        let (share, paid) = found(&made, plan);
        assert!(
            (share - plan.1).abs() < 0.08,
            "{}: {share} of the rows",
            plan.0
        );
        assert!(paid > 0.8, "{}: {paid} pay what it costs", plan.0);
    }
    let visits = made.numbers("visits").unwrap();
    let mean = stats::mean(visits);
    let deviation = stats::variance(visits).sqrt();
    assert!((mean - 10.0).abs() < 1.0, "mean {mean}");
    assert!((2.0..4.0).contains(&deviation), "deviation {deviation}");
    assert!(visits.iter().all(|visits| visits.fract() == 0.0));
}

#[test]
fn normalized_weights_learn_the_peaks_too() {
    let params = TableGanParams {
        lipschitz: Lipschitz::Spectral,
        condition_on: ConditionOn::CategoriesAndModes,
        ..small()
    };
    let gan = fit(params, &customers(2000)).unwrap();

    let made = gan.sample(4000, 7).unwrap();

    for plan in PLANS {
        let (share, _) = found(&made, plan);
        assert!(
            (share - plan.1).abs() < 0.12,
            "{}: {share} of the rows",
            plan.0
        );
    }
    let amounts = made.numbers("amount").unwrap();
    for (name, _, middle, spread) in PLANS {
        let n = amounts
            .iter()
            .filter(|a| (**a - middle).abs() < 4.0 * spread)
            .count();
        assert!(n > 100, "{n} rows at the peak of {name}");
    }
}

fn quick() -> TableGanParams {
    TableGanParams {
        n_epochs: 3,
        ..small()
    }
}

#[test]
fn the_same_seeds_make_the_same_rows() {
    let table = customers(600);
    let (one, other) = (fit(quick(), &table).unwrap(), fit(quick(), &table).unwrap());

    assert_eq!(one.sample(50, 3).unwrap(), other.sample(50, 3).unwrap());
    assert_ne!(one.sample(50, 3).unwrap(), one.sample(50, 4).unwrap());
}

#[test]
fn rows_of_one_category_are_of_that_category() {
    let params = TableGanParams {
        n_epochs: 20,
        target: Some("plan".into()),
        ..small()
    };
    let gan = fit(params, &customers(1000)).unwrap();

    let rare = gan.sample_where("plan", Some("rare"), 120, 5).unwrap();

    let plans = rare.categories("plan").unwrap();
    assert_eq!(plans.levels(), ["rare"]);
    assert_eq!(rare.n_rows(), 120);
    let unknown = gan.sample_where("plan", Some("gold"), 1, 5).unwrap_err();
    assert!(unknown.to_string().contains("\"gold\""), "{unknown}");
}

/// Customers who stay where they pay little: whether a row fits is in its target alone.
fn staying(n: usize) -> Table {
    let mut rng = rng(14, "staying");
    let amounts: Vec<f64> = (0..n).map(|_| standard_normal(&mut rng)).collect();
    let stays = amounts.iter().map(|amount| {
        let logit = -4.0 * amount + 0.5 * standard_normal(&mut rng);
        Some(if logit > 0.0 { "stays" } else { "leaves" })
    });
    let stays = Column::Categorical(Categories::from_texts(stays));
    Table::new(vec![column("amount", amounts), ("churn".into(), stays)]).unwrap()
}

#[test]
fn the_target_of_a_made_row_follows_from_its_other_columns() {
    let params = |target: Option<&str>| TableGanParams {
        n_epochs: 20,
        target: target.map(str::to_owned),
        ..small()
    };
    // The share of rows whose target is what their amount says.
    let fitting = |target| {
        let made = fit(params(target), &staying(1000)).unwrap();
        let made = made.sample(2000, 3).unwrap();
        let (amounts, churn) = (made.numbers("amount").unwrap(), made.categories("churn"));
        let churn = churn.unwrap();
        let fits = (0..2000).filter(|&row| {
            let expected = if amounts[row] < 0.0 {
                "stays"
            } else {
                "leaves"
            };
            churn.text(row) == Some(expected)
        });
        fits.count() as f64 / 2000.0
    };

    let (with, without) = (fitting(Some("churn")), fitting(None));
    assert!(with > 0.9, "{with} of the rows fit");
    assert!(with > without, "{with}, without a target {without}");
}

#[test]
fn a_table_of_numbers_alone_is_learned_by_its_modes() {
    let amounts = customers(600).numbers("amount").unwrap().to_vec();
    let table = Table::new(vec![column("amount", amounts.clone())]).unwrap();

    let made = fit(quick(), &table).unwrap().sample(100, 1).unwrap();

    let lowest = amounts.iter().copied().fold(f64::INFINITY, f64::min);
    let highest = amounts.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let made = made.numbers("amount").unwrap();
    assert!(made.iter().all(|a| (lowest..=highest).contains(a)));
}

#[test]
fn tables_that_cannot_be_learned_are_refused_by_name() {
    let with = |name: &str, values: Vec<f64>| {
        let amounts = customers(40).numbers("amount").unwrap().to_vec();
        Table::new(vec![column("amount", amounts), column(name, values)]).unwrap()
    };
    let mut gap = vec![1.0; 40];
    gap[0] = 0.0;
    gap[17] = f64::NAN;
    let error = |table: &Table| fit(quick(), table).unwrap_err().to_string();

    assert!(error(&with("age", gap)).starts_with("column \"age\", row 17"));
    assert!(error(&with("year", vec![2024.0; 40])).contains("\"year\" is \"2024\" in every row"));
    assert!(error(&customers(9)).contains("9 rows are too few"));
    let target = TableGanParams {
        target: Some("amount".into()),
        ..quick()
    };
    let error = fit(target, &customers(40)).unwrap_err().to_string();
    assert!(error.contains("\"amount\" is not categorical"), "{error}");
}

#[test]
fn a_cancelled_training_stops() {
    let cancel = Cancellation::default();
    cancel.cancel();
    let context = Context::new(1, &Silent, &cancel);
    let params = quick().check().unwrap();
    let stopped = params.fit(&customers(100), &support::device(), &context, &mut ());
    assert!(stopped.unwrap_err().to_string().contains("cancelled"));
}

/// Histories that remember 0.8 of their last step.
fn remembering(n: usize) -> Vec<Matrix> {
    let mut rng = rng(12, "remembering");
    let mut history = |i: usize| {
        let mut value = standard_normal(&mut rng);
        let steps = (0..20 + i % 5).map(|_| {
            value = 0.8 * value + 0.6 * standard_normal(&mut rng);
            value * 10.0 + 50.0
        });
        let steps: Vec<f64> = steps.collect();
        Matrix::new(steps.len(), 1, steps).unwrap()
    };
    (0..n).map(&mut history).collect()
}

/// Waves of twelve steps that begin anywhere.
fn waves(n: usize) -> Vec<Matrix> {
    let mut rng = rng(13, "waves");
    let mut history = || {
        let begin = 3.0 * standard_normal(&mut rng);
        let wave = |step: usize| (begin + step as f64 * std::f64::consts::TAU / 12.0).sin();
        let steps = (0..24).map(|step| wave(step) + 0.1 * standard_normal(&mut rng));
        Matrix::new(24, 1, steps.collect()).unwrap()
    };
    (0..n).map(|_| history()).collect()
}

/// How steps go with those `lag` later, over all histories.
fn autocorrelation(histories: &[Matrix], lag: usize) -> f64 {
    let (mut now, mut later) = (Vec::new(), Vec::new());
    for history in histories {
        let values = history.values();
        now.extend_from_slice(&values[..values.len() - lag]);
        later.extend_from_slice(&values[lag..]);
    }
    stats::correlation(&now, &later)
}

fn fit_series(params: SeriesGanParams, histories: &[Matrix]) -> Result<SeriesGan, NnError> {
    let cancel = Cancellation::default();
    let context = Context::new(1, &Silent, &cancel);
    let names = ["balance".to_owned()];
    params
        .check()?
        .fit(&names, histories, &support::device(), &context, &mut ())
}

fn short() -> SeriesGanParams {
    SeriesGanParams {
        n_steps: 600,
        n_hidden: 16,
        ..SeriesGanParams::default()
    }
}

#[test]
fn made_histories_remember_as_real_ones_do() {
    let real = remembering(400);
    let made = fit_series(short(), &real).unwrap().sample(400, 3).unwrap();

    // White noise would have 0 at every lag.
    for lag in [1, 3] {
        let (made, real) = (autocorrelation(&made, lag), autocorrelation(&real, lag));
        assert!((made - real).abs() < 0.2, "lag {lag}: {made}, real {real}");
    }
    let values: Vec<f64> = made.iter().flat_map(|h| h.values().to_vec()).collect();
    let (mean, deviation) = (stats::mean(&values), stats::variance(&values).sqrt());
    assert!((mean - 50.0).abs() < 4.0, "mean {mean}");
    assert!((6.0..14.0).contains(&deviation), "deviation {deviation}");
    let lengths = made.iter().map(Matrix::n_rows);
    assert!(lengths.clone().all(|n| (20..25).contains(&n)));
    assert!(lengths.max() > Some(20));
}

#[test]
fn made_waves_come_around_as_real_ones_do() {
    let real = waves(400);
    let made = fit_series(short(), &real).unwrap().sample(400, 3).unwrap();

    for lag in [3, 6, 12] {
        let (made, real) = (autocorrelation(&made, lag), autocorrelation(&real, lag));
        assert!((made - real).abs() < 0.35, "lag {lag}: {made}, real {real}");
    }
}

#[test]
fn the_same_seeds_make_the_same_histories() {
    let params = || SeriesGanParams {
        n_steps: 5,
        ..short()
    };
    let real = remembering(30);
    let (one, other) = (
        fit_series(params(), &real).unwrap(),
        fit_series(params(), &real).unwrap(),
    );

    assert_eq!(one.sample(9, 2).unwrap(), other.sample(9, 2).unwrap());
    assert_ne!(one.sample(9, 2).unwrap(), one.sample(9, 3).unwrap());
}

#[test]
fn histories_that_cannot_be_learned_are_refused_by_name() {
    let error = |histories: &[Matrix]| fit_series(short(), histories).unwrap_err().to_string();
    let mut gap = remembering(4);
    gap[2].values_mut()[5] = f64::NAN;
    let mut empty = remembering(4);
    empty[1] = Matrix::zeros(0, 1);

    let found = error(&gap);
    assert!(
        found.contains("`balance` is no finite number at step 5 of history 2"),
        "{found}"
    );
    assert!(error(&empty).contains("history 1 has no step"));
    assert!(error(&[Matrix::zeros(5, 1), Matrix::zeros(5, 1)]).contains("\"balance\" is \"0\""));
    assert!(error(&remembering(1)).contains("1 rows are too few"));
    assert!(error(&[Matrix::zeros(5, 2), Matrix::zeros(5, 2)]).contains("columns"));
}
