//! Names that people remember: "Loyal big spenders", "Slipping customers".
//!
//! Where recency and frequency are known, a name says where customers stand and what kind of buyer
//! they are ([`Stage`](super::stage::Stage)); of any other table it says what is strongest about a
//! segment. Names that come out alike get the phrase of the feature in which those segments differ
//! most among each other, and a number when even that does not tell them apart.

use std::collections::HashMap;

use rapport_domain::LocalizedText;

use super::SegmentTrait;
use super::stage::Standing;
use crate::{Direction, FeatureInfo, Role};

/// A trait or a difference weaker than this gives no phrase.
const WEAKEST: f64 = 0.3;
/// Phrases of a name made of traits.
const N_PHRASES: usize = 2;
/// Phrases that tell alike names apart, at most.
const N_PHRASES_APART: usize = 2;

/// A name for each segment, given its traits, strongest first.
pub(super) fn names(
    traits: &[Vec<SegmentTrait>],
    standings: Option<&[Standing]>,
    features: &[FeatureInfo],
) -> Vec<LocalizedText> {
    let mut names: Vec<Name> = match standings {
        Some(standings) => standings.iter().map(by_standing).collect(),
        None => traits.iter().map(|of| by_traits(of, features)).collect(),
    };
    for _ in 0..N_PHRASES_APART {
        for alike in alike(&names) {
            tell_apart(&mut names, &alike, traits, features);
        }
    }
    number(names.iter().map(Name::text).collect())
}

/// A name in the making.
struct Name {
    base: LocalizedText,
    phrases: Vec<LocalizedText>,
    /// Roles that have given a phrase.
    roles: Vec<Role>,
}

impl Name {
    fn text(&self) -> LocalizedText {
        let english = self.phrases.iter().map(|phrase| phrase.en.as_str());
        let chinese: Vec<&str> = self.phrases.iter().map(|p| p.zh.as_str()).collect();
        let english: Vec<&str> = [self.base.en.as_str()].into_iter().chain(english).collect();
        let chinese = match chinese.as_slice() {
            [] => self.base.zh.clone(),
            phrases => format!("{}（{}）", self.base.zh, phrases.join("、")),
        };
        LocalizedText::new(english.join(", "), chinese)
    }
}

fn by_standing(standing: &Standing) -> Name {
    Name {
        base: standing.stage().name(standing.kind()),
        phrases: Vec::new(),
        roles: Vec::new(),
    }
}

/// The phrases of the strongest traits, one per role (features of no role are all their own).
fn by_traits(traits: &[SegmentTrait], features: &[FeatureInfo]) -> Name {
    let mut roles: Vec<Role> = Vec::new();
    let mut phrases: Vec<LocalizedText> = Vec::new();
    for found in traits.iter().take_while(|found| found.z.abs() >= WEAKEST) {
        let is_taken = found.role != Role::Other && roles.contains(&found.role);
        if is_taken || phrases.len() == N_PHRASES {
            continue;
        }
        if let Some(phrase) = phrase(&found.feature, found.direction, features) {
            roles.push(found.role);
            phrases.push(phrase);
        }
    }
    let join = |texts: Vec<&str>, separator: &str| texts.join(separator);
    let base = if phrases.is_empty() {
        LocalizedText::new("Average customers", "普通客户")
    } else {
        let english = join(phrases.iter().map(|p| p.en.as_str()).collect(), ", ");
        let chinese = join(phrases.iter().map(|p| p.zh.as_str()).collect(), "、");
        LocalizedText::new(capitalized(&english), chinese)
    };
    Name {
        base,
        phrases: Vec::new(),
        roles,
    }
}

fn phrase(feature: &str, direction: Direction, features: &[FeatureInfo]) -> Option<LocalizedText> {
    let feature = features.iter().find(|info| info.name == feature)?;
    Some(match direction {
        Direction::High => feature.higher.clone(),
        Direction::Low => feature.lower.clone(),
    })
}

/// Segments whose names are the same.
fn alike(names: &[Name]) -> Vec<Vec<usize>> {
    let mut by_name: HashMap<LocalizedText, Vec<usize>> = HashMap::new();
    for (idx, name) in names.iter().enumerate() {
        by_name.entry(name.text()).or_default().push(idx);
    }
    let mut groups: Vec<Vec<usize>> = by_name.into_values().filter(|g| g.len() > 1).collect();
    groups.sort_unstable();
    groups
}

/// Gives the two ends of the widest difference among alike segments its phrases.
fn tell_apart(
    names: &mut [Name],
    alike: &[usize],
    traits: &[Vec<SegmentTrait>],
    features: &[FeatureInfo],
) {
    let is_free = |found: &&SegmentTrait| {
        let is_taken = |&idx: &usize| names[idx].roles.contains(&found.role);
        found.role == Role::Other || !alike.iter().any(is_taken)
    };
    let widest = traits[alike[0]]
        .iter()
        .filter(is_free)
        .filter_map(|found| ends(&found.feature, found.role, alike, traits))
        .max_by(|a, b| a.width.total_cmp(&b.width));
    let Some(ends) = widest.filter(|ends| ends.width >= WEAKEST) else {
        return;
    };
    for (idx, direction) in [(ends.high, Direction::High), (ends.low, Direction::Low)] {
        if let Some(phrase) = phrase(ends.feature, direction, features) {
            names[idx].phrases.push(phrase);
            names[idx].roles.push(ends.role);
        }
    }
}

/// The segments that are highest and lowest in a feature.
struct Ends<'a> {
    feature: &'a str,
    role: Role,
    high: usize,
    low: usize,
    width: f64,
}

fn ends<'a>(
    feature: &'a str,
    role: Role,
    alike: &[usize],
    traits: &[Vec<SegmentTrait>],
) -> Option<Ends<'a>> {
    let z = |idx: usize| {
        let found = traits[idx].iter().find(|t| t.feature == feature);
        found.map_or(0.0, |found| found.z)
    };
    let high = alike
        .iter()
        .copied()
        .max_by(|&a, &b| z(a).total_cmp(&z(b)))?;
    let low = alike
        .iter()
        .copied()
        .min_by(|&a, &b| z(a).total_cmp(&z(b)))?;
    Some(Ends {
        feature,
        role,
        high,
        low,
        width: z(high) - z(low),
    })
}

/// Numbers the names that occur more than once, all but the first.
fn number(names: Vec<LocalizedText>) -> Vec<LocalizedText> {
    let mut seen: HashMap<LocalizedText, usize> = HashMap::new();
    names
        .into_iter()
        .map(|name| {
            let n_seen = seen.entry(name.clone()).or_default();
            *n_seen += 1;
            if *n_seen == 1 {
                return name;
            }
            LocalizedText::new(
                format!("{} {n_seen}", name.en),
                format!("{}{n_seen}", name.zh),
            )
        })
        .collect()
}

fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::shop_features;

    /// Traits of a segment by feature name and z.
    fn traits(of: &[(&str, f64)]) -> Vec<SegmentTrait> {
        let features = shop_features();
        let mut traits: Vec<SegmentTrait> = of
            .iter()
            .map(|&(name, z)| {
                let feature = features.iter().find(|f| f.name == name).unwrap();
                SegmentTrait {
                    feature: name.into(),
                    label: feature.label.clone(),
                    unit: feature.unit,
                    role: feature.role,
                    direction: Direction::of(z),
                    z,
                    typical: 0.0,
                    overall: 0.0,
                }
            })
            .collect();
        traits.sort_by(|a, b| b.z.abs().total_cmp(&a.z.abs()));
        traits
    }

    fn names_of(segments: &[&[(&str, f64)]]) -> Vec<LocalizedText> {
        let traits: Vec<_> = segments.iter().map(|of| traits(of)).collect();
        names(&traits, None, &shop_features())
    }

    #[test]
    fn of_an_unknown_table_names_say_what_is_strongest() {
        let names = names_of(&[
            &[
                ("total_spent", 1.4),
                ("n_orders", 1.6),
                ("recency_days", -0.9),
            ],
            &[("recency_days", 1.1), ("n_orders", -0.8)],
            &[("recency_days", 0.1), ("n_orders", -0.1)],
        ]);

        let english: Vec<&str> = names.iter().map(|name| name.en.as_str()).collect();
        let chinese: Vec<&str> = names.iter().map(|name| name.zh.as_str()).collect();
        assert_eq!(
            english,
            [
                "Many orders, higher spend",
                "Longer ago, few orders",
                "Average customers"
            ]
        );
        assert_eq!(
            chinese,
            ["订单多、消费较高", "较久未购、订单少", "普通客户"]
        );
    }

    #[test]
    fn alike_names_are_told_apart_by_what_differs_most_among_them() {
        let names = names_of(&[
            &[
                ("n_orders", 1.5),
                ("total_spent", 1.4),
                ("recency_days", -0.9),
            ],
            &[
                ("n_orders", 1.2),
                ("total_spent", 1.1),
                ("recency_days", 0.8),
            ],
        ]);

        assert_eq!(names[0].en, "Many orders, higher spend, just bought");
        assert_eq!(names[0].zh, "订单多、消费较高（刚购买）");
        assert_eq!(names[1].en, "Many orders, higher spend, longer ago");
    }

    #[test]
    fn names_that_stay_alike_are_numbered() {
        let names = names_of(&[&[("n_orders", 1.5)], &[("n_orders", 1.4)], &[]]);

        assert_eq!(names[0].en, "Many orders");
        assert_eq!(names[1].en, "Many orders 2");
        assert_eq!(names[1].zh, "订单多2");
        assert_eq!(names[2].en, "Average customers");
    }
}
