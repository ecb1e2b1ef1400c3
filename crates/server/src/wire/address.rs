//! Postal addresses.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::wire::Patch;

/// Where someone lives or an organization sits.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Address {
    /// Street and number; further lines are joined by line feeds.
    pub(crate) street: Option<String>,
    /// City.
    pub(crate) city: Option<String>,
    /// State, province or county.
    pub(crate) region: Option<String>,
    /// Postal code.
    pub(crate) postal_code: Option<String>,
    /// Country.
    pub(crate) country: Option<String>,
}

impl From<rapport_domain::Address> for Address {
    fn from(address: rapport_domain::Address) -> Self {
        Self {
            street: address.street,
            city: address.city,
            region: address.region,
            postal_code: address.postal_code,
            country: address.country,
        }
    }
}

/// Parts of an address to change.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AddressPatch {
    /// Street and number.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    street: Patch<String>,
    /// City.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    city: Patch<String>,
    /// State, province or county.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    region: Patch<String>,
    /// Postal code.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    postal_code: Patch<String>,
    /// Country.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    country: Patch<String>,
}

/// The parts of an address that a patch changes, each with its new value.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct AddressChanges {
    pub(crate) street: Option<Option<String>>,
    pub(crate) city: Option<Option<String>>,
    pub(crate) region: Option<Option<String>>,
    pub(crate) postal_code: Option<Option<String>>,
    pub(crate) country: Option<Option<String>>,
}

impl Patch<AddressPatch> {
    /// The parts that change; `null` empties the whole address.
    pub(crate) fn parts(self) -> AddressChanges {
        match self {
            Self::Keep => AddressChanges::default(),
            Self::Clear => AddressChanges {
                street: Some(None),
                city: Some(None),
                region: Some(None),
                postal_code: Some(None),
                country: Some(None),
            },
            Self::Set(patch) => AddressChanges {
                street: patch.street.text(),
                city: patch.city.text(),
                region: patch.region.text(),
                postal_code: patch.postal_code.text(),
                country: patch.country.text(),
            },
        }
    }
}
