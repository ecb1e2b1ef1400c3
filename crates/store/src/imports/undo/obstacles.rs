//! What keeps a record that an import made from being deleted: edits, and what others hang on it.

use rapport_domain::ImportId;
use sea_orm::Value;

use crate::imports::RecordKind;
use crate::journal::writes_taken_back;
use crate::sql::{self, Sql};

/// A condition on a row `t` of the record's table, and the reason that it stands for.
struct Obstacle {
    reason: &'static str,
    condition: &'static str,
    /// Values for the condition's question marks.
    binds: &'static [Bind],
}

#[derive(Clone, Copy)]
enum Bind {
    Kind,
    Import,
    Stamp,
}

use Bind::{Import, Kind, Stamp};

/// Another import, not taken back itself, has changed the record.
const CHANGED_BY_IMPORT: Obstacle = Obstacle {
    reason: "changed_by_import",
    condition: "EXISTS (SELECT 1 FROM import_changes x JOIN imports i ON i.id = x.import_id \
                WHERE x.record_id = t.id AND x.object = ? AND x.import_id <> ? \
                AND i.status <> 'undone' AND x.batch_no <= i.batches_done)",
    binds: &[Kind, Import],
};

/// Another import, not taken back itself, has told of the record.
const TOLD_AGAIN: Obstacle = Obstacle {
    reason: "told_again",
    condition: "EXISTS (SELECT 1 FROM import_sightings x JOIN imports i ON i.id = x.import_id \
                WHERE x.object = ? AND x.record_id = t.id AND x.import_id <> ? \
                AND i.status <> 'undone' AND x.batch_no <= i.batches_done)",
    binds: &[Kind, Import],
};

/// Events that did not come by a file tell of the record, as the condition says.
macro_rules! has_events {
    ($condition:expr) => {
        Obstacle {
            reason: "has_events",
            condition: $condition,
            binds: &[],
        }
    };
}

/// Imports and undos grow the version by one each time that they write; what is beyond that was a
/// person. A bulk edit is a person's, too, unless it was taken back.
const EDITED_VERSION: Obstacle = Obstacle {
    reason: "edited",
    condition: concat!(
        "t.version <> 1 + (SELECT count(*) + \
         coalesce(sum(CASE WHEN x.is_restored THEN 1 ELSE 0 END), 0) \
         FROM import_changes x WHERE x.record_id = t.id AND x.object = ?) + ",
        writes_taken_back!("t.id")
    ),
    binds: &[Kind],
};

/// The same of kinds whose version imports and undos leave as it is.
const EDITED_UNCOUNTED: Obstacle = Obstacle {
    reason: "edited",
    condition: concat!("t.version <> 1 + ", writes_taken_back!("t.id")),
    binds: &[],
};

const SUBJECT_OF_CONTACT: &str = "(EXISTS (SELECT 1 FROM notes x WHERE x.subject_id = t.id) \
    OR EXISTS (SELECT 1 FROM tasks x WHERE x.subject_id = t.id) \
    OR EXISTS (SELECT 1 FROM deals x WHERE x.contact_id = t.id) \
    OR EXISTS (SELECT 1 FROM orders x WHERE x.contact_id = t.id) \
    OR EXISTS (SELECT 1 FROM tickets x WHERE x.contact_id = t.id) \
    OR EXISTS (SELECT 1 FROM consents x WHERE x.contact_id = t.id))";

const SUBJECT_OF_COMPANY: &str = "(EXISTS (SELECT 1 FROM notes x WHERE x.subject_id = t.id) \
    OR EXISTS (SELECT 1 FROM tasks x WHERE x.subject_id = t.id) \
    OR EXISTS (SELECT 1 FROM deals x WHERE x.company_id = t.id) \
    OR EXISTS (SELECT 1 FROM contacts x WHERE x.company_id = t.id))";

/// Notes or tasks are about the record.
const NOTED: &str = "(EXISTS (SELECT 1 FROM notes x WHERE x.subject_id = t.id) \
    OR EXISTS (SELECT 1 FROM tasks x WHERE x.subject_id = t.id))";

/// Rows of other imports, not taken back themselves, are about the identity.
const OTHER_ROWS: &str = "EXISTS (SELECT 1 FROM source_records x JOIN imports i \
    ON i.id = x.import_id WHERE x.identity_id = t.id AND x.import_id <> ? AND i.status <> 'undone' \
    AND i.batches_done > 0)";

/// Others hang on the record, as the condition tells.
macro_rules! in_use {
    ($condition:expr) => {
        Obstacle {
            reason: "in_use",
            condition: $condition,
            binds: &[],
        }
    };
}

/// A kind of record as it is deleted: its table, the column that people call it by, and what keeps it.
pub(super) struct Removal {
    pub(super) table: &'static str,
    name: &'static str,
    obstacles: &'static [Obstacle],
}

/// How records of a kind are deleted; lines go by their orders, not by an id of their own.
pub(super) const fn removal_of(kind: RecordKind) -> Removal {
    match kind {
        RecordKind::Companies => Removal {
            table: "companies",
            name: "t.name",
            obstacles: &[
                CHANGED_BY_IMPORT,
                TOLD_AGAIN,
                EDITED_VERSION,
                has_events!("EXISTS (SELECT 1 FROM event_companies x WHERE x.company_id = t.id)"),
                in_use!(SUBJECT_OF_COMPANY),
            ],
        },
        RecordKind::CompanyKeys => Removal {
            table: "company_keys",
            name: "t.external_id",
            obstacles: &[TOLD_AGAIN],
        },
        RecordKind::Products => Removal {
            table: "products",
            name: "t.name",
            obstacles: &[
                CHANGED_BY_IMPORT,
                TOLD_AGAIN,
                in_use!("EXISTS (SELECT 1 FROM order_lines x WHERE x.product_id = t.id)"),
            ],
        },
        RecordKind::Campaigns => Removal {
            table: "campaigns",
            name: "t.name",
            obstacles: &[CHANGED_BY_IMPORT, TOLD_AGAIN],
        },
        RecordKind::Identities => Removal {
            table: "identities",
            name: "t.profile_key",
            obstacles: &[
                CHANGED_BY_IMPORT,
                Obstacle {
                    reason: "edited",
                    condition: "t.linked_at > ?",
                    binds: &[Stamp],
                },
                Obstacle {
                    reason: "in_use",
                    condition: OTHER_ROWS,
                    binds: &[Import],
                },
            ],
        },
        RecordKind::Contacts => Removal {
            table: "contacts",
            name: "t.name",
            obstacles: &[
                CHANGED_BY_IMPORT,
                EDITED_VERSION,
                has_events!("EXISTS (SELECT 1 FROM event_contacts x WHERE x.contact_id = t.id)"),
                in_use!(SUBJECT_OF_CONTACT),
            ],
        },
        RecordKind::Consents => Removal {
            table: "consents",
            name: "t.purpose",
            obstacles: &[TOLD_AGAIN],
        },
        RecordKind::Notes => Removal {
            table: "notes",
            name: "t.body",
            obstacles: &[
                TOLD_AGAIN,
                Obstacle {
                    reason: "edited",
                    condition: "t.updated_at > ?",
                    binds: &[Stamp],
                },
            ],
        },
        RecordKind::Orders => Removal {
            table: "orders",
            name: "t.external_id",
            obstacles: &[
                // First, since what events tell of is no later import's.
                has_events!("EXISTS (SELECT 1 FROM event_orders x WHERE x.order_id = t.id)"),
                CHANGED_BY_IMPORT,
                TOLD_AGAIN,
                in_use!("EXISTS (SELECT 1 FROM order_lines x WHERE x.order_id = t.id)"),
            ],
        },
        RecordKind::OrderLines => Removal {
            table: "order_lines",
            name: "t.description",
            obstacles: &[],
        },
        RecordKind::Tickets => Removal {
            table: "tickets",
            name: "t.subject",
            obstacles: &[
                CHANGED_BY_IMPORT,
                TOLD_AGAIN,
                EDITED_UNCOUNTED,
                in_use!(NOTED),
            ],
        },
        RecordKind::Deals => Removal {
            table: "deals",
            name: "t.name",
            obstacles: &[
                CHANGED_BY_IMPORT,
                TOLD_AGAIN,
                EDITED_UNCOUNTED,
                in_use!(NOTED),
            ],
        },
    }
}

impl Removal {
    /// Appends `id`, `name` and the first reason, none where the record may go, of rows `t`.
    pub(super) fn push_columns(
        &self,
        sql: &mut Sql,
        kind: RecordKind,
        import: ImportId,
        stamp: Option<i64>,
    ) {
        sql.push("SELECT t.id, ").push(self.name).push(" AS name, ");
        if self.obstacles.is_empty() {
            sql.push("CAST(NULL AS TEXT) AS reason");
            return;
        }
        sql.push("CASE");
        for obstacle in self.obstacles {
            let values = obstacle.binds.iter().map(|bind| match bind {
                Kind => sql::text(kind.name()),
                Import => sql::id(import),
                // Without a stamp nothing is later than it.
                Stamp => Value::BigInt(Some(stamp.unwrap_or(i64::MAX))),
            });
            sql.push(" WHEN ").push_with(obstacle.condition, values);
            sql.push(" THEN '").push(obstacle.reason).push("'");
        }
        sql.push(" END AS reason");
    }
}
