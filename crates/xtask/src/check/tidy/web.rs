//! Rules on a file of the web app.

use std::path::Path;

use super::lines::{Breach, length, marker};

/// What no file may hold, and what to do instead.
const FORBIDDEN: [(&str, &str); 7] = [
    ("@ts-ignore", "use @ts-expect-error with the reason"),
    ("@ts-nocheck", "mend the types"),
    ("as any", "parse it from unknown"),
    (".only(", "the other tests do not run"),
    ("test.skip(", "a skipped test is none"),
    ("it.skip(", "a skipped test is none"),
    ("describe.skip(", "a skipped test is none"),
];

/// Every breach in a file. Generated types may be long and are not ours to mend.
pub(crate) fn violations(path: &Path, text: &str) -> Vec<Breach> {
    let is_generated = path.file_name().is_some_and(|name| name == "schema.d.ts");
    if is_generated {
        return Vec::new();
    }
    let mut found: Vec<Breach> = length(text).into_iter().collect();
    for (i, line) in text.lines().enumerate() {
        found.extend(marker(i + 1, line));
        for (pattern, advice) in FORBIDDEN {
            if line.contains(pattern) {
                found.push(Breach::new(i + 1, format!("`{pattern}`: {advice}")));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silenced_types_and_skipped_tests_are_found() {
        let text =
            "// @ts-ignore\nconst x = y as any;\nit.skip('later', () => {});\nconst z = 1;\n";

        let found = violations(Path::new("a.ts"), text);

        assert_eq!(found.len(), 3);
        assert!(violations(Path::new("api/schema.d.ts"), text).is_empty());
    }
}
