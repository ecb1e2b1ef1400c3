use super::*;
use crate::value::date::DateOrder;
use crate::value::decimal::DecimalStyle;

fn guess(headers: &str, rows: &[&str]) -> Mapping {
    let cells = |row: &str| {
        row.split(',')
            .map(|cell| cell.trim().to_owned())
            .collect::<Vec<_>>()
    };
    let rows: Vec<_> = rows.iter().map(|row| cells(row)).collect();
    guess_mapping(&cells(headers), &rows)
}

/// `expected` are field names in the order of the columns, `-` for none.
fn check(headers: &str, rows: &[&str], entity: EntityKind, expected: &str) -> Mapping {
    let mapping = guess(headers, rows);
    let found: Vec<_> = mapping
        .columns
        .iter()
        .map(|column| column.field.map_or("-", Field::name))
        .collect();
    assert_eq!(mapping.entity, entity, "{headers}: {found:?}");
    assert_eq!(found.join(" "), expected, "{headers}");
    assert!(mapping.check().is_ok(), "{headers}: {:?}", mapping.check());
    mapping
}

#[test]
fn the_online_retail_header_maps_completely() {
    let mapping = check(
        "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country",
        &[
            "536365,85123A,WHITE HANGING HEART T-LIGHT HOLDER,6,2010-12-01 08:26:00,2.55,17850,United Kingdom",
            "C536379,D,Discount,-1,2010-12-01 09:41:00,27.5,,United Kingdom",
        ],
        EntityKind::OrderLines,
        "order_id sku product_name quantity ordered_at unit_price customer_external_id country",
    );

    assert!(mapping.columns.iter().all(|column| column.confidence > 0.9));
    assert!(
        mapping
            .columns
            .iter()
            .all(|column| column.reason == MappingReason::HeaderSynonym)
    );
    assert_eq!(mapping.cancelled_order_prefix.as_deref(), Some("C"));
}

#[test]
fn orders_without_header_are_mapped_by_their_contents() {
    check(
        "column 1,column 2,column 3,column 4,column 5,column 6,column 7,column 8",
        &[
            "536365,85123A,WHITE HANGING HEART HOLDER,6,2010-12-01 08:26:00,2.55,17850,United Kingdom",
            "536365,71053,WHITE METAL LANTERN,8,2010-12-01 08:26:00,3.39,17850,United Kingdom",
            "536366,22633,HAND WARMER UNION JACK,6,2010-12-01 08:28:00,1.85,17850,United Kingdom",
            "536366,22632,HAND WARMER RED POLKA DOT,12,2010-12-01 08:28:00,1.85,17850,France",
            "536367,84879,ASSORTED COLOUR BIRD ORNAMENT,32,2010-12-01 08:34:00,1.69,13047,France",
        ],
        EntityKind::OrderLines,
        "order_id sku product_name quantity ordered_at unit_price customer_external_id country",
    );
}

#[test]
fn chinese_headers_of_orders_and_customers() {
    check(
        "订单号,下单时间,商品编码,商品名称,数量,单价,金额,客户编号,手机,国家,城市",
        &["A1,2026年1月2日,S1,茶杯,2,10.00,20.00,C9,13812345678,中国,上海"],
        EntityKind::OrderLines,
        "order_id ordered_at sku product_name quantity unit_price line_amount customer_external_id customer_phone country -",
    );
    check(
        "姓名,公司名称,手机,电话,邮箱,负责人,来源,标签,创建时间,备注",
        &["张伟,华为,13812345678,010-62341234,zw@example.com,李雷,展会,老客户、华东,2026-01-02,无"],
        EntityKind::Contacts,
        "name company phone - email owner - tags created_at note",
    );
}

#[test]
fn shopify_customers_and_orders() {
    check(
        "Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Default Address Company,\
         Default Address Address1,Default Address City,Default Address Province Code,\
         Default Address Country Code,Default Address Zip,Phone,Total Spent,Total Orders,Note,Tax Exempt,Tags",
        &[
            "'8779,Ada,King,ada@example.com,yes,Engines Ltd,1 Main St,London,,GB,N1,'+442079460958,10.00,1,,no,vip",
        ],
        EntityKind::Contacts,
        "external_id first_name last_name email consent_email company street city region country \
         postal_code phone - - note - tags",
    );
    check(
        "Name,Email,Financial Status,Paid at,Currency,Subtotal,Total,Created at,Lineitem quantity,\
         Lineitem name,Lineitem price,Lineitem sku,Billing Name,Billing Phone,Billing Country,Id",
        &[
            "#1001,ada@example.com,paid,2026-01-02 03:04:05 -0500,GBP,10.00,12.00,2026-01-02 03:04:05 -0500,2,\
           Mug,5.00,MUG-1,Ada King,+442079460958,GB,5001",
        ],
        EntityKind::OrderLines,
        "order_id customer_email - - currency - - ordered_at quantity product_name unit_price sku \
         customer_name customer_phone country -",
    );
}

#[test]
fn other_systems_exports() {
    check(
        "Record ID,First Name,Last Name,Email,Phone Number,Job Title,Company Name,Contact owner,Create Date,City,State/Region,Country/Region,Postal Code",
        &[
            "1,Ada,King,ada@example.com,+442079460958,Countess,Engines,Bob,2026-01-02 03:04,London,,UK,N1",
        ],
        EntityKind::Contacts,
        "external_id first_name last_name email phone title company owner created_at city region country postal_code",
    );
    check(
        "Record ID,Company name,Company Domain Name,Industry,Number of Employees,Annual Revenue",
        &["1,Engines Ltd,engines.example.com,Machinery,12,1000000"],
        EntityKind::Companies,
        "external_id name domain industry n_employees -",
    );
    check(
        "Id,Requester,Requester external id,Requester email,Subject,Tags,Status,Priority,Via,Created at,Updated at,Solved at",
        &[
            "1,Ada King,77,ada@example.com,Where is it?,late,Open,Normal,Mail,2026-01-02 03:04,2026-01-03 03:04,",
        ],
        EntityKind::Tickets,
        "external_id customer_name customer_external_id customer_email subject - status priority channel created_at - solved_at",
    );
    check(
        "messageId,type,event,userId,timestamp,properties.sku,context.page.url",
        &["m1,track,Product Viewed,77,2026-01-02T03:04:05Z,S1,https://example.com/p/1"],
        EntityKind::Events,
        "message_id - event_kind customer_external_id occurred_at sku page_url",
    );
    check(
        "SKU,Title,Product Type,Variant Price,Currency",
        &["S1,Mug,Kitchen,5.00,GBP"],
        EntityKind::Products,
        "sku name category price currency",
    );
    check(
        "campaign_id,campaign name,channel,status,start date,end date,budget,currency",
        &["1,Spring,email,finished,2026-03-01,2026-03-31,1000,EUR"],
        EntityKind::Campaigns,
        "external_id name channel status starts_at ends_at budget currency",
    );
}

#[test]
fn contents_find_an_address_behind_a_name_that_says_nothing() {
    let mapping = check(
        "first name,last name,foo",
        &["Ada,King,ada@example.com", "Bob,Ray,bob@example.com"],
        EntityKind::Contacts,
        "first_name last_name email",
    );

    assert_eq!(mapping.columns[2].reason, MappingReason::Contents);
}

#[test]
fn dates_under_a_name_that_says_nothing_are_left_alone() {
    check(
        "first name,dob,ratio",
        &["Ada,1815-12-10,0.766126609", "Bob,1845-01-81,0.957151019"],
        EntityKind::Contacts,
        "first_name - -",
    );
}

#[test]
fn dates_and_decimals_are_decided_over_the_whole_sample() {
    let mapping = guess("order id;order date;sku;price", &[]);
    assert_eq!(mapping.columns.len(), 1);

    let headers: Vec<String> = ["order id", "order date", "sku", "price"]
        .map(str::to_owned)
        .to_vec();
    let row = |date: &str, price: &str| ["1", date, "S", price].map(str::to_owned).to_vec();
    let mapping = guess_mapping(
        &headers,
        &[row("01/02/2026", "1.000"), row("01/31/2026", "2,50")],
    );

    assert_eq!(mapping.dates, DateOrder::MonthFirst);
    assert_eq!(mapping.decimal, DecimalStyle::Comma);
}

#[test]
fn c_is_no_mark_where_all_orders_begin_so() {
    let mapping = guess(
        "order id,order date,sku,price",
        &["C1,2026-01-02,S,1", "C2,2026-01-02,S,1"],
    );

    assert_eq!(mapping.cancelled_order_prefix, None);
}

#[test]
fn the_kind_of_record_can_be_given() {
    let headers = ["name".to_owned(), "city".to_owned()];

    let mapping = guess_mapping_for(EntityKind::Companies, &headers, &[]);

    assert_eq!(mapping.entity, EntityKind::Companies);
    assert_eq!(mapping.columns[0].field, Some(Field::Name));
}
