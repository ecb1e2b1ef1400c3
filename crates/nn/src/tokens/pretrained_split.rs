//! The parts of a text within which bytes are paired, as the patterns of known tokenizers have them.

use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

/// A known pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Split {
    /// Letters, digits or marks in a row, each with the space before; English endings apart.
    Gpt2,
    /// The same with digits by threes, any mark before letters, and line ends with what precedes
    /// them.
    Llama3,
}

const GPT_2: &str = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

const LLAMA_3: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

impl Split {
    /// The split of a pattern, if it is known.
    pub(super) fn of(pattern: &str) -> Option<Self> {
        match pattern {
            GPT_2 => Some(Self::Gpt2),
            LLAMA_3 => Some(Self::Llama3),
            _ => None,
        }
    }

    /// The parts of a text, in order and without gaps.
    pub(super) fn words(self, text: &str) -> impl Iterator<Item = &str> {
        let mut rest = text;
        std::iter::from_fn(move || {
            if rest.is_empty() {
                return None;
            }
            let end = match self {
                Self::Gpt2 => gpt_2(rest),
                Self::Llama3 => llama_3(rest),
            };
            let (word, after) = rest.split_at(end);
            rest = after;
            Some(word)
        })
    }
}

/// Where the first word of a text ends; each line is one alternative of the pattern, in its order.
fn gpt_2(rest: &str) -> usize {
    ending(rest, |word| word.to_owned())
        .or_else(|| spaced(rest, is_letter))
        .or_else(|| spaced(rest, is_number))
        .or_else(|| spaced(rest, is_mark))
        .unwrap_or_else(|| white_space(rest))
}

fn llama_3(rest: &str) -> usize {
    ending(rest, str::to_ascii_lowercase)
        .or_else(|| letters_after_mark(rest))
        .or_else(|| up_to_three_numbers(rest))
        .or_else(|| spaced(rest, is_mark).map(|end| run(rest, end, is_line_end)))
        .or_else(|| line_ends(rest))
        .unwrap_or_else(|| white_space(rest))
}

/// `'s|'t|'re|'ve|'m|'ll|'d`
fn ending(rest: &str, fold: impl Fn(&str) -> String) -> Option<usize> {
    const ENDINGS: [&str; 7] = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"];
    let is_here = |ending: &&&str| {
        let head = rest.get(..ending.len());
        head.is_some_and(|head| fold(head) == **ending)
    };
    ENDINGS.iter().find(is_here).map(|ending| ending.len())
}

/// ` ?X+`
fn spaced(rest: &str, is: fn(char) -> bool) -> Option<usize> {
    let from = usize::from(rest.starts_with(' '));
    let end = run(rest, from, is);
    (end > from).then_some(end)
}

/// `[^\r\n\p{L}\p{N}]?\p{L}+`
fn letters_after_mark(rest: &str) -> Option<usize> {
    let first = rest.chars().next()?;
    let is_before = !(is_line_end(first) || is_letter(first) || is_number(first));
    let from = if is_before { first.len_utf8() } else { 0 };
    let end = run(rest, from, is_letter);
    (end > from).then_some(end)
}

/// `\p{N}{1,3}`
fn up_to_three_numbers(rest: &str) -> Option<usize> {
    let numbers = rest.chars().take(3).take_while(|c| is_number(*c));
    let end = numbers.map(char::len_utf8).sum();
    (end > 0).then_some(end)
}

/// `\s*[\r\n]+`
fn line_ends(rest: &str) -> Option<usize> {
    let spaces = &rest[..run(rest, 0, char::is_whitespace)];
    spaces.rfind(is_line_end).map(|at| at + 1)
}

/// `\s+(?!\S)|\s+`: white space, the last one left for the word that follows.
fn white_space(rest: &str) -> usize {
    let end = run(rest, 0, char::is_whitespace);
    let last = rest[..end].chars().next_back().map_or(0, char::len_utf8);
    if end == rest.len() || end == last {
        end
    } else {
        end - last
    }
}

/// Where characters of a kind in a row, from a place, end.
fn run(rest: &str, from: usize, is: fn(char) -> bool) -> usize {
    rest[from..]
        .find(|c| !is(c))
        .map_or(rest.len(), |at| from + at)
}

fn is_letter(c: char) -> bool {
    c.general_category_group() == GeneralCategoryGroup::Letter
}

fn is_number(c: char) -> bool {
    c.general_category_group() == GeneralCategoryGroup::Number
}

fn is_mark(c: char) -> bool {
    !(c.is_whitespace() || is_letter(c) || is_number(c))
}

fn is_line_end(c: char) -> bool {
    matches!(c, '\r' | '\n')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(split: Split, text: &str, expected: &[&str]) {
        assert_eq!(split.words(text).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn gpt_2_keeps_the_space_before_and_english_endings_apart() {
        check(
            Split::Gpt2,
            "We'll pay 12345 EUR,  don't we?\n\n Yes ",
            &[
                "We", "'ll", " pay", " 12345", " EUR", ",", " ", " don", "'t", " we", "?", "\n\n",
                " Yes", " ",
            ],
        );
    }

    #[test]
    fn llama_3_takes_digits_by_threes_and_line_ends_with_marks() {
        check(
            Split::Llama3,
            "WE'LL pay 12345 EUR.\n\n  (ok)\t退款 ",
            &[
                "WE", "'LL", " pay", " ", "123", "45", " EUR", ".\n\n", " ", " (", "ok", ")",
                "\t退款", " ",
            ],
        );
    }

    #[test]
    fn patterns_are_known_by_their_text() {
        assert_eq!(Split::of(GPT_2), Some(Split::Gpt2));
        assert_eq!(Split::of(LLAMA_3), Some(Split::Llama3));
        assert_eq!(Split::of(r"\w+"), None);
    }

    proptest! {
        #[test]
        fn words_are_the_whole_text(text in "[ -~\\s退é٣'\r\n]{0,40}") {
            for split in [Split::Gpt2, Split::Llama3] {
                prop_assert_eq!(split.words(&text).collect::<String>(), text.clone());
            }
        }
    }
}
