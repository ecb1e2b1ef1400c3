//! Search by text, in lists and everywhere: decision note 0013.
//!
//! Each record has terms (`terms`), which one index over all kinds of records keeps (`index`). A
//! word of a query finds the records that have a term which begins with it: `李`, `lim`, `lm`,
//! `138`, `ann@`. All words must be found. Where the databases differ is in `index` and `question`.

mod everywhere;
mod index;
mod object;
mod partial;
mod pinyin;
mod question;
mod terms;
mod text;
mod touched;
mod words;

pub use everywhere::{Hit, HitKind, everywhere};
pub use index::catch_up;

pub(crate) use index::{anew, settle};
pub(crate) use object::SearchObject;
pub(crate) use text::{company_text, contact_text, order_text, product_text};

use question::{Question, Reading};

use crate::sql::{self, Sql};
use crate::{Store, StoreError};

/// How the rows that have the words of a text are told, in one of two ways that find the same.
pub(crate) struct Found {
    /// Through the index: all answers at once.
    pub(crate) among: Sql,
    /// Row by row, where so many answer that the first few rows of a list may hold a page of answers.
    pub(crate) tested: Option<Sql>,
}

/// The condition that the row of `alias` has every word of `text`, for a list that `is_walked` in the order
/// of an index until a page is full, or else read whole.
pub(crate) async fn condition(
    store: &Store,
    object: SearchObject,
    alias: &str,
    text: &str,
    is_walked: bool,
) -> Result<Found, StoreError> {
    let mut among = Sql::new(store.backend());
    let mut tested = None;
    match Question::read(store, object, text).await? {
        Reading::Anything => {
            among.push("1 = 1");
        }
        Reading::Nothing => {
            among.push("1 = 0");
        }
        Reading::Question(question) if partial::is_partial(store, object).await? => {
            let answers = partial::answers(store, &question).await?;
            among.push(&format!("{alias}.id IN "));
            among.bind_list(answers.into_iter().map(sql::id));
        }
        Reading::Question(question) => {
            let is_common = is_walked && question.is_common(store).await?;
            question.push_among(&mut among, alias, is_common);
            if is_common {
                let mut sql = Sql::new(store.backend());
                question.push_tested(&mut sql, alias);
                tested = Some(sql);
            }
        }
    }
    Ok(Found { among, tested })
}

/// All conditions for contacts: through the index in both ways, and row by row.
#[cfg(test)]
pub(crate) async fn all_conditions(store: &Store, text: &str) -> [Sql; 3] {
    let reading = Question::read(store, SearchObject::Contact, text).await;
    let Ok(Reading::Question(question)) = reading else {
        panic!("{text:?} is a question");
    };
    let mut conditions = [(); 3].map(|()| Sql::new(store.backend()));
    let [rare, common, tested] = &mut conditions;
    question.push_among(rare, "c", false);
    question.push_among(common, "c", true);
    question.push_tested(tested, "c");
    conditions
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
