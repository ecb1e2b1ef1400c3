//! Notes of contact rows. A note is known by its text on its contact, so that it is added once,
//! however often its file comes.

use std::collections::{HashMap, HashSet};

use rapport_domain::{Note, NoteId, Subject};
use rapport_ingest::ParsedRow;
use rapport_store::imports::RecordKind;
use rapport_store::notes;
use uuid::Uuid;

use super::{Assembled, Assembler, People};
use crate::error::PipelineError;

impl Assembler<'_> {
    /// Adds the notes that are not there yet; returns the rows that told them.
    pub(super) async fn add_notes(
        &self,
        rows: &[ParsedRow],
        people: &People,
        assembled: &mut Assembled,
    ) -> Result<HashSet<usize>, PipelineError> {
        let mut told: HashMap<NoteId, (usize, Note)> = HashMap::new();
        for (idx, row) in rows.iter().enumerate() {
            let (ParsedRow::Contact(row), Some(contact)) = (row, people.contact_of(idx)) else {
                continue;
            };
            let Some(body) = &row.note else { continue };
            let now = self.workspace.clock.now();
            let id = NoteId(Uuid::new_v5(&contact.as_uuid(), body.as_bytes()));
            let note = Note {
                id,
                body: body.clone(),
                subject: Subject::Contact(contact),
                author_id: None,
                created_at: row.created_at.map_or(now, |at| at.min(now)),
                updated_at: now,
            };
            told.entry(id).or_insert((idx, note));
        }
        let ids: Vec<NoteId> = told.keys().copied().collect();
        for known in notes::find_many(&self.workspace.store, &ids).await? {
            told.remove(&known.id);
            assembled.see(RecordKind::Notes, [known.id]);
        }
        let mut new: Vec<(usize, Note)> = told.into_values().collect();
        new.sort_by_key(|(idx, _)| *idx);
        let rows = new.iter().map(|(idx, _)| *idx).collect();
        assembled.batch.notes = new.into_iter().map(|(_, note)| note).collect();
        Ok(rows)
    }
}
