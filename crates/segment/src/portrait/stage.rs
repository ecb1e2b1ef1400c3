//! Where customers of a segment stand with the company, and what kind of buyer they are.
//!
//! Both follow from the first feature of each role, as RFM does: how long ago the last order was
//! (against the usual time between orders), how many orders there are, since when, for how much.

use rapport_domain::LocalizedText;

use super::by_segment::BySegment;
use super::{SegmentTrait, Sitting};
use crate::{Role, Unit};

/// Where customers stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// No order yet.
    Prospect,
    /// Gone: silent for several times their usual pace.
    Lapsed,
    /// On the way out.
    Slipping,
    /// First ordered not long ago.
    New,
    /// Order far more often than others.
    Loyal,
    /// Order as often as others or more.
    Regular,
    /// Order less often than others.
    Occasional,
}

/// What kind of buyer they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Large orders of many things.
    BulkBuyer,
    /// Spend far more than others.
    BigSpender,
    /// Send much back.
    Returner,
    /// Ordered once and are gone.
    OneTimeBuyer,
    /// None of these.
    Customer,
}

/// What decides, for one segment. Differences are in standard deviations; medians in the feature's
/// unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Standing {
    pub(super) recency_z: f64,
    /// Median days since the last order, in usual times between two orders.
    pub(super) silence: Option<f64>,
    pub(super) trend_z: f64,
    pub(super) tenure_z: f64,
    /// Median tenure against that of all.
    pub(super) tenure_ratio: f64,
    pub(super) orders_z: f64,
    pub(super) orders: f64,
    pub(super) orders_overall: f64,
    pub(super) value_z: f64,
    /// The largest among the features of the basket.
    pub(super) basket_z: f64,
    pub(super) returns_z: f64,
}

impl Standing {
    /// Of every segment; nothing where recency, frequency or tenure is not told.
    pub(super) fn of_all(
        sitting: &Sitting<'_>,
        traits: &[Vec<SegmentTrait>],
    ) -> Option<Vec<Standing>> {
        let first = |role| sitting.features.iter().position(|f| f.role == role);
        let recency = BySegment::of(sitting, first(Role::Recency)?);
        let orders = BySegment::of(sitting, first(Role::Frequency)?);
        let tenure = first(Role::Tenure).map(|column| BySegment::of(sitting, column));
        let gap = sitting
            .features
            .iter()
            .position(|f| f.role == Role::Frequency && f.unit == Unit::Days)
            .map(|column| BySegment::of(sitting, column).overall_median())
            .filter(|&days| days > 0.0);
        let (recencies, order_counts) = (recency.medians(), orders.medians());
        let tenures = tenure.as_ref().map(BySegment::medians);
        let tenure_overall = tenure.as_ref().map_or(0.0, BySegment::overall_median);
        let standing = |idx: usize| {
            let of_role = |role| traits[idx].iter().filter(move |found| found.role == role);
            let first_z = |role| {
                let column = first(role)?;
                let name = &sitting.features[column].name;
                of_role(role).find(|t| t.feature == *name).map(|t| t.z)
            };
            let largest_z = |role| of_role(role).map(|found| found.z).fold(0.0, f64::max);
            let silence = recencies[idx].zip(gap).map(|(days, gap)| days / gap);
            let tenure = tenures.as_ref().and_then(|medians| medians[idx]);
            Standing {
                recency_z: first_z(Role::Recency).unwrap_or(0.0),
                silence,
                trend_z: first_z(Role::Trend).unwrap_or(0.0),
                tenure_z: first_z(Role::Tenure).unwrap_or(0.0),
                tenure_ratio: match tenure {
                    Some(days) if tenure_overall > 0.0 => days / tenure_overall,
                    _ => 1.0,
                },
                orders_z: first_z(Role::Frequency).unwrap_or(0.0),
                orders: order_counts[idx].unwrap_or(0.0),
                orders_overall: orders.overall_median(),
                value_z: first_z(Role::Monetary).unwrap_or(0.0),
                basket_z: largest_z(Role::Basket),
                returns_z: largest_z(Role::Returns),
            }
        };
        Some((0..sitting.n_segments).map(standing).collect())
    }

    /// The first stage whose description fits.
    pub(super) fn stage(&self) -> Stage {
        if self.orders <= 0.0 {
            Stage::Prospect
        } else if self.is_silent_for(4.0, 1.0) && self.recency_z >= 0.5 {
            Stage::Lapsed
        } else if self.is_silent_for(2.0, 0.5) && (self.recency_z >= 0.2 || self.trend_z <= -1.0) {
            Stage::Slipping
        } else if self.tenure_ratio <= 0.4 && self.tenure_z <= -0.75 {
            Stage::New
        } else if self.orders_z >= 0.75 {
            Stage::Loyal
        } else if self.orders >= self.orders_overall {
            Stage::Regular
        } else {
            Stage::Occasional
        }
    }

    /// Silent for so many times the usual pace or, where no pace is known, for so many deviations
    /// longer than others.
    fn is_silent_for(&self, paces: f64, deviations: f64) -> bool {
        self.silence
            .map_or(self.recency_z >= deviations, |silence| silence >= paces)
    }

    /// The first kind whose description fits.
    pub(super) fn kind(&self) -> Kind {
        let is_going = matches!(self.stage(), Stage::Lapsed | Stage::Slipping);
        if self.basket_z >= 1.0 && self.value_z >= 0.5 {
            Kind::BulkBuyer
        } else if self.value_z >= 1.0 {
            Kind::BigSpender
        } else if self.returns_z >= 1.0 {
            Kind::Returner
        } else if self.orders == 1.0 && is_going {
            Kind::OneTimeBuyer
        } else {
            Kind::Customer
        }
    }
}

impl Stage {
    /// The name of a segment at this stage and of this kind.
    pub(super) fn name(self, kind: Kind) -> LocalizedText {
        if self == Self::Prospect {
            return LocalizedText::new("Not yet buyers", "潜在客户");
        }
        let (en, zh) = match self {
            Self::Prospect | Self::Lapsed => ("Lapsed", "流失"),
            Self::Slipping => ("Slipping", "有流失风险"),
            Self::New => ("New", "新"),
            Self::Loyal => ("Loyal", "忠诚"),
            Self::Regular => ("Regular", "常规"),
            Self::Occasional => ("Occasional", "偶购"),
        };
        let (noun_en, noun_zh) = match kind {
            Kind::BulkBuyer => ("bulk buyers", "大宗采购客户"),
            Kind::BigSpender => ("big spenders", "高消费客户"),
            Kind::Returner => ("frequent returners", "常退货客户"),
            Kind::OneTimeBuyer => ("one-time buyers", "一次性客户"),
            Kind::Customer => ("customers", "客户"),
        };
        // 流失客户, but 流失的一次性客户; 有流失风险 never stands bare.
        let is_bare = kind == Kind::Customer && self != Self::Slipping;
        let particle = if is_bare { "" } else { "的" };
        LocalizedText::new(
            format!("{en} {noun_en}"),
            format!("{zh}{particle}{noun_zh}"),
        )
    }

    /// What to do about such customers, in a sentence.
    pub(super) fn advice(self) -> LocalizedText {
        let (en, zh) = match self {
            Self::Prospect => ("Lead them to a first order.", "引导其完成首单。"),
            Self::Lapsed => (
                "Make one offer to win them back, then let them rest.",
                "做一次召回，之后减少打扰。",
            ),
            Self::Slipping => ("Reach out now.", "尽快联系。"),
            Self::New => (
                "Lead them to the second order within the usual time between orders.",
                "在通常的购买间隔内促成下一单。",
            ),
            Self::Loyal => (
                "Thank and reward them, and ask for referrals.",
                "致谢与回馈，邀请推荐。",
            ),
            Self::Regular | Self::Occasional => (
                "Suggest what goes with their past orders.",
                "推荐与过往订单搭配的商品。",
            ),
        };
        LocalizedText::new(en, zh)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Like everybody in everything, ordering in time.
    const USUAL: Standing = Standing {
        recency_z: 0.0,
        silence: Some(1.0),
        trend_z: 0.0,
        tenure_z: 0.0,
        tenure_ratio: 1.0,
        orders_z: 0.0,
        orders: 4.0,
        orders_overall: 4.0,
        value_z: 0.0,
        basket_z: 0.0,
        returns_z: 0.0,
    };

    fn name_of(standing: Standing) -> (String, String) {
        let name = standing.stage().name(standing.kind());
        (name.en, name.zh)
    }

    #[test]
    fn names_say_where_customers_stand() {
        let cases = [
            (USUAL, "Regular customers", "常规客户"),
            (
                Standing {
                    orders: 2.0,
                    ..USUAL
                },
                "Occasional customers",
                "偶购客户",
            ),
            (
                Standing {
                    orders_z: 1.0,
                    value_z: 1.2,
                    ..USUAL
                },
                "Loyal big spenders",
                "忠诚的高消费客户",
            ),
            (
                Standing {
                    tenure_ratio: 0.3,
                    tenure_z: -1.0,
                    ..USUAL
                },
                "New customers",
                "新客户",
            ),
            (
                Standing {
                    silence: Some(2.5),
                    recency_z: 0.4,
                    ..USUAL
                },
                "Slipping customers",
                "有流失风险的客户",
            ),
            (
                Standing {
                    silence: Some(6.0),
                    recency_z: 1.0,
                    orders: 1.0,
                    ..USUAL
                },
                "Lapsed one-time buyers",
                "流失的一次性客户",
            ),
            (
                Standing {
                    orders: 0.0,
                    ..USUAL
                },
                "Not yet buyers",
                "潜在客户",
            ),
        ];
        for (standing, en, zh) in cases {
            assert_eq!(name_of(standing), (en.to_owned(), zh.to_owned()));
        }
    }

    #[test]
    fn without_a_known_pace_silence_is_told_by_comparison() {
        let lapsed = Standing {
            silence: None,
            recency_z: 1.1,
            ..USUAL
        };
        let slipping = Standing {
            recency_z: 0.6,
            ..lapsed
        };

        assert_eq!(lapsed.stage(), Stage::Lapsed);
        assert_eq!(slipping.stage(), Stage::Slipping);
    }
}
