//! What becomes of a file's columns, as the API shows and takes it.

use std::collections::BTreeMap;

use rapport_store::custom_fields::PREFIX;
use serde::de::IntoDeserializer as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::ToSchema;

use crate::wire::{DateOrder, DecimalStyle, EntityKind, Existing, ImportMode, MappingReason};

/// What becomes of a file's columns.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Mapping {
    /// What a row is about.
    pub(crate) entity: EntityKind,
    /// Key of the preset by which the file is read, as `GET /import_presets` lists them; none where
    /// nobody knows which system wrote it.
    #[serde(default)]
    pub(crate) preset: Option<String>,
    /// One per column of the file, in its order.
    pub(crate) columns: Vec<ColumnMapping>,
    /// Which number comes first in dates such as `03/04/2026`.
    pub(crate) dates: DateOrder,
    /// Which sign is decimal.
    pub(crate) decimal: DecimalStyle,
    /// What a field is where no column feeds it or its cell is empty, by the field's name.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, String>)]
    pub(crate) constants: BTreeMap<rapport_ingest::Field, String>,
    /// Order numbers that begin so and go on with digits are cancellations; `C` where absent.
    #[serde(default = "cancellation_prefix")]
    pub(crate) cancelled_order_prefix: Option<String>,
    /// Whether rows make records, change them, or both; `both` where absent. Order lines know only `both`,
    /// events also `update`: only those of people who are here.
    #[serde(default = "both")]
    pub(crate) mode: ImportMode,
    /// What becomes of values that are here already; `fill` where absent. `replace` is for contacts and
    /// companies.
    #[serde(default = "fill")]
    pub(crate) existing: Existing,
    /// Of a mailbox, the addresses and domains that are ours; where none is named, the file tells whose
    /// it is.
    #[serde(default)]
    pub(crate) own_addresses: Vec<String>,
    /// Of events, where clocks show the times of the file that have no zone, such as `Europe/Berlin`;
    /// universal time where absent.
    #[serde(default)]
    pub(crate) time_zone: Option<String>,
}

/// What becomes of one column.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ColumnMapping {
    /// Name of the column in the file.
    pub(crate) column: String,
    /// Name of the field that it feeds, `custom.<key>` for a custom one; none where it is only kept
    /// in the source record.
    #[schema(value_type = Option<String>)]
    pub(crate) field: Option<FedField>,
    /// How sure the guess is, in `[0, 1]`.
    #[serde(default = "certain")]
    pub(crate) confidence: f64,
    /// Why.
    #[serde(default = "chosen")]
    pub(crate) reason: MappingReason,
    /// Whether its values replace those that are here already; as for the whole file where absent.
    #[serde(default)]
    pub(crate) replace: Option<bool>,
}

/// A field that a column feeds.
#[derive(Debug, Clone)]
pub(crate) enum FedField {
    Own(rapport_ingest::Field),
    /// A custom one, by its key.
    Custom(String),
}

impl Serialize for FedField {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Own(field) => field.serialize(serializer),
            Self::Custom(key) => serializer.collect_str(&format_args!("{PREFIX}{key}")),
        }
    }
}

impl<'de> Deserialize<'de> for FedField {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        match name.strip_prefix(PREFIX) {
            Some(key) => Ok(Self::Custom(key.to_owned())),
            None => rapport_ingest::Field::deserialize(name.into_deserializer()).map(Self::Own),
        }
    }
}

impl FedField {
    /// The field of ours and the key of the custom one, of which one is given.
    fn into_parts(self) -> (Option<rapport_ingest::Field>, Option<String>) {
        match self {
            Self::Own(field) => (Some(field), None),
            Self::Custom(key) => (None, Some(key)),
        }
    }
}

fn both() -> ImportMode {
    ImportMode::Both
}

fn fill() -> Existing {
    Existing::Fill
}

fn cancellation_prefix() -> Option<String> {
    Some("C".to_owned())
}

fn certain() -> f64 {
    1.0
}

fn chosen() -> MappingReason {
    MappingReason::Chosen
}

impl From<rapport_ingest::Mapping> for Mapping {
    fn from(mapping: rapport_ingest::Mapping) -> Self {
        let columns = mapping.columns.into_iter().map(|column| ColumnMapping {
            column: column.column,
            field: column
                .custom
                .map(FedField::Custom)
                .or(column.field.map(FedField::Own)),
            confidence: column.confidence,
            reason: column.reason.into(),
            replace: column.replace,
        });
        Self {
            entity: mapping.entity.into(),
            preset: mapping.preset,
            columns: columns.collect(),
            dates: mapping.dates.into(),
            decimal: mapping.decimal.into(),
            constants: mapping.constants,
            cancelled_order_prefix: mapping.cancelled_order_prefix,
            mode: mapping.mode.into(),
            existing: mapping.existing.into(),
            own_addresses: mapping.own_addresses,
            time_zone: mapping.time_zone,
        }
    }
}

impl From<Mapping> for rapport_ingest::Mapping {
    fn from(mapping: Mapping) -> Self {
        let columns = mapping.columns.into_iter().map(|column| {
            let (field, custom) = column.field.map(FedField::into_parts).unwrap_or_default();
            rapport_ingest::ColumnMapping {
                column: column.column,
                field,
                confidence: column.confidence,
                reason: column.reason.into(),
                replace: column.replace,
                custom,
            }
        });
        Self {
            entity: mapping.entity.into(),
            preset: mapping.preset,
            columns: columns.collect(),
            dates: mapping.dates.into(),
            decimal: mapping.decimal.into(),
            constants: mapping.constants,
            cancelled_order_prefix: mapping.cancelled_order_prefix,
            mode: mapping.mode.into(),
            existing: mapping.existing.into(),
            own_addresses: mapping.own_addresses,
            time_zone: mapping.time_zone,
        }
    }
}
