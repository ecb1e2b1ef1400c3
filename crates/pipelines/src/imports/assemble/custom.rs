//! Custom values of rows: read from the cells by the types of their fields. Rows whose values are bad
//! or another record's are rejected.

use std::collections::HashMap;

use rapport_domain::{
    CustomField, CustomFieldKind, CustomValue, CustomValues, EntityKind, ObjectKind, RejectReason,
    RejectedRow,
};
use rapport_ingest::value::date::{self, DateStyle};
use rapport_ingest::value::decimal::{self, DecimalStyle};
use rapport_ingest::value::phone::PhoneReader;
use rapport_ingest::value::{boolean, tags, text};
use rapport_ingest::{Mapping, ParsedRow, ReadOptions};
use rapport_store::custom_fields;

use super::Assembler;
use super::refusal::About;
use crate::Workspace;
use crate::error::PipelineError;

/// The columns of a file that feed custom fields, and what the rows of a chunk hold in them.
#[derive(Debug)]
pub(in crate::imports) struct CustomColumns {
    /// Whose fields they are; files of some kinds have none.
    object: Option<ObjectKind>,
    columns: Vec<CustomColumn>,
    /// What new records hold where their row says nothing.
    defaults: CustomValues,
    reader: Reader,
    /// The values of the chunk, by the line of the row.
    values: HashMap<u64, CustomValues>,
}

#[derive(Debug)]
struct CustomColumn {
    idx: usize,
    name: String,
    field: CustomField,
    /// Whether its values take the place of those that are here already.
    replaces: bool,
}

/// Why a cell is no value of its field.
type Refused = (RejectReason, String);

impl CustomColumns {
    /// The columns of a mapping, with the fields as they are now. A field that was archived or
    /// deleted since the mapping was made is fed no longer.
    pub(in crate::imports) async fn open(
        workspace: &Workspace,
        mapping: &Mapping,
        options: &ReadOptions,
    ) -> Result<Self, PipelineError> {
        let object = object_of(mapping.entity);
        let fields = match object {
            Some(object) => custom_fields::list_active(&workspace.store, object).await?,
            None => Vec::new(),
        };
        let columns = mapping.custom().filter_map(|(idx, name, key, replaces)| {
            let field = fields.iter().find(|field| field.key == key)?;
            Some(CustomColumn {
                idx,
                name: name.to_owned(),
                field: field.clone(),
                replaces,
            })
        });
        let columns = columns.collect();
        let defaults = fields.into_iter();
        let defaults = defaults.filter_map(|field| Some((field.key, field.default?)));
        Ok(Self {
            object,
            columns,
            defaults: defaults.collect(),
            reader: Reader::new(mapping, options),
            values: HashMap::new(),
        })
    }

    /// Of rows that come from no file: they feed no custom field.
    pub(super) fn none() -> Self {
        Self {
            object: None,
            columns: Vec::new(),
            defaults: CustomValues::default(),
            reader: Reader {
                dates: DateStyle::default(),
                decimal: DecimalStyle::default(),
                region: None,
                phones: PhoneReader::default(),
            },
            values: HashMap::new(),
        }
    }

    /// Whether some values must not be another record's.
    pub(super) fn has_unique(&self) -> bool {
        self.columns.iter().any(|column| column.field.is_unique)
    }

    /// Reads the custom values of rows; returns the rows that have none that is bad.
    pub(super) fn read(&mut self, rows: Vec<ParsedRow>) -> (Vec<ParsedRow>, Vec<RejectedRow>) {
        self.values.clear();
        if self.columns.is_empty() {
            return (rows, Vec::new());
        }
        let (mut good, mut rejected) = (Vec::with_capacity(rows.len()), Vec::new());
        for row in rows {
            match self.read_row(&row) {
                Ok(values) => {
                    self.values.insert(row.line(), values);
                    good.push(row);
                }
                Err(row) => rejected.push(row),
            }
        }
        (good, rejected)
    }

    fn read_row(&mut self, row: &ParsedRow) -> Result<CustomValues, RejectedRow> {
        let mut values = CustomValues::new();
        for column in &self.columns {
            let cell = row.cells().get(column.idx).map_or("", String::as_str);
            let cell = text::unmark(text::trim(cell));
            match self.reader.read(&column.field, cell) {
                Ok(None) => {}
                Ok(Some(value)) => {
                    values.insert(column.field.key.clone(), value);
                }
                Err((reason, expected)) => {
                    let message = format!("custom.{} must be {expected}", column.field.key);
                    return Err(column.reject(row, cell, reason, message));
                }
            }
        }
        Ok(values)
    }

    /// Puts the values of a row where there are none yet, or where they may replace those that are
    /// there.
    pub(super) fn put(&self, custom: &mut CustomValues, line: u64) {
        let Some(values) = self.values.get(&line) else {
            return;
        };
        for CustomColumn {
            field, replaces, ..
        } in &self.columns
        {
            if let Some(value) = values.get(&field.key)
                && (*replaces || !custom.contains_key(&field.key))
            {
                custom.insert(field.key.clone(), value.clone());
            }
        }
    }

    /// Puts all values of a row, whose source has the last word.
    pub(super) fn replace(&self, custom: &mut CustomValues, line: u64) {
        if let Some(values) = self.values.get(&line) {
            custom.extend(values.clone());
        }
    }

    /// Completes a new record by the defaults of its object, if the columns are of that.
    pub(super) fn add_defaults(&self, object: ObjectKind, custom: &mut CustomValues) {
        if self.object != Some(object) {
            return;
        }
        for (key, value) in &self.defaults {
            if !custom.contains_key(key) {
                custom.insert(key.clone(), value.clone());
            }
        }
    }
}

impl CustomColumn {
    fn reject(
        &self,
        row: &ParsedRow,
        value: &str,
        reason: RejectReason,
        message: String,
    ) -> RejectedRow {
        RejectedRow {
            line: row.line(),
            column: Some(self.name.clone()),
            value: Some(value.to_owned()),
            reason,
            message,
            cells: row.cells().to_vec(),
        }
    }
}

impl Assembler<'_> {
    /// The rejection of each row with a value that another record alone can have: one that is stored,
    /// or one that an earlier row of the chunk is about.
    pub(super) async fn custom_clashes(
        &self,
        rows: &[ParsedRow],
        abouts: &[About],
    ) -> Result<Vec<Option<RejectedRow>>, PipelineError> {
        let custom = &self.custom;
        let mut clashes: Vec<Option<RejectedRow>> = vec![None; rows.len()];
        for column in custom.columns.iter().filter(|it| it.field.is_unique) {
            let key = &column.field.key;
            let value_of = |row: &ParsedRow| custom.values.get(&row.line())?.get(key).cloned();
            let values: Vec<CustomValue> = rows.iter().filter_map(value_of).collect();
            let holders = self.records.holders(&column.field, &values).await?;
            let mut earlier: HashMap<String, &About> = HashMap::new();
            for ((row, about), clash) in rows.iter().zip(abouts).zip(&mut clashes) {
                let Some(value) = value_of(row) else { continue };
                let value = custom_fields::key_of(&value);
                let stored = holders.get(&value);
                let stored = stored.filter(|holder| about.known_id() != Some(holder.id));
                let first = *earlier.entry(value.clone()).or_insert(about);
                let holder = match stored {
                    Some(holder) => format!("{:?} ({})", holder.name, holder.id),
                    None if !first.is_same_as(about) => "an earlier row of this file".to_owned(),
                    None => continue,
                };
                let message = format!(
                    "custom.{key} {value} is that of {holder}; correct it in one of the two"
                );
                clash.get_or_insert(column.reject(row, &value, RejectReason::Clash, message));
            }
        }
        Ok(clashes)
    }
}

/// Reads cells by the types of their fields.
#[derive(Debug)]
struct Reader {
    dates: DateStyle,
    decimal: DecimalStyle,
    region: Option<String>,
    phones: PhoneReader,
}

impl Reader {
    fn new(mapping: &Mapping, options: &ReadOptions) -> Self {
        Self {
            dates: DateStyle {
                order: mapping.dates,
                ..DateStyle::default()
            },
            decimal: mapping.decimal,
            region: options.default_region.clone(),
            phones: PhoneReader::default(),
        }
    }

    /// The value of a cell; none where it is blank.
    fn read(&mut self, field: &CustomField, cell: &str) -> Result<Option<CustomValue>, Refused> {
        use CustomFieldKind as K;
        if text::is_nothing(cell) {
            return Ok(None);
        }
        let (reason, value) = match &field.kind {
            K::Text | K::LongText => (RejectReason::Invalid, Some(as_text(cell))),
            K::Email => {
                let address = text::clean(cell);
                let address = address.strip_prefix("mailto:").unwrap_or(&address);
                (RejectReason::BadEmail, Some(as_text(address)))
            }
            K::Url => (RejectReason::Invalid, Some(CustomValue::Text(web(cell)))),
            K::Phone => {
                let number = self.phones.read(cell, self.region.as_deref());
                (
                    RejectReason::BadPhone,
                    number.map(|it| as_text(it.as_str())),
                )
            }
            K::Number | K::Integer => {
                let amount = decimal::parse(cell, self.decimal);
                let number = amount.map(|it| CustomValue::Number(it.decimal.to_f64()));
                (RejectReason::BadNumber, number)
            }
            K::Boolean => {
                let value = boolean::parse(cell).map(CustomValue::Boolean);
                (RejectReason::Invalid, value)
            }
            K::Date => {
                let at = date::parse(cell, self.dates);
                (
                    RejectReason::BadDate,
                    at.map(|at| as_text(&at.date().to_string())),
                )
            }
            K::Timestamp => {
                let at = date::parse(cell, self.dates);
                (
                    RejectReason::BadDate,
                    at.map(|at| as_text(&at.to_sortable())),
                )
            }
            K::Choice { .. } => {
                let option = field.kind.option_named(cell).map(as_text);
                (RejectReason::Invalid, option)
            }
            K::MultipleChoice { .. } => {
                let named = tags::parse(cell);
                let named = named.iter().map(|it| field.kind.option_named(it));
                let options: Option<Vec<String>> = named.map(|it| it.map(str::to_owned)).collect();
                (RejectReason::Invalid, options.map(CustomValue::Choices))
            }
        };
        let value = value.ok_or_else(|| (reason, field.kind.expected()))?;
        field
            .read_value(value)
            .map_err(|expected| (reason, expected))
    }
}

fn as_text(text: &str) -> CustomValue {
    CustomValue::Text(text.to_owned())
}

/// An address as a browser takes it: files often leave out how it is reached.
fn web(cell: &str) -> String {
    match cell.contains("://") || !cell.contains('.') {
        true => cell.to_owned(),
        false => format!("https://{cell}"),
    }
}

/// The object that rows of a kind are records of, where it has custom fields.
pub(in crate::imports) const fn object_of(entity: EntityKind) -> Option<ObjectKind> {
    match entity {
        EntityKind::Contacts => Some(ObjectKind::Contact),
        EntityKind::Companies => Some(ObjectKind::Company),
        EntityKind::Tickets => Some(ObjectKind::Ticket),
        EntityKind::Deals => Some(ObjectKind::Deal),
        EntityKind::Tasks => Some(ObjectKind::Task),
        EntityKind::Notes
        | EntityKind::OrderLines
        | EntityKind::Events
        | EntityKind::Products
        | EntityKind::Campaigns => None,
    }
}

#[cfg(test)]
mod tests {
    use rapport_domain::{LocalizedText, Timestamp};

    use super::*;

    fn read(kind: CustomFieldKind, cell: &str) -> Result<Option<CustomValue>, RejectReason> {
        let id = uuid::Uuid::nil().into();
        let label = LocalizedText::new("Field", "字段");
        let (object, now) = (ObjectKind::Contact, Timestamp::from_millis(0));
        let field = CustomField::new(id, object, "field", label, kind, now);
        let mut reader = Reader {
            dates: DateStyle {
                order: rapport_ingest::DateOrder::DayFirst,
                ..DateStyle::default()
            },
            decimal: DecimalStyle::Comma,
            region: Some("GB".to_owned()),
            phones: PhoneReader::default(),
        };
        reader.read(&field, cell).map_err(|(reason, _)| reason)
    }

    #[test]
    fn cells_are_read_by_the_type_of_their_field() {
        use CustomFieldKind as K;
        let check = |kind: K, cell: &str, expected: CustomValue| {
            assert_eq!(read(kind, cell), Ok(Some(expected)), "{cell}");
        };

        check(K::Number, "1.234,5", CustomValue::Number(1_234.5));
        check(K::Date, "03/04/2026", as_text("2026-04-03"));
        check(K::Boolean, "是", CustomValue::Boolean(true));
        check(K::Phone, "020 7946 0958", as_text("+442079460958"));
        check(K::Url, "example.com/a", as_text("https://example.com/a"));
        check(K::choice(["Gold", "Silver"]), "gold", as_text("Gold"));
        let both = CustomValue::Choices(vec!["a".to_owned(), "b".to_owned()]);
        check(K::multiple_choice(["a", "b", "c"]), "B; a", both);
        check(
            K::Email,
            "mailto:Ada@Example.com",
            as_text("ada@example.com"),
        );
    }

    #[test]
    fn bad_cells_tell_why_and_blank_ones_are_nothing() {
        use CustomFieldKind as K;

        assert_eq!(read(K::Number, "many"), Err(RejectReason::BadNumber));
        assert_eq!(read(K::Integer, "1,5"), Err(RejectReason::BadNumber));
        assert_eq!(read(K::Date, "soon"), Err(RejectReason::BadDate));
        assert_eq!(read(K::Email, "nobody"), Err(RejectReason::BadEmail));
        assert_eq!(read(K::choice(["a"]), "z"), Err(RejectReason::Invalid));
        assert_eq!(read(K::Number, ""), Ok(None));
    }
}
