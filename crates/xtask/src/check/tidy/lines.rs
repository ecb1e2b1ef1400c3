//! Rules on the lines of a Rust file.

use std::fmt;

/// Past this, a file usually holds two concepts.
pub(crate) const N_LINES_MAX: usize = 500;

/// Words that leave work to somebody else. Spelled in halves, for this file is checked too.
const MARKERS: [&str; 3] = [
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("XX", "X"),
];

/// What no file may hold, and what to do instead.
const EVERYWHERE: [(&str, &str); 4] = [
    (
        concat!("#[ig", "nore"),
        "an ignored test is none; mend it or assert it as it is",
    ),
    (concat!("#[al", "low("), "use #[expect(…, reason = \"…\")]"),
    (
        concat!("#![al", "low("),
        "use #![expect(…, reason = \"…\")]",
    ),
    (concat!("db", "g!("), "leftover of a search for a bug"),
];

/// What code outside tests may not hold, and what to do instead.
const OUTSIDE_TESTS: [(&str, &str); 3] = [
    (
        concat!(".unw", "rap()"),
        "return the error, or expect(\"why it holds\")",
    ),
    (concat!("to", "do!("), "write it or leave it out"),
    (concat!("unimple", "mented!("), "write it or leave it out"),
];

/// A rule broken in a line, counted from 1.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Breach {
    line: usize,
    what: String,
}

impl Breach {
    pub(crate) fn new(line: usize, what: impl Into<String>) -> Self {
        Self {
            line,
            what: what.into(),
        }
    }
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.line, self.what)
    }
}

/// Every breach in a file. `is_test` says that the whole file is compiled for tests only.
pub(crate) fn violations(text: &str, is_test: bool) -> Vec<Breach> {
    let mut found = Vec::new();
    found.extend(length(text));
    let n_product_lines = if is_test { 0 } else { lines_before_tests(text) };
    for (i, line) in text.lines().enumerate() {
        found.extend(marker(i + 1, line));
        let code = line.trim_start();
        if code.starts_with("//") {
            continue;
        }
        let outside_tests = if i < n_product_lines {
            OUTSIDE_TESTS.as_slice()
        } else {
            &[]
        };
        for (pattern, advice) in EVERYWHERE.iter().chain(outside_tests) {
            if code.contains(pattern) {
                found.push(Breach::new(i + 1, format!("`{pattern}`: {advice}")));
            }
        }
    }
    found
}

/// A breach if the file is too long.
pub(crate) fn length(text: &str) -> Option<Breach> {
    let n_lines = text.lines().count();
    let what = format!("{n_lines} lines; more than {N_LINES_MAX} usually hold two concepts");
    (n_lines > N_LINES_MAX).then(|| Breach::new(n_lines, what))
}

/// A breach if the line holds a word that leaves work to somebody else.
pub(crate) fn marker(number: usize, line: &str) -> Option<Breach> {
    let is_part_of_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut words = line.split(|c| !is_part_of_word(c));
    let word = words.find(|word| MARKERS.contains(word))?;
    Some(Breach::new(
        number,
        format!("`{word}`: do it now, or open an issue and leave it out"),
    ))
}

/// Lines up to the tests at the foot. A `#[cfg(test)] mod tests;` that points to another file
/// does not end the product's code.
fn lines_before_tests(text: &str) -> usize {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let opens_tests = |i: &usize| {
        let item = lines[i + 1..].iter().find(|line| !line.starts_with('#'));
        lines[*i].starts_with("#[cfg(test)]") && item.is_some_and(|line| line.ends_with('{'))
    };
    (0..lines.len()).find(opens_tests).unwrap_or(lines.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines_of(text: &str, is_test: bool) -> Vec<usize> {
        violations(text, is_test)
            .iter()
            .map(|breach| breach.line)
            .collect()
    }

    #[test]
    fn unwrapping_is_for_tests() {
        let call = concat!("    x.unw", "rap();\n");
        let product = format!("fn f() {{\n{call}}}\n");
        let with_tests = format!("fn f() {{}}\n#[cfg(test)]\nmod tests {{\n{call}}}\n");
        let elsewhere = format!("#[cfg(test)]\nmod tests;\nfn f() {{\n{call}}}\n");
        let in_docs = format!("/// {call}fn f() {{}}\n");

        assert_eq!(lines_of(&product, false), [2]);
        assert!(lines_of(&product, true).is_empty());
        assert!(lines_of(&with_tests, false).is_empty());
        assert_eq!(lines_of(&elsewhere, false), [4]);
        assert!(lines_of(&in_docs, false).is_empty());
    }

    #[test]
    fn markers_are_whole_words_anywhere() {
        let marked = concat!("// TO", "DO: later\nlet TO", "DOS = 1;\n");

        assert_eq!(lines_of(marked, false), [1]);
        assert_eq!(lines_of(marked, true), [1]);
    }

    #[test]
    fn ignored_tests_and_silenced_lints_are_found_in_tests_too() {
        let text = concat!("#[ig", "nore]\n#[al", "low(dead_code)]\nfn f() {}\n");

        assert_eq!(lines_of(text, true), [1, 2]);
    }

    #[test]
    fn long_files_are_found() {
        assert_eq!(length(&"x\n".repeat(N_LINES_MAX)), None);
        assert!(length(&"x\n".repeat(N_LINES_MAX + 1)).is_some());
    }
}
