//! The person behind the records, with all that is true and hidden.

use super::{COMPANIES_PER_BLOCK, Company, Culture, PEOPLE_PER_BLOCK, PostalAddress};
use crate::catalog::CATEGORIES;
use crate::chance::{Chance, Purpose};
use crate::segment::TrueSegment;
use crate::twin::Twin;
use crate::words::Words;

/// How dear the things are that someone buys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SpendLevel {
    Low,
    Middle,
    High,
}

impl SpendLevel {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Middle => "middle",
            Self::High => "high",
        }
    }
}

/// A true person.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) index: u64,
    pub(crate) segment: TrueSegment,
    pub(crate) culture: Culture,
    /// Given and family name in the local script.
    pub(crate) given: String,
    pub(crate) family: &'static str,
    /// The same in Latin letters; equal to the local ones outside of China.
    pub(crate) given_latin: String,
    pub(crate) family_latin: &'static str,
    pub(crate) address: PostalAddress,
    pub(crate) company: Option<Company>,
    pub(crate) title: &'static str,
    /// Day of the first order, from the start of the span.
    pub(crate) born_day: u32,
    /// The last day on which the person is a customer; may lie behind the end.
    pub(crate) last_day: u32,
    /// Repeat orders a year while a customer, averaged over the seasons.
    pub(crate) orders_per_year: f64,
    /// Rate of leaving, a year.
    pub(crate) dropouts_per_year: f64,
    pub(crate) spend_level: SpendLevel,
    pub(crate) favorite_category: usize,
    /// Per thousand. Positive: a campaign's message brings one more order with this chance.
    /// Negative: each order of the campaign's week is withheld with this chance.
    pub(crate) response_permille: i32,
}

impl Person {
    pub(crate) fn new(twin: &Twin, index: u64) -> Self {
        let params = &twin.params;
        let chance = &mut Chance::new(params.seed, Purpose::Person, index);
        let shares = TrueSegment::ALL.map(|segment| segment.traits().share_permille);
        let segment = TrueSegment::ALL[chance.weighted(&shares)];
        let traits = segment.traits();
        let cultures = params.cultures.weights();
        let own_culture = Culture::ALL[chance.weighted(&cultures)];
        let seat = u64::from(chance.below(COMPANIES_PER_BLOCK as u32));
        let company = (segment == TrueSegment::Business).then(|| {
            let company = index / PEOPLE_PER_BLOCK * COMPANIES_PER_BLOCK + seat;
            Company::new(params.seed, company, &cultures, &twin.words)
        });
        let culture = company
            .as_ref()
            .map_or(own_culture, |company| company.culture);
        let name = Name::new(chance, culture, &twin.words);
        let address = PostalAddress::new(chance, culture, &twin.words);
        let title = *chance.pick::<&str>(&twin.words.company(culture).titles);
        let season = twin.seasons.of(segment, culture);
        let born_day = season.arrival(chance, traits.arrival_percent);
        let dropouts_per_year = chance.gamma(2.0, traits.dropouts_per_year);
        let days = chance.exponential() / dropouts_per_year * 365.25;
        Self {
            index,
            segment,
            culture,
            given: name.given,
            family: name.family,
            given_latin: name.given_latin,
            family_latin: name.family_latin,
            address,
            company,
            title,
            born_day,
            // A float beyond the range becomes the largest number, which is after the end anyway.
            last_day: born_day.saturating_add(days as u32),
            orders_per_year: chance
                .gamma(traits.rate_shape, traits.orders_per_year)
                .clamp(1e-6, 150.0),
            dropouts_per_year,
            spend_level: [SpendLevel::Low, SpendLevel::Middle, SpendLevel::High]
                [chance.weighted(&traits.spend_weights)],
            favorite_category: chance.below(CATEGORIES.len() as u32) as usize,
            response_permille: response(chance, segment),
        }
    }

    /// The person's number in the truth files.
    pub(crate) fn id(&self) -> String {
        format!("P{:08}", self.index + 1)
    }

    /// Whether the person is lost before the twin's days end.
    pub(crate) fn is_churned(&self, twin: &Twin) -> bool {
        self.last_day < twin.span.n_days
    }

    /// The first day on which the person is no longer a customer, at most the end of the days.
    pub(crate) fn end_day(&self, twin: &Twin) -> u32 {
        self.last_day.saturating_add(1).min(twin.span.n_days)
    }

    /// An instant on one of the twin's days by this person's clock.
    pub(crate) fn at(&self, twin: &Twin, day: u32, second: i64) -> i64 {
        twin.span.at(day, second, self.culture.utc_offset_hours())
    }
}

/// Given and family name in Latin letters, the given name first.
pub(crate) fn full_name_latin(person: &Person) -> String {
    format!("{} {}", person.given_latin, person.family_latin)
}

struct Name {
    given: String,
    family: &'static str,
    given_latin: String,
    family_latin: &'static str,
}

impl Name {
    fn new(chance: &mut Chance, culture: Culture, words: &Words) -> Self {
        if culture == Culture::Chinese {
            return Self::chinese(chance, words);
        }
        let names = words.names(culture);
        let given = (*names.given.pick(chance)).to_owned();
        let family = names.family.pick(chance);
        Self {
            given_latin: given.clone(),
            given,
            family,
            family_latin: family,
        }
    }

    /// One character in three names of ten, two in the others.
    fn chinese(chance: &mut Chance, words: &Words) -> Self {
        let surname = words.surnames.pick(chance);
        let first = words.given.pick(chance);
        let mut given = first.local.to_owned();
        let mut latin = first.latin.to_owned();
        if !chance.permille(300) {
            let second = words.given.pick(chance);
            given.push_str(second.local);
            latin.push_str(second.latin);
        }
        latin[..1].make_ascii_uppercase();
        Self {
            given,
            family: surname.local,
            given_latin: latin,
            family_latin: surname.latin,
        }
    }
}

fn response(chance: &mut Chance, segment: TrueSegment) -> i32 {
    let traits = segment.traits();
    if chance.permille(traits.sleeping_dogs_permille) {
        -chance.between(300, 800)
    } else {
        chance.between(traits.response_permille.0, traits.response_permille.1)
    }
}
