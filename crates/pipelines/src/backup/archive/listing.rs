//! What an archive holds, as its names alone tell.

use std::collections::BTreeMap;
use std::fmt;

use rapport_domain::Timestamp;
use rapport_lake::Depot;

use super::super::error::BackupError;
use super::GENERATIONS;
use super::piece::PieceName;

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
    pub(super) pieces: BTreeMap<u64, PieceName>,
}

/// The way to a state: these pieces of a generation, in their order.
#[derive(Debug, Clone)]
pub(super) struct Route {
    pub(super) generation: String,
    pub(super) pieces: Vec<PieceName>,
    pub(super) at: Timestamp,
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
            let Ok(piece) = file.parse::<PieceName>() else {
                continue;
            };
            let new = || Generation {
                name: generation.to_owned(),
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
        let mut started = self.generations.iter().rev().filter(|g| g.has_states());
        let found = match at {
            None => started.next(),
            Some(at) => started.find(|generation| generation.begins_at() <= Some(at)),
        };
        match (found, at) {
            (Some(generation), at) => generation.route(at, &self.reachable()),
            (None, Some(at)) if self.generations.iter().any(Generation::has_states) => {
                let reachable = self.reachable();
                Err(BackupError::TooEarly { at, reachable })
            }
            (None, _) => Err(BackupError::NoState),
        }
    }

    /// Generations that ended before an instant, and when the oldest of the others began.
    pub(super) fn ended_before(&self, instant: Timestamp) -> (Vec<&Generation>, Option<Timestamp>) {
        let started: Vec<&Generation> =
            self.generations.iter().filter(|g| g.has_states()).collect();
        // One ends where the next one begins.
        let n_old = started
            .iter()
            .skip(1)
            .take_while(|next| next.begins_at() <= Some(instant))
            .count();
        let oldest_kept = started.get(n_old).and_then(|kept| kept.begins_at());
        (started[..n_old].to_vec(), oldest_kept)
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

    fn states(&self) -> impl DoubleEndedIterator<Item = &PieceName> {
        self.pieces.values().filter(|piece| piece.is_state)
    }

    /// Whether it got as far as a state; before, nobody misses it.
    pub(super) fn has_states(&self) -> bool {
        self.states().next().is_some()
    }

    fn begins_at(&self) -> Option<Timestamp> {
        self.states().next().map(|piece| piece.at)
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
        let mut states = self.states().filter(|piece| piece.number < end);
        let first = states.next()?;
        Some(Reachable {
            from: first.at,
            to: states.next_back().unwrap_or(first).at,
        })
    }

    fn route(&self, at: Option<Timestamp>, reachable: &[Reachable]) -> Result<Route, BackupError> {
        let is_due = |piece: &&PieceName| at.is_none_or(|at| piece.at <= at);
        let last = self
            .states()
            .rev()
            .find(is_due)
            .ok_or(BackupError::NoState)?;
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
        let ended_before = |instant: &str| {
            let (old, kept) = listing.ended_before(at(instant));
            (old.len(), kept)
        };

        let first = Some(at("2026-11-23T00:01:00Z"));
        assert_eq!(ended_before(TUESDAY), (0, first));
        let second = Some(at("2026-11-24T00:01:00Z"));
        assert_eq!(ended_before("2026-11-24T12:00:00Z"), (1, second));
        let last = Some(at("2026-11-25T00:01:00Z"));
        assert_eq!(ended_before("2027-01-01T00:00:00Z"), (2, last));
    }
}
