//! Which terms a record is found by. A query's word finds every record that has a term which
//! begins with it, so the terms of a text are its ends, from each place on where a word of a query
//! may begin: the start of a word, every ideograph, the parts of a mail address or an article
//! number, every digit of a telephone number; and what ideographs sound like.

use uuid::Uuid;

use super::fold::{fold, is_ideograph};
use super::pinyin;
use super::words::{chunks, cut, squeezed, whole};

/// Terms of names and other short texts, and of all texts of a record together.
const N_OF_NAMES_MAX: usize = 120;
const N_MAX: usize = 400;
/// Digits in a row from which on a number is searched in the middle, as telephone numbers are.
const N_DIGITS_MIN: usize = 7;
/// The fewest digits that the middle of a number is found by.
const N_DIGITS_LEFT_MIN: usize = 3;

/// What a record says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Document {
    /// What it is called: names, addresses, numbers.
    pub(super) names: String,
    /// A longer text, which is not searched by pinyin.
    pub(super) body: String,
    /// The company that it belongs to, by whose name it is found as well.
    pub(super) company: Option<Uuid>,
}

/// The terms of a record, in order; none begins with another.
pub(super) fn terms(document: &Document) -> Vec<String> {
    let mut terms = Vec::new();
    push_text(&mut terms, &document.names, N_OF_NAMES_MAX, true);
    push_text(&mut terms, &document.body, N_MAX, false);
    terms.extend(document.company.map(link));
    terms.sort_unstable();
    terms.dedup();
    let mut kept: Vec<String> = Vec::with_capacity(terms.len());
    for term in terms.into_iter().rev() {
        if kept.last().is_none_or(|next| !next.starts_with(&term)) {
            kept.push(term);
        }
    }
    kept.reverse();
    kept
}

/// The term of what belongs to a company. No query can spell it.
pub(super) fn link(company: Uuid) -> String {
    format!("~{}", company.simple())
}

fn push_text(terms: &mut Vec<String>, text: &str, n_max: usize, with_pinyin: bool) {
    let folded = fold(text);
    for chunk in chunks(&folded) {
        if terms.len() >= n_max {
            return;
        }
        let chunk = whole(chunk);
        let n_left = n_max - terms.len();
        terms.extend(starts(chunk).take(n_left).map(|at| cut(&chunk[at..])));
        terms.extend(squeezed(chunk));
        if with_pinyin {
            pinyin::push_terms(terms, chunk);
        }
    }
}

/// Where in a chunk a query's word may begin.
fn starts(chunk: &str) -> impl Iterator<Item = usize> {
    // "com" and "cn" would find everybody.
    let ending = chunk.rfind('.').map(|at| at + 1);
    let ending = ending.filter(|&at| !chunk[at..].contains(|c: char| c.is_ascii_digit()));
    let mut before: Option<char> = None;
    chunk.char_indices().filter_map(move |(at, c)| {
        let is_start = match before.replace(c) {
            _ if !c.is_alphanumeric() => false,
            None => true,
            Some(last) => {
                !last.is_alphanumeric()
                    || is_ideograph(c)
                    || is_ideograph(last)
                    || last.is_ascii_digit() != c.is_ascii_digit()
                    || is_inside_number(chunk, at)
            }
        };
        (is_start && ending != Some(at)).then_some(at)
    })
}

/// Whether enough digits follow here, in a row that is long enough.
fn is_inside_number(chunk: &str, at: usize) -> bool {
    let is_digit = |c: &char| c.is_ascii_digit();
    let n_after = chunk[at..].chars().take_while(is_digit).count();
    let n_before = chunk[..at].chars().rev().take_while(is_digit).count();
    n_after >= N_DIGITS_LEFT_MIN && n_before + n_after >= N_DIGITS_MIN
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(names: &str) -> Vec<String> {
        terms(&Document {
            names: names.to_owned(),
            ..Document::default()
        })
    }

    #[test]
    fn a_text_is_found_from_each_place_where_a_word_begins() {
        for (text, expected) in [
            ("Ada King", vec!["ada", "king"]),
            ("李芳", vec!["fang", "lf", "lifang", "李芳", "芳"]),
            (
                "ann.lee@example.cn",
                vec!["ann.lee@example.cn", "example.cn", "lee@example.cn"],
            ),
            ("AB-1234-X", vec!["1234-x", "ab-1234-x", "ab1234x", "x"]),
            ("example.com", vec!["example.com"]),
            ("O'Neill", vec!["neill", "oneill"]),
            ("R&D (labs)", vec!["d", "labs", "r&d"]),
            ("v2.10", vec!["10", "2.10", "v2.10"]),
            ("Ann Anna", vec!["anna"]),
            ("...", vec![]),
        ] {
            assert_eq!(of(text), expected, "{text}");
        }
    }

    #[test]
    fn a_telephone_number_is_found_by_any_three_digits() {
        let terms = of("8613812345678");
        for fragment in ["86138", "138", "1381", "2345", "5678", "678"] {
            assert!(
                terms.iter().any(|term| term.starts_with(fragment)),
                "{fragment}"
            );
        }
    }

    #[test]
    fn a_short_number_is_found_by_its_beginning() {
        assert_eq!(of("10023"), ["10023"]);
    }

    #[test]
    fn a_long_text_has_a_bounded_number_of_terms_and_no_pinyin() {
        let body: String = (0..2_000).map(|n| format!("w{n}x ")).collect();
        let document = Document {
            body,
            ..Document::default()
        };
        assert!(terms(&document).len() <= N_MAX + 1);
        let chinese = Document {
            body: "退款".to_owned(),
            ..Document::default()
        };
        assert_eq!(terms(&chinese), ["款", "退款"]);
    }

    #[test]
    fn what_belongs_to_a_company_says_so() {
        let company = Uuid::from_u128(7);
        let document = Document {
            company: Some(company),
            ..Document::default()
        };
        assert_eq!(terms(&document), [link(company)]);
    }
}
