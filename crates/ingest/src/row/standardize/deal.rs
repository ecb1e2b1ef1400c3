//! Deals.

use super::super::DealRow;
use super::{Fault, Standardizer, employer, money, person};
use crate::Field;

/// Reads a deal.
pub(in crate::row) fn deal(
    values: &mut Standardizer,
    line: u64,
    cells: &[String],
) -> Result<DealRow, Fault> {
    let name = values
        .text(cells, Field::Name)?
        .ok_or_else(|| values.missing(Field::Name))?;
    let amount = money(values, cells, Field::Amount)?;
    if amount.is_some_and(|amount| amount.amount_minor < 0) {
        let expected = "is below zero; a deal is worth nothing or more";
        return Err(values.invalid(cells, Field::Amount, expected));
    }
    let close = values.instant(cells, Field::ExpectedCloseOn)?;
    Ok(DealRow {
        line,
        cells: Vec::new(),
        external_id: values.record_key(cells, Field::ExternalId)?,
        name,
        pipeline: values.text(cells, Field::Pipeline)?,
        stage: values.text(cells, Field::Stage)?,
        amount,
        expected_close_on: close.map(|at| at.date()),
        stage_entered_at: values.instant(cells, Field::StageEnteredAt)?,
        owner: values.text(cells, Field::Owner)?,
        created_at: values.instant(cells, Field::CreatedAt)?,
        company: employer(values, cells)?,
        person: person::customer(values, cells)?,
    })
}
