//! The order of a file's dates where its first rows leave it open.

use super::Mapping;
use super::catalog::{self, ValueKind};
use crate::raw::{RawRow, RawRows};
use crate::source::Source;
use crate::value::date::{DateOrder, OrderEvidence};
use crate::{FileFormat, IngestError, SAMPLE_ROWS};

impl Mapping {
    /// Reads on in a file until a date tells the order, where the rows of the sample all fit both: a
    /// file that is sorted by date begins with days up to twelve. Where no date of the whole file tells
    /// it, dates are read as people of the region write them.
    ///
    /// # Errors
    /// [`IngestError::ColumnsChanged`] where the file has other columns; [`IngestError::Gzip`] and
    /// [`IngestError::Read`] where the source fails.
    pub fn settle_dates<R: Source>(
        &mut self,
        source: R,
        format: &FileFormat,
        region: &str,
    ) -> Result<(), IngestError> {
        let columns = self.instants();
        if columns.is_empty() {
            return Ok(());
        }
        let mut evidence = OrderEvidence::default();
        let mut rows = RawRows::open(source, format, self)?;
        let mut n_rows = 0;
        while let Some(row) = rows.next_row()? {
            let RawRow::Cells { cells, .. } = row else {
                continue;
            };
            n_rows += 1;
            let dates = columns.iter().filter_map(|&column| cells.get(column));
            dates.for_each(|date| evidence.add(date));
            let is_sampled = n_rows >= SAMPLE_ROWS;
            if is_sampled && (evidence.is_decided() || !evidence.is_needed()) {
                break;
            }
        }
        if evidence.is_needed() {
            self.dates = evidence.order(DateOrder::of_region(region));
        }
        Ok(())
    }

    /// Positions of the columns that hold instants.
    fn instants(&self) -> Vec<usize> {
        let entries = catalog::entries(self.entity);
        let is_instant = |field| {
            let mut entries = entries.iter();
            entries.any(|entry| entry.field == field && entry.kind == ValueKind::Instant)
        };
        let columns = self.columns.iter().enumerate();
        columns
            .filter(|(_, column)| column.field.is_some_and(is_instant))
            .map(|(at, _)| at)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::{guess_mapping, preview, sniff};

    /// The order in which the dates of an American or other file are read.
    fn order(dates: impl Iterator<Item = String>, region: &str) -> DateOrder {
        let mut text = "InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice\n".to_owned();
        for (n, date) in dates.enumerate() {
            text.push_str(&format!("{n},S1,1,{date},2.50\n"));
        }
        let format = sniff(text.as_bytes(), "orders.csv").unwrap();
        let seen = preview(Cursor::new(text.clone()), &format, SAMPLE_ROWS).unwrap();
        let mut mapping = guess_mapping(&seen.headers, &seen.sample_rows);
        mapping
            .settle_dates(Cursor::new(text), &format, region)
            .unwrap();
        mapping.dates
    }

    fn first_of_december(n: usize) -> impl Iterator<Item = String> {
        (0..n).map(|_| "12/1/2010 8:26".to_owned())
    }

    #[test]
    fn a_date_far_down_the_file_tells_how_the_first_ones_are_read() {
        let sorted = first_of_december(3000).chain(["12/13/2010 9:00".to_owned()]);

        assert_eq!(order(sorted, "GB"), DateOrder::MonthFirst);
    }

    #[test]
    fn where_no_date_tells_people_of_the_region_decide() {
        assert_eq!(order(first_of_december(20), "GB"), DateOrder::DayFirst);
        assert_eq!(order(first_of_december(20), "US"), DateOrder::MonthFirst);
    }

    #[test]
    fn dates_that_tell_it_themselves_need_no_region() {
        let european = ["03/04/2026".to_owned(), "25/12/2026".to_owned()];

        assert_eq!(order(european.into_iter(), "US"), DateOrder::DayFirst);
    }
}
