//! Twenty: people, companies and opportunities. A phone number stands in three columns: the number, its
//! country and its calling code; a domain is written as an address of the web.

use rapport_domain::EntityKind;

use super::{Column, KeyStyle, Preset, column};
use crate::Field as F;

pub(super) const PRESETS: &[Preset] = &[
    Preset {
        key: "twenty_people",
        system: "Twenty",
        entity: EntityKind::Contacts,
        label: ("Twenty people", "Twenty 人员"),
        notice: None,
        signature: &[EMAIL, &["Name / First Name", "First Name"], PHONE],
        columns: PEOPLE,
        keys: KeyStyle::AsWritten,
    },
    Preset {
        key: "twenty_companies",
        system: "Twenty",
        entity: EntityKind::Companies,
        label: ("Twenty companies", "Twenty 公司"),
        notice: None,
        signature: &[&["Name"], DOMAIN],
        columns: COMPANIES,
        keys: KeyStyle::AsWritten,
    },
    Preset {
        key: "twenty_opportunities",
        system: "Twenty",
        entity: EntityKind::Deals,
        label: ("Twenty opportunities", "Twenty 商机"),
        notice: None,
        signature: &[&["Name"], &["Stage"], AMOUNT],
        columns: OPPORTUNITIES,
        keys: KeyStyle::AsWritten,
    },
];

const EMAIL: &[&str] = &["Emails / Primary Email", "Primary Email"];
const PHONE: &[&str] = &["Phones / Primary Phone Number", "Primary Phone Number"];
const DOMAIN: &[&str] = &[
    "Domain Name / Link URL",
    "Domain Name / Primary Link URL",
    "Domain Name / URL",
];
const AMOUNT: &[&str] = &["Amount / Amount", "Amount / Amount Micros"];

const PEOPLE: &[Column] = &[
    column(F::ExternalId, &["Id"]),
    column(F::FirstName, &["Name / First Name", "First Name"]),
    column(F::LastName, &["Name / Last Name", "Last Name"]),
    column(F::Email, EMAIL),
    column(F::Phone, PHONE),
    column(
        F::PhonePrefix,
        &[
            "Phones / Primary Phone Calling Code",
            "Primary Phone Calling Code",
        ],
    ),
    column(F::Title, &["Job Title"]),
    column(F::City, &["City"]),
    column(F::CompanyExternalId, &["Company / Id", "Company Id"]),
    column(F::CompanyDomain, &["Company / Domain Name"]),
    column(F::Company, &["Company / Name", "Company"]),
    column(F::CreatedAt, &["Creation date", "Created At"]),
];

const COMPANIES: &[Column] = &[
    column(F::ExternalId, &["Id"]),
    column(F::Name, &["Name"]),
    column(F::Domain, DOMAIN),
    column(F::NEmployees, &["Employees"]),
    column(F::Street, &["Address / Address 1", "Address / Street 1"]),
    column(F::City, &["Address / City"]),
    column(F::Region, &["Address / State"]),
    column(
        F::PostalCode,
        &["Address / Post Code", "Address / Postcode"],
    ),
    column(F::Country, &["Address / Country"]),
    column(F::Owner, &["Account Owner", "Account Owner / Email"]),
    column(F::CreatedAt, &["Creation date", "Created At"]),
];

const OPPORTUNITIES: &[Column] = &[
    column(F::ExternalId, &["Id"]),
    column(F::Name, &["Name"]),
    column(F::Stage, &["Stage"]),
    column(F::Amount, &["Amount / Amount"]),
    column(
        F::Currency,
        &["Amount / Currency", "Amount / Currency Code"],
    ),
    column(F::ExpectedCloseOn, &["Close date"]),
    column(F::CompanyExternalId, &["Company / Id", "Company Id"]),
    column(F::Company, &["Company / Name", "Company"]),
    column(
        F::CustomerExternalId,
        &["Point of Contact / Id", "Point of Contact Id"],
    ),
    column(F::CreatedAt, &["Creation date", "Created At"]),
];
