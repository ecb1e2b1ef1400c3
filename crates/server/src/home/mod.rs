//! What the home screen proposes to do now, each with its reason.
//!
//! Pure functions over rows that were fetched: the same rows give the same proposals.

mod actions;
mod late_customers;

#[cfg(test)]
mod tests;

pub(crate) use actions::{
    Facts, FailedImport, HomeAction, NewSegments, TaskDue, UrgentTicket, propose,
};
pub(crate) use late_customers::{Buyer, LateCustomer, late_customers};
