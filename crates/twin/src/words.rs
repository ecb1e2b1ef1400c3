//! The word lists, read once: names, places, products and phrases of our own writing.

use crate::chance::Chance;
use crate::people::Culture;

/// Items with weights, drawn in proportion.
#[derive(Debug)]
pub(crate) struct Weighted<T> {
    items: Vec<T>,
    /// Sum of the weights up to and with each item.
    cumulative: Vec<u32>,
}

impl<T> Weighted<T> {
    pub(crate) fn new(items: impl IntoIterator<Item = (T, u32)>) -> Self {
        let mut total = 0;
        let (items, cumulative) = items
            .into_iter()
            .map(|(item, weight)| {
                total += weight;
                (item, total)
            })
            .unzip();
        Self { items, cumulative }
    }

    pub(crate) fn pick(&self, chance: &mut Chance) -> &T {
        let total = *self.cumulative.last().expect("lists are not empty");
        let drawn = chance.below(total);
        &self.items[self.cumulative.partition_point(|&sum| sum <= drawn)]
    }
}

/// A Chinese word and its pinyin.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spelled {
    pub(crate) local: &'static str,
    pub(crate) latin: &'static str,
}

/// A city with what its postal codes begin with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub(crate) name: Spelled,
    pub(crate) region: &'static str,
    pub(crate) postal_prefix: &'static str,
}

/// Given and family names of one Western language.
#[derive(Debug)]
pub(crate) struct Names {
    pub(crate) given: Weighted<&'static str>,
    pub(crate) family: Weighted<&'static str>,
}

/// A message of a ticket with holes for product, order and name.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Phrase {
    pub(crate) intent: &'static str,
    pub(crate) sentiment: &'static str,
    pub(crate) is_chinese: bool,
    pub(crate) subject: &'static str,
    pub(crate) body: &'static str,
}

/// Parts of company names.
#[derive(Debug)]
pub(crate) struct CompanyWords {
    pub(crate) stems: Vec<&'static str>,
    pub(crate) tails: Vec<&'static str>,
    pub(crate) forms: Vec<&'static str>,
    pub(crate) titles: Vec<&'static str>,
}

/// All word lists.
#[derive(Debug)]
pub(crate) struct Words {
    pub(crate) surnames: Weighted<Spelled>,
    pub(crate) given: Weighted<Spelled>,
    western: Vec<(&'static str, Names)>,
    places: Vec<(&'static str, Weighted<Place>)>,
    streets: Vec<(&'static str, Vec<Spelled>)>,
    pub(crate) phrases: Vec<Phrase>,
    company_en: CompanyWords,
    company_zh: CompanyWords,
    pub(crate) industries: Vec<&'static str>,
    pub(crate) campaigns: Vec<(&'static str, &'static str)>,
}

impl Words {
    pub(crate) fn load() -> Self {
        let companies = include_str!("../data/companies.txt");
        Self {
            surnames: spelled(include_str!("../data/surnames_zh.txt")),
            given: spelled(include_str!("../data/given_zh.txt")),
            western: ["en", "de", "fr", "es"].map(|key| (key, names(key))).into(),
            places: countries()
                .map(|country| (country, places(country)))
                .collect(),
            streets: countries()
                .map(|country| (country, streets(country)))
                .collect(),
            phrases: rows(include_str!("../data/tickets.txt"))
                .map(phrase)
                .collect(),
            company_en: company_words(companies, "en"),
            company_zh: company_words(companies, "zh"),
            industries: list(companies, "industry"),
            campaigns: rows(include_str!("../data/campaigns.txt"))
                .map(|cells| (cells[0], cells[1]))
                .collect(),
        }
    }

    pub(crate) fn names(&self, culture: Culture) -> &Names {
        find(&self.western, culture.names_key())
    }

    pub(crate) fn places(&self, culture: Culture) -> &Weighted<Place> {
        find(&self.places, culture.country_code())
    }

    pub(crate) fn streets(&self, culture: Culture) -> &[Spelled] {
        find::<Vec<Spelled>>(&self.streets, culture.country_code())
    }

    pub(crate) fn company(&self, culture: Culture) -> &CompanyWords {
        match culture {
            Culture::Chinese => &self.company_zh,
            _ => &self.company_en,
        }
    }
}

/// The rows of a list, comments left out, cells parted by `|`.
pub(crate) fn rows(text: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    text.lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.split('|').collect())
}

/// A whole number in a list of our own.
pub(crate) fn number(cell: &str) -> u32 {
    cell.parse()
        .expect("the word lists hold whole numbers there")
}

fn find<'a, T>(lists: &'a [(&'static str, T)], key: &str) -> &'a T {
    let found = lists.iter().find(|(name, _)| *name == key);
    &found.expect("every culture has its lists").1
}

fn countries() -> impl Iterator<Item = &'static str> {
    Culture::ALL.into_iter().map(Culture::country_code)
}

fn spelled(text: &'static str) -> Weighted<Spelled> {
    Weighted::new(rows(text).map(|cells| {
        let word = Spelled {
            local: cells[0],
            latin: cells[1],
        };
        (word, number(cells[2]))
    }))
}

fn names(key: &str) -> Names {
    let ranked = |kind: &str| {
        let row = rows(include_str!("../data/names_western.txt"))
            .find(|cells| cells[0] == key && cells[1] == kind)
            .expect("every language has both lists");
        // Falls with the rank as the frequencies of names do, though less steeply at the top.
        let weights = (0_u32..).map(|rank| 10_000 / (rank + 8));
        Weighted::new(row.into_iter().skip(2).zip(weights))
    };
    Names {
        given: ranked("given"),
        family: ranked("family"),
    }
}

fn places(country: &str) -> Weighted<Place> {
    let rows = rows(include_str!("../data/places.txt")).filter(|cells| cells[0] == country);
    Weighted::new(rows.map(|cells| {
        let place = Place {
            name: Spelled {
                local: cells[1],
                latin: cells[2],
            },
            region: cells[3],
            postal_prefix: cells[4],
        };
        (place, number(cells[5]))
    }))
}

fn streets(country: &str) -> Vec<Spelled> {
    rows(include_str!("../data/streets.txt"))
        .filter(|cells| cells[0] == country)
        .map(|cells| Spelled {
            local: cells[1],
            latin: cells[2],
        })
        .collect()
}

fn phrase(cells: Vec<&'static str>) -> Phrase {
    Phrase {
        intent: cells[0],
        sentiment: cells[1],
        is_chinese: cells[2] == "zh",
        subject: cells[3],
        body: cells[4],
    }
}

fn list(text: &'static str, kind: &str) -> Vec<&'static str> {
    let row = rows(text).find(|cells| cells[0] == kind);
    row.expect("every kind has its list").split_off(1)
}

fn company_words(text: &'static str, language: &str) -> CompanyWords {
    let part = |kind: &str| list(text, &format!("{kind}_{language}"));
    CompanyWords {
        stems: part("stem"),
        tails: part("tail"),
        forms: part("form"),
        titles: part("title"),
    }
}
