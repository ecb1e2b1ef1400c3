//! The catalog: products in categories, each with a season, a price and a popularity.

use crate::chance::Chance;
use crate::people::{Person, SpendLevel};
use crate::words::{self, Weighted};

/// The categories, in the order of the segments' weights.
pub(crate) const CATEGORIES: [&str; 8] = [
    "Kitchen",
    "Home",
    "Garden",
    "Toys",
    "Stationery",
    "Tea",
    "Outdoor",
    "Office",
];

/// How many times likelier a product is in its season.
pub(crate) const SEASON_FACTOR: u32 = 3;

/// A favorite category counts this many times.
pub(crate) const FAVORITE_FACTOR: u32 = 3;

/// Something that the company sells.
#[derive(Debug)]
pub(crate) struct Item {
    pub(crate) sku: String,
    pub(crate) name: &'static str,
    pub(crate) name_zh: &'static str,
    pub(crate) category: usize,
    pub(crate) price_minor: i64,
    pub(crate) season: &'static str,
    pub(crate) popularity: u32,
}

/// All that the company sells.
#[derive(Debug)]
pub(crate) struct Catalog {
    pub(crate) items: Vec<Item>,
    /// By category, then month: positions of items, in season more often.
    shelves: Vec<Vec<Weighted<usize>>>,
}

impl Catalog {
    pub(crate) fn load() -> Self {
        let items: Vec<Item> = words::rows(include_str!("../data/products.txt"))
            .enumerate()
            .map(|(idx, cells)| item(idx, &cells))
            .collect();
        let shelf = |category: usize, month: i64| {
            Weighted::new(
                items
                    .iter()
                    .enumerate()
                    .filter(|(_, item)| item.category == category)
                    .map(|(idx, item)| (idx, item.popularity * season_factor(item.season, month))),
            )
        };
        let shelves = (0..CATEGORIES.len())
            .map(|category| (1..=12).map(|month| shelf(category, month)).collect())
            .collect();
        Self { items, shelves }
    }

    /// What this person takes off the shelves in a month. Big spenders take the dearer of two
    /// things, small ones the cheaper.
    pub(crate) fn pick(&self, chance: &mut Chance, person: &Person, month: i64) -> usize {
        let mut weights = person.segment.traits().categories;
        weights[person.favorite_category] *= FAVORITE_FACTOR;
        let month = usize::try_from(month - 1).expect("months begin with 1");
        let shelf = &self.shelves[chance.weighted(&weights)][month];
        let (one, other) = (*shelf.pick(chance), *shelf.pick(chance));
        let one_is_dearer = self.items[one].price_minor >= self.items[other].price_minor;
        match (person.spend_level, one_is_dearer) {
            (SpendLevel::Middle, _) | (SpendLevel::High, true) | (SpendLevel::Low, false) => one,
            _ => other,
        }
    }
}

fn item(idx: usize, cells: &[&'static str]) -> Item {
    let category = CATEGORIES.iter().position(|&name| name == cells[0]);
    Item {
        sku: format!("{}-{:03}", cells[0][..3].to_uppercase(), idx + 1),
        name: cells[1],
        name_zh: cells[2],
        category: category.expect("products lie in known categories"),
        price_minor: i64::from(words::number(cells[3])),
        season: cells[4],
        popularity: words::number(cells[5]),
    }
}

fn season_factor(season: &str, month: i64) -> u32 {
    let is_on = match season {
        "spring" => (3..=5).contains(&month),
        "summer" => (6..=8).contains(&month),
        "winter" | "gift" => month >= 11,
        "newyear" => month <= 2,
        _ => false,
    };
    if is_on { SEASON_FACTOR } else { 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_category_has_products_and_every_sku_is_unique() {
        let catalog = Catalog::load();
        let mut skus: Vec<_> = catalog.items.iter().map(|item| &item.sku).collect();
        skus.sort_unstable();
        skus.dedup();

        assert_eq!(skus.len(), catalog.items.len());
        for category in 0..CATEGORIES.len() {
            assert!(catalog.items.iter().any(|item| item.category == category));
        }
    }
}
