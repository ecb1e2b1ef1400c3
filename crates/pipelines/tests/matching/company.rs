//! A workspace with contacts, and the truth about who is whom.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use rapport_domain::{
    Actor, Author, Contact, ContactId, Currency, IdGenerator, JobStatus, Language, Role, Timestamp,
    User,
};
use rapport_pipelines::{Clock, OpenOptions, Workspace, imports, jobs, matching};
use rapport_store::jobs::Job;
use rapport_store::match_pairs::{self, MatchPair, MatchRun};
use rapport_store::settings::{self, MatchingSettings};
use rapport_store::users::{self, NewUser};
use rapport_store::{ListQuery, Op, Store, access, contacts, identities};
use rapport_twin::TwinParams;
use tempfile::TempDir;

/// A workspace in a folder of its own, whose clock is moved by hand.
pub(crate) struct Company {
    pub(crate) workspace: Workspace,
    pub(crate) user: User,
    _directory: TempDir,
    now: Arc<AtomicI64>,
}

/// Opens a data directory, as the next start would.
async fn open(directory: &Path, now: &Arc<AtomicI64>, ids: IdGenerator) -> Workspace {
    let hand = Arc::clone(now);
    let options = OpenOptions {
        database: rapport_testing::database_of(directory),
        lake: None,
        currency: Currency::USD,
        region: "US".to_owned(),
        memory_limit_bytes: 128 << 20,
        clock: Clock::new(move || Timestamp::from_micros(hand.load(Ordering::SeqCst))),
        ids,
    };
    Workspace::open(directory, options).await.unwrap()
}

impl Company {
    pub(crate) async fn open() -> Self {
        let directory = TempDir::new().unwrap();
        let start = rapport_testing::at("2026-01-01T00:00:00Z").as_micros();
        let now = Arc::new(AtomicI64::new(start));
        let workspace = open(directory.path(), &now, IdGenerator::new(1)).await;
        let new = NewUser {
            id: workspace.ids.next(workspace.clock.now()),
            email: "ada@example.com".parse().unwrap(),
            name: "Ada".to_owned(),
            role: Role::Admin,
            language: Language::En,
            password: "correct horse battery".to_owned(),
        };
        let user = users::create(&workspace.store, new, workspace.clock.now());
        Self {
            user: user.await.unwrap(),
            workspace,
            _directory: directory,
            now,
        }
    }

    /// Lets time pass.
    pub(crate) fn advance_seconds(&self, seconds: i64) {
        self.now.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }

    /// The contacts of a made company, of whom some have several records.
    pub(crate) async fn of_twin(seed: u64, n_customers: u64) -> (Self, Truth) {
        let company = Self::open().await;
        let files = TempDir::new().unwrap();
        let mut params = TwinParams::new(seed, n_customers);
        // A company with many duplicates has them in a hundred people, too.
        params.second_account_permille = 300;
        params.double_entry_permille = 200;
        let twin = params.check().unwrap();
        twin.write(files.path(), &mut |_, _| {}).unwrap();
        for file in rapport_twin::sources() {
            let is_of_people = ["companies.csv", "shop_customers.csv", "crm_contacts.csv"];
            if is_of_people.contains(&file.file_name) {
                let bytes = std::fs::read(files.path().join(file.file_name)).unwrap();
                company.import(file.file_name, file.source, &bytes).await;
            }
        }
        let truth = std::fs::read_to_string(files.path().join("truth/duplicates.csv")).unwrap();
        let truth = Truth::read(&company, &truth).await;
        (company, truth)
    }

    pub(crate) async fn import(&self, name: &str, source: &str, bytes: &[u8]) {
        let import = imports::upload(&self.workspace, name, source, None, u64::MAX, bytes);
        let import = import.await.unwrap();
        let job = imports::start(&self.workspace, import.id).await.unwrap();
        let job = self.run(job).await;
        assert_eq!(job.status, JobStatus::Done, "{:?}", job.error);
    }

    pub(crate) async fn run(&self, job: Job) -> Job {
        let over = jobs::run_until_over(&self.workspace, job.id, &mut |_| {}).await;
        over.unwrap()
    }

    /// Runs the matcher; returns what it did.
    pub(crate) async fn match_contacts(&self) -> MatchRun {
        let job = matching::start(&self.workspace).await.unwrap();
        let job = self.run(job).await;
        assert_eq!(job.status, JobStatus::Done, "{:?}", job.error);
        let run = match_pairs::find_run(&self.workspace.store, job.id).await;
        run.unwrap().unwrap()
    }

    /// The records as the administrator sees and writes them now.
    pub(crate) async fn by_user(&self) -> Store {
        self.by(&self.user).await
    }

    pub(crate) async fn by(&self, user: &User) -> Store {
        let store = &self.workspace.store;
        let access = access::of(store, user).await.unwrap();
        let author = Author::new(Actor::User(user.id), self.workspace.clock.now());
        store.as_seen_by(Arc::new(access)).in_name_of(author)
    }

    /// The open pairs.
    pub(crate) async fn open_pairs(&self) -> Vec<MatchPair> {
        let query = ListQuery {
            limit: ListQuery::LIMIT_MAX,
            ..ListQuery::default().with("status", Op::Eq, "open")
        };
        let mut pairs = Vec::new();
        let mut query = Some(query);
        while let Some(asked) = query.take() {
            let page = match_pairs::list(&self.workspace.store, &asked)
                .await
                .unwrap();
            pairs.extend(page.items);
            query = page.next.map(|cursor| ListQuery {
                cursor: Some(cursor),
                ..asked
            });
        }
        pairs
    }

    pub(crate) async fn set_automatic(&self, threshold: f64) {
        let wanted = MatchingSettings {
            is_automatic: true,
            threshold,
            ..MatchingSettings::default()
        };
        let saved = settings::save_matching(&self.workspace.store, &wanted).await;
        saved.unwrap();
    }

    pub(crate) async fn all_contacts(&self) -> Vec<Contact> {
        let mut after = None;
        let mut all = Vec::new();
        loop {
            let page = match_pairs::page(&self.workspace.store, after, 500)
                .await
                .unwrap();
            let Some(last) = page.last() else {
                return all;
            };
            after = Some(last.contact.id);
            all.extend(page.into_iter().map(|it| it.contact));
        }
    }
}

/// Which people each contact's records are of.
pub(crate) struct Truth {
    pub(crate) people_of: BTreeMap<ContactId, BTreeSet<String>>,
    /// The person of each record, by source and number.
    person_of: HashMap<(String, String), String>,
}

impl Truth {
    async fn read(company: &Company, truth: &str) -> Self {
        let mut person_of = HashMap::new();
        for line in truth.lines().skip(1) {
            let cells: Vec<&str> = line.split(',').collect();
            let source = match cells[1] {
                "shop_customers.csv" => "shop",
                "crm_contacts.csv" => "sales",
                _ => continue,
            };
            person_of.insert(
                (source.to_owned(), cells[2].to_owned()),
                cells[0].to_owned(),
            );
        }
        let mut people_of: BTreeMap<ContactId, BTreeSet<String>> = BTreeMap::new();
        for contact in company.all_contacts().await {
            let known = identities::list_of(&company.workspace.store, contact.id).await;
            for row in known.unwrap() {
                let key = (row.source.name, row.identity.profile_key);
                if let Some(person) = person_of.get(&key) {
                    people_of
                        .entry(contact.id)
                        .or_default()
                        .insert(person.clone());
                }
            }
        }
        Self {
            people_of,
            person_of,
        }
    }

    /// For every record the contact with which it stands now, and its person, by numbers.
    pub(crate) async fn standing(&self, company: &Company) -> (Vec<u32>, Vec<u32>) {
        let mut people: HashMap<&str, u32> = HashMap::new();
        let (mut contacts, mut persons) = (Vec::new(), Vec::new());
        for (contact, number) in company.all_contacts().await.into_iter().zip(0..) {
            let known = identities::list_of(&company.workspace.store, contact.id).await;
            for row in known.unwrap() {
                let key = (row.source.name, row.identity.profile_key);
                let Some(person) = self.person_of.get(&key) else {
                    continue;
                };
                let next = people.len() as u32;
                contacts.push(number);
                persons.push(*people.entry(person).or_insert(next));
            }
        }
        assert_eq!(contacts.len(), self.person_of.len());
        (contacts, persons)
    }

    /// Whether two contacts have records of one person.
    pub(crate) fn are_same(&self, one: ContactId, other: ContactId) -> bool {
        let of = |id| self.people_of.get(&id);
        of(one)
            .zip(of(other))
            .is_some_and(|(one, other)| !one.is_disjoint(other))
    }

    /// All pairs of contacts that have records of one person.
    pub(crate) fn pairs(&self) -> Vec<(ContactId, ContactId)> {
        let mut contacts_of: BTreeMap<&str, Vec<ContactId>> = BTreeMap::new();
        for (contact, people) in &self.people_of {
            for person in people {
                contacts_of.entry(person).or_default().push(*contact);
            }
        }
        let mut pairs = BTreeSet::new();
        for contacts in contacts_of.values() {
            for (at, &right) in contacts.iter().enumerate() {
                pairs.extend(contacts[..at].iter().map(|&left| (left, right)));
            }
        }
        pairs.into_iter().collect()
    }
}

/// The two contacts of a pair.
pub(crate) fn ends(pair: &MatchPair) -> (ContactId, ContactId) {
    (pair.left.contact, pair.right.contact)
}

/// Whether a contact is there.
pub(crate) async fn is_there(company: &Company, contact: ContactId) -> bool {
    let found = contacts::find(&company.workspace.store, contact).await;
    found.unwrap().is_some()
}
