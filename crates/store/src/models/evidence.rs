//! What a promotion rests on: three figures on the same rows, which neither a copy of the version
//! (learned from the other rows) nor the naive method had seen. A champion that was trained on them has
//! the advantage.

use rapport_domain::{ModelId, Timestamp};
use serde::{Deserialize, Serialize};

use super::PromotionRefusal;

/// A comparison of a version with the champion of its time and with the naive method.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// Which figure.
    pub metric: String,
    /// Whether more is better.
    pub is_higher_better: bool,
    /// Rows that all three were measured on.
    pub n_rows: u64,
    /// The version's figure.
    pub value: f64,
    /// The champion's; none where there was none.
    pub champion: Option<ChampionFigure>,
    /// The naive method's.
    pub baseline: NamedFigure,
    /// What is saved against the champion in each row, where a challenge over time told it.
    pub saved_against_champion: Option<Saved>,
    /// What is saved against the baseline in each row, where a challenge over time told it.
    pub saved_against_baseline: Option<Saved>,
    /// When it was measured.
    pub measured_at: Timestamp,
}

/// The figure of the champion that a version was compared with.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ChampionFigure {
    /// Which model.
    pub model_id: ModelId,
    /// Its version.
    pub version: u64,
    /// Its figure; none where it cannot answer for these rows, which then beats it.
    pub value: Option<f64>,
}

/// A figure under a name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NamedFigure {
    /// Whose it is.
    pub name: String,
    /// The figure; none where the method has none, which then counts as beaten.
    pub value: Option<f64>,
}

/// A range that holds what is saved in each row.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Saved {
    /// Lower end.
    pub lower: f64,
    /// Upper end.
    pub upper: f64,
}

impl Evidence {
    /// Whether the version is better than the champion there is now and than the naive method.
    ///
    /// # Errors
    /// What it is not better than, with both figures; or that the champion is another by now.
    pub fn judge(&self, champion: Option<(ModelId, u64)>) -> Result<(), PromotionRefusal> {
        if let Some((id, version)) = champion {
            let compared = self.champion.filter(|compared| compared.model_id == id);
            let compared = compared.ok_or(PromotionRefusal::StaleEvidence { version })?;
            self.judge_champion(compared)?;
        }
        let is_beaten = self.beats(self.baseline.value) && is_saving(self.saved_against_baseline);
        if is_beaten {
            return Ok(());
        }
        Err(PromotionRefusal::NotBetterThanBaseline {
            metric: self.metric.clone(),
            value: self.value,
            name: self.baseline.name.clone(),
            baseline: self.baseline.value.unwrap_or(f64::NAN),
            n_rows: self.n_rows,
        })
    }

    fn judge_champion(&self, champion: ChampionFigure) -> Result<(), PromotionRefusal> {
        if self.beats(champion.value) && is_saving(self.saved_against_champion) {
            return Ok(());
        }
        Err(PromotionRefusal::NotBetterThanChampion {
            metric: self.metric.clone(),
            value: self.value,
            version: champion.version,
            champion: champion.value.unwrap_or(f64::NAN),
            n_rows: self.n_rows,
        })
    }

    /// Whether the version's figure is strictly better; no figure at all is beaten by any number.
    fn beats(&self, other: Option<f64>) -> bool {
        match other {
            Some(other) if self.is_higher_better => self.value > other,
            Some(other) => self.value < other,
            None => self.value.is_finite(),
        }
    }
}

/// A range says "better" only where all of it does.
fn is_saving(saved: Option<Saved>) -> bool {
    saved.is_none_or(|saved| saved.lower > 0.0)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn evidence(value: f64, champion: f64, baseline: f64) -> Evidence {
        Evidence {
            metric: "auc".to_owned(),
            is_higher_better: true,
            n_rows: 400,
            value,
            champion: Some(ChampionFigure {
                model_id: ModelId(Uuid::nil()),
                version: 2,
                value: Some(champion),
            }),
            baseline: NamedFigure {
                name: "base_rate".to_owned(),
                value: Some(baseline),
            },
            saved_against_champion: None,
            saved_against_baseline: None,
            measured_at: Timestamp::from_millis(0),
        }
    }

    const CHAMPION: Option<(ModelId, u64)> = Some((ModelId(Uuid::nil()), 2));

    #[test]
    fn both_must_be_beaten_and_a_tie_is_no_win() {
        assert_eq!(evidence(0.9, 0.8, 0.7).judge(CHAMPION), Ok(()));
        assert!(evidence(0.8, 0.8, 0.7).judge(CHAMPION).is_err());
        assert!(evidence(0.9, 0.8, 0.9).judge(CHAMPION).is_err());
        assert!(evidence(f64::NAN, 0.8, 0.7).judge(CHAMPION).is_err());
        let mut loss = evidence(0.2, 0.3, 0.4);
        loss.is_higher_better = false;
        assert_eq!(loss.judge(CHAMPION), Ok(()));
    }

    #[test]
    fn a_refusal_names_both_figures() {
        let refusal = evidence(0.87, 0.88, 0.5).judge(CHAMPION).unwrap_err();

        assert_eq!(
            refusal.to_string(),
            "auc 0.8700 is not better than 0.8800 of the champion (version 2) on the same 400 rows; \
             keep the champion or train a better model"
        );
    }

    #[test]
    fn a_champion_that_came_since_was_not_compared_with() {
        let other = Some((ModelId(Uuid::max()), 3));

        let refusal = evidence(0.9, 0.8, 0.7).judge(other);

        assert_eq!(refusal, Err(PromotionRefusal::StaleEvidence { version: 3 }));
        assert_eq!(evidence(0.9, 0.8, 0.7).judge(None), Ok(()));
    }

    #[test]
    fn a_range_that_holds_nothing_saved_is_no_win() {
        let mut doubtful = evidence(0.9, 0.8, 0.7);
        doubtful.saved_against_champion = Some(Saved {
            lower: -0.001,
            upper: 0.2,
        });

        assert!(doubtful.judge(CHAMPION).is_err());
    }

    #[test]
    fn a_champion_that_cannot_answer_is_beaten() {
        let mut alone = evidence(0.9, 0.8, 0.7);
        alone.champion = alone.champion.map(|champion| ChampionFigure {
            value: None,
            ..champion
        });

        assert_eq!(alone.judge(CHAMPION), Ok(()));
    }
}
