//! What a change says of a record, field by field: the same words whether one record is changed or
//! many at once.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::{
    CUSTOM_PREFIX, Company, CompanyId, Contact, ContactId, CustomValue, CustomValues, Date, Deal,
    EmailAddress, Invalid, Money, PhoneNumber, PipelineId, Priority, StageId, Subject, Task,
    TaskStatus, Ticket, TicketChannel, TicketStatus, Timestamp, UserId,
};

/// A record that is changed field by field.
pub trait Changeable {
    /// A field of it and the new value.
    type Change: FieldChange;

    /// Sets fields, and all that follows from them in the record itself.
    ///
    /// # Errors
    /// [`Invalid`] where the record breaks its rules then; it holds the values all the same.
    fn apply(&mut self, changes: &[Self::Change], now: Timestamp) -> Result<(), Invalid>;
}

/// A field and its new value.
pub trait FieldChange {
    /// The field, by the name under which roles have rules for it.
    fn field(&self) -> Cow<'static, str>;

    /// The key of the custom field that it is about, and the value, if it is about one.
    fn custom(&self) -> Option<(&str, Option<&CustomValue>)>;
}

macro_rules! changes {
    ($(#[$doc:meta])* $name:ident of $record:ident {
        $($(#[$field_doc:meta])* $variant:ident($value:ty) => $($field:ident).+;)+
    }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $($(#[$field_doc])* $variant($value),)+
            /// A custom value; none removes it.
            Custom {
                /// Key of the field.
                key: String,
                /// The value.
                value: Option<CustomValue>,
            },
        }

        impl FieldChange for $name {
            fn field(&self) -> Cow<'static, str> {
                match self {
                    // Of a part of an address, the address.
                    $(Self::$variant(_) => [$(stringify!($field)),+][0].into(),)+
                    Self::Custom { key, .. } => format!("{CUSTOM_PREFIX}{key}").into(),
                }
            }

            fn custom(&self) -> Option<(&str, Option<&CustomValue>)> {
                match self {
                    Self::Custom { key, value } => Some((key, value.as_ref())),
                    _ => None,
                }
            }
        }

        impl $name {
            fn set(&self, record: &mut $record) {
                match self {
                    $(Self::$variant(value) => record.$($field).+.clone_from(value),)+
                    Self::Custom { key, value } => {
                        set_custom(&mut record.custom, key, value.as_ref());
                    }
                }
            }
        }
    };
}

changes! {
    /// A field of a contact and its new value.
    ContactChange of Contact {
        /// Full name.
        Name(String) => name;
        /// Given name.
        FirstName(Option<String>) => first_name;
        /// Family name.
        LastName(Option<String>) => last_name;
        /// Main e-mail address.
        Email(Option<EmailAddress>) => email;
        /// Main phone number.
        Phone(Option<PhoneNumber>) => phone;
        /// Job title.
        Title(Option<String>) => title;
        /// Employer.
        CompanyId(Option<CompanyId>) => company_id;
        /// Colleague in charge.
        OwnerId(Option<UserId>) => owner_id;
        /// Street and number.
        Street(Option<String>) => address.street;
        /// City.
        City(Option<String>) => address.city;
        /// State, province or county.
        Region(Option<String>) => address.region;
        /// Postal code.
        PostalCode(Option<String>) => address.postal_code;
        /// Country.
        Country(Option<String>) => address.country;
        /// All labels.
        Tags(Vec<String>) => tags;
        /// Language.
        Language(Option<String>) => language;
    }
}

changes! {
    /// A field of a company and its new value.
    CompanyChange of Company {
        /// Name.
        Name(String) => name;
        /// Internet domain.
        Domain(Option<String>) => domain;
        /// Line of business.
        Industry(Option<String>) => industry;
        /// Number of employees.
        NEmployees(Option<i64>) => n_employees;
        /// Colleague in charge.
        OwnerId(Option<UserId>) => owner_id;
        /// Street and number.
        Street(Option<String>) => address.street;
        /// City.
        City(Option<String>) => address.city;
        /// State, province or county.
        Region(Option<String>) => address.region;
        /// Postal code.
        PostalCode(Option<String>) => address.postal_code;
        /// Country.
        Country(Option<String>) => address.country;
        /// All labels.
        Tags(Vec<String>) => tags;
    }
}

changes! {
    /// A field of a deal and its new value.
    DealChange of Deal {
        /// Name.
        Name(String) => name;
        /// Pipeline that the deal moves through.
        PipelineId(PipelineId) => pipeline_id;
        /// Where it stands.
        StageId(StageId) => stage_id;
        /// What it is worth.
        Amount(Option<Money>) => amount;
        /// When it is expected to close.
        ExpectedCloseOn(Option<Date>) => expected_close_on;
        /// Customer, as a person.
        ContactId(Option<ContactId>) => contact_id;
        /// Customer, as an organization.
        CompanyId(Option<CompanyId>) => company_id;
        /// Colleague in charge.
        OwnerId(Option<UserId>) => owner_id;
    }
}

changes! {
    /// A field of a ticket and its new value.
    TicketChange of Ticket {
        /// What it is about.
        Subject(String) => subject;
        /// What the customer wrote.
        Body(String) => body;
        /// Where it stands.
        Status(TicketStatus) => status;
        /// How urgent it is.
        Priority(Priority) => priority;
        /// The way on which it came.
        Channel(TicketChannel) => channel;
        /// Who asks.
        ContactId(Option<ContactId>) => contact_id;
        /// Colleague in charge.
        OwnerId(Option<UserId>) => owner_id;
    }
}

changes! {
    /// A field of a task and its new value.
    TaskChange of Task {
        /// What to do.
        Title(String) => title;
        /// Whether it is done.
        Status(TaskStatus) => status;
        /// How urgent it is.
        Priority(Priority) => priority;
        /// By when.
        DueOn(Option<Date>) => due_on;
        /// Record that it is about.
        Subject(Option<Subject>) => subject;
        /// Who does it.
        OwnerId(Option<UserId>) => owner_id;
    }
}

fn set_custom(values: &mut CustomValues, key: &str, value: Option<&CustomValue>) {
    match value {
        None => values.remove(key),
        Some(value) => values.insert(key.to_owned(), value.clone()),
    };
}

impl Changeable for Contact {
    type Change = ContactChange;

    fn apply(&mut self, changes: &[ContactChange], _: Timestamp) -> Result<(), Invalid> {
        changes.iter().for_each(|change| change.set(self));
        self.check()
    }
}

impl Changeable for Company {
    type Change = CompanyChange;

    fn apply(&mut self, changes: &[CompanyChange], _: Timestamp) -> Result<(), Invalid> {
        changes.iter().for_each(|change| change.set(self));
        self.check()
    }
}

impl Changeable for Deal {
    type Change = DealChange;

    /// A deal enters the stage that it is moved to now.
    fn apply(&mut self, changes: &[DealChange], now: Timestamp) -> Result<(), Invalid> {
        let stage_before = self.stage_id;
        changes.iter().for_each(|change| change.set(self));
        if self.stage_id != stage_before {
            self.stage_entered_at = now;
        }
        self.check()
    }
}

impl Changeable for Ticket {
    type Change = TicketChange;

    /// The instant of solving is kept while the ticket stays solved, and forgotten when it is opened again.
    fn apply(&mut self, changes: &[TicketChange], now: Timestamp) -> Result<(), Invalid> {
        changes.iter().for_each(|change| change.set(self));
        let is_solved = matches!(self.status, TicketStatus::Solved | TicketStatus::Closed);
        self.solved_at = is_solved.then(|| self.solved_at.unwrap_or(now));
        self.check()
    }
}

impl Changeable for Task {
    type Change = TaskChange;

    /// The instant of doing it is kept while the task stays done.
    fn apply(&mut self, changes: &[TaskChange], now: Timestamp) -> Result<(), Invalid> {
        changes.iter().for_each(|change| change.set(self));
        let is_done = self.status == TaskStatus::Done;
        self.done_at = is_done.then(|| self.done_at.unwrap_or(now));
        self.check()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn changes_are_kept_as_json_and_read_back() {
        let changes = vec![
            ContactChange::Title(None),
            ContactChange::Email(Some("ada@example.com".parse().unwrap())),
            ContactChange::Custom {
                key: "level".to_owned(),
                value: Some(CustomValue::Text("gold".to_owned())),
            },
        ];

        let text = serde_json::to_value(&changes).unwrap();

        assert_eq!(text[0], json!({ "title": null }));
        assert_eq!(text[1], json!({ "email": "ada@example.com" }));
        let read: Vec<ContactChange> = serde_json::from_value(text).unwrap();
        assert_eq!(read, changes);
    }

    #[test]
    fn changes_are_of_the_fields_that_roles_have_rules_for() {
        let custom = ContactChange::Custom {
            key: "level".to_owned(),
            value: None,
        };

        assert_eq!(ContactChange::Title(None).field(), "title");
        assert_eq!(ContactChange::PostalCode(None).field(), "address");
        assert_eq!(CompanyChange::NEmployees(None).field(), "n_employees");
        assert_eq!(custom.field(), "custom.level");
    }

    #[test]
    fn a_removed_custom_value_is_gone_and_what_breaks_a_rule_is_told() {
        let mut contact = Contact::named(ContactId(Uuid::nil()), "Ada", Timestamp::from_millis(0));
        let level = |value| ContactChange::Custom {
            key: "level".to_owned(),
            value,
        };
        let now = Timestamp::from_millis(1);

        contact
            .apply(&[level(Some(CustomValue::Boolean(true)))], now)
            .unwrap();
        assert_eq!(contact.custom.len(), 1);
        let broken = contact.apply(&[level(None), ContactChange::Name(" ".to_owned())], now);

        assert!(contact.custom.is_empty());
        assert_eq!(broken.unwrap_err().violations[0].pointer, "/name");
    }
}
