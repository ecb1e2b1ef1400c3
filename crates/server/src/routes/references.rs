//! The rule that a record names only records that exist.

use rapport_domain::{CompanyId, ContactId, DealId, Subject, TicketId, UserId};
use rapport_store::{companies, contacts, deals, tickets, users};

use crate::error::{ApiError, ApiResult};
use crate::state::Desk;

/// A record that another one names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Named {
    Contact(ContactId),
    Company(CompanyId),
    Deal(DealId),
    Ticket(TicketId),
    User(UserId),
}

/// Refuses names of records that do not exist. The database would, too, but not say which it is.
pub(crate) async fn check_references(
    app: &Desk,
    named: impl IntoIterator<Item = (&'static str, Option<Named>), IntoIter: Send>,
) -> ApiResult<()> {
    for (pointer, named) in named {
        if let Some(named) = named
            && !exists(app, named).await?
        {
            let message = "there is no such record; name another or none";
            return Err(ApiError::unprocessable(
                pointer,
                "unknown_reference",
                message,
            ));
        }
    }
    Ok(())
}

/// What a change names anew. A record that was named before may be gone, or be out of the user's sight:
/// that keeps nobody from changing the rest.
pub(crate) fn named_anew<I: PartialEq + Into<Named>>(
    before: Option<I>,
    now: Option<I>,
) -> Option<Named> {
    if before == now {
        return None;
    }
    now.map(Into::into)
}

async fn exists(app: &Desk, named: Named) -> ApiResult<bool> {
    let store = app.store();
    Ok(match named {
        Named::Contact(id) => contacts::find(store, id).await?.is_some(),
        Named::Company(id) => companies::find(store, id).await?.is_some(),
        Named::Deal(id) => deals::find(store, id).await?.is_some(),
        Named::Ticket(id) => tickets::find(store, id).await?.is_some(),
        Named::User(id) => users::find(store, id).await?.is_some(),
    })
}

macro_rules! named {
    ($($id:ident => $kind:ident),+ $(,)?) => {$(
        impl From<$id> for Named {
            fn from(id: $id) -> Self {
                Self::$kind(id)
            }
        }
    )+};
}

named! {
    ContactId => Contact,
    CompanyId => Company,
    DealId => Deal,
    TicketId => Ticket,
    UserId => User,
}

impl From<Subject> for Named {
    fn from(subject: Subject) -> Self {
        match subject {
            Subject::Contact(id) => id.into(),
            Subject::Company(id) => id.into(),
            Subject::Deal(id) => id.into(),
            Subject::Ticket(id) => id.into(),
        }
    }
}
