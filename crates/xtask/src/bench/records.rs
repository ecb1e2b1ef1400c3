//! What a company of a given size waits for: opening, listing, searching and saving records, over HTTP, as
//! a browser asks.
//!
//! The company is made from files of a formula and comes in by `rapport import`, as a customer's would.

use std::{
    fs::{self, File},
    io::BufWriter,
    net::SocketAddr,
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use super::{
    browser::Browser,
    company_files::FILES,
    server::{Place, build, fresh_folder},
};
use crate::{
    server::{Process, free_port},
    workspace::Workspace,
};

/// How large a company is, and how long its people may wait.
#[derive(Debug, Clone, Copy)]
pub(super) struct Company {
    pub(super) n_contacts: usize,
    pub(super) n_companies: usize,
    pub(super) n_deals: usize,
    pub(super) n_events: usize,
    /// Times of the goals of [`COMPANY`].
    patience: f64,
}

/// The company of the goals.
pub(super) const COMPANY: Company = Company {
    n_contacts: 250_000,
    n_companies: 10_000,
    n_deals: 25_000,
    n_events: 2_000_000,
    patience: 1.0,
};

/// Four times as many contacts, for twice the wait.
pub(super) const LARGE_COMPANY: Company = Company {
    n_contacts: 1_000_000,
    patience: 2.0,
    ..COMPANY
};

const N_USERS: usize = 12;
/// Asked before it counts: a server is warm when people work with it.
const N_WARM: usize = 5;
/// Questions of each kind.
const N_TIMES: usize = 100;

/// Goals in milliseconds that 95 of 100 answers keep.
const OPEN_MS: f64 = 10.0;
const LIST_MS: f64 = 50.0;
const SEARCH_MS: f64 = 50.0;
const OVERVIEW_MS: f64 = 100.0;
const SAVE_MS: f64 = 10.0;

/// A page of contacts, by sort and filter.
const CONTACT_LISTS: [&str; 14] = [
    "sort=-id",
    "sort=name",
    "sort=-name",
    "sort=email",
    "sort=city",
    "sort=-created_at",
    "sort=-last_order_at",
    "sort=-total_spent",
    "filter=city:eq:Leeds&sort=name",
    "filter=city:contains:eed&sort=-total_spent",
    "filter=email:contains:example.cn&sort=-id",
    "filter=total_spent:gt:30&sort=name",
    "filter=created_at:in_last:30d&sort=email",
    "where=%7B%22or%22%3A%5B%7B%22field%22%3A%22city%22%2C%22op%22%3A%22eq%22%2C%22value%22%3A%22Lyon%22%7D%2C%7B%22not%22%3A%7B%22field%22%3A%22total_spent%22%2C%22op%22%3A%22gt%22%2C%22value%22%3A%2220%22%7D%7D%5D%7D&sort=-last_order_at",
];
/// A page of other records.
const OTHER_LISTS: [&str; 7] = [
    "companies?sort=name",
    "companies?filter=name:contains:Works&sort=-created_at",
    "deals?sort=-amount",
    "deals?filter=amount:gt:1000&sort=name",
    "deals?sort=-created_at",
    "orders?sort=-ordered_at",
    "products?sort=-revenue",
];
/// From one letter on: prefixes, syllables and initials of pinyin, hanzi, ends of telephone numbers,
/// addresses, words that all or none of the records have.
const SEARCHES: [&str; 16] = [
    "l",
    "li",
    "liming",
    "lm",
    "%E6%9D%8E",
    "%E6%9D%8E%E6%98%8E",
    "1",
    "138",
    "5678",
    "smith",
    "anna%20s",
    "example.cn",
    "anna%40",
    "sku-1",
    "zq",
    "%E6%B5%A6%E4%B8%9C",
];

/// Makes the company, serves it and asks; on a PostgreSQL server where one is named.
pub(super) fn run(workspace: &Workspace, company: Company, database: Option<&str>) -> Result<()> {
    let binary = build(workspace)?;
    let folder = fresh_folder(workspace, "records")?;
    let place = Place {
        binary,
        data: folder.join("data"),
        database: database.map(str::to_owned),
    };
    let password = place.add_users()?;
    let address = SocketAddr::from(([127, 0, 0, 1], free_port()?));
    let log = folder.join("server.log");
    let server = Process::serve_with(place.rapport(), address, &log)?;
    Browser::sign_in(address, &address_of(0), &password)?.add_pipeline()?;
    drop(server);
    for (name, write) in FILES {
        let file = folder.join(name);
        write(
            &company,
            &mut BufWriter::new(File::create(&file).context("creating a file to import")?),
        )?;
        place.import(&file)?;
        fs::remove_file(file)?;
    }
    let server = Process::serve_with(place.rapport(), address, &log)?;
    let mut browser = Browser::sign_in(address, &address_of(0), &password)?;

    println!("| Figure | Goal, 95 of 100 within ms | Median, ms | 95 of 100 within ms |");
    println!("|---|---|---|---|");
    ask_all(&mut browser, company.patience)?;
    drop(server);
    fs::remove_dir_all(folder)?;
    Ok(())
}

fn ask_all(browser: &mut Browser, patience: f64) -> Result<()> {
    let contacts = browser.ids("contacts?limit=100&sort=email")?;
    let deals = browser.ids("deals?limit=100&sort=name")?;
    let each = |ids: &[String], path: &dyn Fn(&str) -> String| -> Vec<String> {
        ids.iter().map(|id| path(id)).collect()
    };
    let contact = each(&contacts, &|id| format!("contacts/{id}"));
    let profile = each(&contacts, &|id| format!("contacts/{id}/profile"));
    let deal = each(&deals, &|id| format!("deals/{id}"));
    browser.measure("open a contact", OPEN_MS * patience, &contact)?;
    browser.measure("open a deal", OPEN_MS * patience, &deal)?;
    browser.measure("everything of a contact", OVERVIEW_MS * patience, &profile)?;
    browser.measure("home", OVERVIEW_MS * patience, &["home".to_owned()])?;
    browser.measure_saves("save a contact", SAVE_MS * patience, &contact)?;
    for list in CONTACT_LISTS {
        let path = format!("contacts?limit=50&{list}");
        browser.measure(&readable(&path), LIST_MS * patience, &[path])?;
    }
    for list in OTHER_LISTS {
        let path = format!("{list}&limit=50");
        browser.measure(&readable(&path), LIST_MS * patience, &[path])?;
    }
    for text in SEARCHES {
        let path = format!("search?q={text}");
        browser.measure(&readable(&path), SEARCH_MS * patience, &[path])?;
        let path = format!("contacts?limit=50&sort=name&search={text}");
        browser.measure(&readable(&path), LIST_MS * patience, &[path])?;
    }
    Ok(())
}

impl Place {
    /// Imports a file. All its rows are good, so that none may be missing.
    fn import(&self, file: &Path) -> Result<()> {
        let import = ["import", "--source", "bench", "--json"];
        let said = self.rapport().args(import).arg(file).output()?;
        let said: Value = serde_json::from_str(&said).context("reading what was imported")?;
        let rejected = &said["imports"][0]["counts"]["rejected"];
        if !rejected.as_object().is_some_and(serde_json::Map::is_empty) {
            bail!("rows of {} were rejected: {rejected}", file.display());
        }
        Ok(())
    }

    /// Adds all that work there, and answers the password of the first, an administrator.
    fn add_users(&self) -> Result<String> {
        let mut first = None;
        for idx in 0..N_USERS {
            let role = if idx == 0 { "admin" } else { "member" };
            let said = self
                .rapport()
                .args(["user", "add", "--role", role, "--name", "Ann"])
                .args(["--email", &address_of(idx)])
                .output()?;
            let password = said.split_whitespace().last().map(str::to_owned);
            first = first.or(password);
        }
        first.context("`rapport user add` printed no password")
    }
}

fn address_of(user: usize) -> String {
    format!("user{user}@example.com")
}

/// How long a person waits.
impl Browser {
    /// Makes the pipeline that the deals are in.
    fn add_pipeline(&mut self) -> Result<()> {
        let body = serde_json::json!({"name": "Sales", "stages": [
            {"name": "Open", "outcome": "open", "probability": 0.5},
            {"name": "Closed Won", "outcome": "won", "probability": 1.0},
            {"name": "Closed Lost", "outcome": "lost", "probability": 0.0},
        ]});
        let said = self.post("pipelines", &body)?;
        if said.status != 201 {
            bail!("making a pipeline was answered {}", said.status);
        }
        Ok(())
    }

    /// Asks for the paths in turn and prints how long the answers took.
    fn measure(&mut self, name: &str, goal_ms: f64, paths: &[String]) -> Result<()> {
        let mut waits = Waits::default();
        for time in 0..N_WARM + N_TIMES {
            let begun = Instant::now();
            let answer = self.get(&paths[time % paths.len()])?;
            if time >= N_WARM {
                waits.add(begun.elapsed(), answer.status);
            }
        }
        waits.print(name, goal_ms);
        Ok(())
    }

    /// Changes the records in turn, each under the version that was read before.
    fn measure_saves(&mut self, name: &str, goal_ms: f64, paths: &[String]) -> Result<()> {
        let mut waits = Waits::default();
        for time in 0..N_WARM + N_TIMES {
            let path = &paths[time % paths.len()];
            let version = self.get(path)?;
            let version = version.header("etag").context("a record has an ETag")?;
            let mut headers = self.headers.clone();
            headers.push(format!("if-match: {version}"));
            let body = format!(r#"{{"title":"Buyer {time}"}}"#);
            let path = format!("/api/v1/{path}");
            let begun = Instant::now();
            let answer = self.connection.ask("PATCH", &path, &headers, &body)?;
            if time >= N_WARM {
                waits.add(begun.elapsed(), answer.status);
            }
        }
        waits.print(name, goal_ms);
        Ok(())
    }
}

/// How long answers took.
#[derive(Debug, Default)]
struct Waits {
    all: Vec<Duration>,
    /// The status of an answer that was no success.
    refusal: Option<u16>,
}

impl Waits {
    fn add(&mut self, wait: Duration, status: u16) {
        self.all.push(wait);
        if status >= 300 {
            self.refusal = Some(status);
        }
    }

    fn print(mut self, name: &str, goal_ms: f64) {
        self.all.sort();
        let (median, slow) = (self.within_ms(50), self.within_ms(95));
        let mark = match self.refusal {
            Some(status) => format!(" (refused: {status})"),
            None if slow > goal_ms => " (missed)".to_owned(),
            None => String::new(),
        };
        println!("| {name} | {goal_ms:.0} | {median:.1} | {slow:.1}{mark} |");
    }

    /// The wait that this many of a hundred answers kept.
    fn within_ms(&self, percent: usize) -> f64 {
        let idx = (self.all.len() * percent).div_ceil(100).saturating_sub(1);
        self.all[idx].as_secs_f64() * 1e3
    }
}

/// A path as people read it, and as a table of Markdown bears it.
fn readable(path: &str) -> String {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let [first, others @ ..] = rest {
        let code = match others {
            [high, low, ..] if *first == b'%' => std::str::from_utf8(&[*high, *low])
                .ok()
                .and_then(|hex| u8::from_str_radix(hex, 16).ok()),
            _ => None,
        };
        bytes.push(code.unwrap_or(*first));
        rest = if code.is_some() { &others[2..] } else { others };
    }
    format!("`{}`", String::from_utf8_lossy(&bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slow_end_is_the_95th_of_a_hundred() {
        let mut waits = Waits::default();
        for millis in 1..=100 {
            waits.add(Duration::from_millis(millis), 200);
        }

        assert_eq!((waits.within_ms(50), waits.within_ms(95)), (50.0, 95.0));
        assert_eq!(waits.refusal, None);
    }

    #[test]
    fn a_path_is_shown_as_people_write_it() {
        assert_eq!(readable("search?q=%E6%9D%8E%20x%"), "`search?q=李 x%`");
    }
}
