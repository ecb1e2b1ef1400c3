//! Random workspaces: lists, exports, searches, sums, records and changes all show a colleague what the
//! rule of [`oracle`](super::oracle) says, and what the domain decides.

use std::collections::{BTreeMap, BTreeSet};

use rapport_domain::{
    Access, Grant, Holding, ObjectKind, Reach, RolePolicy, Share as Shared, Sharer, Team, TeamId,
    UserId, Verb, decide,
};
use serde_json::{Value, json};

use super::OWNED;
use super::oracle::{Deed, Person, REACHES, Record, Share, World};
use crate::app::{Client, TestApp, id, texts};
use crate::routes::pipelines::sales;

const N_TEAMS: usize = 6;
const N_USERS: usize = 5;
const N_RECORDS: usize = 30;

const KINDS: [ObjectKind; 5] = [
    ObjectKind::Contact,
    ObjectKind::Company,
    ObjectKind::Deal,
    ObjectKind::Ticket,
    ObjectKind::Task,
];

/// Numbers that look random and are the same in every run (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % n as u64).unwrap()
    }

    fn is(&mut self, one_in: usize) -> bool {
        self.below(one_in) == 0
    }
}

fn world(dice: &mut Dice) -> World {
    let mut world = World::default();
    for team in 0..N_TEAMS {
        let is_top = team == 0 || dice.is(3);
        world.parents.push((!is_top).then(|| dice.below(team)));
    }
    for _ in 0..N_USERS {
        let reaches = KINDS.map(|_| {
            let read = dice.below(REACHES.len());
            [read, dice.below(read + 1), dice.below(read + 1)]
        });
        // Who changes none of a kind takes none from its pool.
        let pools = reaches.map(|[_, write, _]| write > 0 && dice.is(2));
        world.users.push(Person {
            reaches: reaches.to_vec(),
            pools: pools.to_vec(),
        });
    }
    for user in 0..N_USERS {
        let teams: BTreeSet<usize> = (0..dice.below(3)).map(|_| dice.below(N_TEAMS)).collect();
        world
            .members
            .extend(teams.into_iter().map(|team| (user, team)));
    }
    for idx in 0..N_RECORDS {
        let n_shares = if dice.is(2) { dice.below(3) } else { 0 };
        let shares = (0..n_shares).map(|_| {
            let may_write = dice.is(2);
            match dice.is(2) {
                true => Share::User {
                    user: dice.below(N_USERS),
                    may_write,
                },
                false => Share::Team {
                    team: dice.below(N_TEAMS),
                    may_write,
                },
            }
        });
        let shares = shares.collect();
        world.records.push(Record {
            kind: idx % KINDS.len(),
            owner: (!dice.is(5)).then(|| dice.below(N_USERS)),
            shares,
        });
    }
    world
}

/// A world in the server: who signs in, and the ids of what there is.
struct Staged {
    clients: Vec<Client>,
    users: Vec<String>,
    teams: Vec<String>,
    records: Vec<Value>,
    pipeline: Value,
}

/// The title of a record: a word that no other has.
fn title(idx: usize) -> String {
    format!("Qx{idx:02}")
}

async fn stage(app: &TestApp, admin: &Client, world: &World) -> Staged {
    let pipeline = sales(admin).await;
    let mut teams: Vec<String> = Vec::new();
    for (idx, parent) in world.parents.iter().enumerate() {
        let parent = parent.map(|parent| teams[parent].clone());
        teams.push(admin.team(&format!("Team {idx}"), parent.as_deref()).await);
    }
    let (mut clients, mut users) = (Vec::new(), Vec::new());
    for (idx, person) in world.users.iter().enumerate() {
        let grants = OWNED.iter().zip(&person.reaches).zip(&person.pools);
        let objects = grants.map(|(((object, _), [read, write, delete]), pool)| {
            let grant = json!({
                "read": REACHES[*read], "write": REACHES[*write], "delete": REACHES[*delete],
                "create": false, "pool": pool,
            });
            ((*object).to_owned(), grant)
        });
        let policy = json!({
            "objects": Value::Object(objects.collect()), "actions": ["export_records"],
        });
        let role = admin.role(&format!("Role {idx}"), &policy).await;
        let (client, user) = app.colleague(admin, &format!("user{idx}"), &role).await;
        clients.push(client);
        users.push(user);
    }
    for (team, team_id) in teams.iter().enumerate() {
        let members = world.members.iter().filter(|(_, of)| *of == team);
        let members: Vec<&str> = members.map(|(user, _)| users[*user].as_str()).collect();
        admin.set_members(team_id, &members).await;
    }
    let mut records = Vec::new();
    for (idx, record) in world.records.iter().enumerate() {
        let owner = record.owner.map(|owner| users[owner].as_str());
        let object = OWNED[record.kind].0;
        let made = admin.record(object, &title(idx), owner, &pipeline).await;
        let shares = record.shares.iter().map(|share| match *share {
            Share::User { user, may_write } => {
                json!({ "user_id": users[user], "may_write": may_write })
            }
            Share::Team { team, may_write } => {
                json!({ "team_id": teams[team], "may_write": may_write })
            }
        });
        admin
            .share(object, id(&made), &Value::Array(shares.collect()))
            .await;
        records.push(made);
    }
    Staged {
        clients,
        users,
        teams,
        records,
        pipeline,
    }
}

/// The domain's decision, made of the same world.
fn decided(world: &World, staged: &Staged, user: usize, record: &Record, deed: Deed) -> bool {
    let team_id = |team: usize| -> TeamId { TeamId(staged.teams[team].parse().unwrap()) };
    let user_id = |user: usize| -> UserId { UserId(staged.users[user].parse().unwrap()) };
    let teams_of = |user: usize| -> BTreeSet<TeamId> {
        let members = world.members.iter().filter(|(member, _)| *member == user);
        members.map(|(_, team)| team_id(*team)).collect()
    };
    let reach = |idx: usize| {
        [
            Reach::None,
            Reach::Own,
            Reach::Team,
            Reach::Department,
            Reach::All,
        ][idx]
    };
    let person = &world.users[user];
    let grants = KINDS.into_iter().zip(&person.reaches).zip(&person.pools);
    let objects = grants.map(|((object, [read, write, delete]), pool)| {
        let grant = Grant {
            read: reach(*read),
            write: reach(*write),
            delete: reach(*delete),
            create: false,
            pool: *pool,
        };
        (object, grant)
    });
    let policy = RolePolicy {
        objects: objects.collect::<BTreeMap<_, _>>(),
        ..RolePolicy::default()
    };
    let all: Vec<Team> = world
        .parents
        .iter()
        .enumerate()
        .map(|(team, parent)| Team::named(team_id(team), "Team", parent.map(team_id)))
        .collect();
    let access = Access::in_teams(user_id(user), policy, teams_of(user), &all);
    let shares = record.shares.iter().map(|share| match *share {
        Share::User { user, may_write } => Shared {
            with: Sharer::User(user_id(user)),
            may_write,
        },
        Share::Team { team, may_write } => Shared {
            with: Sharer::Team(team_id(team)),
            may_write,
        },
    });
    let holding = Holding {
        owner_id: record.owner.map(user_id),
        owner_teams: record.owner.map(teams_of).unwrap_or_default(),
        shares: shares.collect(),
    };
    let verb = match deed {
        Deed::Read => Verb::Read,
        Deed::Write => Verb::Write,
        Deed::Delete => Verb::Delete,
    };
    decide(&access, KINDS[record.kind], verb, &holding)
}

/// The titles of a list's rows, in order.
fn titles(rows: &[Value]) -> Vec<String> {
    let titles = rows.iter().map(|row| {
        let fields = ["name", "subject", "title"];
        let title = fields.iter().find_map(|field| row[*field].as_str());
        title.unwrap().to_owned()
    });
    let mut titles: Vec<String> = titles.collect();
    titles.sort_unstable();
    titles
}

async fn check_lists(world: &World, staged: &Staged, user: usize) {
    let client = &staged.clients[user];
    for (kind, (_, list)) in OWNED.into_iter().enumerate() {
        let seen = |record: &Record| record.kind == kind && world.may(user, record, Deed::Read);
        let wanted: Vec<String> = (0..N_RECORDS)
            .filter(|idx| seen(&world.records[*idx]))
            .map(title)
            .collect();

        let rows = client.walk(&format!("/api/v1/{list}"), list, 2).await;
        assert_eq!(titles(&rows), wanted, "{list} of {user}");
        let counted = format!("/api/v1/{list}?count=estimate");
        let counted = client.get(&counted).await.json(200);
        assert_eq!(
            counted["meta"]["estimate"],
            wanted.len(),
            "{list} of {user}"
        );
        let file = format!("/api/v1/exports/{list}.jsonl");
        let file = client.get(&file).await.expect_status(200).text();
        let lines = file.lines().map(|line| serde_json::from_str(line).unwrap());
        let lines: Vec<Value> = lines.collect();
        assert_eq!(titles(&lines), wanted, "{list}.jsonl of {user}");
        let found = format!("/api/v1/{list}?search=qx");
        let found = client.get(&found).await.json(200);
        assert_eq!(
            titles(found[list].as_array().unwrap()),
            wanted,
            "find {list}"
        );
        match list {
            "contacts" | "companies" => {
                let home = client.get("/api/v1/home").await.json(200);
                assert_eq!(home["totals"][list], wanted.len(), "{list} of {user}");
            }
            "deals" => {
                let board = format!("/api/v1/pipelines/{}/board", id(&staged.pipeline));
                let board = client.get(&board).await.json(200);
                assert_eq!(board["columns"][0]["n_deals"], wanted.len());
                let shown = board["columns"][0]["deals"].as_array().unwrap();
                assert_eq!(titles(shown), wanted);
            }
            _ => {}
        }
    }
}

async fn check_records(world: &World, staged: &Staged, user: usize) {
    let client = &staged.clients[user];
    for (idx, record) in world.records.iter().enumerate() {
        let may = |deed: Deed| {
            let may = world.may(user, record, deed);
            let same = decided(world, staged, user, record, deed);
            assert_eq!(may, same, "{deed:?} {record:?} by {user}");
            may
        };
        let may = [Deed::Read, Deed::Write, Deed::Delete].map(may);
        let (object, list) = OWNED[record.kind];
        let path = format!("/api/v1/{list}/{}", id(&staged.records[idx]));
        let what = format!("{object} {idx} of {:?} by {user}", record.owner);

        let shown = client.get(&path).await.status.as_u16();
        assert_eq!(shown, if may[0] { 200 } else { 404 }, "{what}");
        // A version that the record does not have: who may change it is told so, and nothing changes.
        let refused = |may_do: bool| match (may[0], may_do) {
            (false, _) => 404,
            (true, false) => 403,
            (true, true) => 412,
        };
        let changed = client.patch_version(&path, 99, &json!({})).await;
        let can_try = may_try(world, user);
        let wanted = if can_try { refused(may[1]) } else { 403 };
        assert_eq!(
            changed.status.as_u16(),
            wanted,
            "change {what}: {}",
            changed.text()
        );
        let request = client
            .request(axum::http::Method::DELETE, &path)
            .header(axum::http::header::IF_MATCH, "\"99\"")
            .body(axum::body::Body::empty())
            .unwrap();
        let deleted = client.send(request).await;
        let wanted = if can_try { refused(may[2]) } else { 403 };
        assert_eq!(
            deleted.status.as_u16(),
            wanted,
            "delete {what}: {}",
            deleted.text()
        );
        let found = format!("/api/v1/search?q={}", title(idx));
        let found = client.get(&found).await.json(200);
        let found = texts(found["results"].as_array().unwrap(), "id").concat();
        assert_eq!(
            found.contains(id(&staged.records[idx])),
            may[0],
            "find {what}"
        );
    }
}

/// Whether the role lets change anything at all; if not, the answer is 403 whatever the record.
fn may_try(world: &World, user: usize) -> bool {
    let person = &world.users[user];
    let mut reaches = person.reaches.iter();
    reaches.any(|[_, write, delete]| *write > 0 || *delete > 0)
}

async fn check(seed: u64) {
    let world = world(&mut Dice(seed));
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let staged = stage(&app, &admin, &world).await;
    for user in 0..N_USERS {
        check_lists(&world, &staged, user).await;
        check_records(&world, &staged, user).await;
    }
}

#[tokio::test]
async fn all_ways_to_a_record_agree_with_the_rule() {
    for seed in 1..=4 {
        check(seed).await;
    }
}
