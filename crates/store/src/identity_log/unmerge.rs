//! Taking a merge back, wherever it stands among others.

use futures::FutureExt as _;
use rapport_domain::{
    AuditAction, Contact, ContactId, CustomValues, IdentityChange, IdentityRefusal, ObjectKind,
    Timestamp, Verb,
};
use sea_orm::{ConnectionTrait as _, DatabaseTransaction};
use serde_json::Value as Json;
use uuid::Uuid;

use super::derived::{self, Lent};
use super::fold::{self, Change, KeptField, Sourced};
use super::merge::{check_seen, forget_consents, hold, read, settle, told, write};
use super::operations::{self, Kept};
use super::tree::{self, Edge};
use super::{Unmerge, Unmerged, arrivals, places};
use crate::entities::{contact, identity_operation};
use crate::lens::Lens;
use crate::sql::{self, Sql};
use crate::{Store, StoreError, audit, bulk, codec, custom_fields, journal};

/// Takes a merge back. The contact that had gone is there again with its own fields, memberships and scores,
/// and with all that is at home with it and with what was part of it, whatever the person was merged with
/// before or since. Of the one that it was merged into, the fields become what they would be without this
/// merge; where somebody has changed one since, that one stays and is returned. Whoever takes it back must be
/// one who may change the person.
///
/// # Errors
/// [`StoreError::Identity`] where the merge is not in force, or where part of what it would bring back is
/// gone and it was not asked for in part; [`StoreError::NotFound`], [`StoreError::NotAllowed`] as for other
/// changes.
pub async fn unmerge(store: &Store, unmerge: Unmerge) -> Result<Unmerged, StoreError> {
    let lens = store.lens().clone();
    store
        .write(move |tx| async move { unmerge_in(tx, &lens, unmerge).await }.boxed())
        .await
}

/// A merge that is about to be taken back.
struct Undoing {
    edge: Edge,
    /// What it kept; none where it was erased.
    kept: Option<Kept>,
    /// The merges that lead on from the contact that stayed.
    path: Vec<Edge>,
    /// The person, and whether it is still there.
    person: Uuid,
    is_there: bool,
    at: Timestamp,
    /// When the two were merged.
    merged_at: Timestamp,
}

/// As [`unmerge`], inside of a transaction.
pub(crate) async fn unmerge_in(
    tx: &DatabaseTransaction,
    lens: &Lens,
    asked: Unmerge,
) -> Result<Unmerged, StoreError> {
    let author = operations::author_of(lens)?;
    tree::hold(tx).await?;
    let undoing = look(tx, lens, asked.merge, author.at).await?;
    let Undoing { edge, person, .. } = undoing;
    let parts = tree::members(tx, edge.from).await?;
    let mut lost = lost_of(tx, &undoing, &parts).await?;
    if !lost.is_empty() && !asked.in_part {
        let merge = asked.merge;
        return Err(IdentityRefusal::Incomplete { merge, lost }.into());
    }
    forget_consents(tx, &[person]).await?;
    let fields = fields(tx, &undoing, &mut lost).await?;
    restore(tx, &undoing, &mut lost).await?;
    let whose = (edge.from, &parts);
    let n_ambiguous = arrivals::settle(tx, whose, person, undoing.merged_at).await?;
    let of_person = undoing.is_there.then_some(person);
    places::unmerge(tx, whose, of_person, author.at).await?;
    if let Some(kept) = &undoing.kept {
        derived::give_back(tx, kept, edge.from).await?;
    }
    tree::part(tx, edge.from).await?;
    let change = IdentityChange::Unmerge {
        merge: asked.merge,
        from: ContactId(edge.from),
        keep_apart: asked.keep_apart,
    };
    let operation = operations::add(tx, author, &change, &asked.grounds, None).await?;
    operations::undo(tx, asked.merge, operation).await?;
    if asked.keep_apart {
        tree::decide(tx, (edge.from, edge.into), false, operation).await?;
    }
    let mut changed = vec![edge.from];
    changed.extend(undoing.is_there.then_some(person));
    settle(tx, &changed).await?;
    let rows = fields.rows.as_ref();
    let rows = rows.map(|(before, after)| (before, after));
    let drafts = [
        told(AuditAction::Unmerged, person, edge.from, rows),
        told(AuditAction::Unmerged, edge.from, person, None),
    ];
    audit::write(tx, lens, drafts.into()).await?;
    let contact = read(tx, lens, edge.from).await?;
    Ok(Unmerged {
        operation,
        contact: contact.ok_or_else(|| StoreError::not_found("contact", edge.from))?,
        person: read(tx, lens, person).await?,
        kept: seen(lens, fields.kept),
        lost,
        n_ambiguous,
    })
}

/// Fields that the user sees.
fn seen(lens: &Lens, mut kept: Vec<KeptField>) -> Vec<KeptField> {
    let is_hidden = |kept: &KeptField| lens.hides_listed("contacts", &kept.field, &kept.field);
    kept.retain(|kept| !is_hidden(kept));
    kept
}

async fn look(
    tx: &DatabaseTransaction,
    lens: &Lens,
    merge: i64,
    at: Timestamp,
) -> Result<Undoing, StoreError> {
    let row: identity_operation::Model = operations::find(tx, merge).await?;
    let not_in_force = || StoreError::from(IdentityRefusal::NotInForce { merge });
    let edges = tree::edges_from(tx, &[row.other_id]).await?;
    let edge = edges.into_iter().find(|edge| edge.operation == merge);
    let Some(edge) = edge else {
        check_seen(tx, lens, row.other_id, Verb::Read).await?;
        return Err(not_in_force());
    };
    let path = tree::path(tx, edge.into).await?;
    let person = path.last().map_or(edge.into, |edge| edge.into);
    let is_there = is_there(tx, person).await?;
    // Of a person who is deleted nobody is in charge.
    if is_there || !lens.is_of_all(Verb::Write) {
        check_seen(tx, lens, person, Verb::Write).await?;
    }
    Ok(Undoing {
        edge,
        kept: operations::kept_of(&row)?,
        path,
        person,
        is_there,
        at,
        merged_at: Timestamp::from_micros(row.at),
    })
}

async fn is_there(tx: &DatabaseTransaction, contact: Uuid) -> Result<bool, StoreError> {
    let text = "SELECT 1 AS found FROM contacts WHERE id = ?";
    let found = Sql::of(tx.get_database_backend(), text, [sql::id(contact)]);
    Ok(found.one(tx).await?.is_some())
}

/// What does not come back, in words.
async fn lost_of(
    tx: &DatabaseTransaction,
    undoing: &Undoing,
    parts: &std::collections::BTreeSet<Uuid>,
) -> Result<Vec<String>, StoreError> {
    let mut lost = Vec::new();
    if undoing.kept.is_none() {
        lost.push("what the contact itself held was erased".to_owned());
    }
    if !undoing.is_there {
        let person = undoing.person;
        lost.push(format!("contact {person}, whose part it was, is deleted"));
    }
    for (object, n) in places::gone(tx, parts).await? {
        lost.push(format!("{n} of the kind {object} are deleted"));
    }
    Ok(lost)
}

/// What became of the fields of the person.
#[derive(Default)]
struct Fields {
    kept: Vec<KeptField>,
    /// The person before and after.
    rows: Option<(contact::Model, contact::Model)>,
}

/// Lets the fields of the contact that stayed, and of those that it was merged into, be what they would be
/// without the merge.
async fn fields(
    tx: &DatabaseTransaction,
    undoing: &Undoing,
    lost: &mut Vec<String>,
) -> Result<Fields, StoreError> {
    let Some(kept) = &undoing.kept else {
        return bump(tx, undoing).await;
    };
    let mut lent = Lent::of(kept);
    let mut found = Fields::default();
    let (mut node, mut operation) = (undoing.edge.into, undoing.edge.operation);
    let mut change = Change::Without;
    for edge in &undoing.path {
        let row = operations::find(tx, edge.operation).await?;
        // Of a later merge whose values are erased nothing can be made anew.
        let Some(mut of_later) = operations::kept_of(&row)? else {
            return bump(tx, undoing).await;
        };
        let current = of_later.step.child.clone();
        let refolded = refold(tx, (node, operation), &change, &current).await?;
        found.kept.extend(refolded.kept);
        of_later.step.child = contact::Model {
            id: current.id,
            version: current.version,
            // By it whoever brings the contact back knows whether an operation or a person wrote it last.
            updated_at: current.updated_at,
            ..refolded.now.row
        };
        of_later.step.child_origins.of_parts = refolded.now.origins.of_parts;
        lent = lent.take_out(&mut of_later);
        operations::keep(tx, edge.operation, &of_later).await?;
        (node, operation) = (edge.into, edge.operation);
        change = Change::Child(Box::new(Sourced {
            row: of_later.step.child,
            origins: of_later.step.child_origins,
        }));
    }
    if !undoing.is_there {
        return Ok(found);
    }
    lent.take_back(tx, undoing.person).await?;
    let current = hold(tx, undoing.person).await?;
    let refolded = refold(tx, (node, operation), &change, &current).await?;
    found.kept.extend(refolded.kept);
    let mut row = contact::Model {
        id: current.id,
        ..refolded.now.row
    };
    let whose = format!("contact {}", current.id);
    mend(tx, &mut row, Some(&current), &whose, lost).await?;
    write(tx, &current, &row, undoing.at.as_micros()).await?;
    found.rows = Some((current, row));
    Ok(found)
}

/// Where no field can be made anew, tells at least that the person has other parts now.
async fn bump(tx: &DatabaseTransaction, undoing: &Undoing) -> Result<Fields, StoreError> {
    if undoing.is_there {
        let row = hold(tx, undoing.person).await?;
        write(tx, &row, &row, undoing.at.as_micros()).await?;
    }
    Ok(Fields::default())
}

/// Lets the merges into a contact happen again with one of them changed, and keeps what they would have kept.
async fn refold(
    tx: &DatabaseTransaction,
    (node, operation): (Uuid, i64),
    change: &Change,
    current: &contact::Model,
) -> Result<fold::Refolded, StoreError> {
    let (mut kept, mut steps, mut which) = (Vec::new(), Vec::new(), 0);
    for edge in tree::edges_into(tx, &[node]).await? {
        let row = operations::find(tx, edge.operation).await?;
        // What was erased counts as an edit.
        let Some(of_edge) = operations::kept_of(&row)? else {
            continue;
        };
        if edge.operation == operation {
            which = steps.len();
        }
        steps.push(of_edge.step.clone());
        kept.push((edge.operation, of_edge));
    }
    let refolded = fold::refold(&steps, which, change, current)?;
    if matches!(change, Change::Without) {
        kept.remove(which);
    }
    for ((seq, mut of_edge), step) in kept.into_iter().zip(&refolded.steps) {
        if of_edge.step != *step {
            of_edge.step = step.clone();
            operations::keep(tx, seq, &of_edge).await?;
        }
    }
    Ok(refolded)
}

/// Puts the contact that had gone back among the others.
async fn restore(
    tx: &DatabaseTransaction,
    undoing: &Undoing,
    lost: &mut Vec<String>,
) -> Result<(), StoreError> {
    let id = undoing.edge.from;
    let mut row = match &undoing.kept {
        Some(kept) => kept.step.child.clone(),
        None => stand_in(tx, id, undoing.at).await?,
    };
    row.version += 1;
    let whose = format!("contact {id}");
    mend(tx, &mut row, None, &whose, lost).await?;
    bulk::insert::<contact::Entity>(tx, vec![row], "").await?;
    places::count_write(tx, id, None).await
}

/// A contact of whom nothing is left but what sources call it.
async fn stand_in(
    tx: &DatabaseTransaction,
    id: Uuid,
    at: Timestamp,
) -> Result<contact::Model, StoreError> {
    let text = "SELECT i.profile_key FROM identities i JOIN record_homes h ON h.record_id = i.id \
                WHERE h.object = 'identity' AND h.home_id = ? ORDER BY i.id LIMIT 1";
    let found = Sql::of(tx.get_database_backend(), text, [sql::id(id)])
        .one(tx)
        .await?;
    let name = match found {
        Some(row) => row.try_get("", "profile_key")?,
        None => id.to_string(),
    };
    Ok(contact::Model::with_words(
        Contact::named(ContactId(id), name, at),
        &[],
    ))
}

/// Takes out of a row what is gone, and what must be unique and is another record's by now; what stands there
/// at present stays instead, if anything does.
async fn mend(
    tx: &DatabaseTransaction,
    row: &mut contact::Model,
    current: Option<&contact::Model>,
    whose: &str,
    lost: &mut Vec<String>,
) -> Result<(), StoreError> {
    let value = |id: Option<Uuid>| id.map_or(Json::Null, |id| Json::String(id.to_string()));
    if journal::is_gone(tx, "company_id", &value(row.company_id)).await? {
        row.company_id = current.and_then(|current| current.company_id);
        lost.push(format!("the company of {whose} is deleted"));
    }
    if journal::is_gone(tx, "owner_id", &value(row.owner_id)).await? {
        row.owner_id = current.and_then(|current| current.owner_id);
        lost.push(format!("the owner of {whose} is deleted"));
    }
    let mut custom: CustomValues = codec::from_json("contacts.custom", &row.custom)?;
    let present: CustomValues = match current {
        Some(current) => codec::from_json("contacts.custom", &current.custom)?,
        None => CustomValues::new(),
    };
    loop {
        let own = [(row.id, &custom)];
        let checked = custom_fields::check_unique_among(tx, ObjectKind::Contact, &own).await;
        let key = match checked {
            Ok(()) => break,
            Err(StoreError::Taken { key, .. }) if custom.get(&key) != present.get(&key) => key,
            Err(error) => return Err(error),
        };
        match present.get(&key) {
            Some(value) => custom.insert(key.clone(), value.clone()),
            None => custom.remove(&key),
        };
        lost.push(format!("the {key} of {whose} is another record's by now"));
    }
    row.custom = codec::to_json(&custom);
    Ok(())
}
