//! Blocks find what belongs together and stay within their bounds.

use rapport_learn::{Cancellation, Context, Silent};

use super::*;
use crate::{Field, FieldKind, RawColumn};

fn records(columns: &[(FieldKind, Vec<String>)]) -> Records {
    let raw: Vec<RawColumn<'_>> = columns
        .iter()
        .map(|(kind, values)| RawColumn {
            field: Field::new(format!("{kind:?}"), *kind),
            values: values.iter().map(String::as_str).collect(),
        })
        .collect();
    let cancel = Cancellation::default();
    Records::new(&raw, &Context::new(1, &Silent, &cancel)).unwrap()
}

fn pairs(records: &Records, params: &BlockingParams) -> (Vec<(u32, u32)>, BlockingReport) {
    let cancel = Cancellation::default();
    let (blocks, report) = block(records, params, &Context::new(1, &Silent, &cancel)).unwrap();
    let candidates = Candidates::new(&blocks, records.n_records());
    let mut gatherer = Gatherer::new(records.n_records());
    let mut pairs = Vec::new();
    for record in 0..records.n_records() as u32 {
        let before = candidates.before(record, &mut gatherer);
        pairs.extend(before.iter().map(|&other| (other, record)));
    }
    (pairs, report)
}

fn texts(values: &[&str]) -> Vec<String> {
    values.iter().map(|value| (*value).to_owned()).collect()
}

#[test]
fn each_pair_with_a_key_in_common_is_a_candidate_once() {
    let records = records(&[
        (
            FieldKind::Surname,
            texts(&["smith", "smyth", "jones", "miller"]),
        ),
        (
            FieldKind::BirthDate,
            texts(&["1990-05-06", "1990-05-06", "1984-06-05", "1971-01-30"]),
        ),
    ]);

    let (mut found, report) = pairs(&records, &BlockingParams::default());

    found.sort_unstable();
    // Month and day of the third are those of the first two, swapped.
    assert_eq!(found, [(0, 1), (0, 2), (1, 2)]);
    assert_eq!(report.n_pairs_possible, 6);
}

#[test]
fn swapped_names_have_a_key_in_common_when_each_name_is_common() {
    let mut given = vec!["ada".to_owned(), "king".to_owned()];
    let mut surname = vec!["king".to_owned(), "ada".to_owned()];
    for at in 0..20 {
        given.push(["ada", "king"][at % 2].to_owned());
        surname.push(["miller", "jones", "smith"][at % 3].to_owned());
        given.push(["otto", "tim"][at % 2].to_owned());
        surname.push(["ada", "king"][at % 2].to_owned());
    }
    let records = records(&[(FieldKind::GivenName, given), (FieldKind::Surname, surname)]);
    let params = BlockingParams {
        n_of_block_max: 4,
        ..BlockingParams::default()
    };

    let (found, _) = pairs(&records, &params);

    assert!(found.contains(&(0, 1)));
}

#[test]
fn a_block_too_large_is_split_by_another_field_and_what_stays_too_large_is_reported() {
    let surnames: Vec<String> = (0..400).map(|_| "smith".to_owned()).collect();
    let cities: Vec<String> = (0..400).map(|at| format!("town{}", at / 40)).collect();
    let houses: Vec<String> = (0..400)
        .map(|at| {
            if at < 200 {
                "7".to_owned()
            } else {
                (at / 2 * 37).to_string()
            }
        })
        .collect();
    let records = records(&[
        (FieldKind::Surname, surnames),
        (FieldKind::City, cities),
        (FieldKind::HouseNumber, houses),
    ]);
    let params = BlockingParams {
        n_of_block_max: 10,
        ..BlockingParams::default()
    };

    let (found, report) = pairs(&records, &params);

    assert!(found.contains(&(200, 201)), "one house");
    assert!(!found.contains(&(0, 399)), "only the surname in common");
    assert!(report.n_split > 0);
    assert!(
        report.n_too_large > 0 && report.largest_left_out == 40,
        "{report:?}"
    );
    assert!(found.len() < 400 * 10);
}

#[test]
fn the_budget_takes_the_smallest_blocks_first() {
    let ids: Vec<String> = (0..3000)
        .map(|at| format!("{:07}", at / 2 * 7919))
        .collect();
    let words: Vec<String> = (0..3000).map(|at| format!("word{}", at % 40)).collect();
    let records = records(&[(FieldKind::Id, ids), (FieldKind::Text, words)]);
    let params = BlockingParams {
        n_of_block_max: 80,
        n_per_record_max: 1,
        ..BlockingParams::default()
    };

    let (found, report) = pairs(&records, &params);

    assert!((0..1500).all(|at| found.contains(&(2 * at, 2 * at + 1))));
    assert!(found.len() as u64 <= 3 * params.budget(3000), "{report:?}");
}

#[test]
fn few_records_may_have_more_candidates_each_and_many_have_what_is_asked_for() {
    let params = BlockingParams {
        n_per_record_max: 12,
        ..BlockingParams::default()
    };

    let budgets = [1_000, 20_000, 100_000, 1_000_000].map(|n| params.budget(n));

    assert_eq!(budgets, [400_000, 1_200_000, 2_400_000, 12_000_000]);
}
