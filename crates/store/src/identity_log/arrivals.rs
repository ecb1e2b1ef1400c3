//! Orders and tickets that came to a person since a merge, of whose source only one of the two tells.
//!
//! Records say which source told of them, and not which of its views of people. Where the source knows only
//! what is taken apart, they are its own; where it knows both, nobody says whose they are, and they stay.

use std::collections::{BTreeMap, BTreeSet};

use rapport_domain::Timestamp;
use sea_orm::{ConnectionTrait as _, DatabaseTransaction};
use uuid::Uuid;

use crate::StoreError;
use crate::sql::{self, Sql};

/// Tables whose records say which source told of them, and what these are called in `record_homes`.
pub(super) const OF_SOURCES: [(&str, &str); 2] = [("orders", "order"), ("tickets", "ticket")];

/// Lets what came to a person since an instant be at home with one of its parts, where its source knows only
/// that one and what is part of it. Returns how many records stay, since their source knows others, too.
pub(super) async fn settle(
    tx: &DatabaseTransaction,
    (contact, parts): (Uuid, &BTreeSet<Uuid>),
    person: Uuid,
    since: Timestamp,
) -> Result<u64, StoreError> {
    let backend = tx.get_database_backend();
    let mut n_stay = 0;
    for (source, knows_others) in sources_of(tx, parts, person).await? {
        for (table, object) in OF_SOURCES {
            let which = format!(
                "FROM {table} t WHERE t.contact_id = ? AND t.source_id = ? AND t.id >= ? AND NOT EXISTS \
                 (SELECT 1 FROM record_homes h WHERE h.record_id = t.id AND h.object = '{object}')"
            );
            let values = [sql::id(person), sql::id(source), sql::id(first_of(since))];
            if knows_others {
                let text = format!("SELECT count(*) AS n {which}");
                let row = Sql::of(backend, &text, values).one(tx).await?;
                let n: i64 = row.map_or(Ok(0), |row| row.try_get("", "n"))?;
                n_stay += crate::codec::unsigned(n);
                continue;
            }
            let mut sql = Sql::new(backend);
            sql.push_with(
                &format!("INSERT INTO record_homes (record_id, object, home_id) SELECT t.id, '{object}', "),
                [],
            );
            sql.bind(sql::id(contact)).push(" ");
            sql.push_with(&which, values);
            sql.execute(tx).await?;
        }
    }
    Ok(n_stay)
}

/// The sources that tell of some parts of a person, and whether they tell of other parts, too.
async fn sources_of(
    tx: &DatabaseTransaction,
    parts: &BTreeSet<Uuid>,
    person: Uuid,
) -> Result<BTreeMap<Uuid, bool>, StoreError> {
    let text = "SELECT i.source_id, h.home_id FROM identities i LEFT JOIN record_homes h \
                ON h.record_id = i.id AND h.object = 'identity' WHERE i.contact_id = ?";
    let rows = Sql::of(tx.get_database_backend(), text, [sql::id(person)]);
    let (mut known, mut others) = (BTreeSet::new(), BTreeSet::new());
    for row in rows.all(tx).await? {
        let source: Uuid = row.try_get("", "source_id")?;
        let home: Option<Uuid> = row.try_get("", "home_id")?;
        let is_part = home.is_some_and(|home| parts.contains(&home));
        if is_part {
            known.insert(source);
        } else {
            others.insert(source);
        }
    }
    let known = known.into_iter();
    Ok(known
        .map(|source| (source, others.contains(&source)))
        .collect())
}

/// The least identifier that was given at an instant or later.
fn first_of(at: Timestamp) -> Uuid {
    let millis = u64::try_from(at.as_millis()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &[0; 10]).into_uuid()
}
