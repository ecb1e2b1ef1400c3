//! Keys of records as other systems write them, in one form each.

/// A Salesforce key in its long form: fifteen characters tell upper from lower case, and three more tell
/// the case of the first fifteen, for programs that lose it. Both forms are the same record. Keys that
/// are of no such form stay as they are; none where the last three contradict the others.
///
/// # Source
/// Salesforce help, "Convert 15-character record IDs to 18-character IDs": each of the three characters
/// stands for five of the key, one bit for each capital, the first of the five lowest.
pub(crate) fn salesforce(key: &str) -> Option<String> {
    let is_key = key.bytes().all(|byte| byte.is_ascii_alphanumeric());
    match key.len() {
        15 if is_key => Some(format!("{key}{}", checksum(key))),
        18 if is_key => {
            let (short, said) = key.split_at(15);
            (checksum(short) == said).then(|| key.to_owned())
        }
        _ => Some(key.to_owned()),
    }
}

fn checksum(short: &str) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
    let of_five = |five: &[u8]| {
        let bits = five.iter().enumerate();
        let bits = bits.map(|(at, byte)| usize::from(byte.is_ascii_uppercase()) << at);
        char::from(LETTERS[bits.sum::<usize>()])
    };
    short.as_bytes().chunks(5).map(of_five).collect()
}

/// The keys of a list between semicolons or commas; what follows a colon within one is not part of it
/// (HubSpot writes when it merged a contact there).
pub(crate) fn list(cell: &str) -> impl Iterator<Item = &str> {
    let keys = cell.split([';', ',', ' ', '\n']);
    let keys = keys.map(|key| key.split(':').next().unwrap_or_default().trim());
    keys.filter(|key| !key.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_and_long_keys_of_salesforce_are_one() {
        let long = Some("0035e00000Rt6dGAAR".to_owned());

        assert_eq!(salesforce("0035e00000Rt6dG"), long);
        assert_eq!(salesforce("0035e00000Rt6dGAAR"), long);
    }

    #[test]
    fn a_key_whose_case_was_lost_is_told_and_other_keys_stay() {
        assert_eq!(salesforce("0035E00000RT6DGAAR"), None);
        assert_eq!(salesforce("A-17").as_deref(), Some("A-17"));
        assert_eq!(salesforce("").as_deref(), Some(""));
    }

    #[test]
    fn lists_of_keys_are_taken_apart() {
        let found: Vec<&str> = list("501; 502:1690000000000;;503,504").collect();

        assert_eq!(found, ["501", "502", "503", "504"]);
    }
}
