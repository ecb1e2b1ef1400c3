//! Everything that is exported, imported into an empty directory: what a company would take with it is there
//! again.

use std::path::{Path, PathBuf};

use rapport_domain::{
    Channel, Consent, ConsentStatus, Currency, CustomField, CustomFieldKind, IdGenerator,
    LocalizedText, ObjectKind, Pipeline, Purpose, Stage, StageOutcome,
};
use rapport_pipelines::{Clock, OpenOptions, Workspace};
use rapport_store::{ListQuery, Op, consents, contacts, custom_fields, pipelines};
use rapport_testing::at;
use serde_json::Value;
use tempfile::TempDir;

use crate::program::{json, rapport, run, write};

const COMPANIES: &str = "company id,company,domain,industry,employees,city,tags,custom.tier\n\
    k1,Engines Ltd,engines.example,Machines,12,London,\"[\"\"big, old\"\",\"\"north\"\"]\",gold\n\
    k2,Looms Ltd,looms.example,Textiles,,Leeds,new,\n";

const CONTACTS: &str = "customer id,name,email,phone,city,company,company id,tags,email consent,note,custom.level\n\
    1,\"King, Ada\",ada@example.com,+447400123456,London,Engines Ltd,k1,\"[\"\"vip, since 1843\"\",\"\"press\"\"]\",yes,\"=1+1 \u{1f389}\",high\n\
    2,王小明,wang@example.com,,北京,Looms Ltd,k2,老客户,no,,\n\
    3,Bob,bob@example.com,,Leeds,,,,,Likes tea,low\n";

/// The same number in two shops is two orders.
const NORTH: &str = "order number,order date,sku,product name,quantity,unit price,currency,customer email\n\
    1001,2026-01-05,A-1,Gear,2,10.50,GBP,ada@example.com\n\
    1001,2026-01-05,B-2,Belt,1,4.00,GBP,ada@example.com\n\
    1002,2026-02-05,A-1,Gear,-1,10.50,GBP,ada@example.com\n";
const SOUTH: &str = "order number,order date,sku,product name,quantity,unit price,currency,customer email\n\
    1001,2026-03-05,C-3,Loom,1,900.00,GBP,bob@example.com\n";

const DEALS: &str = "deal id,deal name,pipeline,deal stage,deal amount,currency,close date,contact id,company id,custom.margin\n\
    d1,Engine,Renewals,New,1000.00,GBP,2026-12-24,1,k1,12.5\n\
    d2,Spare parts,Sales,Won,25.00,GBP,,2,,\n";

const TICKETS: &str = "ticket id,subject,description,status,priority,created at,solved at,requester email\n\
    t1,Broken tooth,It is stuck,solved,high,2026-01-10T09:00:00Z,2026-01-12T09:00:00Z,ada@example.com\n\
    t2,Where is it?,\"One, two\nthree\",open,low,2026-02-10T09:00:00Z,,bob@example.com\n";

const TASKS: &str = "task id,task,due date,task status,task priority,contact id,deal id,custom.room\n\
    a1,Send the offer,2026-12-01,open,high,1,d1,Attic\n\
    a2,Call back,2026-12-02,open,normal,2,,\n";

const NOTES: &str = "note id,note,contact id,deal id,created at\n\
    n1,Wants brass,,d1,2026-01-03T10:00:00Z\n";

const CAMPAIGNS: &str = "campaign id,campaign name,channel,status,start date,budget,currency\n\
    c1,Spring,email,finished,2026-03-01,500.00,GBP\n";

/// The files of an export that are imported again, what others refer to first.
const FILES: [&str; 9] = [
    "companies.csv",
    "contacts.csv",
    "products.csv",
    "order_lines.jsonl",
    "campaigns.csv",
    "deals.csv",
    "tickets.csv",
    "tasks.csv",
    "notes.csv",
];

/// The columns of a list that another directory has of its own: what it calls records, and when it wrote
/// them.
const OWN: [&str; 10] = [
    "id",
    "contact_id",
    "company_id",
    "deal_id",
    "ticket_id",
    "external_id",
    "source",
    "updated_at",
    "last_activity_at",
    "order_id",
];

async fn open(data: &Path) -> Workspace {
    let options = OpenOptions {
        database: None,
        lake: None,
        currency: Currency::GBP,
        region: "GB".to_owned(),
        memory_limit_bytes: 128 * 1024 * 1024,
        clock: Clock::new(|| at("2026-01-01T00:00:00Z")),
        ids: IdGenerator::from_entropy(),
    };
    Workspace::open(data, options).await.unwrap()
}

/// What people set up by hand before data come: two pipelines with a stage of one name, and custom fields.
async fn set_up(workspace: &Workspace) {
    use ObjectKind::{Company, Contact, Deal, Task};
    use StageOutcome::{Lost, Open, Won};

    let now = workspace.clock.now();
    for name in ["Sales", "Renewals"] {
        let stages = [("New", Open), ("Won", Won), ("Lost", Lost)];
        let stages = stages.map(|(name, outcome)| Stage {
            id: workspace.ids.next(now),
            name: name.to_owned(),
            outcome,
            probability: 0.5,
        });
        let pipeline = Pipeline {
            id: workspace.ids.next(now),
            name: name.to_owned(),
            stages: stages.into(),
            version: 1,
        };
        pipelines::create(&workspace.store, pipeline, now)
            .await
            .unwrap();
    }
    let fields = [
        (Contact, "level", CustomFieldKind::Text),
        (Company, "tier", CustomFieldKind::Text),
        (Deal, "margin", CustomFieldKind::Number),
        (Task, "room", CustomFieldKind::Text),
    ];
    for (object, key, kind) in fields {
        let label = LocalizedText::new(key, key);
        let field = CustomField::new(workspace.ids.next(now), object, key, label, kind, now);
        custom_fields::create(&workspace.store, field)
            .await
            .unwrap();
    }
}

/// A withdrawal on one way and a grant for another purpose, as people state them.
async fn state_consents(workspace: &Workspace) {
    let query = ListQuery::default().with("email", Op::Eq, "ada@example.com");
    let found = contacts::list(&workspace.store, &query).await.unwrap();
    let contact_id = found.items[0].contact.id;
    let statements = [
        (Purpose::Profiling, None, ConsentStatus::Granted),
        (
            Purpose::Marketing,
            Some(Channel::Phone),
            ConsentStatus::Withdrawn,
        ),
    ];
    for (purpose, channel, status) in statements {
        let consent = Consent {
            id: workspace.ids.next(workspace.clock.now()),
            contact_id,
            purpose,
            channel,
            status,
            source: "form".to_owned(),
            stated_at: at("2026-01-02T03:04:05.000678Z"),
        };
        consents::create(&workspace.store, consent).await.unwrap();
    }
}

fn in_process(work: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(work);
}

/// Imports a file; returns how many rows it has. None of them is rejected.
fn import(data: &Path, source: &str, file: &Path) -> u64 {
    let mut command = rapport(data);
    let arguments = ["import", "--json", "--source", source];
    let (output, errors) = run(command.args(arguments).arg(file));
    assert!(output.status.success(), "{}: {errors}", file.display());
    let import = &json(&output)["imports"][0];
    let rejected = &import["counts"]["rejected"];
    assert_eq!(*rejected, serde_json::json!({}), "{import}");
    import["counts"]["accepted"].as_u64().unwrap()
}

fn export_all(data: &Path, to: &Path) {
    let mut command = rapport(data);
    let (output, errors) = run(command.args(["export", "--all", "--to"]).arg(to));
    assert!(output.status.success(), "{errors}");
}

/// A directory with something of every kind.
fn filled(dir: &TempDir) -> PathBuf {
    let data = dir.path().join("data");
    in_process(async { set_up(&open(&data).await).await });
    for (source, name, text) in [
        ("crm", "companies.csv", COMPANIES),
        ("crm", "contacts.csv", CONTACTS),
        ("north", "orders.csv", NORTH),
        ("south", "orders.csv", SOUTH),
        ("crm", "deals.csv", DEALS),
        ("crm", "tickets.csv", TICKETS),
        ("crm", "tasks.csv", TASKS),
        ("crm", "notes.csv", NOTES),
        ("crm", "campaigns.csv", CAMPAIGNS),
    ] {
        import(&data, source, &write(dir, name, text.as_bytes()));
    }
    in_process(async { state_consents(&open(&data).await).await });
    data
}

/// The rows of a list, each as its named cells, without what every directory has of its own.
fn rows(folder: &Path, file: &str) -> Vec<String> {
    let text = std::fs::read_to_string(folder.join(file)).unwrap();
    let rows: Vec<Vec<(String, String)>> = match file.ends_with("jsonl") {
        true => text.lines().map(named_of_json).collect(),
        false => named_of_csv(&text),
    };
    // Products and campaigns have no time of their own in files.
    let is_made_here = file.starts_with("products") || file.starts_with("campaigns");
    let is_own = |name: &str| OWN.contains(&name) || is_made_here && name == "created_at";
    let row = |cells: Vec<(String, String)>| {
        let cells = cells.into_iter().filter(|(name, _)| !is_own(name));
        let cells: Vec<String> = cells.map(|(name, cell)| format!("{name}={cell}")).collect();
        cells.join(" | ")
    };
    let mut rows: Vec<String> = rows.into_iter().map(row).collect();
    rows.sort();
    rows
}

fn named_of_json(line: &str) -> Vec<(String, String)> {
    let value: Value = serde_json::from_str(line).unwrap();
    let fields = value.as_object().unwrap().iter();
    let fields = fields.filter(|(name, _)| *name != "order_number");
    fields
        .map(|(name, value)| (name.clone(), value.to_string()))
        .collect()
}

fn named_of_csv(text: &str) -> Vec<Vec<(String, String)>> {
    let mut rows = csv_rows(text.trim_start_matches('\u{feff}')).into_iter();
    let header = rows.next().unwrap();
    rows.map(|row| header.iter().cloned().zip(row).collect())
        .collect()
}

/// The rows of a small CSV.
fn csv_rows(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell, mut is_quoted) =
        (Vec::new(), Vec::new(), String::new(), false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if is_quoted && chars.peek() == Some(&'"') => cell.extend(chars.next()),
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => row.push(std::mem::take(&mut cell)),
            '\n' if !is_quoted => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            c => cell.push(c),
        }
    }
    rows
}

#[test]
fn what_is_exported_is_there_again_in_an_empty_directory() {
    let dir = TempDir::new().unwrap();
    let data = filled(&dir);
    let away = dir.path().join("away");
    export_all(&data, &away);

    let again = dir.path().join("again");
    in_process(async { set_up(&open(&again).await).await });
    for file in FILES {
        let n_rows = rows(&away, file).len();
        let n_accepted = import(&again, "Rapport", &away.join(file));
        assert_eq!(n_accepted, n_rows as u64, "{file}");
    }
    let second = dir.path().join("second");
    export_all(&again, &second);

    let mut differ = Vec::new();
    for file in FILES.into_iter().chain(["orders.csv"]) {
        let (before, after) = (rows(&away, file), rows(&second, file));
        assert!(!before.is_empty(), "{file}");
        if before != after {
            differ.push((file, before, after));
        }
    }
    assert!(differ.is_empty(), "{differ:#?}");
    let contacts = rows(&second, "contacts.csv").join("\n");
    for told in [
        "profiling",
        "withdrawn",
        "000678Z",
        "vip, since 1843",
        "custom.level=high",
    ] {
        assert!(contacts.contains(told), "{told}: {contacts}");
    }
    assert_eq!(rows(&second, "orders.csv").len(), 3);
    let deals = rows(&second, "deals.csv").join("\n");
    for told in ["pipeline=Renewals", "custom.margin=12.5"] {
        assert!(deals.contains(told), "{told}: {deals}");
    }
    let tasks = rows(&second, "tasks.csv").join("\n");
    assert!(tasks.contains("custom.room=Attic"), "{tasks}");
}

#[test]
fn what_is_imported_again_beside_what_is_there_states_nothing_twice() {
    let dir = TempDir::new().unwrap();
    let data = filled(&dir);
    let away = dir.path().join("away");
    export_all(&data, &away);
    let before = rows(&away, "consents.jsonl").len();
    let contacts = away.join("contacts.csv");

    // Another source: contacts are found by their addresses.
    import(&data, "Rapport", &contacts);

    let second = dir.path().join("second");
    export_all(&data, &second);
    assert_eq!(rows(&second, "consents.jsonl").len(), before);
}
