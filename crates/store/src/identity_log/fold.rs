//! The fields of a person as its merges have made them, with one of the merges left out.
//!
//! Each merge keeps the row that stayed as it was found and as it was left, and the row that went. Between
//! two merges others may have edited the row that stayed: that is what differs between one's end and the
//! next one's beginning. Without one of the merges the rest happens again, edits included.
//!
//! Each happens again by the rules that held when it happened, which it keeps, and by origins of values that
//! follow from the merges before it. So what a person shows is a function of the contacts, the merges in
//! force and their rules: no order of taking back, and no change of the settings since, makes a difference.

use std::collections::{BTreeMap, BTreeSet};

use rapport_domain::{
    Contact, FieldOrigin, FieldOrigins, Survived, Survivorship, SurvivorshipSide,
};
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
    /// The rules in force when they were merged.
    pub(super) rules: Survivorship,
    /// Where the values come from: of the row as it was found, of the one that goes, of the row as it was left.
    #[serde(default = "unknown")]
    pub(super) found_origins: FieldOrigins,
    #[serde(default = "unknown")]
    pub(super) child_origins: FieldOrigins,
    #[serde(default = "unknown")]
    pub(super) left_origins: FieldOrigins,
}

fn unknown() -> FieldOrigins {
    FieldOrigins::own(FieldOrigin::unknown())
}

/// A row and where its values come from.
#[derive(Debug, Clone)]
pub(super) struct Sourced {
    pub(super) row: contact::Model,
    pub(super) origins: FieldOrigins,
}

impl Step {
    /// Merges one row into another.
    pub(super) fn merge(
        found: Sourced,
        child: Sourced,
        rules: Survivorship,
    ) -> Result<Self, StoreError> {
        let survived = survive(&found, &child, &rules)?;
        Ok(Self {
            left: contact::Model::with_words(survived.contact, &[]),
            left_origins: survived.origins,
            found: found.row,
            found_origins: found.origins,
            child: child.row,
            child_origins: child.origins,
            rules,
        })
    }

    /// Where the values of the row come from by now: what somebody has set since the merge is its own.
    pub(super) fn parts_in(&self, current: &contact::Model) -> FieldOrigins {
        let mut origins = self.left_origins.clone();
        origins.edit(&changed(&fields(&self.left), &fields(current)));
        origins
    }
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
    stays: &Sourced,
    goes: &Sourced,
    rules: &Survivorship,
) -> Result<Survived, StoreError> {
    let (kept, gone) = (
        Contact::try_from(stays.row.clone())?,
        Contact::try_from(goes.row.clone())?,
    );
    let side = |contact, origins| SurvivorshipSide { contact, origins };
    Ok(rules.survive(side(&kept, &stays.origins), side(&gone, &goes.origins)))
}

/// What a row becomes when one of its merges is left out, or the row that went has other fields.
pub(super) struct Refolded {
    /// The steps that stay, as they would have been.
    pub(super) steps: Vec<Step>,
    /// The row as it would be now, and where its values would come from.
    pub(super) now: Sourced,
    /// Fields that the step which is left out had written and that somebody has changed since.
    pub(super) kept: Vec<KeptField>,
}

/// What happens to one step of many.
pub(super) enum Change {
    /// It is left out.
    Without,
    /// The row that went would have been this one.
    Child(Box<Sourced>),
}

/// Lets the steps of a row happen again, but one.
pub(super) fn refold(
    steps: &[Step],
    which: usize,
    change: &Change,
    current: &contact::Model,
) -> Result<Refolded, StoreError> {
    let mut now = Sourced {
        row: steps[0].found.clone(),
        origins: steps[0].found_origins.clone(),
    };
    let mut redone = Vec::with_capacity(steps.len());
    let mut edited = BTreeSet::new();
    for (idx, step) in steps.iter().enumerate() {
        if let Some(last) = idx.checked_sub(1).map(|last| &steps[last].left) {
            let since = edit(&mut now, last, &step.found)?;
            edited.extend(since.into_iter().filter(|_| idx > which));
        }
        // When it was changed by somebody, and of which sources it is, does not follow from merges.
        now.origins.own = step.found_origins.own.clone();
        let mut child = Sourced {
            row: step.child.clone(),
            origins: step.child_origins.clone(),
        };
        match change {
            Change::Without if idx == which => continue,
            Change::Child(other) if idx == which => {
                child.row = other.row.clone();
                child.origins.of_parts = other.origins.of_parts.clone();
            }
            _ => {}
        }
        now.row.updated_at = step.found.updated_at;
        let step = Step::merge(now, child, step.rules.clone())?;
        now = Sourced {
            row: step.left.clone(),
            origins: step.left_origins.clone(),
        };
        redone.push(step);
    }
    let last = &steps[steps.len() - 1].left;
    edited.extend(edit(&mut now, last, current)?);
    let kept = match change {
        Change::Without => kept_fields(&steps[which], &edited, current),
        Change::Child(_) => Vec::new(),
    };
    Ok(Refolded {
        steps: redone,
        now,
        kept,
    })
}

/// Sets the fields of a row that somebody has changed; returns which.
fn edit(
    now: &mut Sourced,
    from: &contact::Model,
    to: &contact::Model,
) -> Result<Vec<String>, StoreError> {
    let to = fields(to);
    let changed = changed(&fields(from), &to);
    if changed.is_empty() {
        return Ok(changed);
    }
    let mut fields = fields(&now.row);
    for name in &changed {
        fields.insert(name.clone(), value(&to, name));
    }
    now.row = with_fields(&now.row, fields)?;
    now.origins.edit(&changed);
    Ok(changed)
}

/// The fields that differ.
fn changed(from: &BTreeMap<String, Json>, to: &BTreeMap<String, Json>) -> Vec<String> {
    let names: BTreeSet<&String> = from.keys().chain(to.keys()).collect();
    let is_changed = |name: &&String| value(from, name) != value(to, name);
    names.into_iter().filter(is_changed).cloned().collect()
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
    use rapport_domain::{ContactId, SurvivorshipRule, Timestamp};
    use uuid::Uuid;

    use super::*;

    fn row(name: &str, title: Option<&str>) -> contact::Model {
        let at = Timestamp::from_millis(0);
        let mut contact = Contact::named(ContactId(Uuid::nil()), name, at);
        contact.title = title.map(str::to_owned);
        contact::Model::with_words(contact, &[])
    }

    fn at(row: contact::Model, seconds: i64) -> Sourced {
        let changed_at = Timestamp::from_millis(seconds * 1_000);
        let sources = Default::default();
        let own = FieldOrigin {
            changed_at,
            sources,
        };
        Sourced {
            row,
            origins: FieldOrigins::own(own),
        }
    }

    fn step(found: &contact::Model, child: contact::Model) -> Step {
        Step::merge(at(found.clone(), 0), at(child, 0), Survivorship::default()).unwrap()
    }

    #[test]
    fn a_value_of_the_merge_that_is_left_out_gives_way_to_that_of_a_later_one() {
        let first = step(&row("Ada", None), row("B", Some("Countess")));
        let second = step(&first.left, row("C", Some("Analyst")));
        let current = second.left.clone();

        let refolded = refold(&[first, second], 0, &Change::Without, &current).unwrap();

        assert_eq!(refolded.now.row.title.as_deref(), Some("Analyst"));
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

        assert_eq!(refolded.now.row.title.as_deref(), Some("Queen"));
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

        assert_eq!(fields(&refolded.now.row), fields(&found));
        assert!(refolded.steps.is_empty());
    }

    #[test]
    fn merges_that_stay_happen_again_by_their_own_rules_and_origins() {
        let recent = Survivorship {
            usual: SurvivorshipRule::MostRecent,
            ..Survivorship::default()
        };
        let found = at(row("Ada", Some("Countess")), 1);
        let newest = at(row("B", Some("Queen")), 9);
        let first = Step::merge(found.clone(), newest, recent.clone()).unwrap();
        let newer = at(row("C", Some("Analyst")), 5);
        let left = Sourced {
            row: first.left.clone(),
            origins: first.parts_in(&first.left),
        };
        let second = Step::merge(left, newer.clone(), recent.clone()).unwrap();
        assert_eq!(second.left.title.as_deref(), Some("Queen"));
        let current = second.left.clone();

        let refolded = refold(&[first, second], 0, &Change::Without, &current).unwrap();

        let alone = Step::merge(found, newer, recent).unwrap();
        assert_eq!(refolded.steps, [alone]);
        assert_eq!(refolded.now.row.title.as_deref(), Some("Analyst"));
    }

    #[test]
    fn a_merge_of_before_rules_could_be_chosen_is_read() {
        let one = step(&row("Ada", None), row("B", Some("Countess")));
        let mut saved = serde_json::to_value(&one).unwrap();
        let fields = saved.as_object_mut().unwrap();
        for new in ["found_origins", "child_origins", "left_origins"] {
            fields.remove(new);
        }
        fields.insert("trust".to_owned(), json!([null, 0]));

        let read: Step = serde_json::from_value(saved).unwrap();

        let refolded = refold(&[read], 0, &Change::Without, &one.left).unwrap();
        assert_eq!(refolded.now.row.title, None);
    }
}
