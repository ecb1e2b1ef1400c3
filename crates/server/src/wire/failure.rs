//! Why work failed, as people who use the server may read it.

/// The text with the folders of paths left out: where files lie is the business of who runs the
/// server, and stands in the log.
pub(crate) fn without_folders(text: &str) -> String {
    let text = text.replace("file://", "");
    let mut shown = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = path_start(rest) {
        shown.push_str(&rest[..at]);
        let path = &rest[at..];
        // Our messages go on with a sign after a path, which may hold blanks itself.
        let (path, after) = path.split_at(path.find([';', ':', ',']).unwrap_or(path.len()));
        shown.push_str(path.rsplit('/').next().unwrap_or_default());
        rest = after;
    }
    shown + rest
}

/// Where the next absolute path begins: a slash at the start of a word, with a name behind it.
fn path_start(text: &str) -> Option<usize> {
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        let is_name = text[at + c.len_utf8()..].starts_with(|next: char| !next.is_whitespace());
        if c == '/' && is_name && (before.is_whitespace() || matches!(before, '"' | '\'' | '(')) {
            return Some(at);
        }
        before = c;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lose_their_folders_and_all_else_stays() {
        let cases = [
            (
                "cannot write /srv/my data/uploads/0198; check the disk's space",
                "cannot write 0198; check the disk's space",
            ),
            (
                "file:///srv/lake/a.parquet: not found",
                "a.parquet: not found",
            ),
            ("1 / 2 and a/b at 12:30", "1 / 2 and a/b at 12:30"),
            ("see https://example.com/a", "see https://example.com/a"),
            ("cannot read \"/a/b\"", "cannot read \"b\""),
        ];
        for (text, expected) in cases {
            assert_eq!(without_folders(text), expected);
        }
    }
}
