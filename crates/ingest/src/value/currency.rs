//! Currencies by code, sign and name.

use rapport_domain::Currency;

use super::text;

/// Codes (ISO 4217) that stand for a currency wherever they appear beside a number. Any three
/// letters are a code in a column of currencies, but `12 PCS` is no amount of money.
const CODES: [&str; 36] = [
    "USD", "EUR", "GBP", "CNY", "RMB", "JPY", "HKD", "TWD", "KRW", "SGD", "AUD", "NZD", "CAD",
    "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "RON", "TRY", "RUB", "UAH", "INR", "BRL",
    "MXN", "ZAR", "AED", "SAR", "ILS", "THB", "MYR", "IDR", "PHP", "VND",
];

/// Signs and names; the longer come before those that they begin with.
const NAMES: [(&str, &str); 22] = [
    ("US$", "USD"),
    ("HK$", "HKD"),
    ("NT$", "TWD"),
    ("A$", "AUD"),
    ("C$", "CAD"),
    ("R$", "BRL"),
    ("$", "USD"),
    ("€", "EUR"),
    ("£", "GBP"),
    ("¥", "CNY"),
    ("￥", "CNY"),
    ("₩", "KRW"),
    ("₹", "INR"),
    ("₽", "RUB"),
    ("₺", "TRY"),
    ("人民币", "CNY"),
    ("美元", "USD"),
    ("欧元", "EUR"),
    ("英镑", "GBP"),
    ("日元", "JPY"),
    ("港币", "HKD"),
    ("元", "CNY"),
];

/// Reads a cell that holds a currency; `None` where it does not.
///
/// `$` is read as US dollar and `¥` as yuan: a column of codes tells better where it matters.
pub fn parse(cell: &str) -> Option<Currency> {
    let cell = text::clean(cell);
    if let Some((_, code)) = NAMES.iter().find(|(name, _)| *name == cell) {
        return code.parse().ok();
    }
    from_code(&cell).or_else(|| cell.parse().ok())
}

/// The currency of a known code, whatever its case.
pub(crate) fn from_code(code: &str) -> Option<Currency> {
    let known = CODES
        .iter()
        .find(|known| known.eq_ignore_ascii_case(code))?;
    let code = if *known == "RMB" { "CNY" } else { known };
    code.parse().ok()
}

/// The sign or name that the text begins with, with the rest of the text.
pub(crate) fn strip_sign(text: &str) -> Option<(Currency, &str)> {
    NAMES.iter().find_map(|(name, code)| {
        let rest = text.strip_prefix(name)?;
        Some((code.parse().ok()?, rest))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_signs_and_names_are_read() {
        for (cell, code) in [
            ("gbp", "GBP"),
            ("€", "EUR"),
            ("人民币", "CNY"),
            ("RMB", "CNY"),
            ("HK$", "HKD"),
            ("XOF", "XOF"),
        ] {
            assert_eq!(
                parse(cell).map(|c| c.to_string()).as_deref(),
                Some(code),
                "{cell}"
            );
        }
        assert_eq!(parse("money"), None);
    }

    #[test]
    fn every_known_spelling_names_a_currency() {
        assert!(CODES.iter().all(|code| from_code(code).is_some()));
        assert!(NAMES.iter().all(|(name, _)| strip_sign(name).is_some()));
    }
}
