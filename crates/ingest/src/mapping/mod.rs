//! Which column feeds which field: the guess, its reasons, and the rules it must keep.

mod assign;
mod catalog;
mod contents;
mod dates;
mod field;
mod guess;
mod header;
mod mode;
mod zone;

use std::collections::{BTreeMap, BTreeSet};

use rapport_domain::{EntityKind, Invalid, Violation};
use serde::{Deserialize, Serialize};

pub use field::{Field, fields};
pub use guess::{guess_mapping, guess_mapping_by, guess_mapping_for, guess_mapping_without_preset};
pub use mode::{Existing, ImportMode};

pub(crate) use header::is_known as is_known_header;

use crate::preset::{self, Preset};
use crate::rejected::REJECTED_COLUMNS;
use crate::value::currency;
use crate::value::date::DateOrder;
use crate::value::decimal::DecimalStyle;

/// Why a column was given its field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MappingReason {
    /// The column's name is a known name of the field.
    HeaderSynonym,
    /// The column's name is like a known name of the field.
    SimilarHeader,
    /// The column's contents look like the field.
    Contents,
    /// The preset of the system that wrote the file says so.
    Preset,
    /// A person chose.
    #[default]
    Chosen,
    /// No field fits; the column is kept in the source record.
    Unmapped,
}

/// What becomes of one column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ColumnMapping {
    /// Name of the column in the file.
    pub column: String,
    /// The field that it feeds; none where it is only kept in the source record.
    #[serde(default)]
    pub field: Option<Field>,
    /// How sure the guess is, in `[0, 1]`.
    #[serde(default = "certain")]
    pub confidence: f64,
    /// Why.
    #[serde(default)]
    pub reason: MappingReason,
    /// Whether its values replace those that are here already; as for the whole file where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replace: Option<bool>,
    /// Key of the custom field that it feeds, where it feeds one and no field of ours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom: Option<String>,
}

fn certain() -> f64 {
    1.0
}

/// What becomes of all columns of a file, in their order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mapping {
    /// What a row is about.
    pub entity: EntityKind,
    /// Key of the [preset](crate::Preset) by which the file is read: it may feed a field by several
    /// columns and says how keys are written. None where nobody knows who wrote the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preset: Option<String>,
    /// One per column of the file, in its order.
    pub columns: Vec<ColumnMapping>,
    /// How dates such as `03/04/2026` are read.
    #[serde(default)]
    pub dates: DateOrder,
    /// How numbers such as `1.500` are read.
    #[serde(default)]
    pub decimal: DecimalStyle,
    /// What a field is where no column feeds it or its cell is empty, such as the currency.
    #[serde(default)]
    pub constants: BTreeMap<Field, String>,
    /// Order numbers that begin so and go on with digits only are cancellations, as `C536379` is
    /// in many shops' files; none where order numbers tell nothing.
    #[serde(default = "cancellation_prefix")]
    pub cancelled_order_prefix: Option<String>,
    /// Whether rows make records, change them, or both.
    #[serde(default)]
    pub mode: ImportMode,
    /// What becomes of values that are here already.
    #[serde(default)]
    pub existing: Existing,
    /// Of a mailbox, the addresses and domains that are ours: messages from them were sent, all others
    /// received. Where none is named, the file tells whose mailbox it is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub own_addresses: Vec<String>,
    /// Of events, where clocks show the times of the file that have no zone: a name such as
    /// `Europe/Berlin`, or else universal time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
}

fn cancellation_prefix() -> Option<String> {
    Some("C".to_owned())
}

impl Mapping {
    /// Names of all columns.
    pub fn column_names(&self) -> Vec<String> {
        self.columns
            .iter()
            .map(|column| column.column.clone())
            .collect()
    }

    /// Whether the file is one of rejected rows, mended: it has the columns that
    /// [`RejectedWriter`](crate::RejectedWriter) puts first. Such a file has some rows of the
    /// original and never all of them.
    pub fn is_of_rejected_rows(&self) -> bool {
        let has = |name: &str| self.columns.iter().any(|column| column.column == name);
        REJECTED_COLUMNS.iter().all(|name| has(name))
    }

    /// The name of the column that feeds a field.
    pub fn column_of(&self, field: Field) -> Option<&str> {
        let column = self
            .columns
            .iter()
            .find(|column| column.field == Some(field));
        column.map(|column| column.column.as_str())
    }

    /// The columns that feed custom fields: their positions and names, the keys of the fields, and
    /// whether their values replace those that are here already.
    pub fn custom(&self) -> impl Iterator<Item = (usize, &str, &str, bool)> {
        let columns = self.columns.iter().enumerate();
        columns.filter_map(|(idx, column)| {
            let key = column.custom.as_deref()?;
            let replaces = column.replace.unwrap_or(self.existing == Existing::Replace);
            Some((idx, column.column.as_str(), key, replaces))
        })
    }

    /// The columns that feed no field, with their positions: kept in the source record, and ready
    /// to become custom fields.
    pub fn unmapped(&self) -> impl Iterator<Item = (usize, &str)> {
        self.columns
            .iter()
            .enumerate()
            .filter(|(_, column)| column.field.is_none() && column.custom.is_none())
            .map(|(idx, column)| (idx, column.column.as_str()))
    }

    /// Checks that the mapping can be used.
    ///
    /// # Errors
    /// [`Invalid`] with every broken rule: a field fed by two columns, a column named twice, a
    /// field that the kind of record does not have, a required field without a column, a constant
    /// that cannot be one, a mode that the kind of record does not have. Each names column and field.
    pub fn check(&self) -> Result<(), Invalid> {
        let mut violations = Vec::new();
        self.check_preset(&mut violations);
        self.check_columns(&mut violations);
        self.check_custom(&mut violations);
        self.check_required(&mut violations);
        self.check_constants(&mut violations);
        self.check_mode(&mut violations);
        self.check_zone(&mut violations);
        Invalid::check(violations)
    }

    /// The preset by which the file is read.
    pub(crate) fn known_preset(&self) -> Option<&'static Preset> {
        preset::find_preset(self.preset.as_deref()?)
    }

    fn check_preset(&self, violations: &mut Vec<Violation>) {
        let Some(key) = &self.preset else { return };
        let (code, message) = match self.known_preset() {
            None => (
                "unknown_preset",
                format!("there is no preset \"{key}\"; leave it out or choose another one"),
            ),
            Some(preset) if preset.entity != self.entity => (
                "preset_of_others",
                format!(
                    "the preset \"{key}\" is for {}; leave it out to import {}",
                    plural(preset.entity),
                    plural(self.entity)
                ),
            ),
            Some(_) => return,
        };
        violations.push(Violation::new("/preset", code, message));
    }

    fn check_columns(&self, violations: &mut Vec<Violation>) {
        let mut names = BTreeSet::new();
        let mut fed: BTreeMap<Field, &str> = BTreeMap::new();
        for ColumnMapping { column, field, .. } in &self.columns {
            if !names.insert(column) {
                let message = format!("column \"{column}\" is listed twice; list it once");
                violations.push(Violation::new("/columns", "column_twice", message));
            }
            let Some(field) = *field else {
                continue;
            };
            if !self.has(field) {
                let message = format!(
                    "column \"{column}\" feeds {}, which {} do not have; choose another field",
                    field.name(),
                    plural(self.entity)
                );
                violations.push(Violation::new("/columns", "unknown_field", message));
            }
            let other = fed.insert(field, column);
            let is_several = self.known_preset().is_some_and(|it| it.has_several(field));
            if let Some(other) = other.filter(|_| !is_several) {
                let message = format!(
                    "columns \"{other}\" and \"{column}\" both feed {}; keep one of them",
                    field.name()
                );
                violations.push(Violation::new("/columns", "field_twice", message));
            }
        }
    }

    fn check_custom(&self, violations: &mut Vec<Violation>) {
        let mut fed: BTreeMap<&str, &str> = BTreeMap::new();
        for (_, column, key, _) in self.custom() {
            if !has_custom_fields(self.entity) {
                let kind = plural(self.entity);
                let message = format!(
                    "column \"{column}\" feeds custom.{key}, and {kind} have no custom fields; \
                     choose another field"
                );
                violations.push(Violation::new("/columns", "unknown_field", message));
            }
            if let Some(other) = fed.insert(key, column) {
                let message = format!(
                    "columns \"{other}\" and \"{column}\" both feed custom.{key}; keep one of them"
                );
                violations.push(Violation::new("/columns", "field_twice", message));
            }
        }
    }

    fn check_required(&self, violations: &mut Vec<Violation>) {
        let is_given = |field: &Field| {
            self.constants.contains_key(field)
                || self
                    .columns
                    .iter()
                    .any(|column| column.field == Some(*field))
        };
        for group in catalog::required(self.entity) {
            if group.iter().any(is_given) {
                continue;
            }
            let names: Vec<_> = group.iter().map(|field| field.name()).collect();
            let message = format!(
                "{} need {}; choose its column",
                plural(self.entity),
                names.join(" or ")
            );
            violations.push(Violation::new("/columns", "required_field", message));
        }
    }

    fn check_constants(&self, violations: &mut Vec<Violation>) {
        for (&field, value) in &self.constants {
            if !self.has(field) {
                let message = format!(
                    "{} do not have {}; remove it",
                    plural(self.entity),
                    field.name()
                );
                violations.push(Violation::new("/constants", "unknown_field", message));
            }
            if field == Field::Currency && currency::parse(value).is_none() {
                let message = format!("\"{value}\" is no currency; use a code such as EUR");
                violations.push(Violation::new("/constants", "not_a_currency", message));
            }
        }
    }

    fn has(&self, field: Field) -> bool {
        fields(self.entity).any(|known| known == field)
    }
}

/// Whether rows of this kind are records that have custom fields.
pub const fn has_custom_fields(entity: EntityKind) -> bool {
    matches!(
        entity,
        EntityKind::Contacts
            | EntityKind::Companies
            | EntityKind::Tickets
            | EntityKind::Deals
            | EntityKind::Tasks
    )
}

fn plural(entity: EntityKind) -> &'static str {
    match entity {
        EntityKind::Contacts => "contacts",
        EntityKind::OrderLines => "order lines",
        EntityKind::Events => "events",
        EntityKind::Tickets => "tickets",
        EntityKind::Products => "products",
        EntityKind::Companies => "companies",
        EntityKind::Campaigns => "campaigns",
        EntityKind::Deals => "deals",
        EntityKind::Tasks => "tasks",
        EntityKind::Notes => "notes",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mapping(fields: &[(&str, Option<Field>)]) -> Mapping {
        Mapping {
            entity: EntityKind::OrderLines,
            preset: None,
            columns: fields
                .iter()
                .map(|&(column, field)| ColumnMapping {
                    column: column.to_owned(),
                    field,
                    confidence: 1.0,
                    reason: MappingReason::Chosen,
                    replace: None,
                    custom: None,
                })
                .collect(),
            dates: DateOrder::DayFirst,
            decimal: DecimalStyle::Point,
            constants: BTreeMap::new(),
            cancelled_order_prefix: None,
            mode: ImportMode::Both,
            existing: Existing::Fill,
            own_addresses: Vec::new(),
            time_zone: None,
        }
    }

    fn retail() -> Mapping {
        mapping(&[
            ("InvoiceNo", Some(Field::OrderId)),
            ("StockCode", Some(Field::Sku)),
            ("InvoiceDate", Some(Field::OrderedAt)),
            ("UnitPrice", Some(Field::UnitPrice)),
            ("Extra", None),
        ])
    }

    #[test]
    fn order_lines_have_no_modes_and_people_have() {
        let mut orders = retail();
        orders.mode = ImportMode::Update;
        orders.existing = Existing::Replace;
        let said = messages(&orders);
        assert!(said.contains("leave the mode at both"), "{said}");
        assert!(said.contains("leave existing at fill"), "{said}");

        let mut people = mapping(&[("E-mail", Some(Field::Email)), ("Job", Some(Field::Title))]);
        people.entity = EntityKind::Contacts;
        people.mode = ImportMode::Update;
        people.existing = Existing::Replace;
        people.columns[0].replace = Some(false);
        assert!(people.check().is_ok());
        assert_eq!(people.replaced(), BTreeSet::from([Field::Title]));
    }

    fn messages(mapping: &Mapping) -> String {
        mapping.check().unwrap_err().to_string()
    }

    #[test]
    fn a_complete_mapping_passes() {
        assert!(retail().check().is_ok());
        assert_eq!(retail().unmapped().collect::<Vec<_>>(), [(4, "Extra")]);
    }

    #[test]
    fn a_field_fed_twice_is_refused_with_both_columns() {
        let mut twice = retail();
        twice.columns[4].field = Some(Field::Sku);

        let message = messages(&twice);

        assert!(
            message.contains("\"StockCode\" and \"Extra\" both feed sku"),
            "{message}"
        );
    }

    #[test]
    fn a_field_has_several_columns_only_where_its_preset_does_so() {
        let mut people = mapping(&[
            ("Phone", Some(Field::Phone)),
            ("Default Address Phone", Some(Field::Phone)),
        ]);
        people.entity = EntityKind::Contacts;
        assert!(messages(&people).contains("both feed phone"));

        people.preset = Some("shopify_customers".to_owned());
        assert!(people.check().is_ok());

        people.preset = Some("shopify_orders".to_owned());
        assert!(messages(&people).contains("is for order lines"));

        people.preset = Some("shopware".to_owned());
        assert!(messages(&people).contains("there is no preset"));
    }

    #[test]
    fn a_missing_required_field_is_named() {
        let mut missing = retail();
        missing.columns[0].field = None;
        missing.columns[3].field = None;

        let message = messages(&missing);

        assert!(message.contains("order lines need order_id;"), "{message}");
        assert!(
            message.contains("need unit_price or line_amount;"),
            "{message}"
        );
    }

    #[test]
    fn foreign_fields_and_bad_constants_are_refused() {
        let mut wrong = retail();
        wrong.columns[4].field = Some(Field::Subject);
        wrong.constants.insert(Field::Currency, "money".to_owned());

        let message = messages(&wrong);

        assert!(message.contains("\"Extra\" feeds subject"), "{message}");
        assert!(message.contains("\"money\" is no currency"), "{message}");
    }

    #[test]
    fn a_mapping_reads_back_from_json_with_snake_case_names() {
        let mut mapping = retail();
        mapping.constants.insert(Field::Currency, "GBP".to_owned());

        let json = serde_json::to_value(&mapping).unwrap();

        assert_eq!(json["entity"], "order_lines");
        assert_eq!(json["columns"][0]["field"], "order_id");
        assert_eq!(json["constants"]["currency"], "GBP");
        assert_eq!(serde_json::from_value::<Mapping>(json).unwrap(), mapping);
    }

    #[test]
    fn a_custom_field_is_fed_by_one_column_of_a_record_that_has_some() {
        let mut people = mapping(&[("E-mail", Some(Field::Email)), ("VIP", None), ("V", None)]);
        people.entity = EntityKind::Contacts;
        people.existing = Existing::Replace;
        people.columns[1].custom = Some("vip".to_owned());
        assert!(people.check().is_ok());
        assert_eq!(
            people.custom().collect::<Vec<_>>(),
            [(1, "VIP", "vip", true)]
        );
        assert_eq!(people.unmapped().collect::<Vec<_>>(), [(2, "V")]);

        people.columns[2].custom = Some("vip".to_owned());
        assert!(messages(&people).contains("both feed custom.vip"));
        let mut orders = retail();
        orders.columns[4].custom = Some("vip".to_owned());
        assert!(messages(&orders).contains("have no custom fields"));
    }

    #[test]
    fn what_a_person_sends_may_leave_out_the_guess() {
        let json = r#"{"entity":"contacts","columns":[{"column":"Mail","field":"email"}]}"#;

        let mapping: Mapping = serde_json::from_str(json).unwrap();

        assert_eq!(mapping.columns[0].reason, MappingReason::Chosen);
        assert!(mapping.check().is_ok());
    }
}
