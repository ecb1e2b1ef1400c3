//! From rows of text to a table, and what is refused on the way.

use super::*;
use crate::LearnError;

fn names() -> Vec<String> {
    ["age", "city", "zip"].map(String::from).to_vec()
}

fn rows() -> Vec<[&'static str; 3]> {
    vec![
        ["39", "Oslo", "0150"],
        ["", "Lyon", "69001"],
        [" 51.5 ", "?", "0150"],
    ]
}

fn read() -> Table {
    Schema::guess(&names(), &rows())
        .unwrap()
        .with_kind("zip", Kind::Categorical)
        .unwrap()
        .read(&rows())
        .unwrap()
}

#[test]
fn kinds_are_guessed_from_the_cells_that_are_there() {
    let schema = Schema::guess(&names(), &rows()).unwrap();

    assert_eq!(schema.kind_of("age"), Some(Kind::Numeric));
    assert_eq!(schema.kind_of("city"), Some(Kind::Categorical));
    assert_eq!(schema.kind_of("zip"), Some(Kind::Numeric));
    assert_eq!(schema.kind_of("street"), None);
}

#[test]
fn a_code_that_looks_like_a_number_keeps_its_zeros_when_told() {
    let table = read();

    assert_eq!(table.categories("zip").unwrap().text(0), Some("0150"));
}

#[test]
fn missing_cells_are_nan_or_none() {
    let table = read();

    assert_eq!(table.numbers("age").unwrap()[0], 39.0);
    assert!(table.numbers("age").unwrap()[1].is_nan());
    assert_eq!(table.numbers("age").unwrap()[2], 51.5);
    assert_eq!(table.categories("city").unwrap().text(2), None);
}

#[test]
fn levels_do_not_depend_on_the_order_of_rows() {
    let forward = Categories::from_texts(["b", "a", "c", "a"].map(Some));
    let backward = Categories::from_texts(["a", "c", "a", "b"].map(Some));

    assert_eq!(forward.levels(), ["a", "b", "c"]);
    assert_eq!(backward.levels(), forward.levels());
    assert_eq!(forward.codes(), [Some(1), Some(0), Some(2), Some(0)]);
}

#[test]
fn a_slip_in_a_numeric_column_is_named() {
    let mut rows = vec![["1"]; 200];
    rows[137] = ["twelve"];
    let schema = Schema::guess(&["age".into()], &rows).unwrap();

    assert_eq!(
        schema.read(&rows),
        Err(TableError::NotANumber {
            name: "age".into(),
            row: 137,
            text: "twelve".into()
        })
    );
}

#[test]
fn an_infinite_number_is_named() {
    let schema = Schema::guess(&["age".into()], &[["1"], ["inf"]]).unwrap();

    assert_eq!(
        schema.read(&[["1"], ["inf"]]),
        Err(TableError::NotFinite {
            name: "age".into(),
            row: 1
        })
    );
}

#[test]
fn empty_and_ragged_tables_are_refused() {
    let none: [[&str; 3]; 0] = [];
    let ragged = [vec!["1", "a", "2"], vec!["1", "a"]];

    assert_eq!(Schema::guess(&names(), &none), Err(TableError::Empty));
    assert_eq!(
        Schema::guess(&names(), &ragged),
        Err(TableError::RowWidth {
            row: 1,
            expected: 3,
            found: 2
        })
    );
}

#[test]
fn two_columns_cannot_share_a_name() {
    let column = || Column::Numeric(vec![1.0]);

    let refused = Table::new(vec![("a".into(), column()), ("a".into(), column())]);

    assert_eq!(refused, Err(TableError::DuplicateName { name: "a".into() }));
}

#[test]
fn columns_are_of_one_height() {
    let refused = Table::new(vec![
        ("a".into(), Column::Numeric(vec![1.0])),
        ("b".into(), Column::Numeric(vec![1.0, 2.0])),
    ]);

    assert!(matches!(
        refused,
        Err(TableError::Learn(LearnError::Shape { found: 2, .. }))
    ));
}

#[test]
fn a_selection_takes_target_and_weights_along() {
    let table = read()
        .with_target(Target::Classes(
            Labels::learn(&["no", "yes", "no"]).unwrap(),
        ))
        .unwrap()
        .with_weights(vec![1.0, 2.0, 3.0])
        .unwrap();

    let selected = table.select(&[2, 1]);

    assert_eq!(selected.n_rows(), 2);
    assert_eq!(selected.weights(), Some(&[3.0, 2.0][..]));
    assert_eq!(selected.categories("city").unwrap().text(1), Some("Lyon"));
    let Some(Target::Classes(labels)) = selected.target() else {
        panic!("the target is of classes");
    };
    assert_eq!(labels.codes(), [0, 1]);
}

#[test]
fn a_target_must_be_a_number_in_every_row() {
    let refused = read().with_target(Target::Numbers(vec![1.0, f64::NAN, 2.0]));

    assert_eq!(
        refused,
        Err(TableError::Learn(LearnError::Target { row: 1 }))
    );
}

#[test]
fn a_label_that_training_did_not_show_is_named() {
    let labels = Labels::learn(&["no", "yes"]).unwrap();

    assert_eq!(labels.same_classes(&["yes"]).unwrap().codes(), [1]);
    assert_eq!(
        labels.same_classes(&["yes", "perhaps"]),
        Err(TableError::UnknownLabel {
            row: 1,
            label: "perhaps".into()
        })
    );
}

#[test]
fn one_class_alone_is_refused() {
    assert_eq!(
        Labels::learn(&["yes", "yes"]),
        Err(TableError::SingleClass {
            label: "yes".into()
        })
    );
    assert_eq!(Labels::learn::<&str>(&[]), Err(TableError::Empty));
}

#[test]
fn codes_lie_within_their_dictionary() {
    assert!(Categories::new(vec!["a".into()], vec![Some(0), None]).is_ok());
    assert!(Categories::new(vec!["a".into()], vec![Some(1)]).is_err());
    assert!(Categories::new(vec!["a".into(), "a".into()], vec![]).is_err());
}

#[test]
fn a_column_of_the_other_kind_is_refused() {
    let table = read();

    assert!(matches!(
        table.numbers("city"),
        Err(TableError::OtherKind { .. })
    ));
    assert!(matches!(
        table.categories("street"),
        Err(TableError::UnknownColumn { .. })
    ));
}

#[test]
fn a_table_survives_being_written_and_read() {
    let table = Table::new(vec![(
        "city".into(),
        Column::Categorical(Categories::from_texts([Some("Oslo"), None])),
    )])
    .unwrap();

    let json = serde_json::to_string(&table).unwrap();

    assert_eq!(serde_json::from_str::<Table>(&json).unwrap(), table);
}
