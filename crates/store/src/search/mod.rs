//! Search by text, in lists and everywhere: decision note 0013.
//!
//! Each record has terms (`terms`), which one index over all kinds of records keeps (`index`). A
//! word of a query finds the records that have a term which begins with it: `李`, `lim`, `lm`,
//! `138`, `ann@`. All words must be found. Where the databases differ is in `index` and `question`.

mod everywhere;
mod fold;
mod index;
mod object;
mod partial;
mod pinyin;
mod question;
mod terms;
mod text;
mod words;

pub use everywhere::{Hit, HitKind, everywhere};
pub use index::catch_up;

pub(crate) use index::{anew, settle};
pub(crate) use object::SearchObject;
pub(crate) use text::{company_text, contact_text, order_text, product_text};

use question::{Common, Question, Reading};

use crate::sql::{self, Sql};
use crate::{Store, StoreError};

/// How a list is going to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// All rows, for sums over them.
    All,
    /// A page, in an order that has nothing to do with what records are called.
    Page,
    /// A page in the order of names: the answers may be far from its beginning.
    PageByName,
}

/// The condition that the row of `alias` has every word of `text`.
pub(crate) async fn condition(
    store: &Store,
    object: SearchObject,
    alias: &str,
    text: &str,
    reach: Reach,
) -> Result<Sql, StoreError> {
    let mut sql = Sql::new(store.backend());
    let question = match Question::read(store, object, text).await? {
        Reading::Anything => {
            sql.push("1 = 1");
            return Ok(sql);
        }
        Reading::Nothing => {
            sql.push("1 = 0");
            return Ok(sql);
        }
        Reading::Question(question) => question,
    };
    if partial::is_partial(store, object).await? {
        let answers = partial::answers(store, &question).await?;
        sql.push(&format!("{alias}.id IN "));
        sql.bind_list(answers.into_iter().map(sql::id));
        return Ok(sql);
    }
    let common = match reach {
        Reach::All => None,
        Reach::Page => Some(Common {
            n: 10_000,
            percent: 1,
        }),
        Reach::PageByName => Some(Common {
            n: 100_000,
            percent: 10,
        }),
    };
    match common {
        Some(common) if question.is_common(store, common).await? => {
            question.push_tested(&mut sql, alias);
        }
        _ => question.push_among(&mut sql, alias),
    }
    Ok(sql)
}

/// Both conditions for contacts: through the index, and row by row.
#[cfg(test)]
pub(crate) async fn both_conditions(store: &Store, text: &str) -> (Sql, Sql) {
    let reading = Question::read(store, SearchObject::Contact, text).await;
    let Ok(Reading::Question(question)) = reading else {
        panic!("{text:?} is a question");
    };
    let (mut among, mut tested) = (Sql::new(store.backend()), Sql::new(store.backend()));
    question.push_among(&mut among, "c");
    question.push_tested(&mut tested, "c");
    (among, tested)
}

/// Whether each record that the index finds is looked at once more.
#[cfg(test)]
pub(crate) async fn looks_at_each(store: &Store, object: SearchObject) -> bool {
    partial::is_partial(store, object).await.unwrap()
}

/// The least text that is greater than all texts that begin with `prefix`.
pub(crate) fn prefix_end(prefix: &str) -> String {
    format!("{prefix}\u{10FFFF}")
}
