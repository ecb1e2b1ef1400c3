//! The calls of Segment's tracking API.

use rapport_domain::EventKind;

/// What a message says happened, by the name of its call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Call {
    /// Who somebody is.
    Identify,
    /// What somebody did.
    Track,
    /// Which page somebody saw.
    Page,
    /// Which screen of an app somebody saw.
    Screen,
    /// Which company somebody belongs to.
    Group,
    /// That somebody goes by another id.
    Alias,
}

impl Call {
    /// All calls.
    pub const ALL: [Self; 6] = [
        Self::Identify,
        Self::Track,
        Self::Page,
        Self::Screen,
        Self::Group,
        Self::Alias,
    ];

    /// The name, as the address and the field `type` spell it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Identify => "identify",
            Self::Track => "track",
            Self::Page => "page",
            Self::Screen => "screen",
            Self::Group => "group",
            Self::Alias => "alias",
        }
    }

    /// The call of that name.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|call| call.name() == name)
    }

    /// The kind of its events; none where each message names its own.
    pub(super) fn kind(self) -> Option<EventKind> {
        let named = |name: &str| Some(EventKind::Other(name.to_owned()));
        match self {
            Self::Track => None,
            Self::Page => Some(EventKind::PageViewed),
            Self::Screen => named("screen_viewed"),
            Self::Identify => named("identified"),
            Self::Group => named("grouped"),
            Self::Alias => named("aliased"),
        }
    }
}
