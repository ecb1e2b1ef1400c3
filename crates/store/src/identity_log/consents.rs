//! What a person allows whose parts have said different things: no merge makes it more.
//!
//! Statements move with their contact, and the latest of all would count. Where that grants what one of the
//! two had withdrawn at the time of the merge, the merge states the withdrawal again, and only a statement
//! that is made later is stronger. Silence is no statement. The statements of merges follow from the others,
//! and are made anew for a person whenever its parts change.

use std::collections::BTreeMap;

use rapport_domain::{Channel, ConsentStatus, Purpose};
use sea_orm::{ConnectionTrait as _, DatabaseTransaction};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::tree;
use crate::entities::consent;
use crate::sql::{self, Sql};
use crate::{StoreError, bulk, codec};

/// Where a statement was made, of one that a merge has made.
const SOURCE: &str = "merge";

const PURPOSES: [Purpose; 3] = [Purpose::Service, Purpose::Marketing, Purpose::Profiling];

const CHANNELS: [Channel; 5] = [
    Channel::Email,
    Channel::Sms,
    Channel::Phone,
    Channel::Wechat,
    Channel::Post,
];

/// What a statement says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Said {
    purpose: Purpose,
    /// None stands for all.
    channel: Option<Channel>,
    status: ConsentStatus,
    at: i64,
}

/// Makes the statements of merges anew for a person.
pub(super) async fn restate(tx: &DatabaseTransaction, person: Uuid) -> Result<(), StoreError> {
    let edges = tree::below(tx, person).await?;
    let operations: Vec<i64> = edges.iter().map(|edge| edge.operation).collect();
    forget(tx, &operations).await?;
    if edges.is_empty() {
        return Ok(());
    }
    let mut groups = said_by_home(tx, person).await?;
    let times = times(tx, &operations).await?;
    let mut heads: BTreeMap<Uuid, Uuid> = BTreeMap::new();
    let mut rows = Vec::new();
    for edge in &edges {
        let head = |contact: Uuid| heads.get(&contact).copied().unwrap_or(contact);
        let (stays, goes) = (head(edge.into), head(edge.from));
        let at = times.get(&edge.operation).copied().unwrap_or_default();
        let gone = groups.remove(&goes).unwrap_or_default();
        let kept = groups.entry(stays).or_default();
        let stated = stricter(kept, &gone, at);
        kept.extend(gone);
        kept.extend(&stated);
        rows.extend(
            stated
                .into_iter()
                .map(|said| row(edge.operation, person, said)),
        );
        for head in heads.values_mut().filter(|head| **head == goes) {
            *head = stays;
        }
        heads.insert(goes, stays);
    }
    write(tx, rows).await
}

/// What two persons together have to state so that neither allows more than before.
fn stricter(one: &[Said], other: &[Said], at: i64) -> Vec<Said> {
    let mut stated = Vec::new();
    for purpose in PURPOSES {
        let is_widened = |channel: &Channel| {
            let of_one = latest(one, purpose, *channel, at);
            let of_other = latest(other, purpose, *channel, at);
            let pairs = [(of_one, of_other), (of_other, of_one)];
            pairs.into_iter().any(|pair| match pair {
                (Some(refused), Some(granted)) => {
                    refused.status == ConsentStatus::Withdrawn
                        && granted.status == ConsentStatus::Granted
                        && granted.at >= refused.at
                }
                _ => false,
            })
        };
        let widened: Vec<Channel> = CHANNELS.into_iter().filter(is_widened).collect();
        let channels = if widened.len() == CHANNELS.len() {
            vec![None]
        } else {
            widened.into_iter().map(Some).collect()
        };
        stated.extend(channels.into_iter().map(|channel| Said {
            purpose,
            channel,
            status: ConsentStatus::Withdrawn,
            // After all that either of them had said.
            at: at + 1,
        }));
    }
    stated
}

/// The statement that counts until an instant; none where nothing was said. Of two of one instant the
/// stricter counts.
fn latest(said: &[Said], purpose: Purpose, channel: Channel, until: i64) -> Option<Said> {
    said.iter()
        .filter(|it| it.purpose == purpose && it.at <= until + 1)
        .filter(|it| it.channel.is_none_or(|named| named == channel))
        .max_by_key(|it| (it.at, it.status == ConsentStatus::Withdrawn))
        .copied()
}

/// What people have said of the person and its parts, by the contact to which they said it.
async fn said_by_home(
    tx: &DatabaseTransaction,
    person: Uuid,
) -> Result<BTreeMap<Uuid, Vec<Said>>, StoreError> {
    let text = "SELECT c.purpose, c.channel, c.status, c.stated_at, h.home_id FROM consents c \
                LEFT JOIN record_homes h ON h.record_id = c.id AND h.object = 'consent' \
                WHERE c.contact_id = ?";
    let rows = Sql::of(tx.get_database_backend(), text, [sql::id(person)]);
    let mut groups: BTreeMap<Uuid, Vec<Said>> = BTreeMap::new();
    for row in rows.all(tx).await? {
        let (purpose, status): (String, String) =
            (row.try_get("", "purpose")?, row.try_get("", "status")?);
        let channel: Option<String> = row.try_get("", "channel")?;
        let channel = channel.map(|name| codec::member("consents.channel", &name));
        let home: Option<Uuid> = row.try_get("", "home_id")?;
        groups
            .entry(home.unwrap_or(person))
            .or_default()
            .push(Said {
                purpose: codec::member("consents.purpose", &purpose)?,
                channel: channel.transpose()?,
                status: codec::member("consents.status", &status)?,
                at: row.try_get("", "stated_at")?,
            });
    }
    Ok(groups)
}

async fn times(
    tx: &DatabaseTransaction,
    operations: &[i64],
) -> Result<BTreeMap<i64, i64>, StoreError> {
    let mut sql = Sql::new(tx.get_database_backend());
    sql.push("SELECT seq, at FROM identity_operations WHERE seq IN ");
    sql.bind_list(operations.iter().map(|&seq| seq.into()));
    let rows = sql.all(tx).await?;
    let times = rows
        .iter()
        .map(|row| Ok((row.try_get("", "seq")?, row.try_get("", "at")?)));
    times.collect()
}

/// Takes the statements of operations away.
pub(super) async fn forget(tx: &DatabaseTransaction, operations: &[i64]) -> Result<(), StoreError> {
    for chunk in operations.chunks(sql::N_KEYS_MAX) {
        let mut sql = Sql::new(tx.get_database_backend());
        sql.push(
            "DELETE FROM consents WHERE id IN \
             (SELECT consent_id FROM merge_consents WHERE operation IN ",
        );
        sql.bind_list(chunk.iter().map(|&seq| seq.into())).push(")");
        sql.execute(tx).await?;
    }
    Ok(())
}

fn row(operation: i64, person: Uuid, said: Said) -> (i64, consent::Model) {
    let row = consent::Model {
        id: id_of(operation, said),
        contact_id: person,
        purpose: codec::name_of(&said.purpose),
        channel: said.channel.as_ref().map(codec::name_of),
        status: codec::name_of(&said.status),
        source: SOURCE.to_owned(),
        stated_at: said.at,
    };
    (operation, row)
}

/// The same statement has the same identifier whenever it is made anew (RFC 9562, version 8).
fn id_of(operation: i64, said: Said) -> Uuid {
    let channel = said.channel.as_ref().map(codec::name_of);
    let hash = Sha256::new()
        .chain_update(operation.to_be_bytes())
        .chain_update(codec::name_of(&said.purpose))
        .chain_update([0])
        .chain_update(channel.unwrap_or_default())
        .finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

async fn write(
    tx: &DatabaseTransaction,
    rows: Vec<(i64, consent::Model)>,
) -> Result<(), StoreError> {
    let made: Vec<(Uuid, i64)> = rows.iter().map(|(seq, row)| (row.id, *seq)).collect();
    let rows: Vec<consent::Model> = rows.into_iter().map(|(_, row)| row).collect();
    bulk::insert::<consent::Entity>(tx, rows, "").await?;
    for (consent, operation) in made {
        let text = "INSERT INTO merge_consents (consent_id, operation) VALUES (?, ?)";
        Sql::of(
            tx.get_database_backend(),
            text,
            [sql::id(consent), operation.into()],
        )
        .execute(tx)
        .await?;
    }
    Ok(())
}
