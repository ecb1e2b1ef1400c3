//! Telephone numbers: E.164 where the country is known, else the national digits.
//!
//! The importer reads numbers with the numbering plans of all countries; what arrives here is mostly in
//! E.164 already. This reading needs no plans, so that it stays below them.

/// Digits with `+` where the country code is known, without the zero that is dialed within a country.
pub(super) fn standardize(value: &str, calling_code: Option<u16>) -> Option<String> {
    let value = without_extension(value);
    let has_plus = value.trim_start().starts_with(['+', '＋']);
    let digits: String = value
        .chars()
        .filter_map(|c| c.to_digit(10).or_else(|| full_width_digit(c)))
        .filter_map(|digit| char::from_digit(digit, 10))
        .collect();
    if !(5..=17).contains(&digits.len()) {
        return None;
    }
    let international = if has_plus {
        Some(digits.as_str())
    } else {
        digits.strip_prefix("00").filter(|rest| rest.len() >= 8)
    };
    if let Some(number) = international {
        // +44 (0)20 has a zero that is not dialed from abroad.
        let number = match number.split_at_checked(2) {
            Some(("44" | "49" | "33" | "61" | "31" | "41" | "43" | "46", rest)) => {
                format!("{}{}", &number[..2], rest.trim_start_matches('0'))
            }
            _ => number.to_owned(),
        };
        return Some(format!("+{number}"));
    }
    let national = digits.trim_start_matches('0');
    match calling_code {
        Some(code) => Some(format!("+{code}{national}")),
        None => Some(national.to_owned()),
    }
}

const fn full_width_digit(c: char) -> Option<u32> {
    match c {
        '０'..='９' => Some(c as u32 - '０' as u32),
        _ => None,
    }
}

fn without_extension(value: &str) -> &str {
    let end = value.find(['x', 'X', '#', ';']);
    let end = end.or_else(|| value.find("ext"));
    end.map_or(value, |end| &value[..end])
}
