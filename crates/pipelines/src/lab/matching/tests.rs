//! Rows are matched, and what is wrong with a file is named.

use rapport_learn::{Cancellation, Silent};
use tempfile::TempDir;

use super::*;

fn table(text: &str) -> LabTable {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("table.csv");
    std::fs::write(&path, text).unwrap();
    LabTable::read(&path, true).unwrap()
}

const GIVEN: [&str; 10] = [
    "ada", "bruno", "carla", "david", "edith", "frank", "gerda", "henry", "irene", "josef",
];
const SURNAMES: [&str; 9] = [
    "harrington",
    "kowalski",
    "lindqvist",
    "moreau",
    "nakamura",
    "oconnor",
    "petrov",
    "quiroga",
    "rossi",
];

/// People, each twice, the second time with a slip; `header` and `row` say how a file writes them.
fn people(header: &str, copies: std::ops::Range<usize>) -> String {
    let mut text = format!("{header}\n");
    for person in 0..80 {
        let (given, surname) = (GIVEN[person % 10], SURNAMES[person * 7 % 9]);
        let born = format!(
            "19{:02}-{:02}-{:02}",
            20 + person,
            1 + person % 12,
            1 + person * 5 % 28
        );
        let postcode = 10_000 + person * 977;
        for copy in copies.clone() {
            let surname = if copy == 1 {
                surname.replacen('r', "rr", 1)
            } else {
                surname.to_owned()
            };
            text += &format!(
                "rec-{person}-{},{given},{surname},{born},{postcode}\n",
                if copy == 0 {
                    "org".to_owned()
                } else {
                    format!("dup-{copy}")
                }
            );
        }
    }
    text
}

const HEADER: &str = "rec_id, given_name, surname, date_of_birth, postcode";

fn lab(left: LabTable) -> MatchLab {
    MatchLab {
        left,
        right: None,
        truth: None,
        roles: Roles::default(),
        params: MatchParams::default(),
    }
}

fn run(lab: &MatchLab) -> Result<MatchResult, LabError> {
    let cancel = Cancellation::default();
    match_records(lab, &Context::new(7, &Silent, &cancel))
}

#[test]
fn a_file_is_matched_without_labels_and_measured_by_the_truth_in_its_ids() {
    let found = run(&lab(table(&people(HEADER, 0..2)))).unwrap();

    assert_eq!(found.summary["metrics"]["f1"], 1.0, "{}", found.summary);
    assert_eq!(found.summary["groups"], 80);
    assert_eq!(found.summary["baseline"]["name"], "exact_keys");
    assert!(found.summary["baseline"]["metrics"]["f1"].as_f64() < Some(1.0));
    assert_eq!(found.groups[0].2, found.groups[1].2);
}

#[test]
fn two_files_are_linked_and_measured_by_pairs() {
    let mut pairs = "left,right\n".to_owned();
    for person in 0..80 {
        pairs += &format!("rec-{person}-org,rec-{person}-dup-1\n");
    }
    let mut lab = lab(table(&people(HEADER, 0..1)));
    lab.right = Some(table(&people(HEADER, 1..2)));
    lab.truth = Some(table(&pairs));

    let found = run(&lab).unwrap();

    assert_eq!(found.summary["metrics"]["f1"], 1.0, "{}", found.summary);
    assert_eq!(found.summary["rows"]["test"], 160);
}

#[test]
fn labelled_pairs_are_all_that_is_measured() {
    let mut lab = lab(table(&people(HEADER, 0..2)));
    let pairs =
        "id_l,id_r,label\nrec-0-org,rec-0-dup-1,1\nrec-0-org,rec-1-org,0\nrec-2-org,rec-3-org,1\n";
    lab.truth = Some(table(pairs));

    let found = run(&lab).unwrap();

    assert_eq!(found.summary["metrics"]["precision"], 1.0);
    assert_eq!(found.summary["metrics"]["recall"], 0.5);
}

#[test]
fn a_column_of_the_truth_is_never_compared() {
    let mut text = "name,cluster\n".to_owned();
    for at in 0..40 {
        text += &format!("person number {},{}\n", at * at, at / 2);
    }

    let found = run(&lab(table(&text))).unwrap();

    let fields = found.summary["fields"].as_array().unwrap();
    assert!(
        fields.iter().all(|field| field["name"] != "cluster"),
        "{fields:?}"
    );
    assert!(found.summary["metrics"]["bcubed_f1"].is_number());
}

#[test]
fn what_cannot_be_used_is_named() {
    let mut of_pairs = lab(table(&people(HEADER, 0..2)));
    of_pairs.truth = Some(table("left,right\nrec-0-org,nobody\n"));
    let error = run(&of_pairs).unwrap_err().to_string();
    assert!(
        error.contains("row 1") && error.contains("nobody"),
        "{error}"
    );

    let error = run(&lab(table("a\n1\n"))).unwrap_err().to_string();
    assert!(error.contains("at least 2"), "{error}");
}
