//! What is known of a contact, as the API shows it.

use rapport_domain::Consent;
use rapport_pipelines::profiles::{ProfileFeature, Reason, WhyIn};
use rapport_store::company_attachments::{self, AttachmentRule};
use rapport_store::identities::IdentityRow;
use rapport_store::reports::MonthlyRevenue;
use rapport_store::scores::Score;
use rapport_store::segmentations::TraitDirection;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::contact::Contact;
use crate::routes::segmentations::Level;
use crate::wire::{Channel, ConsentStatus, LocalizedText, MatchRule, Purpose, Reference, Time};

/// Everything that is known of a contact.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ContactProfile {
    /// The record.
    pub(super) contact: Contact,
    /// Why the contact has its company, where the program attached it; where it has none, the company that it
    /// could have.
    pub(super) company_reason: Option<CompanyReason>,
    /// Features as of the latest segmentation; empty before the first.
    pub(super) features: Vec<FeatureValue>,
    /// Why the contact is in its segment.
    pub(super) segment: Option<ProfileSegment>,
    /// What models say.
    pub(super) scores: Vec<ContactScore>,
    /// The sources' views that feed the record.
    pub(super) identities: Vec<Identity>,
    /// What the person allows, the latest statement first.
    pub(super) consents: Vec<ConsentStatement>,
    /// Spending by month, oldest first.
    pub(super) monthly: Vec<ContactMonth>,
}

/// By what a company was found for a contact.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum CompanyRule {
    /// It has the domain of the contact's address.
    Domain,
    /// Most of its people have addresses there.
    Colleagues,
}

/// Why a contact has its company, or could have it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CompanyReason {
    /// The company.
    company: Reference,
    /// By what it was found.
    rule: CompanyRule,
    /// The domain of the contact's address.
    domain: String,
    /// When it was attached; null where it is only suggested.
    attached_at: Option<Time>,
}

impl From<company_attachments::CompanyReason> for CompanyReason {
    fn from(reason: company_attachments::CompanyReason) -> Self {
        Self {
            company: reason.company.into(),
            rule: match reason.rule {
                AttachmentRule::Domain => CompanyRule::Domain,
                AttachmentRule::Colleagues => CompanyRule::Colleagues,
            },
            domain: reason.domain,
            attached_at: reason.attached_at.map(Into::into),
        }
    }
}

/// A feature's value with its place among all customers.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FeatureValue {
    /// Name of the feature.
    name: String,
    /// Name on the screen.
    label: LocalizedText,
    /// What it counts: `days`, `money`, `count` or `share`.
    unit: String,
    /// The value; none where the events do not tell.
    value: Option<f64>,
    /// Share of customers with a lower value, in `[0, 1]`.
    percentile: Option<f64>,
}

/// The segment of a contact, and why.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ProfileSegment {
    /// Identifier.
    id: Uuid,
    /// Name.
    name: LocalizedText,
    /// Color, as `#rrggbb`.
    color: String,
    /// Where the contact differs from the average as the segment does.
    reasons: Vec<SegmentReason>,
}

/// One reason for a segment.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SegmentReason {
    /// Name of the feature.
    feature: String,
    /// Name on the screen.
    label: LocalizedText,
    /// What it counts.
    unit: String,
    /// On which side of the average.
    direction: Level,
    /// The contact's value.
    value: f64,
    /// What is usual among all customers.
    typical: f64,
}

/// What a model says of a contact.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ContactScore {
    /// What it says, such as `churn`.
    kind: String,
    /// The number.
    value: f64,
    /// Lower end of its interval.
    lower: Option<f64>,
    /// Upper end of its interval.
    upper: Option<f64>,
    /// The model that said it.
    model_id: Uuid,
    /// The instant that its features know up to.
    as_of: Time,
    /// Why, the strongest reason first.
    reasons: Vec<ScoreReason>,
}

/// One reason for a score.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ScoreReason {
    /// Name of the feature.
    feature: String,
    /// Its value for this contact.
    value: Option<f64>,
    /// What it adds to the score.
    contribution: f64,
}

/// One source's view of a person.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Identity {
    /// Identifier.
    id: Uuid,
    /// The source.
    source: Reference,
    /// What the source calls the person.
    profile_key: String,
    /// E-mail address that the source gave.
    email: Option<String>,
    /// Phone number that the source gave.
    phone: Option<String>,
    /// Why it feeds this contact.
    rule: MatchRule,
    /// Since when.
    linked_at: Time,
    /// Source records of this identity.
    n_records: u64,
}

/// One statement of a person.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ConsentStatement {
    /// Identifier.
    id: Uuid,
    /// What for.
    purpose: Purpose,
    /// On which way; none means on all.
    channel: Option<Channel>,
    /// Agreed or not.
    status: ConsentStatus,
    /// Where it was stated.
    source: String,
    /// When it was stated.
    stated_at: Time,
}

/// A contact's spending in one month.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ContactMonth {
    /// The month, as `2011-01`.
    month: String,
    /// Sum of the orders in minor units, returns subtracted.
    amount_minor: i64,
    /// Number of orders.
    n_orders: u64,
}

impl From<ProfileFeature> for FeatureValue {
    fn from(feature: ProfileFeature) -> Self {
        Self {
            name: feature.name,
            label: feature.label.into(),
            unit: feature.unit,
            value: feature.value,
            percentile: feature.percentile,
        }
    }
}

impl From<WhyIn> for ProfileSegment {
    fn from(why: WhyIn) -> Self {
        Self {
            id: why.segment_id.0,
            name: why.name.into(),
            color: why.color,
            reasons: why.reasons.into_iter().map(SegmentReason::from).collect(),
        }
    }
}

impl From<Reason> for SegmentReason {
    fn from(reason: Reason) -> Self {
        Self {
            feature: reason.feature,
            label: reason.label.into(),
            unit: reason.unit,
            direction: match reason.direction {
                TraitDirection::High => Level::High,
                TraitDirection::Low => Level::Low,
            },
            value: reason.value,
            typical: reason.typical,
        }
    }
}

impl From<Score> for ContactScore {
    fn from(score: Score) -> Self {
        let reasons = score.reasons.into_iter().map(|reason| ScoreReason {
            feature: reason.feature,
            value: reason.value,
            contribution: reason.contribution,
        });
        Self {
            kind: score.kind,
            value: score.value,
            lower: score.lower,
            upper: score.upper,
            model_id: score.model_id.0,
            as_of: Time(score.as_of),
            reasons: reasons.collect(),
        }
    }
}

impl From<IdentityRow> for Identity {
    fn from(
        IdentityRow {
            identity,
            source,
            n_records,
            part: _,
        }: IdentityRow,
    ) -> Self {
        Self {
            id: identity.id.0,
            source: source.into(),
            profile_key: identity.profile_key,
            email: identity.email.map(|email| email.to_string()),
            phone: identity.phone.map(|phone| phone.to_string()),
            rule: identity.rule.into(),
            linked_at: Time(identity.linked_at),
            n_records,
        }
    }
}

impl From<Consent> for ConsentStatement {
    fn from(consent: Consent) -> Self {
        Self {
            id: consent.id.0,
            purpose: consent.purpose.into(),
            channel: consent.channel.map(Channel::from),
            status: consent.status.into(),
            source: consent.source,
            stated_at: Time(consent.stated_at),
        }
    }
}

impl From<MonthlyRevenue> for ContactMonth {
    fn from(month: MonthlyRevenue) -> Self {
        Self {
            month: month.month.to_string(),
            amount_minor: month.amount.amount_minor,
            n_orders: month.n_orders,
        }
    }
}
