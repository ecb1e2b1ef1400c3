//! Records to test with, made through the front door wherever there is one.

use rapport_pipelines::jobs::run_until_over;
use serde_json::{Value, json};

use super::{Client, TestApp};

/// Twelve order lines of three customers and one without a customer; one line is bad.
pub(crate) const ORDERS_CSV: &str = "\
InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
1001,LAMP,Desk lamp,2,2025-10-01 10:00:00,19.90,17850,Germany
1001,BULB,Bulb,4,2025-10-01 10:00:00,2.50,17850,Germany
1002,LAMP,Desk lamp,1,2025-10-11 10:00:00,19.90,17850,Germany
1003,BULB,Bulb,10,2025-10-21 10:00:00,2.50,17850,Germany
1004,LAMP,Desk lamp,1,2025-10-31 10:00:00,19.90,17850,Germany
C1005,LAMP,Desk lamp,-1,2025-11-01 10:00:00,19.90,17850,Germany
1006,CHAIR,Chair,1,2025-11-02 10:00:00,120.00,12583,France
1007,CHAIR,Chair,2,2025-12-02 10:00:00,120.00,12583,France
1008,BULB,Bulb,1,2025-12-05 10:00:00,2.50,13047,Spain
1009,BULB,Bulb,2,2025-12-20 10:00:00,2.50,13047,Spain
1010,BULB,Bulb,many,2025-12-21 10:00:00,2.50,13047,Spain
1011,LAMP,Desk lamp,1,2025-12-22 10:00:00,19.90,,Germany
";

impl TestApp {
    /// Uploads [`ORDERS_CSV`] and imports it; answers the import when it is over.
    pub(crate) async fn import_orders(&self, client: &Client) -> Value {
        let import = client
            .upload("Shop", "orders.csv", ORDERS_CSV.as_bytes())
            .await
            .json(201);
        self.run_import(client, &import).await
    }

    /// Runs an uploaded import until it is over.
    pub(crate) async fn run_import(&self, client: &Client, import: &Value) -> Value {
        let path = format!("/api/v1/imports/{}", id(import));
        let job = client
            .post(&format!("{path}/run"), &json!({}))
            .await
            .json(202);
        self.run_job(&job["job"]).await;
        client.get(&path).await.json(200)
    }

    /// Runs a job until it is over.
    pub(crate) async fn run_job(&self, job: &Value) {
        let job_id = id(job).parse().unwrap();
        run_until_over(&self.workspace, job_id, &mut |_| {})
            .await
            .unwrap();
    }
}

impl Client {
    /// Creates a contact.
    pub(crate) async fn contact(&self, name: &str) -> Value {
        self.post("/api/v1/contacts", &json!({ "name": name }))
            .await
            .json(201)
    }

    /// The rows of a list, read page by page by its cursor.
    pub(crate) async fn walk(&self, path: &str, plural: &str, limit: usize) -> Vec<Value> {
        let mut next = format!(
            "{path}{}limit={limit}",
            if path.contains('?') { '&' } else { '?' }
        );
        let mut rows = Vec::new();
        loop {
            let answer = self.get(&next).await;
            let link = answer.header("link").map(str::to_owned);
            let page = answer.json(200);
            let items = page[plural].as_array().unwrap();
            assert!(items.len() <= limit);
            rows.extend(items.iter().cloned());
            match (page["meta"]["next_cursor"].as_str(), link) {
                (None, None) => return rows,
                (Some(cursor), Some(link)) => {
                    assert!(link.ends_with(">; rel=\"next\""), "{link}");
                    next = link
                        .trim_start_matches('<')
                        .split('>')
                        .next()
                        .unwrap()
                        .to_owned();
                    assert!(next.ends_with(&format!("cursor={cursor}")), "{next}");
                }
                other => panic!("cursor and link disagree: {other:?}"),
            }
        }
    }
}

/// The id of an object.
pub(crate) fn id(object: &Value) -> &str {
    object["id"].as_str().unwrap()
}

/// One field of all rows, as text.
pub(crate) fn texts<'v>(rows: &'v [Value], field: &str) -> Vec<&'v str> {
    rows.iter()
        .map(|row| row[field].as_str().unwrap())
        .collect()
}
