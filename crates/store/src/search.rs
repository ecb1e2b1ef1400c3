//! Full-text search: what is searched, and the one place where the databases differ.
//!
//! Each searchable record has a `search_text`: what people know it by, in lower case. Every word
//! of a query must be found in it, as a piece of any word. On SQLite an index of trigrams finds
//! pieces of three or more characters; shorter words are looked up at the start of names, and,
//! in scripts where one character is a word, anywhere in names. PostgreSQL scans the column.

use rapport_domain::{Company, Contact, Order, Product};
use sea_orm::DbBackend;
use uuid::Uuid;

use crate::sql::Sql;
use crate::{Store, StoreError, codec, sql};

/// Records that a short word may name; more say nothing.
const N_SHORT_MAX: usize = 1_000;

/// Where an object's text is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SearchIndex {
    /// Table; its trigrams are in `<table>_search`.
    pub(crate) table: &'static str,
    /// Alias of the table in the query that is searched.
    pub(crate) alias: &'static str,
    /// Indexed column that short words are the start of.
    pub(crate) name: &'static str,
}

/// Appends the condition that every word of `text` is found in the record.
pub(crate) fn push(sql: &mut Sql, index: &SearchIndex, text: &str) {
    let folded = codec::name_key(text);
    // Phone numbers are searched by their digits alone.
    let words: Vec<&str> = folded
        .split_whitespace()
        .map(|word| {
            word.strip_prefix('+')
                .filter(|rest| !rest.is_empty())
                .unwrap_or(word)
        })
        .collect();
    sql.push("(");
    match sql.backend() {
        DbBackend::Postgres => push_scanned(sql, index, &words),
        _ => push_indexed(sql, index, &words),
    }
    sql.push(")");
}

fn push_scanned(sql: &mut Sql, index: &SearchIndex, words: &[&str]) {
    for (idx, word) in words.iter().enumerate() {
        sql.push(if idx == 0 { "" } else { " AND " });
        let text = format!("strpos({}.search_text, ?) > 0", index.alias);
        sql.push_with(&text, [sql::text(*word)]);
    }
}

fn push_indexed(sql: &mut Sql, index: &SearchIndex, words: &[&str]) {
    let SearchIndex { table, alias, name } = index;
    let (long, short): (Vec<&str>, Vec<&str>) =
        words.iter().partition(|word| word.chars().count() >= 3);
    let mut separator = "";
    if !long.is_empty() {
        // Quotes make a phrase of a word, so that nothing in it is an operator.
        let phrases: Vec<String> = long
            .iter()
            .map(|word| format!("\"{}\"", word.replace('"', "\"\"")))
            .collect();
        let text = format!(
            "{alias}.row_no IN (SELECT rowid FROM {table}_search WHERE {table}_search MATCH ?)"
        );
        sql.push_with(&text, [sql::text(phrases.join(" "))]);
        separator = " AND ";
    }
    for word in short {
        sql.push(separator);
        separator = " AND ";
        if !long.is_empty() {
            let text = format!("instr({alias}.search_text, ?) > 0");
            sql.push_with(&text, [sql::text(word)]);
        } else if word.is_ascii() {
            let text = format!("{alias}.{name} >= ? AND {alias}.{name} < ?");
            sql.push_with(&text, [sql::text(word), sql::text(prefix_end(word))]);
        } else {
            let text = format!(
                "{alias}.row_no IN (SELECT row_no FROM {table} WHERE instr({name}, ?) > 0 \
                 LIMIT {N_SHORT_MAX})"
            );
            sql.push_with(&text, [sql::text(word)]);
        }
    }
}

/// The least text that is greater than all texts that begin with `prefix`.
fn prefix_end(prefix: &str) -> String {
    format!("{prefix}\u{10FFFF}")
}

/// The kind of a record that a search found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HitKind {
    /// A person.
    Contact,
    /// An organization.
    Company,
    /// Something that is sold.
    Product,
    /// A purchase.
    Order,
    /// A segment of the current segmentation.
    Segment,
}

/// A record that a search found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Kind of record.
    pub kind: HitKind,
    /// Its identifier.
    pub id: Uuid,
    /// What it is called.
    pub title: String,
    /// What tells it from others of that name: e-mail, industry, stock-keeping unit.
    pub subtitle: String,
}

/// Finds records of all kinds by text, at most `limit` of each kind, names that begin with the
/// text first.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn everywhere(store: &Store, text: &str, limit: u64) -> Result<Vec<Hit>, StoreError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let mut hits = Vec::new();
    for target in &TARGETS {
        hits.extend(target.find(store, text, limit).await?);
    }
    hits.extend(find_segments(store, text, limit).await?);
    Ok(hits)
}

/// A kind of record that can be found everywhere.
struct Target {
    kind: HitKind,
    index: SearchIndex,
    title: &'static str,
    subtitle: &'static str,
}

const TARGETS: [Target; 4] = [
    Target {
        kind: HitKind::Contact,
        index: SearchIndex {
            table: "contacts",
            alias: "r",
            name: "name_key",
        },
        title: "r.name",
        subtitle: "coalesce(r.email, r.phone, '')",
    },
    Target {
        kind: HitKind::Company,
        index: SearchIndex {
            table: "companies",
            alias: "r",
            name: "name_key",
        },
        title: "r.name",
        subtitle: "coalesce(r.domain, r.industry, '')",
    },
    Target {
        kind: HitKind::Product,
        index: SearchIndex {
            table: "products",
            alias: "r",
            name: "name_key",
        },
        title: "r.name",
        subtitle: "r.sku",
    },
    Target {
        kind: HitKind::Order,
        index: SearchIndex {
            table: "orders",
            alias: "r",
            name: "external_id",
        },
        title: "r.external_id",
        subtitle: "coalesce((SELECT name FROM contacts c WHERE c.id = r.contact_id), '')",
    },
];

impl Target {
    async fn find(&self, store: &Store, text: &str, limit: u64) -> Result<Vec<Hit>, StoreError> {
        let mut hits = Vec::new();
        for prefix_first in [true, false] {
            let n_missing = limit.saturating_sub(hits.len() as u64);
            if n_missing == 0 {
                break;
            }
            let sql = self.statement(store.backend(), text, limit, prefix_first);
            for row in sql.all(store.reader()).await? {
                let hit = self.read(&row)?;
                if !hits.contains(&hit) && (hits.len() as u64) < limit {
                    hits.push(hit);
                }
            }
        }
        Ok(hits)
    }

    fn statement(&self, backend: DbBackend, text: &str, limit: u64, prefix_first: bool) -> Sql {
        let SearchIndex { table, alias, name } = self.index;
        let mut sql = Sql::new(backend);
        sql.push(&format!(
            "SELECT {alias}.id AS id, {} AS title, {} AS subtitle FROM {table} {alias} WHERE ",
            self.title, self.subtitle
        ));
        if prefix_first {
            // Order numbers are stored as given, names in lower case.
            let start = match self.kind {
                HitKind::Order => text.to_owned(),
                _ => codec::name_key(text),
            };
            let end = prefix_end(&start);
            sql.push_with(
                &format!("{alias}.{name} >= ? AND {alias}.{name} < ? ORDER BY {alias}.{name}"),
                [sql::text(start), sql::text(end)],
            );
        } else {
            push(&mut sql, &self.index, text);
        }
        sql.push(&format!(" LIMIT {limit}"));
        sql
    }

    fn read(&self, row: &sea_orm::QueryResult) -> Result<Hit, StoreError> {
        Ok(Hit {
            kind: self.kind,
            id: row.try_get("", "id")?,
            title: row.try_get("", "title")?,
            subtitle: row.try_get("", "subtitle")?,
        })
    }
}

async fn find_segments(store: &Store, text: &str, limit: u64) -> Result<Vec<Hit>, StoreError> {
    let text = codec::name_key(text);
    let function = match store.backend() {
        DbBackend::Postgres => "strpos",
        _ => "instr",
    };
    let statement = format!(
        "SELECT s.id AS id, s.name_en AS title, s.name_zh AS subtitle FROM segments s \
         JOIN segmentations g ON g.id = s.segmentation_id AND g.status = 'current' \
         WHERE {function}(lower(s.name_en), ?) > 0 OR {function}(s.name_zh, ?) > 0 \
         ORDER BY s.idx LIMIT {limit}"
    );
    let sql = Sql::of(
        store.backend(),
        &statement,
        [sql::text(text.clone()), sql::text(text)],
    );
    let rows = sql.all(store.reader()).await?;
    rows.iter()
        .map(|row| {
            Ok(Hit {
                kind: HitKind::Segment,
                id: row.try_get("", "id")?,
                title: row.try_get("", "title")?,
                subtitle: row.try_get("", "subtitle")?,
            })
        })
        .collect()
}

/// What a contact is found by: its own fields and further words (company, keys at sources).
pub(crate) fn contact_text(contact: &Contact, words: &[&str]) -> String {
    let email = contact.email.as_ref().map(|email| email.as_str());
    let digits = contact.phone.as_ref().map(|phone| &phone.as_str()[1..]);
    let own = [Some(contact.name.as_str()), email, digits];
    joined(own.into_iter().flatten().chain(words.iter().copied()))
}

/// What a company is found by.
pub(crate) fn company_text(company: &Company) -> String {
    let own = [Some(company.name.as_str()), company.domain.as_deref()];
    joined(own.into_iter().flatten())
}

/// What a product is found by.
pub(crate) fn product_text(product: &Product) -> String {
    let own = [
        Some(product.name.as_str()),
        Some(product.sku.as_str()),
        product.category.as_deref(),
    ];
    joined(own.into_iter().flatten())
}

/// What an order is found by.
pub(crate) fn order_text(order: &Order) -> String {
    codec::name_key(&order.external_id)
}

/// Words with a line feed between them, so that no phrase runs across two; repeats left out.
fn joined<'t>(words: impl Iterator<Item = &'t str>) -> String {
    let mut text = String::new();
    for word in words {
        let word = codec::name_key(word);
        if !word.is_empty() && !text.split('\n').any(|known| known == word) {
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(&word);
        }
    }
    text
}
