//! Companies: a few per block of people, so that person and company find each other by arithmetic
//! and nothing has to be remembered.

use super::{Culture, fold};
use crate::chance::{Chance, Purpose};
use crate::words::{Place, Words};

/// People whose company buyers share the same few companies.
pub(crate) const PEOPLE_PER_BLOCK: u64 = 64;

/// Companies of a block.
pub(crate) const COMPANIES_PER_BLOCK: u64 = 3;

/// A company that people buy for.
#[derive(Debug, Clone)]
pub(crate) struct Company {
    pub(crate) index: u64,
    pub(crate) name: String,
    pub(crate) domain: String,
    pub(crate) industry: &'static str,
    pub(crate) culture: Culture,
    pub(crate) place: Place,
    pub(crate) n_employees: u32,
}

impl Company {
    pub(crate) fn new(seed: u64, index: u64, cultures: &[u32], words: &Words) -> Self {
        let chance = &mut Chance::new(seed, Purpose::Company, index);
        let culture = Culture::ALL[chance.weighted(cultures)];
        let place = *words.places(culture).pick(chance);
        let parts = words.company(culture);
        let (stem, tail, form) = (
            chance.pick(&parts.stems),
            chance.pick(&parts.tails),
            chance.pick(&parts.forms),
        );
        let name = match culture {
            Culture::Chinese => format!("{}{stem}{tail}{form}", place.name.local),
            _ => format!("{stem} {tail} {} {form}", place.name.latin),
        };
        let slug = match culture {
            Culture::Chinese => fold(place.name.latin),
            _ => fold(stem),
        };
        Self {
            index,
            name,
            domain: format!("{slug}{}.example.com", index + 1),
            industry: *chance.pick::<&str>(&words.industries),
            culture,
            place,
            n_employees: 5 << chance.below(8),
        }
    }

    /// The company's number in files.
    pub(crate) fn id(&self) -> String {
        format!("CO{:07}", self.index + 1)
    }
}
