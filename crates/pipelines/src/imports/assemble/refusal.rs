//! Why a row may not go on, in words for people.

use std::collections::HashMap;

use rapport_domain::RejectReason;
use rapport_ingest::Field;
use uuid::Uuid;

/// A record as people name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) id: Uuid,
    pub(super) name: String,
}

/// What a row is about.
#[derive(Debug)]
pub(super) struct About {
    pub(super) object: &'static str,
    /// The same for all rows about one record.
    pub(super) key: String,
    /// What the row calls it.
    pub(super) label: String,
    /// The record, where it is here already.
    pub(super) known: Option<Named>,
    /// What the row refers to that is not here: the field and its value.
    pub(super) missing: Option<(Field, String)>,
    /// A value of the row that is another contact's.
    pub(super) taken: Option<(Field, String, Named)>,
}

/// Why a row may not go on.
pub(super) struct Refusal {
    pub(super) reason: RejectReason,
    pub(super) field: Option<Field>,
    pub(super) value: Option<String>,
    pub(super) message: String,
}

impl About {
    pub(super) fn of(
        object: &'static str,
        key: String,
        label: String,
        known: Option<Named>,
    ) -> Self {
        Self {
            object,
            key,
            label,
            known,
            missing: None,
            taken: None,
        }
    }

    /// The record, where it is here already.
    pub(super) fn known_id(&self) -> Option<Uuid> {
        self.known.as_ref().map(|known| known.id)
    }

    /// Whether both are about one record.
    pub(super) fn is_same_as(&self, other: &Self) -> bool {
        self.key == other.key
    }

    pub(super) fn lacking(self, missing: Option<(Field, String)>) -> Self {
        Self { missing, ..self }
    }
}

pub(super) fn exists_already(about: &About, made: &HashMap<String, u64>) -> Option<Refusal> {
    let object = about.object;
    let why = match (&about.known, made.get(&about.key)) {
        (Some(Named { id, name }), _) => format!("the {object} {name:?} ({id}) is here already"),
        (None, Some(line)) => {
            let label = &about.label;
            format!("line {line} of this file makes the {object} {label:?} already")
        }
        (None, None) => return None,
    };
    Some(Refusal {
        reason: RejectReason::ExistsAlready,
        field: None,
        value: None,
        message: format!("{why}; import the row with the mode update or both to change it"),
    })
}

pub(super) fn no_such_record(about: &About) -> Option<Refusal> {
    if about.known.is_some() {
        return None;
    }
    let (object, label) = (about.object, &about.label);
    Some(Refusal {
        reason: RejectReason::NoSuchRecord,
        field: None,
        value: Some(label.clone()),
        message: format!(
            "there is no {object} {label:?}; import the row with the mode create or both to make it"
        ),
    })
}

pub(super) fn unknown_reference(about: &About) -> Option<Refusal> {
    let (field, value) = about.missing.as_ref()?;
    let object = match field {
        Field::Company | Field::CompanyDomain | Field::CompanyExternalId => "company",
        Field::Owner => "colleague",
        _ => "contact",
    };
    Some(Refusal {
        reason: RejectReason::UnknownReference,
        field: Some(*field),
        value: Some(value.clone()),
        message: format!(
            "there is no {object} {value:?}; make it first, correct the name or leave it out"
        ),
    })
}

pub(super) fn clash(about: &About) -> Option<Refusal> {
    let (field, value, Named { id, name }) = about.taken.as_ref()?;
    let what = match field {
        Field::Email => "e-mail address",
        _ => "phone number",
    };
    let holder = if name.is_empty() {
        "a person whom an earlier row of this file makes".to_owned()
    } else {
        format!("the contact {name:?} ({id})")
    };
    Some(Refusal {
        reason: RejectReason::Clash,
        field: Some(*field),
        value: Some(value.clone()),
        message: format!("the {what} {value} is that of {holder}; correct it in one of the two"),
    })
}
