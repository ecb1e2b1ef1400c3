//! Which stored line of its order a line of a file is.
//!
//! Files have no line numbers of their own, and a file need not have all lines of an order: it may
//! be a download of mended rows or an export that cuts through the order. Position says nothing
//! then, so that a line is known by what it says:
//!
//! 1. A line that has product, quantity, unit price and amount of a stored line *is* that line; of
//!    several that are equal, the first that the import has not met yet.
//! 2. Where the lines that match nothing are at least as many as the stored lines that the import
//!    has not met, the file carries the order whole again. A line then is the mended form of the
//!    first such stored line with the same product.
//! 3. Every other line is new and gets the next free number. Nothing is ever taken away because a
//!    file does not mention it.
//!
//! A file of rejected rows, known by its own columns, has some lines of an order and never all of
//! them: rule 2 is left out for it. So the same file twice changes nothing, mended rows add exactly
//! themselves, and a corrected file changes exactly what it corrects. A product that was mended
//! itself makes another line: the file cannot tell it from a product that was bought beside it.

use std::collections::{HashMap, HashSet, VecDeque};

use rapport_domain::{OrderLine, ProductId};

/// What a line of a file is to the stored lines of its order.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Place<'a> {
    /// This stored line.
    Known(&'a OrderLine),
    /// The mended form of this stored line.
    Mended(&'a OrderLine),
    /// A line that was not here.
    New,
}

/// What a line says, apart from words.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Content {
    product_id: Option<ProductId>,
    quantity_bits: u64,
    unit_price_minor: i64,
    amount_minor: i64,
}

impl Content {
    fn of(line: &OrderLine) -> Self {
        Self {
            product_id: line.product_id,
            // A zero has one sign here.
            quantity_bits: (line.quantity + 0.0).to_bits(),
            unit_price_minor: line.unit_price_minor,
            amount_minor: line.amount_minor,
        }
    }
}

/// Numbers the lines of one order that a file has and tells what each is to the `stored` ones,
/// which are in the order of their numbers. `met` are the numbers of lines that the import has met
/// before; `is_part` says that the file has only some lines of the order.
pub(super) fn place<'a>(
    lines: &mut [OrderLine],
    stored: &'a [OrderLine],
    met: &[i64],
    is_part: bool,
) -> Vec<Place<'a>> {
    let met: HashSet<i64> = met.iter().copied().collect();
    let mut open: HashMap<Content, VecDeque<&OrderLine>> = HashMap::new();
    for line in stored.iter().filter(|line| !met.contains(&line.line_no)) {
        open.entry(Content::of(line)).or_default().push_back(line);
    }
    let mut places: Vec<Place<'a>> = lines
        .iter()
        .map(|line| {
            let equal = open.get_mut(&Content::of(line));
            equal.and_then(VecDeque::pop_front)
        })
        .map(|known| known.map_or(Place::New, Place::Known))
        .collect();
    let mut left: Vec<&OrderLine> = open.into_values().flatten().collect();
    let n_new = places.iter().filter(|place| **place == Place::New).count();
    if !is_part && n_new >= left.len() {
        left.sort_by_key(|line| line.line_no);
        mend(lines, &left, &mut places);
    }
    let mut last = stored.last().map_or(0, |line| line.line_no);
    for (line, place) in lines.iter_mut().zip(&places) {
        line.line_no = match place {
            Place::Known(stored) | Place::Mended(stored) => stored.line_no,
            Place::New => {
                last += 1;
                last
            }
        };
    }
    places
}

/// Takes each new line for the mended form of the first line that is left of its product.
fn mend<'a>(lines: &[OrderLine], left: &[&'a OrderLine], places: &mut [Place<'a>]) {
    let mut by_product: HashMap<Option<ProductId>, VecDeque<&'a OrderLine>> = HashMap::new();
    for &line in left {
        let of_product = by_product.entry(line.product_id).or_default();
        of_product.push_back(line);
    }
    for (line, place) in lines.iter().zip(places) {
        if *place == Place::New
            && let Some(of_product) = by_product.get_mut(&line.product_id)
            && let Some(stored) = of_product.pop_front()
        {
            *place = Place::Mended(stored);
        }
    }
}

#[cfg(test)]
mod tests {
    use rapport_domain::OrderId;
    use uuid::Uuid;

    use super::*;

    /// A line of product `product` at 1.00 each.
    fn line(line_no: i64, product: u128, quantity: f64) -> OrderLine {
        OrderLine {
            order_id: OrderId(Uuid::nil()),
            line_no,
            product_id: Some(ProductId(Uuid::from_u128(product))),
            description: String::new(),
            quantity,
            unit_price_minor: 100,
            amount_minor: (quantity * 100.0) as i64,
        }
    }

    /// Places lines of a file given as product and quantity; tells what each is by a letter and
    /// its number.
    fn check(
        file: &[(u128, f64)],
        stored: &[OrderLine],
        met: &[i64],
        is_part: bool,
        expected: &str,
    ) {
        let mut lines: Vec<_> = file.iter().map(|&(p, q)| line(0, p, q)).collect();
        let places = place(&mut lines, stored, met, is_part);
        let found: Vec<String> = places
            .iter()
            .zip(&lines)
            .map(|(place, line)| {
                let letter = match place {
                    Place::Known(_) => "known",
                    Place::Mended(_) => "mended",
                    Place::New => "new",
                };
                format!("{letter} {}", line.line_no)
            })
            .collect();
        assert_eq!(found.join(", "), expected);
    }

    #[test]
    fn the_same_lines_again_are_known_whatever_their_order() {
        let stored = [line(1, 7, 1.0), line(2, 8, 2.0), line(3, 7, 1.0)];
        check(
            &[(8, 2.0), (7, 1.0), (7, 1.0)],
            &stored,
            &[],
            false,
            "known 2, known 1, known 3",
        );
    }

    #[test]
    fn mended_rows_are_added_and_replace_nothing() {
        let stored = [line(1, 7, 1.0), line(2, 9, 1.0)];
        check(&[(8, 1.0)], &stored, &[], false, "new 3");
        // One line of one product: only the file's own columns tell that it is a part.
        check(&[(7, 5.0)], &stored[..1], &[], true, "new 2");
    }

    #[test]
    fn a_corrected_file_mends_exactly_the_corrected_line() {
        let stored = [line(1, 7, 1.0), line(2, 8, 1.0), line(3, 9, 1.0)];
        check(
            &[(7, 1.0), (8, 4.0), (9, 1.0)],
            &stored,
            &[],
            false,
            "known 1, mended 2, known 3",
        );
        let same_product = [line(1, 7, 1.0), line(2, 7, 3.0)];
        check(
            &[(7, 3.0), (7, 3.0)],
            &same_product,
            &[],
            false,
            "known 2, mended 1",
        );
    }

    #[test]
    fn a_file_that_cuts_through_an_order_only_adds() {
        let stored = [line(1, 7, 1.0), line(2, 8, 1.0)];
        check(&[(7, 2.0)], &stored, &[], false, "new 3");
        check(&[(5, 1.0), (6, 1.0)], &stored, &[], false, "new 3, new 4");
    }

    #[test]
    fn lines_that_the_import_has_met_are_not_met_twice() {
        let stored = [line(1, 7, 1.0)];
        check(&[(7, 1.0)], &stored, &[1], false, "new 2");
    }
}
