//! Deals. A deal that is known is brought up to date by its source until a person edits it.

use std::collections::{BTreeMap, HashMap, HashSet};

use rapport_domain::{
    CompanyId, ContactId, CustomValues, Deal, DealId, Pipeline, PipelineId, StageId, StageOutcome,
};
use rapport_ingest::{DealRow, ParsedRow};
use rapport_store::imports::RecordKind;
use rapport_store::{deals, pipelines};
use uuid::Uuid;

use super::{Assembled, Assembler, People};
use crate::error::PipelineError;

/// The longest name of a deal, in characters.
const NAME_CHARS_MAX: usize = 200;

/// The customer of a deal.
#[derive(Debug, Clone, Copy)]
struct Customer {
    contact: Option<ContactId>,
    company: Option<CompanyId>,
}

/// The pipelines of the workspace, by which names of stages are understood.
#[derive(Debug)]
pub(super) struct Stages(Vec<Pipeline>);

impl Stages {
    /// The names of all pipelines and stages.
    pub(super) fn names(&self) -> impl Iterator<Item = (Uuid, String)> {
        let Self(all) = self;
        let pipelines = all.iter().map(|it| (it.id.into(), it.name.clone()));
        let stages = all.iter().flat_map(|it| &it.stages);
        pipelines.chain(stages.map(|it| (it.id.into(), it.name.clone())))
    }

    /// The stage that a row names: in the pipeline that it names, else in the first one that has such a
    /// stage. A row without a stage is at the first open one.
    ///
    /// # Errors
    /// Why there is no such stage, for people.
    pub(super) fn place(
        &self,
        pipeline: Option<&str>,
        stage: Option<&str>,
    ) -> Result<(PipelineId, StageId), String> {
        let Self(all) = self;
        let named = |it: &&Pipeline| pipeline.is_some_and(|name| is_same(&it.name, name));
        let of_name: Vec<&Pipeline> = all.iter().filter(named).collect();
        let candidates = if of_name.is_empty() {
            all.iter().collect()
        } else {
            of_name
        };
        let found = candidates.iter().find_map(|candidate| {
            let stage = stage_of(candidate, stage)?;
            Some((candidate.id, stage))
        });
        found.ok_or_else(|| unplaced(stage.unwrap_or_default(), &candidates))
    }
}

/// The stage of a pipeline that a name stands for; other systems call the last two "closed".
fn stage_of(pipeline: &Pipeline, name: Option<&str>) -> Option<StageId> {
    let with = |outcome: StageOutcome| {
        let mut stages = pipeline.stages.iter();
        stages.find(|stage| stage.outcome == outcome)
    };
    let found = match name {
        None => with(StageOutcome::Open),
        Some(name) => {
            let same = pipeline.stages.iter().find(|it| is_same(&it.name, name));
            same.or_else(|| with(outcome_of(name)?))
        }
    };
    found.map(|stage| stage.id)
}

fn outcome_of(name: &str) -> Option<StageOutcome> {
    match folded(name).as_str() {
        "won" | "closedwon" | "赢单" | "已成交" => Some(StageOutcome::Won),
        "lost" | "closedlost" | "输单" | "丢单" => Some(StageOutcome::Lost),
        _ => None,
    }
}

fn is_same(a: &str, b: &str) -> bool {
    folded(a) == folded(b)
}

/// Without case and punctuation: HubSpot writes one stage as `Closed Won` and as `closedwon`.
fn folded(name: &str) -> String {
    let letters = name.chars().filter(|it| it.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

fn unplaced(stage: &str, pipelines: &[&Pipeline]) -> String {
    let known = pipelines.iter().map(|pipeline| {
        let names = pipeline.stages.iter().map(|stage| stage.name.as_str());
        let names: Vec<&str> = names.collect();
        format!("{} ({})", pipeline.name, names.join(", "))
    });
    let known: Vec<String> = known.collect();
    match known.is_empty() {
        true => "there is no pipeline; make one first".to_owned(),
        false => format!(
            "there is no stage {stage:?} in {}; correct it, or name a stage so",
            known.join(" or ")
        ),
    }
}

impl Assembler<'_> {
    /// Reads the pipelines, once for a run, where a row is about a deal.
    pub(super) async fn read_stages(&mut self, rows: &[ParsedRow]) -> Result<(), PipelineError> {
        let has_deals = rows.iter().any(|row| matches!(row, ParsedRow::Deal(_)));
        if self.stages.is_none() && has_deals {
            self.stages = Some(Stages(pipelines::list(&self.workspace.store).await?));
        }
        Ok(())
    }

    /// Where a deal stands.
    ///
    /// # Errors
    /// Why there is no such stage, for people.
    pub(super) fn place_deal(&self, row: &DealRow) -> Result<(PipelineId, StageId), String> {
        let none = Stages(Vec::new());
        let stages = self.stages.as_ref().unwrap_or(&none);
        stages.place(row.pipeline.as_deref(), row.stage.as_deref())
    }

    /// The same key of the same source is the same deal, however often it comes; without a key its name
    /// and customer are.
    pub(super) fn deal_id(&self, row: &DealRow) -> DealId {
        let key = match &row.external_id {
            Some(id) => format!("deal:{id}"),
            None => {
                let person = row.person.email.as_ref().map(ToString::to_string);
                let person = person.or_else(|| row.person.name.clone());
                let (person, company) = (person.unwrap_or_default(), row.company.label());
                format!("deal::{}\u{1f}{person}\u{1f}{company}", row.name)
            }
        };
        DealId(Uuid::new_v5(&self.source_id.as_uuid(), key.as_bytes()))
    }

    pub(super) async fn add_deals(
        &mut self,
        rows: &[ParsedRow],
        people: &People,
        assembled: &mut Assembled,
    ) -> Result<(), PipelineError> {
        let told = rows.iter().enumerate().filter_map(|(idx, row)| match row {
            ParsedRow::Deal(row) => Some((self.deal_id(row), idx, row)),
            _ => None,
        });
        let told: Vec<(DealId, usize, &DealRow)> = told.collect();
        let ids: HashSet<DealId> = told.iter().map(|(id, ..)| *id).collect();
        let ids: Vec<DealId> = ids.into_iter().collect();
        let found = self.records.deals(&ids).await?;
        let edited = deals::edited_by_people(&self.workspace.store, &ids).await?;
        let mut known: HashMap<DealId, Deal> = found.into_iter().map(|it| (it.id, it)).collect();
        assembled.see(RecordKind::Deals, known.keys().copied());
        let mut changed: HashSet<DealId> = HashSet::new();
        let mut new: BTreeMap<DealId, Deal> = BTreeMap::new();
        for (id, idx, row) in told {
            // Rows without a place were refused before.
            let Ok(place) = self.place_deal(row) else {
                continue;
            };
            let customer = Customer {
                contact: people.contact_of(idx),
                company: self.company_of(&row.company),
            };
            let is_known = known.contains_key(&id);
            if let Some(deal) = known.get_mut(&id).or_else(|| new.get_mut(&id)) {
                let before = deal.clone();
                if edited.contains(&id) || !self.update_deal(deal, row, place, customer) {
                    assembled.n_unchanged += 1;
                } else if is_known {
                    changed.insert(id);
                }
                let named = (id, deal.name.as_str());
                assembled.outcomes.change(row.line, named, &before, deal);
            } else {
                let deal = self.new_deal(id, row, place, customer);
                assembled
                    .outcomes
                    .create(row.line, Some(id.into()), &deal.name);
                new.insert(id, deal);
            }
        }
        assembled.batch.deals = new.into_values().collect();
        known.retain(|id, _| changed.contains(id));
        assembled.batch.changed_deals = known.into_values().collect();
        Ok(())
    }

    fn new_deal(
        &self,
        id: DealId,
        row: &DealRow,
        (pipeline_id, stage_id): (PipelineId, StageId),
        customer: Customer,
    ) -> Deal {
        let now = self.workspace.clock.now();
        let created_at = row.created_at.map_or(now, |at| at.min(now));
        Deal {
            id,
            name: row.name.chars().take(NAME_CHARS_MAX).collect(),
            pipeline_id,
            stage_id,
            amount: row.amount,
            expected_close_on: row.expected_close_on,
            contact_id: customer.contact,
            company_id: customer.company,
            owner_id: self.owner(row.owner.as_deref()),
            custom: CustomValues::new(),
            stage_entered_at: created_at,
            created_at,
            updated_at: now,
            version: 1,
        }
    }

    /// Takes over what the row tells; tells whether anything has changed.
    fn update_deal(
        &self,
        deal: &mut Deal,
        row: &DealRow,
        (pipeline_id, stage_id): (PipelineId, StageId),
        customer: Customer,
    ) -> bool {
        let (before, now) = (deal.clone(), self.workspace.clock.now());
        deal.name = row.name.chars().take(NAME_CHARS_MAX).collect();
        if row.stage.is_some() && deal.stage_id != stage_id {
            (deal.pipeline_id, deal.stage_id) = (pipeline_id, stage_id);
            deal.stage_entered_at = now;
        }
        deal.amount = row.amount.or(deal.amount);
        deal.expected_close_on = row.expected_close_on.or(deal.expected_close_on);
        deal.contact_id = customer.contact.or(deal.contact_id);
        deal.company_id = customer.company.or(deal.company_id);
        deal.owner_id = self.owner(row.owner.as_deref()).or(deal.owner_id);
        let is_changed = *deal != before;
        if is_changed {
            deal.updated_at = now;
        }
        is_changed
    }
}

#[cfg(test)]
mod tests {
    use rapport_domain::Stage;

    use super::*;

    fn pipeline(n: u128, name: &str, stages: &[(&str, StageOutcome)]) -> Pipeline {
        let stages = stages
            .iter()
            .enumerate()
            .map(|(at, (name, outcome))| Stage {
                id: StageId(Uuid::from_u128(n * 100 + at as u128)),
                name: (*name).to_owned(),
                outcome: *outcome,
                probability: 0.5,
            });
        Pipeline {
            id: PipelineId(Uuid::from_u128(n)),
            name: name.to_owned(),
            stages: stages.collect(),
            version: 1,
        }
    }

    fn stages() -> Stages {
        use StageOutcome::{Lost, Open, Won};
        Stages(vec![
            pipeline(1, "Sales", &[("New", Open), ("Won", Won), ("Lost", Lost)]),
            pipeline(
                2,
                "Renewals",
                &[("Due", Open), ("Renewed", Won), ("New", Open)],
            ),
        ])
    }

    fn place(pipeline: Option<&str>, stage: Option<&str>) -> Option<u128> {
        let placed = stages().place(pipeline, stage).ok();
        placed.map(|(_, stage)| Uuid::from(stage).as_u128())
    }

    #[test]
    fn a_stage_is_found_by_name_in_its_pipeline() {
        assert_eq!(place(None, Some("new")), Some(100));
        assert_eq!(place(Some("renewals"), Some("NEW")), Some(202));
        assert_eq!(place(Some("unknown"), Some("Due")), Some(200));
        assert_eq!(place(None, None), Some(100));
    }

    #[test]
    fn closed_stages_are_understood_whatever_they_are_called() {
        assert_eq!(place(None, Some("Closed Won")), Some(101));
        assert_eq!(place(None, Some("closedlost")), Some(102));
        assert_eq!(place(Some("Renewals"), Some("Closed won")), Some(201));
    }

    #[test]
    fn an_unknown_stage_is_told_with_those_that_are_known() {
        let said = stages().place(Some("Sales"), Some("Demo")).unwrap_err();
        assert!(
            said.contains("\"Demo\" in Sales (New, Won, Lost)"),
            "{said}"
        );
        let said = Stages(Vec::new()).place(None, Some("Demo")).unwrap_err();
        assert!(said.contains("make one first"), "{said}");
    }
}
