//! `lab match --pairs`: what is the same, learned from pairs that somebody has decided on.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use std::time::Instant;

use flate2::read::MultiGzDecoder;
use rapport_identity::learned::{LabelledPair, LearnedComparer, LearnedParams};
use rapport_identity::{Constraints, FieldKind, MatchParams, RawColumn, Records, resolve};
use rapport_learn::Context;
use rapport_learn::metrics::Linkage;
use serde_json::{Value, json};

use super::truth::pairs_of;
use super::{Rows, identity};
use crate::lab::roles::Roles;
use crate::lab::table::{LabError, LabTable};

/// What is asked for.
#[derive(Debug)]
pub struct PairsLab {
    /// The records of one source.
    pub left: LabTable,
    /// The records of the other.
    pub right: LabTable,
    /// Pairs of ids with a label, to learn from.
    pub train: LabTable,
    /// The same, to measure on.
    pub valid: LabTable,
    /// Roles of [`MATCH_ROLES`](super::MATCH_ROLES).
    pub roles: Roles,
    /// How to learn.
    pub params: LearnedParams,
}

impl PairsLab {
    /// Reads a folder of labelled pairs in one of the two forms in which the field's data sets come:
    ///
    /// - `tableA.csv`, `tableB.csv`, `train.csv`, `valid.csv` (Magellan, DeepMatcher): records with ids, pairs
    ///   of ids with a label;
    /// - `train.txt`, `valid.txt` (Ditto): two records and a label in a line, parted by tabs, records as
    ///   `COL name VAL value`.
    ///
    /// Each plain or gzip. A test file in the folder is not opened.
    ///
    /// # Errors
    /// [`LabError`] for a folder of neither form and what cannot be read.
    pub fn read(folder: &Path, roles: Roles) -> Result<Self, LabError> {
        let params = LearnedParams::default();
        if let (Some(left), Some(right)) = (find(folder, "tableA.csv"), find(folder, "tableB.csv"))
        {
            let read = |path: PathBuf| LabTable::read(&path, true);
            return Ok(Self {
                left: read(left)?,
                right: read(right)?,
                train: read(required(folder, "train.csv")?)?,
                valid: read(required(folder, "valid.csv")?)?,
                roles,
                params,
            });
        }
        let (mut left, mut right) = (Side::default(), Side::default());
        let mut read = |name: &str| read_lines(&required(folder, name)?, &mut left, &mut right);
        let (train, valid) = (read("train.txt")?, read("valid.txt")?);
        Ok(Self {
            left: left.table("the left records"),
            right: right.table("the right records"),
            train,
            valid,
            roles,
            params,
        })
    }
}

/// What the lab found: the object that `--json` prints, memory and version left out.
///
/// Learned from the pairs of `train`; which learner, its calibration and the threshold come from there too.
/// Beside it stands what the matcher says of the pairs of `valid` without any label.
///
/// # Errors
/// [`LabError`] where a role, a file or the pairs cannot be used.
pub fn match_pairs(lab: &PairsLab, context: &Context<'_>) -> Result<Value, LabError> {
    let sides = [&lab.left, &lab.right];
    let rows = Rows::of(&sides, &lab.roles)?;
    let columns = compared(&rows, &lab.roles)?;
    let (train, valid) = (labelled(&rows, &lab.train)?, labelled(&rows, &lab.valid)?);
    let asked: Vec<(u32, u32)> = valid.iter().map(|pair| (pair.left, pair.right)).collect();

    let started = Instant::now();
    let comparer =
        LearnedComparer::fit(&columns, &train, &lab.params, context).map_err(identity)?;
    let fit = started.elapsed().as_secs_f64();
    let found = comparer
        .probabilities(&columns, &asked, context)
        .map_err(identity)?;
    let predict = started.elapsed().as_secs_f64() - fit;

    let threshold = comparer.threshold();
    let is_found: Vec<bool> = found
        .iter()
        .map(|&probability| probability >= threshold)
        .collect();
    let records = Records::new(&columns, context).map_err(identity)?;
    let constraints = Constraints::none().never_within_source(&rows.sources());
    let unlabelled =
        resolve(&records, &constraints, &MatchParams::default(), context).map_err(identity)?;
    let group = |row: u32| unlabelled.clusters[row as usize];
    let is_joined: Vec<bool> = asked.iter().map(|&(a, b)| group(a) == group(b)).collect();
    Ok(json!({
        "task": "match",
        "model": comparer.learner(),
        "rows": {
            "train": train.len(),
            "valid": valid.len(),
            "test": valid.len(),
            "rejected": sides.iter().map(|side| side.n_rejected).sum::<u64>(),
        },
        "metrics": figures(&is_found, &valid),
        "baseline": { "name": "fellegi_sunter", "metrics": figures(&is_joined, &valid) },
        "threshold": threshold,
        "held_back": comparer.held_back(),
        "features": comparer.names().len(),
        "seconds": { "fit": fit, "predict": predict },
        "seed": context.seed,
    }))
}

/// What is compared. Each source counts its records for itself, so that one number in both says nothing.
fn compared<'t>(rows: &Rows<'t>, roles: &Roles) -> Result<Vec<RawColumn<'t>>, LabError> {
    let mut columns = rows.columns(roles)?;
    let id = rows.id.map(|id| rows.names[id]);
    for column in &mut columns {
        if Some(column.field.name.as_str()) == id {
            column.field.kind = FieldKind::RecordKey;
        }
    }
    Ok(columns)
}

fn figures(found: &[bool], pairs: &[LabelledPair]) -> Value {
    let n_found = found.iter().filter(|&&found| found).count() as u64;
    let n_true = pairs.iter().filter(|pair| pair.is_match).count() as u64;
    let both = found.iter().zip(pairs);
    let n_right = both
        .filter(|(found, pair)| **found && pair.is_match)
        .count() as u64;
    let figures = Linkage::of_pairs(n_right, n_found, n_true);
    json!({ "precision": figures.precision, "recall": figures.recall, "f1": figures.f1 })
}

fn labelled(rows: &Rows<'_>, table: &LabTable) -> Result<Vec<LabelledPair>, LabError> {
    let of_pair = |(left, right, is_match): (usize, usize, bool)| LabelledPair {
        left: left as u32,
        right: right as u32,
        is_match,
    };
    Ok(pairs_of(rows, table)?.into_iter().map(of_pair).collect())
}

/// A file of a folder, plain or gzip.
fn find(folder: &Path, name: &str) -> Option<PathBuf> {
    [name.to_owned(), format!("{name}.gz")]
        .into_iter()
        .map(|name| folder.join(name))
        .find(|path| path.is_file())
}

fn required(folder: &Path, name: &str) -> Result<PathBuf, LabError> {
    find(folder, name).ok_or_else(|| {
        LabError::Role(format!(
            "{} holds no {name}; a folder of pairs has tableA.csv, tableB.csv, train.csv and valid.csv, or \
             train.txt and valid.txt, each plain or gzip",
            folder.display()
        ))
    })
}

/// The records of one side, each once; their ids are their positions.
#[derive(Debug, Default)]
struct Side {
    known: HashMap<String, usize>,
    names: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Side {
    /// The position of a record; none where it is not one, or has other fields than the first.
    fn position(&mut self, record: &str) -> Option<usize> {
        if let Some(&known) = self.known.get(record) {
            return Some(known);
        }
        let (names, values): (Vec<String>, Vec<String>) = record
            .split("COL ")
            .skip(1)
            .map(|cell| cell.split_once(" VAL"))
            .collect::<Option<Vec<_>>>()?
            .into_iter()
            .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
            .unzip();
        if self.names.is_empty() {
            self.names = names;
        } else if self.names != names {
            return None;
        }
        let position = self.rows.len();
        self.rows.push(
            std::iter::once(position.to_string())
                .chain(values)
                .collect(),
        );
        self.known.insert(record.to_owned(), position);
        Some(position)
    }

    fn table(self, file: &str) -> LabTable {
        let names = std::iter::once("id".to_owned()).chain(self.names);
        LabTable::of_texts(file, names.collect(), self.rows)
    }
}

/// Reads lines of two records and a label.
fn read_lines(path: &Path, left: &mut Side, right: &mut Side) -> Result<LabTable, LabError> {
    let file = path.display().to_string();
    let failed = |source| LabError::Read {
        path: file.clone(),
        source,
    };
    let open = File::open(path).map_err(failed)?;
    let mut text = String::new();
    if path.extension().is_some_and(|extension| extension == "gz") {
        MultiGzDecoder::new(open)
            .read_to_string(&mut text)
            .map_err(failed)?;
    } else {
        BufReader::new(open)
            .read_to_string(&mut text)
            .map_err(failed)?;
    }
    let mut rows = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let mut cells = line.split('\t');
        let mut cell = || cells.next().unwrap_or("");
        let (a, b, label) = (left.position(cell()), right.position(cell()), cell());
        match (a, b, label) {
            (Some(a), Some(b), "0" | "1") => {
                rows.push(vec![a.to_string(), b.to_string(), label.to_owned()]);
            }
            _ => {
                return Err(LabError::Role(format!(
                    "{file}, line {}: not two records and a label of 0 or 1, parted by tabs",
                    at + 1
                )));
            }
        }
    }
    let names = ["left", "right", "label"].map(str::to_owned).to_vec();
    Ok(LabTable::of_texts(&file, names, rows))
}

#[cfg(test)]
#[path = "learned_tests.rs"]
mod tests;
