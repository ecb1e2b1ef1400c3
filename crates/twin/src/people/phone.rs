//! Mobile numbers: formally valid for their country, made up, and one per person and purpose.

use rapport_domain::PhoneNumber;

use super::Culture;
use crate::chance::Chance;

/// Numbers handed out lie below this; two for each possible person.
const N_NUMBERS: u64 = 1 << 26;

/// A mobile phone number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Phone {
    culture: Culture,
    /// Digits without country code and trunk zero.
    national: String,
}

impl Phone {
    /// The number that `unique` (below 2^26) stands for in a country. Different ones differ.
    pub(crate) fn new(culture: Culture, unique: u64) -> Self {
        debug_assert!(unique < N_NUMBERS, "numbers are handed out in order");
        let national = match culture {
            Culture::Chinese => {
                let prefixes = ["135", "136", "137", "138", "139", "158", "159", "186"];
                let prefix = prefixes[(unique % 8) as usize];
                format!("{prefix}{unique:08}")
            }
            Culture::American => north_american(unique),
            Culture::British => format!("7{}{unique:08}", 1 + unique % 3),
            Culture::German => format!("17{:08}", 10_000_000 + unique),
            Culture::French => format!("7{:08}", 30_000_000 + unique),
            Culture::Spanish => format!("6{:08}", 10_000_000 + unique),
        };
        Self { culture, national }
    }

    fn country_code(&self) -> &'static str {
        match self.culture {
            Culture::Chinese => "86",
            Culture::American => "1",
            Culture::British => "44",
            Culture::German => "49",
            Culture::French => "33",
            Culture::Spanish => "34",
        }
    }

    /// The number in E.164.
    pub(crate) fn e164(&self) -> PhoneNumber {
        format!("+{}{}", self.country_code(), self.national)
            .parse()
            .expect("numbers are made in the shape of E.164")
    }

    /// The number as people type it where the country is known.
    pub(crate) fn typed(&self, chance: &mut Chance) -> String {
        match chance.below(5) {
            0 => self.e164().as_str().to_owned(),
            1 => self.international(' '),
            2 => self.international('-'),
            3 => self.at_home(' '),
            _ => self.at_home('-'),
        }
    }

    /// The number with its country code, in groups.
    pub(crate) fn international(&self, separator: char) -> String {
        format!("+{} {}", self.country_code(), self.grouped(separator))
    }

    /// The number as written within its country, with the trunk zero where there is one.
    fn at_home(&self, separator: char) -> String {
        match self.culture {
            Culture::American => {
                let n = &self.national;
                format!("({}) {}-{}", &n[..3], &n[3..6], &n[6..])
            }
            Culture::Chinese | Culture::Spanish => self.grouped(separator),
            Culture::British | Culture::German | Culture::French => {
                format!("0{}", self.grouped(separator))
            }
        }
    }

    fn grouped(&self, separator: char) -> String {
        let sizes: &[usize] = match self.culture {
            Culture::Chinese => &[3, 4, 4],
            Culture::American => &[3, 3, 4],
            Culture::British => &[4, 6],
            Culture::German => &[3, 7],
            Culture::French => &[1, 2, 2, 2, 2],
            Culture::Spanish => &[3, 3, 3],
        };
        let mut text = String::with_capacity(16);
        let mut rest = self.national.as_str();
        for &size in sizes {
            let (group, tail) = rest.split_at(size);
            if !text.is_empty() {
                text.push(separator);
            }
            text.push_str(group);
            rest = tail;
        }
        text
    }
}

/// Area code, exchange and line under the numbering plan: an exchange begins with 2 to 9 and its
/// second digit is not 1, which keeps clear of the service codes.
fn north_american(unique: u64) -> String {
    const AREAS: [&str; 10] = [
        "212", "213", "312", "415", "617", "713", "206", "303", "404", "503",
    ];
    const SECOND: [u64; 9] = [0, 2, 3, 4, 5, 6, 7, 8, 9];
    let line = unique % 10_000;
    let exchange = unique / 10_000 % 720;
    let area = AREAS[(unique / 7_200_000) as usize];
    let (first, second, third) = (
        2 + exchange / 90,
        SECOND[(exchange / 10 % 9) as usize],
        exchange % 10,
    );
    format!("{area}{first}{second}{third}{line:04}")
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::chance::Purpose;

    #[test]
    fn every_country_s_numbers_are_valid_however_typed() {
        let mut chance = Chance::new(1, Purpose::Accounts, 0);
        for culture in Culture::ALL {
            let region = culture.country_code().parse().ok();
            for _ in 0..500 {
                let phone = Phone::new(culture, chance.bits() % N_NUMBERS);
                let typed = phone.typed(&mut chance);

                let parsed = phonenumber::parse(region, &typed).expect("a number");

                assert!(phonenumber::is_valid(&parsed), "{typed}");
                let e164 = parsed.format().mode(phonenumber::Mode::E164).to_string();
                assert_eq!(e164, phone.e164().as_str(), "{typed}");
            }
        }
    }

    #[test]
    fn different_people_have_different_numbers() {
        for culture in Culture::ALL {
            let numbers: HashSet<String> = (0..N_NUMBERS)
                .step_by(4_999)
                .map(|unique| Phone::new(culture, unique).national)
                .collect();

            assert_eq!(numbers.len() as u64, N_NUMBERS.div_ceil(4_999));
        }
    }
}
