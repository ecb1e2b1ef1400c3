//! The small values that answers and requests are made of, each with its OpenAPI schema.
//!
//! Domain types carry no JSON form on purpose: what is written here is a promise to clients, and
//! the domain may change behind it.

mod address;
mod choice;
mod custom;
mod failure;
mod money;
mod patch;
mod reference;
mod text;
mod time;

pub(crate) use address::{Address, AddressPatch};
pub(crate) use choice::*;
pub(crate) use custom::{CustomValue, CustomValues, custom_changes, write_custom};
pub(crate) use failure::without_folders;
pub(crate) use money::Money;
pub(crate) use patch::Patch;
pub(crate) use reference::Reference;
pub(crate) use text::LocalizedText;
pub(crate) use time::{Day, Time};
