//! Measures the matching of the product on made companies: files imported, certain pairs merged, as it is done
//! for a company that turns "merge by itself" on.
//!
//! ```text
//! cargo run --release -p rapport-pipelines --example twin_matching -- \
//!     [--seeds 1,2,3] [--customers N] [--second PERMILLE] [--double PERMILLE] [--threshold P] [--show]
//! ```
//! A line of JSON for each seed: over all records of people (rows of the shop and of the sales team's book)
//! what imports link by addresses and numbers, what stands after certain pairs are merged, and over contacts
//! what the matcher adds by itself. `--show` prints what was missed and what was wrong.
#![expect(
    clippy::print_stdout,
    reason = "the figures are what this program is for"
)]

use std::collections::{BTreeMap, HashMap, HashSet};
use std::error::Error;
use std::path::Path;
use std::time::Instant;

use rapport_domain::{ContactId, Currency, IdGenerator, JobStatus};
use rapport_learn::metrics::{Linkage, b_cubed, pairwise};
use rapport_pipelines::{Clock, OpenOptions, Workspace, imports, jobs, matching};
use rapport_store::jobs::Job;
use rapport_store::match_pairs::{self, MatchPair};
use rapport_store::settings::{self, MatchingSettings};
use rapport_store::{ListQuery, Op, identities};
use rapport_twin::TwinParams;
use serde_json::{Value, json};
use tempfile::TempDir;

type Failure = Box<dyn Error>;

/// Files that hold people, and what the truth calls a record of each.
const PEOPLE_FILES: [(&str, &str); 2] = [
    ("shop_customers.csv", "shop"),
    ("crm_contacts.csv", "sales"),
];

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let (mut seeds, mut is_shown) = (vec![1_u64, 2, 3], false);
    let mut settings = MatchingSettings::default();
    let mut wanted = TwinParams::new(0, 2_000);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or(format!("{argument} needs a value"));
        match argument.as_str() {
            "--seeds" => {
                let parsed: Result<_, _> = value()?.split(',').map(str::parse).collect();
                seeds = parsed?;
            }
            "--customers" => wanted.n_customers = value()?.parse()?,
            "--second" => wanted.second_account_permille = value()?.parse()?,
            "--double" => wanted.double_entry_permille = value()?.parse()?,
            "--threshold" => settings.threshold = value()?.parse()?,
            "--show" => is_shown = true,
            _ => return Err(format!("what is {argument}?").into()),
        }
    }
    for seed in seeds {
        let params = TwinParams {
            seed,
            ..wanted.clone()
        };
        println!("{}", measure(params, &settings, is_shown).await?);
    }
    Ok(())
}

/// Figures of one company.
async fn measure(
    params: TwinParams,
    wanted: &MatchingSettings,
    is_shown: bool,
) -> Result<Value, Failure> {
    let directory = TempDir::new()?;
    let (seed, n_customers) = (params.seed, params.n_customers);
    let (workspace, people) = imported(directory.path(), params).await?;
    let before = standing(&workspace, &people).await?;
    let start = Instant::now();
    settings::save_matching(&workspace.store, wanted).await?;
    let job = matching::start(&workspace).await?;
    let job = done(&workspace, job).await?;
    let run = match_pairs::find_run(&workspace.store, job.id).await?;
    let run = run.ok_or("the job has no run")?;
    let seconds = start.elapsed().as_secs_f64();
    let pairs = open_pairs(&workspace).await?;
    let alone = Alone::of(&before, &pairs, run.threshold);
    if is_shown {
        alone.show(&workspace, &pairs, run.threshold).await?;
    }
    let automatic = MatchingSettings {
        is_automatic: true,
        ..wanted.clone()
    };
    settings::save_matching(&workspace.store, &automatic).await?;
    let job = matching::start(&workspace).await?;
    done(&workspace, job).await?;
    let after = standing(&workspace, &people).await?;
    Ok(json!({
        "seed": seed,
        "people": n_customers,
        "records": before.len(),
        "contacts": { "imported": n_contacts(&before), "matched": n_contacts(&after) },
        "threshold": run.threshold,
        "imported": figures(&before)?,
        "matched": figures(&after)?,
        "matcher_alone": alone.figures(),
        "model": run.model_version,
        "seconds_to_match": seconds,
    }))
}

/// A record of a person, and the contact it stands with.
struct Standing {
    person: u32,
    contact: ContactId,
    script: Script,
}

/// How the name of a record is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Script {
    Chinese,
    Pinyin,
    Western,
}

/// Records of the truth by source and number: person and script.
type People = HashMap<(String, String), (u32, Script)>;

/// A workspace with the people of a made company, and the truth.
async fn imported(directory: &Path, params: TwinParams) -> Result<(Workspace, People), Failure> {
    let now = params.end;
    let files = TempDir::new()?;
    params.check()?.write(files.path(), &mut |_, _| {})?;
    let options = OpenOptions {
        database: None,
        lake: None,
        currency: Currency::USD,
        region: "US".to_owned(),
        memory_limit_bytes: 256 << 20,
        clock: Clock::new(move || now),
        ids: IdGenerator::new(1),
    };
    let workspace = Workspace::open(directory, options).await?;
    for file in rapport_twin::sources() {
        let is_of_people = PEOPLE_FILES.iter().any(|(name, _)| *name == file.file_name);
        if is_of_people || file.file_name == "companies.csv" {
            let bytes = std::fs::read(files.path().join(file.file_name))?;
            let (name, source) = (file.file_name, file.source);
            let import = imports::upload(&workspace, name, source, None, u64::MAX, &bytes[..]);
            let job = imports::start(&workspace, import.await?.id).await?;
            done(&workspace, job).await?;
        }
    }
    let truth = std::fs::read_to_string(files.path().join("truth/duplicates.csv"))?;
    let country = std::fs::read_to_string(files.path().join("truth/people.csv"))?;
    Ok((workspace, people(&truth, &country)))
}

fn people(duplicates: &str, people: &str) -> People {
    let is_chinese: HashSet<&str> = people
        .lines()
        .skip(1)
        .filter_map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            (cells[3] == "CN").then_some(cells[0])
        })
        .collect();
    let mut numbers = HashMap::new();
    let mut known = People::new();
    for line in duplicates.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let source = PEOPLE_FILES.iter().find(|(file, _)| *file == cells[1]);
        let Some((_, source)) = source else { continue };
        let next = numbers.len() as u32;
        let person = *numbers.entry(cells[0]).or_insert(next);
        let script = match (is_chinese.contains(cells[0]), cells[3].contains("pinyin")) {
            (false, _) => Script::Western,
            (true, true) => Script::Pinyin,
            (true, false) => Script::Chinese,
        };
        known.insert(
            ((*source).to_owned(), cells[2].to_owned()),
            (person, script),
        );
    }
    known
}

async fn done(workspace: &Workspace, job: Job) -> Result<Job, Failure> {
    let job = jobs::run_until_over(workspace, job.id, &mut |_| {}).await?;
    match job.status {
        JobStatus::Done => Ok(job),
        status => Err(format!("{} is {status:?}: {:?}", job.kind, job.error).into()),
    }
}

/// Where each record of the truth stands now.
async fn standing(workspace: &Workspace, people: &People) -> Result<Vec<Standing>, Failure> {
    let (mut after, mut all) = (None, Vec::new());
    loop {
        let page = match_pairs::page(&workspace.store, after, 500).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.contact.id);
        for it in page {
            for row in identities::list_of(&workspace.store, it.contact.id).await? {
                let key = (row.source.name, row.identity.profile_key);
                if let Some(&(person, script)) = people.get(&key) {
                    all.push(Standing {
                        person,
                        contact: it.contact.id,
                        script,
                    });
                }
            }
        }
    }
    if all.len() != people.len() {
        let (found, known) = (all.len(), people.len());
        return Err(format!("{found} records are there, {known} were planted").into());
    }
    Ok(all)
}

fn n_contacts(standing: &[Standing]) -> usize {
    let contacts: HashSet<ContactId> = standing.iter().map(|it| it.contact).collect();
    contacts.len()
}

/// Pairwise and B-cubed figures of contacts against people, and recall by how the two names are written.
fn figures(standing: &[Standing]) -> Result<Value, Failure> {
    let mut codes = HashMap::new();
    let found: Vec<u32> = standing
        .iter()
        .map(|it| {
            let next = codes.len() as u32;
            *codes.entry(it.contact).or_insert(next)
        })
        .collect();
    let truth: Vec<u32> = standing.iter().map(|it| it.person).collect();
    let (pairs, rows) = (pairwise(&found, &truth)?, b_cubed(&found, &truth)?);
    Ok(json!({
        "precision": pairs.precision,
        "recall": pairs.recall,
        "f1": pairs.f1,
        "bcubed_f1": rows.f1,
        "by_script": by_script(standing),
    }))
}

/// Pairs that were planted, and the share that stands together, by how both names are written.
fn by_script(standing: &[Standing]) -> Value {
    let mut of_person: BTreeMap<u32, Vec<&Standing>> = BTreeMap::new();
    for it in standing {
        of_person.entry(it.person).or_default().push(it);
    }
    let mut counts: BTreeMap<&str, [u64; 2]> = BTreeMap::new();
    for records in of_person.values() {
        for (at, right) in records.iter().enumerate() {
            for left in &records[..at] {
                let kind = match (left.script, right.script) {
                    (Script::Western, _) => "western",
                    (left, right) if left != right => "mixed",
                    _ => "chinese",
                };
                let count = counts.entry(kind).or_default();
                count[0] += 1;
                count[1] += u64::from(left.contact == right.contact);
            }
        }
    }
    let shares = counts.into_iter().map(|(kind, [n, n_right])| {
        let recall = n_right as f64 / n as f64;
        (kind.to_owned(), json!({ "pairs": n, "recall": recall }))
    });
    Value::Object(shares.collect())
}

/// What the matcher finds among the contacts that imports leave.
struct Alone {
    planted: HashSet<(ContactId, ContactId)>,
    n_even: [u64; 2],
    n_certain: [u64; 2],
}

impl Alone {
    fn of(standing: &[Standing], pairs: &[MatchPair], threshold: f64) -> Self {
        let mut of_person: BTreeMap<u32, Vec<ContactId>> = BTreeMap::new();
        for it in standing {
            let contacts = of_person.entry(it.person).or_default();
            if !contacts.contains(&it.contact) {
                contacts.push(it.contact);
            }
        }
        let mut planted = HashSet::new();
        for contacts in of_person.values() {
            for (at, &right) in contacts.iter().enumerate() {
                planted.extend(contacts[..at].iter().map(|&left| in_order(left, right)));
            }
        }
        let count = |least: f64, needs_group: bool| {
            let found = pairs
                .iter()
                .filter(|pair| pair.probability >= least && (pair.is_grouped || !needs_group));
            let right = found.clone().filter(|pair| planted.contains(&ends(pair)));
            [right.count() as u64, found.count() as u64]
        };
        let (n_even, n_certain) = (count(0.5, false), count(threshold, true));
        Self {
            planted,
            n_even,
            n_certain,
        }
    }

    fn figures(&self) -> Value {
        let of = |[n_right, n]: [u64; 2]| {
            let figures = Linkage::of_pairs(n_right, n, self.planted.len() as u64);
            json!({ "found": n, "precision": figures.precision, "recall": figures.recall, "f1": figures.f1 })
        };
        json!({
            "planted": self.planted.len(),
            "even_odds": of(self.n_even),
            "certain": of(self.n_certain),
        })
    }

    /// Prints what was missed, and what was found and is wrong or not certain.
    async fn show(
        &self,
        workspace: &Workspace,
        pairs: &[MatchPair],
        threshold: f64,
    ) -> Result<(), Failure> {
        let mut told: HashMap<ContactId, String> = HashMap::new();
        let mut after = None;
        loop {
            let page = match_pairs::page(&workspace.store, after, 500).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.contact.id);
            for it in page {
                let contact = &it.contact;
                let address = &contact.address;
                let texts = [
                    Some(contact.name.clone()),
                    contact.email.as_ref().map(ToString::to_string),
                    contact.phone.as_ref().map(ToString::to_string),
                    it.company.clone(),
                    address.street.clone(),
                    address.city.clone(),
                    address.postal_code.clone(),
                ];
                let texts: Vec<String> = texts.into_iter().map(Option::unwrap_or_default).collect();
                told.insert(contact.id, texts.join(" | "));
            }
        }
        let found: HashMap<_, _> = pairs.iter().map(|pair| (ends(pair), pair)).collect();
        let keys: HashSet<_> = self
            .planted
            .iter()
            .copied()
            .chain(found.keys().copied())
            .collect();
        let mut keys: Vec<_> = keys.into_iter().collect();
        keys.sort_unstable();
        for key in keys {
            let is_planted = self.planted.contains(&key);
            let pair = found.get(&key);
            let is_certain =
                pair.is_some_and(|pair| pair.is_grouped && pair.probability >= threshold);
            if is_planted && is_certain {
                continue;
            }
            let mark = if is_planted { "SAME" } else { "other" };
            println!(
                "{mark} {} ",
                pair.map_or("not found".to_owned(), |pair| {
                    let fields: Vec<String> = pair
                        .fields
                        .iter()
                        .map(|it| {
                            format!(
                                "{}:{:?}{:+.1}",
                                it.evidence.field, it.evidence.agreement, it.evidence.weight
                            )
                        })
                        .collect();
                    format!(
                        "{:.5} {} {:.1} {}",
                        pair.probability,
                        pair.is_grouped,
                        pair.prior_weight.unwrap_or(0.0),
                        fields.join(" ")
                    )
                })
            );
            println!("    {}\n    {}", told[&key.0], told[&key.1]);
        }
        Ok(())
    }
}

async fn open_pairs(workspace: &Workspace) -> Result<Vec<MatchPair>, Failure> {
    let first = ListQuery {
        limit: ListQuery::LIMIT_MAX,
        ..ListQuery::default().with("status", Op::Eq, "open")
    };
    let (mut pairs, mut query) = (Vec::new(), Some(first));
    while let Some(asked) = query.take() {
        let page = match_pairs::list(&workspace.store, &asked).await?;
        pairs.extend(page.items);
        query = page.next.map(|cursor| ListQuery {
            cursor: Some(cursor),
            ..asked
        });
    }
    Ok(pairs)
}

fn ends(pair: &MatchPair) -> (ContactId, ContactId) {
    in_order(pair.left.contact, pair.right.contact)
}

fn in_order(one: ContactId, other: ContactId) -> (ContactId, ContactId) {
    if one < other {
        (one, other)
    } else {
        (other, one)
    }
}
