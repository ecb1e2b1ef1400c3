//! What each row does to the record that it is about, for a dry run to tell.

use std::collections::{BTreeMap, HashMap, HashSet};

use rapport_domain::{CompanyId, ContactId, ProductId};
use rapport_store::imports::{ColumnChange, DryRunRow, Imported, Verdict, differences};
use rapport_store::users;
use serde_json::Value;
use uuid::Uuid;

use super::{Assembler, Telling};
use crate::error::PipelineError;

/// What the rows of a chunk do, by their lines. Nothing is noted where nobody asks.
#[derive(Debug)]
pub(in crate::imports) struct Outcomes {
    is_asked: bool,
    rows: BTreeMap<u64, DryRunRow>,
    /// Records that the rows make.
    made: HashSet<Uuid>,
}

impl Outcomes {
    /// Of rows that are told of one by one, or only counted.
    pub(super) fn telling(telling: Telling) -> Self {
        Self {
            is_asked: matches!(telling, Telling::EachRow),
            rows: BTreeMap::new(),
            made: HashSet::new(),
        }
    }

    /// A row makes the record that it is about; of an event there is no record.
    pub(super) fn create(&mut self, line: u64, id: Option<Uuid>, name: &str) {
        self.note(line, Verdict::Created, None, name, Vec::new);
        if self.is_asked {
            self.made.extend(id);
        }
    }

    /// A row makes a part of a record that is there already.
    pub(super) fn extend(&mut self, line: u64, id: Uuid, name: &str) {
        self.note(line, Verdict::Created, Some(id), name, Vec::new);
    }

    /// A row is about a record and leaves it as it is.
    pub(super) fn leave(&mut self, line: u64, id: Option<Uuid>, name: &str) {
        self.note(line, Verdict::Unchanged, id, name, Vec::new);
    }

    /// A row may change the record that it is about.
    pub(super) fn change<R: Imported>(
        &mut self,
        line: u64,
        (id, name): (impl Into<Uuid>, &str),
        before: &R,
        after: &R,
    ) {
        let id = Some(id.into());
        self.note(line, Verdict::Changed, id, name, || {
            differences(before, after)
        });
        if let Some(row) = self.rows.get_mut(&line)
            && row.changes.is_empty()
        {
            row.verdict = Verdict::Unchanged;
        }
    }

    /// A row changes more, of the record or of what hangs on it.
    pub(super) fn add(&mut self, line: u64, changes: impl IntoIterator<Item = ColumnChange>) {
        let Some(row) = self.rows.get_mut(&line) else {
            return;
        };
        row.changes.extend(changes);
        if row.verdict == Verdict::Unchanged && !row.changes.is_empty() {
            row.verdict = Verdict::Changed;
        }
    }

    /// A row tells something for the first time.
    pub(super) fn tell(&mut self, line: u64, column: &str, after: impl Into<Value>) {
        let change = ColumnChange {
            column: column.to_owned(),
            before: Value::Null,
            after: after.into(),
        };
        self.add(line, [change]);
    }

    fn note(
        &mut self,
        line: u64,
        verdict: Verdict,
        record_id: Option<Uuid>,
        name: &str,
        changes: impl FnOnce() -> Vec<ColumnChange>,
    ) {
        if !self.is_asked {
            return;
        }
        let row = DryRunRow {
            line,
            verdict,
            record_id,
            name: name.to_owned(),
            changes: changes(),
            rejection: None,
        };
        self.rows.insert(line, row);
    }

    /// The rows. Records that they, or rows before them, make are not here yet: `made` has them.
    pub(in crate::imports) fn into_rows(self, made: &mut HashSet<Uuid>) -> Vec<DryRunRow> {
        made.extend(self.made);
        let mut rows: Vec<DryRunRow> = self.rows.into_values().collect();
        for row in &mut rows {
            row.record_id = row.record_id.filter(|id| !made.contains(id));
        }
        rows
    }
}

impl Assembler<'_> {
    /// Puts the names of what columns refer to in the place of its identifiers.
    pub(in crate::imports) async fn name_references(
        &self,
        rows: &mut [DryRunRow],
    ) -> Result<(), PipelineError> {
        let mut told: HashMap<&str, HashSet<Uuid>> = HashMap::new();
        for change in rows.iter().flat_map(|row| &row.changes) {
            let ids = told.entry(change.column.as_str()).or_default();
            ids.extend(
                [&change.before, &change.after]
                    .into_iter()
                    .filter_map(id_in),
            );
        }
        let named = |column: &str| told.get(column).into_iter().flatten().copied();
        let mut names: HashMap<Uuid, String> = HashMap::new();
        let contacts: Vec<ContactId> = named("contact_id").map(Into::into).collect();
        let found = self.records.contacts(&contacts).await?;
        names.extend(found.into_iter().map(|it| (it.id.into(), it.name)));
        let companies: Vec<CompanyId> = named("company_id").map(Into::into).collect();
        let found = self.records.companies(&companies).await?;
        names.extend(found.into_iter().map(|it| (it.id.into(), it.name)));
        let products: Vec<ProductId> = named("product_id").map(Into::into).collect();
        let found = self.records.products(&products).await?;
        names.extend(found.into_iter().map(|it| (it.id.into(), it.name)));
        if named("owner_id").next().is_some() {
            let found = users::list(&self.workspace.store).await?;
            names.extend(found.into_iter().map(|it| (it.id.into(), it.name)));
        }
        names.extend(self.stages.iter().flat_map(|stages| stages.names()));
        for change in rows.iter_mut().flat_map(|row| &mut row.changes) {
            if change.column.ends_with("_id") {
                for value in [&mut change.before, &mut change.after] {
                    if let Some(name) = id_in(value).and_then(|id| names.get(&id)) {
                        *value = Value::String(name.clone());
                    }
                }
            }
        }
        Ok(())
    }
}

fn id_in(value: &Value) -> Option<Uuid> {
    Uuid::try_parse(value.as_str()?).ok()
}
