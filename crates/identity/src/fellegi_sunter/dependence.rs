//! Fields that say one thing in several ways.
//!
//! The model takes fields for independent, and they are not: a house has one street, suburb and postcode,
//! and a whole name repeats its parts. Counted in full, agreement on an address alone outweighs everything
//! that speaks against, and expectation maximization finds households instead of people. So of the fields of
//! one subject the agreement that says most counts in full, and every other one in part. What speaks
//! against a match always counts in full.

use crate::FieldKind;

/// What fields are about.
const N_SUBJECTS: usize = 3;
/// Parts in which the second and further agreements on one subject count.
const NAME_PART: f32 = 0.4;
const PLACE_PART: f32 = 0.2;

/// The subject of a field, where it shares it with others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Subject {
    /// Stands for itself.
    Own,
    /// A whole name beside its parts.
    Name,
    /// Where somebody lives or works, and the surname that a household shares.
    Place,
}

/// The subjects of fields of these kinds.
pub(crate) fn subjects(kinds: &[FieldKind]) -> Vec<Subject> {
    let has_whole = kinds.contains(&FieldKind::FullName);
    let has_street = kinds
        .iter()
        .any(|kind| matches!(kind, FieldKind::Street | FieldKind::HouseNumber));
    let are_people = kinds.iter().any(|kind| {
        matches!(
            kind,
            FieldKind::FullName | FieldKind::GivenName | FieldKind::Surname
        )
    });
    let of_kind = |kind: &FieldKind| match kind {
        // Colleagues share it, and the address with it.
        FieldKind::Company if are_people => Subject::Place,
        FieldKind::FullName | FieldKind::GivenName | FieldKind::Surname if has_whole => {
            Subject::Name
        }
        FieldKind::Surname if has_street => Subject::Place,
        FieldKind::Street | FieldKind::HouseNumber | FieldKind::City | FieldKind::Postcode => {
            Subject::Place
        }
        _ => Subject::Own,
    };
    kinds.iter().map(of_kind).collect()
}

/// The sum of fields' bits, agreements on one subject counted once in full.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Sum {
    total: f32,
    most: [f32; N_SUBJECTS],
    all: [f32; N_SUBJECTS],
}

impl Sum {
    pub(crate) fn add(&mut self, subject: Subject, bits: f32) {
        if subject == Subject::Own || bits <= 0.0 {
            self.total += bits;
            return;
        }
        let at = subject as usize;
        self.most[at] = self.most[at].max(bits);
        self.all[at] += bits;
    }

    pub(crate) fn total(&self) -> f32 {
        let of = |subject: Subject, part: f32| {
            let at = subject as usize;
            self.most[at] + part * (self.all[at] - self.most[at])
        };
        self.total + of(Subject::Name, NAME_PART) + of(Subject::Place, PLACE_PART)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agreement_on_one_subject_counts_once_and_disagreement_always() {
        let mut sum = Sum::default();
        for (subject, bits) in [
            (Subject::Place, 10.0),
            (Subject::Place, 5.0),
            (Subject::Place, -3.0),
            (Subject::Own, 4.0),
        ] {
            sum.add(subject, bits);
        }

        assert!((sum.total() - (10.0 + PLACE_PART * 5.0 - 3.0 + 4.0)).abs() < 1e-6);
    }
}
