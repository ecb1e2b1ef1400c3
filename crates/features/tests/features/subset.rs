//! The SQL keeps to what both engines run.

#[test]
fn the_sql_keeps_to_functions_that_every_engine_has() {
    const ALLOWED: &[&str] = &[
        "and",
        "as",
        "avg",
        "cast",
        "coalesce",
        "count",
        "in",
        "lag",
        "ln",
        "max",
        "median",
        "min",
        "nullif",
        "over",
        "round",
        "select",
        "stddev_samp",
        "sum",
    ];
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/sql");
    for file in std::fs::read_dir(directory).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let code: String = text
            .lines()
            .map(|line| line.split("--").next().unwrap_or_default().to_lowercase() + "\n")
            .collect();
        let fraction = code
            .as_bytes()
            .windows(3)
            .any(|w| w[0].is_ascii_digit() && w[1] == b'.' && w[2].is_ascii_digit());
        assert!(!fraction, "a literal with a fraction is a decimal in Spark");
        for (idx, _) in code.match_indices('(') {
            let before = code[..idx].trim_end();
            let name: String = before
                .chars()
                .rev()
                .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
                .collect::<Vec<_>>()
                .into_iter()
                .rev()
                .collect();
            assert!(
                name.is_empty() || ALLOWED.contains(&name.as_str()),
                "{name}( is not in the common subset"
            );
        }
    }
}
