//! Rows that are events themselves.

use rapport_domain::Event;
use rapport_ingest::{EventRow, ParsedRow};

use super::{Assembled, Assembler, People};
use crate::error::PipelineError;

impl Assembler<'_> {
    pub(super) async fn add_events(
        &mut self,
        rows: &[ParsedRow],
        people: &People,
        assembled: &mut Assembled,
    ) -> Result<(), PipelineError> {
        let (lines, events): (Vec<u64>, Vec<Event>) = rows
            .iter()
            .zip(&people.row_ties)
            .filter_map(|(row, tie)| match row {
                ParsedRow::Event(row) => {
                    Some((row.line, self.event(row, tie.map(|tie| tie.contact_id))))
                }
                _ => None,
            })
            .unzip();
        let are_new = self.seen.mark(&events).await?;
        for ((line, event), is_new) in lines.into_iter().zip(events).zip(are_new) {
            let name = event.kind.as_str();
            if is_new {
                assembled.outcomes.create(line, None, name);
                assembled.events.push(event);
            } else {
                assembled.outcomes.leave(line, None, name);
                assembled.n_unchanged += 1;
            }
        }
        Ok(())
    }

    fn event(&self, row: &EventRow, customer_id: Option<rapport_domain::ContactId>) -> Event {
        Event {
            id: self.workspace.ids.next(row.occurred_at),
            source: self.source_name.clone(),
            message_id: row.message_id.clone(),
            customer_id,
            kind: row.kind.clone(),
            occurred_at: row.occurred_at,
            received_at: self.workspace.clock.now(),
            order_id: row.order_id.clone(),
            sku: row.sku.clone(),
            category: row.category.clone(),
            quantity: row.quantity,
            amount_minor: row.amount.map(|amount| amount.amount_minor),
            currency: row.amount.map(|amount| amount.currency),
            properties: row.properties.clone(),
        }
    }
}
