//! A shop's customers: their orders, and their histories as of an instant.

mod baselines;
mod histories;
mod orders;

pub(crate) use baselines::{Answers, last_value, mean_of_all, own_mean, ridge, ridge_on_figures};
pub(crate) use histories::{HORIZON, History, N_NUMBERS, N_TARGETS, Scale, as_of};
pub(crate) use orders::{Customer, read};
