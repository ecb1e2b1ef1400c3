//! What the company's systems know of a person: records with gaps and damage, and the list of what
//! was done to each.

mod account;
mod damage;
mod sales;

pub(crate) use account::Account;
pub(crate) use sales::SalesContact;
