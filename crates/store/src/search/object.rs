//! What is searched: each kind of record, where its texts are, and what of it is looked at.

/// A kind of record that is found by text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum SearchObject {
    Contact,
    Company,
    Product,
    Order,
    Deal,
    Ticket,
    Task,
    Note,
    Campaign,
    Run,
}

/// Kinds that the numbers of entries leave room for.
pub(super) const N_KINDS_MAX: i64 = 16;

/// Where the texts of a kind of record are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Source {
    /// Table.
    pub(crate) table: &'static str,
    /// Columns with what a record is called.
    pub(crate) names: &'static [&'static str],
    /// Column with the one of its names that is an internet domain.
    pub(crate) domain: Option<&'static str>,
    /// Column with a longer text.
    pub(crate) body: Option<&'static str>,
    /// Whether it is found by the name of the company in `company_id`, too.
    pub(crate) has_company: bool,
    /// Whether rows have a `row_no` on SQLite, by which its index reaches them in one step.
    pub(crate) has_row_no: bool,
}

impl SearchObject {
    /// All of them.
    pub(crate) const ALL: [Self; 10] = [
        Self::Contact,
        Self::Company,
        Self::Product,
        Self::Order,
        Self::Deal,
        Self::Ticket,
        Self::Task,
        Self::Note,
        Self::Campaign,
        Self::Run,
    ];

    /// The number that stands for it in tables.
    pub(crate) const fn code(self) -> i32 {
        self as i32
    }

    /// The kind that a number stands for.
    pub(crate) fn of_code(code: i32) -> Option<Self> {
        Self::ALL.into_iter().find(|object| object.code() == code)
    }

    /// The letter that its terms begin with in SQLite's index, so that one kind is searched
    /// without touching the others.
    pub(super) fn letter(self) -> char {
        char::from(b"abcdefghij"[self as usize])
    }

    /// The number that its index on SQLite knows row `row_no` by: unique over all kinds.
    pub(crate) fn entry_no(self, row_no: &str) -> String {
        format!("{row_no} * {N_KINDS_MAX} + {}", self.code())
    }

    /// The table with its entries on PostgreSQL, which keeps those of each kind apart.
    pub(super) fn postgres_entries(self) -> String {
        format!("search_entries_of_{}", self.source().table)
    }

    /// Where its texts are.
    pub(crate) const fn source(self) -> Source {
        match self {
            Self::Contact => Source::of("contacts", &["search_text"])
                .company()
                .numbered(),
            Self::Company => Source::of("companies", &["search_text"])
                .domain("domain")
                .numbered(),
            Self::Product => Source::of("products", &["search_text"]).numbered(),
            Self::Order => Source::of("orders", &["search_text"]).numbered(),
            Self::Deal => Source::of("deals", &["name"]).company(),
            Self::Ticket => Source::of("tickets", &["subject", "external_id"]).body("body"),
            Self::Task => Source::of("tasks", &["title"]),
            Self::Note => Source::of("notes", &[]).body("body"),
            Self::Campaign => Source::of("campaigns", &["name"]),
            Self::Run => Source::of("runs", &["search_text"]).numbered(),
        }
    }
}

impl Source {
    const fn of(table: &'static str, names: &'static [&'static str]) -> Self {
        Self {
            table,
            names,
            domain: None,
            body: None,
            has_company: false,
            has_row_no: false,
        }
    }

    const fn numbered(mut self) -> Self {
        self.has_row_no = true;
        self
    }

    const fn domain(mut self, column: &'static str) -> Self {
        self.domain = Some(column);
        self
    }

    const fn body(mut self, column: &'static str) -> Self {
        self.body = Some(column);
        self
    }

    const fn company(mut self) -> Self {
        self.has_company = true;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_number_and_a_letter_of_its_own() {
        for (idx, object) in SearchObject::ALL.into_iter().enumerate() {
            assert_eq!(SearchObject::of_code(object.code()), Some(object));
            assert_eq!(object.code(), i32::try_from(idx).unwrap());
        }
        assert_eq!(SearchObject::of_code(99), None);
    }
}
