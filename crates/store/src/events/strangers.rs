//! People whom events name and nobody knows yet. Once one is known, by whatever way, the events that
//! name them are tied to the contact and they are forgotten here.

use std::collections::BTreeMap;

use futures::FutureExt as _;
use rapport_domain::{EmailAddress, SourceId, Timestamp};
use sea_orm::{ConnectionTrait as _, DatabaseTransaction};
use uuid::Uuid;

use super::seen::FORGET_ROWS;
use crate::sources::Source;
use crate::sql::{self, Sql};
use crate::{Named, Store, StoreError, codec};

/// Days after which somebody is forgotten whom no event has named since and nobody has come to know.
/// Their events stay in the history; they are not tied to a contact any more that is made later.
pub const STRANGER_DAYS: i64 = 400;

/// Seconds for which somebody who was noted is not noted again: whoever visits a shop is named by each of
/// their clicks, and each would rewrite the row that the clicks of others wait for.
const NOTED_SECONDS: i64 = 30;

/// Somebody whom events of a source name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stranger {
    /// The source.
    pub source: Source,
    /// What it calls them.
    pub profile_key: String,
    /// Their e-mail address, where an event told one.
    pub email: Option<EmailAddress>,
}

/// Notes people within the transaction that takes their events in.
pub(super) async fn note(
    tx: &DatabaseTransaction,
    source: SourceId,
    strangers: &BTreeMap<String, Option<String>>,
    now: Timestamp,
) -> Result<(), StoreError> {
    // In one order, so that two transactions do not wait for each other in a circle.
    let rows: Vec<_> = strangers.iter().collect();
    let recently = now.plus_seconds(-NOTED_SECONDS);
    for chunk in rows.chunks(sql::N_KEYS_MAX / 2) {
        let mut sql = Sql::new(tx.get_database_backend());
        sql.push("WITH named (source_id, profile_key, email, noted_at) AS (");
        let named = chunk.iter().map(|(key, email)| {
            let email = (*email).clone().into();
            [sql::id(source), sql::text(*key), email, sql::at(now)]
        });
        sql.rows(["uuid", "text", "text", "bigint"], named);
        // One look into the key for each, where PostgreSQL would read all strangers for a few.
        sql.push_with(
            ") INSERT INTO event_strangers (source_id, profile_key, email, noted_at) \
             SELECT source_id, profile_key, email, noted_at FROM named \
             WHERE (SELECT 1 FROM event_strangers s WHERE s.source_id = named.source_id \
             AND s.profile_key = named.profile_key AND s.noted_at > ? \
             AND (s.email IS NOT NULL OR named.email IS NULL)) IS NULL \
             ORDER BY source_id, profile_key ON CONFLICT (source_id, profile_key) DO UPDATE SET \
             email = coalesce(event_strangers.email, excluded.email), noted_at = excluded.noted_at",
            [sql::at(recently)],
        );
        sql.execute(tx).await?;
    }
    Ok(())
}

/// Lists some whom records know by now, by what the source calls them or by e-mail address: in the
/// order of their sources and names, after one of them.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn list_known(
    store: &Store,
    after: Option<&Stranger>,
    limit: u64,
) -> Result<Vec<Stranger>, StoreError> {
    let (source, name) = after.map_or((Uuid::nil(), ""), |last| {
        (last.source.id.into(), last.profile_key.as_str())
    });
    let text = "SELECT s.profile_key AS profile_key, s.email AS email, q.id AS q_id, \
                q.name AS q_name FROM event_strangers s JOIN sources q ON q.id = s.source_id \
                WHERE (s.source_id > ? OR (s.source_id = ? AND s.profile_key > ?)) AND (EXISTS (SELECT 1 FROM identities i WHERE i.source_id = s.source_id \
                AND i.profile_key = s.profile_key) \
                OR EXISTS (SELECT 1 FROM identities i WHERE i.email = s.email) \
                OR EXISTS (SELECT 1 FROM contacts c WHERE c.email = s.email)) \
                ORDER BY s.source_id, s.profile_key LIMIT ?";
    let values = [
        sql::id(source),
        sql::id(source),
        sql::text(name),
        codec::signed(limit).into(),
    ];
    let rows = Sql::of(store.backend(), text, values)
        .all(store.reader())
        .await?;
    rows.iter()
        .map(|row| {
            let source = Named::read(row, "q_")?;
            let email: Option<String> = row.try_get("", "email")?;
            Ok(Stranger {
                source: source.ok_or_else(|| StoreError::not_found("source", "of an event"))?,
                profile_key: row.try_get("", "profile_key")?,
                email: codec::parse_option("event_strangers.email", email.as_deref())?,
            })
        })
        .collect()
}

/// Forgets people whose events are tied to contacts, but for those whom an event has named since an
/// instant, or shortly before: it may have come in between.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn forget_strangers(
    store: &Store,
    strangers: Vec<Stranger>,
    named_before: Timestamp,
) -> Result<u64, StoreError> {
    store
        .write(move |tx| {
            async move {
                let mut n_forgotten = 0;
                // Whoever was noted last may have been named for so long after.
                let noted_before = named_before.plus_seconds(-NOTED_SECONDS);
                for stranger in strangers {
                    let text = "DELETE FROM event_strangers \
                                WHERE source_id = ? AND profile_key = ? AND noted_at < ?";
                    let values = [
                        sql::id(stranger.source.id),
                        sql::text(stranger.profile_key),
                        sql::at(noted_before),
                    ];
                    let sql = Sql::of(tx.get_database_backend(), text, values);
                    n_forgotten += sql.execute(tx).await?;
                }
                Ok(n_forgotten)
            }
            .boxed()
        })
        .await
}

/// Forgets people whom no event has named for [`STRANGER_DAYS`] days.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn forget_old_strangers(store: &Store, now: Timestamp) -> Result<(), StoreError> {
    let end = now.plus_days(-STRANGER_DAYS);
    loop {
        let look = "SELECT noted_at FROM event_strangers WHERE noted_at < ? LIMIT 1";
        let old = Sql::of(store.backend(), look, [sql::at(end)]);
        if old.one(store.reader()).await?.is_none() {
            return Ok(());
        }
        store
            .write(move |tx| {
                async move {
                    let text = "DELETE FROM event_strangers WHERE (source_id, profile_key) IN \
                                (SELECT source_id, profile_key FROM event_strangers \
                                WHERE noted_at < ? LIMIT ?) AND noted_at < ?";
                    let values = [sql::at(end), FORGET_ROWS.into(), sql::at(end)];
                    Ok(Sql::of(tx.get_database_backend(), text, values)
                        .execute(tx)
                        .await?)
                }
                .boxed()
            })
            .await?;
    }
}
