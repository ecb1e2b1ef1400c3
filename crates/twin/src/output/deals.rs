//! Deals as the sales team keeps them: where each stands today.

use rapport_domain::Language;

use super::table::{Table, decimal};
use super::{FileCount, Sink};
use crate::calendar::{Style, instant};
use crate::error::TwinError;
use crate::history::Deal;
use crate::twin::{Customer, Twin};

const HEADER: [&str; 11] = [
    "Deal ID",
    "Deal",
    "Stage",
    "Amount",
    "Currency",
    "Expected close date",
    "Stage entered at",
    "Created at",
    "Contact email",
    "Company ID",
    "Company",
];

/// The file of deals.
pub(super) struct DealFile(Table);

impl DealFile {
    pub(super) fn create(sink: &mut dyn Sink) -> Result<Self, TwinError> {
        Table::create(sink, "deals.csv", &HEADER).map(Self)
    }

    pub(super) fn write(&mut self, twin: &Twin, customer: &Customer) -> Result<(), TwinError> {
        for deal in &customer.history.deals {
            self.write_deal(twin, customer, deal)?;
        }
        Ok(())
    }

    fn write_deal(
        &mut self,
        twin: &Twin,
        customer: &Customer,
        deal: &Deal,
    ) -> Result<(), TwinError> {
        let currency = twin.params.currency;
        let in_currency = |minor| decimal(minor, currency.exponent());
        let amount = deal.amount_minor.map_or_else(String::new, in_currency);
        let (stage, entered_at) = deal.standing();
        let close_at = instant(deal.close_at, Style::Plain);
        let (close_on, _) = close_at.split_once(' ').unwrap_or((&close_at, ""));
        let company = customer.person.company.as_ref();
        self.0.row(&[
            &deal.id,
            &deal.name,
            stage.name(Language::En),
            &amount,
            currency.code(),
            close_on,
            &instant(entered_at, Style::Plain),
            &instant(deal.created_at(), Style::Plain),
            &customer.accounts[deal.account].email,
            &company.map_or_else(String::new, |company| company.id()),
            company.map_or("", |company| &company.name),
        ])
    }

    pub(super) fn finish(self) -> Result<Vec<FileCount>, TwinError> {
        Ok(vec![self.0.finish()?])
    }
}
