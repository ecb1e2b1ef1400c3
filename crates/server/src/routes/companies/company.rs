//! A company as the API shows and takes it.

use std::collections::BTreeMap;

use rapport_domain::Violation;
use rapport_store::companies::CompanyRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::respond::{Meta, Record};
use crate::wire::{
    Address, AddressPatch, CustomValue, CustomValues, Patch, Reference, Time, merge_custom,
    write_custom,
};

/// An organization.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Company {
    /// Identifier.
    pub(crate) id: Uuid,
    /// Name.
    pub(crate) name: String,
    /// Internet domain.
    pub(crate) domain: Option<String>,
    /// Line of business.
    pub(crate) industry: Option<String>,
    /// Number of employees.
    pub(crate) n_employees: Option<i64>,
    /// Colleague in charge.
    pub(crate) owner: Option<Reference>,
    /// People known there.
    pub(crate) n_contacts: i64,
    /// Seat.
    pub(crate) address: Address,
    /// Labels.
    pub(crate) tags: Vec<String>,
    /// Custom field values by key.
    #[schema(value_type = BTreeMap<String, CustomValue>)]
    pub(crate) custom: CustomValues,
    /// When the record was made.
    pub(crate) created_at: Time,
    /// Latest change of the record.
    pub(crate) updated_at: Time,
    /// Version for `If-Match`.
    pub(crate) version: i64,
}

/// A page of companies.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CompanyList {
    /// The companies.
    pub(crate) companies: Vec<Company>,
    /// Where the list goes on.
    pub(crate) meta: Meta,
}

/// Fields to set: a merge patch on a company, or on an empty one to create it, which needs `name`.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CompanyPatch {
    /// Name; never empty.
    #[serde(default)]
    #[schema(value_type = String, required = false)]
    name: Patch<String>,
    /// Internet domain.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    domain: Patch<String>,
    /// Line of business.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    industry: Patch<String>,
    /// Number of employees.
    #[serde(default)]
    #[schema(value_type = Option<i64>)]
    n_employees: Patch<i64>,
    /// Colleague in charge.
    #[serde(default)]
    #[schema(value_type = Option<Uuid>)]
    owner_id: Patch<Uuid>,
    /// Parts of the seat's address.
    #[serde(default)]
    #[schema(value_type = Option<AddressPatch>)]
    address: Patch<AddressPatch>,
    /// All labels.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>)]
    tags: Patch<Vec<String>>,
    /// Custom values by field key; `null` removes one.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, Value>)]
    pub(super) custom: BTreeMap<String, Patch<CustomValue>>,
}

impl CompanyPatch {
    /// Sets the fields that are present; tells the rules that they break.
    pub(super) fn apply(self, company: &mut rapport_domain::Company) -> Vec<Violation> {
        let mut violations = Vec::new();
        self.name
            .apply_required(&mut company.name, "/name", &mut violations);
        self.domain
            .map(|domain| domain.to_lowercase())
            .apply_text(&mut company.domain);
        self.industry.apply_text(&mut company.industry);
        self.n_employees.apply(&mut company.n_employees);
        self.owner_id.apply(&mut company.owner_id);
        self.address.apply_address(&mut company.address);
        self.tags.apply_list(&mut company.tags);
        merge_custom(self.custom, &mut company.custom);
        violations.extend(company.check().err().into_iter().flat_map(|e| e.violations));
        violations
    }
}

impl From<CompanyRow> for Company {
    fn from(
        CompanyRow {
            company,
            owner,
            n_contacts,
        }: CompanyRow,
    ) -> Self {
        Self {
            id: company.id.0,
            name: company.name,
            domain: company.domain,
            industry: company.industry,
            n_employees: company.n_employees,
            owner: owner.map(Reference::from),
            n_contacts,
            address: company.address.into(),
            tags: company.tags,
            custom: write_custom(company.custom),
            created_at: Time(company.created_at),
            updated_at: Time(company.updated_at),
            version: company.version,
        }
    }
}

impl From<Company> for Record<Company> {
    fn from(company: Company) -> Self {
        Self {
            version: company.version,
            body: company,
        }
    }
}
