#![doc = include_str!("../README.md")]

mod access;
mod audit;
mod bulk_edit;
mod calendar;
mod campaign;
mod change;
mod company;
mod consent;
mod contact;
mod custom_field;
mod custom_value;
mod deal;
mod email;
mod error;
mod event;
mod id;
mod identity_log;
mod import;
mod job;
mod language;
mod mail_provider;
mod mailbox;
mod money;
mod note;
mod number;
mod order;
mod phone;
mod product;
mod saved_view;
mod task;
mod ticket;
mod time;
mod user;
mod usual_pipeline;
mod webhook;
pub mod writing;

pub use access::{
    Access, Action, BrokenRule, CUSTOM_PREFIX, FieldRule, FieldRules, Grant, Holding, PoolRule,
    Reach, RolePolicy, RuledField, STAND_IN_NAME, Share, Sharer, Team, TeamKind, Verb, decide,
    field_of_list, ruled_fields, teams_above, teams_below,
};
pub use audit::{Actor, AuditAction, AuditObject, Author, SystemActor};
pub use bulk_edit::{BulkAction, BulkCounts, BulkEditStatus, RefusalReason};
pub use calendar::{Moment, Period, Span, Zone};
pub use campaign::{Campaign, CampaignStatus, Channel};
pub use change::{
    Changeable, CompanyChange, ContactChange, DealChange, FieldChange, TaskChange, TicketChange,
};
pub use company::Company;
pub use consent::{Consent, ConsentStatus, Purpose};
pub use contact::{Address, Contact};
pub use custom_field::{CustomField, ObjectKind};
pub use custom_value::{CustomFieldKind, CustomValue, CustomValues};
pub use deal::{Deal, Pipeline, Stage, StageOutcome};
pub use email::EmailAddress;
pub use error::{Invalid, Violation};
pub use event::{Event, EventKind};
pub use id::*;
pub use identity_log::{
    FieldOrigin, FieldOrigins, IdentityChange, IdentityDecision, IdentityGrounds, IdentityMerge,
    IdentityOperation, IdentityRefusal, IdentityState, Survived, Survivorship, SurvivorshipField,
    SurvivorshipRule, SurvivorshipSide,
};
pub use import::{
    EntityKind, ImportCounts, ImportStatus, LeftOut, LeftOutReason, MatchRule, RejectReason,
    RejectedRow, SourceIdentity,
};
pub use job::{JobProgress, JobStatus};
pub use language::{Language, LocalizedText};
pub use mail_provider::is_public_mail_provider;
pub use mailbox::{Mailbox, MailboxFailure, MailboxProof, MailboxReadings, MailboxSecurity};
pub use money::{Currency, Money};
pub use note::{Note, Subject};
pub use number::grouped;
pub use order::{Order, OrderLine, OrderStatus};
pub use phone::PhoneNumber;
pub use product::Product;
pub use saved_view::{ListKind, SavedView};
pub use task::{Priority, Task, TaskStatus};
pub use ticket::{Ticket, TicketChannel, TicketStatus};
pub use time::{Date, Timestamp};
pub use user::{Role, User};
pub use usual_pipeline::UsualStage;
pub use webhook::{Webhook, WebhookObject, WebhookStatus, WebhookStop, WebhookType};
