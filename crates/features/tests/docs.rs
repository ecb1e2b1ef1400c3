//! `docs/features.md` is written from the declarations, so that it cannot say anything else.

use std::fmt::Write;
use std::path::Path;

use rapport_features::standard_features;

/// The page, from the declarations.
fn page() -> String {
    let mut page = String::from(
        "# Features · 特征\n\n\
         Written from the declarations in `crates/features/src/standard.rs`; \
         `RAPPORT_UPDATE_DOCS=1 cargo test -p rapport-features --test docs` writes it anew.\n\n\
         All features are built as of an instant and see nothing that happens at or after it. \
         所有特征都按某一时刻计算，看不到该时刻及之后的事件。\n\n\
         | Name | Feature · 特征 | Meaning · 含义 | Unit | Window |\n|---|---|---|---|---|\n",
    );
    for feature in standard_features() {
        let window = feature
            .window_days
            .map_or("–".to_owned(), |days| format!("{days} d"));
        writeln!(
            page,
            "| `{}` | {} · {} | {} {} | {} | {window} |",
            feature.name,
            feature.label.en,
            feature.label.zh,
            feature.meaning.en,
            feature.meaning.zh,
            feature.unit.as_str(),
        )
        .expect("writing to a string cannot fail");
    }
    page.push_str(
        "\nBesides these, the five categories with the highest revenue each get a share \
         (`category_share_1` to `category_share_5`). \
         此外，收入最高的五个品类各有一个占比特征。\n",
    );
    page
}

#[test]
fn the_page_on_features_says_what_the_code_declares() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/features.md");
    if std::env::var_os("RAPPORT_UPDATE_DOCS").is_some() {
        std::fs::write(&path, page()).unwrap();
    }

    let found = std::fs::read_to_string(&path).unwrap_or_default();

    assert!(
        found == page(),
        "docs/features.md is stale; run with RAPPORT_UPDATE_DOCS=1"
    );
}
