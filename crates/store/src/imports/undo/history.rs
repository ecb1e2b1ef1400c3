//! What of the history stays when the events of an import go, and which earlier imports lose what was
//! left of them with it.

use std::collections::HashSet;

use rapport_domain::{ImportId, TicketId};
use sea_orm::{ConnectionTrait as _, DatabaseTransaction};
use uuid::Uuid;

use crate::imports::RecordKind;
use crate::sql::{self, Sql};
use crate::{Store, StoreError};

/// A conflict of an import stays when another one is taken back, unless it was left because of that
/// one, which has not left the record itself. Binds that one twice.
const STAYS: &str = "(k.held_by IS NULL OR k.held_by <> ? OR EXISTS (SELECT 1 \
    FROM import_conflicts own WHERE own.import_id = ? AND own.record_id = k.record_id))";

/// Kinds of records that the history tells of.
const HISTORIC: [RecordKind; 3] = [
    RecordKind::Orders,
    RecordKind::OrderLines,
    RecordKind::Tickets,
];

/// What the history tells of, as events name it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HistoryKeys {
    /// Numbers of orders.
    pub orders: HashSet<String>,
    /// Tickets.
    pub tickets: HashSet<TicketId>,
}

/// Whose events are looked at, and which undo takes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// The import that the events came by.
    pub import: ImportId,
    /// The import that is being taken back; the same one, or one that inherited from it.
    pub undone: ImportId,
}

/// Records that an undo left, as far as the history tells of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KeptHistory {
    /// Numbers of orders of which the head was left.
    pub orders: HashSet<String>,
    /// Lines that were left, by the number of the order and their own.
    pub lines: HashSet<(String, i64)>,
    /// Tickets that were left.
    pub tickets: HashSet<TicketId>,
}

/// Whether anything of the history may have to stay.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn has_kept_history(store: &Store, of: Kept) -> Result<bool, StoreError> {
    let mut sql = Sql::new(store.backend());
    sql.push_with(
        "SELECT 1 AS found FROM import_conflicts k WHERE k.object IN (?, ?, ?) AND ",
        HISTORIC.map(|kind| sql::text(kind.name())),
    );
    push_left(&mut sql, of);
    sql.push(" LIMIT 1");
    Ok(sql.one(store.reader()).await?.is_some())
}

/// What must stay of the orders and tickets that are asked for; no more than these.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn kept_history(
    store: &Store,
    of: Kept,
    asked: &HistoryKeys,
) -> Result<KeptHistory, StoreError> {
    let mut kept = KeptHistory::default();
    let numbers: Vec<&String> = asked.orders.iter().collect();
    for chunk in numbers.chunks(sql::N_KEYS_MAX) {
        let mut sql = Sql::new(store.backend());
        sql.push(
            "SELECT DISTINCT o.external_id, k.object, k.line_no FROM import_conflicts k \
             JOIN orders o ON o.id = k.record_id WHERE ",
        );
        // An order that only stays because lines of it do has nothing in the history but these.
        let (orders, lines) = (RecordKind::Orders.name(), RecordKind::OrderLines.name());
        sql.push_with(
            "(k.object = ? OR (k.object = ? AND k.field <> '')) AND ",
            [sql::text(lines), sql::text(&orders)],
        );
        push_left(&mut sql, of);
        sql.push(" AND o.external_id IN ");
        sql.bind_list(chunk.iter().map(|number| sql::text(number.as_str())));
        for row in sql.all(store.reader()).await? {
            let (number, object): (String, String) =
                (row.try_get("", "external_id")?, row.try_get("", "object")?);
            if object == orders {
                kept.orders.insert(number);
            } else {
                kept.lines.insert((number, row.try_get("", "line_no")?));
            }
        }
    }
    let tickets: Vec<TicketId> = asked.tickets.iter().copied().collect();
    for chunk in tickets.chunks(sql::N_KEYS_MAX) {
        let mut sql = Sql::new(store.backend());
        sql.push_with(
            "SELECT DISTINCT k.record_id FROM import_conflicts k \
             JOIN tickets t ON t.id = k.record_id WHERE k.object = ? AND ",
            [sql::text(RecordKind::Tickets.name())],
        );
        push_left(&mut sql, of);
        sql.push(" AND k.record_id IN ").bind_list(sql::ids(chunk));
        for row in sql.all(store.reader()).await? {
            kept.tickets
                .insert(row.try_get::<Uuid>("", "record_id")?.into());
        }
    }
    Ok(kept)
}

/// Conflicts `k` of an import that stay.
fn push_left(sql: &mut Sql, of: Kept) {
    sql.push_with("k.import_id = ? AND ", [sql::id(of.import)]);
    sql.push_with(STAYS, [sql::id(of.undone), sql::id(of.undone)]);
}

/// The imports, taken back before, of which something was left in the history only because of one that
/// is taken back now.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn released(store: &Store, undone: ImportId) -> Result<Vec<ImportId>, StoreError> {
    let mut sql = Sql::new(store.backend());
    sql.push_with(
        "SELECT DISTINCT k.import_id FROM import_conflicts k WHERE k.held_by = ? \
         AND k.object IN (?, ?, ?) AND NOT ",
        std::iter::once(sql::id(undone)).chain(HISTORIC.map(|kind| sql::text(kind.name()))),
    );
    sql.push_with(STAYS, [sql::id(undone), sql::id(undone)]);
    let rows = sql.all(store.reader()).await?;
    let id = |row: &sea_orm::QueryResult| -> Result<ImportId, StoreError> {
        Ok(row.try_get::<Uuid>("", "import_id")?.into())
    };
    rows.iter().map(id).collect()
}

/// Ends the conflicts that were left because of an import that is taken back now. Where it had to
/// leave the record itself, they are left because of whoever it left that to.
pub(super) async fn release(tx: &DatabaseTransaction, undone: ImportId) -> Result<(), StoreError> {
    let backend = tx.get_database_backend();
    let undone = || sql::id(undone);
    Sql::of(
        backend,
        "UPDATE import_conflicts SET held_by = (SELECT own.held_by FROM import_conflicts own \
         WHERE own.import_id = ? AND own.record_id = import_conflicts.record_id \
         ORDER BY CASE WHEN own.held_by IS NULL THEN 1 ELSE 0 END, own.seq LIMIT 1) \
         WHERE held_by = ? AND EXISTS (SELECT 1 FROM import_conflicts own \
         WHERE own.import_id = ? AND own.record_id = import_conflicts.record_id)",
        [undone(), undone(), undone()],
    )
    .execute(tx)
    .await?;
    let text = "DELETE FROM import_conflicts WHERE held_by = ?";
    Sql::of(backend, text, [undone()]).execute(tx).await?;
    Ok(())
}
