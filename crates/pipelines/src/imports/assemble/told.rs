//! What events told of people, made into records by the rules of imports: known contacts are completed
//! and nothing of theirs is replaced.

use rapport_domain::{ContactId, Event, ImportId, MatchRule, SourceIdentity};
use rapport_ingest::ParsedRow;
use rapport_store::identities::PersonKey;
use rapport_store::imports::ImportBatch;
use rapport_store::orders::TotalsScope;
use rapport_store::sources::Source;
use uuid::Uuid;

use super::companies::ChunkCompanies;
use super::custom::CustomColumns;
use super::policy::Policy;
use super::touched::Touched;
use super::{Assembler, ORDERS_MAX, PRODUCTS_MAX, TIES_MAX, TOLD_MAX, Tie, people};
use crate::Workspace;
use crate::error::PipelineError;
use crate::imports::recent::Recent;
use crate::imports::seen::SeenMessages;

/// Stands for the import where records come from none.
pub(crate) const NO_IMPORT: ImportId = ImportId(Uuid::nil());

/// A name of which a source says that it is that of a known contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Join {
    pub(crate) profile_key: String,
    pub(crate) contact_id: ContactId,
}

/// What is to be written of what was told.
#[derive(Debug)]
pub(crate) struct AssembledTold {
    /// Records, of no import.
    pub(crate) batch: ImportBatch,
    /// Events of the lines of orders.
    pub(crate) events: Vec<Event>,
    /// The contact that each thing told is about.
    pub(crate) contacts: Vec<Option<ContactId>>,
    /// Rows that break a rule.
    pub(crate) n_refused: usize,
    /// Whose totals change.
    pub(crate) totals: TotalsScope,
}

/// Makes a batch of the rows of each thing told.
pub(crate) async fn assemble_told(
    workspace: &Workspace,
    source: &Source,
    told: Vec<Vec<ParsedRow>>,
    joins: Vec<Join>,
) -> Result<AssembledTold, PipelineError> {
    let mut assembler = Assembler::of_events(workspace, source);
    let joined = assembler.join(joins);
    let profiles: Vec<Option<String>> = told.iter().map(|rows| profile_of(rows)).collect();
    let rows = told.into_iter().flatten().collect();
    let mut assembled = assembler.assemble(rows, 0).await?;
    assembled.batch.import_id = NO_IMPORT;
    assembled.batch.identities.splice(..0, joined);
    let contact_of = |profile: Option<String>| {
        let tie = assembler.ties.get(&profile?)?;
        Some(tie.contact_id)
    };
    Ok(AssembledTold {
        batch: assembled.batch,
        events: assembled.events,
        contacts: profiles.into_iter().map(contact_of).collect(),
        n_refused: assembled.rejected.len(),
        totals: assembler.touched(),
    })
}

/// What the source calls the person of some rows.
fn profile_of(rows: &[ParsedRow]) -> Option<String> {
    let person = rows.iter().find_map(people::key_of);
    person.as_ref().and_then(PersonKey::profile_key)
}

impl<'a> Assembler<'a> {
    fn of_events(workspace: &'a Workspace, source: &Source) -> Self {
        Self {
            workspace,
            // Orders that are told anew are corrected under a name of their own each time.
            import_id: workspace.ids.next(workspace.clock.now()),
            source_id: source.id,
            source_name: source.name.clone(),
            is_part: false,
            policy: Policy::filling(),
            currency_column: None,
            ties: Recent::new(TIES_MAX),
            told: Recent::new(TOLD_MAX),
            met_lines: Recent::new(ORDERS_MAX),
            products: Recent::new(PRODUCTS_MAX),
            seen: SeenMessages::none(workspace, &source.name),
            companies: ChunkCompanies::default(),
            owners: None,
            stages: None,
            custom: CustomColumns::none(),
            touched: Touched::since(0),
        }
    }

    /// Ties names to contacts before rows are looked at.
    fn join(&mut self, joins: Vec<Join>) -> Vec<SourceIdentity> {
        let now = self.workspace.clock.now();
        let mut identities = Vec::new();
        for join in joins {
            let identity = SourceIdentity {
                id: self.workspace.ids.next(now),
                source_id: self.source_id,
                profile_key: join.profile_key.clone(),
                email: None,
                phone: None,
                contact_id: join.contact_id,
                rule: MatchRule::ExternalId,
                linked_at: now,
            };
            let tie = Tie {
                identity_id: identity.id,
                contact_id: join.contact_id,
                has_email: false,
                has_phone: false,
            };
            self.ties.insert(join.profile_key, tie);
            identities.push(identity);
        }
        identities
    }
}
