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
const FIRST: &str = "
    Aaron Alice Amelia Andrew Anna Anthony Barbara Benjamin Carlos Carol Charlotte Daniel David
    Deborah Elena Emily Emma Ethan Fatima George Grace Hannah Henry Isabel Jack James Jessica John
    Julia Karen Kevin Laura Leo Linda Lisa Lucas Maria Mark Mary Michael Nadia Nathan Olga Oliver
    Patricia Paul Peter Rachel Robert Rosa Samuel Sarah Sophie Stephen Susan Thomas Victor Walter
    William Zoe
";
const LAST: &str = "
    Adams Allen Anderson Baker Bauer Bell Bennett Brooks Brown Campbell Carter Clark Collins Cook
    Cooper Costa Cox Cruz Davies Davis Diaz Dubois Edwards Evans Fischer Flores Foster Garcia Gomez
    Gonzalez Gray Green Hall Harris Hill Howard Hughes Jackson James Jensen Johnson Jones Kelly Kim
    King Kowalski Larsen Lee Lewis Long Lopez Martin Martinez Meyer Miller Mitchell Moore Morales
    Morgan Morris Murphy Murray Myers Nelson Nguyen Novak Parker Patel Perez Peterson Phillips
    Powell Price Reed Reyes Richardson Rivera Roberts Robinson Rogers Rossi Ross Russell Sanchez
    Sanders Schmidt Scott Silva Smith Stewart Sullivan Taylor Thomas Thompson Torres Turner Walker
    Ward Watson White Williams Wilson Wood Wright Young Zhukov
";
const CITIES: [&str; 3] = ["上海", "Lyon", "Leeds"];
const HOSTS: [&str; 3] = ["example.cn", "example.com", "mail.example.net"];
const N_PRODUCTS: usize = 5_000;
/// Orders and deals are made for every so many contacts, events for the first ones.
const CONTACTS_TO_AN_ORDER: usize = 2;

/// A number below `n_max` that neighbors do not share: by a prime, as a real file scatters.
fn scattered(idx: usize, n_max: usize) -> usize {
    idx.wrapping_mul(2_654_435_761) / 64 % n_max
}

/// What a person is of several kinds does not follow from what they are of others.
#[derive(Clone, Copy)]
enum Draw {
    Surname,
    Given,
    First,
    Last,
    City,
    Host,
}

/// A number below `n_max` for a person, drawn anew for each kind (the finalizer of MurmurHash3).
fn drawn(idx: usize, draw: Draw, n_max: usize) -> usize {
    let mut hash = (idx as u64) << 8 | draw as u64;
    for multiplier in [0xff51_afd7_ed55_8ccd, 0xc4ce_b9fe_1a85_ec53] {
        hash = (hash ^ hash >> 33).wrapping_mul(multiplier);
    }
    ((hash ^ hash >> 33) % n_max as u64) as usize
}

/// Half of the people have Chinese names of two or three characters.
fn write_contacts(company: &Company, file: &mut BufWriter<File>) -> Result<()> {
    let surnames: Vec<char> = SURNAMES.chars().collect();
    let given: Vec<char> = GIVEN.chars().collect();
    let first_names: Vec<&str> = FIRST.split_whitespace().collect();
    let last_names = last_names();
    writeln!(file, "Customer ID,Name,Email,Phone,City,Company")?;
    for idx in 0..company.n_contacts {
        let (name, local) = if idx % 2 == 0 {
            let mut name = String::from(surnames[drawn(idx, Draw::Surname, surnames.len())]);
            for place in 0..1 + idx / 2 % 2 {
                name.push(given[drawn(idx + place, Draw::Given, given.len())]);
            }
            (name, format!("user{idx}"))
        } else {
            let first = first_names[drawn(idx, Draw::First, first_names.len())];
            let last = last_names[drawn(idx, Draw::Last, last_names.len())];
            let local = format!("{}.{}{idx}", first.to_lowercase(), last.to_lowercase());
            (format!("{first} {last}"), local)
        };
        writeln!(
            file,
            "C{idx:07},{name},{local}@{},+86138{:08},{},{}",
            HOSTS[drawn(idx, Draw::Host, HOSTS.len())],
            scattered(idx, 100_000_000),
            CITIES[drawn(idx, Draw::City, CITIES.len())],
            company_name(scattered(idx, company.n_companies), &last_names),
        )?;
    }
    Ok(file.flush()?)
}

fn last_names() -> Vec<&'static str> {
    LAST.split_whitespace().collect()
}

fn company_name(idx: usize, last_names: &[&str]) -> String {
    match idx % 2 {
        0 => format!("浦东{idx}科技有限公司"),
        _ => format!(
            "{} Works {idx}",
            last_names[scattered(idx, last_names.len())]
        ),
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
    let last_names = last_names();
    writeln!(
        file,
        "Deal ID,Deal Name,Deal Stage,Amount,Currency,Customer ID"
    )?;
    for idx in 0..company.n_deals {
        let stage = ["Closed Won", "Closed Lost"][idx % 2];
        writeln!(
            file,
            "D{idx:06},Lamps for {} {idx},{stage},{},GBP,C{:07}",
            last_names[scattered(idx, last_names.len())],
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
