//! E-mail addresses: one form per mailbox, by what the provider ignores.

use rapport_domain::EmailAddress;

/// Providers that ignore dots before the `@`, and the name under which their mailboxes stand.
const DOTLESS: [(&str, &str); 2] = [("gmail.com", "gmail.com"), ("googlemail.com", "gmail.com")];

/// Providers that deliver `name+tag` to `name`.
const TAGGED: [&str; 9] = [
    "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "icloud.com", "fastmail.com",
    "protonmail.com", "proton.me",
];

/// Yahoo's disposable addresses are parted by a minus.
const MINUS_TAGGED: [&str; 2] = ["yahoo.com", "ymail.com"];

/// Lower case, without tags and dots where the provider ignores them; an address that is none is kept as it
/// stands, in lower case, for a typo is still something to compare.
pub(super) fn standardize(value: &str) -> Option<String> {
    let value = value.strip_prefix("mailto:").unwrap_or(value);
    let Ok(address) = value.parse::<EmailAddress>() else {
        let lower = value.to_lowercase();
        return lower.contains('@').then_some(lower);
    };
    let (local, domain) = address.as_str().split_once('@')?;
    let local = if TAGGED.contains(&domain) {
        before(local, '+')
    } else if MINUS_TAGGED.contains(&domain) {
        before(local, '-')
    } else {
        local
    };
    match DOTLESS.iter().find(|(name, _)| *name == domain) {
        Some((_, mailbox)) => Some(format!("{}@{mailbox}", local.replace('.', ""))),
        None => Some(format!("{local}@{domain}")),
    }
}

/// What stands before a sign; a local part that begins with it is kept.
fn before(local: &str, sign: char) -> &str {
    match local.split_once(sign) {
        Some((before, _)) if !before.is_empty() => before,
        _ => local,
    }
}
