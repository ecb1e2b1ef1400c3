//! Whose totals an import has changed.

use std::collections::HashSet;

use rapport_domain::{ContactId, ProductId};
use rapport_store::orders::TotalsScope;

/// Contacts and products that are remembered by name; beyond that all of them are looked at.
const NAMED_MAX: usize = 100_000;

/// Contacts and products with orders that a run has added or changed.
#[derive(Debug, Default)]
pub(super) struct Touched {
    contacts: HashSet<ContactId>,
    products: HashSet<ProductId>,
    /// More than can be named, or unknown ones.
    is_all: bool,
}

impl Touched {
    /// None yet; but what an earlier run of the import touched, which was killed after some rows,
    /// is not known any more.
    pub(super) fn since(rows_done: u64) -> Self {
        Self {
            is_all: rows_done > 0,
            ..Self::default()
        }
    }

    pub(super) fn contact(&mut self, id: Option<ContactId>) {
        self.contacts.extend(id);
        self.bound();
    }

    pub(super) fn product(&mut self, id: Option<ProductId>) {
        self.products.extend(id);
        self.bound();
    }

    fn bound(&mut self) {
        if self.is_all || self.contacts.len() + self.products.len() > NAMED_MAX {
            *self = Self {
                is_all: true,
                ..Self::default()
            };
        }
    }

    pub(super) fn scope(&self) -> TotalsScope {
        if self.is_all {
            return TotalsScope::All;
        }
        TotalsScope::Of {
            contacts: self.contacts.iter().copied().collect(),
            products: self.products.iter().copied().collect(),
        }
    }
}
