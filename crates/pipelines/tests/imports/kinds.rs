//! Events, tickets and campaigns: read in, read in again, brought up to date.

use rapport_domain::{CampaignStatus, Priority, TicketStatus};
use rapport_pipelines::Workspace;
use rapport_store::{ListQuery, campaigns, tickets};
use tempfile::TempDir;

use crate::office::{find, import_as, number, open, rejected_csv, texts};

const SENT: &str = concat!(
    r#"{"message_id":"7-CMP-1-campaign_sent","event":"campaign_sent","timestamp":"2025-06-01T09:00:00Z","customer_id":"7","email":"ada@example.com","campaign_id":"CMP-1","campaign":"Spring","channel":"email","propensity":0.25}"#,
    "\n",
    r#"{"message_id":"7-CMP-1-campaign_opened","event":"campaign_opened","timestamp":"2025-06-02T10:00:00Z","customer_id":"7","email":"ada@example.com","campaign_id":"CMP-1","campaign":"Spring","channel":"email","propensity":0.25}"#,
    "\n",
    r#"{"message_id":"8-CMP-1-campaign_held_out","event":"campaign_held_out","timestamp":"2025-06-01T09:00:00Z","customer_id":"8","email":"bob@example.com","campaign_id":"CMP-1","campaign":"Spring","channel":"email","propensity":0.25}"#,
    "\n",
);

async fn n_events(workspace: &Workspace, kind: &str) -> f64 {
    let query = "SELECT CAST(count(*) AS DOUBLE) AS found FROM events WHERE kind = $s";
    number(workspace, query, kind).await
}

#[tokio::test]
async fn events_of_campaigns_know_their_campaign_and_propensity_and_come_once() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;

    let first = import_as(&workspace, "shop", "campaign_events.jsonl", SENT).await;
    let again = import_as(&workspace, "shop", "campaign_events.jsonl", SENT).await;

    assert_eq!((first.counts.accepted, first.counts.unchanged), (3, 0));
    assert_eq!(again.counts.unchanged, 3);
    assert_eq!(n_events(&workspace, "campaign_sent").await, 1.0);
    let properties = "SELECT properties AS found FROM events WHERE kind = $s";
    let held_out = texts(&workspace, properties, "campaign_held_out").await;
    let held_out: serde_json::Value = serde_json::from_str(&held_out[0]).unwrap();
    assert_eq!(held_out["campaign_id"], "CMP-1");
    assert_eq!(held_out["propensity"], 0.25);
}

#[tokio::test]
async fn rejected_lines_of_json_can_be_mended_and_imported_again() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;
    // The last line has a key that the beginning of the file does not know.
    let text = format!(
        "{SENT}{}\n",
        r#"{"message_id":"m9","event":"campaign_sent","timestamp":"someday","customer_id":"9","campaign_id":"CMP-2","mood":"good"}"#
    );
    let mut beginning = SENT.repeat(2000);
    beginning.push_str(&text);

    let bad = import_as(&workspace, "shop", "campaign_events.jsonl", &beginning).await;
    let csv = rejected_csv(&workspace, bad.id).await;
    let mended = csv.replace("someday", "2025-06-03T09:00:00Z");
    let added = import_as(&workspace, "shop", "rejected_rows.csv", &mended).await;

    let n_cells: Vec<usize> = csv.lines().map(|line| line.matches(',').count()).collect();
    assert!(
        csv.lines().next().unwrap().ends_with("(other keys)"),
        "{csv}"
    );
    assert_eq!(n_cells.len(), 2);
    assert_eq!((added.counts.accepted, added.counts.n_rejected()), (1, 0));
    let properties = "SELECT properties AS found FROM events WHERE message_id = $s";
    let found = texts(&workspace, properties, "m9").await;
    assert!(found[0].contains("\"mood\":\"good\""), "{found:?}");
    assert!(found[0].contains("\"campaign_id\":\"CMP-2\""), "{found:?}");
    assert_eq!(find(&workspace, bad.id).await.counts.unchanged, 6000);
}

const TICKETS: &str = "Ticket ID,Subject,Description,Status,Priority,Requester Email\n\
                       1,Late parcel,Where is it?,open,normal,ada@example.com\n\
                       2,Broken mug,It broke,open,high,bob@example.com\n";

#[tokio::test]
async fn tickets_without_a_date_come_once_and_follow_their_source_until_a_person_edits_them() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;
    import_as(&workspace, "desk", "tickets.csv", TICKETS).await;
    let again = import_as(&workspace, "desk", "tickets.csv", TICKETS).await;
    assert_eq!(again.counts.unchanged, 2);
    let found = tickets::list(&workspace.store, &ListQuery::default())
        .await
        .unwrap();
    let broken = found
        .items
        .into_iter()
        .map(|row| row.ticket)
        .find(|ticket| ticket.subject == "Broken mug")
        .unwrap();
    let mut edited = broken.clone();
    edited.status = TicketStatus::Pending;
    let version = edited.version;
    tickets::update(&workspace.store, edited, version)
        .await
        .unwrap();

    let solved = TICKETS
        .replace(",open,", ",solved,")
        .replace("normal", "low");
    let later = import_as(&workspace, "desk", "tickets.csv", &solved).await;

    let found = tickets::list(&workspace.store, &ListQuery::default())
        .await
        .unwrap();
    let mut states: Vec<_> = found
        .items
        .iter()
        .map(|row| {
            (
                row.ticket.subject.as_str(),
                row.ticket.status,
                row.ticket.priority,
            )
        })
        .collect();
    states.sort_unstable_by_key(|state| state.0);
    assert_eq!(
        states,
        [
            ("Broken mug", TicketStatus::Pending, Priority::High),
            ("Late parcel", TicketStatus::Solved, Priority::Low),
        ]
    );
    assert_eq!(later.counts.unchanged, 1);
    assert_eq!(n_events(&workspace, "ticket_opened").await, 2.0);
}

#[tokio::test]
async fn campaigns_are_brought_up_to_date_by_their_source() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;
    let text = "Campaign ID,Name,Channel,Status,Starts at,Ends at,Budget,Currency\n\
                CMP-1,Spring,email,running,2025-06-01,2025-06-10,100.00,GBP\n\
                CMP-2,Summer,sms,draft,2025-07-01,,,\n";
    import_as(&workspace, "shop", "campaigns.csv", text).await;

    let changed = text
        .replace("running", "finished")
        .replace("2025-06-10", "")
        .replace("100.00", "150.00");
    let later = import_as(&workspace, "shop", "campaigns.csv", &changed).await;

    let found = campaigns::list(&workspace.store, &ListQuery::default())
        .await
        .unwrap();
    let spring = found.items.iter().find(|it| it.name == "Spring").unwrap();
    assert_eq!(found.items.len(), 2);
    assert_eq!(later.counts.unchanged, 1);
    assert_eq!(spring.status, CampaignStatus::Finished);
    assert_eq!(spring.budget.unwrap().to_string(), "150.00 GBP");
    // What the later file leaves out stays.
    assert_eq!(spring.ends_at.unwrap().to_string(), "2025-06-10T00:00:00Z");
}
