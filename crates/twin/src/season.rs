//! Seasons: how busy each day is for a segment and a culture, and arrivals that follow it.

use crate::calendar::{self, Span};
use crate::chance::Chance;
use crate::people::Culture;
use crate::segment::TrueSegment;

const DAYS_PER_YEAR: f64 = 365.25;

/// How busy the days of the period are, as running sums of integer weights.
///
/// Rates are yearly means over the whole period: a day's hazard is
/// `rate / 365.25 * weight / mean weight`.
#[derive(Debug)]
pub(crate) struct Season {
    /// Sum of the weights of all days before each day; one longer than the period.
    cumulative: Vec<u64>,
}

impl Season {
    fn new(span: Span, segment: TrueSegment, is_chinese: bool) -> Self {
        let mut total = 0;
        let mut cumulative = vec![0];
        for day in 0..i64::from(span.n_days) {
            total += weight(span.first + day, segment, is_chinese);
            cumulative.push(total);
        }
        Self { cumulative }
    }

    fn total(&self) -> u64 {
        *self.cumulative.last().expect("the table begins with zero")
    }

    fn n_days(&self) -> usize {
        self.cumulative.len() - 1
    }

    /// Expected number of events from the start of day `from` to the start of day `to`, at `rate`
    /// a year.
    pub(crate) fn expected(&self, rate: f64, from: u32, to: u32) -> f64 {
        let n = self.n_days() as u32;
        let (from, to) = (from.min(n), to.min(n));
        if to <= from {
            return 0.0;
        }
        let weights = self.cumulative[to as usize] - self.cumulative[from as usize];
        weights as f64 * self.per_weight(rate)
    }

    /// Expected number of events in one unit of weight.
    fn per_weight(&self, rate: f64) -> f64 {
        rate / DAYS_PER_YEAR * self.n_days() as f64 / self.total() as f64
    }

    /// A day in the given part of the period, busier days more likely.
    pub(crate) fn arrival(&self, chance: &mut Chance, percent: (u32, u32)) -> u32 {
        let n = self.n_days() as u64;
        let from = u64::from(percent.0) * n / 100;
        let to = (u64::from(percent.1) * n / 100).max(from + 1);
        let (low, high) = (self.cumulative[from as usize], self.cumulative[to as usize]);
        let width = u32::try_from(high - low).expect("ten years of weights fit 32 bits");
        self.day_of(low + u64::from(chance.below(width)))
    }

    /// The days of a Poisson process with `rate` events a year, from the start of day `from` to the
    /// start of day `to`, by rescaling time so that the hazard is even.
    pub(crate) fn arrivals(
        &self,
        chance: &mut Chance,
        rate: f64,
        from: u32,
        to: u32,
        mut visit: impl FnMut(&mut Chance, u32),
    ) {
        let end = self.cumulative[(to as usize).min(self.n_days())] as f64;
        let mut position = self.cumulative[(from as usize).min(self.n_days())] as f64;
        let per_weight = self.per_weight(rate);
        loop {
            position += chance.exponential() / per_weight;
            if position >= end {
                return;
            }
            visit(chance, self.day_of(position as u64));
        }
    }

    /// The day whose weights cover a position in the running sums.
    fn day_of(&self, position: u64) -> u32 {
        let after = self.cumulative.partition_point(|&sum| sum <= position);
        (after - 1).min(self.n_days() - 1) as u32
    }
}

/// The seasons of all segments, for China and for everywhere else.
#[derive(Debug)]
pub(crate) struct Seasons(Vec<[Season; 2]>);

impl Seasons {
    pub(crate) fn new(span: Span) -> Self {
        let both = |segment| [false, true].map(|chinese| Season::new(span, segment, chinese));
        Self(TrueSegment::ALL.map(both).into())
    }

    pub(crate) fn of(&self, segment: TrueSegment, culture: Culture) -> &Season {
        &self.0[segment as usize][usize::from(culture == Culture::Chinese)]
    }
}

/// A day's weight: 10,000 on an ordinary day. Never below 500, so that no day is impossible.
fn weight(day: i64, segment: TrueSegment, is_chinese: bool) -> u64 {
    let traits = segment.traits();
    let bump = if is_chinese {
        chinese_bump(day)
    } else {
        western_bump(day)
    };
    let season = 100 + bump * traits.season_percent / 100;
    let weight = traits.weekdays[calendar::weekday(day)] * season.max(5);
    weight.max(500).cast_unsigned()
}

/// Christmas, Valentine's Day and the summer, in per cent above an ordinary day.
fn western_bump(day: i64) -> i64 {
    let date = calendar::civil(day);
    match (date.month, date.day) {
        (11, 20..) | (12, ..=21) => 90,
        (12, 24..=26) => -40,
        (1, _) => -12,
        (2, 7..=14) => 30,
        (7 | 8, _) => -8,
        _ => 0,
    }
}

/// Singles' Day (11.11), the June festival (6.18), and the weeks around the New Year.
fn chinese_bump(day: i64) -> i64 {
    let date = calendar::civil(day);
    match (date.month, date.day, calendar::days_from_new_year(day)) {
        (11, 1..=10, _) => 40,
        (11, 11, _) => 350,
        (6, 18, _) => 200,
        (_, _, -20..=-3) => 60,
        (_, _, -2..=6) => -60,
        (12, 20..=24, _) => 20,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::Purpose;

    const SPAN: Span = Span {
        first: 19_725,
        n_days: 731,
    };

    #[test]
    fn arrivals_are_as_many_as_expected_and_in_range() {
        let season = Season::new(SPAN, TrueSegment::Seasonal, true);
        let mut chance = Chance::new(1, Purpose::Orders, 0);
        let mut n = 0;
        for _ in 0..2000 {
            season.arrivals(&mut chance, 4.0, 100, 500, |_, day| {
                assert!((100..500).contains(&day));
                n += 1;
            });
        }

        let expected = 2000.0 * season.expected(4.0, 100, 500);

        assert!(
            (f64::from(n) / expected - 1.0).abs() < 0.03,
            "{n} {expected}"
        );
    }

    #[test]
    fn singles_day_towers_in_china_only() {
        let singles_day = 20_038; // 2024-11-11
        let ordinary = singles_day - 63;

        let of = |day, chinese| weight(day, TrueSegment::Bargain, chinese);

        assert!(of(singles_day, true) > 5 * of(ordinary, true));
        assert_eq!(of(singles_day, false), of(ordinary, false));
    }
}
