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

impl AddressPatch {
    /// Changes the parts that are present.
    pub(crate) fn apply(self, address: &mut rapport_domain::Address) {
        self.street.apply_text(&mut address.street);
        self.city.apply_text(&mut address.city);
        self.region.apply_text(&mut address.region);
        self.postal_code.apply_text(&mut address.postal_code);
        self.country.apply_text(&mut address.country);
    }
}

impl Patch<AddressPatch> {
    /// Changes the parts that are present; `null` empties the whole address.
    pub(crate) fn apply_address(self, address: &mut rapport_domain::Address) {
        match self {
            Self::Keep => {}
            Self::Clear => *address = rapport_domain::Address::default(),
            Self::Set(patch) => patch.apply(address),
        }
    }
}
