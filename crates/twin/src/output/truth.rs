//! The truth about people, records, campaigns' effects, tickets and the way of deals.

use rapport_domain::Language;

use super::table::Table;
use super::{FileCount, Sink};
use crate::calendar::{Style, instant};
use crate::catalog::CATEGORIES;
use crate::error::TwinError;
use crate::history::OrderKind;
use crate::people::Person;
use crate::twin::{Customer, Twin};

const PEOPLE_HEADER: [&str; 19] = [
    "person_id",
    "segment",
    "language",
    "country",
    "family_name",
    "given_name",
    "phone",
    "company_id",
    "since",
    "churned_at",
    "orders_per_year",
    "dropouts_per_year",
    "expected_repeat_orders",
    "n_repeat_orders",
    "n_campaign_orders",
    "spend_level",
    "favorite_category",
    "response",
    "n_records",
];

const EFFECTS_HEADER: [&str; 9] = [
    "person_id",
    "campaign_id",
    "treated",
    "propensity",
    "probability_without",
    "probability_with",
    "outcome_without",
    "outcome_with",
    "outcome",
];

/// The files that grow with the people.
pub(super) struct TruthFiles {
    people: Table,
    duplicates: Table,
    effects: Table,
    tickets: Table,
    deal_stages: Table,
}

impl TruthFiles {
    pub(super) fn create(sink: &mut dyn Sink) -> Result<Self, TwinError> {
        let duplicates = ["person_id", "file", "record_id", "damage"];
        let tickets = ["ticket_id", "person_id", "intent", "sentiment", "language"];
        let deal_stages = ["deal_id", "person_id", "stage", "entered_at"];
        Ok(Self {
            people: Table::create(sink, "truth/people.csv", &PEOPLE_HEADER)?,
            duplicates: Table::create(sink, "truth/duplicates.csv", &duplicates)?,
            effects: Table::create(sink, "truth/effects.csv", &EFFECTS_HEADER)?,
            tickets: Table::create(sink, "truth/tickets.csv", &tickets)?,
            deal_stages: Table::create(sink, "truth/deal_stages.csv", &deal_stages)?,
        })
    }

    pub(super) fn write(&mut self, twin: &Twin, customer: &Customer) -> Result<(), TwinError> {
        let id = customer.person.id();
        self.write_person(twin, customer, &id)?;
        self.write_records(customer, &id)?;
        self.write_effects(twin, customer, &id)?;
        self.write_stages(customer, &id)?;
        for ticket in &customer.history.tickets {
            self.tickets.row(&[
                &ticket.id,
                &id,
                ticket.intent,
                ticket.sentiment,
                ticket.language,
            ])?;
        }
        Ok(())
    }

    fn write_person(
        &mut self,
        twin: &Twin,
        customer: &Customer,
        id: &str,
    ) -> Result<(), TwinError> {
        let person = &customer.person;
        let history = &customer.history;
        let of_kind = |kind| {
            let orders = history.orders.iter().filter(|order| order.kind == kind);
            orders.count().to_string()
        };
        let n_records = customer.accounts.len() + customer.sales.len() + history.tickets.len();
        let phone = twin.identifiers.phone(person, false).e164();
        let company = person.company.as_ref();
        self.people.row(&[
            id,
            person.segment.as_str(),
            person.culture.language(),
            person.culture.country_code(),
            person.family,
            &person.given,
            phone.as_str(),
            &company.map_or_else(String::new, |company| company.id()),
            &instant(customer.accounts[0].created_at, Style::Rfc3339),
            &churned_at(twin, person),
            &format!("{:.6}", person.orders_per_year),
            &format!("{:.6}", person.dropouts_per_year),
            &format!("{:.6}", expected_repeats(twin, person)),
            &of_kind(OrderKind::Repeat),
            &of_kind(OrderKind::Campaign),
            person.spend_level.as_str(),
            CATEGORIES[person.favorite_category],
            &format!("{:.3}", f64::from(person.response_permille) / 1000.0),
            &n_records.to_string(),
        ])
    }

    fn write_records(&mut self, customer: &Customer, id: &str) -> Result<(), TwinError> {
        for account in &customer.accounts {
            let damage = account.damage.text();
            self.duplicates
                .row(&[id, "shop_customers.csv", &account.id, &damage])?;
        }
        for contact in &customer.sales {
            let damage = contact.damage.text();
            self.duplicates
                .row(&[id, "crm_contacts.csv", &contact.id, &damage])?;
        }
        for ticket in &customer.history.tickets {
            self.duplicates
                .row(&[id, "support_tickets.jsonl", &ticket.id, ""])?;
        }
        Ok(())
    }

    fn write_stages(&mut self, customer: &Customer, id: &str) -> Result<(), TwinError> {
        for deal in &customer.history.deals {
            for (stage, entered_at) in &deal.stages {
                let entered_at = instant(*entered_at, Style::Rfc3339);
                let name = stage.name(Language::En);
                self.deal_stages.row(&[&deal.id, id, name, &entered_at])?;
            }
        }
        Ok(())
    }

    fn write_effects(
        &mut self,
        twin: &Twin,
        customer: &Customer,
        id: &str,
    ) -> Result<(), TwinError> {
        let flag = |is_true| if is_true { "1" } else { "0" };
        for reached in &customer.history.outreach {
            let campaign = &twin.campaigns[reached.campaign];
            let outcome = if reached.is_treated {
                reached.outcome_with
            } else {
                reached.outcome_without
            };
            let propensity = f64::from(campaign.propensity_permille) / 1000.0;
            self.effects.row(&[
                id,
                &campaign.id,
                flag(reached.is_treated),
                &format!("{propensity:.3}"),
                &format!("{:.6}", reached.probability_without),
                &format!("{:.6}", reached.probability_with),
                flag(reached.outcome_without),
                flag(reached.outcome_with),
                flag(outcome),
            ])?;
        }
        Ok(())
    }

    pub(super) fn finish(self) -> Result<Vec<FileCount>, TwinError> {
        Ok(vec![
            self.people.finish()?,
            self.duplicates.finish()?,
            self.effects.finish()?,
            self.tickets.finish()?,
            self.deal_stages.finish()?,
        ])
    }
}

/// The end of the person's last day as a customer; empty while there is none.
fn churned_at(twin: &Twin, person: &Person) -> String {
    if person.is_churned(twin) {
        let midnight = person.at(twin, person.last_day + 1, 0);
        instant(midnight, Style::Rfc3339)
    } else {
        String::new()
    }
}

/// What the person's rate promises between the first order and the end, campaigns left out.
fn expected_repeats(twin: &Twin, person: &Person) -> f64 {
    let season = twin.seasons.of(person.segment, person.culture);
    let (from, to) = (person.born_day + 1, person.end_day(twin));
    season.expected(person.orders_per_year, from, to)
}
