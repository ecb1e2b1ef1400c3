//! What is known about who is who; used for scoring only.

use std::collections::{HashMap, HashSet};

use rapport_learn::metrics::{Linkage, MetricError, b_cubed, pairwise};
use serde_json::{Value, json};

use super::Rows;
use crate::lab::table::{LabError, LabTable};

/// The truth, as far as it is known.
#[derive(Debug)]
pub(super) enum Truth {
    /// The group of each row.
    Groups(Vec<u32>),
    /// Rows of some pairs, and whether they are the same; nothing is known of other pairs.
    Pairs(Vec<(usize, usize, bool)>),
}

impl Truth {
    /// From pairs, else from the column of groups, else from ids of FEBRL; `None` where nothing tells.
    pub(super) fn of(rows: &Rows<'_>, pairs: Option<&LabTable>) -> Result<Option<Self>, LabError> {
        if let Some(pairs) = pairs {
            return Self::of_pairs(rows, pairs).map(Some);
        }
        if let Some(cluster) = rows.cluster {
            return Ok(Some(Self::Groups(numbered(
                rows.texts[cluster].iter().copied(),
            ))));
        }
        let people: Option<Vec<&str>> = rows.ids.iter().map(|id| febrl_person(id)).collect();
        Ok(people.map(|people| Self::Groups(numbered(people.into_iter()))))
    }

    /// Pairs that are the same make groups; pairs with labels of both kinds stay pairs.
    fn of_pairs(rows: &Rows<'_>, table: &LabTable) -> Result<Self, LabError> {
        let pairs = pairs_of(rows, table)?;
        if pairs.iter().any(|&(_, _, is_same)| !is_same) {
            return Ok(Self::Pairs(pairs));
        }
        Ok(Self::Groups(joined(rows.n_rows(), &pairs)))
    }

    /// Figures of groups against the truth. Of two files, pairs within a file are no question.
    pub(super) fn figures(&self, clusters: &[u32], side_of: &[u32]) -> Result<Value, LabError> {
        let undefined = |error: MetricError| LabError::Role(error.to_string());
        match self {
            Self::Pairs(pairs) => {
                let is_found = |pair: &&(usize, usize, bool)| clusters[pair.0] == clusters[pair.1];
                let found = pairs.iter().filter(is_found);
                let n_true = pairs.iter().filter(|pair| pair.2).count() as u64;
                let n_right = found.clone().filter(|pair| pair.2).count() as u64;
                let figures = Linkage::of_pairs(n_right, found.count() as u64, n_true);
                Ok(
                    json!({ "precision": figures.precision, "recall": figures.recall, "f1": figures.f1 }),
                )
            }
            Self::Groups(truth) => {
                let is_linked = side_of.contains(&1);
                let pairs = if is_linked {
                    across(clusters, truth, side_of)
                } else {
                    pairwise(clusters, truth).map_err(undefined)?
                };
                let rows = b_cubed(clusters, truth).map_err(undefined)?;
                Ok(json!({
                    "precision": pairs.precision,
                    "recall": pairs.recall,
                    "f1": pairs.f1,
                    "bcubed_precision": rows.precision,
                    "bcubed_recall": rows.recall,
                    "bcubed_f1": rows.f1,
                }))
            }
        }
    }
}

/// The rows of each pair of ids, and whether they are the same.
pub(super) fn pairs_of(
    rows: &Rows<'_>,
    table: &LabTable,
) -> Result<Vec<(usize, usize, bool)>, LabError> {
    let columns = PairColumns::of(table)?;
    let mut row_of: HashMap<(u32, &str), usize> = HashMap::new();
    for (row, (id, &side)) in rows.ids.iter().zip(&rows.side_of).enumerate() {
        row_of.insert((side, id.as_str()), row);
    }
    let right_side = rows.side_of.last().copied().unwrap_or(0);
    let mut pairs = Vec::with_capacity(table.rows.len());
    for (at, cells) in table.rows.iter().enumerate() {
        let row = |side: u32, column: usize| {
            let id = cells.get(column).map_or("", |cell| cell.trim());
            row_of
                .get(&(side, id))
                .copied()
                .ok_or_else(|| table.bad(at, column, id, "id of a row"))
        };
        let (left, right) = (row(0, columns.left)?, row(right_side, columns.right)?);
        let is_same = match columns.label {
            Some(label) => is_yes(cells.get(label).map_or("", String::as_str)),
            None => true,
        };
        pairs.push((left, right, is_same));
    }
    Ok(pairs)
}

/// Pairs of a row of one file with a row of the other.
fn across(clusters: &[u32], truth: &[u32], side_of: &[u32]) -> Linkage {
    fn n_across<K: Eq + std::hash::Hash>(labels: impl Iterator<Item = K>, side_of: &[u32]) -> u64 {
        let mut sizes: HashMap<K, [u64; 2]> = HashMap::new();
        for (label, &side) in labels.zip(side_of) {
            sizes.entry(label).or_default()[side as usize] += 1;
        }
        sizes.values().map(|[left, right]| left * right).sum()
    }
    let both = clusters.iter().zip(truth);
    Linkage::of_pairs(
        n_across(both, side_of),
        n_across(clusters.iter(), side_of),
        n_across(truth.iter(), side_of),
    )
}

/// Which columns of a file of pairs are which.
struct PairColumns {
    left: usize,
    right: usize,
    label: Option<usize>,
}

impl PairColumns {
    fn of(table: &LabTable) -> Result<Self, LabError> {
        let names: Vec<String> = table
            .columns
            .iter()
            .map(|name| name.trim().to_lowercase())
            .collect();
        let find = |test: &dyn Fn(&str) -> bool| names.iter().position(|name| test(name));
        let is_id = |name: &str| name.contains("id");
        let label = find(&|name| {
            [
                "label",
                "match",
                "is_match",
                "same",
                "clerical_match_score",
                "score",
            ]
            .contains(&name)
        });
        let left = find(&|name| {
            name == "left" || (is_id(name) && (name.ends_with("_l") || name.ends_with("left")))
        });
        let right = find(&|name| {
            name == "right" || (is_id(name) && (name.ends_with("_r") || name.ends_with("right")))
        });
        let (left, right) = match (left, right) {
            (Some(left), Some(right)) => (left, right),
            _ => (0, 1),
        };
        if names.len() < 2 {
            return Err(LabError::Role(format!(
                "{} has one column; pairs have two ids",
                table.file
            )));
        }
        Ok(Self { left, right, label })
    }
}

fn is_yes(text: &str) -> bool {
    let text = text.trim();
    text.parse::<f64>().map_or_else(
        |_| ["true", "yes", "y", "match", "same"].contains(&text.to_lowercase().as_str()),
        |score| score >= 0.5,
    )
}

/// The person of an id like `rec-7-org` or `rec-7-dup-0`.
fn febrl_person(id: &str) -> Option<&str> {
    let (person, copy) = id.strip_prefix("rec-")?.split_once('-')?;
    (copy == "org" || copy.starts_with("dup-")).then_some(person)
}

fn numbered<'t>(names: impl Iterator<Item = &'t str>) -> Vec<u32> {
    let mut known: HashMap<&str, u32> = HashMap::new();
    let mut next = 0;
    names
        .map(|name| {
            // A row without a group stands alone.
            if name.is_empty() {
                next += 1;
                return next - 1;
            }
            *known.entry(name).or_insert_with(|| {
                next += 1;
                next - 1
            })
        })
        .collect()
}

/// Groups of rows that pairs join.
fn joined(n_rows: usize, pairs: &[(usize, usize, bool)]) -> Vec<u32> {
    let mut neighbors: Vec<Vec<usize>> = vec![Vec::new(); n_rows];
    for &(left, right, _) in pairs {
        neighbors[left].push(right);
        neighbors[right].push(left);
    }
    let mut group_of = vec![u32::MAX; n_rows];
    for row in 0..n_rows {
        if group_of[row] != u32::MAX {
            continue;
        }
        let mut open = vec![row];
        let mut seen = HashSet::from([row]);
        while let Some(at) = open.pop() {
            group_of[at] = row as u32;
            open.extend(
                neighbors[at]
                    .iter()
                    .copied()
                    .filter(|other| seen.insert(*other)),
            );
        }
    }
    group_of
}
