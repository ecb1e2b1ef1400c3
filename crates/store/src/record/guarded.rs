//! Records with rights: made, changed and deleted as the lens and their kind have it.

use rapport_domain::{CustomValues, ObjectKind, Verb};
use sea_orm::DatabaseTransaction;
use uuid::Uuid;

use super::{create_noted, delete_versioned, update_versioned};
use crate::audit::{self, Audited};
use crate::lens::{Lens, Target};
use crate::{StoreError, custom_fields, pools};

/// What a user may change, as the lens and the record's kind have it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Guarded {
    /// Its table.
    pub(crate) table: &'static str,
    /// What it is called in errors.
    pub(crate) object: &'static str,
    /// Its kind.
    pub(crate) kind: ObjectKind,
}

impl Guarded {
    fn target(self, id: Uuid) -> Target {
        let Self { table, object, .. } = self;
        Target { table, id, object }
    }

    /// Writes a new record, if the user may make one and sees it afterwards, and nobody has its unique
    /// values: who may make none is not told who has.
    pub(crate) async fn create<E: Audited>(
        self,
        lens: &Lens,
        tx: &DatabaseTransaction,
        (id, custom): (impl Into<Uuid>, &CustomValues),
        row: E::Model,
    ) -> Result<(), StoreError> {
        let target = self.target(id.into());
        lens.check_create(self.kind, self.object)?;
        lens.check_new::<E>(tx, self.kind, &row).await?;
        custom_fields::check_unique(tx, lens, self.kind, target.id, custom).await?;
        create_noted::<E>(lens, tx, self.object, row).await?;
        lens.check_kept(tx, target, Verb::Read).await
    }

    /// A changed row as it is to be written, if the user may change the record and sets no more of it than
    /// the role allows: what the user does not see is in it as it is stored.
    pub(crate) async fn settle<E: Audited>(
        self,
        lens: &Lens,
        tx: &DatabaseTransaction,
        (id, expected): (impl Into<Uuid>, i64),
        row: E::Model,
    ) -> Result<E::Model, StoreError> {
        let target = self.target(id.into());
        lens.check_change(tx, target, Verb::Write).await?;
        lens.settle::<E>(tx, (self.kind, target, expected), row)
            .await
    }

    /// Settles a changed row and writes it.
    pub(crate) async fn update<E: Audited>(
        self,
        lens: &Lens,
        tx: &DatabaseTransaction,
        (id, expected, custom): (impl Into<Uuid>, i64, &CustomValues),
        row: E::Model,
        derived: &[&str],
    ) -> Result<(), StoreError> {
        let id = id.into();
        let row = self.settle::<E>(lens, tx, (id, expected), row).await?;
        self.write_settled::<E>(lens, tx, (id, expected, custom), row, derived)
            .await
    }

    /// As [`update_versioned`], of a row that is settled, if the user may change the record afterwards, too,
    /// wins no right to it by the change, and nobody else has its unique values.
    pub(crate) async fn write_settled<E: Audited>(
        self,
        lens: &Lens,
        tx: &DatabaseTransaction,
        (id, expected, custom): (impl Into<Uuid>, i64, &CustomValues),
        row: E::Model,
        derived: &[&str],
    ) -> Result<(), StoreError> {
        let target = self.target(id.into());
        custom_fields::check_unique(tx, lens, self.kind, target.id, custom).await?;
        let Some(user) = lens.user() else {
            return self
                .write::<E>(lens, tx, (target.id, expected), row, derived)
                .await;
        };
        let before = lens.standing(tx, self.kind, target).await?;
        if before.owner_id.is_none() {
            pools::hold_user(tx, user).await?;
        }
        self.write::<E>(lens, tx, (target.id, expected), row, derived)
            .await?;
        lens.check_kept(tx, target, Verb::Write).await?;
        let after = lens.standing(tx, self.kind, target).await?;
        before.check_became(&after, self.object)?;
        if before.owner_id.is_none() && after.owner_id == Some(user) {
            let rule = pools::rule_in(tx, self.kind).await?;
            pools::check_limit(tx, target, user, rule).await?;
        }
        Ok(())
    }

    async fn write<E: Audited>(
        self,
        lens: &Lens,
        tx: &DatabaseTransaction,
        (id, expected): (Uuid, i64),
        row: E::Model,
        derived: &[&str],
    ) -> Result<(), StoreError> {
        let before = audit::before::<E>(tx, lens, id).await?;
        update_versioned::<E>(tx, self.object, id, expected, row, derived).await?;
        audit::changed::<E>(tx, lens, before).await
    }

    /// As [`delete_versioned`], if the user may delete the record.
    pub(crate) async fn delete<E: Audited>(
        self,
        lens: &Lens,
        tx: &DatabaseTransaction,
        (id, expected): (impl Into<Uuid>, i64),
    ) -> Result<(), StoreError> {
        let target = self.target(id.into());
        lens.check_change(tx, target, Verb::Delete).await?;
        let before = audit::before::<E>(tx, lens, target.id).await?;
        audit::detach::<E>(tx, lens, target.id).await?;
        delete_versioned::<E>(tx, self.object, target.id, expected).await?;
        audit::deleted::<E>(tx, lens, before).await
    }
}
