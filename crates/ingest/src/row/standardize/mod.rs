//! One function per kind of record: from cells to its typed row, or the first fault.

mod campaign;
mod company;
mod contact;
mod deal;
mod event;
mod followers;
mod note;
mod order_line;
mod person;
mod product;
mod task;
mod ticket;

use rapport_domain::{Address, Money};

pub(super) use campaign::campaign;
pub(super) use company::company;
pub(crate) use company::domain;
pub(super) use contact::contact;
pub(super) use deal::deal;
pub(super) use event::event;
pub(super) use note::note;
pub(super) use order_line::{OrderHead, order_line};
pub(super) use product::product;
pub(super) use task::task;
pub(super) use ticket::ticket;

use super::fault::Fault;
use super::standardizer::Standardizer;
use super::{AboutKeys, CompanyKeys};
use crate::Field;
use crate::value::name;

fn address(values: &Standardizer, cells: &[String]) -> Result<Address, Fault> {
    Ok(Address {
        street: values.text(cells, Field::Street)?,
        city: values.text(cells, Field::City)?,
        region: values.text(cells, Field::Region)?,
        postal_code: values.text(cells, Field::PostalCode)?,
        country: values.text(cells, Field::Country)?,
    })
}

/// The company that a row about somebody else refers to.
fn employer(values: &Standardizer, cells: &[String]) -> Result<CompanyKeys, Fault> {
    let name = values.text(cells, Field::Company)?;
    let domain = values.text(cells, Field::CompanyDomain)?;
    Ok(CompanyKeys {
        external_id: values.record_key(cells, Field::CompanyExternalId)?,
        domain: domain.and_then(|url| company::domain(&url)),
        name: name.and_then(|name| tidy(&name)),
    })
}

/// What a task or a note is about.
fn about(values: &mut Standardizer, cells: &[String]) -> Result<AboutKeys, Fault> {
    Ok(AboutKeys {
        person: person::customer(values, cells)?,
        company: employer(values, cells)?,
        deal: values.record_key(cells, Field::DealExternalId)?,
        ticket: values.record_key(cells, Field::TicketExternalId)?,
        related: values.record_key(cells, Field::RelatedId)?,
    })
}

fn tidy(text: &str) -> Option<String> {
    Some(name::tidy(text)).filter(|name| !name.is_empty())
}

/// An amount of money: in the currency of the row, else in that beside the number, else in the
/// default one.
fn money(values: &Standardizer, cells: &[String], field: Field) -> Result<Option<Money>, Fault> {
    let Some(amount) = values.number(cells, field)? else {
        return Ok(None);
    };
    let currency = values
        .currency(cells)?
        .or(amount.currency)
        .unwrap_or(values.default_currency());
    let minor = amount
        .decimal
        .to_minor(currency)
        .ok_or_else(|| values.too_large(cells, field))?;
    Ok(Some(Money::new(minor, currency)))
}
