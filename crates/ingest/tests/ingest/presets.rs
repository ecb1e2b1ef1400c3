//! Exports of other systems: exact headers, odd cells, and what becomes of them.

use rapport_domain::EntityKind;
use rapport_ingest::{
    ContactRow, DealRow, Field, Mapping, OrderLineRow, ParsedRow, ReadOptions, detect_preset,
    guess_mapping_without_preset, presets,
};

use crate::files::{Read, read};

/// Reads an export as the preset that must be recognized.
fn export(preset: &str, text: &str) -> Read {
    let options = ReadOptions {
        default_region: Some("GB".to_owned()),
        ..ReadOptions::default()
    };
    let found = read(text.as_bytes(), &options).unwrap();
    assert_eq!(found.mapping.preset.as_deref(), Some(preset));
    assert!(found.mapping.check().is_ok(), "{:?}", found.mapping.check());
    found
}

fn fields(mapping: &Mapping) -> String {
    let fields = mapping.columns.iter();
    let fields: Vec<_> = fields.map(|it| it.field.map_or("-", Field::name)).collect();
    fields.join(" ")
}

fn contacts(read: &Read) -> Vec<&ContactRow> {
    assert!(read.rejected.is_empty(), "{:?}", read.rejected);
    let rows = read.rows.iter().map(|row| match row {
        ParsedRow::Contact(row) => row,
        other => panic!("{other:?}"),
    });
    rows.collect()
}

fn lines(read: &Read) -> Vec<&OrderLineRow> {
    assert!(read.rejected.is_empty(), "{:?}", read.rejected);
    let rows = read.rows.iter().map(|row| match row {
        ParsedRow::OrderLine(row) => row,
        other => panic!("{other:?}"),
    });
    rows.collect()
}

fn deal(row: &ParsedRow) -> &DealRow {
    match row {
        ParsedRow::Deal(row) => row,
        other => panic!("{other:?}"),
    }
}

#[test]
fn shopify_customers_have_marked_ids_and_two_phones() {
    let found = export(
        "shopify_customers",
        "Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Default Address Company,Default Address Address1,Default Address Address2,Default Address City,Default Address Province Code,Default Address Country Code,Default Address Zip,Default Address Phone,Phone,Accepts SMS Marketing,Total Spent,Total Orders,Note,Tax Exempt,Tags\n\
         '8779,Ada,King,ada@example.com,yes,Engines Ltd,1 Main St,,London,,GB,'01234,'+442079460111,'+442079460958,no,10.00,1,,no,\"vip, new\"\n\
         '8780,Bob,Ray,bob@example.com,no,,,,,,GB,,'+442079460112,,no,0,0,,no,\n",
    );
    assert_eq!(
        fields(&found.mapping),
        "external_id first_name last_name email consent_email company street - city region country \
         postal_code phone phone consent_sms - - note - tags"
    );
    let rows = contacts(&found);
    let (ada, bob) = (rows[0], rows[1]);
    assert_eq!(ada.person.external_id.as_deref(), Some("8779"));
    assert_eq!(ada.address.postal_code.as_deref(), Some("01234"));
    assert_eq!(ada.tags, ["vip", "new"]);
    // The customer's own number counts before that of the address, and the latter where it is alone.
    let phone = |row: &ContactRow| row.person.phone.as_ref().map(ToString::to_string);
    assert_eq!(phone(ada).as_deref(), Some("+442079460958"));
    assert_eq!(phone(bob).as_deref(), Some("+442079460112"));
}

#[test]
fn shopify_orders_are_completed_from_their_first_row() {
    let found = export(
        "shopify_orders",
        "Name,Email,Financial Status,Paid at,Currency,Total,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Billing Name,Billing Phone,Billing Country,Id\n\
         #1001,ada@example.com,paid,2026-01-02 03:04:05 -0500,GBP,17.00,2026-01-02 03:04:05 -0500,2,Mug,5.00,MUG-1,Ada King,'+442079460958,GB,5001\n\
         #1001,,,,,,,1,Cap,7.00,,,,,\n",
    );
    let rows = lines(&found);
    assert_eq!(rows[1].order_id, "#1001");
    assert_eq!(rows[1].ordered_at, rows[0].ordered_at);
    assert_eq!(rows[1].person, rows[0].person);
    assert_eq!(rows[1].sku, "Cap");
    assert_eq!(rows[1].amount.amount_minor, 700);
}

#[test]
fn woocommerce_is_recognized_in_the_language_of_the_shop() {
    for header in [
        "Name,Username,Last Active,Sign Up,Email,Orders,Total Spend,AOV,Country / Region,City,Region,Postal Code",
        "Name,Benutzername,Zuletzt aktiv,Registrierung,E-Mail,Bestellungen,Gesamtausgaben,AOV,Land / Region,Stadt,Region,Postleitzahl",
        "Nom,Identifiant,Dernière activité,Inscription,E-mail,Commandes,Total,AOV,Pays / Région,Ville,Région,Code postal",
        "Nombre,Nombre de usuario,Última actividad,Registro,Correo electrónico,Pedidos,Total,AOV,País / Región,Ciudad,Región,Código postal",
        "姓名,用户名,上次活跃,注册,电子邮件,订单,总支出,AOV,国家 / 地区,城市,地区,邮政编码",
    ] {
        let text = format!(
            "{header}\nAda King,ada,2026-01-03,2026-01-02,ada@example.com,1,10.00,10.00,GB,London,,N1\n"
        );
        let found = export("woocommerce_customers", &text);
        assert_eq!(
            fields(&found.mapping),
            "name - - created_at email - - - country city region postal_code",
            "{header}"
        );
        assert_eq!(contacts(&found)[0].address.city.as_deref(), Some("London"));
    }
}

#[test]
fn woocommerce_orders_are_nobodys_and_their_lists_are_read() {
    let found = export(
        "woocommerce_orders",
        "Date,Order #,N. Revenue (formatted),Status,Customer,Customer type,Product(s),Items sold,Coupon(s),Net Sales,Attribution\n\
         2026-01-02 03:04:05,1001,£10.00,completed,Ada King,new,2× Mug,2,,10.00,Direct\n\
         2026-01-03 03:04:05,1002,£17.00,completed,Ada King,returning,\"2× Mug, 1× Cap\",3,,17.00,Direct\n",
    );
    let rows = lines(&found);
    assert_eq!((rows[0].sku.as_str(), rows[0].quantity), ("Mug", 2.0));
    assert_eq!(rows[0].unit_price.amount_minor, 500);
    assert_eq!(rows[1].sku, "2× Mug, 1× Cap");
    assert_eq!((rows[1].quantity, rows[1].amount.amount_minor), (3.0, 1700));
    // Two people may share a name: no order is tied to somebody by it, and people are told so.
    assert!(rows.iter().all(|row| row.person.is_anonymous()));
    let preset = presets().find(|preset| preset.key == "woocommerce_orders");
    let notice = preset.and_then(|preset| preset.notice()).unwrap();
    assert!(
        notice.en.contains("without their customers"),
        "{}",
        notice.en
    );
}

#[test]
fn hubspot_contacts_tell_their_company_and_past_merges() {
    let found = export(
        "hubspot_contacts",
        "Record ID - Contact,First Name,Last Name,Email,Phone Number,Mobile Phone Number,Job Title,Company Name,Contact owner,Lifecycle Stage,Create Date,Associated Company,Associated Company IDs,Merged Contact IDs\n\
         501,Ada,King,ada@example.com,,+44 20 7946 0958,Countess,,Bob Ray,\" Lead\",2026-01-02 03:04,Engines Ltd,9001;9002,\"77:1690000000000;78\"\n",
    );
    let row = contacts(&found)[0];
    assert_eq!(row.merged_ids, ["77", "78"]);
    assert_eq!(row.company.external_id.as_deref(), Some("9001"));
    assert_eq!(row.company.name.as_deref(), Some("Engines Ltd"));
    assert!(row.person.phone.is_some());
}

#[test]
fn hubspot_companies_and_deals() {
    let companies = export(
        "hubspot_companies",
        "Record ID,Company name,Company Domain Name,Industry,Number of Employees,Annual Revenue\n\
         9001,Engines Ltd,www.Engines.example,Machinery,11-50,1000000\n",
    );
    let ParsedRow::Company(company) = &companies.rows[0] else {
        panic!("{:?}", companies.rows);
    };
    assert_eq!(company.domain.as_deref(), Some("engines.example"));
    assert_eq!(company.n_employees, Some(11));

    let deals = export(
        "hubspot_deals",
        "Record ID,Deal Name,Deal Stage,Pipeline,Amount,Close Date,Deal owner,Associated Contact IDs,Associated Company IDs\n\
         1,Engine,Closed Won,Sales,\"1,250.50\",2026-03-04 00:00,Bob Ray,501;502,9001\n\
         2,Refund,New,Sales,-3,,,,\n",
    );
    let deal = deal(&deals.rows[0]);
    assert_eq!(deal.stage.as_deref(), Some("Closed Won"));
    assert_eq!(deal.amount.unwrap().amount_minor, 125_050);
    assert_eq!(deal.expected_close_on.unwrap().to_string(), "2026-03-04");
    assert_eq!(deal.person.external_id.as_deref(), Some("501"));
    assert_eq!(deal.company.external_id.as_deref(), Some("9001"));
    assert!(deals.rejected[0].message.contains("below zero"));
}

#[test]
fn salesforce_keys_are_one_in_both_forms_and_losers_of_merges_only_tell_that() {
    let found = export(
        "salesforce_contacts",
        "Id,MasterRecordId,AccountId,LastName,FirstName,Title,Email,Phone,MobilePhone,MailingCity,OwnerId\n\
         0035e00000Rt6dG,,0015e00000Rt6dGAAR,King,Ada,Countess,ada@example.com,,,London,0055e00000Rt6dG\n\
         0035e00000Rt6dHAAR,0035e00000Rt6dG,,Kin,Ada,,old@example.com,,,,\n",
    );
    // The second row's own key is written in its long form, whose last letters do not fit: rejected.
    assert_eq!(found.rows.len() + found.rejected.len(), 2);
    let ParsedRow::Contact(ada) = &found.rows[0] else {
        panic!("{:?}", found.rows);
    };
    assert_eq!(
        ada.person.external_id.as_deref(),
        Some("0035e00000Rt6dGAAR")
    );
    assert_eq!(
        ada.company.external_id.as_deref(),
        Some("0015e00000Rt6dGAAR")
    );

    let merged = export(
        "salesforce_contacts",
        "Id,MasterRecordId,AccountId,LastName,FirstName,Email\n\
         0035e00000Rt6dH,0035e00000Rt6dGAAR,,Kin,Ada,old@example.com\n",
    );
    let loser = contacts(&merged)[0];
    assert_eq!(
        loser.person.external_id.as_deref(),
        Some("0035e00000Rt6dGAAR")
    );
    assert_eq!(loser.person.email, None);
    assert_eq!(loser.merged_ids.len(), 1);
    assert!(loser.merged_ids[0].starts_with("0035e00000Rt6dH"));
}

#[test]
fn salesforce_objects_are_told_apart() {
    for (preset, entity, text) in [
        (
            "salesforce_accounts",
            EntityKind::Companies,
            "Id,IsDeleted,MasterRecordId,Name,Type,BillingCity,BillingCountry,Phone,Website,Industry,NumberOfEmployees,OwnerId\n\
             0015e00000Rt6dG,false,,Engines Ltd,Customer,London,UK,,https://engines.example,Machinery,12,0055e00000Rt6dG\n",
        ),
        (
            "salesforce_opportunities",
            EntityKind::Deals,
            "Id,AccountId,Name,StageName,Amount,Probability,CloseDate,IsClosed,IsWon,OwnerId\n\
             0065e00000Rt6dG,0015e00000Rt6dG,Engine,Closed Won,1250.50,100,2026-03-04,true,true,0055e00000Rt6dG\n",
        ),
        (
            "salesforce_cases",
            EntityKind::Tickets,
            "Id,CaseNumber,ContactId,AccountId,Subject,Description,Status,Priority,Origin,CreatedDate\n\
             5005e00000Rt6dG,00001,0035e00000Rt6dG,,Late,Where is it?,New,High,Email,2026-01-02T03:04:05.000Z\n",
        ),
    ] {
        let found = export(preset, text);
        assert_eq!(found.mapping.entity, entity);
        assert_eq!(
            (found.rows.len(), found.rejected.len()),
            (1, 0),
            "{:?}",
            found.rejected
        );
    }
}

#[test]
fn zendesk_tickets_and_users() {
    let tickets = export(
        "zendesk_tickets",
        "Summation column,Id,Requester,Requester id,Requester external id,Requester email,Requester domain,Submitter,Assignee,Group,Subject,Tags,Status,Priority,Via,Created at,Updated at,Solved at\n\
         1,17,Ada King,3601,,ada@example.com,example.com,Ada King,Bob Ray,Support,Where is it?,late,Open,Normal,Mail,2026-01-02 03:04,2026-01-03 03:04,\n",
    );
    let ParsedRow::Ticket(ticket) = &tickets.rows[0] else {
        panic!("{:?}", tickets.rejected);
    };
    assert_eq!(ticket.person.external_id.as_deref(), Some("3601"));
    assert_eq!(ticket.owner.as_deref(), Some("Bob Ray"));

    let users = export(
        "zendesk_users",
        "name,email,external_id,details,notes,phone,role,restriction,organization,tags\n\
         Ada King,ada@example.com,77,,Likes tea,+442079460958,end-user,requested,Engines Ltd,vip\n",
    );
    let user = contacts(&users)[0];
    assert_eq!(user.note.as_deref(), Some("Likes tea"));
    assert_eq!(user.company.name.as_deref(), Some("Engines Ltd"));
}

#[test]
fn twenty_writes_a_phone_in_three_columns() {
    let found = export(
        "twenty_people",
        "Id,Name / First Name,Name / Last Name,Emails / Primary Email,Phones / Primary Phone Number,Phones / Primary Phone Country Code,Phones / Primary Phone Calling Code,Job Title,City,Company / Name\n\
         20202020-0001,Ada,King,ada@example.com,612345678,FR,+33,Countess,Paris,Engines Ltd\n",
    );
    let row = contacts(&found)[0];
    let phone = row.person.phone.as_ref().map(ToString::to_string);
    assert_eq!(phone.as_deref(), Some("+33612345678"));
}

#[test]
fn atomic_crm_has_three_addresses_and_three_numbers() {
    let found = export(
        "atomic_crm_contacts",
        "first_name,last_name,gender,title,background,first_seen,last_seen,has_newsletter,status,tags,linkedin_url,company,email_work,email_home,email_other,phone_work,phone_home,phone_other\n\
         Ada,King,female,Countess,Likes tea,2026-01-02,2026-02-03,true,warm,\"vip, new\",,Engines Ltd,,ada@home.example,ada@other.example,,,+442079460958\n",
    );
    let row = contacts(&found)[0];
    let email = row.person.email.as_ref().map(ToString::to_string);
    assert_eq!(email.as_deref(), Some("ada@home.example"));
    assert!(row.person.phone.is_some());
    assert_eq!(row.consent_email, Some(true));
}

#[test]
fn wecom_contacts_carry_what_colleagues_noted() {
    let text = r#"{"external_userid":"wm1","name":"张伟","avatar":"","type":1,"gender":1,"unionid":"u1","position":"经理","corp_name":"","follow_user":[{"userid":"lilei","remark":"张总","remark_mobiles":["+8613812345678"],"remark_corp_name":"星河科技","description":"","createtime":1700000000,"add_way":1,"tags":[{"group_name":"等级","tag_name":"老客户","tag_id":"t1","type":1}]}]}
{"external_userid":"wm2","name":"李强","unionid":"u2","position":"","corp_name":"云图数据","follow_user":[]}
"#;
    let found = export("wecom_external_contacts", text);
    let rows = contacts(&found);
    assert_eq!(rows[0].company.name.as_deref(), Some("星河科技"));
    assert_eq!(rows[0].tags, ["老客户"]);
    assert_eq!(rows[0].owner.as_deref(), Some("lilei"));
    assert_eq!(rows[0].note.as_deref(), Some("张总"));
    let phone = rows[0].person.phone.as_ref().map(ToString::to_string);
    assert_eq!(phone.as_deref(), Some("+8613812345678"));
    assert_eq!(rows[1].company.name.as_deref(), Some("云图数据"));
}

#[test]
fn a_preset_can_be_dropped() {
    let headers = ["Id", "AccountId", "LastName", "FirstName", "Email"].map(str::to_owned);
    assert_eq!(detect_preset(&headers).unwrap().key, "salesforce_contacts");

    let mapping = guess_mapping_without_preset(&headers, &[]);

    assert_eq!(mapping.preset, None);
    assert_eq!(mapping.column_of(Field::Email), Some("Email"));
}
