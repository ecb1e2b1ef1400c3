//! HubSpot: contacts, companies and deals, as its index pages export them.
//!
//! A contact that HubSpot has merged others into tells their ids; they become further names of the
//! contact, so that whatever still refers to one of them finds it.

use rapport_domain::EntityKind;

use super::{Column, KeyStyle, Preset, column};
use crate::Field as F;

pub(super) const PRESETS: &[Preset] = &[
    Preset {
        key: "hubspot_contacts",
        system: "HubSpot",
        entity: EntityKind::Contacts,
        label: ("HubSpot contacts", "HubSpot 联系人"),
        notice: None,
        signature: &[
            &["Record ID", "Record ID - Contact", "Contact ID"],
            &["Email"],
            &[
                "Contact owner",
                "Lifecycle Stage",
                "Lead Status",
                "Marketing contact status",
                "Merged Contact IDs",
                "Job Title",
            ],
            &["First Name", "Full Name"],
        ],
        columns: CONTACTS,
        keys: KeyStyle::List,
    },
    Preset {
        key: "hubspot_companies",
        system: "HubSpot",
        entity: EntityKind::Companies,
        label: ("HubSpot companies", "HubSpot 公司"),
        notice: None,
        signature: &[
            &["Record ID", "Record ID - Company", "Company ID"],
            &["Company name"],
            &["Company Domain Name", "Company owner"],
        ],
        columns: COMPANIES,
        keys: KeyStyle::List,
    },
    Preset {
        key: "hubspot_deals",
        system: "HubSpot",
        entity: EntityKind::Deals,
        label: ("HubSpot deals", "HubSpot 交易"),
        notice: Some((
            "Deals go into the stage of the same name. Name the stages of your pipeline as they are in \
             HubSpot first; rows with other stages are rejected and can be mended.",
            "交易会进入同名阶段。请先把销售流程的阶段命名得与 HubSpot 一致；阶段不存在的行会被拒绝，可修改后\
             重新导入。",
        )),
        signature: &[
            &["Record ID", "Record ID - Deal", "Deal ID"],
            &["Deal Name"],
            &["Deal Stage"],
        ],
        columns: DEALS,
        keys: KeyStyle::List,
    },
];

const CONTACTS: &[Column] = &[
    column(
        F::ExternalId,
        &["Record ID", "Record ID - Contact", "Contact ID"],
    ),
    column(F::FirstName, &["First Name"]),
    column(F::LastName, &["Last Name"]),
    column(F::Name, &["Full Name"]),
    column(F::Email, &["Email"]),
    column(F::Phone, &["Phone Number"]),
    column(F::Phone, &["Mobile Phone Number"]),
    column(F::Title, &["Job Title"]),
    column(F::Company, &["Company Name"]),
    column(
        F::Company,
        &["Associated Company", "Primary Associated Company"],
    ),
    column(F::CompanyExternalId, &["Primary Associated Company ID"]),
    column(
        F::CompanyExternalId,
        &["Associated Company IDs", "Record ID - Company"],
    ),
    column(F::Owner, &["Contact owner"]),
    column(F::CreatedAt, &["Create Date"]),
    column(F::City, &["City"]),
    column(F::Region, &["State/Region"]),
    column(F::Country, &["Country/Region"]),
    column(F::PostalCode, &["Postal Code"]),
    column(F::MergedIds, &["Merged Contact IDs", "Merged Record IDs"]),
];

const COMPANIES: &[Column] = &[
    column(
        F::ExternalId,
        &["Record ID", "Record ID - Company", "Company ID"],
    ),
    column(F::Name, &["Company name"]),
    column(F::Domain, &["Company Domain Name"]),
    column(F::Domain, &["Website URL"]),
    column(F::Industry, &["Industry"]),
    column(F::NEmployees, &["Number of Employees"]),
    column(F::Owner, &["Company owner"]),
    column(F::Street, &["Street Address"]),
    column(F::City, &["City"]),
    column(F::Region, &["State/Region"]),
    column(F::Country, &["Country/Region"]),
    column(F::PostalCode, &["Postal Code"]),
    column(F::CreatedAt, &["Create Date"]),
    column(F::MergedIds, &["Merged Company IDs", "Merged Record IDs"]),
];

const DEALS: &[Column] = &[
    column(F::ExternalId, &["Record ID", "Record ID - Deal", "Deal ID"]),
    column(F::Name, &["Deal Name"]),
    column(F::Pipeline, &["Pipeline"]),
    column(F::Stage, &["Deal Stage"]),
    column(F::Amount, &["Amount"]),
    column(F::Currency, &["Currency"]),
    column(F::ExpectedCloseOn, &["Close Date"]),
    column(F::Owner, &["Deal owner"]),
    column(F::CreatedAt, &["Create Date"]),
    column(
        F::CustomerExternalId,
        &["Associated Contact IDs", "Record ID - Contact"],
    ),
    column(F::CompanyExternalId, &["Primary Associated Company ID"]),
    column(
        F::CompanyExternalId,
        &["Associated Company IDs", "Record ID - Company"],
    ),
    column(F::Company, &["Primary Associated Company"]),
    column(F::Company, &["Associated Company"]),
];
