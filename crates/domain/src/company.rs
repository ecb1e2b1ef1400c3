//! The company: an organization that contacts work for and deals are made with.

use crate::error::{check_length, check_text};
use crate::{Address, CompanyId, CustomValues, Invalid, Timestamp, UserId};

/// An organization.
#[derive(Debug, Clone, PartialEq)]
pub struct Company {
    /// Identifier.
    pub id: CompanyId,
    /// Name.
    pub name: String,
    /// Internet domain, lower-case, such as `example.com`.
    pub domain: Option<String>,
    /// Line of business.
    pub industry: Option<String>,
    /// Number of employees.
    pub n_employees: Option<i64>,
    /// Colleague in charge.
    pub owner_id: Option<UserId>,
    /// Seat.
    pub address: Address,
    /// Labels, without repeats.
    pub tags: Vec<String>,
    /// Custom field values.
    pub custom: CustomValues,
    /// When the record was made.
    pub created_at: Timestamp,
    /// Latest change of the record.
    pub updated_at: Timestamp,
    /// Grows by one with every change.
    pub version: i64,
}

impl Company {
    /// A company that has only a name.
    pub fn named(id: CompanyId, name: impl Into<String>, at: Timestamp) -> Self {
        Self {
            id,
            name: name.into(),
            domain: None,
            industry: None,
            n_employees: None,
            owner_id: None,
            address: Address::default(),
            tags: Vec::new(),
            custom: CustomValues::new(),
            created_at: at,
            updated_at: at,
            version: 1,
        }
    }

    /// Checks the fields that people type.
    ///
    /// # Errors
    /// [`Invalid`] with every broken rule.
    pub fn check(&self) -> Result<(), Invalid> {
        let mut violations = Vec::new();
        check_text(&mut violations, "/name", &self.name, 200);
        let domain = self.domain.as_deref().unwrap_or_default();
        check_length(&mut violations, "/domain", domain, 253);
        let industry = self.industry.as_deref().unwrap_or_default();
        check_length(&mut violations, "/industry", industry, 100);
        Invalid::check(violations)
    }
}
