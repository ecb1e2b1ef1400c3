//! The files as a whole: the same bytes each time, prefixes of one another, covered by the truth.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::{self, Write};
use std::rc::Rc;

use proptest::prelude::*;
use rapport_domain::PhoneNumber;
use rapport_twin::{Sink, TwinCounts, TwinParams, sources};
use sha2::{Digest, Sha256};

type Files = Rc<RefCell<BTreeMap<String, Vec<u8>>>>;

/// Files in memory.
#[derive(Default)]
struct Memory(Files);

struct Part {
    files: Files,
    path: String,
}

impl Write for Part {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut files = self.files.borrow_mut();
        files.get_mut(&self.path).unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Sink for Memory {
    fn create(&mut self, path: &str) -> io::Result<Box<dyn Write>> {
        self.0.borrow_mut().insert(path.to_owned(), Vec::new());
        Ok(Box::new(Part {
            files: Rc::clone(&self.0),
            path: path.to_owned(),
        }))
    }

    fn finish(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn generate(params: TwinParams) -> (BTreeMap<String, Vec<u8>>, TwinCounts) {
    let mut memory = Memory::default();
    let counts = params
        .check()
        .unwrap()
        .write_to(&mut memory, &mut |_, _| {})
        .unwrap();
    (memory.0.take(), counts)
}

fn digest(files: &BTreeMap<String, Vec<u8>>) -> String {
    let mut hash = Sha256::new();
    for (path, bytes) in files {
        hash.update(path);
        hash.update(bytes);
    }
    let bytes = hash.finalize();
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn table(files: &BTreeMap<String, Vec<u8>>, path: &str) -> Vec<HashMap<String, String>> {
    let mut reader = csv::Reader::from_reader(files[path].as_slice());
    reader.deserialize().map(|row| row.unwrap()).collect()
}

fn lines(files: &BTreeMap<String, Vec<u8>>, path: &str) -> Vec<serde_json::Value> {
    let text = std::str::from_utf8(&files[path]).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn one_seed_gives_one_company() {
    let (first, _) = generate(TwinParams::new(3, 150));
    let (again, _) = generate(TwinParams::new(3, 150));
    let (other, _) = generate(TwinParams::new(4, 150));

    assert_eq!(digest(&first), digest(&again));
    assert_ne!(digest(&first), digest(&other));
    // The bytes of every platform and of every release that does not say otherwise in the change log.
    assert_eq!(
        digest(&first),
        "869ae0ea1b43f0fdeccd419a8c918c0405c9b2d89632d7408318e76087ae5940"
    );
    // Deals came later, and moved nothing of all that was there before them.
    let later = ["deals.csv", "truth/deal_stages.csv", "truth/README.md"];
    let mut before = first;
    before.retain(|path, _| !later.contains(&path.as_str()));
    assert_eq!(
        digest(&before),
        "2e80eec9a70fd3991db236746d190a5441b0ee25cfe6fc10adb911825e43d249"
    );
}

#[test]
fn a_smaller_company_is_the_beginning_of_a_larger_one() {
    let (small, _) = generate(TwinParams::new(5, 64));
    let (large, _) = generate(TwinParams::new(5, 200));

    for (path, bytes) in &small {
        assert!(large[path].starts_with(bytes), "{path}");
    }
}

#[test]
fn the_truth_covers_every_record_once() {
    let (files, counts) = generate(TwinParams::new(6, 400));
    let mut known: HashMap<(String, String), String> = HashMap::new();
    for row in table(&files, "truth/duplicates.csv") {
        let key = (row["file"].clone(), row["record_id"].clone());
        assert!(known.insert(key, row["person_id"].clone()).is_none());
    }

    let records = |path: &str, column: &str| -> Vec<(String, String)> {
        let rows = table(&files, path).into_iter();
        rows.map(|row| (path.to_owned(), row[column].clone()))
            .collect()
    };
    let mut all = records("shop_customers.csv", "Customer ID");
    all.extend(records("crm_contacts.csv", "客户编号"));
    let tickets = lines(&files, "support_tickets.jsonl");
    all.extend(tickets.iter().map(|ticket| {
        let id = ticket["ticket_id"].as_str().unwrap();
        ("support_tickets.jsonl".to_owned(), id.to_owned())
    }));

    assert_eq!(all.len(), known.len());
    assert!(all.iter().all(|record| known.contains_key(record)));
    let people: HashSet<_> = known.values().collect();
    assert_eq!(people.len(), 400);
    assert!(all.len() > 500, "some people have several records");
    assert_eq!(counts.rows("truth/duplicates.csv"), all.len() as u64);
}

#[test]
fn orders_and_events_name_accounts_and_products_that_exist() {
    let (files, _) = generate(TwinParams::new(7, 200));
    let column = |path: &str, name: &str| -> HashSet<String> {
        let rows = table(&files, path).into_iter();
        rows.map(|row| row[name].clone()).collect()
    };
    let accounts = column("shop_customers.csv", "Customer ID");
    let skus = column("products.csv", "SKU");

    assert!(column("orders.csv", "Customer ID").is_subset(&accounts));
    assert!(column("orders.csv", "SKU").is_subset(&skus));
    for path in ["page_views.jsonl", "campaign_events.jsonl"] {
        let mut ids = HashSet::new();
        for event in lines(&files, path) {
            assert!(accounts.contains(event["customer_id"].as_str().unwrap()));
            assert!(ids.insert(event["message_id"].as_str().unwrap().to_owned()));
        }
    }
    let companies = column("companies.csv", "Company ID");
    let mut of_people = column("truth/people.csv", "company_id");
    of_people.remove("");
    assert!(!of_people.is_empty() && of_people.is_subset(&companies));
}

#[test]
fn deals_name_people_and_companies_that_exist_and_stand_where_their_way_ends() {
    let (files, _) = generate(TwinParams::new(11, 400));
    let column = |path: &str, name: &str| -> HashSet<String> {
        let rows = table(&files, path).into_iter();
        rows.map(|row| row[name].clone()).collect()
    };
    let emails = column("shop_customers.csv", "Email");
    let companies = column("companies.csv", "Company ID");
    // The last row of a deal overwrites those before it.
    let way = table(&files, "truth/deal_stages.csv").into_iter();
    let way: HashMap<_, _> = way.map(|row| (row["deal_id"].clone(), row)).collect();

    let deals = table(&files, "deals.csv");
    assert_eq!(deals.len(), way.len());
    assert!(deals.len() > 40, "{}", deals.len());
    for deal in deals {
        assert!(emails.contains(&deal["Contact email"]), "{deal:?}");
        assert!(companies.contains(&deal["Company ID"]), "{deal:?}");
        let last = &way[&deal["Deal ID"]];
        assert_eq!(deal["Stage"], last["stage"]);
        let entered_at = last["entered_at"].replace('T', " ").replace('Z', "");
        assert_eq!(deal["Stage entered at"], entered_at);
    }
    assert!(column("deals.csv", "Stage").len() >= 4);
}

#[test]
fn true_phone_numbers_are_e164() {
    let (files, _) = generate(TwinParams::new(8, 200));

    for row in table(&files, "truth/people.csv") {
        assert!(row["phone"].parse::<PhoneNumber>().is_ok(), "{row:?}");
    }
}

#[test]
fn sources_name_files_that_are_written() {
    let (files, _) = generate(TwinParams::new(9, 5));
    let written = files.keys().filter(|path| !path.starts_with("truth/"));

    assert_eq!(written.count(), sources().len());
    assert!(
        sources()
            .iter()
            .all(|source| files.contains_key(source.file_name))
    );
}

#[test]
fn a_directory_gets_all_files_and_no_temporary_ones() {
    let directory = tempfile::tempdir().unwrap();
    let mut last = (0, 0);

    let counts = TwinParams::new(10, 130)
        .check()
        .unwrap()
        .write(directory.path(), &mut |done, total| last = (done, total))
        .unwrap();

    assert_eq!(last, (130, 130));
    for file in &counts.files {
        assert!(directory.path().join(file.path).is_file(), "{}", file.path);
    }
    let names = std::fs::read_dir(directory.path()).unwrap();
    assert_eq!(names.count(), sources().len() + 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn files_of_any_size_are_well_formed(seed in any::<u64>(), n in 1_u64..200) {
        let (files, counts) = generate(TwinParams::new(seed, n));

        prop_assert_eq!(counts.rows("truth/people.csv"), n);
        for file in &counts.files {
            let rows = if file.path.ends_with(".csv") {
                table(&files, file.path).len()
            } else if file.path.ends_with(".jsonl") {
                lines(&files, file.path).len()
            } else {
                0
            };
            prop_assert_eq!(rows as u64, file.rows, "{}", file.path);
        }
    }
}
