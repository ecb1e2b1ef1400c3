//! What the log replays to.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{IdentityChange, IdentityOperation, IdentityRefusal};
use crate::{ContactId, IdentityId};

/// A merge in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentityMerge {
    /// The contact that stayed.
    pub into: ContactId,
    /// The operation that merged.
    pub operation: i64,
}

/// What was decided of two contacts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentityDecision {
    /// Whether they are the same person; else they never are.
    pub is_same: bool,
    /// The operation that decided.
    pub operation: i64,
}

/// Who is whom. Two states are equal where their serialized forms are.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct IdentityState {
    /// Homes of identities.
    homes: BTreeMap<IdentityId, ContactId>,
    /// Merges in force, by the contact that went.
    merges: BTreeMap<ContactId, IdentityMerge>,
    /// The contacts that were merged into each.
    parts: BTreeMap<ContactId, BTreeSet<ContactId>>,
    /// Decisions, each noted with both of its contacts.
    decisions: BTreeMap<ContactId, BTreeMap<ContactId, IdentityDecision>>,
}

impl IdentityState {
    /// The state that operations lead to, in their order.
    ///
    /// # Errors
    /// [`IdentityRefusal`] of the first operation that could not have happened.
    pub fn replay<'o>(
        operations: impl IntoIterator<Item = &'o IdentityOperation>,
    ) -> Result<Self, IdentityRefusal> {
        let mut state = Self::default();
        for operation in operations {
            state.apply(operation.seq, &operation.change)?;
        }
        Ok(state)
    }

    /// Takes an operation in.
    ///
    /// # Errors
    /// [`IdentityRefusal`] where it cannot happen; the state is as it was then.
    pub fn apply(&mut self, seq: i64, change: &IdentityChange) -> Result<(), IdentityRefusal> {
        self.check(change)?;
        match change {
            IdentityChange::Link { identity, contact } => {
                self.homes.insert(*identity, *contact);
            }
            IdentityChange::Merge { from, into } => self.join(seq, *from, *into),
            IdentityChange::Unmerge {
                from, keep_apart, ..
            } => {
                let into = self.part(*from);
                if let Some(into) = into.filter(|_| *keep_apart) {
                    self.decide(seq, *from, into, false);
                }
            }
            IdentityChange::Split {
                from,
                identities,
                into,
            } => {
                for identity in identities {
                    self.homes.insert(*identity, *into);
                }
                self.decide(seq, *from, *into, false);
            }
            IdentityChange::Confirm { first, second } => self.decide(seq, *first, *second, true),
            IdentityChange::Reject { first, second } => self.decide(seq, *first, *second, false),
            IdentityChange::Withdraw { first, second, .. } => self.forget(*first, *second),
        }
        Ok(())
    }

    /// Whether an operation can happen now.
    ///
    /// # Errors
    /// [`IdentityRefusal`] where it cannot.
    pub fn check(&self, change: &IdentityChange) -> Result<(), IdentityRefusal> {
        match change {
            IdentityChange::Link { contact, .. } => self.check_whole(*contact),
            IdentityChange::Merge { from, into } => self.check_merge(*from, *into),
            IdentityChange::Unmerge { merge, from, .. } => {
                let in_force = self.merges.get(from);
                let in_force = in_force.is_some_and(|known| known.operation == *merge);
                refuse_unless(in_force, IdentityRefusal::NotInForce { merge: *merge })
            }
            IdentityChange::Split {
                from,
                identities,
                into,
            } => self.check_split(*from, identities, *into),
            IdentityChange::Confirm { first, second } => check_two(*first, *second),
            IdentityChange::Reject { first, second } => self.check_reject(*first, *second),
            IdentityChange::Withdraw {
                decision,
                first,
                second,
            } => {
                let known = self.decision(*first, *second);
                let in_force = known.is_some_and(|known| known.operation == *decision);
                let decision = *decision;
                refuse_unless(in_force, IdentityRefusal::NotDecided { decision })
            }
        }
    }

    /// The person whom a contact stands for: itself, or whose part it is.
    pub fn person(&self, contact: ContactId) -> ContactId {
        let mut person = contact;
        while let Some(merge) = self.merges.get(&person) {
            person = merge.into;
        }
        person
    }

    /// The contact that an identity belongs to; none where it was never linked.
    pub fn person_of(&self, identity: IdentityId) -> Option<ContactId> {
        self.homes.get(&identity).map(|home| self.person(*home))
    }

    /// The merge that made a contact part of another one.
    pub fn merge(&self, contact: ContactId) -> Option<IdentityMerge> {
        self.merges.get(&contact).copied()
    }

    /// A contact and all that is part of it, in no particular order.
    pub fn members(&self, contact: ContactId) -> Vec<ContactId> {
        let mut members = vec![contact];
        let mut next = 0;
        while let Some(member) = members.get(next) {
            members.extend(self.parts.get(member).into_iter().flatten());
            next += 1;
        }
        members
    }

    /// What was decided of two contacts.
    pub fn decision(&self, first: ContactId, second: ContactId) -> Option<IdentityDecision> {
        self.decisions.get(&first)?.get(&second).copied()
    }

    fn check_merge(&self, from: ContactId, into: ContactId) -> Result<(), IdentityRefusal> {
        check_two(from, into)?;
        if self.person(into) == from {
            return Err(IdentityRefusal::Cycle { from, into });
        }
        self.check_whole(from)?;
        self.check_whole(into)?;
        self.check_apart(from, into)
    }

    /// Refuses to make two persons one of whom somebody has said that they, or parts of them, are not.
    fn check_apart(&self, from: ContactId, into: ContactId) -> Result<(), IdentityRefusal> {
        for first in self.members(from) {
            let decisions = self.decisions.get(&first).into_iter().flatten();
            for (second, decision) in decisions {
                if !decision.is_same && self.person(*second) == into {
                    return Err(IdentityRefusal::KeptApart {
                        first,
                        second: *second,
                        decision: decision.operation,
                    });
                }
            }
        }
        Ok(())
    }

    fn check_split(
        &self,
        from: ContactId,
        identities: &BTreeSet<IdentityId>,
        into: ContactId,
    ) -> Result<(), IdentityRefusal> {
        check_two(from, into)?;
        refuse_unless(!identities.is_empty(), IdentityRefusal::NothingToSplit)?;
        self.check_whole(from)?;
        let is_known = self.merges.contains_key(&into) || self.parts.contains_key(&into);
        refuse_unless(!is_known, IdentityRefusal::NotNew { contact: into })?;
        for identity in identities {
            let is_of = self.person_of(*identity) == Some(from);
            let (identity, contact) = (*identity, from);
            refuse_unless(is_of, IdentityRefusal::NotOf { identity, contact })?;
        }
        Ok(())
    }

    fn check_reject(&self, first: ContactId, second: ContactId) -> Result<(), IdentityRefusal> {
        check_two(first, second)?;
        let person = self.person(first);
        let refusal = IdentityRefusal::Together {
            first,
            second,
            person,
        };
        refuse_unless(self.person(second) != person, refusal)
    }

    /// Refuses a contact that is part of another one.
    fn check_whole(&self, contact: ContactId) -> Result<(), IdentityRefusal> {
        let Some(merge) = self.merges.get(&contact) else {
            return Ok(());
        };
        Err(IdentityRefusal::Merged {
            contact,
            into: self.person(contact),
            merge: merge.operation,
        })
    }

    fn join(&mut self, operation: i64, from: ContactId, into: ContactId) {
        self.merges.insert(from, IdentityMerge { into, operation });
        self.parts.entry(into).or_default().insert(from);
    }

    /// Parts a contact from the one that it was merged into, which is returned.
    fn part(&mut self, from: ContactId) -> Option<ContactId> {
        let into = self.merges.remove(&from)?.into;
        if let Some(parts) = self.parts.get_mut(&into) {
            parts.remove(&from);
            // An empty set would tell two equal states apart.
            if parts.is_empty() {
                self.parts.remove(&into);
            }
        }
        Some(into)
    }

    fn decide(&mut self, operation: i64, first: ContactId, second: ContactId, is_same: bool) {
        let decision = IdentityDecision { is_same, operation };
        for (one, other) in [(first, second), (second, first)] {
            let of_one = self.decisions.entry(one).or_default();
            of_one.insert(other, decision);
        }
    }

    fn forget(&mut self, first: ContactId, second: ContactId) {
        for (one, other) in [(first, second), (second, first)] {
            if let Some(of_one) = self.decisions.get_mut(&one) {
                of_one.remove(&other);
                if of_one.is_empty() {
                    self.decisions.remove(&one);
                }
            }
        }
    }
}

fn check_two(first: ContactId, second: ContactId) -> Result<(), IdentityRefusal> {
    refuse_unless(first != second, IdentityRefusal::Itself { contact: first })
}

fn refuse_unless(holds: bool, refusal: IdentityRefusal) -> Result<(), IdentityRefusal> {
    if holds { Ok(()) } else { Err(refusal) }
}
