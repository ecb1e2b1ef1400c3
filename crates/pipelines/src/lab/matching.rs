//! `lab match`: which rows are of one person or company, found without labels or learned from pairs.

mod learned;
mod truth;

use std::collections::HashMap;
use std::time::Instant;

use rapport_identity::{
    BlockingReport, Constraints, Field, FieldKind, IdentityError, MatchParams, RawColumn, Records,
    Resolution, detect, exact_keys, resolve,
};
use rapport_learn::Context;
use serde_json::{Value, json};

pub use self::learned::{PairsLab, match_pairs};
use self::truth::Truth;
use super::roles::Roles;
use super::table::{LabError, LabTable};

/// Roles that `--map` knows: who a row is of, and what a column holds where its name does not tell.
pub const MATCH_ROLES: [&str; 18] = [
    "id",
    "cluster",
    "given_name",
    "surname",
    "full_name",
    "company",
    "birth_date",
    "phone",
    "email",
    "street",
    "house_number",
    "city",
    "postcode",
    "identifier",
    "number",
    "category",
    "text",
    "ignore",
];

/// What is asked for.
#[derive(Debug)]
pub struct MatchLab {
    /// The rows, or those of the left side.
    pub left: LabTable,
    /// The rows of the right side, where two files are linked; each file then has a person once.
    pub right: Option<LabTable>,
    /// Pairs of ids that are the same (or, with a label, are not), used for scoring only.
    pub truth: Option<LabTable>,
    /// [`MATCH_ROLES`]; other columns are what their names and values say.
    pub roles: Roles,
    /// How to match.
    pub params: MatchParams,
}

/// What the lab found.
#[derive(Debug)]
pub struct MatchResult {
    /// The object that `--json` prints, memory and version left out.
    pub summary: Value,
    /// Every row's file, id and group.
    pub groups: Vec<(String, String, u32)>,
}

/// Matches rows and measures the groups where the truth is known.
///
/// The truth is a column with the role `cluster` (or of that name), pairs of ids, or stands in ids as
/// FEBRL's generator writes them; no column that tells it is compared.
///
/// # Errors
/// [`LabError`] where a role, a file or the rows cannot be used.
pub fn match_records(lab: &MatchLab, context: &Context<'_>) -> Result<MatchResult, LabError> {
    let sides: Vec<&LabTable> = [Some(&lab.left), lab.right.as_ref()]
        .into_iter()
        .flatten()
        .collect();
    let rows = Rows::of(&sides, &lab.roles)?;
    let truth = Truth::of(&rows, lab.truth.as_ref())?;

    let started = Instant::now();
    let raw: Vec<RawColumn<'_>> = rows.columns(&lab.roles)?;
    let records = Records::new(&raw, context).map_err(identity)?;
    let constraints = match sides.len() {
        1 => Constraints::none(),
        _ => Constraints::none().never_within_source(&rows.sources()),
    };
    let found = resolve(&records, &constraints, &lab.params, context).map_err(identity)?;
    let seconds = started.elapsed().as_secs_f64();

    let figures = |clusters: &[u32]| -> Result<Value, LabError> {
        truth.as_ref().map_or(Ok(Value::Null), |truth| {
            truth.figures(clusters, &rows.side_of)
        })
    };
    let n_groups = found.clusters.iter().max().map_or(0, |last| last + 1);
    let summary = json!({
        "task": "match",
        "model": "fellegi_sunter",
        "rows": {
            "train": rows.n_rows(),
            "valid": 0,
            "test": rows.n_rows(),
            "rejected": sides.iter().map(|side| side.n_rejected).sum::<u64>(),
        },
        "metrics": figures(&found.clusters)?,
        "baseline": { "name": "exact_keys", "metrics": figures(&exact_keys(&records))? },
        "groups": n_groups,
        "fields": fields(&found),
        "blocking": blocking(&found.blocking),
        "seconds": { "fit": seconds, "predict": 0.0 },
        "seed": context.seed,
    });
    let places = rows.side_of.iter().zip(&rows.ids);
    let groups = places
        .zip(&found.clusters)
        .map(|((&side, id), &group)| (sides[side as usize].file.clone(), id.clone(), group))
        .collect();
    Ok(MatchResult { summary, groups })
}

/// Rows of one file or two, under the columns of the first.
struct Rows<'t> {
    names: Vec<&'t str>,
    /// Column by column.
    texts: Vec<Vec<&'t str>>,
    ids: Vec<String>,
    /// The column that names rows, and the one that tells the truth.
    id: Option<usize>,
    cluster: Option<usize>,
    side_of: Vec<u32>,
}

impl<'t> Rows<'t> {
    fn of(sides: &[&'t LabTable], roles: &Roles) -> Result<Self, LabError> {
        let first = sides[0];
        let names: Vec<&str> = first.columns.iter().map(|name| name.trim()).collect();
        let mut texts = vec![Vec::new(); names.len()];
        let mut side_of = Vec::new();
        for (side, table) in sides.iter().enumerate() {
            let by_name: HashMap<&str, usize> = table
                .columns
                .iter()
                .enumerate()
                .map(|(idx, name)| (name.trim(), idx))
                .collect();
            if !names.iter().any(|name| by_name.contains_key(name)) {
                let (a, b) = (&first.file, &table.file);
                return Err(LabError::Role(format!(
                    "{a} and {b} have no column of one name in common"
                )));
            }
            for (texts, name) in texts.iter_mut().zip(&names) {
                match by_name.get(name) {
                    Some(&column) => texts.extend(table.texts(column).map(str::trim)),
                    None => texts.extend(std::iter::repeat_n("", table.rows.len())),
                }
            }
            side_of.extend(std::iter::repeat_n(side as u32, table.rows.len()));
        }
        let named = |role: &str| roles.get(role).map(|name| first.column(name)).transpose();
        let by_name = |name: &str| {
            names
                .iter()
                .position(|known| known.eq_ignore_ascii_case(name))
        };
        let cluster = named("cluster")?.or_else(|| by_name("cluster"));
        let id = named("id")?.or_else(|| {
            ["id", "unique_id", "rec_id", "record_id"]
                .iter()
                .find_map(|name| by_name(name))
        });
        let ids = match id {
            Some(id) => texts[id].iter().map(|id| (*id).to_owned()).collect(),
            None => (1..=side_of.len()).map(|row| row.to_string()).collect(),
        };
        Ok(Self {
            names,
            texts,
            ids,
            id,
            cluster,
            side_of,
        })
    }

    fn n_rows(&self) -> usize {
        self.side_of.len()
    }

    fn sources(&self) -> Vec<Option<u32>> {
        self.side_of.iter().map(|&side| Some(side)).collect()
    }

    /// What is compared: every column but those that name rows or tell the truth.
    fn columns(&self, roles: &Roles) -> Result<Vec<RawColumn<'t>>, LabError> {
        let kept = (0..self.names.len()).filter(|&idx| Some(idx) != self.cluster);
        let columns: Vec<(&str, Vec<&str>)> = kept
            .map(|idx| (self.names[idx], self.texts[idx].clone()))
            .collect();
        let mut fields = detect(&columns);
        for role in MATCH_ROLES {
            let (Some(kind), Some(name)) = (kind(role), roles.get(role)) else {
                continue;
            };
            let wanted = self.position(name)?;
            if let Some(field) = fields
                .iter_mut()
                .find(|field| field.name == self.names[wanted])
            {
                *field = Field::new(field.name.clone(), kind);
            }
        }
        let with_texts = fields.into_iter().zip(columns);
        Ok(with_texts
            .map(|(field, (_, values))| RawColumn { field, values })
            .collect())
    }

    fn position(&self, name: &str) -> Result<usize, LabError> {
        let by_index = || {
            name.strip_prefix('#')?
                .parse()
                .ok()
                .filter(|&idx: &usize| idx < self.names.len())
        };
        let found = self
            .names
            .iter()
            .position(|known| *known == name)
            .or_else(by_index);
        found.ok_or_else(|| {
            LabError::Role(format!(
                "there is no column {name:?}; there are {}",
                self.names.join(", ")
            ))
        })
    }
}

/// What a column of a role holds.
fn kind(role: &str) -> Option<FieldKind> {
    Some(match role {
        "id" | "ignore" => FieldKind::RecordKey,
        "given_name" => FieldKind::GivenName,
        "surname" => FieldKind::Surname,
        "full_name" => FieldKind::FullName,
        "company" => FieldKind::Company,
        "birth_date" => FieldKind::BirthDate,
        "phone" => FieldKind::Phone,
        "email" => FieldKind::Email,
        "street" => FieldKind::Street,
        "house_number" => FieldKind::HouseNumber,
        "city" => FieldKind::City,
        "postcode" => FieldKind::Postcode,
        "identifier" => FieldKind::Id,
        "number" => FieldKind::Number,
        "category" => FieldKind::Category,
        "text" => FieldKind::Text,
        _ => return None,
    })
}

/// The fields that were compared: their kinds, and the bits that agreement and difference are worth.
fn fields(found: &Resolution) -> Value {
    let of_field = |(field, levels): (
        &Field,
        &[rapport_identity::LevelWeight; rapport_identity::N_LEVELS],
    )| {
        json!({
            "name": field.name,
            "kind": format!("{:?}", field.kind),
            "weight_same": levels[1].weight,
            "weight_different": levels[rapport_identity::N_LEVELS - 1].weight,
        })
    };
    found
        .model
        .fields
        .iter()
        .zip(&found.model.levels)
        .map(of_field)
        .collect()
}

fn blocking(report: &BlockingReport) -> Value {
    json!({
        "pairs": report.n_pairs,
        "pairs_possible": report.n_pairs_possible,
        "blocks": report.n_blocks,
        "largest_block": report.largest,
        "blocks_split": report.n_split,
        "blocks_too_large": report.n_too_large,
        "blocks_over_budget": report.n_over_budget,
    })
}

fn identity(error: IdentityError) -> LabError {
    match error {
        IdentityError::Learn(error) => LabError::Learn(error.into()),
        other => LabError::Match(other),
    }
}

#[cfg(test)]
mod tests;
