//! Closed sets of words, mirrored from the crates that define them so that each has a schema.

use rapport_store::{imports, match_pairs, models, runs};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Defines the wire form of enums of another crate. The conversions match without a wildcard, so
/// that a variant added there does not compile until it is promised here.
macro_rules! mirror {
    (from $source:ident; $($(#[$doc:meta])* $name:ident { $($variant:ident),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub(crate) enum $name { $($variant),+ }

        impl From<$source::$name> for $name {
            fn from(value: $source::$name) -> Self {
                match value { $($source::$name::$variant => Self::$variant),+ }
            }
        }

        impl From<$name> for $source::$name {
            fn from(value: $name) -> Self {
                match value { $($name::$variant => Self::$variant),+ }
            }
        }
    )+};
}

mirror! {
    from rapport_domain;

    /// Where a bulk edit stands.
    BulkEditStatus { Queued, Running, Done, Failed, Cancelled, Undoing, Undone }
    /// Why a bulk edit left a record as it is.
    RefusalReason { NotFound, NotAllowed, Conflict, Invalid, Taken, ClaimLimit }
    /// The way on which a message goes out.
    Channel { Email, Sms, Phone, Wechat, Post }
    /// Where a campaign stands.
    CampaignStatus { Draft, Running, Finished }
    /// Whether a person agrees.
    ConsentStatus { Granted, Withdrawn }
    /// What data or a message is used for.
    Purpose { Service, Marketing, Profiling }
    /// What being in a stage means for the sale.
    StageOutcome { Open, Won, Lost }
    /// What the rows of a file are about.
    EntityKind {
        Contacts, OrderLines, Events, Tickets, Products, Companies, Campaigns, Deals, Tasks, Notes
    }
    /// Where an import stands.
    ImportStatus { Ready, Queued, Running, Done, Failed, Cancelled, Undoing, Undone }
    /// Why a row was not taken.
    RejectReason {
        MissingValue, BadDate, BadNumber, BadEmail, BadPhone, BadRow, BadEncoding, Invalid,
        ExistsAlready, NoSuchRecord, UnknownReference, Clash
    }
    /// Why a row was taken without one of its values: it names what is not here.
    LeftOutReason { NoSuchRecord }
    /// The rule by which a source's record was tied to a contact.
    MatchRule { ExternalId, Email, Phone, Created, MergedAtSource }
    /// Where a job stands.
    JobStatus { Queued, Running, Done, Failed, Cancelled }
    /// A language of the product.
    Language { En, Zh }
    /// Something that a role may allow.
    Action {
        ReadRecords, ReadEverything, KeepOwnAccount, WriteRecords, ImportFiles, ExportRecords,
        TrainModels, PromoteModels, DefineFields, ArrangePipelines, ManageUsers, ManageMailboxes,
        ManageSettings, ManageSources, ManageWebhooks, ReadAudit
    }
    /// What was done, as the audit has it.
    AuditAction {
        Created, Updated, Deleted, Shared, Revoked, PasswordChanged, Viewed, Exported, Started, Undone,
        Merged, Unmerged, Split, Decided, Erased
    }
    /// What it was done to.
    AuditObject {
        Contact, Company, Deal, Ticket, Task, Note, Pipeline, CustomField, User, Role, Team, ApiKey,
        WriteKey, Source, Setting, Import, List, Webhook, Model, BulkEdit, Mailbox
    }
    /// How connections to a mail server are encrypted: from the first byte on, or after `STARTTLS`.
    MailboxSecurity { Tls, StartTls }
    /// What proves whose mailbox it is: a password, an access token of OAuth 2.0, or a refresh token by which
    /// access tokens are fetched.
    MailboxProof { Password, AccessToken, RefreshToken }
    /// A part of the program that acts by itself.
    SystemActor { CommandLine, PoolReturn, Matching }
    /// Whose records something may be done with: nobody's, one's own, those of one's teams, those of the
    /// teams below too, or everybody's and those that are nobody's.
    Reach { None, Own, Team, Department, All }
    /// What a role takes away of a field: setting it, or seeing it, too.
    FieldRule { ReadOnly, Hidden }
    /// What an event of a webhook is about.
    WebhookObject { Contact, Company, Deal, Ticket, Task, Note, Import, Segmentation }
    /// How far an event is told: it waits, was taken, was tried in vain, or is not sent again because its
    /// record is gone or not the owner's to see any more.
    WebhookStatus { Waiting, Delivered, Failed, Withheld }
    /// Why a webhook was switched off: its receiver answered that it wants nothing more, or took nothing for
    /// days.
    WebhookStop { Gone, Failing }
    /// Whose value a merge leaves: that of the contact which stays, which was changed last, which the more
    /// trusted source tells of, or which says more.
    SurvivorshipRule { Survivor, MostRecent, MostTrusted, MostComplete }
    /// What a team is called.
    TeamKind { Team, Department }
    /// The objects that records belong to.
    ObjectKind { Contact, Company, Deal, Ticket, Task, Product, Order, Campaign }
    /// The lists that views are kept of.
    ListKind { Contacts, Companies, Deals, Tickets, Tasks, Products, Orders, Imports, Runs }
    /// Where an order stands.
    OrderStatus { Completed, Returned }
    /// How urgent something is.
    Priority { Low, Normal, High, Urgent }
    /// What a user may do.
    Role { Admin, Member, Viewer }
    /// Whether a task is done.
    TaskStatus { Open, Done }
    /// The way on which a ticket came.
    TicketChannel { Email, Chat, Phone, Web }
    /// Where a ticket stands.
    TicketStatus { Open, Pending, Solved, Closed }
}

mirror! {
    from rapport_ingest;

    /// How a file is compressed.
    Compression { None, Gzip }
    /// How characters are written as bytes.
    TextEncoding { Utf8, Utf16Le, Utf16Be, Gb18030, Windows1252 }
    /// Which number comes first in dates such as `03/04/2026`.
    DateOrder { DayFirst, MonthFirst }
    /// Which sign is decimal.
    DecimalStyle { Point, Comma }
    /// What becomes of a value that is here already where a row has another one.
    Existing { Fill, Replace }
    /// Whether rows make records, change them, or both.
    ImportMode { Create, Update, Both }
    /// Why a column was given its field.
    MappingReason { HeaderSynonym, SimilarHeader, Contents, Preset, Chosen, Unmapped }
}

mirror! {
    from runs;

    /// Where a run stands.
    RunStatus { Running, Finished, Failed, Cancelled }
    /// Where a trial of a search stands.
    TrialStatus { Running, Finished, Stopped, Failed }
}

mirror! {
    from imports;

    /// What a row of a file would do.
    Verdict { Created, Changed, Unchanged, Rejected }
    /// The kinds of records that an import makes and changes.
    RecordKind {
        Companies, CompanyKeys, Products, Campaigns, Identities, Contacts, Consents, Notes, Orders,
        OrderLines, Tickets, Deals, Tasks
    }
    /// Why an undo left something as it is.
    ConflictReason {
        Changed, Deleted, Edited, InUse, ChangedByImport, ToldAgain, HasEvents, Taken, NotAllowed
    }
}

mirror! {
    from models;

    /// Where a version of a model stands.
    ModelStage { Candidate, Shadow, Champion, Retired }
}

mirror! {
    from match_pairs;

    /// What became of a pair of contacts; `gone` where one of them was deleted, or merged otherwise.
    MatchStatus { Open, Same, Different, Gone }
    /// How alike the values of a field are.
    Agreement { Same, Close, Similar, Different, Missing }
}
