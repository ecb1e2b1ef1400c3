//! Cultures: where people live decides names, phone numbers, the clock and the seasons.

/// Where a customer lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Culture {
    /// China.
    Chinese,
    /// United States.
    American,
    /// United Kingdom.
    British,
    /// Germany.
    German,
    /// France.
    French,
    /// Spain.
    Spanish,
}

impl Culture {
    /// All cultures, in the order of the mix's weights.
    pub const ALL: [Self; 6] = [
        Self::Chinese,
        Self::American,
        Self::British,
        Self::German,
        Self::French,
        Self::Spanish,
    ];

    /// ISO 3166 code of the country.
    pub const fn country_code(self) -> &'static str {
        match self {
            Self::Chinese => "CN",
            Self::American => "US",
            Self::British => "GB",
            Self::German => "DE",
            Self::French => "FR",
            Self::Spanish => "ES",
        }
    }

    /// The language in which tickets are written: `zh` or `en`.
    pub const fn language(self) -> &'static str {
        match self {
            Self::Chinese => "zh",
            _ => "en",
        }
    }

    pub(crate) const fn country(self) -> &'static str {
        match self {
            Self::Chinese => "China",
            Self::American => "United States",
            Self::British => "United Kingdom",
            Self::German => "Germany",
            Self::French => "France",
            Self::Spanish => "Spain",
        }
    }

    pub(crate) const fn country_zh(self) -> &'static str {
        match self {
            Self::Chinese => "中国",
            Self::American => "美国",
            Self::British => "英国",
            Self::German => "德国",
            Self::French => "法国",
            Self::Spanish => "西班牙",
        }
    }

    /// The list of names; Chinese names have lists of their own.
    pub(crate) const fn names_key(self) -> &'static str {
        match self {
            Self::German => "de",
            Self::French => "fr",
            Self::Spanish => "es",
            Self::Chinese | Self::American | Self::British => "en",
        }
    }

    /// Hours that the clocks are before UTC; summer time is left out.
    pub(crate) const fn utc_offset_hours(self) -> i64 {
        match self {
            Self::Chinese => 8,
            Self::American => -6,
            Self::British => 0,
            Self::German | Self::French | Self::Spanish => 1,
        }
    }
}
