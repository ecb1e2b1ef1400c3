//! Conditions as they stand in statements.

use rapport_domain::Grant;

use super::*;

fn blind() -> Lens {
    let access = Access::alone(UserId(Uuid::from_u128(1)), RolePolicy::default());
    Lens::of(Arc::new(access))
}

fn pushed(lens: &Lens, text: &str, values: &[i32]) -> String {
    let mut sql = Sql::new(DbBackend::Postgres);
    lens.push(
        &mut sql,
        text,
        values.iter().map(|value| Value::from(*value)),
    );
    sql.statement().sql
}

#[test]
fn every_guarded_table_of_a_statement_gets_its_condition() {
    let text = "SELECT 1 FROM orders o WHERE o.n > ? AND EXISTS (SELECT 1 FROM products p \
                LEFT JOIN companies co ON co.id = p.id WHERE p.n = ?)";

    assert_eq!(
        pushed(&blind(), text, &[7, 8]),
        "SELECT 1 FROM orders o WHERE EXISTS (SELECT 1 FROM contacts oc WHERE oc.id = \
         o.contact_id AND 1 = 0) AND o.n > $1 AND EXISTS (SELECT 1 FROM products p LEFT JOIN \
         companies co ON 1 = 0 AND co.id = p.id WHERE p.n = $2)"
    );
    assert_eq!(
        pushed(&Lens::default(), "a = ? FROM deals d WHERE b = ?", &[1, 2]),
        "a = $1 FROM deals d WHERE b = $2"
    );
}

#[test]
fn postgres_finds_what_is_shared_by_index() {
    let grant = Grant {
        read: Reach::Team,
        ..Grant::default()
    };
    let policy = RolePolicy {
        objects: [(ObjectKind::Deal, grant)].into(),
        ..RolePolicy::default()
    };
    let team = TeamId(Uuid::from_u128(2));
    let user = UserId(Uuid::from_u128(1));
    let access = Access::in_teams(user, policy, [team].into(), &[]);

    let text = pushed(&Lens::of(Arc::new(access)), "FROM x JOIN deals d ON ", &[]);

    assert_eq!(
        text,
        "FROM x JOIN deals d ON (d.owner_id = $1 OR d.owner_id = ANY(ARRAY(SELECT tm.user_id \
         FROM team_members tm WHERE tm.team_id IN ($2))) OR d.id = ANY(ARRAY(SELECT \
         rs.record_id FROM record_shares rs WHERE rs.object = $3 AND (rs.user_id = $4 OR \
         rs.team_id IN ($5))))) AND "
    );
}

#[test]
#[should_panic(expected = "with an alias and a condition")]
fn a_statement_cannot_forget_the_condition() {
    pushed(&blind(), "SELECT count(*) FROM contacts", &[]);
}
