//! Hours of the day at which people act.

use crate::chance::Chance;
use crate::segment::TrueSegment;

/// First hour at which anybody acts; accounts are opened before it.
pub(crate) const FIRST_HOUR: u32 = 7;

/// From seven in the morning to midnight: a bump at noon, a peak in the evening.
const HOME: [u32; 17] = [2, 4, 5, 6, 6, 9, 8, 5, 5, 5, 6, 8, 11, 14, 15, 11, 5];

/// Office hours with a lunch break.
const OFFICE: [u32; 17] = [3, 10, 18, 20, 16, 7, 12, 18, 18, 14, 6, 2, 1, 0, 0, 0, 0];

/// A second of the local day.
pub(crate) fn second(chance: &mut Chance, segment: TrueSegment) -> i64 {
    let hours = match segment {
        TrueSegment::Business => &OFFICE,
        _ => &HOME,
    };
    let hour = FIRST_HOUR as i64 + chance.weighted(hours) as i64;
    hour * 3600 + i64::from(chance.below(3600))
}
