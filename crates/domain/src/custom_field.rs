//! Fields that a company adds to an object: typed, per object, without a migration.

use serde::{Deserialize, Serialize};

use crate::error::check_text;
use crate::{
    CustomFieldId, CustomFieldKind, CustomValue, Invalid, LocalizedText, Timestamp, Violation,
};

/// The objects that records belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ObjectKind {
    /// A person.
    Contact,
    /// An organization.
    Company,
    /// A possible sale.
    Deal,
    /// A request for help.
    Ticket,
    /// Something to do.
    Task,
    /// Something that is sold.
    Product,
    /// A purchase.
    Order,
    /// An outreach to many.
    Campaign,
}

impl ObjectKind {
    /// The objects that take custom fields: those whose records people edit one by one.
    pub const WITH_CUSTOM_FIELDS: [Self; 5] = [
        Self::Contact,
        Self::Company,
        Self::Deal,
        Self::Ticket,
        Self::Task,
    ];

    /// Whether records of this object are found by words, to which custom texts may add.
    pub const fn has_search(self) -> bool {
        matches!(self, Self::Contact | Self::Company)
    }
}

/// A definition of a custom field.
#[derive(Debug, Clone, PartialEq)]
pub struct CustomField {
    /// Identifier.
    pub id: CustomFieldId,
    /// The object that has the field.
    pub object: ObjectKind,
    /// Name in the API and in files: `snake_case`, unique per object, and never changed.
    pub key: String,
    /// Name on the screen.
    pub label: LocalizedText,
    /// Type of the values.
    pub kind: CustomFieldKind,
    /// What the field is for, beside it on the screen.
    pub help: Option<LocalizedText>,
    /// Where it stands among the fields of its object.
    pub position: i32,
    /// Whether new records must have a value, and none may lose it.
    pub is_required: bool,
    /// Whether no two records may have the same value.
    pub is_unique: bool,
    /// Whether lists have an index to filter and sort by it; without one they read every record.
    pub is_indexed: bool,
    /// Whether records are found by the words of its values.
    pub is_searchable: bool,
    /// The value of new records for which none is given.
    pub default: Option<CustomValue>,
    /// When the field was put away: its values are kept and hidden.
    pub archived_at: Option<Timestamp>,
    /// When the field was added.
    pub created_at: Timestamp,
    /// Latest change.
    pub updated_at: Timestamp,
    /// Grows by one with every change.
    pub version: i64,
}

impl CustomField {
    /// The longest key.
    const KEY_CHARS_MAX: usize = 60;
    /// The most options of a choice.
    const OPTIONS_MAX: usize = 500;

    /// A field with nothing asked of its values but their type.
    pub fn new(
        id: CustomFieldId,
        object: ObjectKind,
        key: impl Into<String>,
        label: LocalizedText,
        kind: CustomFieldKind,
        now: Timestamp,
    ) -> Self {
        Self {
            id,
            object,
            key: key.into(),
            label,
            kind,
            help: None,
            position: 0,
            is_required: false,
            is_unique: false,
            is_indexed: false,
            is_searchable: false,
            default: None,
            archived_at: None,
            created_at: now,
            updated_at: now,
            version: 1,
        }
    }

    /// Whether the field is in use: not put away.
    pub const fn is_active(&self) -> bool {
        self.archived_at.is_none()
    }

    /// Checks the definition.
    ///
    /// # Errors
    /// [`Invalid`] with every broken rule: the object takes no custom fields, the key is not
    /// `snake_case`, a text is blank, options are missing or repeated, the type cannot be what is
    /// asked of it, or the default is no value of the type.
    pub fn check(&self) -> Result<(), Invalid> {
        let not_for_type = |is_asked: bool, pointer, message: &str| {
            is_asked.then(|| Violation::new(pointer, "not_allowed_for_type", message))
        };
        let broken = [
            (!ObjectKind::WITH_CUSTOM_FIELDS.contains(&self.object)).then(|| {
                let message = "contacts, companies, deals, tickets and tasks take custom fields";
                Violation::new("/object", "no_custom_fields", message)
            }),
            (!is_snake_case(&self.key) || self.key.len() > Self::KEY_CHARS_MAX).then(|| {
                let message =
                    "use lower-case letters, digits and underscores, starting with a letter";
                Violation::new("/key", "not_snake_case", message)
            }),
            not_for_type(
                self.is_unique && !self.kind.can_be_unique(),
                "/is_unique",
                "values of this type cannot be unique; turn it off",
            ),
            not_for_type(
                self.is_indexed && !self.kind.can_be_indexed(),
                "/is_indexed",
                "values of this type have no order to index; turn it off",
            ),
            not_for_type(
                self.is_searchable && !(self.kind.is_textual() && self.object.has_search()),
                "/is_searchable",
                "texts of contacts and companies can be searched; turn it off",
            ),
            not_for_type(
                self.is_unique && self.default.is_some(),
                "/default",
                "a unique field has no default, which the second record could not have",
            ),
        ];
        let mut violations: Vec<Violation> = broken.into_iter().flatten().collect();
        self.check_options(&mut violations);
        check_text(&mut violations, "/label/en", &self.label.en, 100);
        check_text(&mut violations, "/label/zh", &self.label.zh, 100);
        if let Some(help) = &self.help {
            check_text(&mut violations, "/help/en", &help.en, 500);
            check_text(&mut violations, "/help/zh", &help.zh, 500);
        }
        if let Some(Err(expected)) = self.default.clone().map(|it| self.kind.read(it)) {
            let message = format!("the default must be {expected}");
            violations.push(Violation::new("/default", "wrong_type", message));
        }
        Invalid::check(violations)
    }

    fn check_options(&self, violations: &mut Vec<Violation>) {
        let Some(options) = self.kind.options() else {
            return;
        };
        let pointer = "/type/options";
        if options.is_empty() {
            let message = "name at least one option";
            violations.push(Violation::new(pointer, "empty", message));
        }
        if options.len() > Self::OPTIONS_MAX {
            let message = format!("name at most {} options", Self::OPTIONS_MAX);
            violations.push(Violation::new(pointer, "too_many_options", message));
        }
        let is_bad = |option: &String| {
            // Lists are asked for several options with commas between them.
            option.trim() != option
                || option.is_empty()
                || option.chars().count() > 100
                || option.contains([',', '\0'])
        };
        if options.iter().any(is_bad) {
            let message = "an option has 1 to 100 characters, no comma and no blanks around it";
            violations.push(Violation::new(pointer, "bad_option", message));
        }
        let is_repeated = |(idx, option)| options[..idx].contains(option);
        if options.iter().enumerate().any(is_repeated) {
            let message = "name each option once";
            violations.push(Violation::new(pointer, "option_twice", message));
        }
        let labels = self.kind.labels().into_iter().flatten();
        for (option, label) in labels {
            if !options.contains(option) || label.trim().is_empty() || label.chars().count() > 100 {
                let message = "a label of 1 to 100 characters belongs to one of the options";
                violations.push(Violation::new("/type/labels", "bad_label", message));
                break;
            }
        }
    }

    /// Checks that the stored field may become this one: key, object and type stay, and options are
    /// only added, moved and labelled anew, because records hold them.
    ///
    /// # Errors
    /// [`Invalid`] with every broken rule.
    pub fn check_change(&self, stored: &Self) -> Result<(), Invalid> {
        let mut violations = Vec::new();
        let is_same = |a: &CustomFieldKind, b: &CustomFieldKind| {
            std::mem::discriminant(a) == std::mem::discriminant(b)
        };
        if !is_same(&self.kind, &stored.kind) {
            let message = "the type of a field stays; make another field";
            violations.push(Violation::new("/type/kind", "fixed", message));
        }
        let missing = stored.kind.options().into_iter().flatten();
        let missing = missing.filter(|option| {
            !self
                .kind
                .options()
                .is_some_and(|options| options.contains(option))
        });
        let missing: Vec<&str> = missing.map(String::as_str).collect();
        if !missing.is_empty() && is_same(&self.kind, &stored.kind) {
            let message = format!(
                "records may hold {}; keep the option, or give it another label",
                missing.join(", ")
            );
            violations.push(Violation::new("/type/options", "option_removed", message));
        }
        Invalid::check(violations)
    }

    /// The standard form of a value of this field; none where it is blank.
    ///
    /// # Errors
    /// The form that is expected, such as `a number`.
    pub fn read_value(&self, value: CustomValue) -> Result<Option<CustomValue>, String> {
        self.kind.read(value)
    }
}

fn is_snake_case(key: &str) -> bool {
    key.starts_with(|c: char| c.is_ascii_lowercase())
        && key
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(kind: CustomFieldKind) -> CustomField {
        CustomField::new(
            CustomFieldId::from_uuid(uuid::Uuid::nil()),
            ObjectKind::Contact,
            "shoe_size",
            LocalizedText::new("Shoe size", "鞋码"),
            kind,
            Timestamp::from_millis(0),
        )
    }

    #[test]
    fn a_key_is_snake_case() {
        let mut wrong = field(CustomFieldKind::Number);
        wrong.key = "Shoe Size".to_owned();

        assert!(wrong.check().is_err());
        assert!(field(CustomFieldKind::Number).check().is_ok());
    }

    fn codes(field: &CustomField) -> Vec<(&'static str, &'static str)> {
        let violations = field.check().err().map(|it| it.violations);
        let violations = violations.into_iter().flatten();
        violations.map(|it| (it.pointer, it.code)).collect()
    }

    #[test]
    fn what_is_asked_of_a_field_must_suit_its_type() {
        let mut yes_no = field(CustomFieldKind::Boolean);
        yes_no.is_unique = true;
        yes_no.is_searchable = true;
        yes_no.default = Some(CustomValue::Text("maybe".to_owned()));

        let expected = [
            ("/is_unique", "not_allowed_for_type"),
            ("/is_searchable", "not_allowed_for_type"),
            ("/default", "not_allowed_for_type"),
            ("/default", "wrong_type"),
        ];
        assert_eq!(codes(&yes_no), expected);
        let mut of_orders = field(CustomFieldKind::Text);
        of_orders.object = ObjectKind::Order;
        assert_eq!(codes(&of_orders), [("/object", "no_custom_fields")]);
    }

    #[test]
    fn options_are_added_and_labelled_and_never_taken_away() {
        let stored = field(CustomFieldKind::choice(["S", "L"]));
        let mut changed = field(CustomFieldKind::choice(["L", "M", "S"]));
        if let CustomFieldKind::Choice { labels, .. } = &mut changed.kind {
            labels.insert("L".to_owned(), "Large".to_owned());
        }

        assert!(changed.check().is_ok());
        assert!(changed.check_change(&stored).is_ok());
        let fewer = field(CustomFieldKind::choice(["S"]));
        let refused = fewer.check_change(&stored).unwrap_err();
        assert_eq!(refused.violations[0].code, "option_removed");
        let other = field(CustomFieldKind::Number);
        let refused = other.check_change(&stored).unwrap_err();
        assert_eq!(refused.violations[0].pointer, "/type/kind");
        assert_eq!(
            codes(&field(CustomFieldKind::choice(["S", "S", "a,b"]))).len(),
            2
        );
    }
}
