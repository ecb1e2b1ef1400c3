//! The list "do these now": what waits, ranked by how much waiting costs.

use rapport_domain::{
    ContactId, Date, ImportId, LocalizedText, Money, TaskId, TicketId, Timestamp, grouped,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::home::LateCustomer;
use crate::wire;

/// Proposals that are shown at most.
const MAX_ACTIONS: usize = 9;

/// Late customers among them at most, so that nothing else is crowded out.
const MAX_LATE: usize = 5;

/// What kind of thing to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ActionKind {
    /// Get in touch with a customer who is late by the own rhythm.
    CallCustomer,
    /// Answer an urgent ticket.
    AnswerTicket,
    /// Do a task that is due.
    DoTask,
    /// Mend a file whose import failed or lost many rows.
    MendImport,
    /// Look at new segments.
    ViewSegments,
}

/// One proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]

pub(crate) struct HomeAction {
    /// Stays the same while the reason stands.
    pub(crate) id: String,
    /// What kind of thing to do.
    pub(crate) kind: ActionKind,
    /// What to do.
    pub(crate) title: wire::LocalizedText,
    /// Why.
    pub(crate) reason: wire::LocalizedText,
    /// Where in the app it is done.
    pub(crate) href: String,
    /// Whom it is about.
    pub(crate) contact: Option<wire::Reference>,
}

/// Everything that proposals are made from.
#[derive(Debug, Clone, Default)]
pub(crate) struct Facts {
    pub(crate) urgent_tickets: Vec<UrgentTicket>,
    pub(crate) tasks_due: Vec<TaskDue>,
    pub(crate) failed_imports: Vec<FailedImport>,
    pub(crate) new_segments: Option<NewSegments>,
    /// Dearest first.
    pub(crate) late_customers: Vec<LateCustomer>,
}

/// An open ticket of high priority.
#[derive(Debug, Clone)]
pub(crate) struct UrgentTicket {
    pub(crate) id: TicketId,
    pub(crate) subject: String,
    pub(crate) contact: Option<(ContactId, String)>,
    pub(crate) created_at: Timestamp,
}

/// An open task whose day has come.
#[derive(Debug, Clone)]
pub(crate) struct TaskDue {
    pub(crate) id: TaskId,
    pub(crate) title: String,
    pub(crate) due_on: Date,
    pub(crate) contact: Option<(ContactId, String)>,
}

/// An import that stopped, or that is done with rows left out.
#[derive(Debug, Clone)]
pub(crate) struct FailedImport {
    pub(crate) id: ImportId,
    pub(crate) file_name: String,
    pub(crate) n_rejected: u64,
    pub(crate) has_stopped: bool,
}

/// Segments made not long ago.
#[derive(Debug, Clone)]
pub(crate) struct NewSegments {
    /// Of the model that tells them, or else of the segmentation.
    pub(crate) id: Uuid,
    pub(crate) n_segments: u64,
    pub(crate) n_customers: u64,
}

/// The proposals, most pressing first: tickets that wait, tasks due, files to mend, customers who
/// are late, segments to look at.
pub(crate) fn propose(facts: Facts, now: Timestamp) -> Vec<HomeAction> {
    let today = now.date();
    let mut actions: Vec<HomeAction> = Vec::new();
    actions.extend(
        facts
            .urgent_tickets
            .into_iter()
            .map(|ticket| answer(ticket, now)),
    );
    actions.extend(facts.tasks_due.into_iter().map(|task| do_task(task, today)));
    actions.extend(facts.failed_imports.into_iter().map(mend));
    // Late customers keep their seats even on a day with many tickets.
    let late: Vec<_> = facts
        .late_customers
        .into_iter()
        .take(MAX_LATE)
        .map(call)
        .collect();
    let view = facts.new_segments.map(view_segments);
    actions.truncate(MAX_ACTIONS - late.len() - usize::from(view.is_some()));
    actions.extend(late);
    actions.extend(view);
    actions
}

fn answer(ticket: UrgentTicket, now: Timestamp) -> HomeAction {
    let hours = (now.as_micros() - ticket.created_at.as_micros()) / 3_600_000_000;
    HomeAction {
        id: format!("ticket-{}", ticket.id),
        kind: ActionKind::AnswerTicket,
        title: both(
            format!("Answer “{}”", ticket.subject),
            format!("回复“{}”", ticket.subject),
        ),
        reason: both(
            format!("Urgent ticket, open for {}", english_span(hours)),
            format!("紧急工单，已等待{}", chinese_span(hours)),
        ),
        href: format!("/tickets/{}", ticket.id),
        contact: reference(ticket.contact),
    }
}

fn do_task(task: TaskDue, today: Date) -> HomeAction {
    let days = today.days_since_epoch() - task.due_on.days_since_epoch();
    let reason = if days > 0 {
        both(
            format!("Due {} ago", english_days(i64::from(days))),
            format!("已逾期{days}天"),
        )
    } else {
        both("Due today", "今天到期")
    };
    HomeAction {
        id: format!("task-{}", task.id),
        kind: ActionKind::DoTask,
        title: both(task.title.clone(), task.title),
        reason,
        href: task
            .contact
            .as_ref()
            .map_or("/tasks".to_owned(), |(id, _)| contact_href(*id)),
        contact: reference(task.contact),
    }
}

fn mend(import: FailedImport) -> HomeAction {
    let FailedImport {
        id,
        file_name,
        n_rejected,
        has_stopped,
    } = import;
    let reason = if has_stopped {
        both(
            "The import stopped; what was read is kept and it can go on from there",
            "导入已中断；已读取的数据均保留，可从中断处继续",
        )
    } else {
        both(
            match n_rejected {
                1 => "1 row was not taken; download it, mend it, import it again".to_owned(),
                n => format!(
                    "{} rows were not taken; download them, mend them, import them again",
                    grouped(n)
                ),
            },
            format!("有{}行未导入；可下载、修正后重新导入", grouped(n_rejected)),
        )
    };
    HomeAction {
        id: format!("import-{id}"),
        kind: ActionKind::MendImport,
        title: both(format!("Mend {file_name}"), format!("处理文件 {file_name}")),
        reason,
        href: format!("/imports/{id}"),
        contact: None,
    }
}

fn call(late: LateCustomer) -> HomeAction {
    let LateCustomer {
        buyer,
        usual_gap_days,
        silent_days,
        missed_minor,
    } = late;
    let (gap, silent) = (usual_gap_days.round() as i64, silent_days.round() as i64);
    let missed = Money::new(missed_minor.round() as i64, buyer.currency).in_round_units();
    HomeAction {
        id: format!("late-{}", buyer.id),
        kind: ActionKind::CallCustomer,
        title: both(
            format!("Call {}", buyer.name),
            format!("联系{}", buyer.name),
        ),
        reason: both(
            format!(
                "Ordered every {} so far, silent for {}: about {missed} in orders did not come",
                english_days(gap),
                english_days(silent)
            ),
            format!("通常每{gap}天下单一次，现已{silent}天没有订单，约少了{missed}"),
        ),
        href: contact_href(buyer.id),
        contact: Some(wire::Reference::new(buyer.id, buyer.name)),
    }
}

fn view_segments(segments: NewSegments) -> HomeAction {
    let NewSegments {
        id,
        n_segments,
        n_customers,
    } = segments;
    HomeAction {
        id: format!("segments-{id}"),
        kind: ActionKind::ViewSegments,
        title: both("Look at the new segments", "查看新的客户分群"),
        reason: both(
            format!(
                "{} customers now fall into {n_segments} segments",
                grouped(n_customers)
            ),
            format!("{}位客户现分为{n_segments}个群", grouped(n_customers)),
        ),
        href: "/segments".to_owned(),
        contact: None,
    }
}

fn both(en: impl Into<String>, zh: impl Into<String>) -> wire::LocalizedText {
    LocalizedText::new(en, zh).into()
}

fn contact_href(id: ContactId) -> String {
    format!("/contacts/{id}")
}

fn reference(contact: Option<(ContactId, String)>) -> Option<wire::Reference> {
    contact.map(|(id, name)| wire::Reference::new(id, name))
}

fn english_days(days: i64) -> String {
    if days == 1 {
        "1 day".to_owned()
    } else {
        format!("{days} days")
    }
}

fn english_span(hours: i64) -> String {
    match hours {
        i64::MIN..=0 => "less than an hour".to_owned(),
        1 => "1 hour".to_owned(),
        2..=47 => format!("{hours} hours"),
        _ => english_days(hours / 24),
    }
}

fn chinese_span(hours: i64) -> String {
    match hours {
        i64::MIN..=0 => "不到1小时".to_owned(),
        1..=47 => format!("{hours}小时"),
        _ => format!("{}天", hours / 24),
    }
}
