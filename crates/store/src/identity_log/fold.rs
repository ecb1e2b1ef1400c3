//! The fields of a person as its merges have made them, with one of the merges left out.
//!
//! Each merge keeps the row that stayed as it was found and as it was left, and the row that went. Between
//! two merges others may have edited the row that stayed: that is what differs between one's end and the
//! next one's beginning. Without one of the merges the rest happens again, edits included.

use std::collections::{BTreeMap, BTreeSet};

use rapport_domain::{Contact, Survivorship, SurvivorshipSide};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::StoreError;
use crate::codec::{self, Columns};
use crate::entities::contact;
use crate::imports::flat;
use crate::journal::Tracked;

/// The column of custom values, and what stands before their keys where each is a column of its own.
const CUSTOM: &str = "custom";
const PREFIX: &str = "custom.";

/// What a merge keeps of the fields.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Step {
    /// The row that stays, as it was found.
    pub(super) found: contact::Model,
    /// The row that goes.
    pub(super) child: contact::Model,
    /// The row that stays, as it was left.
    pub(super) left: contact::Model,
    pub(super) rules: Survivorship,
    /// Places of the most trusted sources: of the one that stays, of the one that goes.
    pub(super) trust: (Option<u32>, Option<u32>),
}

/// A field that stays as it is, since somebody has changed it after the merge had written it.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptField {
    /// Its column; a custom field begins with `custom.`.
    pub field: String,
    /// What stood there before the merge.
    pub before: Json,
    /// What the merge wrote.
    pub after: Json,
    /// What stands there now.
    pub found: Json,
}

/// The fields of a row that people and files set, custom ones each by itself.
pub(super) fn fields(row: &contact::Model) -> BTreeMap<String, Json> {
    flat(contact::Entity::columns(row)).into_iter().collect()
}

/// A row with other fields.
fn with_fields(
    row: &contact::Model,
    fields: BTreeMap<String, Json>,
) -> Result<contact::Model, StoreError> {
    let mut columns = Columns::new();
    let mut custom = Columns::new();
    for (field, value) in fields {
        match field.strip_prefix(PREFIX) {
            Some(key) if value.is_null() => drop(custom.remove(key)),
            Some(key) => drop(custom.insert(key.to_owned(), value)),
            None => drop(columns.insert(field, value)),
        }
    }
    let custom = codec::to_json(&Json::Object(custom));
    columns.insert(CUSTOM.to_owned(), json!(custom));
    contact::Entity::with(row, &columns)
}

/// The row that stays, with what survives of the row that goes.
pub(super) fn survive(
    stays: &contact::Model,
    goes: &contact::Model,
    rules: &Survivorship,
    trust: (Option<u32>, Option<u32>),
) -> Result<Contact, StoreError> {
    let (kept, gone) = (
        Contact::try_from(stays.clone())?,
        Contact::try_from(goes.clone())?,
    );
    let side = |contact, trust| SurvivorshipSide { contact, trust };
    Ok(rules.survive(side(&kept, trust.0), side(&gone, trust.1)))
}

/// What a row becomes when one of its merges is left out, or the row that went has other fields.
pub(super) struct Refolded {
    /// The steps that stay, as they would have been.
    pub(super) steps: Vec<Step>,
    /// The row as it would be now.
    pub(super) row: contact::Model,
    /// Fields that the step which is left out had written and that somebody has changed since.
    pub(super) kept: Vec<KeptField>,
}

/// What happens to one step of many.
pub(super) enum Change {
    /// It is left out.
    Without,
    /// The row that went would have been this one.
    Child(Box<contact::Model>),
}

/// Lets the steps of a row happen again, but one.
pub(super) fn refold(
    steps: &[Step],
    which: usize,
    change: &Change,
    current: &contact::Model,
) -> Result<Refolded, StoreError> {
    let mut row = steps[0].found.clone();
    let mut redone = Vec::with_capacity(steps.len());
    let mut edited = BTreeSet::new();
    for (idx, step) in steps.iter().enumerate() {
        if let Some(last) = idx.checked_sub(1).map(|last| &steps[last].left) {
            let since = edit(&mut row, last, &step.found)?;
            edited.extend(since.into_iter().filter(|_| idx > which));
        }
        let mut step = step.clone();
        match change {
            Change::Without if idx == which => continue,
            Change::Child(child) if idx == which => step.child = (**child).clone(),
            _ => {}
        }
        let updated_at = step.found.updated_at;
        step.found = contact::Model { updated_at, ..row };
        let merged = survive(&step.found, &step.child, &step.rules, step.trust)?;
        row = contact::Model::with_words(merged, &[]);
        step.left = row.clone();
        redone.push(step);
    }
    let last = &steps[steps.len() - 1].left;
    edited.extend(edit(&mut row, last, current)?);
    let kept = match change {
        Change::Without => kept_fields(&steps[which], &edited, current),
        Change::Child(_) => Vec::new(),
    };
    Ok(Refolded {
        steps: redone,
        row,
        kept,
    })
}

/// Sets the fields of a row that somebody has changed; returns which.
fn edit(
    row: &mut contact::Model,
    from: &contact::Model,
    to: &contact::Model,
) -> Result<Vec<String>, StoreError> {
    let (from, to) = (fields(from), fields(to));
    let names: BTreeSet<&String> = from.keys().chain(to.keys()).collect();
    let is_changed = |name: &&String| value(&from, name) != value(&to, name);
    let changed: Vec<String> = names.into_iter().filter(is_changed).cloned().collect();
    if changed.is_empty() {
        return Ok(changed);
    }
    let mut fields = fields(row);
    for name in &changed {
        fields.insert(name.clone(), value(&to, name));
    }
    *row = with_fields(row, fields)?;
    Ok(changed)
}

fn kept_fields(step: &Step, edited: &BTreeSet<String>, current: &contact::Model) -> Vec<KeptField> {
    let (before, after, found) = (fields(&step.found), fields(&step.left), fields(current));
    let is_kept = |name: &&String| value(&before, name) != value(&after, name);
    edited
        .iter()
        .filter(is_kept)
        .map(|name| KeptField {
            field: name.clone(),
            before: value(&before, name),
            after: value(&after, name),
            found: value(&found, name),
        })
        .collect()
}

fn value(fields: &BTreeMap<String, Json>, name: &str) -> Json {
    fields.get(name).cloned().unwrap_or(Json::Null)
}

#[cfg(test)]
mod tests {
    use rapport_domain::{ContactId, Timestamp};
    use uuid::Uuid;

    use super::*;

    fn row(name: &str, title: Option<&str>) -> contact::Model {
        let at = Timestamp::from_millis(0);
        let mut contact = Contact::named(ContactId(Uuid::nil()), name, at);
        contact.title = title.map(str::to_owned);
        contact::Model::with_words(contact, &[])
    }

    fn step(found: &contact::Model, child: contact::Model) -> Step {
        let rules = Survivorship::default();
        let left = survive(found, &child, &rules, (None, None)).unwrap();
        Step {
            found: found.clone(),
            child,
            left: contact::Model::with_words(left, &[]),
            rules,
            trust: (None, None),
        }
    }

    #[test]
    fn a_value_of_the_merge_that_is_left_out_gives_way_to_that_of_a_later_one() {
        let first = step(&row("Ada", None), row("B", Some("Countess")));
        let second = step(&first.left, row("C", Some("Analyst")));
        let current = second.left.clone();

        let refolded = refold(&[first, second], 0, &Change::Without, &current).unwrap();

        assert_eq!(refolded.row.title.as_deref(), Some("Analyst"));
        assert!(refolded.kept.is_empty());
    }

    #[test]
    fn an_edit_stays_and_is_told() {
        let first = step(&row("Ada", None), row("B", Some("Countess")));
        let mut found = first.left.clone();
        found.title = Some("Queen".to_owned());
        let second = step(&found, row("C", Some("Analyst")));
        let current = second.left.clone();

        let refolded = refold(&[first, second], 0, &Change::Without, &current).unwrap();

        assert_eq!(refolded.row.title.as_deref(), Some("Queen"));
        assert_eq!(
            refolded.kept,
            [KeptField {
                field: "title".to_owned(),
                before: Json::Null,
                after: json!("Countess"),
                found: json!("Queen"),
            }]
        );
    }

    #[test]
    fn without_all_merges_the_row_is_as_it_was() {
        let mut found = row("Ada", None);
        found.custom = r#"{"a":1.0}"#.to_owned();
        let mut child = row("B", Some("Countess"));
        child.custom = r#"{"a":2.0,"b":"x"}"#.to_owned();
        child.tags = r#"["vip"]"#.to_owned();
        let one = step(&found, child);
        let current = one.left.clone();
        assert_ne!(fields(&current), fields(&found));

        let refolded = refold(&[one], 0, &Change::Without, &current).unwrap();

        assert_eq!(fields(&refolded.row), fields(&found));
        assert!(refolded.steps.is_empty());
    }
}
