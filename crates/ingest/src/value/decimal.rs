//! Numbers and amounts as people and spreadsheets write them, exactly, without floating point.

use rapport_domain::Currency;
use serde::{Deserialize, Serialize};

use super::{currency, text};

/// What a lone comma or point within a number means where both readings are possible, as in `1.500`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecimalStyle {
    /// `1,500.25`: the point is decimal.
    #[default]
    Point,
    /// `1.500,25`: the comma is decimal.
    Comma,
}

/// A decimal number: `mantissa / 10^scale`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decimal {
    /// All digits.
    pub mantissa: i64,
    /// How many of them stand after the point.
    pub scale: u32,
}

/// A number with what stood beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amount {
    /// The number; a percentage is already divided by 100.
    pub decimal: Decimal,
    /// The currency whose sign or code stood beside the number.
    pub currency: Option<Currency>,
}

/// Digits after the point that are kept; more say nothing (`2.5499999999999998`).
const MAX_SCALE: u32 = 15;

/// The greatest amount of a row, in minor units: a hundred thousand million dollars. No line of an
/// order is worth more, and sums of a million such lines still fit into 64 bits.
const MAX_MINOR: i128 = 10_000_000_000_000;

impl Decimal {
    /// The nearest floating-point number.
    pub fn to_f64(self) -> f64 {
        self.mantissa as f64 / 10_f64.powi(self.scale.cast_signed())
    }

    /// Whole minor units of a currency, rounded half away from zero; `None` where that is
    /// more than any row is worth (10 million millions).
    pub fn to_minor(self, currency: Currency) -> Option<i64> {
        scaled(i128::from(self.mantissa), self.scale, currency.exponent())
    }

    /// The product in whole minor units, rounded once; `None` where that is more than any row is worth.
    pub fn times_minor(self, other: Self, currency: Currency) -> Option<i64> {
        let mantissa = i128::from(self.mantissa) * i128::from(other.mantissa);
        scaled(mantissa, self.scale + other.scale, currency.exponent())
    }

    /// The number with its sign turned.
    #[must_use]
    pub fn negated(self) -> Self {
        Self {
            mantissa: -self.mantissa,
            ..self
        }
    }
}

/// `mantissa / 10^scale * 10^exponent`, rounded half away from zero.
fn scaled(mantissa: i128, scale: u32, exponent: u32) -> Option<i64> {
    let value = if scale <= exponent {
        mantissa.checked_mul(10_i128.pow(exponent - scale))?
    } else {
        let divisor = 10_i128.pow(scale - exponent);
        let half = divisor / 2 * mantissa.signum();
        (mantissa + half) / divisor
    };
    if value.abs() > MAX_MINOR {
        return None;
    }
    i64::try_from(value).ok()
}

/// Whether the text is a number in either style.
pub(crate) fn is_number(value: &str) -> bool {
    parse(value, DecimalStyle::Point).is_some()
}

/// Reads a number: `-12.5`, `1,234.50`, `1.234,50`, `(12)`, `12-`, `€ 5`, `5 USD`, `12 %`, `１２`,
/// `1.2e3`, `1.5万`; `None` where it is none.
pub fn parse(value: &str, style: DecimalStyle) -> Option<Amount> {
    if let Some(decimal) = plain(value.as_bytes(), style) {
        return Some(Amount {
            decimal,
            currency: None,
        });
    }
    let cleaned = text::clean(value);
    let (negative, inner) = sign(&cleaned)?;
    let (currency, inner) = without_currency(inner);
    // The sign may also stand behind the currency's: `$-5`.
    let (negative, inner) = match inner.strip_prefix(['-', '−']) {
        Some(rest) if !negative && currency.is_some() => (true, rest.trim_start()),
        _ => (negative, inner),
    };
    let (power, inner) = power_of_ten(inner)?;
    let digits = digits(inner, style)?;
    let decimal = shifted(digits, power)?;
    let decimal = if negative { decimal.negated() } else { decimal };
    Some(Amount { decimal, currency })
}

/// The form of nearly all numbers: digits with at most one point, a minus before them.
fn plain(bytes: &[u8], style: DecimalStyle) -> Option<Decimal> {
    let (negative, digits) = match bytes {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    if digits.is_empty() || digits.len() > 18 {
        return None;
    }
    let mut mantissa: i64 = 0;
    let mut point = None;
    for (at, &byte) in digits.iter().enumerate() {
        match byte {
            b'0'..=b'9' => mantissa = mantissa * 10 + i64::from(byte - b'0'),
            b'.' if point.is_none() => point = Some(at),
            _ => return None,
        }
    }
    let scale = point.map_or(0, |at| digits.len() - at - 1);
    let is_grouping = style == DecimalStyle::Comma && scale == 3;
    if is_grouping || scale > MAX_SCALE as usize || digits.len() == usize::from(point.is_some()) {
        return None;
    }
    let mantissa = if negative { -mantissa } else { mantissa };
    let scale = scale as u32;
    Some(Decimal { mantissa, scale })
}

/// A sign, a trailing minus or an accountant's parentheses.
fn sign(text: &str) -> Option<(bool, &str)> {
    if let Some(inner) = text.strip_prefix('(') {
        return Some((true, inner.strip_suffix(')')?.trim()));
    }
    if let Some(rest) = text.strip_prefix(['-', '−']) {
        return Some((true, rest.trim_start()));
    }
    if let Some(rest) = text.strip_prefix('+') {
        return Some((false, rest));
    }
    match text.strip_suffix('-') {
        Some(rest) => Some((true, rest.trim_end())),
        None => Some((false, text)),
    }
}

/// Takes a currency's sign, name or code off either end.
fn without_currency(text: &str) -> (Option<Currency>, &str) {
    if let Some((found, rest)) = currency::strip_sign(text) {
        return (Some(found), rest.trim_start());
    }
    if let Some((code, rest)) = text.split_at_checked(3)
        && let Some(found) = currency::from_code(code)
    {
        return (Some(found), rest.trim_start());
    }
    let is_number_char = |c: char| c.is_ascii_digit() || matches!(c, '.' | '%' | '万' | '亿');
    let end = text.trim_end_matches(|c: char| !is_number_char(c)).len();
    let (number, unit) = text.split_at(end);
    match currency::from_code(unit.trim()).or_else(|| {
        let (found, rest) = currency::strip_sign(unit.trim())?;
        rest.is_empty().then_some(found)
    }) {
        Some(found) => (Some(found), number),
        None => (None, text),
    }
}

/// What the end of the text multiplies by: `%`, `万`, `亿`, an exponent.
fn power_of_ten(text: &str) -> Option<(i32, &str)> {
    for (suffix, power) in [("%", -2), ("‰", -3), ("万", 4), ("亿", 8), ("千", 3)] {
        if let Some(rest) = text.strip_suffix(suffix) {
            return Some((power, rest.trim_end()));
        }
    }
    match text.split_once(['e', 'E']) {
        Some((number, exponent)) => {
            let power: i32 = exponent.parse().ok()?;
            (power.abs() <= 18).then_some((power, number))
        }
        None => Some((0, text)),
    }
}

/// Digits with separators.
fn digits(text: &str, style: DecimalStyle) -> Option<Decimal> {
    let point = decimal_point(text, style)?;
    let (whole, fraction) = match point {
        Some(at) => (&text[..at], &text[at + 1..]),
        None => (text, ""),
    };
    if !is_grouped(whole) || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let mut mantissa: i64 = 0;
    let mut n_digits = 0;
    for digit in whole.bytes().filter(u8::is_ascii_digit) {
        mantissa = push(mantissa, digit)?;
        n_digits += 1;
    }
    let mut scale = 0;
    for digit in fraction.bytes().take(MAX_SCALE as usize) {
        let Some(longer) = push(mantissa, digit) else {
            break;
        };
        mantissa = longer;
        scale += 1;
    }
    if fraction
        .as_bytes()
        .get(scale as usize)
        .is_some_and(|&digit| digit >= b'5')
    {
        mantissa = mantissa.checked_add(1)?;
    }
    (n_digits + fraction.len() > 0).then_some(Decimal { mantissa, scale })
}

fn push(mantissa: i64, digit: u8) -> Option<i64> {
    mantissa
        .checked_mul(10)?
        .checked_add(i64::from(digit - b'0'))
}

/// Where the decimal separator stands: `Some(None)` where there is none, `None` where the
/// separators make no sense.
fn decimal_point(text: &str, style: DecimalStyle) -> Option<Option<usize>> {
    let commas = text.matches(',').count();
    let points = text.matches('.').count();
    let last_comma = text.rfind(',');
    let last_point = text.rfind('.');
    Some(match (commas, points) {
        (0, 0) => None,
        (1, 0) => lone(text, last_comma?, style == DecimalStyle::Comma),
        (0, 1) => lone(text, last_point?, style == DecimalStyle::Point),
        (_, 0) | (0, _) => None,
        // Both: the last one is the decimal one, and stands alone.
        _ if last_comma > last_point => (commas == 1).then_some(last_comma)?,
        _ => (points == 1).then_some(last_point)?,
    })
}

/// A lone separator groups only where three digits follow and the style says so; otherwise it can
/// only be decimal.
fn lone(text: &str, at: usize, style_says_decimal: bool) -> Option<usize> {
    let can_group = text.len() - at - 1 == 3 && (1..=3).contains(&at);
    (style_says_decimal || !can_group).then_some(at)
}

/// Whether the separators stand between groups of three digits (or of two, as in India).
fn is_grouped(whole: &str) -> bool {
    let is_separator = |c: char| matches!(c, ',' | '.' | '\'' | '’' | '_') || c.is_whitespace();
    let groups: Vec<&str> = whole.split(is_separator).collect();
    let are_digits = groups
        .iter()
        .all(|group| group.bytes().all(|b| b.is_ascii_digit()));
    let [first, inner @ .., last] = groups.as_slice() else {
        return are_digits;
    };
    are_digits
        && (1..=3).contains(&first.len())
        && last.len() == 3
        && inner.iter().all(|group| (2..=3).contains(&group.len()))
}

fn shifted(decimal: Decimal, power: i32) -> Option<Decimal> {
    let scale = i32::try_from(decimal.scale).ok()? - power;
    if scale >= 0 {
        let scale = scale.cast_unsigned();
        return (scale <= 18).then_some(Decimal { scale, ..decimal });
    }
    let factor = 10_i64.checked_pow(scale.unsigned_abs())?;
    let mantissa = decimal.mantissa.checked_mul(factor)?;
    Some(Decimal { mantissa, scale: 0 })
}

/// The style that a column is written in, where a value leaves no doubt: commas followed by other
/// than three digits, or standing behind points, are decimal.
pub fn detect_style<'a>(values: impl Iterator<Item = &'a str>) -> DecimalStyle {
    let mut n_comma = 0;
    let mut n_point = 0;
    for value in values {
        let read = |style| parse(value, style).map(|amount| amount.decimal.to_f64());
        let value = text::clean(value);
        let decimal = value.rfind([',', '.']).map(|at| value.as_bytes()[at]);
        let (Some(decimal), Some(as_point)) = (decimal, read(DecimalStyle::Point)) else {
            continue;
        };
        let is_certain = read(DecimalStyle::Comma) == Some(as_point) && as_point.fract() != 0.0;
        match decimal {
            b',' if is_certain => n_comma += 1,
            b'.' if is_certain => n_point += 1,
            _ => {}
        }
    }
    if n_comma > n_point {
        DecimalStyle::Comma
    } else {
        DecimalStyle::Point
    }
}

#[cfg(test)]
mod tests;
