//! Tickets.

use super::super::TicketRow;
use super::{Fault, Standardizer, person};
use crate::Field;
use crate::value::choice::{PRIORITY, TICKET_CHANNEL, TICKET_STATUS};

/// Characters of the message that stand in for a missing subject.
const N_SUBJECT_CHARS: usize = 80;

/// Reads a ticket.
pub(in crate::row) fn ticket(
    values: &mut Standardizer,
    line: u64,
    cells: &[String],
) -> Result<TicketRow, Fault> {
    let body = values.text(cells, Field::Body)?.unwrap_or_default();
    let subject = match values.text(cells, Field::Subject)? {
        Some(subject) => subject,
        None if body.is_empty() => return Err(values.missing(Field::Subject)),
        None => beginning(&body),
    };
    Ok(TicketRow {
        line,
        cells: Vec::new(),
        external_id: values.record_key(cells, Field::ExternalId)?,
        subject,
        body,
        status: values.choice(cells, Field::Status, TICKET_STATUS)?,
        priority: values.choice(cells, Field::Priority, PRIORITY)?,
        channel: values.choice(cells, Field::Channel, TICKET_CHANNEL)?,
        created_at: values.instant(cells, Field::CreatedAt)?,
        solved_at: values.instant(cells, Field::SolvedAt)?,
        owner: values.text(cells, Field::Owner)?,
        person: person::customer(values, cells)?,
    })
}

/// The first line of a text, shortened.
fn beginning(body: &str) -> String {
    let line = body.lines().next().unwrap_or(body).trim_end();
    match line.char_indices().nth(N_SUBJECT_CHARS) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}
