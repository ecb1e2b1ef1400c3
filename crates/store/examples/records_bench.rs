//! What opening, listing, searching and saving records takes in a company of a given size.
//!
//! `cargo xtask bench records`, or on a server of one's own
//! `cargo run --release -p rapport-store --example records_bench -- [CONTACTS COMPANIES DEALS]
//! [--postgres ADDRESS]`. Figures depend on the machine; the records follow from a formula.
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::error::Error;
use std::future::Future;
use std::time::Instant;

use futures::future::try_join_all;
use rapport_domain::{
    Company, Contact, Currency, Deal, IdGenerator, ImportId, Money, Order, OrderStatus, Pipeline,
    Product, SourceId, Stage, StageOutcome, Timestamp,
};
use rapport_store::imports::{self, ImportBatch, NewImport};
use rapport_store::jobs::NewJob;
use rapport_store::{
    ListQuery, Op, Store, StoreConfig, StoreError, companies, contacts, deals, pipelines, search,
    sources,
};

/// Repeats of each question.
const N_TIMES: usize = 15;
/// Records of one batch of the filling.
const N_OF_BATCH: usize = 10_000;
/// Records of other kinds, for each contact.
const PRODUCTS_SHARE: usize = 50;
const ORDERS_SHARE: usize = 2;

const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗";
const GIVEN: &str = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉力玲建国";
const FIRST: [&str; 12] = [
    "Anna", "James", "Mary", "John", "Linda", "Robert", "Laura", "Michael", "Lisa", "David",
    "Susan", "Oliver",
];
const LAST: [&str; 12] = [
    "Smith", "Johnson", "Lee", "Brown", "Garcia", "Lopez", "Miller", "Lewis", "Davis", "Wilson",
    "Anderson", "Zhukov",
];

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (sizes, address) = match arguments.iter().position(|a| a == "--postgres") {
        Some(at) => (&arguments[..at], arguments.get(at + 1)),
        None => (&arguments[..], None),
    };
    let sizes: Vec<usize> = sizes.iter().map(|n| n.parse()).collect::<Result<_, _>>()?;
    let [n_contacts, n_companies, n_deals] = match sizes[..] {
        [] => [250_000, 10_000, 25_000],
        [n_contacts, n_companies, n_deals] => [n_contacts, n_companies, n_deals],
        _ => return Err("say how many contacts, companies and deals".into()),
    };
    let directory = tempfile::tempdir()?;
    let config = match address {
        Some(address) => StoreConfig::postgres(address),
        None => StoreConfig::in_directory(directory.path()),
    };
    let store = Store::open(&config).await?;
    let bench = Bench::new(&store).await?;
    bench.fill(n_contacts, n_companies, n_deals).await?;
    println!("{:32} {:>9} {:>9}", "", "p50 ms", "p95 ms");
    bench.open_and_save().await?;
    bench.lists().await?;
    bench.searches().await?;
    Ok(())
}

struct Bench<'s> {
    store: &'s Store,
    ids: IdGenerator,
    now: Timestamp,
    source: SourceId,
    import: ImportId,
}

impl<'s> Bench<'s> {
    async fn new(store: &'s Store) -> Result<Self, StoreError> {
        let ids = IdGenerator::new(1);
        let now = Timestamp::from_millis(1_790_000_000_000);
        let source = sources::find_or_create(store, "bench", ids.next(now), now).await?;
        let new = NewImport {
            id: ids.next(now),
            source_id: source.id,
            file_name: "bench.csv".to_owned(),
            bytes: 0,
            entity: None,
            format: serde_json::Value::Null,
            mapping: serde_json::Value::Null,
            preview: serde_json::Value::Null,
            columns: Vec::new(),
            created_by: None,
        };
        let import = imports::create(store, new, now).await?.id;
        let job = NewJob {
            id: ids.next(now),
            kind: "import".to_owned(),
            payload: serde_json::Value::Null,
            unique_key: None,
            run_at: now,
            attempts_max: 1,
        };
        imports::queue(store, import, job, now).await?;
        imports::start(store, import, now).await?;
        Ok(Self {
            store,
            ids,
            now,
            source: source.id,
            import,
        })
    }

    /// An instant of its own for every record, as records have.
    fn at(&self, n: usize) -> Timestamp {
        self.now.plus_seconds(n as i64)
    }

    async fn fill(
        &self,
        n_contacts: usize,
        n_companies: usize,
        n_deals: usize,
    ) -> Result<(), StoreError> {
        let started = Instant::now();
        let mut first = ImportBatch::empty(self.import, 0);
        first.companies = (0..n_companies).map(|n| self.company(n)).collect();
        first.products = (0..n_contacts / PRODUCTS_SHARE)
            .map(|n| self.product(n))
            .collect();
        let employers: Vec<_> = first.companies.iter().map(|company| company.id).collect();
        imports::commit_batch(self.store, first).await?;
        for start in (0..n_contacts).step_by(N_OF_BATCH) {
            let mut batch = ImportBatch::empty(self.import, 0);
            for n in start..n_contacts.min(start + N_OF_BATCH) {
                let mut contact = self.contact(n);
                contact.company_id = employers.get(scattered(n, n_companies.max(1))).copied();
                if n % ORDERS_SHARE == 0 {
                    batch.orders.push(self.order(n, &contact));
                }
                batch.contacts.push(contact);
            }
            imports::commit_batch(self.store, batch).await?;
        }
        let seconds = started.elapsed().as_secs_f64();
        println!("{n_contacts} contacts with orders, {n_companies} companies: {seconds:.1} s");
        let pipeline = self.pipeline().await?;
        for start in (0..n_deals).step_by(64) {
            let batch = (start..n_deals.min(start + 64)).map(|n| {
                let company = employers.get(scattered(n, n_companies.max(1))).copied();
                let deal = Deal {
                    company_id: company,
                    ..self.deal(n, &pipeline)
                };
                deals::create(self.store, deal)
            });
            try_join_all(batch).await?;
        }
        println!(
            "{n_deals} deals: {:.1} s",
            started.elapsed().as_secs_f64() - seconds
        );
        Ok(())
    }

    async fn open_and_save(&self) -> Result<(), StoreError> {
        let query = ListQuery::default();
        let page = contacts::list(self.store, &query).await?;
        let Some(contact) = page.items.into_iter().next().map(|row| row.contact) else {
            return Ok(());
        };
        measure("open a contact", || {
            contacts::find_row(self.store, contact.id)
        })
        .await?;
        let mut version = contact.version;
        measure("save a contact", || {
            let mut contact = contact.clone();
            contact.title = Some(format!("Title {version}"));
            version += 1;
            contacts::update(self.store, contact, version - 1)
        })
        .await
    }

    async fn lists(&self) -> Result<(), StoreError> {
        for sort in [
            "-id",
            "name",
            "-last_order_at",
            "-total_spent",
            "-created_at",
            "email",
        ] {
            let query = ListQuery::default().sorted(sort);
            let name = format!("contacts by {sort}");
            measure(&name, || contacts::list(self.store, &query)).await?;
        }
        let filters = [
            ("city", Op::Eq, "Shanghai"),
            ("city", Op::Contains, "hai"),
            ("total_spent", Op::Gt, "0"),
            ("tags", Op::Contains, "vip"),
        ];
        for (field, op, value) in filters {
            let query = ListQuery::default().with(field, op, value);
            let name = format!("contacts with {field} {op} {value}");
            measure(&name, || contacts::list(self.store, &query)).await?;
        }
        for sort in ["name", "-created_at"] {
            let query = ListQuery::default().sorted(sort);
            let name = format!("companies by {sort}");
            measure(&name, || companies::list(self.store, &query)).await?;
            let name = format!("deals by {sort}");
            measure(&name, || deals::list(self.store, &query)).await?;
        }
        let query = ListQuery::default().sorted("-amount");
        measure("deals by -amount", || deals::list(self.store, &query)).await
    }

    async fn searches(&self) -> Result<(), StoreError> {
        for text in [
            "l",
            "li",
            "lim",
            "liming",
            "lm",
            "李",
            "李明",
            "王",
            "138",
            "1380",
            "5678",
            "smith",
            "anna s",
            "example.cn",
            "anna@",
            "sku-1",
            "zq",
            "浦东",
        ] {
            let name = format!("search {text}");
            measure(&name, || search::everywhere(self.store, text, 5)).await?;
            for sort in ["-id", "name"] {
                let query = ListQuery {
                    search: Some(text.to_owned()),
                    ..ListQuery::default().sorted(sort)
                };
                let name = format!("contacts with {text} by {sort}");
                measure(&name, || contacts::list(self.store, &query)).await?;
            }
        }
        Ok(())
    }

    fn contact(&self, n: usize) -> Contact {
        let at = self.at(n);
        let (name, local) = if n % 2 == 0 {
            let given: Vec<char> = GIVEN.chars().collect();
            let surnames: Vec<char> = SURNAMES.chars().collect();
            let mut name = String::from(surnames[scattered(n, surnames.len())]);
            for idx in 0..1 + n / 2 % 2 {
                name.push(given[scattered(n / 3 + idx * 7, given.len())]);
            }
            (name, format!("user{n}"))
        } else {
            let (first, last) = (FIRST[scattered(n, 12)], LAST[n / 2 % 12]);
            let local = format!("{}.{}{n}", first.to_lowercase(), last.to_lowercase());
            (format!("{first} {last}"), local)
        };
        let mut contact = Contact::named(self.ids.next(at), name, at);
        let host = ["example.cn", "example.com", "mail.example.net"][n % 3];
        contact.email = format!("{local}@{host}").parse().ok();
        contact.phone = format!("+86138{:08}", scattered(n, 100_000_000))
            .parse()
            .ok();
        contact.address.city = Some(["Shanghai", "Lyon", "Leeds"][n % 3].to_owned());
        if n % 20 == 0 {
            contact.tags = vec!["vip".to_owned()];
        }
        contact
    }

    fn company(&self, n: usize) -> Company {
        let name = match n % 2 {
            0 => format!("浦东{}科技有限公司", n),
            _ => format!("{} Works {n}", LAST[scattered(n, 12)]),
        };
        let mut company = Company::named(self.ids.next(self.at(n)), name, self.at(n));
        company.domain = Some(format!("corp{n}.example"));
        company
    }

    fn product(&self, n: usize) -> Product {
        Product {
            id: self.ids.next(self.at(n)),
            sku: format!("SKU-{n}-X"),
            name: format!("Lamp {n}"),
            category: None,
            price: None,
            custom: Default::default(),
            units_sold: 0.0,
            revenue_minor: 0,
            created_at: self.at(n),
            updated_at: self.at(n),
        }
    }

    fn order(&self, n: usize, contact: &Contact) -> Order {
        Order {
            id: self.ids.next(self.at(n)),
            source_id: self.source,
            external_id: format!("{}", 500_000 + n),
            contact_id: Some(contact.id),
            ordered_at: self.at(n),
            status: OrderStatus::Completed,
            amount_minor: 0,
            currency: Currency::GBP,
            n_lines: 0,
        }
    }

    async fn pipeline(&self) -> Result<Pipeline, StoreError> {
        let stage = |name: &str, outcome, probability| Stage {
            id: self.ids.next(self.now),
            name: name.to_owned(),
            outcome,
            probability,
        };
        let pipeline = Pipeline {
            id: self.ids.next(self.now),
            name: "Bench".to_owned(),
            stages: vec![
                stage("Open", StageOutcome::Open, 0.5),
                stage("Won", StageOutcome::Won, 1.0),
                stage("Lost", StageOutcome::Lost, 0.0),
            ],
            version: 1,
        };
        pipelines::create(self.store, pipeline, self.now).await
    }

    fn deal(&self, n: usize, pipeline: &Pipeline) -> Deal {
        let at = self.at(n);
        Deal {
            id: self.ids.next(at),
            name: format!("Lamps for {} {n}", LAST[scattered(n, 12)]),
            pipeline_id: pipeline.id,
            stage_id: pipeline.stages[n % 3].id,
            amount: Some(Money::new(100 * n as i64, Currency::GBP)),
            expected_close_on: None,
            contact_id: None,
            company_id: None,
            owner_id: None,
            custom: Default::default(),
            stage_entered_at: at,
            created_at: at,
            updated_at: at,
            version: 1,
        }
    }
}

/// A number below `n_max` that neighbors do not share: by a prime, as a real file scatters.
fn scattered(n: usize, n_max: usize) -> usize {
    n.wrapping_mul(2_654_435_761) / 64 % n_max
}

/// Asks a question again and again, and prints the middle and the slow end of what it took.
async fn measure<T, F>(name: &str, mut ask: impl FnMut() -> F) -> Result<(), StoreError>
where
    F: Future<Output = Result<T, StoreError>>,
{
    let mut millis = Vec::with_capacity(N_TIMES);
    for _ in 0..N_TIMES {
        let started = Instant::now();
        ask().await?;
        millis.push(started.elapsed().as_secs_f64() * 1e3);
    }
    millis.sort_by(f64::total_cmp);
    let p95 = millis[(N_TIMES * 95).div_ceil(100) - 1];
    println!("{name:32} {:9.2} {p95:9.2}", millis[N_TIMES / 2]);
    Ok(())
}
