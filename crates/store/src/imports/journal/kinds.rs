//! The kinds of the records that imports change.

use super::RecordKind;
use crate::entities::{
    campaign, company, contact, deal, identity, order, order_line, product, ticket,
};
use crate::journal::Tracked;

/// A kind of record whose changes imports keep.
pub(in crate::imports) trait Journaled: Tracked {
    /// The kind.
    const KIND: RecordKind;
}

macro_rules! journaled {
    ($($module:ident $kind:ident;)+) => {$(
        impl Journaled for $module::Entity {
            const KIND: RecordKind = RecordKind::$kind;
        }
    )+};
}

journaled! {
    company Companies;
    product Products;
    campaign Campaigns;
    identity Identities;
    contact Contacts;
    order Orders;
    order_line OrderLines;
    ticket Tickets;
    deal Deals;
}
