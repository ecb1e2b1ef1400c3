//! What people do without a matcher, to be measured beside it: records with one key are one person.

use crate::records::{MISSING, Records};
use crate::{FieldKind, cluster, hash};

/// Groups by exact keys: one id, e-mail address or telephone number in common, or the whole name together
/// with date of birth, postcode or street; `(n_records,)`, numbered in the order of first standing.
///
/// The keys are compared in their standard form, so it is the cleaning that makes this baseline decent.
pub fn exact_keys(records: &Records) -> Vec<u32> {
    let of_kind = |kinds: &[FieldKind]| -> Vec<usize> {
        let fields = records.fields().enumerate();
        fields.filter(|(_, field)| kinds.contains(&field.kind)).map(|(idx, _)| idx).collect()
    };
    let names = of_kind(&[FieldKind::GivenName, FieldKind::Surname, FieldKind::Company]);
    let names = if names.is_empty() { of_kind(&[FieldKind::FullName]) } else { names };
    let alone = of_kind(&[FieldKind::Id, FieldKind::Email, FieldKind::Phone]);
    let beside = of_kind(&[FieldKind::BirthDate, FieldKind::Postcode, FieldKind::Street]);
    let mut keys: Vec<Vec<usize>> = alone.into_iter().map(|field| vec![field]).collect();
    if !names.is_empty() {
        keys.extend(beside.into_iter().map(|field| [&names[..], &[field]].concat()));
    }
    let n = records.n_records();
    let mut joining = Vec::new();
    for fields in keys {
        let mut known: Vec<(u64, u32)> = (0..n as u32)
            .filter_map(|record| key(records, record, &fields).map(|key| (key, record)))
            .collect();
        known.sort_unstable();
        joining.extend(known.windows(2).filter(|two| two[0].0 == two[1].0).map(|two| (two[0].1, two[1].1)));
    }
    let mut first_of: Vec<u32> = (0..n as u32).collect();
    for component in cluster::components(n, joining.into_iter(), &[]) {
        for &record in &component.records {
            first_of[record as usize] = component.records[0];
        }
    }
    cluster::numbered(&first_of)
}

/// A record's values of some fields as one; none where one is missing.
fn key(records: &Records, record: u32, fields: &[usize]) -> Option<u64> {
    let row = records.row(record as usize);
    fields.iter().try_fold(1, |key, &field| {
        (row[field] != MISSING).then(|| hash::pair(key, u64::from(row[field])))
    })
}
