//! Files are scored, and each mistake is named with its place.

use rapport_learn::runs::RunLog;
use rapport_learn::{Cancellation, Silent};
use tempfile::TempDir;

use super::*;

fn table(text: &str) -> LabTable {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("table.csv");
    std::fs::write(&path, text).unwrap();
    LabTable::read(&path, true).unwrap()
}

/// Rows in which the plan decides; `comma` writes numbers as in Germany.
fn churn(n: usize, comma: bool) -> LabTable {
    let mut text = "plan;months;left\n".to_owned();
    for i in 0..n {
        let plan = ["basic", "plus", "pro"][i % 3];
        let months = (i * 7 % 40) as f64 + 0.5;
        let leaves = (plan == "basic") != (i % 10 == 0);
        let months = if comma {
            format!("{months:.1}").replace('.', ",")
        } else {
            format!("{months:.1}")
        };
        text += &format!("{plan};{months};{}\n", if leaves { "yes" } else { "no" });
    }
    table(&text)
}

fn run(
    train: LabTable,
    test: LabTable,
    positive: Option<&str>,
) -> Result<serde_json::Value, LabError> {
    let lab = ScoreLab {
        train,
        valid: None,
        test,
        roles: Roles::parse(&["target=left".to_owned()], &["target", "id"]).unwrap(),
        positive: positive.map(str::to_owned),
        params: ScorerParams {
            n_rounds: 100,
            ..ScorerParams::default()
        },
        save: None,
        now: Timestamp::from_micros(0),
    };
    let cancel = Cancellation::default();
    let log = RunLog::default();
    let result = score(&lab, &log, &Context::new(7, &Silent, &cancel));
    assert_eq!(result.is_ok(), log.told().evaluation.is_some());
    result
}

fn refusal(train: LabTable, test: LabTable) -> String {
    run(train, test, None).unwrap_err().to_string()
}

#[test]
fn the_summary_has_the_figures_beside_a_baseline() {
    let summary = run(churn(900, false), churn(300, true), None).unwrap();

    assert_eq!(summary["task"], "score");
    for metric in ["auc", "ks", "brier", "ece", "log_loss"] {
        assert!(summary["metrics"][metric].is_number(), "{summary}");
        assert!(
            summary["baseline"]["metrics"][metric].is_number(),
            "{summary}"
        );
    }
    assert!(
        summary["metrics"]["auc"].as_f64().unwrap() > 0.8,
        "{summary}"
    );
    assert_eq!(
        (&summary["rows"]["train"], &summary["rows"]["test"]),
        (&900.into(), &300.into())
    );
}

#[test]
fn the_positive_label_may_be_named_and_turns_the_figures_around() {
    let yes = run(churn(600, false), churn(300, false), Some("yes")).unwrap();
    let no = run(churn(600, false), churn(300, false), Some("no")).unwrap();

    let auc = |summary: &serde_json::Value| summary["metrics"]["auc"].as_f64().unwrap();
    assert!((auc(&yes) - auc(&no)).abs() < 0.02, "{yes} {no}");
    let unknown = run(churn(600, false), churn(300, false), Some("maybe"));
    assert!(unknown.unwrap_err().to_string().contains("no, yes"));
}

#[test]
fn a_single_class_is_refused() {
    let single = table("plan,left\na,yes\nb,yes\n");

    let error = refusal(single.clone(), single);

    assert!(error.contains("all rows have the label \"yes\""), "{error}");
}

#[test]
fn a_label_that_training_did_not_show_is_named_with_its_row() {
    let test = table("plan,months,left\nbasic,3,yes\nplus,4,perhaps\n");

    let error = refusal(churn(300, false), test);

    assert!(
        error.contains("perhaps") && error.contains("row 1"),
        "{error}"
    );
}

#[test]
fn a_missing_label_is_named_with_its_place() {
    let train = table("plan,months,left\nbasic,3,yes\nplus,4,NaN\nplus,4,no\n");

    let error = refusal(train, churn(300, false));

    assert!(
        error.contains("row 2") && error.contains("column left"),
        "{error}"
    );
}

#[test]
fn a_text_in_a_column_of_numbers_is_named_with_its_place() {
    let test = table("plan,months,left\nbasic,3,yes\nplus,many,no\n");

    let error = refusal(churn(300, false), test);

    assert!(
        error.contains("months") && error.contains("many"),
        "{error}"
    );
}

#[test]
fn a_column_that_the_test_file_lacks_is_named() {
    let error = refusal(churn(300, false), table("plan,left\nbasic,yes\nplus,no\n"));

    assert!(error.contains("months"), "{error}");
}
