//! One page of a list: from the object's declaration and the caller's query to rows.

use sea_orm::QueryResult;

use super::estimate::estimate;
use super::order::Order;
use super::{Field, ListQuery, Page, QueryError, filter};
use crate::custom_fields;
use crate::lens::Lens;
use crate::search::{self, Reach, SearchObject};
use crate::sql::Sql;
use crate::{Store, StoreError};

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
    let reach = if order.is_by_name() {
        Reach::PageByName
    } else {
        Reach::Page
    };
    let conditions = conditions(store, known, query, reach).await?;
    let mut rows = Vec::new();
    for part in order.parts(start.as_deref()) {
        // One row more than wanted tells whether there is a next page.
        let n_missing = query.limit + 1 - rows.len() as u64;
        if n_missing > 0 {
            let mut found = find(store, listing, &conditions);
            order.push_part(&mut found, part, start.as_deref());
            order.push_order(&mut found);
            found.push(&format!(" LIMIT {n_missing}"));
            let sql = select(store, listing, &order, found);
            rows.extend(sql.all(store.lister()).await?);
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
        estimate(store, listing, &conditions).await?
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
    sql.append(conditions(store, known, query, Reach::All).await?);
    Ok(sql)
}

/// Appends the table of a list as the store's user sees it, and its joins.
fn push_from(store: &Store, listing: &Listing, sql: &mut Sql) {
    let source = store.lens().source(store.backend(), listing.table);
    sql.push(&format!(" FROM {source} {}", listing.alias));
    store.lens().push(sql, listing.joins, []);
}

/// `SELECT key FROM … WHERE …` of all rows of a list that the query finds.
fn find(store: &Store, listing: &Listing, conditions: &Sql) -> Sql {
    let mut sql = Sql::new(store.backend());
    sql.push("SELECT ");
    sql.push(&listing.key.column);
    push_from(store, listing, &mut sql);
    sql.push(" WHERE ");
    sql.append(conditions.clone());
    sql
}

/// The rows of a page, whose keys `found` finds. Only these are read whole and joined to what they
/// name; where no index has the order of the list, all others are looked at for their sort keys alone.
fn select(store: &Store, listing: &Listing, order: &Order<'_>, found: Sql) -> Sql {
    let mut sql = Sql::new(store.backend());
    sql.push("SELECT ");
    store.lens().push(&mut sql, &listing.columns, []);
    order.push_keys(&mut sql);
    push_from(store, listing, &mut sql);
    sql.push(" WHERE ").push(&listing.key.column).push(" IN (");
    sql.append(found).push(")");
    if let Some(scope) = &listing.scope {
        // An inner join may have several rows for a key beyond those that the scope leaves.
        sql.push(" AND ").append(scope.clone());
    }
    order.push_order(&mut sql);
    sql
}

/// What the store's user sees, the scope, the filter and the search; at least `1 = 1`.
async fn conditions(
    store: &Store,
    known: Known<'_>,
    query: &ListQuery,
    reach: Reach,
) -> Result<Sql, StoreError> {
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
    if let Some(text) = query.search.as_deref() {
        let object = listing.search.ok_or(QueryError::NotSearchable {
            object: listing.object,
        })?;
        let found = search::condition(store, object, listing.alias, text, reach);
        sql.push(" AND ").append(found.await?);
    }
    Ok(sql)
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
