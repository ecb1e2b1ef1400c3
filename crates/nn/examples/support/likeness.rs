//! How like made rows are to real ones: column by column, and whether any is too like one of them.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::num::NonZeroUsize;

use rapport_learn::table::{Column, Table};
use rapport_learn::{map_parts, stats};

/// Rows whose nearest training row is looked for.
const N_COMPARED: usize = 2000;
const THREADS: NonZeroUsize = NonZeroUsize::new(2).expect("two is not zero");

/// Figures of made rows.
pub(crate) struct Likeness {
    /// Mean over columns of 1 less the Kolmogorov-Smirnov distance (numbers) or the total variation
    /// (categories).
    pub(crate) columns: f64,
    /// Share of rows nearer to a training row than all but 5 % of the test rows are.
    pub(crate) near: f64,
    /// Share of rows that equal a training row.
    pub(crate) copies: f64,
}

/// Real rows, prepared for comparison.
pub(crate) struct Comparison<'a> {
    train: &'a Table,
    rows: Vec<Row>,
    /// What distances of each numeric column are divided by.
    deviations: Vec<f64>,
    /// How near the nearest 5 % of the test rows come.
    border: f64,
}

/// A row: numbers, and categories by their place among those of the training rows.
struct Row {
    numbers: Vec<f64>,
    places: Vec<u32>,
}

impl<'a> Comparison<'a> {
    /// Measures how near unseen real rows, those of the test, come to training rows.
    pub(crate) fn new(train: &'a Table, test: &Table) -> Self {
        let deviations = train.columns().filter_map(|(_, column)| match column {
            Column::Numeric(values) => Some(stats::variance(values).sqrt()),
            Column::Categorical(_) => None,
        });
        let mut comparison = Self {
            train,
            rows: rows(train, train, train.n_rows()),
            deviations: deviations.collect(),
            border: 0.0,
        };
        let mut of_test = comparison.nearest(test);
        comparison.border = stats::quantile(&mut of_test, 0.05).unwrap_or(0.0);
        comparison
    }

    /// Compares made rows with the training rows.
    pub(crate) fn of(&self, made: &Table) -> Result<Likeness, Box<dyn Error>> {
        let mut columns = Vec::new();
        for (name, real) in self.train.columns() {
            columns.push(match (real, made.column(name)?) {
                (Column::Numeric(real), Column::Numeric(made)) => 1.0 - largest_gap(real, made),
                (real, made) => 1.0 - total_variation(real, made),
            });
        }
        let nearest = self.nearest(made);
        let share = |wanted: &dyn Fn(f64) -> bool| {
            nearest.iter().filter(|x| wanted(**x)).count() as f64 / nearest.len() as f64
        };
        Ok(Likeness {
            columns: stats::mean(&columns),
            near: share(&|distance| distance < self.border),
            copies: share(&|distance| distance == 0.0),
        })
    }

    /// The distance of each of the first rows to the training row nearest to it.
    fn nearest(&self, table: &Table) -> Vec<f64> {
        let rows = rows(table, self.train, N_COMPARED);
        map_parts(THREADS, rows.iter(), |row| {
            let distances = self.rows.iter().map(|other| self.distance(row, other));
            distances.fold(f64::INFINITY, f64::min)
        })
    }

    /// Differences of numbers in standard deviations, and 1 for each other category.
    fn distance(&self, a: &Row, b: &Row) -> f64 {
        let numbers = a.numbers.iter().zip(&b.numbers).zip(&self.deviations);
        let of_numbers: f64 = numbers
            .map(|((a, b), deviation)| (a - b).abs() / deviation)
            .sum();
        let places = a.places.iter().zip(&b.places);
        of_numbers + places.filter(|(a, b)| a != b).count() as f64
    }
}

/// Rows of a table, at most `n`, spread evenly over it.
fn rows(table: &Table, train: &Table, n: usize) -> Vec<Row> {
    let n = n.min(table.n_rows());
    let row = |_| Row {
        numbers: Vec::new(),
        places: Vec::new(),
    };
    let mut rows: Vec<Row> = (0..n).map(row).collect();
    let at = |i: usize| i * table.n_rows() / n;
    for ((_, column), (_, known)) in table.columns().zip(train.columns()) {
        match (column, known) {
            (Column::Numeric(values), _) => {
                rows.iter_mut()
                    .enumerate()
                    .for_each(|(i, row)| row.numbers.push(values[at(i)]));
            }
            (Column::Categorical(categories), Column::Categorical(known)) => {
                // Missing ones and those that no training row has get places of their own.
                let place = |text: &str| known.levels().iter().position(|level| level == text);
                let levels = categories.levels().iter();
                let places: Vec<u32> = levels
                    .map(|l| place(l).map_or(u32::MAX, |p| p as u32))
                    .collect();
                for (i, row) in rows.iter_mut().enumerate() {
                    let code = categories.codes()[at(i)];
                    row.places
                        .push(code.map_or(u32::MAX - 1, |code| places[code as usize]));
                }
            }
            (Column::Categorical(_), Column::Numeric(_)) => {}
        }
    }
    rows
}

/// The Kolmogorov-Smirnov distance of two samples.
fn largest_gap(a: &[f64], b: &[f64]) -> f64 {
    let sorted = |values: &[f64]| {
        let mut values = values.to_vec();
        values.sort_unstable_by(f64::total_cmp);
        values
    };
    let (a, b) = (sorted(a), sorted(b));
    let below = |values: &[f64], x: f64| {
        values.partition_point(|value| *value <= x) as f64 / values.len() as f64
    };
    let gaps = a.iter().map(|x| (below(&a, *x) - below(&b, *x)).abs());
    gaps.fold(0.0, f64::max)
}

/// Half the sum of the differences of the shares of each category.
fn total_variation(a: &Column, b: &Column) -> f64 {
    let (a, b) = (shares(a), shares(b));
    let levels: BTreeSet<_> = a.keys().chain(b.keys()).collect();
    let share = |of: &BTreeMap<_, f64>, level| of.get(level).copied().unwrap_or(0.0);
    let differences = levels
        .into_iter()
        .map(|l| (share(&a, l) - share(&b, l)).abs());
    0.5 * differences.sum::<f64>()
}

fn shares(column: &Column) -> BTreeMap<Option<String>, f64> {
    let mut shares = BTreeMap::new();
    if let Column::Categorical(categories) = column {
        let n = categories.codes().len();
        for row in 0..n {
            let level = categories.text(row).map(String::from);
            *shares.entry(level).or_default() += 1.0 / n as f64;
        }
    }
    shares
}
