//! Products.

use super::super::ProductRow;
use super::{Fault, Standardizer, money};
use crate::Field;

/// Reads a product.
pub(in crate::row) fn product(
    values: &mut Standardizer,
    line: u64,
    cells: &[String],
) -> Result<ProductRow, Fault> {
    let sku = values
        .id(cells, Field::Sku)?
        .ok_or_else(|| values.missing(Field::Sku))?;
    let name = values.text(cells, Field::Name)?;
    Ok(ProductRow {
        line,
        cells: Vec::new(),
        name: name.unwrap_or_else(|| sku.clone()),
        sku,
        category: values.text(cells, Field::Category)?,
        price: money(values, cells, Field::Price)?,
    })
}
