//! What is asked of one kind of record, in the databases' own words.

use std::collections::BTreeSet;

use sea_orm::DbBackend;
use uuid::Uuid;

use super::object::SearchObject;
use super::partial;
use super::terms::link;
use super::words::{self, Asked, Word};
use crate::sql::{self, Sql};
use crate::{Store, StoreError};

/// Companies that a word, or all words together, may name; their people and deals are found as well.
const N_COMPANIES_MAX: usize = 64;
/// The newest and the oldest records of a kind that tell on PostgreSQL how common a question is.
const N_SAMPLED: u64 = 2_000;
/// Answers from which on a question is common: on SQLite of all records, on PostgreSQL of those sampled.
const N_COMMON: u64 = if cfg!(test) { 10 } else { 10_000 };
const N_COMMON_OF_SAMPLED: u64 = if cfg!(test) { 10 } else { 20 };

/// A question that some records may answer: of each word, one form begins a term.
#[derive(Debug, Clone)]
pub(super) struct Question {
    pub(super) object: SearchObject,
    words: Vec<Vec<String>>,
}

/// What a text asks for.
#[derive(Debug, Clone)]
pub(super) enum Reading {
    /// Every record.
    Anything,
    /// No record.
    Nothing,
    /// Records that answer this.
    Question(Question),
}

/// Among which records of a kind to look for answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Within {
    /// The newest few.
    Newest,
    /// All of them.
    All,
}

impl Question {
    /// Reads a text as a question about one kind of record.
    pub(super) async fn read(
        store: &Store,
        object: SearchObject,
        text: &str,
    ) -> Result<Reading, StoreError> {
        let words = match words::read(text) {
            Asked::Anything => return Ok(Reading::Anything),
            Asked::Nothing => return Ok(Reading::Nothing),
            Asked::Words(words) => words,
        };
        let mut question = Self::of(object, words);
        if object.source().has_company {
            question.widen(store).await?;
        }
        Ok(Reading::Question(question))
    }

    fn of(object: SearchObject, words: Vec<Word>) -> Self {
        Self {
            object,
            words: words.into_iter().map(|word| word.forms).collect(),
        }
    }

    const fn of_companies(words: Vec<Vec<String>>) -> Self {
        Self {
            object: SearchObject::Company,
            words,
        }
    }

    /// Lets words be answered by the companies that they name.
    ///
    /// Of the many that bear one common word only the newest are looked up, so that each word is
    /// tried on those that the others name: `gmbh` by itself does not reach an old "Bosch GmbH".
    async fn widen(&mut self, store: &Store) -> Result<(), StoreError> {
        // A letter names too many.
        let is_long = |forms: &&Vec<String>| forms.iter().all(|form| form.len() > 1);
        let long: Vec<Vec<String>> = self.words.iter().filter(is_long).cloned().collect();
        let mut named = BTreeSet::new();
        for forms in &long {
            named.extend(newest_companies(store, vec![forms.clone()]).await?);
        }
        if long.len() > 1 {
            named.extend(newest_companies(store, long).await?);
        }
        if named.is_empty() {
            return Ok(());
        }
        for (company, answers) in which_answer(store, &self.words, &named).await? {
            for (forms, is_answered) in self.words.iter_mut().zip(answers) {
                if is_answered {
                    forms.push(link(company));
                }
            }
        }
        Ok(())
    }

    /// Whether a record with these terms answers.
    pub(super) fn is_answered_by(&self, terms: &[String]) -> bool {
        self.words.iter().all(|forms| begins_a_term(forms, terms))
    }

    /// Appends the answers as a table `found` with their `record_id` to what is selected from, and
    /// as conditions; [`Self::newest_first`] orders it.
    ///
    /// On SQLite the index hands out the newest first, one by one. PostgreSQL's gathers all of them
    /// first, so that common questions are put to the newest records alone.
    pub(super) fn push_answers(&self, sql: &mut Sql, within: Within, joins: Sql) {
        match sql.backend() {
            DbBackend::Postgres => {
                let entries = self.object.postgres_entries();
                sql.push("(SELECT record_id FROM ");
                sql.push(&match within {
                    Within::Newest => format!(
                        "(SELECT record_id, terms FROM {entries} \
                         ORDER BY object DESC, record_id DESC LIMIT {N_SAMPLED}) newest"
                    ),
                    Within::All => entries,
                });
                sql.push(" WHERE ");
                self.push_match(sql);
                // Planned by itself: what the rest asks for must not turn it into a walk.
                sql.push(" OFFSET 0) found ")
                    .append(joins)
                    .push(" WHERE 1 = 1");
            }
            _ => {
                sql.push("search_index CROSS JOIN search_entries found ON found.no = search_index.rowid ");
                sql.append(joins).push(" WHERE ");
                self.push_match(sql);
            }
        }
    }

    /// The order of [`Self::push_answers`].
    pub(super) const fn newest_first(backend: DbBackend) -> &'static str {
        match backend {
            DbBackend::Postgres => " ORDER BY found.record_id DESC",
            _ => " ORDER BY search_index.rowid DESC",
        }
    }

    /// Among which records to look for the newest answers, one after the other until there are
    /// enough.
    pub(super) const fn reaches(backend: DbBackend) -> &'static [Within] {
        match backend {
            DbBackend::Postgres => &[Within::Newest, Within::All],
            _ => &[Within::All],
        }
    }

    /// Appends the condition on `search_index` (SQLite) or the entries of its kind of record (PostgreSQL).
    fn push_match(&self, sql: &mut Sql) {
        match sql.backend() {
            DbBackend::Postgres => self.push_ts_match(sql),
            _ => {
                sql.push_with("search_index MATCH ?", [sql::text(self.match_text())]);
            }
        }
    }

    /// Appends the condition that the row of `alias` is among the answers, found through the index.
    ///
    /// Where many answer, the databases are kept from fetching the row of each, SQLite by the sign before the
    /// number, PostgreSQL by asking whether the condition is true, which it joins nothing by: an index with
    /// the order of the list is walked, and nothing but the number or the id of a row asked for. Where few
    /// answer, PostgreSQL is kept from such a walk by an array of their ids.
    pub(super) fn push_among(&self, sql: &mut Sql, alias: &str, is_common: bool) {
        let end = match sql.backend() {
            DbBackend::Postgres if is_common => {
                sql.push(&format!(
                    "({alias}.id IN (SELECT record_id FROM {} WHERE ",
                    self.object.postgres_entries()
                ));
                ")) IS TRUE"
            }
            DbBackend::Postgres => {
                sql.push(&format!(
                    "{alias}.id = ANY(ARRAY(SELECT record_id FROM {} WHERE ",
                    self.object.postgres_entries()
                ));
                "))"
            }
            _ if self.object.source().has_row_no => {
                let sign = if is_common { "+" } else { "" };
                sql.push(&format!(
                    "{sign}{alias}.row_no IN (SELECT rowid / {} FROM search_index WHERE ",
                    super::object::N_KINDS_MAX
                ));
                ")"
            }
            _ => {
                sql.push(&format!(
                    "{alias}.id IN (SELECT e.record_id FROM search_index \
                     CROSS JOIN search_entries e ON e.no = search_index.rowid WHERE "
                ));
                ")"
            }
        };
        self.push_match(sql);
        sql.push(end);
    }

    /// Appends the condition that the row of `alias` is an answer, looked at by itself.
    pub(super) fn push_tested(&self, sql: &mut Sql, alias: &str) {
        match sql.backend() {
            DbBackend::Postgres => {
                sql.push("(SELECT ");
                self.push_ts_match(sql);
                sql.push(&format!(
                    " FROM {} e WHERE e.object = ",
                    self.object.postgres_entries()
                ));
                sql.bind(self.object.code());
                sql.push(&format!(" AND e.record_id = {alias}.id)"));
            }
            _ => {
                sql.push("(SELECT ");
                for (idx, forms) in self.words.iter().enumerate() {
                    sql.push(if idx == 0 { "(" } else { " AND (" });
                    for (idx, form) in forms.iter().enumerate() {
                        sql.push(if idx == 0 { "" } else { " OR " });
                        let line = sql::text(format!("\n{form}"));
                        sql.push_with("instr(e.terms, ?) > 0", [line]);
                    }
                    sql.push(")");
                }
                sql.push(" FROM search_entries e WHERE ");
                if self.object.source().has_row_no {
                    let no = self.object.entry_no(&format!("{alias}.row_no"));
                    sql.push(&format!("e.no = {no})"));
                } else {
                    sql.push("e.object = ").bind(self.object.code());
                    sql.push(&format!(" AND e.record_id = {alias}.id)"));
                }
            }
        }
    }

    /// Whether so many records answer that a list is better walked than its answers fetched.
    pub(super) async fn is_common(&self, store: &Store) -> Result<bool, StoreError> {
        match store.backend() {
            // The index tells how many there are only after it has gathered all of them, so that
            // the newest records are asked instead; and the oldest, for what many of today's
            // records say may be rare among the others, and a walk to those would be long.
            DbBackend::Postgres => {
                let enough = N_COMMON_OF_SAMPLED;
                for order in ["DESC", "ASC"] {
                    if count(store, self.sampled(order, enough)).await? < enough {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            _ => {
                let mut sql = Sql::new(store.backend());
                sql.push("SELECT count(*) AS n FROM (SELECT 1 AS one FROM search_index WHERE ");
                self.push_match(&mut sql);
                sql.push(&format!(" LIMIT {N_COMMON}) counted"));
                Ok(count(store, sql).await? >= N_COMMON)
            }
        }
    }

    /// Counts up to `enough` answers among PostgreSQL's first records in an order.
    fn sampled(&self, order: &str, enough: u64) -> Sql {
        let mut sql = Sql::new(DbBackend::Postgres);
        sql.push(&format!(
            "SELECT count(*) AS n FROM (SELECT 1 AS one FROM (SELECT terms FROM {} \
             ORDER BY object {order}, record_id {order} LIMIT {N_SAMPLED}) e WHERE ",
            self.object.postgres_entries()
        ));
        self.push_ts_match(&mut sql);
        sql.push(&format!(" LIMIT {enough}) counted"));
        sql
    }

    /// The question for SQLite's index: every word is quoted, so that nothing in it is an operator.
    fn match_text(&self) -> String {
        let letter = self.object.letter();
        self.joined(" AND ", " OR ", |form| format!("\"{letter}{form}\" *"))
    }

    /// Appends the condition on `terms`. The question is read once for all rows.
    fn push_ts_match(&self, sql: &mut Sql) {
        let question = [sql::text(self.ts_query())];
        sql.push_with(
            "terms @@ (SELECT CAST(CAST(? AS text) AS tsquery))",
            question,
        );
    }

    /// The question for PostgreSQL's index: every word is quoted, so that nothing in it is an
    /// operator.
    fn ts_query(&self) -> String {
        self.joined(" & ", " | ", |form| format!("'{form}':*"))
    }

    /// Forms hold letters, digits and joining signs only; an apostrophe is none of these.
    fn joined(&self, and: &str, or: &str, quoted: impl Fn(&str) -> String) -> String {
        let words = self.words.iter().map(|forms| {
            let forms: Vec<String> = forms.iter().map(|form| quoted(form)).collect();
            format!("({})", forms.join(or))
        });
        words.collect::<Vec<_>>().join(and)
    }
}

/// Whether one of the forms of a word begins one of the terms.
fn begins_a_term(forms: &[String], terms: &[String]) -> bool {
    let mut terms = terms.iter();
    terms.any(|term| forms.iter().any(|form| term.starts_with(form.as_str())))
}

async fn count(store: &Store, sql: Sql) -> Result<u64, StoreError> {
    let row = sql.one(store.lister()).await?;
    let n: i64 = row.expect("a count has a row").try_get("", "n")?;
    Ok(n.unsigned_abs())
}

/// The newest companies that have all of these words, of those that are seen: what is found must not tell of
/// the others.
async fn newest_companies(store: &Store, words: Vec<Vec<String>>) -> Result<Vec<Uuid>, StoreError> {
    let question = Question::of_companies(words);
    if partial::is_partial(store, SearchObject::Company).await? {
        return partial::newest_answers(store, &question, N_COMPANIES_MAX).await;
    }
    let (mut sql, mut joins) = (Sql::new(store.backend()), Sql::new(store.backend()));
    if !store.lens().sees_all() {
        let seen = " JOIN companies r ON r.id = found.record_id";
        store.lens().push(&mut joins, seen, []);
    }
    sql.push("SELECT found.record_id AS record_id FROM ");
    question.push_answers(&mut sql, Within::All, joins);
    sql.push(Question::newest_first(store.backend()));
    sql.push(&format!(" LIMIT {N_COMPANIES_MAX}"));
    let rows = sql.all(store.lister()).await?;
    let ids = rows.iter().map(|row| row.try_get("", "record_id"));
    Ok(ids.collect::<Result<_, _>>()?)
}

/// Of each company, which of the words it has.
async fn which_answer(
    store: &Store,
    words: &[Vec<String>],
    companies: &BTreeSet<Uuid>,
) -> Result<Vec<(Uuid, Vec<bool>)>, StoreError> {
    if partial::is_partial(store, SearchObject::Company).await? {
        let companies: Vec<Uuid> = companies.iter().copied().collect();
        let terms = partial::terms_of(store, SearchObject::Company, &companies).await?;
        let answers = |terms: Vec<String>| {
            let words = words.iter();
            words.map(|forms| begins_a_term(forms, &terms)).collect()
        };
        return Ok(terms
            .into_iter()
            .map(|(id, it)| (id, answers(it)))
            .collect());
    }
    let mut sql = Sql::new(store.backend());
    sql.push("SELECT co.id AS id");
    for (idx, forms) in words.iter().enumerate() {
        sql.push(", CASE WHEN ");
        Question::of_companies(vec![forms.clone()]).push_tested(&mut sql, "co");
        sql.push(&format!(" THEN 1 ELSE 0 END AS word_{idx}"));
    }
    sql.push(" FROM companies co WHERE co.id IN ");
    sql.bind_list(companies.iter().map(|id| sql::id(*id)));
    let mut answers = Vec::with_capacity(companies.len());
    for row in sql.all(store.lister()).await? {
        let of_words = (0..words.len()).map(|idx| {
            let is_answered: i32 = row.try_get("", &format!("word_{idx}"))?;
            Ok::<_, StoreError>(is_answered == 1)
        });
        answers.push((row.try_get("", "id")?, of_words.collect::<Result<_, _>>()?));
    }
    Ok(answers)
}
