//! What the mapping lets rows do to records that are here already.

use std::collections::{BTreeMap, BTreeSet};

use rapport_domain::Address;
use rapport_ingest::{Field, ImportMode, Mapping};

/// The mapping's wishes about known records.
#[derive(Debug)]
pub(super) struct Policy {
    pub(super) mode: ImportMode,
    replaced: BTreeSet<Field>,
    columns: BTreeMap<Field, String>,
}

impl Policy {
    pub(super) fn of(mapping: &Mapping) -> Self {
        let columns = mapping.columns.iter();
        let columns = columns.filter_map(|it| Some((it.field?, it.column.clone())));
        Self {
            mode: mapping.mode,
            replaced: mapping.replaced(),
            columns: columns.collect(),
        }
    }

    /// Where no mapping has a wish: what is empty is filled.
    pub(super) fn filling() -> Self {
        Self {
            mode: ImportMode::default(),
            replaced: BTreeSet::new(),
            columns: BTreeMap::new(),
        }
    }

    /// The name of the column that feeds a field.
    pub(super) fn column_of(&self, field: Field) -> Option<&String> {
        self.columns.get(&field)
    }

    /// Whether a row's value takes the place of the one that is here already.
    pub(super) fn replaces(&self, field: Field) -> bool {
        self.replaced.contains(&field)
    }

    /// Puts a row's value where there is none yet, or where it may replace the one that is there. What a
    /// row leaves out replaces nothing.
    pub(super) fn put<T: Clone>(&self, field: Field, place: &mut Option<T>, value: &Option<T>) {
        if value.is_some() && (place.is_none() || self.replaces(field)) {
            place.clone_from(value);
        }
    }

    pub(super) fn put_address(&self, address: &mut Address, from: &Address) {
        self.put(Field::Street, &mut address.street, &from.street);
        self.put(Field::City, &mut address.city, &from.city);
        self.put(Field::Region, &mut address.region, &from.region);
        self.put(
            Field::PostalCode,
            &mut address.postal_code,
            &from.postal_code,
        );
        self.put(Field::Country, &mut address.country, &from.country);
    }

    /// Adds labels, or puts them in the place of those that are there.
    pub(super) fn put_tags(&self, tags: &mut Vec<String>, from: &[String]) {
        if self.replaces(Field::Tags) && !from.is_empty() {
            tags.clear();
        }
        for tag in from {
            if !tags.contains(tag) && tags.len() < 100 {
                tags.push(tag.clone());
            }
        }
    }
}
