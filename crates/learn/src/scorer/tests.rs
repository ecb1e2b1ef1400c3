//! Planted signals are found, choices are fair, models survive the disk.

use rand::RngExt;
use serde_json::{Value, json};

use super::*;
use crate::metrics::{auc, log_loss};
use crate::runs::RunLog;
use crate::table::{Categories, Column};
use crate::{
    Cancellation, Context, ModelFolderError, Persist, Provenance, Silent, rng, standard_normal,
};

/// Rows in which plan and age decide, age with a bend and some of it missing.
fn planted(n: usize, seed: u64) -> (Table, Vec<bool>) {
    let mut generator = rng(seed, "planted");
    let (mut ages, mut plans, mut noise, mut outcomes) = (vec![], vec![], vec![], vec![]);
    for _ in 0..n {
        let age = 20.0 + 50.0 * generator.random::<f64>();
        let plan = ["basic", "plus", "pro"][generator.random_range(0..3)];
        let log_odds = -1.0 + if plan == "pro" { 2.5 } else { 0.0 } - ((age - 45.0) / 12.0).powi(2)
            + if plan == "plus" && age > 45.0 {
                2.0
            } else {
                0.0
            };
        outcomes.push(generator.random::<f64>() < 1.0 / (1.0 + f64::exp(-log_odds)));
        ages.push(if generator.random::<f64>() < 0.05 {
            f64::NAN
        } else {
            age
        });
        plans.push(Some(plan));
        noise.push(standard_normal(&mut generator));
    }
    let columns = vec![
        ("age".to_owned(), Column::Numeric(ages)),
        (
            "plan".to_owned(),
            Column::Categorical(Categories::from_texts(plans)),
        ),
        ("noise".to_owned(), Column::Numeric(noise)),
    ];
    (Table::new(columns).unwrap(), outcomes)
}

fn fit(method: ScorerMethod, table: &Table, outcomes: &[bool]) -> Result<Fitted, ScorerError> {
    let cancel = Cancellation::default();
    let context = Context::new(7, &Silent, &cancel);
    let params = ScorerParams {
        method,
        n_rounds: 300,
        ..ScorerParams::default()
    };
    let rows = Rows { table, outcomes };
    params
        .check()
        .unwrap()
        .fit(rows, None, &RunLog::default(), &context)
}

fn provenance() -> Provenance {
    Provenance {
        version: "1".into(),
        code_version: "0.1.0".into(),
        created_at: chrono::DateTime::from_timestamp(1_320_000_000, 0).unwrap(),
        as_of: None,
    }
}

#[test]
fn every_method_finds_the_planted_signal_and_auto_is_no_worse_than_its_parts() {
    let (table, outcomes) = planted(3_000, 1);
    let (test, truth) = planted(3_000, 2);
    let mut losses = Vec::new();

    for method in [
        ScorerMethod::Logistic,
        ScorerMethod::BoostedTrees,
        ScorerMethod::Auto,
    ] {
        let fitted = fit(method, &table, &outcomes).unwrap();
        let answers = fitted.scorer.predict(&test).unwrap();
        assert!(auc(&answers, &truth).unwrap() > 0.75, "{method:?}");
        losses.push(log_loss(&answers, &truth).unwrap());
    }

    let better = losses[0].min(losses[1]);
    assert!(losses[2] < better + 0.005, "{losses:?}");
}

#[test]
fn auto_tells_what_it_chose_from_and_noise_weighs_least() {
    let (table, outcomes) = planted(2_000, 1);

    let fitted = fit(ScorerMethod::Auto, &table, &outcomes).unwrap();

    assert_eq!(fitted.candidates.len(), 3);
    let chosen: Vec<_> = fitted.candidates.iter().filter(|c| c.is_chosen).collect();
    assert_eq!(chosen.len(), 1);
    assert_eq!(chosen[0].name, fitted.scorer.name());
    let trees = fit(ScorerMethod::BoostedTrees, &table, &outcomes).unwrap();
    assert_eq!(trees.scorer.importances()[2].0, "noise");
}

#[test]
fn the_same_rows_and_seed_give_the_same_scorer() {
    let (table, outcomes) = planted(600, 3);

    let once = fit(ScorerMethod::Auto, &table, &outcomes).unwrap();
    let again = fit(ScorerMethod::Auto, &table, &outcomes).unwrap();

    assert_eq!(once, again);
}

#[test]
fn a_scorer_reads_back_as_it_was_saved() {
    let (table, outcomes) = planted(600, 4);
    let fitted = fit(ScorerMethod::Auto, &table, &outcomes).unwrap();
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("model");

    fitted.scorer.save(&folder, &provenance()).unwrap();
    let loaded = Scorer::load(&folder).unwrap();

    assert_eq!(
        loaded.predict(&table).unwrap(),
        fitted.scorer.predict(&table).unwrap()
    );
}

/// Trees number 65,536 categories; here are 66,500 names of one row each, and one of many.
#[test]
fn a_column_with_more_texts_than_trees_can_number_is_learned_from_the_frequent_ones() {
    let (mut names, mut outcomes) = (Vec::new(), Vec::new());
    for row in 0..70_000 {
        let is_often = row % 20 == 0;
        names.push(Some(if is_often {
            "often".to_owned()
        } else {
            row.to_string()
        }));
        outcomes.push(if is_often {
            row % 80 != 0
        } else {
            row % 10 == 3
        });
    }
    let table = |names: &[Option<String>]| {
        let names = Categories::from_texts(names.iter().map(Option::as_deref));
        Table::new(vec![("name".to_owned(), Column::Categorical(names))]).unwrap()
    };

    let fitted = fit(ScorerMethod::BoostedTrees, &table(&names), &outcomes).unwrap();

    let answers = fitted.scorer.predict(&table(&names[..2])).unwrap();
    assert!(answers[0] > 0.7 && answers[1] < 0.2, "{answers:?}");
}

#[test]
fn a_damaged_scorer_is_refused_and_does_not_panic() {
    let (table, outcomes) = planted(600, 6);
    let fitted = fit(ScorerMethod::BoostedTrees, &table, &outcomes).unwrap();
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("model");
    fitted.scorer.save(&folder, &provenance()).unwrap();
    let file = folder.join("model.json");
    let whole = std::fs::read_to_string(&file).unwrap();
    assert!(Scorer::load(&folder).is_ok());

    for (place, value) in [
        ("/trees/0/nodes/0/split/feature", json!(99)),
        ("/trees/0/nodes/0/split/cover", json!(0.0)),
        ("/start", json!([])),
    ] {
        let mut damaged: Value = serde_json::from_str(&whole).unwrap();
        let trees = damaged.pointer_mut("/state/model/trees/trees").unwrap();
        *trees.pointer_mut(place).unwrap() = value;
        std::fs::write(&file, damaged.to_string()).unwrap();

        let refused = Scorer::load(&folder);

        assert!(
            matches!(refused, Err(ModelFolderError::Malformed { .. })),
            "{place}"
        );
    }
}

#[test]
fn one_outcome_alone_and_a_missing_column_are_refused() {
    let (table, outcomes) = planted(200, 5);

    let single = fit(ScorerMethod::Auto, &table, &[true; 200]);
    let fitted = fit(ScorerMethod::Logistic, &table, &outcomes).unwrap();
    let narrow = Table::new(vec![("age".to_owned(), Column::Numeric(vec![30.0]))]).unwrap();

    assert!(matches!(
        single,
        Err(ScorerError::SingleOutcome { outcome: true, .. })
    ));
    assert!(fitted.scorer.predict(&narrow).is_err());
}
