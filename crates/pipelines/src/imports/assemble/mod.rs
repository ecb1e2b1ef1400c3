//! From typed rows to a batch that the store writes in one transaction.
//!
//! An [`Assembler`] lives for one run of one import. It looks up what exists by sets, makes ids for
//! what does not, and remembers what later batches of the same run need to know.

mod campaigns;
mod companies;
mod contacts;
mod event_rows;
mod order_lines;
mod products;
mod tickets;

use std::collections::{HashMap, HashSet};

use rapport_domain::{Event, ImportId, ProductId, SourceId};
use rapport_ingest::{ParsedRow, PersonKeys};
use rapport_store::identities::{self, PersonKey};
use rapport_store::imports::{ImportBatch, SourceRecord};

use self::companies::ChunkCompanies;
use super::ledger::OrderLedger;
use super::people::{self, Origin, Resolution, Tie};
use super::seen::SeenMessages;
use crate::Workspace;
use crate::error::PipelineError;

/// Identities that are remembered between batches; beyond that the store is asked again.
const TIES_MAX: usize = 500_000;

/// What one chunk of rows becomes.
#[derive(Debug)]
pub(super) struct Assembled {
    /// For the store. Its event files are still to be written.
    pub(super) batch: ImportBatch,
    /// For the lake.
    pub(super) events: Vec<Event>,
    /// Rows that were here already and change nothing.
    pub(super) n_unchanged: u64,
}

/// Makes batches of one import.
pub(super) struct Assembler<'a> {
    workspace: &'a Workspace,
    import_id: ImportId,
    source_id: SourceId,
    source_name: String,
    ties: HashMap<String, Tie>,
    ledger: OrderLedger,
    products: HashMap<String, KnownProduct>,
    seen: SeenMessages,
    companies: ChunkCompanies,
}

/// A product as this run knows it.
#[derive(Debug, Clone, Copy)]
struct KnownProduct {
    id: ProductId,
    /// Its name is only its stock-keeping unit so far.
    is_unnamed: bool,
}

/// The people of a chunk, and the tie of every row.
struct People {
    resolution: Resolution,
    row_ties: Vec<Option<Tie>>,
    /// First row that tells of each contact of the chunk that is new.
    created_by_row: HashMap<usize, rapport_domain::ContactId>,
}

impl<'a> Assembler<'a> {
    pub(super) fn new(
        workspace: &'a Workspace,
        import_id: ImportId,
        (source_id, source_name): (SourceId, String),
        seen: SeenMessages,
    ) -> Self {
        Self {
            workspace,
            import_id,
            source_id,
            source_name,
            ties: HashMap::new(),
            ledger: OrderLedger::default(),
            products: HashMap::new(),
            seen,
            companies: ChunkCompanies::default(),
        }
    }

    /// Goes over rows that an earlier run of this import has committed, so that positions are
    /// counted on from where it stopped.
    pub(super) async fn skip(&mut self, rows: &[ParsedRow]) -> Result<(), PipelineError> {
        let lines = order_lines::of(rows);
        if lines.is_empty() {
            return Ok(());
        }
        self.enter_orders(&lines).await?;
        for (_, line) in lines {
            self.ledger.next_line(&line.order_id);
        }
        Ok(())
    }

    /// Makes a batch of the rows of one chunk.
    pub(super) async fn assemble(
        &mut self,
        rows: Vec<ParsedRow>,
        rows_before: u64,
    ) -> Result<Assembled, PipelineError> {
        let people = self.resolve_people(&rows).await?;
        let mut assembled = Assembled {
            batch: ImportBatch::empty(self.import_id, rows_before),
            events: Vec::new(),
            n_unchanged: 0,
        };
        self.add_companies(&rows, &mut assembled).await?;
        self.add_contacts(&rows, &people, &mut assembled).await?;
        self.add_products(&rows, &mut assembled).await?;
        self.add_campaigns(&rows, &mut assembled);
        self.add_order_lines(&rows, &people, &mut assembled).await?;
        self.add_tickets(&rows, &people, &mut assembled).await?;
        self.add_events(&rows, &people, &mut assembled).await?;
        assembled.batch.identities = people.resolution.new_identities;
        assembled.batch.source_records = self.source_records(rows, &people.row_ties);
        self.remember(people.resolution.ties);
        Ok(assembled)
    }

    fn remember(&mut self, ties: HashMap<String, Tie>) {
        if self.ties.len() + ties.len() > TIES_MAX {
            self.ties.clear();
        }
        self.ties.extend(ties);
    }

    async fn resolve_people(&self, rows: &[ParsedRow]) -> Result<People, PipelineError> {
        let keys: Vec<Option<PersonKey>> = rows
            .iter()
            .map(|row| row.person().and_then(key_of))
            .collect();
        let mut asked = HashSet::new();
        let open: Vec<PersonKey> = keys
            .iter()
            .flatten()
            .filter(|key| {
                let profile = key.profile_key().unwrap_or_default();
                !self.ties.contains_key(&profile) && asked.insert((*key).clone())
            })
            .cloned()
            .collect();
        let matches = identities::resolve(&self.workspace.store, self.source_id, &open).await?;
        let resolution = people::resolve(&open, &matches, self.origin());
        let mut created = resolution.new_contacts.clone();
        let mut row_ties = Vec::with_capacity(rows.len());
        let mut created_by_row = HashMap::new();
        for (idx, key) in keys.iter().enumerate() {
            let profile = key.as_ref().and_then(PersonKey::profile_key);
            let tie = profile.and_then(|profile| {
                resolution
                    .ties
                    .get(&profile)
                    .or_else(|| self.ties.get(&profile))
                    .copied()
            });
            if let Some(tie) = tie
                && created.remove(&tie.contact_id)
            {
                created_by_row.insert(idx, tie.contact_id);
            }
            row_ties.push(tie);
        }
        Ok(People {
            resolution,
            row_ties,
            created_by_row,
        })
    }

    fn origin(&self) -> Origin<'_> {
        Origin {
            source_id: self.source_id,
            ids: &self.workspace.ids,
            now: self.workspace.clock.now(),
        }
    }

    fn source_records(&self, rows: Vec<ParsedRow>, ties: &[Option<Tie>]) -> Vec<SourceRecord> {
        let received_at = self.workspace.clock.now();
        rows.into_iter()
            .zip(ties)
            .map(|(row, tie)| SourceRecord {
                id: self.workspace.ids.next(received_at),
                line: row.line(),
                identity_id: tie.map(|tie| tie.identity_id),
                received_at,
                cells: cells_of(row),
            })
            .collect()
    }
}

/// The key of a person; none where the row is about nobody in particular.
fn key_of(person: &PersonKeys) -> Option<PersonKey> {
    (!person.is_anonymous()).then(|| PersonKey {
        external_id: person.external_id.clone(),
        email: person.email.clone(),
        phone: person.phone.clone(),
    })
}

fn cells_of(row: ParsedRow) -> Vec<String> {
    match row {
        ParsedRow::Contact(row) => row.cells,
        ParsedRow::OrderLine(row) => row.cells,
        ParsedRow::Event(row) => row.cells,
        ParsedRow::Ticket(row) => row.cells,
        ParsedRow::Product(row) => row.cells,
        ParsedRow::Company(row) => row.cells,
        ParsedRow::Campaign(row) => row.cells,
    }
}
