//! A deal as the API shows and takes it.

use std::collections::BTreeMap;

use rapport_domain::{Timestamp, Violation};
use rapport_store::deals::DealRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::respond::{Meta, Record};
use crate::wire::{
    CustomValue, CustomValues, Day, Money, Patch, Reference, Time, merge_custom, write_custom,
};

/// A possible sale.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Deal {
    /// Identifier.
    pub(crate) id: Uuid,
    /// Name.
    pub(crate) name: String,
    /// Pipeline that the deal moves through.
    pub(crate) pipeline_id: Uuid,
    /// Where it stands.
    pub(crate) stage: Reference,
    /// What it is worth.
    pub(crate) amount: Option<Money>,
    /// When it is expected to close.
    pub(crate) expected_close_on: Option<Day>,
    /// Customer, as a person.
    pub(crate) contact: Option<Reference>,
    /// Customer, as an organization.
    pub(crate) company: Option<Reference>,
    /// Colleague in charge.
    pub(crate) owner: Option<Reference>,
    /// Custom field values by key.
    #[schema(value_type = BTreeMap<String, CustomValue>)]
    pub(crate) custom: CustomValues,
    /// When the deal entered its stage.
    pub(crate) stage_entered_at: Time,
    /// When the record was made.
    pub(crate) created_at: Time,
    /// Latest change of the record.
    pub(crate) updated_at: Time,
    /// Version for `If-Match`.
    pub(crate) version: i64,
}

/// A page of deals.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DealList {
    /// The deals.
    pub(crate) deals: Vec<Deal>,
    /// Where the list goes on.
    pub(crate) meta: Meta,
}

/// Fields to set: a merge patch on a deal, or on an empty one to create it, which needs `name`,
/// `pipeline_id` and `stage_id`.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DealPatch {
    /// Name; never empty.
    #[serde(default)]
    #[schema(value_type = String, required = false)]
    name: Patch<String>,
    /// Pipeline that the deal moves through.
    #[serde(default)]
    #[schema(value_type = Uuid, required = false)]
    pipeline_id: Patch<Uuid>,
    /// Where it stands.
    #[serde(default)]
    #[schema(value_type = Uuid, required = false)]
    stage_id: Patch<Uuid>,
    /// What it is worth.
    #[serde(default)]
    #[schema(value_type = Option<Money>)]
    amount: Patch<Money>,
    /// When it is expected to close.
    #[serde(default)]
    #[schema(value_type = Option<Day>)]
    expected_close_on: Patch<Day>,
    /// Customer, as a person.
    #[serde(default)]
    #[schema(value_type = Option<Uuid>)]
    contact_id: Patch<Uuid>,
    /// Customer, as an organization.
    #[serde(default)]
    #[schema(value_type = Option<Uuid>)]
    company_id: Patch<Uuid>,
    /// Colleague in charge.
    #[serde(default)]
    #[schema(value_type = Option<Uuid>)]
    owner_id: Patch<Uuid>,
    /// Custom values by field key; `null` removes one.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, Value>)]
    pub(super) custom: BTreeMap<String, Patch<CustomValue>>,
}

impl DealPatch {
    /// What a new deal cannot do without.
    pub(super) fn missing(&self) -> Vec<Violation> {
        let needed = [
            ("/pipeline_id", &self.pipeline_id),
            ("/stage_id", &self.stage_id),
        ];
        needed
            .into_iter()
            .filter(|(_, patch)| !matches!(patch, Patch::Set(_)))
            .map(|(pointer, _)| Violation::new(pointer, "required", "a new deal needs this"))
            .collect()
    }

    /// Sets the fields that are present; tells the rules that they break.
    pub(super) fn apply(self, deal: &mut rapport_domain::Deal, now: Timestamp) -> Vec<Violation> {
        let mut violations = Vec::new();
        let stage_before = deal.stage_id;
        self.name
            .apply_required(&mut deal.name, "/name", &mut violations);
        self.pipeline_id
            .apply_required(&mut deal.pipeline_id, "/pipeline_id", &mut violations);
        self.stage_id
            .apply_required(&mut deal.stage_id, "/stage_id", &mut violations);
        self.amount.apply(&mut deal.amount);
        self.expected_close_on
            .map(|Day(on)| on)
            .apply(&mut deal.expected_close_on);
        self.contact_id.apply(&mut deal.contact_id);
        self.company_id.apply(&mut deal.company_id);
        self.owner_id.apply(&mut deal.owner_id);
        merge_custom(self.custom, &mut deal.custom);
        if deal.stage_id != stage_before {
            deal.stage_entered_at = now;
        }
        violations.extend(deal.check().err().into_iter().flat_map(|e| e.violations));
        violations
    }
}

impl From<DealRow> for Deal {
    fn from(
        DealRow {
            deal,
            stage,
            contact,
            company,
            owner,
        }: DealRow,
    ) -> Self {
        Self {
            id: deal.id.0,
            name: deal.name,
            pipeline_id: deal.pipeline_id.0,
            stage: stage.map_or_else(|| Reference::new(deal.stage_id, ""), Reference::from),
            amount: deal.amount.map(Money::from),
            expected_close_on: deal.expected_close_on.map(Day),
            contact: contact.map(Reference::from),
            company: company.map(Reference::from),
            owner: owner.map(Reference::from),
            custom: write_custom(deal.custom),
            stage_entered_at: Time(deal.stage_entered_at),
            created_at: Time(deal.created_at),
            updated_at: Time(deal.updated_at),
            version: deal.version,
        }
    }
}

impl From<Deal> for Record<Deal> {
    fn from(deal: Deal) -> Self {
        Self {
            version: deal.version,
            body: deal,
        }
    }
}
