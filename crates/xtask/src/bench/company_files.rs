//! The files of the company of the benchmark of records, made by a formula.

use std::{
    fs::File,
    io::{BufWriter, Write as _},
};

use anyhow::Result;

use super::records::Company;

type WriteFile = fn(&Company, &mut BufWriter<File>) -> Result<()>;

/// The files of a company, in the order in which they know each other.
pub(super) const FILES: [(&str, WriteFile); 4] = [
    ("contacts.csv", write_contacts),
    ("orders.csv", write_orders),
    ("deals.csv", write_deals),
    ("events.csv", write_events),
];

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
const CITIES: [&str; 3] = ["上海", "Lyon", "Leeds"];
const HOSTS: [&str; 3] = ["example.cn", "example.com", "mail.example.net"];
const N_PRODUCTS: usize = 5_000;
/// Orders and deals are made for every so many contacts, events for the first ones.
const CONTACTS_TO_AN_ORDER: usize = 2;

/// A number below `n_max` that neighbors do not share: by a prime, as a real file scatters.
fn scattered(idx: usize, n_max: usize) -> usize {
    idx.wrapping_mul(2_654_435_761) / 64 % n_max
}

/// Half of the people have Chinese names of two or three characters.
fn write_contacts(company: &Company, file: &mut BufWriter<File>) -> Result<()> {
    let surnames: Vec<char> = SURNAMES.chars().collect();
    let given: Vec<char> = GIVEN.chars().collect();
    writeln!(file, "Customer ID,Name,Email,Phone,City,Company")?;
    for idx in 0..company.n_contacts {
        let (name, local) = if idx % 2 == 0 {
            let mut name = String::from(surnames[scattered(idx, surnames.len())]);
            for place in 0..1 + idx / 2 % 2 {
                name.push(given[scattered(idx / 3 + place * 7, given.len())]);
            }
            (name, format!("user{idx}"))
        } else {
            let (first, last) = (FIRST[scattered(idx, 12)], LAST[idx / 2 % 12]);
            let local = format!("{}.{}{idx}", first.to_lowercase(), last.to_lowercase());
            (format!("{first} {last}"), local)
        };
        writeln!(
            file,
            "C{idx:07},{name},{local}@{},+86138{:08},{},{}",
            HOSTS[idx % 3],
            scattered(idx, 100_000_000),
            CITIES[idx % 3],
            company_name(scattered(idx, company.n_companies)),
        )?;
    }
    Ok(file.flush()?)
}

fn company_name(idx: usize) -> String {
    match idx % 2 {
        0 => format!("浦东{idx}科技有限公司"),
        _ => format!("{} Works {idx}", LAST[scattered(idx, 12)]),
    }
}

fn write_orders(company: &Company, file: &mut BufWriter<File>) -> Result<()> {
    writeln!(
        file,
        "Order ID,Customer ID,Order Date,SKU,Product,Quantity,Unit Price"
    )?;
    for idx in (0..company.n_contacts).step_by(CONTACTS_TO_AN_ORDER) {
        let product = scattered(idx, N_PRODUCTS);
        // People of both kinds of names buy.
        let customer = idx + idx / CONTACTS_TO_AN_ORDER % 2;
        writeln!(
            file,
            "O{idx:07},C{customer:07},{},SKU-{product},Lamp {product},{},{}.90",
            instant(idx),
            1 + idx % 3,
            5 + idx % 50,
        )?;
    }
    Ok(file.flush()?)
}

fn write_deals(company: &Company, file: &mut BufWriter<File>) -> Result<()> {
    writeln!(
        file,
        "Deal ID,Deal Name,Deal Stage,Amount,Currency,Customer ID"
    )?;
    for idx in 0..company.n_deals {
        let stage = ["Closed Won", "Closed Lost"][idx % 2];
        writeln!(
            file,
            "D{idx:06},Lamps for {} {idx},{stage},{},GBP,C{:07}",
            LAST[scattered(idx, 12)],
            100 + idx % 5_000,
            scattered(idx, company.n_contacts),
        )?;
    }
    Ok(file.flush()?)
}

fn write_events(company: &Company, file: &mut BufWriter<File>) -> Result<()> {
    writeln!(file, "Message ID,Event,Event Time,User ID,Product ID")?;
    for idx in 0..company.n_events {
        writeln!(
            file,
            "E{idx:08},{},{},C{:07},SKU-{}",
            ["Product Viewed", "Page Viewed", "Product Added"][idx % 3],
            instant(idx),
            scattered(idx, company.n_contacts),
            scattered(idx, N_PRODUCTS),
        )?;
    }
    Ok(file.flush()?)
}

/// A moment of the year 2026 before October.
fn instant(idx: usize) -> String {
    let seconds = scattered(idx, 86_400);
    format!(
        "2026-{:02}-{:02}T{:02}:{:02}:{:02}Z",
        1 + scattered(idx, 9),
        1 + idx % 28,
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    )
}
