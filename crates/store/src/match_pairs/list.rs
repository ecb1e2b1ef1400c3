//! Lists of pairs: those both of whose contacts are there and seen.

use rapport_domain::MatchPairId;
use sea_orm::{EntityTrait as _, FromQueryResult as _, QueryResult};
use uuid::Uuid;

use super::{MatchPair, shown};
use crate::entities::match_pair;
use crate::lists::{Field, Kind, Listing, page};
use crate::sql::Sql;
use crate::{ListQuery, Page, Store, StoreError, codec, identity_log, record};

/// Pairs of contacts that are there, each seen.
const BOTH_SEEN: &str = " JOIN contacts l ON l.id = p.low_id JOIN contacts r ON r.id = p.high_id";

const FIELDS: &[Field] = &[
    Field::required(
        "status",
        "(CASE WHEN d.operation IS NULL THEN 'open' WHEN d.is_same THEN 'same' ELSE 'different' END)",
        Kind::Choice(&["open", "same", "different"]),
    ),
    Field::required("value", "p.value", Kind::Number).indexed(),
    Field::required("probability", "p.probability", Kind::Number).indexed(),
    Field::required("found_at", "p.found_at", Kind::Timestamp).indexed(),
];

/// Lists pairs, those from which most can be learned first where no order is named.
///
/// # Errors
/// [`StoreError::Query`] where the query names what does not exist.
pub async fn list(store: &Store, query: &ListQuery) -> Result<Page<MatchPair>, StoreError> {
    let listing = Listing {
        object: "match pairs",
        table: "match_pairs",
        alias: "p",
        columns: record::columns::<match_pair::Entity>("p", "p_"),
        joins: " LEFT JOIN identity_decisions d ON d.low_id = p.low_id AND d.high_id = p.high_id \
                JOIN contacts l ON l.id = p.low_id JOIN contacts r ON r.id = p.high_id",
        scope: None,
        fields: FIELDS,
        key: Field::required("id", "p.id", Kind::Id),
        default_sort: "-value",
        search: None,
    };
    let read = |row: &QueryResult| Ok(match_pair::Model::from_query_result(row, "p_")?);
    let found = page(store, &listing, query, read).await?;
    Ok(Page {
        items: shown::of(store, found.items).await?,
        next: found.next,
        estimate: found.estimate,
    })
}

/// How many pairs are open, of those that are seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Open pairs.
    pub n_open: u64,
    /// Those of them that are certain.
    pub n_certain: u64,
}

/// Counts the open pairs both of whose contacts are seen, and those at or above a probability that the whole
/// group of records supports.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn counts(store: &Store, threshold: f64) -> Result<Counts, StoreError> {
    let mut sql = Sql::new(store.backend());
    let text = format!(
        "SELECT count(*) AS n_open, coalesce(sum(CASE WHEN p.is_grouped AND p.probability >= ? \
         THEN 1 ELSE 0 END), 0) AS n_certain FROM match_pairs p{BOTH_SEEN} WHERE {UNDECIDED}"
    );
    store.lens().push(&mut sql, &text, [threshold.into()]);
    let row = sql.one(store.lister()).await?;
    let Some(row) = row else {
        return Ok(Counts::default());
    };
    Ok(Counts {
        n_open: codec::unsigned(row.try_get("", "n_open")?),
        n_certain: codec::unsigned(row.try_get("", "n_certain")?),
    })
}

/// Nobody has decided on pair `p`.
pub(super) const UNDECIDED: &str = "NOT EXISTS (SELECT 1 FROM identity_decisions d \
     WHERE d.low_id = p.low_id AND d.high_id = p.high_id)";

/// The open pairs that are seen and meet a further condition on `p`, the most probable first.
pub(super) async fn open(
    store: &Store,
    condition: &str,
    min_probability: f64,
    limit: usize,
) -> Result<Vec<match_pair::Model>, StoreError> {
    let columns = record::columns::<match_pair::Entity>("p", "p_");
    let text = format!(
        "SELECT {columns} FROM match_pairs p{BOTH_SEEN} WHERE {UNDECIDED} AND p.probability >= ?\
         {condition} ORDER BY p.probability DESC, p.low_id, p.high_id LIMIT {limit}"
    );
    let mut sql = Sql::new(store.backend());
    store.lens().push(&mut sql, &text, [min_probability.into()]);
    let rows = sql.all(store.reader()).await?;
    let rows = rows.iter();
    rows.map(|row| Ok(match_pair::Model::from_query_result(row, "p_")?))
        .collect()
}

/// Finds a pair both of whose persons are seen.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find(store: &Store, id: MatchPairId) -> Result<Option<MatchPair>, StoreError> {
    let Some(row) = find_row(store, id).await? else {
        return Ok(None);
    };
    Ok(shown::of(store, vec![row]).await?.pop())
}

pub(super) async fn find_row(
    store: &Store,
    id: MatchPairId,
) -> Result<Option<match_pair::Model>, StoreError> {
    let row = match_pair::Entity::find_by_id(Uuid::from(id)).one(store.reader());
    let Some(row) = row.await? else {
        return Ok(None);
    };
    for contact in [row.low_id, row.high_id] {
        if !identity_log::is_seen(store, contact.into()).await? {
            return Ok(None);
        }
    }
    Ok(Some(row))
}
