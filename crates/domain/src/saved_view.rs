//! Saved views: a list as somebody wants to see it again.

use serde::{Deserialize, Serialize};

use crate::error::{check_length, check_text};
use crate::{Invalid, SavedViewId, Timestamp, UserId};

/// The lists that views are kept of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListKind {
    /// People.
    Contacts,
    /// Organizations.
    Companies,
    /// Possible sales.
    Deals,
    /// Requests for help.
    Tickets,
    /// Things to do.
    Tasks,
    /// Things that are sold.
    Products,
    /// Purchases.
    Orders,
    /// Imported files.
    Imports,
    /// Trainings.
    Runs,
}

/// A list as somebody wants to see it again: filters, order, search, columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedView {
    /// Identifier.
    pub id: SavedViewId,
    /// The list.
    pub list: ListKind,
    /// What it is called.
    pub name: String,
    /// The query string of the list's page, as it stands in the browser's address without `?`. What
    /// is named from today in it stays so.
    pub query: String,
    /// Who made it.
    pub owner_id: UserId,
    /// Whether everybody sees it.
    pub is_shared: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// Latest change.
    pub updated_at: Timestamp,
    /// Grows by one with each change.
    pub version: i64,
}

impl SavedView {
    /// Checks name and query.
    ///
    /// # Errors
    /// [`Invalid`] where the name is blank or longer than 80 characters, or the query longer than
    /// 8,000.
    pub fn check(&self) -> Result<(), Invalid> {
        let mut violations = Vec::new();
        check_text(&mut violations, "/name", &self.name, 80);
        check_length(&mut violations, "/query", &self.query, 8_000);
        Invalid::check(violations)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn view(name: &str, query: &str) -> SavedView {
        SavedView {
            id: Uuid::nil().into(),
            list: ListKind::Contacts,
            name: name.to_owned(),
            query: query.to_owned(),
            owner_id: Uuid::nil().into(),
            is_shared: false,
            created_at: Timestamp::from_millis(0),
            updated_at: Timestamp::from_millis(0),
            version: 1,
        }
    }

    fn pointers(view: &SavedView) -> Vec<&'static str> {
        let broken = view.check().err();
        broken
            .into_iter()
            .flat_map(|invalid| invalid.violations)
            .map(|violation| violation.pointer)
            .collect()
    }

    #[test]
    fn a_view_has_a_name_and_an_address_that_a_browser_takes() {
        assert!(view("忠诚客户", "filter=city:eq:上海").check().is_ok());
        assert!(view("All", "").check().is_ok());
        assert_eq!(pointers(&view(" ", "")), ["/name"]);
        assert_eq!(pointers(&view(&"x".repeat(81), "")), ["/name"]);
        assert_eq!(pointers(&view("All", &"x".repeat(8_001))), ["/query"]);
    }
}
