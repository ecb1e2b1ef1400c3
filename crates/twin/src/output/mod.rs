//! The files: what other systems would export, and the truth beside it.

mod contacts;
mod deals;
mod events;
mod orders;
mod reference;
mod sink;
mod table;
mod truth;

pub use sink::{DirectorySink, Sink};

use crate::error::TwinError;
use crate::people::{COMPANIES_PER_BLOCK, PEOPLE_PER_BLOCK};
use crate::twin::Twin;
use contacts::ContactFiles;
use deals::DealFile;
use events::EventFiles;
use orders::OrderFile;
use reference::CompanyFile;
use truth::TruthFiles;

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TwinCounts {
    /// True people.
    pub people: u64,
    /// Rows of each file, headers left out.
    pub files: Vec<FileCount>,
}

impl TwinCounts {
    /// Rows of one file; zero where there is no such file.
    pub fn rows(&self, path: &str) -> u64 {
        let found = self.files.iter().find(|file| file.path == path);
        found.map_or(0, |file| file.rows)
    }
}

/// One file and its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileCount {
    /// Path within the twin's directory.
    pub path: &'static str,
    /// Rows, the header left out.
    pub rows: u64,
}

pub(crate) fn write(
    twin: &Twin,
    sink: &mut dyn Sink,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<TwinCounts, TwinError> {
    let mut files = reference::write(twin, sink)?;
    let mut companies = CompanyFile::create(sink)?;
    let mut contacts = ContactFiles::create(sink)?;
    let mut orders = OrderFile::create(sink)?;
    let mut events = EventFiles::create(sink)?;
    let mut deals = DealFile::create(sink)?;
    let mut truth = TruthFiles::create(sink)?;
    let n = twin.params.n_customers;
    for index in 0..n {
        if index.is_multiple_of(PEOPLE_PER_BLOCK) {
            progress(index, n);
            let first = index / PEOPLE_PER_BLOCK * COMPANIES_PER_BLOCK;
            for company in first..first + COMPANIES_PER_BLOCK {
                companies.write(&twin.company(company))?;
            }
        }
        let customer = twin.customer(index);
        contacts.write(&customer)?;
        orders.write(twin, &customer)?;
        events.write(twin, &customer)?;
        deals.write(twin, &customer)?;
        truth.write(twin, &customer)?;
    }
    files.extend(companies.finish()?);
    files.extend(contacts.finish()?);
    files.extend(orders.finish()?);
    files.extend(events.finish()?);
    files.extend(deals.finish()?);
    files.extend(truth.finish()?);
    files.push(reference::readme(sink)?);
    sink.finish()
        .map_err(|source| TwinError::write("the finished files", source))?;
    progress(n, n);
    Ok(TwinCounts { people: n, files })
}
