//! People and the companies that some of them buy for.

mod address;
mod company;
mod culture;
mod email;
mod person;
mod phone;

pub(crate) use address::PostalAddress;
pub(crate) use company::{COMPANIES_PER_BLOCK, Company, PEOPLE_PER_BLOCK};
pub use culture::Culture;
pub(crate) use email::{FIRST_DOMAINS, SECOND_DOMAINS, address_of, company_address, fold};
pub(crate) use person::{Person, SpendLevel, full_name_latin};
pub(crate) use phone::Phone;
