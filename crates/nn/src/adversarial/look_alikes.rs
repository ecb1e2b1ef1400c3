//! Letters of other scripts that are written for Latin ones, and where a text means them so.
//!
//! Source: Davis & Suignard, "Unicode Security Mechanisms" (UTS 39), whose `confusables.txt` has these
//! pairs among many.

use unicode_normalization::char::is_combining_mark;

/// Latin letters, and below each the Greek and Cyrillic ones that look the same in most fonts. Greek
/// ones that hardly pass for Latin (γ, σ, τ, ω) are left alone.
const PAIRS: [(&str, &str); 2] = [
    ("aiopuvjABEZHIKMNOPTYX", "αιορυνϳΑΒΕΖΗΙΚΜΝΟΡΤΥΧ"),
    (
        "aceopxyijsdhlqwvABCEHKMOPTXYISJVY",
        "асеорхуіјѕԁһӏԛԝѵАВСЕНКМОРТХУІЅЈѴҮ",
    ),
];

/// The Latin letter that a Greek or Cyrillic one looks like.
fn looks_like(c: char) -> Option<char> {
    PAIRS.iter().find_map(|(latin, other)| {
        let at = other.chars().position(|other| other == c)?;
        latin.chars().nth(at)
    })
}

/// The scripts that have letters alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Script {
    Latin,
    GreekOrCyrillic,
}

impl Script {
    fn of(c: char) -> Option<Self> {
        match c {
            'a'..='z' | 'A'..='Z' => Some(Self::Latin),
            '\u{aa}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => {
                c.is_alphabetic().then_some(Self::Latin)
            }
            '\u{370}'..='\u{52f}' | '\u{1f00}'..='\u{1fff}' => {
                c.is_alphabetic().then_some(Self::GreekOrCyrillic)
            }
            _ => None,
        }
    }
}

/// Characters in a row that are letters of one script, with their accents, or letters of none.
struct Run<'a> {
    text: &'a str,
    script: Option<Script>,
}

impl Run<'_> {
    /// Whether every letter looks like a Latin one.
    fn is_disguised(&self) -> bool {
        let mut letters = self.text.chars().filter(|c| !is_combining_mark(*c));
        self.script == Some(Script::GreekOrCyrillic) && letters.all(|c| looks_like(c).is_some())
    }

    /// A small Greek letter by itself stands for a quantity, not for a word.
    fn is_symbol(&self) -> bool {
        let mut letters = self.text.chars();
        matches!((letters.next(), letters.next()), (Some('α'..='ω'), None))
    }

    /// The script that its letters are certain to be of.
    fn certain(&self) -> Option<Script> {
        self.script.filter(|_| !self.is_disguised())
    }
}

fn runs(text: &str) -> Vec<Run<'_>> {
    let mut runs: Vec<Run<'_>> = Vec::new();
    let mut from = 0;
    for (at, c) in text.char_indices() {
        let script = match runs.last() {
            Some(run) if is_combining_mark(c) => run.script,
            _ => Script::of(c),
        };
        let to = at + c.len_utf8();
        match runs.last_mut() {
            Some(run) if run.script == script => run.text = &text[from..to],
            _ => {
                from = at;
                let text = &text[from..to];
                runs.push(Run { text, script });
            }
        }
    }
    runs
}

/// The text with letters that only look Latin put back into Latin: where they touch Latin letters, and
/// whole words of them that stand between Latin words. A run of letters with one among them that does
/// not look Latin is what it is.
///
/// The decision is made for each run by itself, so that no character elsewhere switches it off.
pub(super) fn in_latin(text: &str) -> String {
    let runs = runs(text);
    let mut latin = String::with_capacity(text.len());
    let mut before = None;
    for ((i, run), after) in runs.iter().enumerate().zip(scripts_after(&runs)) {
        if run.is_disguised() && is_meant_as_latin(&runs, i, before, after) {
            latin.extend(run.text.chars().map(|c| looks_like(c).unwrap_or(c)));
        } else {
            latin.push_str(run.text);
        }
        before = run.certain().or(before);
    }
    latin
}

/// The next script after each run that is certain.
fn scripts_after(runs: &[Run<'_>]) -> Vec<Option<Script>> {
    let mut scripts = vec![None; runs.len()];
    for i in (1..runs.len()).rev() {
        scripts[i - 1] = runs[i].certain().or(scripts[i]);
    }
    scripts
}

/// Whether a run of look-alikes touches Latin letters or, as a word, has none but Latin words around.
fn is_meant_as_latin(
    runs: &[Run<'_>],
    i: usize,
    before: Option<Script>,
    after: Option<Script>,
) -> bool {
    let is_latin = |run: Option<&Run<'_>>| run.is_some_and(|run| run.script == Some(Script::Latin));
    if is_latin(i.checked_sub(1).map(|i| &runs[i])) || is_latin(runs.get(i + 1)) {
        return true;
    }
    let around = [before, after];
    !runs[i].is_symbol()
        && around.contains(&Some(Script::Latin))
        && !around.contains(&Some(Script::GreekOrCyrillic))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(in_latin(text), expected);
    }

    #[test]
    fn every_pair_has_both_letters() {
        for (latin, other) in PAIRS {
            assert_eq!(latin.chars().count(), other.chars().count());
            assert!(latin.is_ascii());
            for c in other.chars() {
                assert_eq!(Script::of(c), Some(Script::GreekOrCyrillic), "{c}");
            }
        }
    }

    #[test]
    fn one_foreign_letter_does_not_protect_the_others() {
        // Cyrillic С, а and о, Greek ο.
        check("Сlаim yоur mοney", "Claim your money");
        check("Сlаim yоur mοney ж", "Claim your money ж");
        check("Сlаim yоur mοneyж", "Claim your moneyж");
        check("Сlаim жλ yоur mοney", "Claim жλ your money");
    }

    #[test]
    fn words_of_look_alikes_alone_go_with_the_words_around_them() {
        // Рау, ѕее and ѕоре are Cyrillic as a whole.
        check("Рау now, ѕее below", "Pay now, see below");
        check("please рау ѕоре", "please pay sope");
        check("сор, рост: рау", "сор, рост: рау");
        check("ѕоре", "ѕоре");
        // Greek capitals.
        check("ΡΑΥ now", "PAY now");
    }

    #[test]
    fn honest_words_stay_beside_latin_ones() {
        for text in [
            "Hello Москва",
            "Купил iPhone с чехлом, а он не работает",
            "Να το κείμενο με iPhone",
            "σ-algebra and α-helix, ρ = 0.5",
            "5 kΩ, 3 μm",
            "SMSка",
        ] {
            check(text, text);
        }
    }

    #[test]
    fn accents_belong_to_their_letter() {
        check("caf\u{435}\u{301} now", "cafe\u{301} now");
    }
}
