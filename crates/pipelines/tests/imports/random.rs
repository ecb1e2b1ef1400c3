//! Random files by seed, and everything that is in a workspace.

use std::collections::BTreeMap;

use rapport_pipelines::Workspace;
use rapport_store::{
    ListQuery, campaigns, companies, consents, contacts, deals, identities, notes, orders,
    products, tickets,
};

use crate::office::texts;

/// Seeded numbers (SplitMix64: Steele, Lea & Flood, 2014).
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn roll(&mut self, n_sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % n_sides
    }

    /// One of some texts.
    pub(crate) fn pick<'t>(&mut self, texts: &[&'t str]) -> &'t str {
        texts[self.roll(texts.len() as u64) as usize]
    }

    /// The text, or nothing.
    pub(crate) fn some(&mut self, text: &str) -> String {
        match self.roll(2) {
            0 => String::new(),
            _ => text.to_owned(),
        }
    }
}

/// A file of any kind, whose rows tell of few records again and again, some of them by other keys, and
/// some of whose rows are bad.
pub(crate) fn any_file(dice: &mut Dice) -> (&'static str, String) {
    match dice.roll(9) {
        0..3 => ("people.csv", people(dice)),
        3 => ("companies.csv", companies_file(dice)),
        4 => ("deals.csv", deals_file(dice)),
        5 => ("orders.csv", orders_file(dice)),
        6 => ("tickets.csv", tickets_file(dice)),
        7 => ("campaigns.csv", campaigns_file(dice)),
        _ => ("products.csv", products_file(dice)),
    }
}

fn rows(header: &str, n_rows: u64, mut row: impl FnMut() -> String) -> String {
    let rows: Vec<String> = (0..n_rows).map(|_| row()).collect();
    format!("{header}\n{}\n", rows.join("\n"))
}

fn email(dice: &mut Dice) -> String {
    let person = dice.roll(8);
    match dice.roll(12) {
        0 => "nobody at all".to_owned(),
        1..4 => String::new(),
        _ => format!("person{person}@example.com"),
    }
}

fn key(dice: &mut Dice) -> String {
    let key = dice.roll(9).to_string();
    dice.some(&key)
}

fn company(dice: &mut Dice) -> &'static str {
    dice.pick(&["", "Engines", "engines", "Looms", "Mills"])
}

fn people(dice: &mut Dice) -> String {
    let header = "Customer ID,Name,Email,Phone,Job Title,Company,City,Tags,Note,\
                  Accepts Email Marketing,Accepts SMS Marketing";
    rows(header, 24, || {
        let (key, email, company) = (key(dice), email(dice), company(dice));
        let phone = format!("+44 7700 9001{:02}", dice.roll(8));
        [
            key,
            dice.pick(&["", "Ada King", "Bob Ray", "Cyd Low", "Dee Orr"])
                .to_owned(),
            email,
            dice.some(&phone),
            dice.pick(&["", "Engineer", "Countess"]).to_owned(),
            company.to_owned(),
            dice.some("London"),
            dice.pick(&["", "vip", "fair", "vip;fair"]).to_owned(),
            dice.pick(&["", "", "met at the fair", "met at the inn"])
                .to_owned(),
            dice.pick(&["", "yes", "no"]).to_owned(),
            dice.pick(&["", "yes", "no"]).to_owned(),
        ]
        .join(",")
    })
}

fn companies_file(dice: &mut Dice) -> String {
    let header = "Record ID,Company name,Company Domain Name,Industry";
    rows(header, 16, || {
        let (key, company) = (key(dice), company(dice));
        let domain = dice.pick(&["", "engines.example", "looms.example"]);
        let industry = dice.pick(&["", "Machinery", "Textiles"]);
        format!("{key},{company},{domain},{industry}")
    })
}

fn deals_file(dice: &mut Dice) -> String {
    let header = "Record ID,Deal Name,Deal Stage,Pipeline,Amount,Close Date,\
                  Associated Contact IDs,Associated Company IDs";
    rows(header, 16, || {
        let (deal, stage) = (dice.roll(6), dice.pick(&["New", "Sold", "Demo", ""]));
        let (amount, contact, company) = (dice.roll(3) * 50, key(dice), key(dice));
        format!("{deal},Deal {deal},{stage},Imported,{amount}.00,2026-03-04,{contact},{company}")
    })
}

fn orders_file(dice: &mut Dice) -> String {
    let header =
        "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country";
    rows(header, 24, || {
        let (order, product, customer) = (dice.roll(5), dice.roll(4), key(dice));
        let (quantity, day) = (
            1 + dice.roll(3),
            dice.pick(&["2025-03-04", "2025-03-05", "soon"]),
        );
        let words = dice.some(&format!("PRODUCT {product}"));
        format!("{order},S{product},{words},{quantity},{day},2.50,{customer},")
    })
}

fn tickets_file(dice: &mut Dice) -> String {
    let header = "Ticket ID,Subject,Status,Priority,Requester Email,Created At";
    rows(header, 16, || {
        let (ticket, email) = (dice.roll(6), email(dice));
        let status = dice.pick(&["", "open", "pending", "solved"]);
        let priority = dice.pick(&["", "low", "high"]);
        format!("{ticket},Broken {ticket},{status},{priority},{email},2025-03-01")
    })
}

fn campaigns_file(dice: &mut Dice) -> String {
    let header = "Campaign ID,Name,Channel,Status,Starts At,Ends At,Budget";
    rows(header, 12, || {
        let (campaign, status) = (dice.roll(4), dice.pick(&["running", "finished"]));
        let (end, budget) = (dice.some("2025-06-10"), 100 + dice.roll(2) * 50);
        format!("C{campaign},Spring {campaign},email,{status},2025-06-01,{end},{budget}.00")
    })
}

fn products_file(dice: &mut Dice) -> String {
    rows("SKU,Name,Category,Price,Currency", 12, || {
        let (product, name) = (dice.roll(4), dice.pick(&["Mug", "Lamp"]));
        let (category, price) = (dice.some("Kitchen"), dice.pick(&["", "2.50", "9.00"]));
        format!("S{product},{name},{category},{price},GBP")
    })
}

pub(crate) fn all() -> ListQuery {
    ListQuery {
        limit: ListQuery::LIMIT_MAX,
        ..ListQuery::default()
    }
}

/// All records by their ids, without what tells when and how often they were written; and the
/// history's messages with their amounts.
pub(crate) async fn dump(workspace: &Workspace) -> BTreeMap<String, String> {
    let store = &workspace.store;
    let mut dump = BTreeMap::new();
    let mut add = |key: String, value: String| {
        assert!(dump.insert(key, value).is_none(), "ids are unique");
    };
    for row in contacts::list(store, &all()).await.unwrap().items {
        let mut contact = row.contact;
        let id = contact.id;
        (contact.version, contact.updated_at) = (0, contact.created_at);
        add(format!("contact {id}"), format!("{contact:?}"));
        for row in identities::list_of(store, id).await.unwrap() {
            let identity = row.identity;
            add(format!("identity {}", identity.id), format!("{identity:?}"));
        }
        for consent in consents::list_of(store, id).await.unwrap() {
            add(format!("consent {}", consent.id), format!("{consent:?}"));
        }
    }
    for row in companies::list(store, &all()).await.unwrap().items {
        let mut company = row.company;
        (company.version, company.updated_at) = (0, company.created_at);
        add(format!("company {}", company.id), format!("{company:?}"));
    }
    for mut product in products::list(store, &all()).await.unwrap().items {
        product.updated_at = product.created_at;
        add(format!("product {}", product.id), format!("{product:?}"));
    }
    for mut campaign in campaigns::list(store, &all()).await.unwrap().items {
        campaign.updated_at = campaign.created_at;
        add(format!("campaign {}", campaign.id), format!("{campaign:?}"));
    }
    for row in orders::list(store, &all()).await.unwrap().items {
        let lines = orders::list_lines(store, row.order.id).await.unwrap();
        add(
            format!("order {}", row.order.id),
            format!("{row:?} {lines:?}"),
        );
    }
    for row in tickets::list(store, &all()).await.unwrap().items {
        let mut ticket = row.ticket;
        ticket.updated_at = ticket.created_at;
        add(format!("ticket {}", ticket.id), format!("{ticket:?}"));
    }
    for row in deals::list(store, &all()).await.unwrap().items {
        let mut deal = row.deal;
        (deal.version, deal.updated_at) = (0, deal.created_at);
        add(format!("deal {}", deal.id), format!("{deal:?}"));
    }
    for row in notes::list(store, &all()).await.unwrap().items {
        add(format!("note {}", row.note.id), format!("{:?}", row.note));
    }
    let said = "SELECT arrow_cast(concat(message_id, ' ', \
                coalesce(CAST(amount_minor AS VARCHAR), '')), 'Utf8') \
                AS found FROM events WHERE source = $s";
    // An import that corrects a line twice says so twice, by one key.
    for message in texts(workspace, said, "shop").await {
        let times = dump.entry(format!("event {message}")).or_default();
        times.push('x');
    }
    dump
}
