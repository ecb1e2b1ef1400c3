//! The twin: everything planned, nobody made yet.

use std::path::Path;

use crate::calendar::Span;
use crate::catalog::Catalog;
use crate::error::TwinError;
use crate::history::{Campaign, History};
use crate::output::{self, DirectorySink, Sink, TwinCounts};
use crate::params::TwinParams;
use crate::people::{Company, Person};
use crate::permutation::Permutation;
use crate::records::{Account, SalesContact};
use crate::season::Seasons;
use crate::words::Words;

/// Scrambles that make numbers of people, records, orders, tickets and deals. 24 bits hold the person;
/// what is counted per person adds its own bits.
#[derive(Debug)]
pub(crate) struct Identifiers {
    pub(crate) account: Permutation,
    pub(crate) sales: Permutation,
    pub(crate) order: Permutation,
    pub(crate) ticket: Permutation,
    pub(crate) phone: Permutation,
    pub(crate) mail: Permutation,
    pub(crate) second_mail: Permutation,
    pub(crate) deal: Permutation,
}

impl Identifiers {
    fn new(seed: u64) -> Self {
        Self {
            account: Permutation::new(seed, 0, 13),
            sales: Permutation::new(seed, 1, 13),
            order: Permutation::new(seed, 2, 19),
            ticket: Permutation::new(seed, 3, 15),
            phone: Permutation::new(seed, 4, 13),
            mail: Permutation::new(seed, 5, 12),
            second_mail: Permutation::new(seed, 6, 12),
            deal: Permutation::new(seed, 7, 13),
        }
    }
}

/// One customer, whole: the truth, the records and the history.
#[derive(Debug)]
pub(crate) struct Customer {
    pub(crate) person: Person,
    pub(crate) accounts: Vec<Account>,
    pub(crate) sales: Vec<SalesContact>,
    pub(crate) history: History,
}

/// A planned company: checked parameters, catalog, seasons and campaigns. Its size depends on the
/// length of the period, never on the number of customers.
#[derive(Debug)]
pub struct Twin {
    pub(crate) params: TwinParams,
    pub(crate) span: Span,
    pub(crate) words: Words,
    pub(crate) catalog: Catalog,
    pub(crate) seasons: Seasons,
    pub(crate) campaigns: Vec<Campaign>,
    pub(crate) identifiers: Identifiers,
}

impl Twin {
    pub(crate) fn plan(params: TwinParams, span: Span) -> Self {
        let words = Words::load();
        Self {
            span,
            catalog: Catalog::load(),
            seasons: Seasons::new(span),
            campaigns: Campaign::plan(span, params.campaign_interval_days, &words),
            identifiers: Identifiers::new(params.seed),
            words,
            params,
        }
    }

    /// The parameters as checked.
    pub fn params(&self) -> &TwinParams {
        &self.params
    }

    /// Writes all files and the truth beside them into a directory, which is made where needed.
    ///
    /// Files appear under their names only when all are complete. `progress` hears the number of
    /// people done and in all, a few times per thousand people.
    ///
    /// # Errors
    /// [`TwinError::Write`] with the file that could not be written.
    pub fn write(
        &self,
        directory: &Path,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<TwinCounts, TwinError> {
        self.write_to(&mut DirectorySink::new(directory), progress)
    }

    /// Writes the same files to any sink, one person after the other in constant memory.
    ///
    /// # Errors
    /// [`TwinError::Write`] with the file that could not be written.
    pub fn write_to(
        &self,
        sink: &mut dyn Sink,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<TwinCounts, TwinError> {
        output::write(self, sink, progress)
    }

    pub(crate) fn customer(&self, index: u64) -> Customer {
        let person = Person::new(self, index);
        let accounts = Account::all_of(self, &person);
        Customer {
            sales: SalesContact::all_of(self, &person, &accounts),
            history: History::of(self, &person, &accounts),
            accounts,
            person,
        }
    }

    pub(crate) fn company(&self, index: u64) -> Company {
        let cultures = self.params.cultures.weights();
        Company::new(self.params.seed, index, &cultures, &self.words)
    }
}
