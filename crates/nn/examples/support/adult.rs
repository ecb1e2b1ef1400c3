//! The Adult census income data as networks take it: who earns more than 50,000 dollars a year?

use std::collections::HashMap;
use std::error::Error;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use burn::tensor::{Device, Tensor, TensorData};
use flate2::read::GzDecoder;
use rapport_nn::models::TableBatch;

/// Numeric columns: place in the file, least and most by the published description of the data, and
/// whether its logarithm is taken. Scales that are public tell nothing of any one row.
const NUMERIC: [(usize, f64, f64, bool); 6] = [
    (0, 17.0, 90.0, false),      // age
    (2, 12_285.0, 1.49e6, true), // weight of the row in the census
    (4, 1.0, 16.0, false),       // years of education
    (10, 0.0, 99_999.0, true),   // capital gain
    (11, 0.0, 4_356.0, true),    // capital loss
    (12, 1.0, 99.0, false),      // hours per week
];
/// Columns whose values are names.
const CATEGORIES: [usize; 8] = [1, 3, 5, 6, 7, 8, 9, 13];
const N_COLUMNS: usize = 14;

/// Numeric columns.
pub(crate) const N_NUMERIC: usize = NUMERIC.len();

/// Rows of the census.
#[derive(Debug, Clone, Default)]
pub(crate) struct Census {
    /// Each number from about -1 to 1.
    pub(crate) numeric: Vec<[f32; N_NUMERIC]>,
    /// Per row and column the number of the category; 0 is one that training did not know.
    pub(crate) categories: Vec<[usize; CATEGORIES.len()]>,
    /// 1 for those who earn more.
    pub(crate) classes: Vec<usize>,
}

/// Training and test rows.
#[derive(Debug)]
pub(crate) struct Adult {
    pub(crate) train: Census,
    pub(crate) test: Census,
    /// How many categories each column has, the unknown one included.
    pub(crate) n_categories: Vec<usize>,
}

impl Adult {
    /// Reads the files where `folder` says, or where the project keeps its data.
    pub(crate) fn read(folder: Option<PathBuf>) -> Result<Self, Box<dyn Error>> {
        let folder = folder.unwrap_or_else(|| {
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/adult_income")
        });
        let train = read_rows(&folder.join("adult-train.csv.gz"))?;
        let test = read_rows(&folder.join("adult-test.csv.gz"))?;
        let mut codes: Vec<HashMap<String, usize>> = vec![HashMap::new(); CATEGORIES.len()];
        for row in &train {
            for (codes, &column) in codes.iter_mut().zip(&CATEGORIES) {
                let next = codes.len() + 1;
                codes.entry(row[column].clone()).or_insert(next);
            }
        }
        let census = |rows: &[Vec<String>]| -> Result<Census, Box<dyn Error>> {
            let mut census = Census::default();
            for row in rows {
                let mut numeric = [0.0; N_NUMERIC];
                for (number, column) in numeric.iter_mut().zip(NUMERIC) {
                    *number = scaled(row[column.0].parse()?, column);
                }
                let mut categories = [0; CATEGORIES.len()];
                for (place, (codes, &column)) in codes.iter().zip(&CATEGORIES).enumerate() {
                    categories[place] = codes.get(&row[column]).copied().unwrap_or_default();
                }
                census.numeric.push(numeric);
                census.categories.push(categories);
                census
                    .classes
                    .push(usize::from(row[N_COLUMNS].starts_with(">50K")));
            }
            Ok(census)
        };
        Ok(Self {
            train: census(&train)?,
            test: census(&test)?,
            n_categories: codes.iter().map(|codes| codes.len() + 1).collect(),
        })
    }
}

impl Census {
    pub(crate) fn n_rows(&self) -> usize {
        self.classes.len()
    }

    /// The given rows.
    pub(crate) fn select(&self, rows: &[usize]) -> Self {
        Self {
            numeric: rows.iter().map(|row| self.numeric[*row]).collect(),
            categories: rows.iter().map(|row| self.categories[*row]).collect(),
            classes: rows.iter().map(|row| self.classes[*row]).collect(),
        }
    }

    /// The given rows as a network takes them, and their classes.
    pub(crate) fn batch(&self, rows: &[usize], device: &Device) -> (TableBatch, Arc<[usize]>) {
        let numbers: Vec<f32> = rows.iter().flat_map(|row| self.numeric[*row]).collect();
        let numbers = TensorData::new(numbers, [rows.len(), N_NUMERIC]);
        let column = |column| {
            rows.iter()
                .map(|row| self.categories[*row][column])
                .collect()
        };
        (
            TableBatch {
                numeric: Some(Tensor::from_data(numbers, device)),
                categories: (0..CATEGORIES.len()).map(column).collect(),
            },
            rows.iter().map(|row| self.classes[*row]).collect(),
        )
    }
}

/// A number of a column, from about -1 to 1.
fn scaled(number: f64, (_, least, most, is_log): (usize, f64, f64, bool)) -> f32 {
    let of = |number: f64| if is_log { number.ln_1p() } else { number };
    (2.0 * (of(number) - of(least)) / (of(most) - of(least)) - 1.0) as f32
}

fn read_rows(path: &Path) -> Result<Vec<Vec<String>>, Box<dyn Error>> {
    let file = File::open(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut text = String::new();
    GzDecoder::new(file).read_to_string(&mut text)?;
    let cells = |line: &str| line.split(',').map(|cell| cell.trim().to_owned()).collect();
    let rows = text.lines().map(cells);
    // The test file starts with a remark and ends in an empty line.
    Ok(rows
        .filter(|row: &Vec<String>| row.len() == N_COLUMNS + 1)
        .collect())
}
