//! What triggers have noted of a transaction: the records whose terms are to be written.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use sea_orm::{ConnectionTrait as _, DatabaseTransaction, DbBackend, Value};
use uuid::Uuid;

use super::object::SearchObject;
use crate::StoreError;
use crate::sql::{self, Sql};

/// Records of one kind that a transaction has touched.
#[derive(Default)]
pub(super) struct Touched {
    /// On SQLite the rows that it has made, where these are numbered; some may be gone again.
    pub(super) new: BTreeSet<i64>,
    /// All others.
    pub(super) changed: BTreeSet<Uuid>,
}

/// Takes what triggers have noted.
pub(super) async fn take_touched(
    tx: &DatabaseTransaction,
) -> Result<BTreeMap<SearchObject, Touched>, StoreError> {
    let backend = tx.get_database_backend();
    let mut sql = Sql::new(backend);
    sql.push("DELETE FROM search_pending RETURNING object, record_id");
    if backend == DbBackend::Sqlite {
        sql.push(", row_no");
    }
    let mut touched: BTreeMap<SearchObject, Touched> = BTreeMap::new();
    let mut made = HashSet::new();
    for row in sql.all(tx).await? {
        let object = SearchObject::of_code(row.try_get("", "object")?);
        let of_kind = touched.entry(object.expect("triggers know our kinds"));
        let of_kind = of_kind.or_default();
        let id: Uuid = row.try_get("", "record_id")?;
        let row_no: Option<i64> = match backend {
            DbBackend::Sqlite => row.try_get("", "row_no")?,
            _ => None,
        };
        match row_no {
            Some(row_no) => {
                of_kind.new.insert(row_no);
                made.insert(id);
            }
            None => {
                of_kind.changed.insert(id);
            }
        }
    }
    for of_kind in touched.values_mut() {
        of_kind.changed.retain(|id| !made.contains(id));
    }
    Ok(touched)
}

/// Records of one kind that are to be indexed.
#[derive(Clone, Copy)]
pub(super) enum Records<'a> {
    /// New ones by the numbers of their rows: the index knows nothing of them.
    New(&'a [i64]),
    /// Any by their ids.
    Known(&'a [Uuid]),
}

impl<'a> Records<'a> {
    /// So many at a time.
    pub(super) fn chunks(self, n: usize) -> Vec<Self> {
        match self {
            Self::New(rows) => rows.chunks(n).map(Self::New).collect(),
            Self::Known(ids) => ids.chunks(n).map(Self::Known).collect(),
        }
    }

    pub(super) const fn are_new(self) -> bool {
        matches!(self, Self::New(_))
    }

    /// Appends the condition that a row is one of them.
    pub(super) fn push(self, sql: &mut Sql) {
        match self {
            Self::New(rows) => {
                sql.push("row_no IN ");
                sql.bind_list(rows.iter().map(|row_no| Value::from(*row_no)));
            }
            Self::Known(ids) => {
                sql.push("id IN ");
                sql.bind_list(ids.iter().map(|id| sql::id(*id)));
            }
        }
    }
}
