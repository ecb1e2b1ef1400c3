//! Tables survive the way into modes and back, and what has no modes is refused by name.

use super::*;
use crate::table::{Categories, Column, Table, TableError};
use crate::{Cancellation, Check, Context, Fit, Matrix, Silent, rng, standard_normal};

fn fit(table: &Table) -> Result<ModeEncoder, TableError> {
    let cancel = Cancellation::default();
    let params = ModeEncoderParams::default().check().unwrap();
    params.fit(table, &Context::new(1, &Silent, &cancel))
}

fn numbers(name: &str, values: Vec<f64>) -> (String, Column) {
    (name.into(), Column::Numeric(values))
}

fn texts(name: &str, texts: &[Option<&str>]) -> (String, Column) {
    let categories = Categories::from_texts(texts.iter().copied());
    (name.into(), Column::Categorical(categories))
}

/// Two peaks with two decimals, a column that is zero in most rows, and categories with gaps.
fn shop(n: usize) -> Table {
    let mut rng = rng(3, "shop");
    let mut draw = |mean: f64, deviation: f64| mean + deviation * standard_normal(&mut rng);
    let amounts = (0..n).map(|i| {
        let amount = if i % 3 == 0 {
            draw(20.0, 2.0)
        } else {
            draw(90.0, 5.0)
        };
        (amount * 100.0).round() / 100.0
    });
    let amounts = amounts.collect();
    let refunds = (0..n).map(|i| if i % 5 == 0 { draw(7.0, 1.0) } else { 0.0 });
    let refunds = refunds.collect();
    let cities: Vec<Option<&str>> = (0..n)
        .map(|i| [Some("Lyon"), None, Some("Oslo")][i % 3])
        .collect();
    Table::new(vec![
        numbers("amount", amounts),
        numbers("refund", refunds),
        texts("city", &cities),
    ])
    .unwrap()
}

#[test]
fn a_table_survives_the_way_there_and_back() {
    let table = shop(600);
    let encoder = fit(&table).unwrap();

    let back = encoder.decode(&encoder.encode(&table, 1).unwrap()).unwrap();

    assert_eq!(back.names(), table.names());
    assert_eq!(back.categories("city"), table.categories("city"));
    // Values further than four deviations from the middle of their mode move to that border.
    let pairs = back
        .numbers("amount")
        .unwrap()
        .iter()
        .zip(table.numbers("amount").unwrap());
    let n_same = pairs.filter(|(found, value)| found == value).count();
    assert!(n_same >= 595, "{n_same} of 600 amounts came back");
    let zeros = |table: &Table| {
        let refunds = table.numbers("refund").unwrap().iter();
        refunds.map(|value| *value == 0.0).collect::<Vec<_>>()
    };
    assert_eq!(zeros(&back), zeros(&table), "zero is a mode of its own");
}

#[test]
fn encoded_rows_are_positions_and_ones_among_zeros() {
    let table = shop(300);
    let encoder = fit(&table).unwrap();

    let rows = encoder.encode(&table, 1).unwrap();

    assert_eq!(rows.n_columns(), encoder.n_outputs());
    for block in encoder.blocks() {
        for row in rows.rows() {
            let numbers = &row[block.range.clone()];
            match block.kind {
                BlockKind::Position => assert!(numbers[0].abs() <= 1.0),
                _ => {
                    assert_eq!(numbers.iter().sum::<f64>(), 1.0);
                    assert!(numbers.iter().all(|x| *x == 0.0 || *x == 1.0));
                }
            }
        }
    }
}

#[test]
fn what_comes_back_keeps_to_range_and_decimals() {
    let encoder = fit(&shop(300)).unwrap();
    let mut rng = rng(9, "anything");
    let wild = (0..200 * encoder.n_outputs()).map(|_| 3.0 * standard_normal(&mut rng));
    let wild = Matrix::new(200, encoder.n_outputs(), wild.collect()).unwrap();

    let table = encoder.decode(&wild).unwrap();

    let source = shop(300);
    let range = |table: &Table| {
        let values = table.numbers("amount").unwrap().iter().copied();
        (
            values.clone().fold(f64::INFINITY, f64::min),
            values.fold(f64::NEG_INFINITY, f64::max),
        )
    };
    let ((low, high), (lowest, highest)) = (range(&table), range(&source));
    assert!(low >= lowest && high <= highest);
    for amount in table.numbers("amount").unwrap() {
        assert_eq!((amount * 100.0).round() / 100.0, *amount);
    }
}

#[test]
fn the_seed_decides_between_modes_that_overlap() {
    let mut rng = rng(5, "wide");
    let values: Vec<f64> = (0..500)
        .map(|i| f64::from(i % 2) * 3.0 + standard_normal(&mut rng))
        .collect();
    let table = Table::new(vec![numbers("x", values)]).unwrap();
    let encoder = fit(&table).unwrap();

    assert_eq!(encoder.encode(&table, 1), encoder.encode(&table, 1));
}

#[test]
fn columns_without_modes_are_refused_by_name() {
    let gap = Table::new(vec![numbers("age", vec![30.0, f64::NAN, 40.0])]).unwrap();
    let constant = Table::new(vec![numbers("year", vec![2024.0; 3])]).unwrap();
    let only = Table::new(vec![texts("land", &[Some("NO"), Some("NO")])]).unwrap();

    let of = |table: &Table| fit(table).unwrap_err();

    assert_eq!(
        of(&gap),
        TableError::NotFinite {
            name: "age".into(),
            row: 1
        }
    );
    let single = |name: &str, value: &str| TableError::SingleValue {
        name: name.into(),
        value: value.into(),
    };
    assert_eq!(of(&constant), single("year", "2024"));
    assert_eq!(of(&only), single("land", "NO"));
}

#[test]
fn a_column_keeps_a_mode_however_heavy_modes_must_be() {
    let mut rng = rng(7, "peaks");
    let peaks = (0..500).map(|i| {
        let middle = [-40.0, -40.0, 0.0, 0.0, 25.0][i % 5];
        middle + standard_normal(&mut rng)
    });
    let table = Table::new(vec![numbers("x", peaks.collect())]).unwrap();
    let params = ModeEncoderParams {
        least_weight: 0.5,
        ..ModeEncoderParams::default()
    };
    let cancel = Cancellation::default();
    let context = Context::new(1, &Silent, &cancel);
    let encoder = params.check().unwrap().fit(&table, &context).unwrap();

    let rows = encoder.encode(&table, 1).unwrap();

    assert_eq!(encoder.n_outputs(), 2, "a position and a mode");
    assert!(rows.rows().all(|row| row[1] == 1.0));
}

#[test]
fn other_tables_are_refused_by_column_row_and_level() {
    let encoder = fit(&shop(300)).unwrap();
    let other = |city: &str| {
        Table::new(vec![
            numbers("amount", vec![20.0]),
            numbers("refund", vec![0.0]),
            texts("city", &[Some(city)]),
        ])
    };

    assert!(encoder.encode(&other("Oslo").unwrap(), 1).is_ok());
    assert_eq!(
        encoder.encode(&other("Bern").unwrap(), 1),
        Err(TableError::UnknownLevel {
            name: "city".into(),
            row: 0,
            level: "Bern".into()
        })
    );
    assert!(encoder.level_of("city", None).is_ok());
    assert!(matches!(
        encoder.level_of("city", Some("Bern")),
        Err(TableError::UnknownCategory { .. })
    ));
}

#[test]
fn parameters_out_of_range_are_refused_by_name() {
    let params = |max_modes, least_weight, atom_share| ModeEncoderParams {
        max_modes,
        least_weight,
        atom_share,
    };
    for (wrong, name) in [
        (params(0, 0.1, 0.1), "max_modes"),
        (params(5, 1.0, 0.1), "least_weight"),
        (params(5, 0.1, f64::NAN), "atom_share"),
    ] {
        assert!(wrong.check().unwrap_err().to_string().contains(name));
    }
}
