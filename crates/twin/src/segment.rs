//! The true segments: a handful of ways to be a customer, each with its planted numbers.

/// A way to be a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TrueSegment {
    /// Buys often, dear and broadly; some of them are put off by advertising.
    Loyal,
    /// Buys at a discount, returns much, follows campaigns.
    Bargain,
    /// Comes once for a present.
    Gift,
    /// Buys around the festivals.
    Seasonal,
    /// Buys for a company, in bulk, during office hours.
    Business,
    /// Was keen and soon gone.
    Dormant,
    /// Came at the end of the period.
    Newcomer,
}

/// What a segment plants. Shares, chances and factors count per thousand or per cent as named.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Traits {
    pub(crate) name_en: &'static str,
    pub(crate) name_zh: &'static str,
    pub(crate) share_permille: u32,
    /// Mean of the repeat orders in a year, over people and over the seasons.
    pub(crate) orders_per_year: f64,
    /// Shape of the gamma distribution of that rate among people.
    pub(crate) rate_shape: f64,
    /// Mean of the rate of leaving, in a year; gamma with shape 2 among people.
    pub(crate) dropouts_per_year: f64,
    /// The part of the period in which these people come, per cent.
    pub(crate) arrival_percent: (u32, u32),
    /// Weights of low, middle and high spend level.
    pub(crate) spend_weights: [u32; 3],
    /// Chance of one more line after each line of a basket.
    pub(crate) more_lines_permille: u32,
    /// Chance that a line is bought at a discount.
    pub(crate) discount_permille: u32,
    /// Chance that a line comes back.
    pub(crate) return_permille: u32,
    /// How strongly seasons count, per cent of the calendar's own strength.
    pub(crate) season_percent: i64,
    /// Monday to Sunday, per cent.
    pub(crate) weekdays: [i64; 7],
    /// Weights of the product categories in the order of `Catalog`.
    pub(crate) categories: [u32; 8],
    /// People per thousand whom campaigns drive away.
    pub(crate) sleeping_dogs_permille: u32,
    /// Response to campaigns of all others, per thousand.
    pub(crate) response_permille: (i32, i32),
    /// Chance that the sales team keeps a contact.
    pub(crate) sales_permille: u32,
}

const CONSUMER_DAYS: [i64; 7] = [95, 92, 94, 98, 106, 115, 100];

impl TrueSegment {
    /// All segments; truth files number them in this order.
    pub const ALL: [Self; 7] = [
        Self::Loyal,
        Self::Bargain,
        Self::Gift,
        Self::Seasonal,
        Self::Business,
        Self::Dormant,
        Self::Newcomer,
    ];

    /// The name in the truth files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Loyal => "loyal",
            Self::Bargain => "bargain",
            Self::Gift => "gift",
            Self::Seasonal => "seasonal",
            Self::Business => "business",
            Self::Dormant => "dormant",
            Self::Newcomer => "newcomer",
        }
    }

    /// Mean repeat orders a year that are planted.
    pub fn orders_per_year(self) -> f64 {
        self.traits().orders_per_year
    }

    pub(crate) fn traits(self) -> &'static Traits {
        &TRAITS[self as usize]
    }
}

// Category order: Kitchen, Home, Garden, Toys, Stationery, Tea, Outdoor, Office.
static TRAITS: [Traits; 7] = [
    Traits {
        name_en: "Loyal, high value",
        name_zh: "高价值忠诚客户",
        share_permille: 120,
        orders_per_year: 13.0,
        rate_shape: 3.0,
        dropouts_per_year: 0.08,
        arrival_percent: (0, 55),
        spend_weights: [1, 3, 6],
        more_lines_permille: 640,
        discount_permille: 60,
        return_permille: 30,
        season_percent: 80,
        weekdays: CONSUMER_DAYS,
        categories: [20, 22, 12, 6, 10, 20, 8, 2],
        sleeping_dogs_permille: 250,
        response_permille: (0, 60),
        sales_permille: 500,
    },
    Traits {
        name_en: "Bargain hunters",
        name_zh: "折扣型客户",
        share_permille: 200,
        orders_per_year: 6.0,
        rate_shape: 1.5,
        dropouts_per_year: 0.35,
        arrival_percent: (0, 80),
        spend_weights: [7, 2, 1],
        more_lines_permille: 450,
        discount_permille: 650,
        return_permille: 110,
        season_percent: 160,
        weekdays: [100, 98, 96, 96, 104, 108, 98],
        categories: [18, 16, 8, 14, 22, 6, 14, 2],
        sleeping_dogs_permille: 0,
        response_permille: (100, 350),
        sales_permille: 80,
    },
    Traits {
        name_en: "One-time gift buyers",
        name_zh: "一次性送礼客户",
        share_permille: 180,
        orders_per_year: 0.15,
        rate_shape: 1.0,
        dropouts_per_year: 0.5,
        arrival_percent: (0, 95),
        spend_weights: [2, 5, 3],
        more_lines_permille: 350,
        discount_permille: 100,
        return_permille: 40,
        season_percent: 300,
        weekdays: CONSUMER_DAYS,
        categories: [6, 22, 2, 30, 14, 24, 2, 0],
        sleeping_dogs_permille: 60,
        response_permille: (0, 40),
        sales_permille: 40,
    },
    Traits {
        name_en: "Seasonal shoppers",
        name_zh: "节日型客户",
        share_permille: 150,
        orders_per_year: 2.5,
        rate_shape: 2.0,
        dropouts_per_year: 0.2,
        arrival_percent: (0, 85),
        spend_weights: [3, 4, 3],
        more_lines_permille: 560,
        discount_permille: 220,
        return_permille: 60,
        season_percent: 400,
        weekdays: CONSUMER_DAYS,
        categories: [14, 24, 14, 18, 12, 12, 6, 0],
        sleeping_dogs_permille: 50,
        response_permille: (40, 180),
        sales_permille: 90,
    },
    Traits {
        name_en: "Company buyers",
        name_zh: "企业采购客户",
        share_permille: 100,
        orders_per_year: 9.0,
        rate_shape: 2.0,
        dropouts_per_year: 0.12,
        arrival_percent: (0, 75),
        spend_weights: [2, 5, 3],
        more_lines_permille: 680,
        discount_permille: 150,
        return_permille: 20,
        season_percent: 25,
        weekdays: [126, 130, 126, 122, 108, 20, 12],
        categories: [4, 6, 2, 0, 24, 14, 2, 48],
        sleeping_dogs_permille: 150,
        response_permille: (0, 60),
        sales_permille: 900,
    },
    Traits {
        name_en: "Dormant",
        name_zh: "沉睡客户",
        share_permille: 130,
        orders_per_year: 5.0,
        rate_shape: 1.5,
        dropouts_per_year: 2.5,
        arrival_percent: (0, 45),
        spend_weights: [4, 4, 2],
        more_lines_permille: 440,
        discount_permille: 200,
        return_permille: 130,
        season_percent: 100,
        weekdays: CONSUMER_DAYS,
        categories: [18, 18, 12, 14, 14, 8, 14, 2],
        sleeping_dogs_permille: 100,
        response_permille: (0, 50),
        sales_permille: 100,
    },
    Traits {
        name_en: "Newcomers",
        name_zh: "新客户",
        share_permille: 120,
        orders_per_year: 7.0,
        rate_shape: 2.0,
        dropouts_per_year: 0.3,
        arrival_percent: (84, 98),
        spend_weights: [3, 4, 3],
        more_lines_permille: 480,
        discount_permille: 250,
        return_permille: 50,
        season_percent: 100,
        weekdays: CONSUMER_DAYS,
        categories: [14, 16, 10, 12, 12, 14, 20, 2],
        sleeping_dogs_permille: 0,
        response_permille: (60, 250),
        sales_permille: 120,
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_add_up_to_one() {
        let total: u32 = TrueSegment::ALL
            .iter()
            .map(|segment| segment.traits().share_permille)
            .sum();

        assert_eq!(total, 1000);
    }
}
