//! Files of people matched without labels: FEBRL's where they are there, made ones always.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::HashMap;
use std::fs::File;
use std::path::PathBuf;

use flate2::read::MultiGzDecoder;
use rapport_identity::{
    Constraints, MatchParams, RawColumn, Records, Resolution, detect, exact_keys, resolve,
};
use rapport_learn::metrics::{Linkage, pairwise};
use rapport_learn::{Cancellation, Context, Silent};

#[path = "../examples/support/made.rs"]
#[expect(
    dead_code,
    reason = "the tests neither ask for single records nor write files"
)]
mod made;

type Column<'t> = (&'t str, Vec<&'t str>);

/// Groups of the rows, their agreement with the truth, and that of exact keys.
fn run(columns: Vec<Column<'_>>, truth: &[u32], seed: u64) -> (Resolution, Linkage, Linkage) {
    let cancel = Cancellation::default();
    let context = Context::new(seed, &Silent, &cancel);
    let fields = detect(&columns);
    let raw: Vec<RawColumn<'_>> = fields
        .into_iter()
        .zip(columns)
        .map(|(field, (_, values))| RawColumn { field, values })
        .collect();
    let records = Records::new(&raw, &context).unwrap();
    let found = resolve(
        &records,
        &Constraints::none(),
        &MatchParams::default(),
        &context,
    )
    .unwrap();
    let baseline = pairwise(&exact_keys(&records), truth).unwrap();
    let figures = pairwise(&found.clusters, truth).unwrap();
    (found, figures, baseline)
}

/// `../shared/data/febrl/dataset1.csv.gz`; the truth stands in the ids. The other two files, of five times as
/// many, are measured beside the peer (`cargo xtask bench matching`).
#[test]
fn the_first_febrl_file_is_matched_without_labels() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/febrl");
    let path = folder.join("dataset1.csv.gz");
    if !path.exists() {
        return;
    }
    let plain = MultiGzDecoder::new(File::open(path).unwrap());
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(plain);
    let header: Vec<String> = reader
        .headers()
        .unwrap()
        .iter()
        .map(str::to_owned)
        .collect();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let columns = header.iter().enumerate();
    let columns =
        columns.map(|(idx, name)| (name.as_str(), rows.iter().map(|row| &row[idx]).collect()));
    let mut known = HashMap::new();
    let truth: Vec<u32> = rows
        .iter()
        .map(|row| {
            let next = known.len() as u32;
            *known
                .entry(row[0].split('-').nth(1).unwrap().to_owned())
                .or_insert(next)
        })
        .collect();

    let (_, figures, _) = run(columns.collect(), &truth, 42);

    assert!(figures.f1 >= 0.998, "{figures:?}");
}

#[test]
fn made_people_are_told_from_their_households_and_better_than_by_exact_keys() {
    let people = made::People::make(800, 5);
    let columns = || -> Vec<Column<'_>> {
        let names = made::FIELDS.iter().enumerate();
        names
            .map(|(idx, &(name, _))| (name, people.column(idx)))
            .collect()
    };

    let (found, figures, baseline) = run(columns(), &people.truth, 7);
    let (again, _, _) = run(columns(), &people.truth, 7);

    assert!(figures.f1 >= 0.97, "{figures:?}");
    assert!(figures.f1 > baseline.f1, "{figures:?} {baseline:?}");
    assert_eq!(found.clusters, again.clusters);
}

#[test]
fn among_a_handful_of_records_one_name_and_one_address_are_one_person_and_two_names_are_two() {
    for n_others in [18, 90, 300] {
        let mut names = vec!["Ada King".to_owned(), "KING, Ada".to_owned()];
        let mut mails = vec!["ada.king@example.com".to_owned(); 2];
        names.extend(["Otto Berg".to_owned(), "Wilma Sand".to_owned()]);
        mails.extend([
            "office@example.com".to_owned(),
            "office@example.com".to_owned(),
        ]);
        for at in 0..n_others {
            names.push(format!("Person{at} Of{at}"));
            mails.push(String::new());
        }
        let columns = vec![
            ("name", names.iter().map(String::as_str).collect()),
            ("email", mails.iter().map(String::as_str).collect()),
        ];
        let truth: Vec<u32> = (0..names.len() as u32).map(|at| at.max(1)).collect();

        let (found, figures, _) = run(columns, &truth, 7);

        assert!(figures.f1 > 0.999, "{n_others}: {:?}", found.clusters);
    }
}
