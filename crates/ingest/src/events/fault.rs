//! Why events are not taken.

use thiserror::Error;

/// Why one event of a delivery is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Error)]
pub enum EventFault {
    /// It is no JSON object.
    #[error("an event is a JSON object")]
    NotAnObject,
    /// It is larger than events may be.
    #[error("an event has at most 32 KB; leave large values out")]
    TooLarge,
    /// It is of no known type.
    #[error(
        "name a type of event: identify, track, page, screen, group or alias, or one of your protocol's"
    )]
    UnknownType,
    /// It says of nobody what happened.
    #[error("say with whom it happened, in userId or anonymousId")]
    NoId,
    /// The same, in Sensors' protocol.
    #[error("say with whom it happened, in distinct_id or identities")]
    NoDistinctId,
    /// A message about goods does not name them.
    #[error("name the item in item_id")]
    NoItem,
    /// A CloudEvent is of no version that is known.
    #[error("say specversion 1.0")]
    BadSpecVersion,
    /// A CloudEvent has no id.
    #[error("give the event an id of at least one character")]
    NoEventId,
    /// A CloudEvent does not name its source.
    #[error("name the source of the event")]
    NoEventSource,
    /// An identifier is neither a text nor a number, or too long.
    #[error("an identifier is a text or a number of at most 255 characters")]
    BadId,
    /// A track call does not say what happened.
    #[error("name the event in at most 100 characters")]
    BadName,
    /// A group call names no group.
    #[error("name the group in groupId")]
    NoGroup,
    /// An alias call does not name both ids.
    #[error("name the former id in previousId and the present one in userId")]
    NoAlias,
    /// An instant cannot be read or lies before 1970.
    #[error("write an instant as 2026-11-24T09:30:00Z")]
    BadTime,
    /// It happened more than a day from now, as far as the clocks can tell.
    #[error("the event lies in the future; set the sender's clock")]
    InTheFuture,
    /// Properties, traits or context are no object.
    #[error("properties, traits and context are JSON objects")]
    BadShape,
    /// A text holds a character that no database can keep.
    #[error("the character U+0000 cannot be kept; leave it out")]
    BadCharacter,
    /// The whole body cannot be read, so that nobody knows how many events it held.
    #[error("the body cannot be read")]
    Unreadable,
}

impl EventFault {
    /// The reason's stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotAnObject => "not_an_object",
            Self::TooLarge => "too_large",
            Self::UnknownType => "unknown_type",
            Self::NoId | Self::NoDistinctId => "no_id",
            Self::NoItem => "no_item",
            Self::BadSpecVersion => "bad_specversion",
            Self::NoEventId => "no_event_id",
            Self::NoEventSource => "no_event_source",
            Self::BadId => "bad_id",
            Self::BadName => "bad_name",
            Self::NoGroup => "no_group",
            Self::NoAlias => "no_alias",
            Self::BadTime => "bad_time",
            Self::InTheFuture => "in_the_future",
            Self::BadShape => "bad_shape",
            Self::BadCharacter => "bad_character",
            Self::Unreadable => "unreadable",
        }
    }

    /// JSON pointer to what is wrong, within the event.
    pub const fn pointer(self) -> &'static str {
        match self {
            Self::UnknownType => "/type",
            Self::NoId | Self::BadId => "/userId",
            Self::NoDistinctId => "/distinct_id",
            Self::NoItem => "/item_id",
            Self::BadSpecVersion => "/specversion",
            Self::NoEventId => "/id",
            Self::NoEventSource => "/source",
            Self::BadName => "/event",
            Self::NoGroup => "/groupId",
            Self::NoAlias => "/previousId",
            Self::BadTime | Self::InTheFuture => "/timestamp",
            Self::BadShape => "/properties",
            Self::NotAnObject | Self::TooLarge | Self::BadCharacter | Self::Unreadable => "",
        }
    }
}

/// Why a whole body is not taken.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BodyFault {
    /// It is no JSON.
    #[error("the body is no JSON: {reason}")]
    NotJson {
        /// Where and why reading ended.
        reason: String,
    },
    /// It is JSON of another shape.
    #[error("a batch is an object with a list named batch: {reason}")]
    NoBatch {
        /// What is wrong.
        reason: String,
    },
    /// It has neither of the fields that hold Sensors' messages.
    #[error("send one message in data or a list of them in data_list")]
    NoData,
    /// A field that holds messages is not in base64.
    #[error("data and data_list are in base64, of JSON or of gzip data")]
    BadBase64,
    /// It holds more events than bodies may.
    #[error("the body holds more than {limit} events; send smaller batches")]
    TooMany {
        /// The limit.
        limit: usize,
    },
    /// It is larger than bodies may be, after unpacking.
    #[error("the body is larger than {limit} bytes; send smaller batches")]
    TooLarge {
        /// The limit.
        limit: usize,
    },
    /// It says that it is compressed and is not.
    #[error("the gzip data are damaged or cut off; compress the body again")]
    BadGzip,
}
