//! Names of companies without legal forms.

use rapport_domain::writing::{fold, is_ideograph};

use super::text::words_of_folded;

/// Legal forms in Latin letters, folded and without points; of several words, those that come last in a name.
const FORMS: [&str; 44] = [
    "inc", "incorporated", "corp", "corporation", "co", "company", "ltd", "limited", "llc", "llp", "lp", "plc", "pty",
    "gmbh", "ag", "kg", "ug", "ohg", "gbr", "ev", "se", "sa", "sas", "sarl", "srl", "spa", "snc", "bv", "nv", "vof",
    "ab", "as", "asa", "aps", "oy", "oyj", "kk", "pte", "bhd", "sdn", "pvt", "mbh", "kgaa", "sl",
];

/// Legal forms in Chinese and Japanese, longest first, simplified.
const IDEOGRAPHIC_FORMS: [&str; 10] = [
    "股份有限公司", "有限责任公司", "集团有限公司", "有限公司", "株式会社", "有限会社", "合同会社", "分公司", "公司", "集团",
];

/// Folded words without legal forms at the end, without `the` at the start; `&` is `and`.
pub(super) fn standardize(value: &str) -> String {
    let folded = fold(value).replace('&', " and ");
    // G.m.b.H. and S.A. are one word.
    let mut words = words_of_folded(&folded.replace('.', ""));
    if words.chars().any(is_ideograph) {
        words = without_ideographic_form(&words);
    }
    let mut kept: Vec<&str> = words.split(' ').collect();
    while kept.len() > 1 && (is_form(kept[kept.len() - 1]) || kept[kept.len() - 1] == "and") {
        kept.pop();
    }
    if kept.len() > 1 && kept[0] == "the" {
        kept.remove(0);
    }
    kept.join(" ")
}

fn is_form(word: &str) -> bool {
    FORMS.contains(&word)
}

fn without_ideographic_form(words: &str) -> String {
    let joined: String = words.chars().filter(|c| *c != ' ').collect();
    let mut name = joined.as_str();
    // 株式会社 stands in front as often as behind.
    for form in IDEOGRAPHIC_FORMS {
        for rest in [name.strip_suffix(form), name.strip_prefix(form)].into_iter().flatten() {
            if rest.chars().count() >= 2 {
                name = rest;
            }
        }
    }
    name.to_owned()
}
