//! How a record differs from what it was, column by column: what the journal would keep of the change.

use rapport_domain::{Campaign, Company, Contact, Deal, Order, OrderLine, Product, Ticket};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::codec::Columns;
use crate::entities::{campaign, company, contact, deal, order, order_line, product, ticket};
use crate::journal::Tracked;

/// The column whose values are those of custom fields.
pub(crate) const CUSTOM: &str = "custom";

/// A column whose value changes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ColumnChange {
    /// The column; of a custom field `custom.` and its key.
    pub column: String,
    /// What stands there.
    pub before: Value,
    /// What will stand there.
    pub after: Value,
}

/// Records that rows of files make and change.
pub trait Imported: Clone {
    /// The columns and their values, without those that follow from others.
    fn columns(&self) -> Columns;
}

/// The columns in which a record differs from what it was.
pub fn differences<R: Imported>(before: &R, after: &R) -> Vec<ColumnChange> {
    differ(flat(before.columns()), flat(after.columns()))
}

/// The columns in which a row differs from what it was; one that is missing is one without a value.
pub(crate) fn differ(before: Columns, mut after: Columns) -> Vec<ColumnChange> {
    let mut changes = Vec::new();
    for (column, before) in before {
        let after = after.remove(&column).unwrap_or(Value::Null);
        changes.push(ColumnChange {
            column,
            before,
            after,
        });
    }
    let added = after.into_iter().map(|(column, after)| ColumnChange {
        column,
        before: Value::Null,
        after,
    });
    changes.extend(added);
    changes.retain(|change| change.before != change.after);
    changes
}

/// Custom fields as columns of their own.
pub(crate) fn flat(mut columns: Columns) -> Columns {
    let Some(Value::String(custom)) = columns.remove(CUSTOM) else {
        return columns;
    };
    let custom: Columns = serde_json::from_str(&custom).unwrap_or_default();
    let custom = custom.into_iter();
    columns.extend(custom.map(|(key, value)| (format!("{CUSTOM}.{key}"), value)));
    columns
}

macro_rules! imported {
    ($($record:ident $module:ident |$one:ident| $row:expr;)+) => {$(
        impl Imported for $record {
            fn columns(&self) -> Columns {
                let $one = self.clone();
                <$module::Entity as Tracked>::columns(&$row)
            }
        }
    )+};
}

imported! {
    Campaign campaign |one| one.into();
    Company company |one| company::Model::with_words(one, &[]);
    Contact contact |one| contact::Model::with_words(one, &[]);
    Deal deal |one| one.into();
    Order order |one| one.into();
    OrderLine order_line |one| one.into();
    Product product |one| one.into();
    Ticket ticket |one| ticket::Model::with_origin(one, None);
}

#[cfg(test)]
mod tests {
    use rapport_domain::{ContactId, CustomValue, Timestamp};
    use serde_json::json;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn columns_that_differ_are_told_with_what_stands_and_what_will_stand_there() {
        let id = ContactId(Uuid::nil());
        let before = Contact::named(id, "Ada", Timestamp::from_millis(0));
        let mut after = before.clone();
        after.title = Some("Countess".to_owned());
        let level = CustomValue::Text("gold".to_owned());
        after.custom.insert("level".to_owned(), level);
        after.version = 7;

        let found = differences(&before, &after);

        let change = |column: &str, after: &str| ColumnChange {
            column: column.to_owned(),
            before: Value::Null,
            after: json!(after),
        };
        let expected = [change("title", "Countess"), change("custom.level", "gold")];
        assert_eq!(found, expected);
        assert_eq!(differences(&before, &before), []);
    }
}
