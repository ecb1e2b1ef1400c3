//! A company as the API shows and takes it.

use rapport_domain::{BulkAction, CompanyChange, CompanyId, ObjectKind, Timestamp, Violation};
use rapport_store::companies::CompanyRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::respond::{Meta, Record};
use crate::routes::record_patch::{CustomPatch, RecordPatch};
use crate::routes::references::Named;
use crate::wire::{
    Address, AddressPatch, CustomValue, CustomValues, Patch, Reference, Time, custom_changes,
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
    pub(super) custom: CustomPatch,
}

impl RecordPatch for CompanyPatch {
    const KIND: ObjectKind = ObjectKind::Company;
    type Record = rapport_domain::Company;

    fn custom(&mut self) -> &mut CustomPatch {
        &mut self.custom
    }

    fn changes(self, violations: &mut Vec<Violation>) -> Vec<CompanyChange> {
        use CompanyChange::{
            City, Country, Custom, Domain, Industry, NEmployees, Name, OwnerId, PostalCode, Region,
            Street, Tags,
        };
        let domain = self.domain.map(|domain| domain.to_lowercase());
        let mut changes = Vec::new();
        changes.extend(self.name.required("/name", violations).map(Name));
        changes.extend(domain.text().map(Domain));
        changes.extend(self.industry.text().map(Industry));
        changes.extend(self.n_employees.value().map(NEmployees));
        changes.extend(self.owner_id.value().map(OwnerId));
        let address = self.address.parts();
        changes.extend(address.street.map(Street));
        changes.extend(address.city.map(City));
        changes.extend(address.region.map(Region));
        changes.extend(address.postal_code.map(PostalCode));
        changes.extend(address.country.map(Country));
        changes.extend(self.tags.labels().map(Tags));
        changes.extend(custom_changes(self.custom).map(|(key, value)| Custom { key, value }));
        changes
    }

    fn probe(now: Timestamp) -> rapport_domain::Company {
        rapport_domain::Company::named(CompanyId(Uuid::nil()), "-", now)
    }

    fn named(changes: &[CompanyChange]) -> Vec<(&'static str, Option<Named>)> {
        let named = |change: &CompanyChange| match change {
            CompanyChange::OwnerId(id) => Some(("/owner_id", id.map(Named::from))),
            _ => None,
        };
        changes.iter().filter_map(named).collect()
    }

    fn action(changes: Vec<CompanyChange>) -> BulkAction {
        BulkAction::ChangeCompanies(changes)
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
