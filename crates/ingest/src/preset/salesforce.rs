//! Salesforce: objects by their API names, as Data Loader and the weekly export write them.
//!
//! A key is fifteen characters, or the same with three more; both are one key here. A row with a
//! `MasterRecordId` is the loser of a merge: only its key counts, as a further one of the winner.

use rapport_domain::EntityKind;

use super::{Column, KeyStyle, Preset, column};
use crate::Field as F;

pub(super) const PRESETS: &[Preset] = &[
    preset(
        "salesforce_accounts",
        EntityKind::Companies,
        ("Salesforce accounts", "Salesforce 客户"),
        &[
            &["Id"],
            &["Name"],
            &["OwnerId"],
            &[
                "BillingCity",
                "BillingCountry",
                "NumberOfEmployees",
                "AnnualRevenue",
            ],
        ],
        ACCOUNTS,
    ),
    preset(
        "salesforce_contacts",
        EntityKind::Contacts,
        ("Salesforce contacts", "Salesforce 联系人"),
        &[&["Id"], &["AccountId"], &["LastName"]],
        CONTACTS,
    ),
    preset(
        "salesforce_leads",
        EntityKind::Contacts,
        ("Salesforce leads", "Salesforce 潜在客户"),
        &[&["Id"], &["LastName"], &["Status"], &["IsConverted"]],
        LEADS,
    ),
    Preset {
        notice: Some((
            "Opportunities go into the stage of the same name. Name the stages of your pipeline as they \
             are in Salesforce first; rows with other stages are rejected and can be mended.",
            "业务机会会进入同名阶段。请先把销售流程的阶段命名得与 Salesforce 一致；阶段不存在的行会被拒绝，\
             可修改后重新导入。",
        )),
        ..preset(
            "salesforce_opportunities",
            EntityKind::Deals,
            ("Salesforce opportunities", "Salesforce 业务机会"),
            &[&["Id"], &["Name"], &["StageName"], &["CloseDate"]],
            OPPORTUNITIES,
        )
    },
    preset(
        "salesforce_cases",
        EntityKind::Tickets,
        ("Salesforce cases", "Salesforce 个案"),
        &[&["Id"], &["CaseNumber"], &["Subject"]],
        CASES,
    ),
    preset(
        "salesforce_tasks",
        EntityKind::Tasks,
        ("Salesforce tasks", "Salesforce 任务"),
        &[&["Id"], &["WhoId"], &["WhatId"], &["ActivityDate"]],
        TASKS,
    ),
];

const fn preset(
    key: &'static str,
    entity: EntityKind,
    label: (&'static str, &'static str),
    signature: &'static [&'static [&'static str]],
    columns: &'static [Column],
) -> Preset {
    Preset {
        key,
        system: "Salesforce",
        entity,
        label,
        notice: None,
        signature,
        columns,
        keys: KeyStyle::Salesforce,
    }
}

const ACCOUNTS: &[Column] = &[
    column(F::ExternalId, &["Id"]),
    column(F::MasterId, &["MasterRecordId"]),
    column(F::Name, &["Name"]),
    column(F::Domain, &["Website"]),
    column(F::Industry, &["Industry"]),
    column(F::NEmployees, &["NumberOfEmployees"]),
    column(F::Owner, &["Owner.Email", "OwnerId"]),
    column(F::Street, &["BillingStreet"]),
    column(F::City, &["BillingCity"]),
    column(F::Region, &["BillingState"]),
    column(F::PostalCode, &["BillingPostalCode"]),
    column(F::Country, &["BillingCountry"]),
    column(F::CreatedAt, &["CreatedDate"]),
];

const CONTACTS: &[Column] = &[
    column(F::ExternalId, &["Id"]),
    column(F::MasterId, &["MasterRecordId"]),
    column(F::CompanyExternalId, &["AccountId"]),
    column(F::Company, &["Account.Name"]),
    column(F::FirstName, &["FirstName"]),
    column(F::LastName, &["LastName"]),
    column(F::Title, &["Title"]),
    column(F::Email, &["Email"]),
    column(F::Phone, &["Phone"]),
    column(F::Phone, &["MobilePhone"]),
    column(F::Street, &["MailingStreet"]),
    column(F::City, &["MailingCity"]),
    column(F::Region, &["MailingState"]),
    column(F::PostalCode, &["MailingPostalCode"]),
    column(F::Country, &["MailingCountry"]),
    column(F::Owner, &["Owner.Email", "OwnerId"]),
    column(F::CreatedAt, &["CreatedDate"]),
    column(F::Note, &["Description"]),
];

const LEADS: &[Column] = &[
    column(F::ExternalId, &["Id"]),
    column(F::MasterId, &["MasterRecordId"]),
    column(F::FirstName, &["FirstName"]),
    column(F::LastName, &["LastName"]),
    column(F::Company, &["Company"]),
    column(F::Title, &["Title"]),
    column(F::Email, &["Email"]),
    column(F::Phone, &["Phone"]),
    column(F::Phone, &["MobilePhone"]),
    column(F::Street, &["Street"]),
    column(F::City, &["City"]),
    column(F::Region, &["State"]),
    column(F::PostalCode, &["PostalCode"]),
    column(F::Country, &["Country"]),
    column(F::Owner, &["Owner.Email", "OwnerId"]),
    column(F::CreatedAt, &["CreatedDate"]),
    column(F::Note, &["Description"]),
];

const OPPORTUNITIES: &[Column] = &[
    column(F::ExternalId, &["Id"]),
    column(F::Name, &["Name"]),
    column(F::CompanyExternalId, &["AccountId"]),
    column(F::Company, &["Account.Name"]),
    column(F::CustomerExternalId, &["ContactId"]),
    column(F::Stage, &["StageName"]),
    column(F::Amount, &["Amount"]),
    column(F::Currency, &["CurrencyIsoCode"]),
    column(F::ExpectedCloseOn, &["CloseDate"]),
    column(F::StageEnteredAt, &["LastStageChangeDate"]),
    column(F::Owner, &["Owner.Email", "OwnerId"]),
    column(F::CreatedAt, &["CreatedDate"]),
];

const CASES: &[Column] = &[
    column(F::ExternalId, &["Id"]),
    column(F::CustomerExternalId, &["ContactId"]),
    column(F::CustomerEmail, &["SuppliedEmail", "ContactEmail"]),
    column(F::Subject, &["Subject"]),
    column(F::Body, &["Description"]),
    column(F::Status, &["Status"]),
    column(F::Priority, &["Priority"]),
    column(F::Channel, &["Origin"]),
    column(F::CreatedAt, &["CreatedDate"]),
    column(F::SolvedAt, &["ClosedDate"]),
    column(F::Owner, &["Owner.Email", "OwnerId"]),
];

const TASKS: &[Column] = &[
    column(F::ExternalId, &["Id"]),
    column(F::CustomerExternalId, &["WhoId"]),
    column(F::RelatedId, &["WhatId"]),
    column(F::Subject, &["Subject"]),
    column(F::DueOn, &["ActivityDate"]),
    column(F::Status, &["Status"]),
    column(F::Priority, &["Priority"]),
    column(F::Note, &["Description"]),
    column(F::DoneAt, &["CompletedDateTime"]),
    column(F::CreatedAt, &["CreatedDate"]),
    column(F::Owner, &["Owner.Email", "OwnerId"]),
];
