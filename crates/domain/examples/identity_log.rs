//! Random operations on identities, and whether the state that was kept is what their log replays to, byte
//! for byte, and what it would be had the merges that were taken back never happened.
//!
//! `cargo run --release -p rapport-domain --example identity_log -- 100000`
#![expect(clippy::print_stdout, reason = "a command prints its figures")]

use std::collections::BTreeSet;
use std::time::Instant;

use rapport_domain::{
    Actor, ContactId, IdentityChange, IdentityGrounds, IdentityId, IdentityOperation,
    IdentityState, SystemActor, Timestamp,
};
use uuid::Uuid;

fn main() {
    let n_operations = std::env::args().nth(1);
    let n_operations = n_operations.map_or(100_000, |text| text.parse().expect("a number"));
    let mut world = World::new(n_operations / 8 + 8);

    let started = Instant::now();
    while world.log.len() < n_operations {
        world.act();
    }
    let kept = started.elapsed();
    let started = Instant::now();
    let replayed = IdentityState::replay(&world.log).expect("a log of what happened");
    let replay = started.elapsed();
    let bytes = serde_json::to_vec(&world.state).expect("a state is serializable");
    let is_equal = bytes == serde_json::to_vec(&replayed).expect("a state is serializable");
    let is_as_if_never = world.is_as_if_never_merged();

    let counts = IdentityChange::NAMES.iter().map(|name| {
        let of_kind = world.log.iter().filter(|it| it.change.name() == *name);
        format!("{} {name}", of_kind.count())
    });
    println!(
        "operations: {n_operations} ({})",
        counts.collect::<Vec<_>>().join(", ")
    );
    println!("refused: {}", world.n_refused);
    println!(
        "kept up to date in {:.3} s, replayed in {:.3} s",
        kept.as_secs_f64(),
        replay.as_secs_f64()
    );
    println!(
        "state: {} bytes; equal to its replay: {is_equal}",
        bytes.len()
    );
    println!("equal to a world without what was taken back: {is_as_if_never}");
    assert!(
        is_equal && is_as_if_never,
        "the state is not what its log says"
    );
}

/// A log in the making.
struct World {
    state: IdentityState,
    log: Vec<IdentityOperation>,
    /// Merges that may be in force.
    merges: Vec<(i64, ContactId)>,
    decisions: Vec<(i64, ContactId, ContactId)>,
    n_contacts: u64,
    n_identities: u64,
    n_refused: u64,
    dice: u64,
}

impl World {
    fn new(n_contacts: usize) -> Self {
        Self {
            state: IdentityState::default(),
            log: Vec::new(),
            merges: Vec::new(),
            decisions: Vec::new(),
            n_contacts: n_contacts as u64,
            n_identities: n_contacts as u64 * 2,
            n_refused: 0,
            dice: 7,
        }
    }

    /// Seeded numbers (`SplitMix64`: Steele, Lea & Flood, 2014).
    fn roll(&mut self, n_sides: u64) -> u64 {
        self.dice = self.dice.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.dice;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % n_sides
    }

    fn contact(&mut self) -> ContactId {
        let n = self.roll(self.n_contacts);
        ContactId(Uuid::from_u128(u128::from(n)))
    }

    fn identity(&mut self) -> IdentityId {
        let n = self.roll(self.n_identities);
        IdentityId(Uuid::from_u128((1 << 64) + u128::from(n)))
    }

    fn act(&mut self) {
        let seq = self.log.len() as i64 + 1;
        let Some(change) = self.attempt() else {
            return;
        };
        if self.state.apply(seq, &change).is_err() {
            self.n_refused += 1;
            return;
        }
        match &change {
            IdentityChange::Merge { from, .. } => self.merges.push((seq, *from)),
            IdentityChange::Confirm { first, second }
            | IdentityChange::Reject { first, second } => {
                self.decisions.push((seq, *first, *second));
            }
            _ => {}
        }
        self.log.push(IdentityOperation {
            seq,
            change,
            actor: Actor::System(SystemActor::CommandLine),
            at: Timestamp::from_millis(seq),
            grounds: IdentityGrounds::default(),
        });
    }

    fn attempt(&mut self) -> Option<IdentityChange> {
        Some(match self.roll(20) {
            0..5 => {
                let (identity, contact) = (self.identity(), self.contact());
                let contact = self.state.person(contact);
                IdentityChange::Link { identity, contact }
            }
            5..11 => {
                let (from, into) = (self.contact(), self.contact());
                // Mostly what can be merged; sometimes what is part of another one already.
                let is_aimed = self.roll(10) > 0;
                let aim = |contact| {
                    if is_aimed {
                        self.state.person(contact)
                    } else {
                        contact
                    }
                };
                let (from, into) = (aim(from), aim(into));
                IdentityChange::Merge { from, into }
            }
            11..15 => {
                let (merge, from) = self.merges_at_random()?;
                let keep_apart = self.roll(4) == 0;
                IdentityChange::Unmerge {
                    merge,
                    from,
                    keep_apart,
                }
            }
            15..17 => {
                let identity = self.identity();
                let from = self.state.person_of(identity)?;
                self.n_contacts += 1;
                let into = ContactId(Uuid::from_u128(u128::from(self.n_contacts - 1)));
                let identities = BTreeSet::from([identity]);
                IdentityChange::Split {
                    from,
                    identities,
                    into,
                }
            }
            17 => {
                let (first, second) = (self.contact(), self.contact());
                IdentityChange::Confirm { first, second }
            }
            18 => {
                let (first, second) = (self.contact(), self.contact());
                IdentityChange::Reject { first, second }
            }
            _ => {
                let n = self.decisions.len() as u64;
                let idx = self.roll(n.max(1)) as usize;
                let (decision, first, second) = *self.decisions.get(idx)?;
                self.decisions.swap_remove(idx);
                IdentityChange::Withdraw {
                    decision,
                    first,
                    second,
                }
            }
        })
    }

    fn merges_at_random(&mut self) -> Option<(i64, ContactId)> {
        let n = self.merges.len() as u64;
        let idx = self.roll(n.max(1)) as usize;
        (idx < self.merges.len()).then(|| self.merges.swap_remove(idx))
    }

    /// Whether everybody is who they would be, had the merges that were taken back never happened.
    fn is_as_if_never_merged(&self) -> bool {
        let undone = self.log.iter().filter_map(|it| match it.change {
            IdentityChange::Unmerge { merge, .. } => Some(merge),
            _ => None,
        });
        let undone: BTreeSet<i64> = undone.collect();
        let mut other = IdentityState::default();
        let mut identities = BTreeSet::new();
        for it in self.log.iter().filter(|it| !undone.contains(&it.seq)) {
            // Decisions would stand in the way of one world and not of the other: who is whom follows from
            // links, splits and merges alone. A split is the links that it makes.
            match &it.change {
                IdentityChange::Link { identity, contact } => {
                    identities.insert(*identity);
                    other.relink(it.seq, *identity, *contact);
                }
                IdentityChange::Split {
                    identities: split,
                    into,
                    ..
                } => {
                    for identity in split {
                        identities.insert(*identity);
                        other.relink(it.seq, *identity, *into);
                    }
                }
                IdentityChange::Merge { .. } if other.apply(it.seq, &it.change).is_err() => {
                    return false;
                }
                _ => {}
            }
        }
        let is_alike = |identity| self.state.person_of(identity) == other.person_of(identity);
        identities.into_iter().all(is_alike)
    }
}

/// Links that the other world takes as they come.
trait Relink {
    fn relink(&mut self, seq: i64, identity: IdentityId, contact: ContactId);
}

impl Relink for IdentityState {
    fn relink(&mut self, seq: i64, identity: IdentityId, contact: ContactId) {
        let link = IdentityChange::Link { identity, contact };
        self.apply(seq, &link)
            .expect("the home was whole then, and is here");
    }
}
