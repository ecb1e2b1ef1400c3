//! One page of a list: from the object's declaration and the caller's query to rows.

use sea_orm::{QueryResult, Value};

use super::estimate::estimate;
use super::order::{Order, Part};
use super::{Field, Kind, ListQuery, Op, Page, QueryError, filter};
use crate::custom_fields;
use crate::lens::Lens;
use crate::search::{self, SearchObject};
use crate::sql::Sql;
use crate::{Store, StoreError};

/// Rows that are tried in the order of a list before all that a query finds are gathered and sorted: few,
/// then more.
const N_WALKED: [u64; 2] = if cfg!(test) { [16, 32] } else { [500, 5_000] };
/// The same of a search by text: what a row is found by costs more to look at than its columns.
const N_WALKED_BY_TEXT: [u64; 2] = if cfg!(test) { [16, 32] } else { [500, 2_000] };

/// How an object is listed.
pub(crate) struct Listing {
    /// Name in errors, in the plural.
    pub(crate) object: &'static str,
    /// Table.
    pub(crate) table: &'static str,
    /// Alias of the table in columns and joins.
    pub(crate) alias: &'static str,
    /// What to select.
    pub(crate) columns: String,
    /// Outer joins that never multiply rows.
    pub(crate) joins: &'static str,
    /// Conditions that hold for all rows of this list, over and above the caller's.
    pub(crate) scope: Option<Sql>,
    /// Fields to filter and sort by.
    pub(crate) fields: &'static [Field],
    /// Breaks ties: unique, never missing, and not among `fields`' optional ones.
    pub(crate) key: Field,
    /// The order where the caller names none.
    pub(crate) default_sort: &'static str,
    /// What it is in searches by text.
    pub(crate) search: Option<SearchObject>,
}

/// Fetches a page and reads its rows.
pub(crate) async fn page<T>(
    store: &Store,
    listing: &Listing,
    query: &ListQuery,
    read: impl Fn(&QueryResult) -> Result<T, StoreError>,
) -> Result<Page<T>, StoreError> {
    query.check()?;
    let custom = custom_fields::fields_of_list(store, listing, query).await?;
    let known = Known {
        listing,
        custom: &custom,
        lens: store.lens(),
    };
    let order = Order::of(known, query)?;
    let start = order.start(query.cursor.as_ref())?;
    // A table with names that stand in is read by what it shows, which no index holds.
    let is_walked =
        listing.scope.is_none() && order.is_indexed() && !store.lens().stands_in(listing.table);
    let conditions = conditions(store, known, query, is_walked).await?;
    let way = Way {
        store,
        listing,
        order: &order,
        conditions: &conditions,
        start: start.as_deref(),
    };
    let mut rows = Vec::new();
    for &part in order.parts(start.as_deref()) {
        // One row more than wanted tells whether there is a next page.
        let n_missing = query.limit + 1 - rows.len() as u64;
        if n_missing > 0 {
            rows.extend(way.rows_of(part, n_missing).await?);
        }
    }
    let limit = usize::try_from(query.limit).expect("at most 500");
    let next = if rows.len() > limit {
        rows.truncate(limit);
        let last = rows.last().expect("a page holds at least one row");
        Some(order.cursor_after(last)?)
    } else {
        None
    };
    let estimate = if query.estimate {
        let either = conditions.tested.as_ref().unwrap_or(&conditions.all);
        estimate(store, listing, either).await?
    } else {
        None
    };
    let items: Result<Vec<T>, StoreError> = rows.iter().map(read).collect();
    Ok(Page {
        items: items?,
        next,
        estimate,
    })
}

/// `FROM … WHERE …` of all rows of a list that the query finds, whatever its page: for sums over
/// them.
pub(crate) async fn matching(
    store: &Store,
    listing: &Listing,
    query: &ListQuery,
) -> Result<Sql, StoreError> {
    query.check()?;
    let custom = custom_fields::fields_of_list(store, listing, query).await?;
    let known = Known {
        listing,
        custom: &custom,
        lens: store.lens(),
    };
    let mut sql = Sql::new(store.backend());
    push_from(store, listing, &mut sql);
    sql.push(" WHERE ");
    sql.append(conditions(store, known, query, false).await?.all);
    Ok(sql)
}

/// Appends the table of a list as the store's user sees it, and its joins.
fn push_from(store: &Store, listing: &Listing, sql: &mut Sql) {
    push_table(store, listing, sql);
    store.lens().push(sql, listing.joins, []);
}

fn push_table(store: &Store, listing: &Listing, sql: &mut Sql) {
    let source = store.lens().source(store.backend(), listing.table);
    sql.push(&format!(" FROM {source} {}", listing.alias));
}

/// From what a page begins after to its rows.
struct Way<'w> {
    store: &'w Store,
    listing: &'w Listing,
    order: &'w Order<'w>,
    conditions: &'w Conditions,
    start: Option<&'w [Value]>,
}

impl Way<'_> {
    /// The first `n` rows of a part.
    ///
    /// Of the two ways to them a database chooses by what it guesses of conditions, and the wrong one takes
    /// a hundred times as long: all rows that match are gathered and sorted where the first that come along
    /// would do. So a few rows are tried in the order of the list, which is one of an index, before that.
    async fn rows_of(&self, part: Part, n: u64) -> Result<Vec<QueryResult>, StoreError> {
        if let Some(tested) = &self.conditions.tested {
            let walks = self.conditions.n_walked.iter();
            for &n_walked in walks.filter(|&&n_walked| n_walked >= n) {
                let found = self.walk(part, n_walked, tested, n);
                match self.select(found).all(self.store.lister()).await {
                    Ok(rows) if rows.len() as u64 == n => return Ok(rows),
                    Ok(_) => {}
                    Err(error) => match error.into() {
                        // The other way may cost less.
                        StoreError::TooCostly => break,
                        error => return Err(error),
                    },
                }
            }
        }
        let found = self.find(part, n);
        Ok(self.select(found).all(self.store.lister()).await?)
    }

    /// `SELECT key FROM … WHERE …` of the first rows that the query finds.
    fn find(&self, part: Part, n: u64) -> Sql {
        let mut rest = Sql::new(self.store.backend());
        rest.push(" WHERE ").append(self.conditions.all.clone());
        self.order.push_part(&mut rest, &part, self.start);
        self.order.push_order(&mut rest);
        let mut sql = Sql::new(self.store.backend());
        sql.push("SELECT ").push(&self.listing.key.column);
        push_table(self.store, self.listing, &mut sql);
        self.push_joins_of(&rest, &mut sql);
        sql.append(rest).push(&format!(" LIMIT {n}"));
        sql
    }

    /// Appends the joins of the list where the rest of a statement names what they join. PostgreSQL leaves
    /// outer joins out by itself, but still fetches the rows for their columns.
    fn push_joins_of(&self, rest: &Sql, sql: &mut Sql) {
        let joins = self.listing.joins;
        let are_outer = joins.matches("JOIN ").count() == joins.matches("LEFT JOIN ").count();
        let mut aliases = joins
            .split(" JOIN ")
            .skip(1)
            .filter_map(|join| join.split(' ').nth(1));
        if !are_outer || aliases.any(|alias| rest.names(alias)) {
            self.store.lens().push(sql, joins, []);
        }
    }

    /// As [`Self::find`], among the next `n_walked` rows alone.
    fn walk(&self, part: Part, n_walked: u64, tested: &Sql, n: u64) -> Sql {
        let Listing {
            table, alias, key, ..
        } = self.listing;
        let source = self.store.lens().source(self.store.backend(), table);
        let mut rest = Sql::new(self.store.backend());
        rest.push(" WHERE ").append(tested.clone());
        self.order.push_order(&mut rest);
        let mut sql = Sql::new(self.store.backend());
        sql.push("SELECT ").push(&key.column);
        sql.push(&format!(
            " FROM (SELECT * FROM {source} {alias} WHERE 1 = 1"
        ));
        self.order.push_part(&mut sql, &part, self.start);
        self.order.push_order(&mut sql);
        sql.push(&format!(" LIMIT {n_walked}) {alias}"));
        self.push_joins_of(&rest, &mut sql);
        sql.append(rest).push(&format!(" LIMIT {n}"));
        sql
    }

    /// The rows whose keys `found` finds. Only these are read whole and joined to what they name; where no
    /// index has the order of the list, all others are looked at for their sort keys alone.
    fn select(&self, found: Sql) -> Sql {
        let Listing {
            columns,
            key,
            scope,
            ..
        } = self.listing;
        let mut sql = Sql::new(self.store.backend());
        sql.push("SELECT ");
        self.store.lens().push(&mut sql, columns, []);
        self.order.push_keys(&mut sql);
        push_from(self.store, self.listing, &mut sql);
        sql.push(" WHERE ").push(&key.column).push(" IN (");
        sql.append(found).push(")");
        if let Some(scope) = scope {
            // An inner join may have several rows for a key beyond those that the scope leaves.
            sql.push(" AND ").append(scope.clone());
        }
        self.order.push_order(&mut sql);
        sql
    }
}

/// What the rows of a list must be.
struct Conditions {
    /// What the store's user sees, the scope, the filter and the search; at least `1 = 1`.
    all: Sql,
    /// The same, row by row; none where the list is not walked in the order of an index, where all rows
    /// are to be had, and where few rows match.
    tested: Option<Sql>,
    /// How many rows are tried by it.
    n_walked: &'static [u64],
}

async fn conditions(
    store: &Store,
    known: Known<'_>,
    query: &ListQuery,
    is_walked: bool,
) -> Result<Conditions, StoreError> {
    let listing = known.listing;
    let mut sql = Sql::new(store.backend());
    let lens = store.lens();
    lens.push_rows(&mut sql, listing.table, listing.alias);
    if let Some(scope) = &listing.scope {
        sql.push(" AND ").append(scope.clone());
    }
    for condition in &query.filter {
        sql.push(" AND ");
        filter::push(&mut sql, known, condition, query.moment)?;
    }
    if let Some(groups) = &query.groups {
        sql.push(" AND ");
        filter::push_groups(&mut sql, known, groups, query.moment)?;
    }
    let Some(text) = query.search.as_deref() else {
        let is_narrow = !query.filter.is_empty() || query.groups.is_some();
        let is_tested = is_walked && is_narrow && !asks_for_few(known, query);
        let tested = is_tested.then(|| sql.clone());
        return Ok(Conditions {
            all: sql,
            tested,
            n_walked: &N_WALKED,
        });
    };
    let object = listing.search.ok_or(QueryError::NotSearchable {
        object: listing.object,
    })?;
    let found = search::condition(store, object, listing.alias, text, is_walked).await?;
    let with = |condition: Sql| {
        let mut sql = sql.clone();
        sql.push(" AND ").append(condition);
        sql
    };
    Ok(Conditions {
        tested: found.tested.map(with),
        all: with(found.among),
        n_walked: &N_WALKED_BY_TEXT,
    })
}

/// Whether a query names the records that it asks for, or what few others refer to as well.
fn asks_for_few(known: Known<'_>, query: &ListQuery) -> bool {
    query.filter.iter().any(|condition| {
        let is_named = matches!(condition.op, Op::Eq | Op::In);
        is_named
            && known
                .find(&condition.field)
                .is_ok_and(|field| field.kind == Kind::Id)
    })
}

/// The fields that a query may name: those of the listing, and the custom ones of its object.
#[derive(Clone, Copy)]
pub(super) struct Known<'l> {
    pub(super) listing: &'l Listing,
    /// Left out where the query names none.
    pub(super) custom: &'l [Field],
    /// Through whose eyes the list is read.
    pub(super) lens: &'l Lens,
}

impl<'l> Known<'l> {
    /// Those that the user sees.
    pub(super) fn fields(self) -> impl Iterator<Item = &'l Field> {
        let fields = self.listing.fields.iter().chain(self.custom);
        fields.filter(move |field| !self.hides(field))
    }

    /// Whether rows would tell by their being found, or by their order, what the user does not see.
    fn hides(self, field: &Field) -> bool {
        let table = self.listing.table;
        self.lens.hides_listed(table, &field.name, &field.column)
    }

    pub(super) fn find(self, name: &str) -> Result<&'l Field, QueryError> {
        let object = self.listing.object;
        let own = self.listing.fields.iter().chain([&self.listing.key]);
        let mut fields = own.chain(self.custom);
        let field = fields.find(|field| field.name == name);
        let field = field.ok_or_else(|| QueryError::UnknownField {
            object,
            field: name.to_owned(),
            known: self.fields().map(|field| field.name.to_string()).collect(),
        })?;
        match self.hides(field) {
            true => Err(QueryError::HiddenField {
                object,
                field: name.to_owned(),
            }),
            false => Ok(field),
        }
    }
}
