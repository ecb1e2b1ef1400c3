//! The whole way: candidates, what agreements are worth, scores, groups.

use rapport_learn::{Context, map_parts};

use crate::blocking::{self, Candidates, Gatherer};
use crate::cluster::{self, ClusterParams};
use crate::compare::{Comparer, Memory};
use crate::fellegi_sunter::{
    self, Frequencies, PatternCounts, RandomPairs, Scorer, Sieve, Thought, Use, Waterfall,
};
use crate::{
    BlockingParams, BlockingReport, Constraints, Edge, FieldKind, IdentityError, MatchModel,
    Records,
};

/// Settings of a match.
#[derive(Debug, Clone, PartialEq)]
pub struct MatchParams {
    /// How candidates are found.
    pub blocking: BlockingParams,
    /// How pairs make groups.
    pub clustering: ClusterParams,
    /// Pairs with fewer bits than this are not kept.
    pub kept_above: f32,
    /// Candidates that weights are fitted on; more are sampled by record.
    pub n_fitted_max: u64,
    /// Times that weights are fitted again on the groups that were found.
    pub n_refits: usize,
    /// Pairs that are thought of for each that is seen to match. Where few match, as where the obvious ones are
    /// linked already, what many others have in common would pass for it, and more should be thought of.
    pub share_thought: f64,
    /// Whether who shares an address of mail or a telephone number is one record already, as in a CRM whose
    /// imports link by these. A person's records that are left have several, so that these say next to nothing
    /// against it; names and addresses come in several orders and scripts; and few values stand twice, so that
    /// how rare they are is estimated from how rare others are.
    pub are_linked: bool,
}

impl Default for MatchParams {
    /// Pairs above -10 bits are kept; weights are fitted on half a million candidates, and
    /// twice again on groups.
    fn default() -> Self {
        Self {
            blocking: BlockingParams::default(),
            clustering: ClusterParams::default(),
            kept_above: -10.0,
            n_fitted_max: 500_000,
            n_refits: 2,
            share_thought: fellegi_sunter::SHARE_THOUGHT,
            are_linked: false,
        }
    }
}

impl MatchParams {
    /// Refuses settings that cannot be.
    ///
    /// # Errors
    /// [`IdentityError::Parameter`] with what it may be.
    pub fn check(&self) -> Result<(), IdentityError> {
        let refuse = |name, value: String, allowed| {
            Err(IdentityError::Parameter {
                name,
                value,
                allowed,
            })
        };
        let n = self.blocking.n_of_block_max;
        if n < 2 {
            return refuse(
                "n_of_block_max",
                n.to_string(),
                "a block has at least 2 records",
            );
        }
        if self.blocking.n_per_record_max == 0 {
            return refuse(
                "n_per_record_max",
                "0".to_owned(),
                "give each record at least 1 candidate",
            );
        }
        if !self.kept_above.is_finite() {
            return refuse(
                "kept_above",
                self.kept_above.to_string(),
                "give a finite number of bits",
            );
        }
        Ok(())
    }
}

/// Who is who.
#[derive(Debug, Clone)]
pub struct Resolution {
    /// The group of each record: `(n_records,)`, numbered from 0 in the order of first standing.
    pub clusters: Vec<u32>,
    /// Pairs that were kept, by their first and then their second record.
    pub edges: Vec<Edge>,
    /// What agreements are worth.
    pub model: MatchModel,
    /// What was looked at.
    pub blocking: BlockingReport,
}

impl Resolution {
    /// Why two records do or do not match.
    pub fn explain(&self, records: &Records, left: u32, right: u32) -> Waterfall {
        let mut why = self.explain_many(records, &[(left, right)]);
        why.remove(0)
    }

    /// The same of many pairs, an answer each in their order: what is worked out of all records is worked out
    /// once.
    pub fn explain_many(&self, records: &Records, pairs: &[(u32, u32)]) -> Vec<Waterfall> {
        let comparer = Comparer::new(records);
        let scorer = Scorer::new(records, &comparer, &self.model);
        let mut memory = Memory::new();
        let why = |&(left, right): &(u32, u32)| scorer.explain(left, right, &mut memory);
        pairs.iter().map(why).collect()
    }

    /// The same of pairs that are not among the records; their texts stand in the order of
    /// [`Records::fields`]. Afterwards the records are what they were.
    ///
    /// # Errors
    /// [`IdentityError::Ragged`] where there are more or fewer texts than fields.
    pub fn explain_others(
        &self,
        records: &mut Records,
        pairs: &[[Vec<&str>; 2]],
    ) -> Result<Vec<Waterfall>, IdentityError> {
        let expected = records.columns.len();
        let all = || pairs.iter().flatten();
        if let Some(texts) = all().find(|texts| texts.len() != expected) {
            return Err(IdentityError::Ragged {
                column: "of a pair".to_owned(),
                found: texts.len(),
                expected,
            });
        }
        let places: Vec<u32> = all().map(|texts| records.push(texts)).collect();
        let asked: Vec<(u32, u32)> = places.chunks(2).map(|two| (two[0], two[1])).collect();
        let why = self.explain_many(records, &asked);
        places.iter().for_each(|_| records.pop());
        Ok(why)
    }
}

/// Finds the groups of records that are of one person or company each, without labels.
///
/// # Errors
/// [`IdentityError`] for settings that cannot be, rules that contradict each other, and the caller's wish
/// to stop.
pub fn resolve(
    records: &Records,
    constraints: &Constraints,
    params: &MatchParams,
    context: &Context<'_>,
) -> Result<Resolution, IdentityError> {
    params.check()?;
    context.progress.report("finding candidates", 0, 0);
    let (blocks, mut report) = blocking::block(records, &params.blocking, context)?;
    let candidates = Candidates::new(&blocks, records.n_records());
    let work = Work {
        records,
        candidates: &candidates,
        constraints,
        context,
    };
    context
        .progress
        .report("learning what agreements are worth", 0, 0);
    let comparer = Comparer::new(records);
    let random = RandomPairs::draw(records, &comparer, context);
    let mut model = work.fit(&comparer, &random, params, &report)?;
    context.progress.report("scoring pairs", 0, 0);
    let scorer = Scorer::new(records, &comparer, &model);
    let (mut edges, n_pairs) = work.score(&scorer, params.kept_above)?;
    report.n_pairs = n_pairs;
    context.progress.report("grouping", 0, 0);
    let mut clusters = work.group(&scorer, &edges, &params.clustering)?;
    for _ in 0..params.n_refits {
        context.progress.report("fitting again", 0, 0);
        model = work.refit(&comparer, &random, &clusters, params)?;
        let scorer = Scorer::new(records, &comparer, &model);
        work.score_again(&scorer, &mut edges)?;
        clusters = work.group(&scorer, &edges, &params.clustering)?;
    }
    Ok(Resolution {
        clusters,
        edges,
        model,
        blocking: report,
    })
}

/// Records of a group whose pairs are looked at for weights.
const N_OF_GROUP_MAX: usize = 40;

/// What all steps need.
struct Work<'w> {
    records: &'w Records,
    candidates: &'w Candidates<'w>,
    constraints: &'w Constraints,
    context: &'w Context<'w>,
}

/// Records of one part of the work; enough that a part outweighs its start, few enough to share well.
const N_OF_PART: u32 = 4096;

impl Work<'_> {
    /// Applies work to parts of the records, each with a memory and a gatherer.
    fn by_part<R: Send>(
        &self,
        work: impl Fn(std::ops::Range<u32>, &mut Tools) -> R + Sync,
    ) -> Vec<R> {
        let n = self.records.n_records() as u32;
        let n_parts = n.div_ceil(N_OF_PART).max(self.context.threads.get() as u32);
        let n_tools = self.context.threads.get();
        let tools: Vec<std::sync::Mutex<Tools>> = (0..n_tools)
            .map(|_| std::sync::Mutex::new(Tools::new(n as usize)))
            .collect();
        map_parts(
            self.context.threads,
            (0..n_parts as usize).map(|part| part as u32),
            |part: u32| {
                let share =
                    |part: u32| (u64::from(n) * u64::from(part) / u64::from(n_parts)) as u32;
                let mut free = tools.iter().filter_map(|tools| tools.try_lock().ok());
                match free.next() {
                    Some(mut tools) => work(share(part)..share(part + 1), &mut tools),
                    None => work(share(part)..share(part + 1), &mut Tools::new(n as usize)),
                }
            },
        )
    }

    /// What is thought of the fields before data.
    fn thought(&self, params: &MatchParams) -> Thought {
        let of_kind = |kind| match kind {
            FieldKind::Email | FieldKind::Phone if params.are_linked => Use::Linked,
            FieldKind::FullName | FieldKind::Street | FieldKind::City if params.are_linked => {
                Use::Words
            }
            _ => Use::Plain,
        };
        Thought {
            share: params.share_thought,
            uses: self
                .records
                .fields()
                .map(|field| of_kind(field.kind))
                .collect(),
        }
    }

    fn estimated(
        &self,
        mut frequencies: Vec<Frequencies>,
        params: &MatchParams,
    ) -> Vec<Frequencies> {
        if params.are_linked {
            for (frequencies, column) in frequencies.iter_mut().zip(&self.records.columns) {
                frequencies.estimate(column);
            }
        }
        frequencies
    }

    /// Weights from the patterns of candidates.
    fn fit(
        &self,
        comparer: &Comparer<'_>,
        random: &RandomPairs,
        params: &MatchParams,
        report: &BlockingReport,
    ) -> Result<MatchModel, IdentityError> {
        let frequencies = self.estimated(Frequencies::by_record(self.records), params);
        let u = random.chances(&frequencies, |_, _| false);
        self.context.proceed()?;
        let stride = (report.n_pairs_of_blocks / params.n_fitted_max.max(1) / 2 + 1) as u32;
        let parts = self.by_part(|part, tools| {
            let mut counts = PatternCounts::default();
            for record in part.filter(|record| record.is_multiple_of(stride)) {
                for &other in self.candidates.before(record, &mut tools.gatherer) {
                    if !self.constraints.keeps_apart(other, record) {
                        counts.add(comparer.pattern(other, record, &mut tools.memory));
                    }
                }
            }
            counts
        });
        let counts = PatternCounts::sum(parts);
        let n_pairs = report.n_pairs_possible as f64 / f64::from(stride);
        let kinds: Vec<_> = self.records.fields().map(|field| field.kind).collect();
        let subjects = fellegi_sunter::subjects(&kinds);
        let fitted = fellegi_sunter::fit(
            counts,
            &u,
            &subjects,
            n_pairs,
            self.records.n_records(),
            &self.thought(params),
        );
        Ok(MatchModel::new(self.records, &fitted, &u, &frequencies))
    }

    /// Weights from groups: `m` from the pairs within them, `u` and frequencies from the pairs between.
    fn refit(
        &self,
        comparer: &Comparer<'_>,
        random: &RandomPairs,
        clusters: &[u32],
        params: &MatchParams,
    ) -> Result<MatchModel, IdentityError> {
        self.context.proceed()?;
        let frequencies = Frequencies::by_group(self.records, clusters, self.context);
        let frequencies = self.estimated(frequencies, params);
        let is_match = |a: u32, b: u32| clusters[a as usize] == clusters[b as usize];
        let u = random.chances(&frequencies, is_match);
        let mut by_group: Vec<u32> = (0..clusters.len() as u32).collect();
        by_group.sort_unstable_by_key(|&record| (clusters[record as usize], record));
        let groups: Vec<&[u32]> = by_group
            .chunk_by(|&a, &b| is_match(a, b))
            .filter(|group| group.len() > 1)
            .collect();
        let parts = map_parts(
            self.context.threads,
            groups.chunks(N_OF_PART as usize),
            |part| {
                let (mut memory, mut counts) = (Memory::new(), PatternCounts::default());
                for group in part {
                    let group = &group[..group.len().min(N_OF_GROUP_MAX)];
                    for (at, &right) in group.iter().enumerate() {
                        for &left in &group[..at] {
                            counts.add(comparer.pattern(left, right, &mut memory));
                        }
                    }
                }
                counts
            },
        );
        let counts = PatternCounts::sum(parts);
        let n = self.records.n_records() as f64;
        let fitted =
            fellegi_sunter::fit_groups(counts, &u, n * (n - 1.0) / 2.0, &self.thought(params));
        Ok(MatchModel::new(self.records, &fitted, &u, &frequencies))
    }

    /// New weights for pairs that are kept already.
    fn score_again(&self, scorer: &Scorer<'_>, edges: &mut [Edge]) -> Result<(), IdentityError> {
        self.context.proceed()?;
        let size = edges.len().div_ceil(self.context.threads.get() * 8).max(1);
        map_parts(self.context.threads, edges.chunks_mut(size), |part| {
            let mut memory = Memory::new();
            for edge in part {
                edge.weight = scorer.score(edge.left, edge.right, &mut memory).1;
            }
        });
        Ok(())
    }

    /// The pairs that have enough bits, and how many were compared.
    fn score(
        &self,
        scorer: &Scorer<'_>,
        kept_above: f32,
    ) -> Result<(Vec<Edge>, u64), IdentityError> {
        self.context.proceed()?;
        let sieve = Sieve::new(scorer);
        let parts = self.by_part(|part, tools| {
            let (mut edges, mut n_pairs) = (Vec::new(), 0);
            for right in part {
                let before = self.candidates.before(right, &mut tools.gatherer);
                n_pairs += before.len() as u64;
                let held = sieve.hold(right);
                for &left in before {
                    if !sieve.lets_through(&held, left, kept_above) {
                        continue;
                    }
                    let (_, weight) = scorer.score(left, right, &mut tools.memory);
                    if weight > kept_above && !self.constraints.keeps_apart(left, right) {
                        edges.push(Edge {
                            left,
                            right,
                            weight,
                        });
                    }
                }
            }
            (edges, n_pairs)
        });
        let n_pairs = parts.iter().map(|(_, n)| n).sum();
        let mut edges: Vec<Edge> = parts.into_iter().flat_map(|(edges, _)| edges).collect();
        edges.sort_unstable_by_key(|edge| (edge.left, edge.right));
        Ok((edges, n_pairs))
    }

    fn group(
        &self,
        scorer: &Scorer<'_>,
        edges: &[Edge],
        params: &ClusterParams,
    ) -> Result<Vec<u32>, IdentityError> {
        let weigh = |left, right| scorer.score(left, right, &mut Memory::of_one()).1;
        let n = self.records.n_records();
        cluster::cluster(n, edges, self.constraints, params, &weigh, self.context)
    }
}

/// What one thread works with.
struct Tools {
    gatherer: Gatherer,
    memory: Memory,
}

impl Tools {
    fn new(n_records: usize) -> Self {
        Self {
            gatherer: Gatherer::new(n_records),
            memory: Memory::new(),
        }
    }
}
