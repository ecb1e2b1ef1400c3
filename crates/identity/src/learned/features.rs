//! The numbers that describe a pair: per field, across fields, and of both records as one text each.

use rapport_learn::{Context, Matrix, map_parts};
use serde::{Deserialize, Serialize};

use super::NetworkParams;
use super::alike::Alike;
use super::code_features;
use super::neighbors::{self, Closest, Known, Pieces};
use super::network::Bag;
use super::pairs::{Decisions, distinct};
use super::rarity::Rarity;
use super::text_features;
use super::view::View;
use crate::compare::{Comparer, Level, Memory};
use crate::hash::HashedMap;
use crate::records::{ColumnBuilder, Records};
use crate::standardize::Style;
use crate::{Field, FieldKind, IdentityError, RawColumn};

/// Pairs that one thread describes at a time.
const N_OF_PART: usize = 256;

/// Names of the features of a number.
const NUMBER_NAMES: [&str; 5] = ["ratio", "same", "apart", "left missing", "right missing"];
/// Names of the features of any field but numbers, besides those of texts.
const FIELD_NAMES: [&str; 8] = [
    "left missing",
    "right missing",
    "left commonness",
    "right commonness",
    "left in right record",
    "right in left record",
    "codes of left in right record",
    "codes of right in left record",
];
/// What the two records as one text each are called.
const RECORD: &str = "record";

/// What is known of the fields: their kinds, how their values are written, how rare their words are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Describer {
    fields: Vec<Described>,
    record: Rarity,
    /// For each kind of pieces the records that stood on the left and on the right of decisions.
    known: Vec<(Pieces, [Known; 2])>,
}

/// One field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Described {
    name: String,
    kind: FieldKind,
    style: Style,
    rarity: Rarity,
}

/// Records taken apart.
#[derive(Debug)]
pub(super) struct Prepared {
    /// `(n_fields, n_records)`.
    fields: Vec<Values>,
    /// `(n_records,)`.
    records: Vec<View>,
    /// Fields that are compared by levels, and the column of each.
    leveled: Option<(Records, Vec<Option<usize>>)>,
}

/// The values of a field.
#[derive(Debug)]
enum Values {
    Numbers(Vec<Option<f64>>),
    Texts(Vec<View>),
}

impl Prepared {
    /// What the network sees of each record.
    pub(super) fn bags(&self, params: &NetworkParams) -> Vec<Bag> {
        self.records
            .iter()
            .map(|view| Bag::of(view, params))
            .collect()
    }
}

impl Described {
    fn is_number(&self) -> bool {
        self.kind == FieldKind::Number
    }
}

/// Kinds whose levels do not hang on how common words are.
const fn has_levels(kind: FieldKind) -> bool {
    matches!(
        kind,
        FieldKind::GivenName
            | FieldKind::Surname
            | FieldKind::BirthDate
            | FieldKind::Phone
            | FieldKind::Email
            | FieldKind::Postcode
            | FieldKind::HouseNumber
    )
}

impl Describer {
    /// Looks at the fields of the records that are learned from, each record once.
    pub(super) fn fit(raw: &[RawColumn<'_>], decisions: &Decisions) -> Self {
        let records = &decisions.records();
        let compared = raw
            .iter()
            .filter(|column| column.field.kind != FieldKind::RecordKey);
        let columns: Vec<&RawColumn<'_>> = compared.collect();
        let fields: Vec<Described> = columns
            .iter()
            .map(|column| Described::fit(column, records))
            .collect();
        let mut record = Rarity::default();
        for &row in records {
            record.add(&whole(&fields, &columns, row as usize));
        }
        let view = |row: &u32| View::of(&whole(&fields, &columns, *row as usize), &record);
        let sides = decisions
            .sides()
            .map(|side| side.iter().map(view).collect::<Vec<View>>());
        let known = Pieces::ALL.map(|pieces| {
            let of_side = |side: &Vec<View>| Known::of(&side.iter().collect::<Vec<_>>(), pieces);
            (pieces, [of_side(&sides[0]), of_side(&sides[1])])
        });
        Self {
            known: known.to_vec(),
            fields,
            record,
        }
    }

    /// Whether what was read from a file can be.
    pub(super) fn is_whole(&self) -> bool {
        self.known
            .iter()
            .all(|(_, sides)| sides.iter().all(Known::is_whole))
    }

    /// The names of the fields.
    pub(super) fn field_names(&self) -> Vec<String> {
        self.fields.iter().map(|field| field.name.clone()).collect()
    }

    /// The names of all features, in their order.
    pub(super) fn names(&self) -> Vec<String> {
        let mut names = Vec::new();
        for field in &self.fields {
            let of_field: Vec<&str> = if field.is_number() {
                NUMBER_NAMES.to_vec()
            } else {
                let leveled = has_levels(field.kind).then_some("level");
                let texts = text_features::NAMES.iter().chain(&code_features::NAMES);
                FIELD_NAMES
                    .iter()
                    .chain(texts)
                    .copied()
                    .chain(leveled)
                    .collect()
            };
            names.extend(
                of_field
                    .iter()
                    .map(|name| format!("{}: {name}", field.name)),
            );
        }
        let texts = text_features::NAMES.iter().chain(&code_features::NAMES);
        names.extend(texts.map(|name| format!("{RECORD}: {name}")));
        for (pieces, _) in &self.known {
            let of_pieces = neighbors::NAMES.iter();
            names.extend(of_pieces.map(|name| format!("{RECORD}, {}: {name}", pieces.name())));
        }
        names
    }

    /// Takes records apart; columns are found by their names.
    ///
    /// # Errors
    /// [`IdentityError::MissingField`] where a field that was learned from is not there.
    pub(super) fn prepare(
        &self,
        raw: &[RawColumn<'_>],
        context: &Context<'_>,
    ) -> Result<Prepared, IdentityError> {
        let columns = self
            .fields
            .iter()
            .map(|field| {
                let found = raw.iter().find(|column| column.field.name == field.name);
                found.ok_or_else(|| IdentityError::MissingField {
                    field: field.name.clone(),
                })
            })
            .collect::<Result<Vec<&RawColumn<'_>>, _>>()?;
        let n_records = columns.first().map_or(0, |column| column.values.len());
        context.proceed()?;
        let mut fields = Vec::with_capacity(columns.len());
        for (field, column) in self.fields.iter().zip(&columns) {
            fields.push(field.values(column, context));
        }
        let records = map_parts(context.threads, chunks(n_records).into_iter(), |part| {
            let row = |row| View::of(&whole(&self.fields, &columns, row), &self.record);
            part.map(row).collect::<Vec<View>>()
        });
        Ok(Prepared {
            fields,
            records: records.concat(),
            leveled: self.leveled(&columns, n_records),
        })
    }

    fn leveled(
        &self,
        columns: &[&RawColumn<'_>],
        n_records: usize,
    ) -> Option<(Records, Vec<Option<usize>>)> {
        let mut places = vec![None; self.fields.len()];
        let mut built = Vec::new();
        for (at, (field, column)) in self.fields.iter().zip(columns).enumerate() {
            if !has_levels(field.kind) {
                continue;
            }
            places[at] = Some(built.len());
            let mut builder = ColumnBuilder::new(Field::new(&*field.name, field.kind), field.style);
            let codes: Vec<u32> = column
                .values
                .iter()
                .map(|value| builder.add(value))
                .collect();
            built.push((builder.finish(), codes));
        }
        (!built.is_empty()).then(|| (Records::of_columns(built, n_records), places))
    }

    /// Describes pairs: `(n_pairs, n_features)`, `NaN` where a value is missing.
    ///
    /// # Errors
    /// The caller's wish to stop.
    pub(super) fn describe(
        &self,
        prepared: &Prepared,
        pairs: &[(u32, u32)],
        context: &Context<'_>,
    ) -> Result<Matrix, IdentityError> {
        context.proceed()?;
        let closest = self.closest(prepared, pairs, context);
        let comparer = prepared
            .leveled
            .as_ref()
            .map(|(records, _)| Comparer::new(records));
        let parts = map_parts(context.threads, pairs.chunks(N_OF_PART), |part| {
            let mut features = Vec::new();
            for &(left, right) in part {
                let levels =
                    |field: usize| level(prepared, comparer.as_ref()?, field, (left, right));
                let pair = (left as usize, right as usize);
                self.pair(prepared, pair, levels, &mut features);
                let views = (&prepared.records[pair.0], &prepared.records[pair.1]);
                for ((pieces, _), [to_left, to_right]) in self.known.iter().zip(&closest) {
                    let closest = (&to_left[&left], &to_right[&right]);
                    neighbors::push(views, closest, *pieces, &mut features);
                }
            }
            features
        });
        let n_columns = self.names().len();
        Ok(Matrix::new(pairs.len(), n_columns, parts.concat())?)
    }

    /// For each kind of pieces what is known on the right of each left record, and the other way around.
    fn closest(
        &self,
        prepared: &Prepared,
        pairs: &[(u32, u32)],
        context: &Context<'_>,
    ) -> Vec<[HashedMap<u32, Closest>; 2]> {
        let of_side = |rows: Vec<u32>, known: &Known, pieces: Pieces| {
            let parts = map_parts(context.threads, rows.chunks(N_OF_PART), |part| {
                let of_row =
                    |&row: &u32| (row, known.closest(&prepared.records[row as usize], pieces));
                part.iter().map(of_row).collect::<Vec<_>>()
            });
            parts
                .into_iter()
                .flatten()
                .collect::<HashedMap<u32, Closest>>()
        };
        let of_pieces = |(pieces, [left, right]): &(Pieces, [Known; 2])| {
            let lefts = distinct(pairs.iter().map(|pair| pair.0));
            let rights = distinct(pairs.iter().map(|pair| pair.1));
            [
                of_side(lefts, right, *pieces),
                of_side(rights, left, *pieces),
            ]
        };
        self.known.iter().map(of_pieces).collect()
    }

    fn pair(
        &self,
        prepared: &Prepared,
        (left, right): (usize, usize),
        level: impl Fn(usize) -> Option<f64>,
        features: &mut Vec<f64>,
    ) {
        let (whole_left, whole_right) = (&prepared.records[left], &prepared.records[right]);
        for (at, (field, values)) in self.fields.iter().zip(&prepared.fields).enumerate() {
            match values {
                Values::Numbers(numbers) => push_numbers(numbers[left], numbers[right], features),
                Values::Texts(texts) => {
                    let (a, b) = (&texts[left], &texts[right]);
                    let commonness =
                        |view: &View| f64::from(field.rarity.n_of_value(&view.folded)).ln_1p();
                    features.extend([
                        f64::from(a.is_empty()),
                        f64::from(b.is_empty()),
                        commonness(a),
                        commonness(b),
                        within(a, whole_right),
                        within(b, whole_left),
                        codes_within(a, whole_right),
                        codes_within(b, whole_left),
                    ]);
                    text_features::push(a, b, features);
                    if has_levels(field.kind) {
                        features.push(level(at).unwrap_or(f64::NAN));
                    }
                }
            }
        }
        text_features::push(whole_left, whole_right, features);
    }
}

impl Described {
    fn fit(column: &RawColumn<'_>, records: &[u32]) -> Self {
        let values = || records.iter().map(|&row| column.values[row as usize]);
        let kind = column.field.kind;
        let mut rarity = Rarity::default();
        if kind != FieldKind::Number {
            values().for_each(|value| rarity.add(value));
        }
        Self {
            name: column.field.name.clone(),
            kind,
            style: Style::of(kind, values()),
            rarity,
        }
    }

    fn values(&self, column: &RawColumn<'_>, context: &Context<'_>) -> Values {
        if self.is_number() {
            let number = |value: &&str| {
                crate::standardize::standardize(FieldKind::Number, value, self.style)?
                    .parse()
                    .ok()
            };
            return Values::Numbers(column.values.iter().map(number).collect());
        }
        let parts = map_parts(context.threads, column.values.chunks(N_OF_PART), |part| {
            part.iter()
                .map(|value| View::of(value, &self.rarity))
                .collect::<Vec<View>>()
        });
        Values::Texts(parts.concat())
    }
}

fn chunks(n: usize) -> Vec<std::ops::Range<usize>> {
    (0..n)
        .step_by(N_OF_PART)
        .map(|at| at..n.min(at + N_OF_PART))
        .collect()
}

/// All texts of a record as one.
fn whole(fields: &[Described], columns: &[&RawColumn<'_>], row: usize) -> String {
    let texts = fields
        .iter()
        .zip(columns)
        .filter(|(field, _)| !field.is_number())
        .map(|(_, column)| column.values[row]);
    texts.collect::<Vec<&str>>().join(" ")
}

fn push_numbers(left: Option<f64>, right: Option<f64>, features: &mut Vec<f64>) {
    let both = left.zip(right);
    let of_both = |value: fn(f64, f64) -> f64| both.map_or(f64::NAN, |(a, b)| value(a, b));
    features.extend([
        of_both(|a, b| if a == b { 1.0 } else { a.min(b) / a.max(b) }),
        of_both(|a, b| f64::from(a == b)),
        of_both(|a, b| a - b),
        f64::from(left.is_none()),
        f64::from(right.is_none()),
    ]);
}

/// The weight of a value's words that the other record has in any of its fields, 0 to 1.
fn within(value: &View, record: &View) -> f64 {
    if value.is_empty() {
        return f64::NAN;
    }
    let alike = Alike::of(value, record);
    alike.within / alike.total
}

/// The longest code of a value that stands in the other record; below 0 where there are codes and none does.
fn codes_within(value: &View, record: &View) -> f64 {
    let longest = value.codes.first().map_or(0.0, |code| code.len() as f64);
    let mut there = value
        .codes
        .iter()
        .filter(|code| record.squeezed.contains(&***code));
    there.next().map_or(-longest, |code| code.len() as f64)
}

fn level(
    prepared: &Prepared,
    comparer: &Comparer<'_>,
    field: usize,
    (left, right): (u32, u32),
) -> Option<f64> {
    let (records, places) = prepared.leveled.as_ref()?;
    let column = places[field]?;
    let (left, right) = (records.row(left as usize), records.row(right as usize));
    let level = comparer.level(column, left, right, &mut Memory::of_one());
    (level != Level::MISSING).then_some(f64::from(level))
}
