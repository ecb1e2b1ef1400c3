//! Files that do not depend on people: products, campaigns, and the parts of the truth that are
//! planted; and the companies, block by block.

use super::table::{Table, decimal};
use super::{FileCount, Sink};
use crate::calendar::{Style, instant};
use crate::catalog::{CATEGORIES, Item};
use crate::error::TwinError;
use crate::history::Campaign;
use crate::params::CAMPAIGN_WINDOW_DAYS;
use crate::people::Company;
use crate::segment::TrueSegment;
use crate::twin::Twin;

pub(super) fn write(twin: &Twin, sink: &mut dyn Sink) -> Result<Vec<FileCount>, TwinError> {
    Ok(vec![
        products(twin, sink)?,
        campaigns(twin, sink)?,
        true_products(twin, sink)?,
        true_segments(sink)?,
    ])
}

fn products(twin: &Twin, sink: &mut dyn Sink) -> Result<FileCount, TwinError> {
    let header = ["SKU", "Name", "Category", "Price", "Currency"];
    let mut table = Table::create(sink, "products.csv", &header)?;
    let currency = twin.params.currency;
    for item in &twin.catalog.items {
        table.row(&[
            &item.sku,
            item.name,
            CATEGORIES[item.category],
            &decimal(item.price_minor, currency.exponent()),
            currency.code(),
        ])?;
    }
    table.finish()
}

fn campaigns(twin: &Twin, sink: &mut dyn Sink) -> Result<FileCount, TwinError> {
    let header = [
        "Campaign ID",
        "Name",
        "Channel",
        "Status",
        "Starts at",
        "Ends at",
        "Budget",
        "Currency",
    ];
    let mut table = Table::create(sink, "campaigns.csv", &header)?;
    let currency = twin.params.currency;
    for campaign in &twin.campaigns {
        let (starts_at, ends_at) = period(twin, campaign);
        table.row(&[
            &campaign.id,
            &campaign.name,
            campaign.channel,
            "finished",
            &instant(starts_at, Style::Plain),
            &instant(ends_at, Style::Plain),
            &decimal(
                i64::from(campaign.propensity_permille) * 1000,
                currency.exponent(),
            ),
            currency.code(),
        ])?;
    }
    table.finish()
}

/// From noon before the first message to the end of the window, in UTC.
fn period(twin: &Twin, campaign: &Campaign) -> (i64, i64) {
    let starts_at = twin.span.at(campaign.window_day - 1, 10 * 3600, 0);
    let last = campaign.window_day + CAMPAIGN_WINDOW_DAYS;
    (starts_at, twin.span.at(last, 0, 0))
}

fn true_products(twin: &Twin, sink: &mut dyn Sink) -> Result<FileCount, TwinError> {
    let mut header = vec!["sku", "category", "season", "popularity"];
    header.extend(TrueSegment::ALL.map(TrueSegment::as_str));
    let mut table = Table::create(sink, "truth/products.csv", &header)?;
    for item in &twin.catalog.items {
        let mut cells = vec![
            item.sku.clone(),
            CATEGORIES[item.category].to_owned(),
            item.season.to_owned(),
            item.popularity.to_string(),
        ];
        cells.extend(TrueSegment::ALL.map(|segment| affinity(twin, item, segment)));
        let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
        table.row(&cells)?;
    }
    table.finish()
}

/// The chance of an item among all, for a middle spender of a segment without a favorite category,
/// out of season.
fn affinity(twin: &Twin, item: &Item, segment: TrueSegment) -> String {
    let weights = segment.traits().categories;
    let shelf: u32 = twin
        .catalog
        .items
        .iter()
        .filter(|other| other.category == item.category)
        .map(|other| other.popularity)
        .sum();
    let of_category = f64::from(weights[item.category]) / f64::from(weights.iter().sum::<u32>());
    format!(
        "{:.6}",
        of_category * f64::from(item.popularity) / f64::from(shelf)
    )
}

fn true_segments(sink: &mut dyn Sink) -> Result<FileCount, TwinError> {
    let header = [
        "segment",
        "name_en",
        "name_zh",
        "share",
        "orders_per_year",
        "rate_shape",
        "dropouts_per_year",
        "more_lines",
        "discount",
        "returns",
        "season_strength",
        "sleeping_dogs",
        "response_low",
        "response_high",
    ];
    let mut table = Table::create(sink, "truth/segments.csv", &header)?;
    for segment in TrueSegment::ALL {
        let traits = segment.traits();
        let share = |permille: u32| format!("{:.3}", f64::from(permille) / 1000.0);
        let (low, high) = traits.response_permille;
        table.row(&[
            segment.as_str(),
            traits.name_en,
            traits.name_zh,
            &share(traits.share_permille),
            &format!("{:.3}", traits.orders_per_year),
            &format!("{:.3}", traits.rate_shape),
            &format!("{:.3}", traits.dropouts_per_year),
            &share(traits.more_lines_permille),
            &share(traits.discount_permille),
            &share(traits.return_permille),
            &format!("{:.2}", traits.season_percent as f64 / 100.0),
            &share(traits.sleeping_dogs_permille),
            &format!("{:.3}", f64::from(low) / 1000.0),
            &format!("{:.3}", f64::from(high) / 1000.0),
        ])?;
    }
    table.finish()
}

/// What the columns of the truth mean; a file without rows. It comes last, so that whoever finds it
/// finds all files.
pub(super) fn readme(sink: &mut dyn Sink) -> Result<FileCount, TwinError> {
    let path = "truth/README.md";
    let text = include_str!("../../data/truth.md");
    sink.create(path)
        .and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.flush()
        })
        .map_err(|source| TwinError::write(path, source))?;
    Ok(FileCount { path, rows: 0 })
}

/// The companies, written as their blocks of people begin.
pub(super) struct CompanyFile(Table);

impl CompanyFile {
    pub(super) fn create(sink: &mut dyn Sink) -> Result<Self, TwinError> {
        let header = [
            "Company ID",
            "Name",
            "Domain",
            "Industry",
            "City",
            "Country",
            "Employees",
        ];
        Table::create(sink, "companies.csv", &header).map(Self)
    }

    pub(super) fn write(&mut self, company: &Company) -> Result<(), TwinError> {
        self.0.row(&[
            &company.id(),
            &company.name,
            &company.domain,
            company.industry,
            company.place.name.local,
            company.culture.country(),
            &company.n_employees.to_string(),
        ])
    }

    pub(super) fn finish(self) -> Result<Vec<FileCount>, TwinError> {
        Ok(vec![self.0.finish()?])
    }
}
