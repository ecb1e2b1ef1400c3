//! From typed rows to a batch that the store writes in one transaction.
//!
//! An [`Assembler`] lives for one run of one import. It looks up what exists by sets, makes ids for
//! what does not, and remembers what later batches of the same run need to know; what it remembers
//! does not grow with the file.

mod campaigns;
mod companies;
mod consents;
mod contacts;
mod custom;
mod deals;
mod event_rows;
mod gate;
mod left_out;
mod lineage;
mod notes;
mod order_events;
mod order_lines;
mod outcome;
mod owners;
mod policy;
mod products;
mod refusal;
mod subjects;
mod tasks;
mod tickets;
mod told;
mod touched;

use std::collections::{HashMap, HashSet};

use rapport_domain::{ContactId, Event, ImportId, LeftOut, OrderId, RejectedRow, SourceId};
use rapport_ingest::{Field, Mapping, ParsedRow};
use rapport_store::identities::PersonKey;
use rapport_store::imports::{
    IdentityKeys, Import, ImportBatch, RecordKind, SeenRecord, SourceRecord,
};
use rapport_store::orders::TotalsScope;
use uuid::Uuid;

use self::companies::ChunkCompanies;
pub(super) use self::custom::{CustomColumns, object_of};
use self::deals::Stages;
pub(super) use self::order_events::messages_of as line_messages;
use self::outcome::Outcomes;
use self::owners::Owners;
use self::policy::Policy;
use self::products::KnownProduct;
pub(super) use self::tickets::ticket_of;
pub(crate) use self::told::{AssembledTold, Join, NO_IMPORT, assemble_told};
use self::touched::Touched;
use super::people::{self, Origin, Resolution, Tie};
use super::recent::Recent;
use super::records::{Ahead, Records};
use super::seen::SeenMessages;
use crate::Workspace;
use crate::error::PipelineError;

/// Identities that are remembered between batches; beyond that the store is asked again.
const TIES_MAX: usize = 500_000;
/// Products that are remembered between batches; beyond that the store is asked again.
const PRODUCTS_MAX: usize = 200_000;
/// Orders whose lines are remembered between batches. Lines of one order that lie further apart in
/// a file count as two deliveries of the order.
const ORDERS_MAX: usize = 400_000;
/// People of whom it is remembered that nothing was left to learn.
const TOLD_MAX: usize = 1_000_000;

/// What one chunk of rows becomes.
#[derive(Debug)]
pub(super) struct Assembled {
    /// For the store. Its event files are still to be written.
    pub(super) batch: ImportBatch,
    /// For the lake.
    pub(super) events: Vec<Event>,
    /// Rows that break a rule which only what is stored can tell.
    pub(super) rejected: Vec<RejectedRow>,
    /// What rows that are taken name and nobody knows.
    pub(super) left_out: Vec<LeftOut>,
    /// Rows that were here already and change nothing.
    pub(super) n_unchanged: u64,
    /// What each row does, where that is asked.
    pub(super) outcomes: Outcomes,
}

/// What an assembler tells of rows beside their batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Telling {
    /// How many do nothing.
    Counts,
    /// What each of them does.
    EachRow,
}

impl Assembled {
    /// Notes that rows tell of records that were there before.
    fn see<I: Into<Uuid>>(&mut self, kind: RecordKind, ids: impl IntoIterator<Item = I>) {
        let seen = ids.into_iter().map(|id| SeenRecord::of(kind, id));
        self.batch.seen.extend(seen);
    }
}

/// Makes batches of one import.
pub(super) struct Assembler<'a> {
    workspace: &'a Workspace,
    import_id: ImportId,
    source_id: SourceId,
    source_name: String,
    /// The file has some lines of its orders and never all of them.
    is_part: bool,
    policy: Policy,
    /// Name of the column with the currency.
    currency_column: Option<String>,
    ties: Recent<String, Tie>,
    /// Digests of what rows about something else told of people.
    told: Recent<u64, ()>,
    /// Numbers of the lines of each order that the import has met.
    met_lines: Recent<OrderId, Vec<i64>>,
    products: Recent<String, KnownProduct>,
    seen: SeenMessages<'a>,
    records: Records<'a>,
    telling: Telling,
    companies: ChunkCompanies,
    owners: Option<Owners>,
    stages: Option<Stages>,
    touched: Touched,
    custom: CustomColumns,
}

/// The people of a chunk, and the tie of every row.
struct People {
    resolution: Resolution,
    row_ties: Vec<Option<Tie>>,
    /// First row that tells of each contact of the chunk that is new.
    created_by_row: HashMap<usize, ContactId>,
    /// Keys that known identities lacked.
    identity_keys: Vec<IdentityKeys>,
}

impl People {
    fn contact_of(&self, row: usize) -> Option<ContactId> {
        self.row_ties[row].map(|tie| tie.contact_id)
    }
}

impl<'a> Assembler<'a> {
    pub(super) fn new(
        workspace: &'a Workspace,
        import: &Import,
        mapping: &Mapping,
        seen: SeenMessages<'a>,
        custom: CustomColumns,
        telling: Telling,
    ) -> Self {
        Self {
            workspace,
            telling,
            import_id: import.id,
            source_id: import.source.id,
            source_name: import.source.name.clone(),
            is_part: mapping.is_of_rejected_rows(),
            policy: Policy::of(mapping),
            currency_column: mapping.column_of(Field::Currency).map(str::to_owned),
            ties: Recent::new(TIES_MAX),
            told: Recent::new(TOLD_MAX),
            met_lines: Recent::new(ORDERS_MAX),
            products: Recent::new(PRODUCTS_MAX),
            seen,
            records: Records::stored(&workspace.store, import.source.id),
            companies: ChunkCompanies::default(),
            owners: None,
            stages: None,
            touched: Touched::since(import.rows_done),
            custom,
        }
    }

    /// Counts a batch as written from now on: it is being written while the next one is made.
    pub(super) fn expect(&mut self, batch: &ImportBatch) {
        self.records.expect(batch);
    }

    /// Counts one batch as written from now on, and all that were expected before it as stored.
    pub(super) fn expect_next(&mut self, ahead: Ahead) {
        self.records.expect_next(ahead);
    }

    /// Takes over whose totals another assembler of the same run has changed.
    pub(super) fn go_on_from(&mut self, before: Self) {
        self.touched = before.touched;
    }

    /// Whose totals the batches of this run have changed.
    pub(super) fn touched(&self) -> TotalsScope {
        self.touched.scope()
    }

    /// Makes a batch of the rows of one chunk.
    pub(super) async fn assemble(
        &mut self,
        rows: Vec<ParsedRow>,
        rows_before: u64,
    ) -> Result<Assembled, PipelineError> {
        self.read_owners(&rows).await?;
        self.read_stages(&rows).await?;
        let (rows, mut refused) = self.custom.read(rows);
        let (rows, not_admitted) = self.admit(rows).await?;
        refused.extend(not_admitted);
        let mut people = self.resolve_people(&rows).await?;
        let with_lineage = self.add_lineage(&rows, &mut people).await?;
        let mut assembled = Assembled {
            batch: ImportBatch::empty(self.import_id, rows_before),
            events: Vec::new(),
            rejected: refused,
            left_out: self.left_out_of(&rows).await?,
            n_unchanged: 0,
            outcomes: Outcomes::telling(self.telling),
        };
        self.add_companies(&rows, &mut assembled).await?;
        self.add_contacts(&rows, &people, with_lineage, &mut assembled)
            .await?;
        self.add_products(&rows, &mut assembled).await?;
        self.add_campaigns(&rows, &mut assembled).await?;
        self.add_order_lines(&rows, &people, &mut assembled).await?;
        self.add_tickets(&rows, &people, &mut assembled).await?;
        self.add_deals(&rows, &people, &mut assembled).await?;
        self.add_tasks(&rows, &people, &mut assembled).await?;
        self.add_events(&rows, &people, &mut assembled).await?;
        assembled.batch.identities = people.resolution.new_identities;
        assembled.batch.identity_keys = people.identity_keys;
        let rejected: HashSet<u64> = assembled.rejected.iter().map(|row| row.line).collect();
        assembled
            .left_out
            .retain(|value| !rejected.contains(&value.line));
        assembled.batch.source_records = self.source_records(rows, &people.row_ties, &rejected);
        self.turn();
        Ok(assembled)
    }

    fn turn(&mut self) {
        self.ties.turn();
        self.told.turn();
        self.met_lines.turn();
        self.products.turn();
    }

    async fn resolve_people(&mut self, rows: &[ParsedRow]) -> Result<People, PipelineError> {
        let keys: Vec<Option<PersonKey>> = rows.iter().map(people::key_of).collect();
        let mut asked = HashSet::new();
        let open: Vec<PersonKey> = keys
            .iter()
            .flatten()
            .filter(|key| {
                let profile = key.profile_key().unwrap_or_default();
                !self.ties.contains(&profile) && asked.insert((*key).clone())
            })
            .cloned()
            .collect();
        let matches = self.records.resolve(&open).await?;
        let resolution = people::resolve(&open, &matches, self.origin());
        Ok(self.tie_rows(&keys, resolution))
    }

    /// Gives every row its tie, and every identity the keys that it lacked.
    fn tie_rows(&mut self, keys: &[Option<PersonKey>], mut resolution: Resolution) -> People {
        for (profile, tie) in std::mem::take(&mut resolution.ties) {
            self.ties.insert(profile, tie);
        }
        let mut created = resolution.new_contacts.clone();
        let mut row_ties = Vec::with_capacity(keys.len());
        let mut created_by_row = HashMap::new();
        let mut identity_keys = Vec::new();
        for (idx, key) in keys.iter().enumerate() {
            let profile = key.as_ref().and_then(PersonKey::profile_key);
            let tie = key.as_ref().zip(profile).and_then(|(key, profile)| {
                let mut tie = *self.ties.get(&profile)?;
                let before = tie;
                identity_keys.extend(resolution.fill_keys(key, &mut tie));
                if tie != before {
                    self.ties.insert(profile, tie);
                }
                Some(tie)
            });
            if let Some(tie) = tie
                && created.remove(&tie.contact_id)
            {
                created_by_row.insert(idx, tie.contact_id);
            }
            row_ties.push(tie);
        }
        People {
            resolution,
            row_ties,
            created_by_row,
            identity_keys,
        }
    }

    fn origin(&self) -> Origin<'_> {
        Origin {
            source_id: self.source_id,
            ids: &self.workspace.ids,
            now: self.workspace.clock.now(),
        }
    }

    fn source_records(
        &self,
        rows: Vec<ParsedRow>,
        ties: &[Option<Tie>],
        rejected: &HashSet<u64>,
    ) -> Vec<SourceRecord> {
        let received_at = self.workspace.clock.now();
        rows.into_iter()
            .zip(ties)
            .filter(|(row, _)| !rejected.contains(&row.line()))
            .map(|(row, tie)| SourceRecord {
                id: self.workspace.ids.next(received_at),
                line: row.line(),
                identity_id: tie.map(|tie| tie.identity_id),
                received_at,
                cells: row.into_cells(),
            })
            .collect()
    }
}
