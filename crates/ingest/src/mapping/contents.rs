//! What the contents of a column look like, and how well that fits a field.

use rapport_domain::EmailAddress;

use super::catalog::ValueKind;
use crate::value::decimal::DecimalStyle;
use crate::value::{boolean, country, currency, date, decimal, name, phone, text};

/// Values of a column that are looked at.
const MAX_VALUES: usize = 300;

/// Shares (0 to 1) of a column's values that look like this or that.
#[derive(Debug, Default)]
pub(super) struct Contents {
    /// Values that are there.
    pub(super) n_values: usize,
    email: f64,
    phone: f64,
    date: f64,
    /// Dates and numbers that may be dates.
    instant: f64,
    number: f64,
    whole: f64,
    fraction: f64,
    boolean: f64,
    currency: f64,
    country: f64,
    person: f64,
    url: f64,
    json: f64,
    token: f64,
    /// Values of several words.
    prose: f64,
    /// Values that equal the one before.
    repeated: f64,
}

impl Contents {
    /// Looks at one column of the sample.
    pub(super) fn of<'a>(values: impl Iterator<Item = &'a str>) -> Self {
        let mut contents = Self::default();
        let mut before = String::new();
        for value in values {
            let value = text::clean(value);
            if text::is_nothing(&value) {
                continue;
            }
            contents.count(&value);
            contents.repeated += f64::from(u8::from(*value == before));
            before.clear();
            before.push_str(&value);
            if contents.n_values == MAX_VALUES {
                break;
            }
        }
        contents.divide();
        contents
    }

    fn count(&mut self, value: &str) {
        let add = |share: &mut f64, is_so: bool| *share += f64::from(u8::from(is_so));
        self.n_values += 1;
        let number = decimal::parse(value, DecimalStyle::Point);
        let is_date = date::is_date(value);
        let n_words = value.split_whitespace().count();
        add(
            &mut self.email,
            value.contains('@') && value.parse::<EmailAddress>().is_ok(),
        );
        add(&mut self.phone, phone::is_plausible(value));
        add(&mut self.date, is_date);
        add(
            &mut self.instant,
            is_date || date::parse(value, date::DateStyle::default()).is_some(),
        );
        add(&mut self.number, number.is_some());
        add(
            &mut self.whole,
            number.is_some_and(|n| n.decimal.scale == 0 && n.currency.is_none()),
        );
        add(
            &mut self.fraction,
            number.is_some_and(|n| n.decimal.scale > 0 || n.currency.is_some()),
        );
        add(&mut self.boolean, boolean::parse(value).is_some());
        add(
            &mut self.currency,
            value.chars().count() <= 4 && currency::parse(value).is_some(),
        );
        add(&mut self.country, country::code(value).is_some());
        add(&mut self.person, name::is_plausible(value));
        add(&mut self.url, is_url(value));
        add(
            &mut self.json,
            value.starts_with('{') && value.ends_with('}'),
        );
        add(&mut self.token, n_words == 1 && value.len() <= 64);
        add(
            &mut self.prose,
            n_words > 1 || value.chars().filter(|&c| text::is_hanzi(c)).count() > 4,
        );
    }

    fn divide(&mut self) {
        let n = self.n_values.max(1) as f64;
        for share in [
            &mut self.email,
            &mut self.phone,
            &mut self.date,
            &mut self.instant,
            &mut self.number,
            &mut self.whole,
            &mut self.fraction,
            &mut self.boolean,
            &mut self.currency,
            &mut self.country,
            &mut self.person,
            &mut self.url,
            &mut self.json,
            &mut self.token,
            &mut self.prose,
            &mut self.repeated,
        ] {
            *share /= n;
        }
    }

    /// How well the contents go with a field that the name already speaks for, from 0 (they
    /// contradict it) to 1; one half where the column is empty.
    pub(super) fn agreement(&self, kind: ValueKind) -> f64 {
        if self.n_values == 0 {
            return 0.5;
        }
        match kind {
            ValueKind::Email => self.email,
            ValueKind::Phone => self.phone.max(0.9 * self.whole),
            ValueKind::Instant => self.instant,
            ValueKind::Count | ValueKind::Money => self.number,
            ValueKind::Currency => self.currency,
            ValueKind::Boolean => self.boolean,
            ValueKind::Json => self.json,
            ValueKind::Url => self.url,
            ValueKind::Id | ValueKind::CustomerId | ValueKind::Sku => {
                self.token.min(1.0 - self.date).min(1.0 - self.email)
            }
            ValueKind::PersonName => {
                1.0 - self.email.max(self.number).max(self.date).max(self.phone)
            }
            ValueKind::Country | ValueKind::ShortText | ValueKind::LongText => {
                1.0 - self.email.max(self.date)
            }
        }
    }

    /// How far the contents alone speak for a field, with a name that says nothing.
    ///
    /// Only e-mail addresses, phone numbers and dates speak for themselves. In a table without
    /// header (`is_nameless`) weaker signs are taken too, because they are all that there is.
    pub(super) fn evidence(&self, kind: ValueKind, is_nameless: bool) -> f64 {
        if self.n_values == 0 {
            return 0.0;
        }
        let when = |is_so: bool, score: f64| if is_so { score } else { 0.0 };
        let strong = match kind {
            ValueKind::Email => when(self.email >= 0.8, 0.6),
            ValueKind::Phone => when(self.phone >= 0.8, 0.5),
            ValueKind::Instant => when(self.date >= 0.9, 0.4),
            _ => 0.0,
        };
        if !is_nameless || strong > 0.0 {
            return strong;
        }
        let is_code =
            self.token >= 0.9 && self.date < 0.5 && self.fraction < 0.1 && self.email < 0.5;
        let is_shared = is_code && self.repeated >= 0.2;
        match kind {
            ValueKind::Country => when(self.country >= 0.8, 0.45),
            ValueKind::PersonName => when(self.person >= 0.8 && self.repeated < 0.9, 0.42),
            ValueKind::Id => when(is_shared, 0.40 - 0.05 * self.repeated),
            ValueKind::CustomerId => when(is_shared, 0.36 + 0.05 * self.repeated),
            ValueKind::Sku => when(is_code && self.repeated < 0.2 && self.country < 0.5, 0.33),
            ValueKind::Count => when(self.whole >= 0.95 && self.repeated < 0.8, 0.35),
            ValueKind::Money => when(self.number >= 0.95 && self.fraction >= 0.2, 0.4),
            ValueKind::LongText => when(
                self.prose >= 0.6 && self.person < 0.6 && self.country < 0.5,
                0.35,
            ),
            ValueKind::Currency => when(self.currency >= 0.9, 0.4),
            ValueKind::Json => when(self.json >= 0.9, 0.4),
            ValueKind::Url => when(self.url >= 0.8, 0.4),
            _ => 0.0,
        }
    }
}

fn is_url(value: &str) -> bool {
    let is_address = value.starts_with("http://") || value.starts_with("https://");
    let is_domain =
        value.contains('.') && !value.contains(['@', ' ']) && value.parse::<f64>().is_err();
    is_address || is_domain || value.starts_with('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[&str]) -> Contents {
        Contents::of(values.iter().copied())
    }

    #[test]
    fn contents_speak_for_themselves() {
        assert!(
            of(&["ada@example.com", "bob@example.com"]).evidence(ValueKind::Email, false) > 0.5
        );
        assert!(of(&["+442079460958"]).evidence(ValueKind::Phone, false) > 0.4);
        assert!(of(&["2026-01-02"]).evidence(ValueKind::Instant, false) > 0.3);
        assert_eq!(of(&["1", "2"]).evidence(ValueKind::Count, false), 0.0);
        assert!(of(&["1", "2"]).evidence(ValueKind::Count, true) > 0.3);
    }

    #[test]
    fn contents_can_contradict_a_name() {
        assert_eq!(of(&["yes", "no"]).agreement(ValueKind::Email), 0.0);
        assert_eq!(of(&["", "NULL"]).agreement(ValueKind::Email), 0.5);
        assert_eq!(of(&["46024"]).agreement(ValueKind::Instant), 1.0);
    }
}
