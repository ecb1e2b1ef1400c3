//! How texts come apart into words: the same for what is stored and for what is asked.

use rapport_domain::writing::{fold, is_ideograph};

/// Signs that hold a word together: mail addresses, article numbers, `R&D`, `O'Neill`.
const JOINERS: [char; 7] = ['@', '.', '_', '-', '/', '&', '\''];
/// Characters of a word in a script where each is a word, and in others. The rest of a longer one
/// is neither kept nor asked for.
const N_IDEOGRAPHS_MAX: usize = 16;
const N_CHARS_MAX: usize = 32;
/// Words of a query; more add nothing.
const N_WORDS_MAX: usize = 8;

/// Folded pieces of a text without spaces and without signs that part words.
pub(super) fn chunks(folded: &str) -> impl Iterator<Item = &str> {
    folded
        .split(|c: char| !(c.is_alphanumeric() || JOINERS.contains(&c)))
        .map(|chunk| chunk.trim_start_matches(JOINERS))
        .filter(|chunk| !chunk.is_empty())
}

/// A chunk as it is stored, without signs at its end.
pub(super) fn whole(chunk: &str) -> &str {
    chunk.trim_end_matches(JOINERS)
}

/// The beginning of a word that is kept and asked for, without apostrophes.
pub(super) fn cut(word: &str) -> String {
    let n_max = if word.starts_with(is_ideograph) {
        N_IDEOGRAPHS_MAX
    } else {
        N_CHARS_MAX
    };
    word.chars().filter(|c| *c != '\'').take(n_max).collect()
}

/// A chunk without the signs in it, for article numbers and telephone numbers that are written
/// without them; none where it has none.
pub(super) fn squeezed(chunk: &str) -> Option<String> {
    let signs = ['-', '_', '/'];
    let is_number = chunk.contains(signs) && !chunk.contains('@');
    is_number.then(|| cut(&chunk.replace(signs, "")))
}

/// One word of a query: a record has it where one of its own begins with one of these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) forms: Vec<String>,
}

/// What a query asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Asked {
    /// Nothing but space: every record will do.
    Anything,
    /// Signs only, which no record is found by.
    Nothing,
    /// All of these words.
    Words(Vec<Word>),
}

/// Reads a query. All signs in it are text.
pub(super) fn read(text: &str) -> Asked {
    let folded = fold(&text.replace('\0', " "));
    if folded.trim().is_empty() {
        return Asked::Anything;
    }
    let mut words: Vec<Word> = Vec::new();
    for chunk in chunks(&folded) {
        // "ann@" asks for more than "ann"; other signs at the end say nothing.
        let chunk = chunk.trim_end_matches(|c| c != '@' && JOINERS.contains(&c));
        for piece in by_script(chunk) {
            let mut forms = vec![cut(piece)];
            forms.extend(squeezed(piece));
            let word = Word { forms };
            if !words.contains(&word) && words.len() < N_WORDS_MAX {
                words.push(word);
            }
        }
    }
    if words.is_empty() {
        return Asked::Nothing;
    }
    Asked::Words(words)
}

/// A chunk in pieces of ideographs and of other characters: each is looked up by itself.
fn by_script(chunk: &str) -> impl Iterator<Item = &str> {
    let mut rest = chunk;
    std::iter::from_fn(move || {
        let is_first = is_ideograph(rest.chars().next()?);
        let end = rest.find(|c| is_ideograph(c) != is_first);
        let (piece, after) = rest.split_at(end.unwrap_or(rest.len()));
        rest = after;
        Some(piece)
    })
    .map(|piece| piece.trim_start_matches(JOINERS))
    .filter(|piece| !piece.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forms(text: &str) -> Vec<Vec<String>> {
        match read(text) {
            Asked::Words(words) => words.into_iter().map(|word| word.forms).collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn a_query_comes_apart_into_words() {
        for (text, words) in [
            ("  Ada  KING ", vec![vec!["ada"], vec!["king"]]),
            ("ann@", vec![vec!["ann@"]]),
            ("Acme Ltd.", vec![vec!["acme"], vec!["ltd"]]),
            (
                "+86 138-1234",
                vec![vec!["86"], vec!["138-1234", "1381234"]],
            ),
            ("李明liming", vec![vec!["李明"], vec!["liming"]]),
            ("xi'an", vec![vec!["xian"]]),
            ("ada ada", vec![vec!["ada"]]),
            ("\"the\" OR %a*", vec![vec!["the"], vec!["or"], vec!["a"]]),
            ("king\0ada", vec![vec!["king"], vec!["ada"]]),
        ] {
            assert_eq!(forms(text), words, "{text}");
        }
    }

    #[test]
    fn signs_alone_ask_for_nothing_and_space_for_anything() {
        for text in ["%", "*", "'; --", "@", "()"] {
            assert_eq!(read(text), Asked::Nothing, "{text}");
        }
        for text in ["", "  ", "\0", "\u{3000}"] {
            assert_eq!(read(text), Asked::Anything, "{text}");
        }
    }

    #[test]
    fn a_query_has_a_bounded_number_of_words_of_a_bounded_length() {
        let many: Vec<String> = (0..100).map(|n| format!("w{n}x")).collect();
        assert_eq!(forms(&many.join(" ")).len(), N_WORDS_MAX);
        assert_eq!(forms(&"x".repeat(200))[0][0].len(), N_CHARS_MAX);
        assert_eq!(
            forms(&"明".repeat(200))[0][0].chars().count(),
            N_IDEOGRAPHS_MAX
        );
    }
}
