//! Which terms a record is found by. A query's word finds every record that has a term which
//! begins with it, so the terms of a text are its ends, from each place on where a word of a query
//! may begin: the start of a word, every ideograph, the parts of a mail address or an article
//! number, every digit of a telephone number; and what ideographs sound like.

use rapport_domain::writing::{fold, is_ideograph};
use uuid::Uuid;

use super::pinyin;
use super::words::{chunks, cut, squeezed, whole};

/// Terms of one name or other short text; what ideographs sound like does not count.
const N_OF_NAME_MAX: usize = 120;
/// Terms of all names of a record together, and of its longer text.
const N_MAX: usize = 400;
/// Digits in a row from which on a number is searched in the middle, as telephone numbers are.
const N_DIGITS_MIN: usize = 7;
/// The fewest digits that the middle of a number is found by.
const N_DIGITS_LEFT_MIN: usize = 3;

/// What a record says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Document {
    /// What it is called, line by line: names, addresses, numbers.
    pub(super) names: String,
    /// The one of its names that is an internet domain.
    pub(super) domain: Option<String>,
    /// A longer text, which is not searched by pinyin.
    pub(super) body: String,
    /// The company that it belongs to, by whose name it is found as well.
    pub(super) company: Option<Uuid>,
}

/// The terms of a record, in order; none begins with another.
pub(super) fn terms(document: &Document) -> Vec<String> {
    let mut terms = Vec::new();
    push_names(&mut terms, document);
    push_text(&mut terms, &fold(&document.body), N_MAX, Text::default());
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

/// How a text is searched.
#[derive(Debug, Clone, Copy, Default)]
struct Text {
    /// Whether it is a domain, as what follows an "@" is in any text.
    is_domain: bool,
    /// Whether it is found by what its ideographs sound like.
    has_pinyin: bool,
}

/// Appends the terms of names, short ones first: article numbers must not be left out for the sake
/// of what is long enough to be found anyway.
fn push_names(terms: &mut Vec<String>, document: &Document) {
    let folded = fold(&document.names);
    let domain = document.domain.as_deref().map(fold);
    let mut names: Vec<&str> = folded.lines().collect();
    names.sort_by_key(|name| name.len());
    let mut n_left = N_MAX;
    for name in names {
        let text = Text {
            is_domain: domain.as_deref() == Some(name),
            has_pinyin: true,
        };
        n_left -= push_text(terms, name, n_left.min(N_OF_NAME_MAX), text);
    }
}

/// Appends the terms of a folded text; returns how many of the at most `n_max` it took.
fn push_text(terms: &mut Vec<String>, folded: &str, n_max: usize, text: Text) -> usize {
    let mut n_left = n_max;
    for chunk in chunks(folded) {
        if n_left == 0 {
            break;
        }
        let chunk = whole(chunk);
        let is_address = text.is_domain || chunk.contains('@');
        let n_before = terms.len();
        terms.extend(squeezed(chunk));
        let starts = starts(chunk, is_address).map(|at| cut(&chunk[at..]));
        terms.extend(starts.take(n_left));
        n_left = n_left.saturating_sub(terms.len() - n_before);
        if text.has_pinyin {
            pinyin::push_terms(terms, chunk);
        }
    }
    n_max - n_left
}

/// Where in a chunk a query's word may begin.
fn starts(chunk: &str, is_address: bool) -> impl Iterator<Item = usize> {
    // "com" and "cn" would find everybody.
    let ending = chunk.rfind('.').map(|at| at + 1);
    let ending = ending.filter(|_| is_address);
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
            ("example.com", vec!["com", "example.com"]),
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
    fn the_ending_of_an_address_finds_nobody_and_that_of_a_name_does() {
        for (text, domain, is_found) in [
            ("J.Smith", None, true),
            ("Dr.Smith", Some("example.smith"), true),
            ("j@example.smith", None, false),
            ("Example.Smith", Some("example.smith"), false),
        ] {
            let document = Document {
                names: text.to_owned(),
                domain: domain.map(str::to_owned),
                ..Document::default()
            };
            let has_smith = terms(&document).iter().any(|term| term == "smith");
            assert_eq!(has_smith, is_found, "{text}");
        }
    }

    #[test]
    fn a_long_name_leaves_room_for_a_number() {
        let long = "不锈钢真空保温杯".repeat(40);
        let terms = of(&format!("{long}\n{long}杯\n{long}钢\n{long}空\nAB-1234"));
        for text in ["1234", "ab-1234", "ab1234", "不锈钢", "buxiugang", "bxg"] {
            assert!(terms.iter().any(|term| term.starts_with(text)), "{text}");
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
