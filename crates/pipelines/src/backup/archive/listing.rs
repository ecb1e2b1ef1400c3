//! What an archive holds, as its names alone tell.

use std::collections::BTreeMap;
use std::fmt;

use rapport_domain::Timestamp;
use rapport_lake::Depot;

use super::super::error::BackupError;
use super::GENERATIONS;
use super::piece::{PieceName, instant_of};

/// Instants from which and to which records can be brought back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reachable {
    /// The first.
    pub from: Timestamp,
    /// The last.
    pub to: Timestamp,
}

impl fmt::Display for Reachable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to {}", self.from, self.to)
    }
}

/// The generations of an archive, the oldest first.
#[derive(Debug, Clone, Default)]
pub(super) struct Listing {
    pub(super) generations: Vec<Generation>,
}

/// A generation, as far as it is there.
#[derive(Debug, Clone)]
pub(super) struct Generation {
    pub(super) name: String,
    /// The instant that its name tells: later than that of the one before, wherever the clock was set.
    pub(super) named_at: Timestamp,
    pub(super) pieces: BTreeMap<u64, PieceName>,
}

/// The way to a state: these pieces of a generation, in their order.
#[derive(Debug, Clone)]
pub(super) struct Route {
    pub(super) generation: String,
    pub(super) pieces: Vec<PieceName>,
    pub(super) at: Timestamp,
    /// The first state of the next generation, where the instant asked for lies between the two.
    pub(super) next: Option<Timestamp>,
}

impl Listing {
    pub(super) async fn of(depot: &Depot) -> Result<Self, BackupError> {
        let files = depot.list(GENERATIONS).await?;
        Ok(Self::parse(files.iter().map(|(path, _)| path.as_str())))
    }

    fn parse<'a>(paths: impl Iterator<Item = &'a str>) -> Self {
        let mut generations: BTreeMap<&str, Generation> = BTreeMap::new();
        for path in paths {
            let mut parts = path.split('/').skip(1);
            let (Some(generation), Some(file), None) = (parts.next(), parts.next(), parts.next())
            else {
                continue;
            };
            let (Some(named_at), Ok(piece)) = (instant_of(generation), file.parse::<PieceName>())
            else {
                continue;
            };
            let new = || Generation {
                name: generation.to_owned(),
                named_at,
                pieces: BTreeMap::new(),
            };
            let found = generations.entry(generation).or_insert_with(new);
            found.pieces.insert(piece.number, piece);
        }
        Self {
            generations: generations.into_values().collect(),
        }
    }

    /// Instants that can be reached.
    pub(super) fn reachable(&self) -> Vec<Reachable> {
        let spans = self.generations.iter().filter_map(Generation::reachable);
        spans.collect()
    }

    /// The way to the records as of an instant, or to the latest there are.
    pub(super) fn route(&self, at: Option<Timestamp>) -> Result<Route, BackupError> {
        let has_state = |generation: &Generation| generation.last_state(at).is_some();
        match (self.generations.iter().rposition(has_state), at) {
            (Some(idx), at) => {
                let generation = &self.generations[idx];
                let route = generation.route(at, &self.reachable())?;
                let is_between = at.is_some_and(|at| at > route.at)
                    && generation.last_state(None) == route.pieces.last();
                let mut later = self.generations[idx + 1..].iter();
                let next = later.find_map(|generation| generation.states().next());
                Ok(Route {
                    next: next.filter(|_| is_between).map(|state| state.at),
                    ..route
                })
            }
            (None, Some(at)) if self.generations.iter().any(Generation::has_states) => {
                let reachable = self.reachable();
                Err(BackupError::TooEarly { at, reachable })
            }
            (None, _) => Err(BackupError::NoState),
        }
    }

    /// Generations that nobody needs who keeps every instant since `instant`, and the oldest of the
    /// others.
    pub(super) fn ended_before(&self, instant: Timestamp) -> Option<(&[Generation], &Generation)> {
        let generations = self.generations.iter().enumerate();
        let mut started = generations.filter(|(_, generation)| generation.has_states());
        let (mut n_old, mut kept) = started.next()?;
        // One ends where the next one begins.
        for (idx, next) in started {
            if next.begins_at() > Some(instant) {
                break;
            }
            (n_old, kept) = (idx, next);
        }
        Some((&self.generations[..n_old], kept))
    }
}

impl Generation {
    /// Path of a piece in the archive.
    pub(super) fn path_of(&self, piece: &PieceName) -> String {
        format!("{GENERATIONS}/{}/{piece}", self.name)
    }

    /// Paths of all pieces, in their order.
    pub(super) fn paths(&self) -> Vec<String> {
        self.pieces
            .values()
            .map(|piece| self.path_of(piece))
            .collect()
    }

    fn states(&self) -> impl DoubleEndedIterator<Item = &PieceName> + Clone {
        self.pieces.values().filter(|piece| piece.is_state)
    }

    /// Whether it got as far as a state; before, nobody misses it.
    pub(super) fn has_states(&self) -> bool {
        self.states().next().is_some()
    }

    /// When its states begin and those of the one before may go; never before the instant of its name,
    /// whatever a clock that was set back made of its states.
    fn begins_at(&self) -> Option<Timestamp> {
        let first = self.states().next()?;
        Some(first.at.max(self.named_at))
    }

    /// The last state that is not after an instant.
    fn last_state(&self, at: Option<Timestamp>) -> Option<&PieceName> {
        let is_due = |piece: &&PieceName| at.is_none_or(|at| piece.at <= at);
        self.states().rev().find(is_due)
    }

    /// The first number that is missing before the last one that is there.
    pub(super) fn missing(&self) -> Option<u64> {
        let numbers = self.pieces.keys().copied();
        let mismatch = (0..)
            .zip(numbers)
            .find(|(expected, found)| expected != found);
        mismatch.map(|(expected, _)| expected)
    }

    fn reachable(&self) -> Option<Reachable> {
        let end = self.missing().unwrap_or(u64::MAX);
        let states = self.states().filter(|piece| piece.number < end);
        let instants = states.map(|piece| piece.at);
        Some(Reachable {
            from: instants.clone().min()?,
            to: instants.max()?,
        })
    }

    fn route(&self, at: Option<Timestamp>, reachable: &[Reachable]) -> Result<Route, BackupError> {
        let last = self.last_state(at).ok_or(BackupError::NoState)?;
        if let Some(number) = self.missing().filter(|number| *number < last.number) {
            return Err(BackupError::Gap {
                at: at.unwrap_or(last.at),
                missing: format!("piece {number} of the generation {}", self.name),
                reachable: reachable.to_vec(),
            });
        }
        let pieces = self.pieces.range(..=last.number);
        Ok(Route {
            generation: self.name.clone(),
            pieces: pieces.map(|(_, piece)| piece.clone()).collect(),
            at: last.at,
            next: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use rapport_testing::at;

    use super::super::piece::compact;
    use super::*;

    const MONDAY: &str = "2026-11-23T00:00:00Z";
    const TUESDAY: &str = "2026-11-24T00:00:00Z";
    const WEDNESDAY: &str = "2026-11-25T00:00:00Z";

    /// Pieces of a generation a minute after each other; those in `parts` lead to no state.
    fn generation(begun: &str, numbers: &[u64], parts: &[u64]) -> Vec<String> {
        let name = compact(at(begun));
        let piece = |number: &u64| PieceName {
            number: *number,
            at: at(begun).plus_seconds(60 * number.cast_signed()),
            is_state: !parts.contains(number),
            sha256: "0".repeat(64),
        };
        let pieces = numbers.iter().map(piece);
        pieces
            .map(|piece| format!("{GENERATIONS}/{name}/{piece}"))
            .collect()
    }

    /// A generation that goes on with a state of this instant.
    fn with_state(mut generation: Vec<String>, number: u64, instant: &str) -> Vec<String> {
        let state = PieceName {
            number,
            at: at(instant),
            is_state: true,
            sha256: "0".repeat(64),
        };
        let folder = generation[0].rsplit_once('/').unwrap().0;
        let path = format!("{folder}/{state}");
        generation.push(path);
        generation
    }

    fn listing(generations: &[Vec<String>]) -> Listing {
        Listing::parse(generations.iter().flatten().map(String::as_str))
    }

    fn numbers(listing: &Listing, instant: &str) -> Vec<u64> {
        let route = listing.route(Some(at(instant))).unwrap();
        route.pieces.iter().map(|piece| piece.number).collect()
    }

    #[test]
    fn the_way_leads_through_the_newest_generation_before_the_instant_to_the_last_state() {
        let monday = generation(MONDAY, &[0, 1, 2, 3], &[0, 2]);
        let tuesday = generation(TUESDAY, &[0, 1, 2], &[0]);
        let listing = listing(&[monday, tuesday]);

        assert_eq!(numbers(&listing, "2026-11-23T00:01:59Z"), [0, 1]);
        assert_eq!(numbers(&listing, "2026-11-23T00:02:30Z"), [0, 1]);
        assert_eq!(numbers(&listing, "2026-11-23T12:00:00Z"), [0, 1, 2, 3]);
        assert_eq!(numbers(&listing, "2026-11-24T00:01:00Z"), [0, 1]);
        assert_eq!(listing.route(None).unwrap().at, at("2026-11-24T00:02:00Z"));
    }

    #[test]
    fn an_instant_between_two_generations_is_told_and_no_other() {
        let monday = generation(MONDAY, &[0, 1, 2], &[0]);
        let begun = generation(TUESDAY, &[0], &[0]);
        let wednesday = generation(WEDNESDAY, &[0, 1], &[0]);
        let listing = listing(&[monday, begun, wednesday]);
        let next = |instant: &str| listing.route(Some(at(instant))).unwrap().next;

        assert_eq!(next("2026-11-23T00:01:30Z"), None);
        assert_eq!(next("2026-11-23T00:02:00Z"), None);
        assert_eq!(
            next("2026-11-23T00:02:01Z"),
            Some(at("2026-11-25T00:01:00Z"))
        );
        assert_eq!(
            next("2026-11-25T00:00:59Z"),
            Some(at("2026-11-25T00:01:00Z"))
        );
        assert_eq!(next("2026-11-25T00:01:00Z"), None);
        assert_eq!(next("2026-11-26T00:00:00Z"), None);
        assert_eq!(listing.route(None).unwrap().next, None);
    }

    #[test]
    fn an_instant_before_the_first_is_refused_with_what_there_is() {
        let listing = listing(&[generation(TUESDAY, &[0, 1, 2], &[0])]);

        let error = listing.route(Some(at(MONDAY))).unwrap_err().to_string();

        assert!(
            error.contains("2026-11-24T00:01:00Z to 2026-11-24T00:02:00Z"),
            "{error}"
        );
    }

    #[test]
    fn a_missing_piece_is_named_and_what_lies_before_it_can_be_reached() {
        let listing = listing(&[generation(MONDAY, &[0, 1, 2, 4], &[0])]);

        let error = listing.route(None).unwrap_err().to_string();

        assert!(error.contains("piece 3"), "{error}");
        assert!(error.contains("to 2026-11-23T00:02:00Z"), "{error}");
        assert_eq!(numbers(&listing, "2026-11-23T00:02:00Z"), [0, 1, 2]);
        let lost = self::listing(&[generation(MONDAY, &[1, 2], &[0])]);
        let error = lost.route(None).unwrap_err().to_string();
        assert!(
            error.contains("piece 0") && error.contains("no instant"),
            "{error}"
        );
    }

    #[test]
    fn a_generation_that_only_begins_is_not_used() {
        let monday = generation(MONDAY, &[0, 1], &[0]);
        let tuesday = generation(TUESDAY, &[0], &[0]);

        let begun = listing(&[monday, tuesday.clone()]);

        assert_eq!(begun.route(None).unwrap().at, at("2026-11-23T00:01:00Z"));
        let none = listing(&[tuesday]).route(None).unwrap_err();
        assert!(matches!(none, BackupError::NoState), "{none}");
    }

    #[test]
    fn a_generation_ends_where_the_next_one_begins() {
        let days = [MONDAY, TUESDAY, WEDNESDAY];
        let listing = listing(&days.map(|day| generation(day, &[0, 1], &[0])));
        let kept_since = |instant: &str| {
            let (old, kept) = listing.ended_before(at(instant)).unwrap();
            (old.len(), kept.named_at)
        };

        assert_eq!(kept_since(TUESDAY), (0, at(MONDAY)));
        assert_eq!(kept_since("2026-11-24T12:00:00Z"), (1, at(TUESDAY)));
        assert_eq!(kept_since("2027-01-01T00:00:00Z"), (2, at(WEDNESDAY)));
    }

    #[test]
    fn what_only_began_goes_with_the_generations_before_it_and_is_never_kept_alone() {
        let begun = generation(MONDAY, &[0], &[0]);
        let tuesday = generation(TUESDAY, &[0, 1], &[0]);
        let wednesday = generation(WEDNESDAY, &[0], &[0]);

        let all = listing(&[begun.clone(), tuesday, wednesday]);

        let (old, kept) = all.ended_before(at("2027-01-01T00:00:00Z")).unwrap();
        assert_eq!((old.len(), kept.named_at), (1, at(TUESDAY)));
        assert!(listing(&[begun]).ended_before(at(TUESDAY)).is_none());
    }

    #[test]
    fn a_clock_that_was_set_back_hides_no_state_and_ends_no_generation() {
        let monday = generation(MONDAY, &[0, 1], &[0]);
        let set_back = "2026-11-20T00:00:00Z";
        let monday = with_state(monday, 2, set_back);
        let tuesday = with_state(generation(TUESDAY, &[0], &[0]), 1, set_back);

        let only_monday = listing(std::slice::from_ref(&monday));
        let both = listing(&[monday, tuesday]);

        // What was written last of what is not after the instant.
        assert_eq!(numbers(&only_monday, "2026-11-21T00:00:00Z"), [0, 1, 2]);
        assert_eq!(numbers(&only_monday, "2026-11-23T12:00:00Z"), [0, 1, 2]);
        assert_eq!(both.route(None).unwrap().generation, compact(at(TUESDAY)));
        let span = only_monday.reachable()[0];
        assert_eq!(
            (span.from, span.to),
            (at(set_back), at("2026-11-23T00:01:00Z"))
        );
        let (old, _) = both.ended_before(at("2026-11-23T12:00:00Z")).unwrap();
        assert!(old.is_empty(), "{old:?}");
    }

    #[test]
    fn what_is_not_named_as_a_generation_is_none() {
        let mut files = generation(MONDAY, &[0, 1], &[0]);
        let odd: Vec<String> = files
            .iter()
            .map(|file| file.replace(&compact(at(MONDAY)), "zzz"))
            .collect();
        files.extend(odd);
        files.push(format!("{GENERATIONS}/{}/more/deep", compact(at(MONDAY))));

        let listing = listing(&[files]);

        assert_eq!(listing.generations.len(), 1);
        assert_eq!(listing.generations[0].pieces.len(), 2);
    }
}
