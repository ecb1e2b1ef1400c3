//! The Adult census income data: who earns more than 50,000 dollars a year?

mod baselines;
mod encoding;

pub(crate) use baselines::{boosted_trees, logistic_regression};
pub(crate) use encoding::{Encoding, Rows};

use std::error::Error;
use std::path::Path;

use rapport_learn::metrics::{accuracy, auc, log_loss};
use rapport_learn::split::holdout;
use rapport_learn::table::{Labels, Schema, Table};

use crate::demo::Arguments;
use crate::text::{cells, read_gzip};

const COLUMNS: [&str; 14] = [
    "age",
    "workclass",
    "fnlwgt",
    "education",
    "education_num",
    "marital_status",
    "occupation",
    "relationship",
    "race",
    "sex",
    "capital_gain",
    "capital_loss",
    "hours_per_week",
    "native_country",
];

/// People: what is known of each, and who earns more.
pub(crate) struct People {
    pub(crate) table: Table,
    /// 1 for more than 50,000 dollars.
    pub(crate) classes: Vec<u32>,
}

/// People to learn from and people to test on.
pub(crate) struct Census {
    pub(crate) train: People,
    pub(crate) test: People,
}

impl Census {
    /// Reads the official training and test files; with `--held-back` a fifth of the training file
    /// stands in for the test file.
    pub(crate) fn read(arguments: &Arguments) -> Result<Self, Box<dyn Error>> {
        let folder = arguments.folder("adult_income");
        let train = Cells::read(&folder.join("adult-train.csv.gz"))?;
        let test = Cells::read(&folder.join("adult-test.csv.gz"))?;
        let labels = Labels::learn(&train.labels)?;
        let test_labels = labels.same_classes(&test.labels)?;
        let schema = Schema::guess(&COLUMNS.map(String::from), &train.rows)?;
        let train = People {
            table: schema.read(&train.rows)?,
            classes: labels.codes().to_vec(),
        };
        let test = People {
            table: schema.read(&test.rows)?,
            classes: test_labels.codes().to_vec(),
        };
        let mut census = Self { train, test };
        if arguments.held_back {
            let parts = holdout(census.train.classes.len(), 0.2, 0)?;
            census.test = census.train.select(&parts.test);
            census.train = census.train.select(&parts.train);
        }
        if arguments.quick {
            census.train = census.train.first(4_000);
            census.test = census.test.first(2_000);
        }
        Ok(census)
    }
}

impl People {
    pub(crate) fn n_rows(&self) -> usize {
        self.classes.len()
    }

    pub(crate) fn select(&self, rows: &[usize]) -> Self {
        Self {
            table: self.table.select(rows),
            classes: rows.iter().map(|&row| self.classes[row]).collect(),
        }
    }

    fn first(&self, n: usize) -> Self {
        self.select(&(0..n.min(self.n_rows())).collect::<Vec<_>>())
    }

    /// Area under the curve, log loss and accuracy of probabilities to earn more, `(n_rows,)`.
    pub(crate) fn measure(&self, probabilities: &[f64]) -> Result<[f64; 3], Box<dyn Error>> {
        let outcomes: Vec<bool> = self.classes.iter().map(|&class| class == 1).collect();
        let predicted: Vec<u32> = probabilities
            .iter()
            .map(|&probability| u32::from(probability > 0.5))
            .collect();
        Ok([
            auc(probabilities, &outcomes)?,
            log_loss(probabilities, &outcomes)?,
            accuracy(&predicted, &self.classes)?,
        ])
    }
}

/// A file's cells.
#[derive(Default)]
struct Cells {
    rows: Vec<Vec<String>>,
    labels: Vec<String>,
}

impl Cells {
    fn read(path: &Path) -> Result<Self, Box<dyn Error>> {
        let mut found = Self::default();
        for line in read_gzip(path)?.lines() {
            let mut row = cells(line);
            // The test file starts with a remark and ends in an empty line.
            if row.len() != COLUMNS.len() + 1 {
                continue;
            }
            // Labels of the test file end with a full stop.
            let label = row.pop().unwrap_or_default();
            found.labels.push(label.trim_end_matches('.').to_owned());
            found.rows.push(row);
        }
        Ok(found)
    }
}
