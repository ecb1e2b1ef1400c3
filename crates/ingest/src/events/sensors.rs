//! Messages of Sensors Data (神策), as its libraries send them, once they are unpacked to JSON.
//!
//! What the protocol calls `login_id` is the user's id here, and all its other identities but e-mail
//! address and phone number are those of browsers and devices.

use rapport_domain::EventKind;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::body::{BATCH_EVENTS_MAX, Delivery};
use super::reading::{Parts, Sale, by_our_clock, email, id, instant, kind, object};
use super::told::{Told, anonymous_key};
use super::{BodyFault, EVENT_BYTES_MAX, EventFault, IncomingEvent, Terms};

/// Identities that have a meaning of their own.
const LOGIN: &str = "$identity_login_id";
const EMAIL_ID: &str = "$identity_email";
const MOBILE_ID: &str = "$identity_mobile";
/// Identities of browsers and devices that an event may be under, the likeliest first.
const ANONYMOUS: [&str; 2] = ["$identity_anonymous_id", "$identity_cookie_id"];

/// What a message says happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Type {
    Track,
    SignUp,
    Bind,
    Unbind,
    /// Traits that are to be known.
    ProfileSet,
    /// Other changes of a profile. They are history here: nothing of them changes a contact.
    Profile,
    /// Goods, and no person.
    Item,
}

impl Type {
    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "track" => Self::Track,
            "track_signup" => Self::SignUp,
            "track_id_bind" => Self::Bind,
            "track_id_unbind" => Self::Unbind,
            "profile_set" | "profile_set_once" => Self::ProfileSet,
            "profile_increment" | "profile_append" | "profile_unset" | "profile_delete" => {
                Self::Profile
            }
            "item_set" | "item_delete" => Self::Item,
            _ => return None,
        })
    }

    /// The kind of the event, by the names that other protocols' messages have, too.
    fn kind(self, name: &str, event: Option<&Value>) -> Result<EventKind, EventFault> {
        let named = |name: &str| Ok(EventKind::Other(name.to_owned()));
        match self {
            Self::Track => match event.and_then(Value::as_str) {
                Some("$pageview") => Ok(EventKind::PageViewed),
                Some("$AppViewScreen" | "$MPViewScreen") => named("screen_viewed"),
                _ => kind(event),
            },
            Self::SignUp | Self::ProfileSet => named("identified"),
            Self::Bind => named("aliased"),
            Self::Unbind => named("unaliased"),
            Self::Profile | Self::Item => named(name),
        }
    }
}

/// Reads what stood in `data`, one message, or in `data_list`, a list of them.
///
/// # Errors
/// [`BodyFault`] where it cannot be read as a whole. What is wrong with one message stands among the
/// events.
pub fn read_sensors(json: &[u8], terms: &Terms) -> Result<Delivery, BodyFault> {
    let is_list = json.trim_ascii_start().starts_with(b"[");
    let not_json = |error: serde_json::Error| BodyFault::NotJson {
        reason: error.to_string(),
    };
    let messages: Vec<&RawValue> = match is_list {
        true => serde_json::from_slice(json).map_err(not_json)?,
        false => vec![serde_json::from_slice(json).map_err(not_json)?],
    };
    if messages.len() > BATCH_EVENTS_MAX {
        return Err(BodyFault::TooMany {
            limit: BATCH_EVENTS_MAX,
        });
    }
    let events = messages.iter().map(|message| read(message.get(), terms));
    Ok(Delivery {
        events: events.collect(),
    })
}

fn read(json: &str, terms: &Terms) -> Result<IncomingEvent, EventFault> {
    if json.len() > EVENT_BYTES_MAX {
        return Err(EventFault::TooLarge);
    }
    let Ok(Value::Object(mut message)) = serde_json::from_str(json) else {
        return Err(EventFault::NotAnObject);
    };
    let name = message.get("type").and_then(Value::as_str);
    let name = name.ok_or(EventFault::UnknownType)?.to_owned();
    let is = Type::of(&name).ok_or(EventFault::UnknownType)?;
    let mut said = object(&mut message, "properties")?;
    let names = match is {
        Type::Item => Names::default(),
        _ => Names::read(is, &mut message, &said)?,
    };
    let kind = is.kind(&name, message.get("event"))?;
    let happened = match message.get("time") {
        None | Some(Value::Null) => None,
        Some(value) => Some(instant(value).ok_or(EventFault::BadTime)?),
    };
    let sent = message.get("_flush_time").and_then(instant);
    let occurred_at = match happened {
        None => terms.received_at,
        Some(happened) => by_our_clock(happened, sent, terms)?,
    };
    let sale = match is {
        Type::Track => Sale::read(&said, terms),
        Type::Item => item(&mut message)?,
        _ => Sale::default(),
    };
    let told = told(is, &names, &said);
    let traits = matches!(is, Type::ProfileSet).then_some(&said);
    let email = email(traits, names.email.as_deref().or(names.user_id.as_deref()));
    if matches!(is, Type::ProfileSet | Type::Profile) {
        said = Map::from_iter([("$traits".to_owned(), Value::Object(said))]);
    }
    // The number tells two events apart that are otherwise the same.
    for (key, field) in [("$track_id", "_track_id"), ("$lib", "lib")] {
        if let Some(value) = message.remove(field) {
            said.insert(key.to_owned(), value);
        }
    }
    let parts = Parts {
        message_id: None,
        user_id: names.user_id,
        anonymous_id: names.anonymous_id,
        email,
        kind,
        happened,
        occurred_at,
        sale,
        said,
        told,
    };
    Ok(parts.finish())
}

/// The goods of a message about goods.
fn item(message: &mut Map<String, Value>) -> Result<Sale, EventFault> {
    Ok(Sale {
        sku: Some(id(message, "item_id")?.ok_or(EventFault::NoItem)?),
        category: id(message, "item_type")?,
        ..Sale::default()
    })
}

/// Whom a message names.
#[derive(Debug, Default)]
struct Names {
    user_id: Option<String>,
    anonymous_id: Option<String>,
    /// Other names of browsers and devices, as the source's names for a person.
    others: Vec<String>,
    email: Option<String>,
    mobile: Option<String>,
}

impl Names {
    fn read(
        is: Type,
        message: &mut Map<String, Value>,
        properties: &Map<String, Value>,
    ) -> Result<Self, EventFault> {
        let mut identities = object(message, "identities")?;
        let distinct_id = id(message, "distinct_id")?;
        let login_id = id(message, "login_id")?.or(id(&mut identities, LOGIN)?);
        let mut anonymous_id = id(message, "anonymous_id")?;
        for name in ANONYMOUS {
            let found = id(&mut identities, name)?;
            anonymous_id = anonymous_id.or(found);
        }
        let email = id(&mut identities, EMAIL_ID)?;
        let mobile = id(&mut identities, MOBILE_ID)?;
        let rest: Vec<String> = identities.keys().cloned().collect();
        let mut others = Vec::new();
        for name in rest {
            others.extend(id(&mut identities, &name)?.map(|id| anonymous_key(&id)));
        }
        if is == Type::SignUp {
            let original = id(message, "original_id")?;
            let mut names = Self {
                user_id: login_id.or(distinct_id),
                anonymous_id: original.or(anonymous_id),
                others,
                email,
                mobile,
            };
            names.user_id.as_ref().ok_or(EventFault::NoDistinctId)?;
            names
                .others
                .extend(names.anonymous_id.as_deref().map(anonymous_key));
            return Ok(names);
        }
        let is_login = properties.get("$is_login_id") == Some(&Value::Bool(true));
        // Where a device has a name of its own, another one is that of who has logged in.
        let is_other = anonymous_id.is_some() && distinct_id != anonymous_id;
        let (user_id, anonymous_id) = match (login_id, distinct_id) {
            (Some(login), _) => (Some(login), anonymous_id),
            (None, Some(distinct)) if is_login || is_other => (Some(distinct), anonymous_id),
            (None, distinct) => (None, anonymous_id.or(distinct)),
        };
        let is_nobody = user_id.is_none() && anonymous_id.is_none();
        if is_nobody && others.is_empty() && email.is_none() && mobile.is_none() {
            return Err(EventFault::NoDistinctId);
        }
        others.extend(anonymous_id.as_deref().map(anonymous_key));
        Ok(Self {
            user_id,
            anonymous_id,
            others,
            email,
            mobile,
        })
    }
}

/// What a message tells of who somebody is.
fn told(is: Type, names: &Names, said: &Map<String, Value>) -> Option<Told> {
    let mut told = Told {
        user_id: names.user_id.clone(),
        ..Told::default()
    };
    match is {
        Type::SignUp | Type::Bind => {
            told.aliases.clone_from(&names.others);
            told.is_joined = is == Type::Bind;
        }
        Type::ProfileSet => told.traits.clone_from(said),
        // Whoever has logged in stays who they are; what is taken away are the names beside.
        Type::Unbind => {
            told.user_id = None;
            told.freed.clone_from(&names.others);
        }
        Type::Track | Type::Profile | Type::Item => return None,
    }
    if matches!(is, Type::Bind | Type::ProfileSet) {
        for (key, value) in [("$email", &names.email), ("$mobile", &names.mobile)] {
            if let Some(value) = value {
                told.traits.insert(key.to_owned(), value.as_str().into());
            }
        }
    }
    told.is_about_somebody().then_some(told)
}
