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
        "\nBesides these, where products have categories, there are the share of the customer's \
         favorite category (`top_category_share`) and a share for each of the five categories with \
         the highest revenue (`category_share:` and the category's name). \
         此外，若产品有品类，还有最爱品类占比（`top_category_share`）以及收入最高的五个品类各自的占比\
         （`category_share:` 加品类名）。\n",
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
