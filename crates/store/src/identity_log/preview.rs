//! What would come of each field if two contacts were merged, without merging them.

use std::collections::BTreeSet;

use rapport_domain::{ContactId, Survivorship, SurvivorshipField, SurvivorshipRule};
use sea_orm::EntityTrait as _;
use serde_json::Value as Json;
use uuid::Uuid;

use super::fold::{self, Sourced};
use super::merge::sourced;
use crate::entities::contact;
use crate::{Store, StoreError, codec, contacts, settings};

/// Whose value a field has after a merge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Winner {
    /// That of the contact that stays.
    Stays,
    /// That of the contact that goes.
    Goes,
    /// What both have.
    Both,
}

/// A field of which at least one of two contacts has a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergedField {
    /// Its name among the rules; a custom field begins with `custom.`, and tags are called so.
    pub field: String,
    /// Whose value it has after the merge.
    pub winner: Winner,
    /// The rule that chose, where both have a value.
    pub rule: Option<SurvivorshipRule>,
}

const TAGS: &str = "tags";

/// What each field would be if a contact became part of another one, by some rules, or by those of the
/// workspace. Fields that the store's user does not see are left out.
///
/// # Errors
/// [`StoreError::NotFound`] where one of the two is not seen.
pub async fn preview(
    store: &Store,
    (from, into): (ContactId, ContactId),
    rules: Option<Survivorship>,
) -> Result<Vec<MergedField>, StoreError> {
    let rules = match rules {
        Some(rules) => rules,
        None => settings::survivorship(store).await?,
    };
    let (stays, goes) = (find(store, into).await?, find(store, from).await?);
    let survived = fold::survive(&stays, &goes, &rules)?;
    let (kept, gone) = (told(&stays.row), told(&goes.row));
    let fields: BTreeSet<&String> = kept.union(&gone).collect();
    let fields = fields.into_iter().filter(|field| !hides(store, field));
    let mut merged: Vec<MergedField> = fields
        .map(|field| MergedField {
            field: field.clone(),
            winner: match survived.taken.contains(field) {
                true => Winner::Goes,
                false => Winner::Stays,
            },
            rule: (kept.contains(field) && gone.contains(field)).then(|| rules.rule_of(field)),
        })
        .collect();
    let tags = tags(&stays.row, &goes.row)?;
    merged.extend(tags.filter(|_| !hides(store, TAGS)));
    Ok(merged)
}

async fn find(store: &Store, id: ContactId) -> Result<Sourced, StoreError> {
    let not_found = || StoreError::not_found("contact", id);
    // Through the lens, for who does not see a contact learns nothing of it.
    contacts::find(store, id).await?.ok_or_else(not_found)?;
    let row = contact::Entity::find_by_id(Uuid::from(id))
        .one(store.reader())
        .await?;
    sourced(store.reader(), row.ok_or_else(not_found)?).await
}

/// The fields that have values.
fn told(row: &contact::Model) -> BTreeSet<String> {
    let fields = fold::fields(row).into_iter();
    let told =
        fields.filter(|(_, value)| !value.is_null() && *value != Json::String(String::new()));
    told.filter_map(|(column, _)| SurvivorshipField::of_column(&column))
        .collect()
}

fn hides(store: &Store, field: &str) -> bool {
    let column = match field {
        "company" => "company_id",
        "owner" => "owner_id",
        "address" => "street",
        other => other,
    };
    store.lens().hides_listed("contacts", field, column)
}

fn tags(stays: &contact::Model, goes: &contact::Model) -> Result<Option<MergedField>, StoreError> {
    let of = |row: &contact::Model| codec::from_json::<Vec<String>>("contacts.tags", &row.tags);
    let winner = match (of(stays)?.is_empty(), of(goes)?.is_empty()) {
        (true, true) => return Ok(None),
        (false, false) => Winner::Both,
        (false, true) => Winner::Stays,
        (true, false) => Winner::Goes,
    };
    Ok(Some(MergedField {
        field: TAGS.to_owned(),
        winner,
        rule: None,
    }))
}
