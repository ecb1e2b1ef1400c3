//! How the events of a request are written down, and how its bytes are made JSON.

use std::borrow::Cow;

use axum::body::Bytes;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rapport_ingest::events::{
    BODY_BYTES_MAX, BodyFault, Call, Delivery, Terms, key_in, read_batch, read_call,
    read_cloud_event, read_cloud_events, read_sensors, unpack,
};
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::error::{ApiError, ApiResult};

/// What begins the name of an attribute of a CloudEvent among the headers.
const CE: &str = "ce-";
/// The first bytes of gzip data.
const GZIP: [u8; 2] = [0x1f, 0x8b];
/// Fields in which libraries of Sensors send one message or many.
const SENSORS_FIELDS: [&str; 2] = ["data_list", "data"];

/// The protocol of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// One call of Segment's protocol.
    Call(Call),
    /// Many of them.
    Batch,
    /// Messages of Sensors.
    Sensors,
    /// CloudEvents: one or many, whole or with their attributes in the headers.
    CloudEvents,
}

/// A body whose bytes are JSON, and how it is read.
pub(super) struct Readable {
    json: Bytes,
    reader: Reader,
    /// Whether all that is read stood in the body, which a signature covers.
    is_in_body: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reader {
    Call(Call),
    Batch,
    Sensors,
    CloudEvent,
    CloudEvents,
}

impl Readable {
    /// Whether all of it stood in the body, and nothing in the address or in headers.
    pub(super) const fn is_in_body(&self) -> bool {
        self.is_in_body
    }

    /// The key that the body itself names.
    pub(super) fn key(&self) -> Option<String> {
        match self.reader {
            Reader::Call(_) | Reader::Batch => key_in(&self.json),
            Reader::Sensors | Reader::CloudEvent | Reader::CloudEvents => None,
        }
    }

    /// The events.
    pub(super) fn read(&self, terms: &Terms) -> Result<Delivery, BodyFault> {
        match self.reader {
            Reader::Call(call) => read_call(call, &self.json, terms),
            Reader::Batch => read_batch(&self.json, terms),
            Reader::Sensors => read_sensors(&self.json, terms),
            Reader::CloudEvent => read_cloud_event(&self.json, terms),
            Reader::CloudEvents => read_cloud_events(&self.json, terms),
        }
    }

    /// Whether the body is of one event, so that what is wrong with it is told.
    pub(super) fn is_one(&self) -> bool {
        match self.reader {
            Reader::Call(_) | Reader::CloudEvent => true,
            Reader::Sensors => !self.json.trim_ascii_start().starts_with(b"["),
            Reader::Batch | Reader::CloudEvents => false,
        }
    }
}

/// A body that cannot be made JSON.
pub(super) enum Unreadable {
    /// The request says so itself.
    Refused(ApiError),
    /// Its bytes tell.
    Fault(BodyFault),
}

impl From<BodyFault> for Unreadable {
    fn from(fault: BodyFault) -> Self {
        Self::Fault(fault)
    }
}

impl Form {
    /// Whether a body of this form can name the key of its source.
    pub(super) const fn names_key(self) -> bool {
        match self {
            Self::Call(_) | Self::Batch => true,
            Self::Sensors | Self::CloudEvents => false,
        }
    }

    /// Unpacks a body. Takes its time: it is called where that holds nobody up.
    pub(super) fn open(self, parts: &Parts, body: Bytes) -> Result<Readable, Unreadable> {
        let body = match packing(&parts.headers).map_err(Unreadable::Refused)? {
            Packing::Plain => body,
            Packing::Gzip => unpack(&body, BODY_BYTES_MAX)?.into(),
        };
        match self {
            Self::Call(call) => Ok(in_body(body, Reader::Call(call))),
            Self::Batch => Ok(in_body(body, Reader::Batch)),
            Self::Sensors => sensors(parts, body),
            Self::CloudEvents => cloud_events(&parts.headers, body),
        }
    }
}

fn in_body(json: Bytes, reader: Reader) -> Readable {
    Readable {
        json,
        reader,
        is_in_body: true,
    }
}

/// How the body was made small for the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Packing {
    Plain,
    Gzip,
}

fn packing(headers: &HeaderMap) -> ApiResult<Packing> {
    let value = headers.get(header::CONTENT_ENCODING);
    let text = value.map_or("", |value| value.to_str().unwrap_or("?"));
    match text.trim().to_ascii_lowercase().as_str() {
        "" | "identity" => Ok(Packing::Plain),
        "gzip" | "x-gzip" => Ok(Packing::Gzip),
        _ => {
            let detail = "send the body as it is or compressed with gzip";
            Err(ApiError::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unknown_encoding",
                detail,
            ))
        }
    }
}

/// The messages of Sensors' libraries: a field of a form or of the address, in base64, often
/// compressed before that; or else the body itself is JSON.
fn sensors(parts: &Parts, body: Bytes) -> Result<Readable, Unreadable> {
    if body.trim_ascii_start().starts_with(b"[") || body.trim_ascii_start().starts_with(b"{") {
        return Ok(in_body(body, Reader::Sensors));
    }
    let address = parts.uri.query().unwrap_or_default().as_bytes();
    let places = [(&*body, true), (address, false)];
    let named = |name: &&str| {
        let mut places = places.into_iter();
        places.find_map(|(text, is_in_body)| Some((field(text, name)?, is_in_body)))
    };
    let (field, is_in_body) = SENSORS_FIELDS
        .iter()
        .find_map(named)
        .ok_or(BodyFault::NoData)?;
    // A plus sign that nobody escaped has become a space on the way.
    let mut base64: String = field.trim().replace(' ', "+");
    base64.retain(|character| character != '\n' && character != '\r');
    let bytes = STANDARD.decode(base64).map_err(|_| BodyFault::BadBase64)?;
    let json = match bytes.starts_with(&GZIP) {
        true => unpack(&bytes, BODY_BYTES_MAX)?.into(),
        false => bytes.into(),
    };
    Ok(Readable {
        is_in_body,
        ..in_body(json, Reader::Sensors)
    })
}

/// A field of a form, escaped as in addresses; of several of one name the last. The others are read over:
/// a form may have a million.
fn field<'f>(form: &'f [u8], name: &str) -> Option<Cow<'f, str>> {
    let fields = form_urlencoded::parse(form);
    let named = fields.filter(|(found, _)| found == name);
    named.last().map(|(_, value)| value)
}

/// The write key that an address names.
pub(super) fn key_of_address(parts: &Parts) -> Option<String> {
    field(parts.uri.query()?.as_bytes(), "token").map(Cow::into_owned)
}

fn cloud_events(headers: &HeaderMap, body: Bytes) -> Result<Readable, Unreadable> {
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    match essence.to_ascii_lowercase().as_str() {
        "application/cloudevents+json" => Ok(in_body(body, Reader::CloudEvent)),
        "application/cloudevents-batch+json" => Ok(in_body(body, Reader::CloudEvents)),
        essence if headers.contains_key("ce-specversion") => {
            let whole = in_one(headers, essence, kind, &body)?;
            Ok(Readable {
                is_in_body: false,
                ..in_body(whole.into(), Reader::CloudEvent)
            })
        }
        _ => {
            let detail = "send application/cloudevents+json, application/cloudevents-batch+json, \
                          or the attributes of one event as ce- headers";
            let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
            Err(Unreadable::Refused(ApiError::new(
                status,
                "unknown_content_type",
                detail,
            )))
        }
    }
}

/// An event with its attributes in the headers, as the object that it would be otherwise.
fn in_one(
    headers: &HeaderMap,
    essence: &str,
    content_type: &str,
    body: &[u8],
) -> Result<String, BodyFault> {
    let mut attributes = Map::new();
    for (name, value) in headers {
        if let Some(attribute) = name.as_str().strip_prefix(CE) {
            let text = String::from_utf8_lossy(value.as_bytes());
            // Headers hold ASCII; what lies outside of it is escaped as in addresses.
            let text = percent_decoded(&text);
            attributes.insert(attribute.to_owned(), text.into());
        }
    }
    if !content_type.is_empty() {
        attributes.insert("datacontenttype".to_owned(), content_type.into());
    }
    let is_json = essence == "application/json" || essence.ends_with("+json") || essence.is_empty();
    let mut whole = Whole::default();
    match (body.is_empty(), is_json) {
        (true, _) => {}
        // As it stands: as a tree it would take many times the memory.
        (false, true) => {
            let data = serde_json::from_slice(body).map_err(|error| BodyFault::NotJson {
                reason: error.to_string(),
            })?;
            whole.data = Some(data);
        }
        (false, false) => match std::str::from_utf8(body) {
            Ok(text) => drop(attributes.insert("data".to_owned(), text.into())),
            Err(_) => whole.data_base64 = Some(STANDARD.encode(body)),
        },
    }
    if whole.data.is_some() {
        attributes.remove("data");
    }
    if whole.data_base64.is_some() {
        attributes.remove("data_base64");
    }
    whole.attributes = attributes;
    Ok(serde_json::to_string(&whole).expect("an event has only plain values"))
}

/// A CloudEvent as one object.
#[derive(Default, Serialize)]
struct Whole<'b> {
    #[serde(flatten)]
    attributes: Map<String, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'b RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data_base64: Option<String>,
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let escaped = match (first, tail) {
            (b'%', [high, low, ..]) => std::str::from_utf8(&[*high, *low])
                .ok()
                .and_then(|digits| u8::from_str_radix(digits, 16).ok()),
            _ => None,
        };
        bytes.push(escaped.unwrap_or(*first));
        rest = if escaped.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
