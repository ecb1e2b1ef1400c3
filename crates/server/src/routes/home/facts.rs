//! Fetches what proposals are made from.

use rapport_domain::Timestamp;
use rapport_store::contacts::{self, ContactRow};
use rapport_store::imports::Import;
use rapport_store::segmentations::Segmentation;
use rapport_store::tasks::{self, TaskRow};
use rapport_store::tickets::{self, TicketRow};
use rapport_store::{ListQuery, Op, Store, StoreError, models, orders};

use crate::home::{Buyer, Facts, FailedImport, NewSegments, TaskDue, UrgentTicket, late_customers};

/// Best customers whose rhythm is looked at.
const N_BUYERS: u64 = 500;

/// Tickets and tasks that are looked at.
const N_WAITING: u64 = 10;

/// Segments and imports count as new for this long.
const NEW_DAYS: i64 = 7;

/// Everything that proposals are made from, as of now.
pub(super) async fn gather(
    store: &Store,
    current: Option<&Segmentation>,
    imports: &[Import],
    now: Timestamp,
) -> Result<Facts, StoreError> {
    let since = now.plus_days(-NEW_DAYS);
    Ok(Facts {
        urgent_tickets: urgent_tickets(store).await?,
        tasks_due: tasks_due(store, now).await?,
        failed_imports: failed_imports(imports, since),
        new_segments: match current {
            Some(current) => new_segments(store, current, since).await?,
            None => None,
        },
        late_customers: match latest_order_at(store).await? {
            Some(as_of) => late_customers(best_buyers(store).await?, as_of),
            None => Vec::new(),
        },
    })
}

/// Segments that came with a new model. Those that took in today's customers are not new.
async fn new_segments(
    store: &Store,
    current: &Segmentation,
    since: Timestamp,
) -> Result<Option<NewSegments>, StoreError> {
    let (id, new_at) = match current.model_id {
        Some(model) => (model.0, models::promoted_at(store, model).await?),
        None => (current.id.0, Some(current.created_at)),
    };
    let is_new = new_at.is_some_and(|at| at >= since);
    Ok(is_new.then_some(NewSegments {
        id,
        n_segments: current.k,
        n_customers: current.n_customers,
    }))
}

async fn urgent_tickets(store: &Store) -> Result<Vec<UrgentTicket>, StoreError> {
    let query = ListQuery {
        limit: N_WAITING,
        ..ListQuery::default()
    }
    .with("status", Op::Eq, "open")
    .with("priority", Op::Gte, "high")
    .sorted("-priority,created_at");
    let rows = tickets::list(store, &query).await?.items.into_iter();
    let urgent = rows.map(
        |TicketRow {
             ticket, contact, ..
         }| UrgentTicket {
            id: ticket.id,
            subject: ticket.subject,
            contact: contact.map(|contact| (contact.id, contact.name)),
            created_at: ticket.created_at,
        },
    );
    Ok(urgent.collect())
}

async fn tasks_due(store: &Store, now: Timestamp) -> Result<Vec<TaskDue>, StoreError> {
    let query = ListQuery {
        limit: N_WAITING,
        ..ListQuery::default()
    }
    .with("status", Op::Eq, "open")
    .with("due_on", Op::Lte, now.date())
    .sorted("due_on,-priority");
    let rows = tasks::list(store, &query).await?.items.into_iter();
    let due = rows.filter_map(|TaskRow { task, contact, .. }| {
        Some(TaskDue {
            id: task.id,
            title: task.title,
            due_on: task.due_on?,
            contact: contact.map(|contact| (contact.id, contact.name)),
        })
    });
    Ok(due.collect())
}

/// Imports that stopped, or are done with rows left out.
fn failed_imports(imports: &[Import], since: Timestamp) -> Vec<FailedImport> {
    use rapport_domain::ImportStatus::{Done, Failed};
    let recent = imports.iter().filter(|import| import.created_at >= since);
    let failed = recent.filter_map(|import| {
        let n_rejected = import.counts.n_rejected();
        let has_stopped = import.status == Failed;
        let is_worth_mending = has_stopped || (import.status == Done && n_rejected > 0);
        is_worth_mending.then(|| FailedImport {
            id: import.id,
            file_name: import.file_name.clone(),
            n_rejected,
            has_stopped,
        })
    });
    failed.collect()
}

/// The instant up to which orders are known: the present of a file from the past.
async fn latest_order_at(store: &Store) -> Result<Option<Timestamp>, StoreError> {
    let query = ListQuery {
        limit: 1,
        ..ListQuery::default()
    }
    .sorted("-ordered_at");
    let rows = orders::list(store, &query).await?.items;
    Ok(rows.into_iter().next().map(|row| row.order.ordered_at))
}

async fn best_buyers(store: &Store) -> Result<Vec<Buyer>, StoreError> {
    let query = ListQuery {
        limit: N_BUYERS,
        ..ListQuery::default()
    }
    .sorted("-total_spent");
    let rows = contacts::list(store, &query).await?.items.into_iter();
    let buyers = rows.filter_map(|ContactRow { contact, .. }| {
        Some(Buyer {
            id: contact.id,
            name: contact.name,
            n_orders: contact.n_orders,
            total_spent_minor: contact.total_spent_minor,
            currency: contact.currency?,
            first_order_at: contact.first_order_at?,
            last_order_at: contact.last_order_at?,
        })
    });
    Ok(buyers.collect())
}
