//! A deal as the API shows and takes it.

use rapport_domain::{BulkAction, DealChange, ObjectKind, Timestamp, Violation};
use rapport_store::deals::DealRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::stage::check_move;
use crate::error::ApiResult;
use crate::respond::{Meta, Record};
use crate::routes::record_patch::{CustomPatch, RecordPatch};
use crate::routes::references::Named;
use crate::state::Desk;
use crate::wire::{
    CustomValue, CustomValues, Day, Money, Patch, Reference, Time, custom_changes, write_custom,
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
    pub(super) custom: CustomPatch,
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
}

impl RecordPatch for DealPatch {
    const KIND: ObjectKind = ObjectKind::Deal;
    type Record = rapport_domain::Deal;

    fn custom(&mut self) -> &mut CustomPatch {
        &mut self.custom
    }

    fn changes(self, violations: &mut Vec<Violation>) -> Vec<DealChange> {
        use DealChange::{
            Amount, CompanyId, ContactId, Custom, ExpectedCloseOn, Name, OwnerId, PipelineId,
            StageId,
        };
        let pipeline = self.pipeline_id.required("/pipeline_id", violations);
        let stage = self.stage_id.required("/stage_id", violations);
        let close_on = self.expected_close_on.map(|Day(on)| on);
        let mut changes = Vec::new();
        changes.extend(self.name.required("/name", violations).map(Name));
        changes.extend(pipeline.map(PipelineId));
        changes.extend(stage.map(StageId));
        changes.extend(self.amount.value().map(Amount));
        changes.extend(close_on.value().map(ExpectedCloseOn));
        changes.extend(self.contact_id.value().map(ContactId));
        changes.extend(self.company_id.value().map(CompanyId));
        changes.extend(self.owner_id.value().map(OwnerId));
        changes.extend(custom_changes(self.custom).map(|(key, value)| Custom { key, value }));
        changes
    }

    fn probe(now: Timestamp) -> rapport_domain::Deal {
        let nobody = rapport_domain::DealId(Uuid::nil());
        rapport_domain::Deal {
            name: "-".to_owned(),
            ..super::create::empty(nobody, now)
        }
    }

    fn named(changes: &[DealChange]) -> Vec<(&'static str, Option<Named>)> {
        let named = |change: &DealChange| match change {
            DealChange::ContactId(id) => Some(("/contact_id", id.map(Named::from))),
            DealChange::CompanyId(id) => Some(("/company_id", id.map(Named::from))),
            DealChange::OwnerId(id) => Some(("/owner_id", id.map(Named::from))),
            _ => None,
        };
        changes.iter().filter_map(named).collect()
    }

    async fn check(app: &Desk, changes: &[DealChange]) -> ApiResult<()> {
        check_move(app, changes).await
    }

    fn action(changes: Vec<DealChange>) -> BulkAction {
        BulkAction::ChangeDeals(changes)
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
