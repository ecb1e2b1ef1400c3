//! What rows may do to the records that they are about: make new ones, change known ones, or both; and
//! whether they may replace what is there.

use std::collections::BTreeSet;

use rapport_domain::{EntityKind, Violation};
use serde::{Deserialize, Serialize};

use super::{Field, Mapping, plural};

/// Whether rows make records, change them, or both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportMode {
    /// Every row makes a record; a row about a record that is here already is rejected.
    Create,
    /// Every row is about a record that is here already; all others are rejected, and nothing that a row
    /// refers to is made along with it.
    Update,
    /// Known records are changed and all others made.
    #[default]
    Both,
}

/// What becomes of a value that is here already where a row has another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Existing {
    /// It stays; only what is empty is filled.
    #[default]
    Fill,
    /// The row's value takes its place, whoever wrote it. An empty cell replaces nothing.
    Replace,
}

impl Mapping {
    /// The fields whose values take the place of those that are here already.
    pub fn replaced(&self) -> BTreeSet<Field> {
        let is_replaced =
            |replace: Option<bool>| replace.unwrap_or(self.existing == Existing::Replace);
        let columns = self.columns.iter();
        columns
            .filter(|column| is_replaced(column.replace))
            .filter_map(|column| column.field)
            .collect()
    }

    pub(super) fn check_mode(&self, violations: &mut Vec<Violation>) {
        let kind = plural(self.entity);
        if !has_mode(self.entity, self.mode) {
            let message = match self.entity {
                EntityKind::Events => {
                    "events have no mode of their own; choose update to take those \
                                       of known people alone, or both"
                        .to_owned()
                }
                _ => format!(
                    "{kind} are recognized one by one and can be neither only new nor only known; \
                     leave the mode at both"
                ),
            };
            violations.push(Violation::new("/mode", "mode_not_allowed", message));
        }
        if has_choice_of_values(self.entity) {
            return;
        }
        let message = format!("for {kind} there is no choice between filling and replacing");
        if self.existing != Existing::Fill {
            let message = format!("{message}; leave existing at fill");
            violations.push(Violation::new("/existing", "replace_not_allowed", message));
        }
        if self
            .columns
            .iter()
            .any(|column| column.replace == Some(true))
        {
            let message = format!("{message}; leave replace out");
            violations.push(Violation::new("/columns", "replace_not_allowed", message));
        }
    }
}

/// Whether rows of this kind have a mode: where each is one record that is new or known. Of events it is
/// the person who may have to be known.
const fn has_mode(entity: EntityKind, mode: ImportMode) -> bool {
    match (entity, mode) {
        (_, ImportMode::Both) | (EntityKind::Events, ImportMode::Update) => true,
        (EntityKind::OrderLines | EntityKind::Events | EntityKind::Notes, _) => false,
        _ => true,
    }
}

/// Whether values of these records are filled in unless a file may replace them. What is known of the
/// others has one source, whose last word counts.
const fn has_choice_of_values(entity: EntityKind) -> bool {
    matches!(entity, EntityKind::Contacts | EntityKind::Companies)
}
