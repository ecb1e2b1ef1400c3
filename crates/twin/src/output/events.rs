//! Events as JSON lines: page views, campaigns' traces, tickets.

use serde::Serialize;

use super::table::JsonLines;
use super::{FileCount, Sink};
use crate::calendar::{Style, instant};
use crate::catalog::CATEGORIES;
use crate::error::TwinError;
use crate::history::{Outreach, Ticket, View};
use crate::twin::{Customer, Twin};

/// A page view.
#[derive(Serialize)]
struct ViewRow<'a> {
    message_id: &'a str,
    event: &'static str,
    timestamp: &'a str,
    customer_id: &'a str,
    session_id: &'a str,
    url: &'a str,
    sku: Option<&'a str>,
    category: Option<&'a str>,
}

/// A campaign's message sent, opened, followed, or held back.
#[derive(Serialize)]
struct CampaignRow<'a> {
    message_id: &'a str,
    event: &'static str,
    timestamp: &'a str,
    customer_id: &'a str,
    email: &'a str,
    campaign_id: &'a str,
    campaign: &'a str,
    channel: &'static str,
    propensity: f64,
}

/// A ticket.
#[derive(Serialize)]
struct TicketRow<'a> {
    ticket_id: &'a str,
    created_at: &'a str,
    updated_at: &'a str,
    solved_at: Option<&'a str>,
    status: &'static str,
    priority: &'static str,
    channel: &'static str,
    subject: &'a str,
    body: &'a str,
    requester_name: &'a str,
    requester_email: &'a str,
    requester_phone: Option<&'a str>,
}

/// All files of JSON lines.
pub(super) struct EventFiles {
    views: JsonLines,
    campaigns: JsonLines,
    tickets: JsonLines,
}

impl EventFiles {
    pub(super) fn create(sink: &mut dyn Sink) -> Result<Self, TwinError> {
        Ok(Self {
            views: JsonLines::create(sink, "page_views.jsonl")?,
            campaigns: JsonLines::create(sink, "campaign_events.jsonl")?,
            tickets: JsonLines::create(sink, "support_tickets.jsonl")?,
        })
    }

    pub(super) fn write(&mut self, twin: &Twin, customer: &Customer) -> Result<(), TwinError> {
        for (k, view) in customer.history.views.iter().enumerate() {
            self.write_view(twin, customer, k, view)?;
        }
        for reached in &customer.history.outreach {
            self.write_outreach(twin, customer, reached)?;
        }
        for ticket in &customer.history.tickets {
            self.write_ticket(customer, ticket)?;
        }
        Ok(())
    }

    fn write_view(
        &mut self,
        twin: &Twin,
        customer: &Customer,
        k: usize,
        view: &View,
    ) -> Result<(), TwinError> {
        let id = &customer.accounts[view.account].id;
        let item = view.item.map(|item| &twin.catalog.items[item]);
        let url = item.map_or_else(|| "/".to_owned(), |item| format!("/products/{}", item.sku));
        self.views.row(&ViewRow {
            message_id: &format!("{id}-v{k}"),
            event: "page_viewed",
            timestamp: &instant(view.at, Style::Rfc3339),
            customer_id: id,
            session_id: &format!("{id}-s{}", view.session),
            url: &url,
            sku: item.map(|item| item.sku.as_str()),
            category: item.map(|item| CATEGORIES[item.category]),
        })
    }

    fn write_outreach(
        &mut self,
        twin: &Twin,
        customer: &Customer,
        reached: &Outreach,
    ) -> Result<(), TwinError> {
        let first = if reached.is_treated {
            "campaign_sent"
        } else {
            "campaign_held_out"
        };
        let steps = [
            (first, Some(reached.at)),
            ("campaign_opened", reached.opened_at),
            ("campaign_clicked", reached.clicked_at),
        ];
        let campaign = &twin.campaigns[reached.campaign];
        let account = &customer.accounts[0];
        for (event, at) in steps {
            let Some(at) = at else { continue };
            self.campaigns.row(&CampaignRow {
                message_id: &format!("{}-{}-{event}", account.id, campaign.id),
                event,
                timestamp: &instant(at, Style::Rfc3339),
                customer_id: &account.id,
                email: &account.email,
                campaign_id: &campaign.id,
                campaign: &campaign.name,
                channel: campaign.channel,
                propensity: f64::from(campaign.propensity_permille) / 1000.0,
            })?;
        }
        Ok(())
    }

    fn write_ticket(&mut self, customer: &Customer, ticket: &Ticket) -> Result<(), TwinError> {
        let created_at = instant(ticket.at, Style::Rfc3339);
        let solved_at = ticket.solved_at.map(|at| instant(at, Style::Rfc3339));
        self.tickets.row(&TicketRow {
            ticket_id: &ticket.id,
            created_at: &created_at,
            updated_at: solved_at.as_deref().unwrap_or(&created_at),
            solved_at: solved_at.as_deref(),
            status: if solved_at.is_some() {
                "solved"
            } else {
                "open"
            },
            priority: ticket.priority,
            channel: ticket.channel,
            subject: &ticket.subject,
            body: &ticket.body,
            requester_name: &ticket.name,
            requester_email: &customer.accounts[ticket.account].email,
            requester_phone: ticket.phone.as_deref(),
        })
    }

    pub(super) fn finish(self) -> Result<Vec<FileCount>, TwinError> {
        Ok(vec![
            self.views.finish()?,
            self.campaigns.finish()?,
            self.tickets.finish()?,
        ])
    }
}
