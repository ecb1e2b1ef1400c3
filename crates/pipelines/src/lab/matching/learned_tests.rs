//! Labelled pairs are read in both forms, and what is wrong with a folder is named.

use rapport_learn::{Cancellation, Silent};
use tempfile::TempDir;

use super::*;

/// The left product, the right one, and whether they are the same.
type Labelled = (usize, usize, u8);

/// Two shops' products, written in two ways, and pairs of them.
fn products() -> (Vec<String>, Vec<String>, Vec<Labelled>) {
    let thing = |at: usize| ["lamp", "headphones", "bag"][at % 3];
    let left = (0..60).map(|at| format!("acme {} qx{}", thing(at), 1000 + at * 37));
    let right = (0..60).map(|at| format!("{} by acme, QX-{}", thing(at), 1000 + at * 37));
    let pairs = (0..60).flat_map(|at| [(at, at, 1), (at, (at + 3) % 60, 0)]);
    (left.collect(), right.collect(), pairs.collect())
}

fn write(dir: &TempDir, name: &str, text: &str) {
    std::fs::write(dir.path().join(name), text).unwrap();
}

fn magellan() -> TempDir {
    let (left, right, pairs) = products();
    let dir = TempDir::new().unwrap();
    for (name, titles) in [("tableA.csv", &left), ("tableB.csv", &right)] {
        let rows = titles.iter().enumerate();
        let rows: String = rows
            .map(|(at, title)| format!("{at},\"{title}\"\n"))
            .collect();
        write(&dir, name, &format!("id,title\n{rows}"));
    }
    let text = |pairs: &[Labelled]| {
        let rows: String = pairs
            .iter()
            .map(|(left, right, label)| format!("{left},{right},{label}\n"))
            .collect();
        format!("ltable_id,rtable_id,label\n{rows}")
    };
    write(&dir, "train.csv", &text(&pairs[..80]));
    write(&dir, "valid.csv", &text(&pairs[80..]));
    dir
}

fn ditto() -> TempDir {
    let (left, right, pairs) = products();
    let dir = TempDir::new().unwrap();
    let line = |&(a, b, label): &(usize, usize, u8)| {
        format!(
            "COL title VAL {} \tCOL title VAL {} \t{label}\n",
            left[a], right[b]
        )
    };
    let text = |pairs: &[Labelled]| pairs.iter().map(line).collect::<String>();
    write(&dir, "train.txt", &text(&pairs[..80]));
    write(&dir, "valid.txt", &text(&pairs[80..]));
    dir
}

fn run(dir: &TempDir) -> Result<Value, LabError> {
    let mut lab = PairsLab::read(dir.path(), Roles::default())?;
    lab.params.n_seeds = 1;
    lab.params.network = None;
    lab.params.trees.n_rounds = 30;
    lab.params.trees.learning_rate = 0.2;
    let cancel = Cancellation::default();
    match_pairs(&lab, &Context::new(7, &Silent, &cancel))
}

#[test]
fn pairs_are_learned_and_measured_beside_the_matcher_without_labels() {
    let found = run(&magellan()).unwrap();

    assert!(
        found["metrics"]["f1"].as_f64() > Some(0.95),
        "{}",
        found["metrics"]
    );
    assert_eq!(found["baseline"]["name"], "fellegi_sunter");
    assert!(found["baseline"]["metrics"]["f1"].is_number());
    assert_eq!(found["rows"]["train"], 80);
    assert_eq!(found["rows"]["valid"], 40);
}

#[test]
fn both_forms_of_a_folder_say_the_same() {
    let (of_tables, of_lines) = (run(&magellan()).unwrap(), run(&ditto()).unwrap());

    assert_eq!(of_tables["rows"], of_lines["rows"]);
    assert_eq!(of_tables["metrics"], of_lines["metrics"]);
}

#[test]
fn what_is_wrong_with_a_folder_is_named() {
    let empty = TempDir::new().unwrap();
    let error = run(&empty).unwrap_err().to_string();
    assert!(
        error.contains("holds no train.txt") && error.contains("tableA.csv"),
        "{error}"
    );

    let dir = ditto();
    write(&dir, "valid.txt", "COL title VAL a\tCOL name VAL b\t2\n");
    let error = run(&dir).unwrap_err().to_string();
    assert!(error.contains("valid.txt, line 1"), "{error}");

    let dir = magellan();
    write(&dir, "train.csv", "ltable_id,rtable_id,label\n0,99,1\n");
    let error = run(&dir).unwrap_err().to_string();
    assert!(error.contains("row 1") && error.contains("99"), "{error}");

    let dir = magellan();
    write(
        &dir,
        "train.csv",
        "ltable_id,rtable_id,label\n0,0,1\n1,1,1\n",
    );
    let error = run(&dir).unwrap_err().to_string();
    assert!(error.contains("at least 10 of either kind"), "{error}");
}
