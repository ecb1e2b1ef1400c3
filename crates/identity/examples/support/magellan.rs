//! Labelled pairs in the form of DeepMatcher's and Ditto's data sets.

use std::collections::HashMap;
use std::error::Error;
use std::fs::File;
use std::io::Read;
use std::path::PathBuf;

use flate2::read::MultiGzDecoder;
use rapport_identity::learned::LabelledPair;
use rapport_identity::{RawColumn, detect};

/// Which file a pair is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Train,
    Valid,
}

/// Records of both sides, each once, and the pairs.
#[derive(Debug)]
pub(crate) struct Pairs {
    names: Vec<String>,
    /// `(n_records, n_fields)`.
    records: Vec<Vec<String>>,
    side_of: Vec<u32>,
    pairs: Vec<(Part, LabelledPair)>,
}

impl Pairs {
    /// Reads the file to learn from and, where it is given, the one to measure on.
    pub(crate) fn read(files: &[PathBuf]) -> Result<Self, Box<dyn Error>> {
        let mut known: HashMap<(u32, String), u32> = HashMap::new();
        let mut read = Self {
            names: Vec::new(),
            records: Vec::new(),
            side_of: Vec::new(),
            pairs: Vec::new(),
        };
        for (file, part) in files.iter().zip([Part::Train, Part::Valid]) {
            let mut text = String::new();
            MultiGzDecoder::new(File::open(file)?).read_to_string(&mut text)?;
            for line in text.lines() {
                let cells: Vec<&str> = line.split('\t').collect();
                let [left, right, label] = cells[..] else {
                    return Err(format!("not two records and a label: {line}").into());
                };
                let mut position = |side: u32, record: &str| {
                    *known
                        .entry((side, record.to_owned()))
                        .or_insert_with(|| read.add(side, record))
                };
                let (left, right) = (position(0, left), position(1, right));
                read.pairs.push((
                    part,
                    LabelledPair {
                        left,
                        right,
                        is_match: label == "1",
                    },
                ));
            }
        }
        Ok(read)
    }

    fn add(&mut self, side: u32, record: &str) -> u32 {
        let cells = record
            .split("COL ")
            .skip(1)
            .map(|cell| cell.split_once(" VAL").unwrap_or((cell, "")));
        let (names, values): (Vec<String>, Vec<String>) = cells
            .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
            .unzip();
        self.names = names;
        self.records.push(values);
        self.side_of.push(side);
        self.records.len() as u32 - 1
    }

    /// The pairs of a part.
    pub(crate) fn of(&self, part: Part) -> Vec<LabelledPair> {
        self.pairs
            .iter()
            .filter(|pair| pair.0 == part)
            .map(|pair| pair.1)
            .collect()
    }

    /// Whose record each is.
    pub(crate) fn sources(&self) -> Vec<Option<u32>> {
        self.side_of.iter().map(|&side| Some(side)).collect()
    }

    /// The fields, of the kinds that their names and values tell.
    pub(crate) fn columns(&self) -> Vec<RawColumn<'_>> {
        let texts = |field: usize| {
            self.records
                .iter()
                .map(|record| record[field].as_str())
                .collect()
        };
        let columns: Vec<(&str, Vec<&str>)> = self
            .names
            .iter()
            .enumerate()
            .map(|(field, name)| (name.as_str(), texts(field)))
            .collect();
        let fields = detect(&columns).into_iter().zip(columns);
        fields
            .map(|(field, (_, values))| RawColumn { field, values })
            .collect()
    }
}
