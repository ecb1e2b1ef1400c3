//! What rows become: standardized values of each kind of record.

use rapport_domain::{EventKind, Priority, RejectReason, TicketChannel, TicketStatus};
use rapport_ingest::{ContactRow, EventRow, OrderLineRow, ParsedRow, ReadOptions, TicketRow};

use crate::files::{Read, british, read};

fn rows(text: &str) -> Read {
    let file = read(text.as_bytes(), &british()).unwrap();
    assert!(file.rejected.is_empty(), "{:?}", file.rejected);
    file
}

fn order_lines(text: &str) -> Vec<OrderLineRow> {
    let lines = rows(text).rows.into_iter().map(|row| match row {
        ParsedRow::OrderLine(line) => line,
        other => panic!("an order line was expected, not {other:?}"),
    });
    lines.collect()
}

fn contacts(text: &str) -> Vec<ContactRow> {
    let rows = rows(text).rows.into_iter().map(|row| match row {
        ParsedRow::Contact(row) => row,
        other => panic!("a contact was expected, not {other:?}"),
    });
    rows.collect()
}

const RETAIL: &str =
    "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";

#[test]
fn what_is_given_back_is_less_money_whichever_cell_bears_the_sign() {
    let lines = order_lines(&format!(
        "{RETAIL}536365,85123A,T-LIGHT,6,2010-12-01 08:26:00,2.55,17850,United Kingdom\n\
         536366,85123A,T-LIGHT,6,2010-12-01 08:28:00,2.55,17850,United Kingdom\n\
         C536379,D,Discount,-1,2010-12-01 09:41:00,-27.5,14527,United Kingdom\n\
         C536380,D,Discount,1,2010-12-01 09:41:00,-27.5,14527,United Kingdom\n\
         536381,D,Discount,-1,2010-12-01 09:41:00,-27.5,14527,United Kingdom\n"
    ));

    assert_eq!(lines.len(), 5);
    for line in &lines[2..] {
        assert!(line.is_return, "{line:?}");
        assert_eq!(line.amount.amount_minor, -2750, "{line:?}");
    }
}

#[test]
fn numbers_that_would_spoil_every_sum_are_refused() {
    let text = format!(
        "{RETAIL}1,A,Gold,10000000000000000,2010-12-01 09:41:00,1,14527,United Kingdom\n\
         2,A,Gold,1,2010-12-01 09:41:00,60000000000000000,14527,United Kingdom\n\
         3,A,Gold,1000000000,2010-12-01 09:41:00,2000,14527,United Kingdom\n\
         4,A,Gold,1000000000,2010-12-01 09:41:00,1,14527,United Kingdom\n"
    );

    let file = read(text.as_bytes(), &british()).unwrap();

    let refused: Vec<_> = file
        .rejected
        .iter()
        .map(|row| (row.line, row.column.as_deref(), row.reason))
        .collect();
    let bad = RejectReason::BadNumber;
    assert_eq!(
        refused,
        [
            (2, Some("Quantity"), bad),
            (3, Some("UnitPrice"), bad),
            (4, Some("UnitPrice"), bad),
        ]
    );
    assert_eq!(file.rows.len(), 1);
}

#[test]
fn cancellations_and_negative_quantities_are_returns() {
    let lines = order_lines(&format!(
        "{RETAIL}536365,85123A,T-LIGHT,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom\n\
         C536379,D,Discount,-1,2010-12-01 09:41:00,27.5,14527,United Kingdom\n\
         C536380,22960,JAM,2,2010-12-01 09:41:00,4.25,14527,United Kingdom\n\
         536589,21777,,-10,2010-12-01 16:50:00,0,,United Kingdom\n\
         A563185,B,Adjust bad debt,1,2011-08-12 14:50:00,-11062.06,,United Kingdom\n"
    ));

    let found: Vec<_> = lines
        .iter()
        .map(|line| {
            (
                line.is_return,
                line.quantity,
                line.unit_price.amount_minor,
                line.amount.amount_minor,
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            (false, 6.0, 255, 1530),
            (true, -1.0, 2750, -2750),
            (true, -2.0, 425, -850),
            (true, -10.0, 0, 0),
            (false, 1.0, -1_106_206, -1_106_206),
        ]
    );
    assert_eq!(lines[0].person.external_id.as_deref(), Some("17850"));
    assert_eq!(lines[0].cells[6], "17850.0", "the cells stay as they were");
    assert!(lines[3].person.is_empty());
    assert_eq!(lines[3].product_name, None);
    assert_eq!(lines[0].amount.currency.to_string(), "GBP");
}

#[test]
fn lines_of_an_order_share_what_only_the_first_one_says() {
    let lines = order_lines(
        "Name,Email,Currency,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Billing Name,Billing Phone\n\
         #1001,ada@example.com,EUR,2026-01-02 03:04:05 -0500,2,Mug,5.00,MUG-1,Ada King,'+442079460958\n\
         #1001,,,,1,Spoon,1.00,SPOON-1,,\n\
         #1002,bob@example.com,USD,2026-01-03 03:04:05 -0500,1,Mug,5.00,MUG-1,Bob Ray,\n",
    );

    assert_eq!(lines[1].person, lines[0].person);
    assert_eq!(lines[1].ordered_at, lines[0].ordered_at);
    assert_eq!(lines[1].amount.to_string(), "1.00 EUR");
    assert_eq!(
        lines[0].person.phone.as_ref().unwrap().as_str(),
        "+442079460958"
    );
    assert_eq!(lines[2].person.name.as_deref(), Some("Bob Ray"));
}

#[test]
fn price_and_amount_are_worked_out_from_each_other() {
    let lines = order_lines(
        "订单号;下单时间;商品名称;数量;金额;币种\n\
         A1;2026年1月2日;茶杯;3;￥30,00;\n\
         A2;2026年1月2日;茶杯;1;1.234,50;EUR\n",
    );

    assert_eq!(lines[0].unit_price.to_string(), "10.00 CNY");
    assert_eq!(lines[0].sku, "茶杯");
    assert_eq!(lines[1].amount.to_string(), "1234.50 EUR");
}

#[test]
fn contacts_are_standardized() {
    let people = contacts(
        "Customer ID,Full Name,E-mail,Phone,Country,Accepts Marketing,Tags,Created\n\
         '8779112349876,\"King, Ada\", Ada.King@Example.COM ,020 7946 0958,UK,yes,\"vip, new\",12 Jan 2026\n\
         2,张伟,NULL,138-1234-5678,中国,否,老客户、华东,46024\n",
    );

    let ada = &people[0];
    assert_eq!(ada.person.external_id.as_deref(), Some("8779112349876"));
    assert_eq!(
        ada.person.email.as_ref().unwrap().as_str(),
        "ada.king@example.com"
    );
    assert_eq!(ada.person.phone.as_ref().unwrap().as_str(), "+442079460958");
    assert_eq!(ada.person.first_name.as_deref(), Some("Ada"));
    assert_eq!(ada.consent_marketing, Some(true));
    assert_eq!(ada.tags, ["vip", "new"]);
    let wei = &people[1];
    assert_eq!(wei.person.email, None);
    assert_eq!(
        wei.person.phone.as_ref().unwrap().as_str(),
        "+8613812345678",
        "the row's country tells the region"
    );
    assert_eq!(wei.created_at.unwrap().to_string(), "2026-01-02T00:00:00Z");
    assert_eq!(wei.consent_marketing, Some(false));
}

#[test]
fn a_phone_number_needs_a_region_or_a_country_code() {
    let text = "name,phone\nAda,020 7946 0958\nBob,+442079460958\n";

    let file = read(text.as_bytes(), &ReadOptions::default()).unwrap();

    assert_eq!(file.rows.len(), 1);
    assert_eq!(file.rejected[0].reason, RejectReason::BadPhone);
    assert!(file.rejected[0].message.contains("country code"));
}

#[test]
fn events_get_a_key_and_keep_their_properties() {
    let file = rows(
        "{\"event\":\"Product Viewed\",\"userId\":\"77\",\"timestamp\":\"2026-01-02T03:04:05.678Z\",\"properties\":{\"sku\":\"S1\"},\"context\":{\"page\":{\"url\":\"https://example.com/p\"}}}\n\
         {\"event\":\"product_ordered\",\"userId\":\"77\",\"timestamp\":\"2026-01-02T03:05:05Z\",\"messageId\":\"m2\"}\n",
    );

    let events: Vec<&EventRow> = file
        .rows
        .iter()
        .map(|row| match row {
            ParsedRow::Event(row) => row,
            other => panic!("an event was expected, not {other:?}"),
        })
        .collect();
    assert_eq!(events[0].message_id.len(), 32);
    assert_eq!(
        events[0].kind,
        EventKind::Other("Product Viewed".to_owned())
    );
    assert_eq!(events[0].sku.as_deref(), Some("S1"));
    assert_eq!(
        events[0].properties.as_deref(),
        Some("{\"url\":\"https://example.com/p\"}")
    );
    assert_eq!(events[0].person.external_id.as_deref(), Some("77"));
    assert_eq!(events[1].message_id, "m2");
    assert_eq!(events[1].properties, None);
    assert_eq!(events[1].kind, EventKind::ProductOrdered);
}

#[test]
fn tickets_companies_products_and_campaigns_are_read() {
    let file = rows(
        "Ticket ID,Subject,Description,Status,Priority,Via,Created at,Requester email\n\
         1,,\"Where is it?\nI wait.\",on-hold,Urgent,Mail,2026-01-02 03:04,ada@example.com\n"
            .replace("on-hold", "on hold")
            .as_str(),
    );
    let ParsedRow::Ticket(TicketRow {
        subject,
        status,
        priority,
        channel,
        ..
    }) = &file.rows[0]
    else {
        panic!("a ticket was expected");
    };
    assert_eq!(subject, "Where is it?");
    assert_eq!(*status, Some(TicketStatus::Pending));
    assert_eq!(*priority, Some(Priority::Urgent));
    assert_eq!(*channel, Some(TicketChannel::Email));

    let file = rows(
        "Record ID,Company name,Company Domain Name,Industry,Number of Employees\n1,Engines,https://www.Engines.example/x,Machinery,11-50\n",
    );
    let ParsedRow::Company(company) = &file.rows[0] else {
        panic!("a company was expected");
    };
    assert_eq!(company.domain.as_deref(), Some("engines.example"));
    assert_eq!(company.n_employees, Some(11));

    let file = rows("sku,name,category,price\nS1,Mug,Kitchen,$5.00\n");
    let ParsedRow::Product(product) = &file.rows[0] else {
        panic!("a product was expected");
    };
    assert_eq!(product.price.unwrap().to_string(), "5.00 USD");

    let file = rows(
        "campaign_id,campaign name,channel,status,start date,budget,currency\n1,Spring,email,Sent,2026-03-01,1000,EUR\n",
    );
    let ParsedRow::Campaign(campaign) = &file.rows[0] else {
        panic!("a campaign was expected");
    };
    assert_eq!(campaign.budget.unwrap().to_string(), "1000.00 EUR");
}

#[test]
fn campaigns_and_unmapped_columns_of_events_stand_in_their_properties() {
    let file = rows(
        "{\"message_id\":\"m1\",\"event\":\"campaign_sent\",\"timestamp\":\"2026-01-02T03:04:05Z\",\
         \"customer_id\":\"7\",\"campaign_id\":\"CMP-1\",\"campaign\":\"Spring\",\"propensity\":0.25}\n\
         {\"message_id\":\"m2\",\"event\":\"campaign_sent\",\"timestamp\":\"2026-01-02T03:04:05Z\",\
         \"customer_id\":\"8\",\"campaign_id\":\"CMP-1\",\"campaign\":\"Spring\",\"propensity\":0.5}\n",
    );
    let ParsedRow::Event(event) = &file.rows[0] else {
        panic!("an event was expected");
    };

    let properties: serde_json::Value =
        serde_json::from_str(event.properties.as_deref().unwrap()).unwrap();
    assert_eq!(
        properties,
        serde_json::json!({"campaign_id": "CMP-1", "campaign": "Spring", "propensity": 0.25})
    );
    let file = rows("事件,时间,客户编号,活动编号,备用\nopened,2026-01-02,7,CMP-2,x\n");
    let ParsedRow::Event(event) = &file.rows[0] else {
        panic!("an event was expected");
    };
    let properties = event.properties.as_deref().unwrap();
    assert!(
        properties.contains("\"campaign_id\":\"CMP-2\""),
        "{properties}"
    );
    assert!(properties.contains("\"备用\":\"x\""), "{properties}");
}

#[test]
fn consent_is_read_by_way_and_employers_are_tidied() {
    let people = contacts(
        "Customer ID,Name,Company,Accepts Email Marketing,Accepts SMS Marketing\n\
         1,Ada King,  Ａcme   Ltd ,yes,no\n",
    );

    assert_eq!(people[0].consent_marketing, None);
    assert_eq!(people[0].consent_email, Some(true));
    assert_eq!(people[0].consent_sms, Some(false));
    assert_eq!(people[0].company.name.as_deref(), Some("Acme Ltd"));
}
