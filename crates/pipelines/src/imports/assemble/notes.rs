//! Notes: of contact rows, of tasks, and rows that are notes themselves. A note without a key of its own
//! is known by its text on its record, so that it is added once, however often its file comes. A note that
//! is here stays as it is.

use std::collections::{HashMap, HashSet};

use rapport_domain::{Note, NoteId, Subject, Timestamp, UserId};
use rapport_ingest::ParsedRow;
use rapport_store::imports::RecordKind;
use uuid::Uuid;

use super::subjects::KnownSubjects;
use super::{Assembled, Assembler, People};
use crate::error::PipelineError;

/// A note as a row tells it.
struct Told<'r> {
    body: &'r str,
    /// What its source calls it.
    key: Option<&'r str>,
    subject: Subject,
    author: Option<UserId>,
    at: Option<Timestamp>,
}

impl Assembler<'_> {
    /// Adds the notes that are not there yet; returns the rows that told them.
    pub(super) async fn add_notes(
        &self,
        rows: &[ParsedRow],
        people: &People,
        assembled: &mut Assembled,
    ) -> Result<HashSet<usize>, PipelineError> {
        let subjects = self.look_up_subjects(rows).await?;
        let mut told: HashMap<NoteId, (usize, Note)> = HashMap::new();
        let mut ids_of_rows: Vec<(usize, NoteId)> = Vec::new();
        for (idx, row) in rows.iter().enumerate() {
            if let Some(one) = self.told_note(idx, row, people, &subjects) {
                let note = self.note(&one);
                ids_of_rows.push((idx, note.id));
                told.entry(note.id).or_insert((idx, note));
            }
        }
        let ids: Vec<NoteId> = told.keys().copied().collect();
        for known in self.records.notes(&ids).await? {
            told.remove(&known.id);
            assembled.see(RecordKind::Notes, [known.id]);
        }
        let makers: HashSet<usize> = told.values().map(|(idx, _)| *idx).collect();
        for (idx, id) in ids_of_rows {
            tell(&rows[idx], id, makers.contains(&idx), assembled);
        }
        let mut new: Vec<(usize, Note)> = told.into_values().collect();
        new.sort_by_key(|(idx, _)| *idx);
        assembled.batch.notes = new.into_iter().map(|(_, note)| note).collect();
        Ok(makers)
    }

    fn told_note<'r>(
        &self,
        idx: usize,
        row: &'r ParsedRow,
        people: &People,
        known: &KnownSubjects,
    ) -> Option<Told<'r>> {
        match row {
            ParsedRow::Contact(row) => Some(Told {
                body: row.note.as_deref()?,
                key: None,
                subject: Subject::Contact(people.contact_of(idx)?),
                author: None,
                at: row.created_at,
            }),
            ParsedRow::Task(row) => Some(Told {
                body: row.note.as_deref()?,
                key: None,
                subject: self.subject_of(idx, &row.about, people, known)?,
                author: None,
                at: row.created_at,
            }),
            ParsedRow::Note(row) => Some(Told {
                body: &row.body,
                key: row.external_id.as_deref(),
                subject: self.subject_of(idx, &row.about, people, known)?,
                author: self.owner(row.owner.as_deref()),
                at: row.created_at,
            }),
            _ => None,
        }
    }

    fn note(&self, told: &Told<'_>) -> Note {
        let now = self.workspace.clock.now();
        let id = match told.key {
            Some(key) => {
                let key = format!("note:{key}");
                Uuid::new_v5(&self.source_id.as_uuid(), key.as_bytes())
            }
            None => Uuid::new_v5(&id_of(told.subject), told.body.as_bytes()),
        };
        Note {
            id: NoteId(id),
            body: told.body.to_owned(),
            subject: told.subject,
            author_id: told.author,
            created_at: told.at.map_or(now, |at| at.min(now)),
            updated_at: now,
        }
    }
}

/// Tells what a row does: a row that is a note makes it or leaves it, a row about something else adds it.
fn tell(row: &ParsedRow, id: NoteId, is_new: bool, assembled: &mut Assembled) {
    let line = row.line();
    match row {
        ParsedRow::Note(note) if is_new => {
            assembled.outcomes.create(line, Some(id.into()), &note.body);
        }
        ParsedRow::Note(note) => {
            assembled.outcomes.leave(line, Some(id.into()), &note.body);
            assembled.n_unchanged += 1;
        }
        ParsedRow::Contact(contact) if is_new => {
            let body = contact.note.as_deref().unwrap_or_default();
            assembled.outcomes.tell(line, "note", body);
        }
        _ => {}
    }
}

fn id_of(subject: Subject) -> Uuid {
    match subject {
        Subject::Contact(id) => id.into(),
        Subject::Company(id) => id.into(),
        Subject::Deal(id) => id.into(),
        Subject::Ticket(id) => id.into(),
    }
}
