//! Lists of pairs: those both of whose contacts are there and seen.

use rapport_domain::{JobId, MatchPairId};
use sea_orm::{EntityTrait as _, FromQueryResult as _, QueryResult};
use uuid::Uuid;

use super::join::Pairing;
use super::{MatchPair, bands, shown};
use crate::entities::match_pair;
use crate::lists::{Field, Kind, Listing, page};
use crate::sql::{self, Sql};
use crate::{ListQuery, Op, Page, QueryError, Store, StoreError, codec, identity_log, record};

/// Pairs of contacts that are there, each seen.
const BOTH_SEEN: &str = " JOIN contacts l ON l.id = p.low_id JOIN contacts r ON r.id = p.high_id";

const STATUS: Field = Field::required(
    "status",
    "(CASE WHEN d.operation IS NULL THEN 'open' WHEN d.is_same THEN 'same' ELSE 'different' END)",
    Kind::Choice(&["open", "same", "different"]),
);
const FOUND_AT: Field = Field::required("found_at", "p.found_at", Kind::Timestamp).indexed();
/// Whether the whole group supports a pair, and something of its own agrees beside the name.
const IS_GROUPED: &str = "is_grouped";

const FIELDS: &[Field] = &[
    STATUS,
    Field::required("value", "p.value", Kind::Number).indexed(),
    Field::required("probability", "p.probability", Kind::Number).indexed(),
    Field::required(
        IS_GROUPED,
        "(CASE WHEN p.is_grouped THEN 'true' ELSE 'false' END)",
        Kind::Choice(&["true", "false"]),
    ),
    FOUND_AT,
];
/// The same for readers who do not see all that is compared.
const FIELDS_IN_BANDS: &[Field] = &[STATUS, bands::VALUE, bands::PROBABILITY, FOUND_AT];

/// A contact that is either of the two.
const CONTACT: &str = "contact_id";

/// Lists pairs, those from which most can be learned first where no order is named. `contact_id` finds those
/// of which a contact is either.
///
/// # Errors
/// [`StoreError::Query`] where the query names what does not exist or is not seen.
pub async fn list(store: &Store, query: &ListQuery) -> Result<Page<MatchPair>, StoreError> {
    let is_partial = bands::is_partial(store.lens());
    if is_partial && query.names(IS_GROUPED) {
        return Err(QueryError::HiddenField {
            object: "match pairs",
            field: IS_GROUPED.to_owned(),
        }
        .into());
    }
    let (query, scope) = of_contacts(store, query)?;
    let listing = Listing {
        object: "match pairs",
        table: "match_pairs",
        alias: "p",
        columns: record::columns::<match_pair::Entity>("p", "p_"),
        joins: " LEFT JOIN identity_decisions d ON d.low_id = p.low_id AND d.high_id = p.high_id \
                JOIN contacts l ON l.id = p.low_id JOIN contacts r ON r.id = p.high_id",
        scope,
        fields: if is_partial { FIELDS_IN_BANDS } else { FIELDS },
        key: Field::required("id", "p.id", Kind::Id),
        default_sort: "-value",
        search: None,
    };
    let read = |row: &QueryResult| Ok(match_pair::Model::from_query_result(row, "p_")?);
    let found = page(store, &listing, &query, read).await?;
    Ok(Page {
        items: shown::of(store, found.items).await?,
        next: found.next,
        estimate: found.estimate,
    })
}

/// Takes conditions on either contact out of a query, for no column holds both.
fn of_contacts(store: &Store, query: &ListQuery) -> Result<(ListQuery, Option<Sql>), StoreError> {
    let mut query = query.clone();
    let (of_contact, filter): (Vec<_>, Vec<_>) = query
        .filter
        .into_iter()
        .partition(|condition| condition.field == CONTACT);
    query.filter = filter;
    let mut scope: Option<Sql> = None;
    for condition in of_contact {
        if condition.op != Op::Eq {
            return Err(QueryError::OpNotAllowed {
                field: condition.field,
                op: condition.op,
                known: vec![Op::Eq.as_str()],
            }
            .into());
        }
        let Ok(id) = Uuid::parse_str(&condition.value) else {
            return Err(QueryError::BadValue {
                field: condition.field,
                value: condition.value,
                expected: "an id".to_owned(),
            }
            .into());
        };
        let is_first = scope.is_none();
        let sql = scope.get_or_insert_with(|| Sql::new(store.backend()));
        sql.push(if is_first { "" } else { " AND " });
        sql.push_with(
            "(p.low_id = ? OR p.high_id = ?)",
            [sql::id(id), sql::id(id)],
        );
    }
    Ok((query, scope))
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
/// group of records supports; none of these for a reader who does not see all that is compared.
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
    let n_certain = codec::unsigned(row.try_get("", "n_certain")?);
    Ok(Counts {
        n_open: codec::unsigned(row.try_get("", "n_open")?),
        n_certain: match bands::is_partial(store.lens()) {
            true => 0,
            false => n_certain,
        },
    })
}

/// Nobody has decided on pair `p`.
pub(super) const UNDECIDED: &str = "NOT EXISTS (SELECT 1 FROM identity_decisions d \
     WHERE d.low_id = p.low_id AND d.high_id = p.high_id)";

/// Pairs that are to be merged without a look at each.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Wanted {
    pub(super) min_probability: f64,
    /// Those of this run only.
    pub(super) run: Option<JobId>,
}

/// The open pairs that are seen, wanted and supported by the whole group of their records, the most probable
/// first: a chain of pairs whose ends do not match is no group.
pub(super) async fn open(
    store: &Store,
    wanted: Wanted,
    limit: usize,
) -> Result<Vec<Pairing>, StoreError> {
    let mut values = vec![wanted.min_probability.into()];
    let of_run = match wanted.run {
        Some(run) => {
            values.push(sql::id(run));
            " AND p.run_id = ?"
        }
        None => "",
    };
    let columns = Pairing::COLUMNS;
    let text = format!(
        "SELECT {columns} FROM match_pairs p{BOTH_SEEN} WHERE {UNDECIDED} AND p.is_grouped \
         AND p.probability >= ?{of_run} ORDER BY p.probability DESC, p.low_id, p.high_id LIMIT {limit}"
    );
    let mut sql = Sql::new(store.backend());
    store.lens().push(&mut sql, &text, values);
    let rows = sql.all(store.reader()).await?;
    let rows = rows.iter();
    rows.map(|row| Ok(Pairing::from_query_result(row, "")?))
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
