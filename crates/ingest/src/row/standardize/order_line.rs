//! Order lines.

use rapport_domain::{Currency, Money, Timestamp};

use super::super::{OrderLineRow, PersonKeys};
use super::{Fault, Standardizer, person};
use crate::Field;
use crate::value::decimal::{Amount, Decimal};
use crate::value::items;

/// The longest name of a product, in characters.
const N_NAME_CHARS: usize = 500;

/// What the first line of an order says for all of its lines. Some shops (Shopify among them) fill
/// in the order's own columns on its first line only.
#[derive(Debug)]
pub(in crate::row) struct OrderHead {
    order_id: String,
    ordered_at: Timestamp,
    currency: Option<Currency>,
    person: PersonKeys,
    country: Option<String>,
}

/// Reads a line of an order.
pub(in crate::row) fn order_line(
    values: &mut Standardizer,
    line: u64,
    cells: &[String],
) -> Result<OrderLineRow, Fault> {
    let order_id = values
        .id(cells, Field::OrderId)?
        .ok_or_else(|| values.missing(Field::OrderId))?;
    let ordered_at = values.instant(cells, Field::OrderedAt)?;
    let product_name = match values.text(cells, Field::ProductName)? {
        Some(name) => Some(name),
        None => listed(values, cells),
    };
    let sku = values
        .id(cells, Field::Sku)?
        .or_else(|| product_name.clone())
        .ok_or_else(|| values.missing(Field::Sku))?;
    let category = values.text(cells, Field::Category)?;
    let mut person = person::customer(values, cells)?;
    let mut country = values.text(cells, Field::Country)?;
    let mut currency = values.currency(cells)?;

    let head = values
        .order_head
        .take()
        .filter(|head| head.order_id == order_id);
    let ordered_at = match (ordered_at, &head) {
        (Some(at), _) => at,
        (None, Some(head)) => head.ordered_at,
        (None, None) => return Err(values.missing(Field::OrderedAt)),
    };
    if let Some(head) = &head {
        if person.is_empty() {
            person = head.person.clone();
        }
        country = country.or_else(|| head.country.clone());
        currency = currency.or(head.currency);
    }
    values.order_head = Some(head.unwrap_or_else(|| OrderHead {
        order_id: order_id.clone(),
        ordered_at,
        currency,
        person: person.clone(),
        country: country.clone(),
    }));

    let sums = sums(values, cells, &order_id, currency)?;
    Ok(OrderLineRow {
        line,
        cells: Vec::new(),
        person,
        order_id,
        ordered_at,
        sku,
        product_name,
        category,
        quantity: sums.quantity.to_f64(),
        unit_price: sums.unit_price,
        amount: sums.amount,
        is_return: sums.is_return,
        country,
    })
}

/// The name of what an order's list of products holds: of one product its own, of several the list,
/// since there is one amount for all of them.
fn listed(values: &Standardizer, cells: &[String]) -> Option<String> {
    let list = values.unchecked(cells, Field::Items)?;
    let mut items = items::parse(&list);
    let name = match items.len() {
        1 => items.remove(0).name,
        _ => list,
    };
    Some(name.chars().take(N_NAME_CHARS).collect())
}

struct Sums {
    quantity: Decimal,
    unit_price: Money,
    amount: Money,
    is_return: bool,
}

/// Quantity, price and amount, each worked out from the others where it is missing.
fn sums(
    values: &Standardizer,
    cells: &[String],
    order_id: &str,
    currency: Option<Currency>,
) -> Result<Sums, Fault> {
    let quantity = match values.quantity(cells)? {
        Some(quantity) => Some(quantity),
        None => n_listed(values, cells),
    };
    let price = values.number(cells, Field::UnitPrice)?;
    let line_amount = values.number(cells, Field::LineAmount)?;
    let beside = |amount: &Option<Amount>| amount.and_then(|amount| amount.currency);
    let currency = currency
        .or_else(|| beside(&price))
        .or_else(|| beside(&line_amount))
        .unwrap_or(values.default_currency());

    let is_cancelled = is_cancelled(order_id, values.cancelled_order_prefix.as_deref());
    // Without a quantity only the amount can tell that something was taken back.
    let is_return = is_cancelled
        || quantity
            .or(line_amount.map(|amount| amount.decimal))
            .is_some_and(|number| number.mantissa < 0);
    let one = Decimal {
        mantissa: 1,
        scale: 0,
    };
    let mut units = quantity.unwrap_or(one);
    if is_return && units.mantissa > 0 {
        units = units.negated();
    }

    let too_large = |field| values.too_large(cells, field);
    let amount_minor = match (line_amount, price) {
        (Some(amount), _) => amount
            .decimal
            .to_minor(currency)
            .ok_or_else(|| too_large(Field::LineAmount))?,
        (None, Some(price)) => units
            .times_minor(price.decimal, currency)
            .ok_or_else(|| too_large(Field::UnitPrice))?,
        (None, None) => return Err(values.missing(Field::UnitPrice)),
    };
    // What is given back is less money, whichever of its cells bears the sign.
    let amount_minor = if is_return {
        -amount_minor.abs()
    } else {
        amount_minor
    };
    let price_minor = match price {
        Some(price) => {
            let minor = price.decimal.to_minor(currency);
            minor.ok_or_else(|| too_large(Field::UnitPrice))?
        }
        None if units.mantissa == 0 => amount_minor,
        None => (amount_minor as f64 / units.to_f64()).round() as i64,
    };
    Ok(Sums {
        quantity: units,
        unit_price: Money::new(price_minor, currency),
        amount: Money::new(amount_minor, currency),
        is_return,
    })
}

/// Units of a list of products; none where there is no list.
fn n_listed(values: &Standardizer, cells: &[String]) -> Option<Decimal> {
    let items = items::parse(&values.unchecked(cells, Field::Items)?);
    let n_units: i64 = items.iter().map(|item| i64::from(item.n_units)).sum();
    (n_units > 0).then_some(Decimal {
        mantissa: n_units,
        scale: 0,
    })
}

/// Whether the order's number is the prefix followed by digits only.
fn is_cancelled(order_id: &str, prefix: Option<&str>) -> bool {
    prefix
        .filter(|prefix| !prefix.is_empty())
        .and_then(|prefix| order_id.strip_prefix(prefix))
        .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
}
