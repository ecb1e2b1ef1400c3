//! A server's address as PostgreSQL's own programs take it. Ours knows options that they refuse, and
//! a password on a command line can be read by everybody on the machine.

/// An address without its password, and the password.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ProgramAddress {
    pub(super) uri: String,
    pub(super) password: Option<String>,
}

/// Translates an address.
pub(super) fn for_programs(address: &str) -> ProgramAddress {
    let (place, query) = address.split_once('?').unwrap_or((address, ""));
    let (place, mut password) = without_password(place);
    let mut options = Vec::new();
    for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
        match name {
            "password" => password = Some(decoded(value)),
            _ => options.extend(translated(name).map(|name| format!("{name}={value}"))),
        }
    }
    let uri = if options.is_empty() {
        place
    } else {
        format!("{place}?{}", options.join("&"))
    };
    ProgramAddress { uri, password }
}

fn without_password(place: &str) -> (String, Option<String>) {
    let parts = place
        .split_once("://")
        .and_then(|(scheme, rest)| Some((scheme, rest.rsplit_once('@')?)));
    let Some((scheme, (user, host))) = parts else {
        return (place.to_owned(), None);
    };
    match user.split_once(':') {
        Some((user, password)) => (format!("{scheme}://{user}@{host}"), Some(decoded(password))),
        None => (place.to_owned(), None),
    }
}

/// The name of an option for PostgreSQL's programs; none for what only the driver knows. The schema
/// (`options[search_path]`) is named to the programs in another way.
fn translated(name: &str) -> Option<&str> {
    match name {
        "host" | "hostaddr" | "port" | "dbname" | "user" | "sslmode" | "sslrootcert"
        | "sslcert" | "sslkey" => Some(name),
        "ssl-mode" => Some("sslmode"),
        "ssl-root-cert" | "ssl-ca" => Some("sslrootcert"),
        "ssl-cert" => Some("sslcert"),
        "ssl-key" => Some("sslkey"),
        _ => None,
    }
}

/// Text with `%41` for `A` and the like made plain.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let hex = tail.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        let byte = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match (first, byte) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(address: &str, uri: &str, password: Option<&str>) {
        let expected = ProgramAddress {
            uri: uri.to_owned(),
            password: password.map(str::to_owned),
        };

        assert_eq!(for_programs(address), expected);
    }

    #[test]
    fn the_password_is_not_in_the_address() {
        let plain = "postgres://ann@host:5432/crm";

        check("postgres://ann:p%40ss%@host:5432/crm", plain, Some("p@ss%"));
        check(
            "postgres://ann@host:5432/crm?password=a%20b",
            plain,
            Some("a b"),
        );
        check(plain, plain, None);
        check("postgres://host/crm", "postgres://host/crm", None);
    }

    #[test]
    fn options_of_the_driver_alone_are_left_out() {
        check(
            "postgres://host/crm?ssl-mode=require&options[search_path]=a&statement-cache-capacity=1",
            "postgres://host/crm?sslmode=require",
            None,
        );
    }
}
