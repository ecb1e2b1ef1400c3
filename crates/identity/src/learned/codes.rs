//! Numbers of models, versions and sizes in a text.
//!
//! A description says much that two products share; a model's number says which it is. "KDL-52XBR",
//! "kdl52xbr" and "KDL 52XBR" are one code, "8 GB" and "8gb" one measure.

/// Letters that follow a number as its unit; a number with such a one is a size and no code.
const UNITS: [&str; 44] = [
    "gb",
    "mb",
    "tb",
    "kb",
    "mm",
    "cm",
    "m",
    "in",
    "inch",
    "ft",
    "oz",
    "lb",
    "lbs",
    "kg",
    "g",
    "w",
    "v",
    "a",
    "mah",
    "hz",
    "khz",
    "mhz",
    "ghz",
    "mp",
    "megapixel",
    "x",
    "p",
    "pc",
    "pk",
    "pack",
    "piece",
    "user",
    "users",
    "pages",
    "sheets",
    "ml",
    "fps",
    "rpm",
    "dpi",
    "bit",
    "btu",
    "cu",
    "watt",
    "yr",
];
/// Letters and digits together are a code from this length on.
const N_CODE_MIN: usize = 4;
/// Digits alone are a code from this length on; shorter ones are numbers and years.
const N_DIGITS_MIN: usize = 5;

/// A code without what parts it.
pub(super) type Code = Box<str>;

/// A number with its unit.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Measure {
    pub(super) value: f64,
    pub(super) unit: &'static str,
}

/// What a text holds.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Found {
    /// Different codes, the longest first.
    pub(super) codes: Vec<Code>,
    /// Different numbers, ascending.
    pub(super) numbers: Vec<f64>,
    pub(super) measures: Vec<Measure>,
}

/// Finds them in a folded text whose signs still stand.
pub(super) fn find(folded: &str) -> Found {
    let mut found = Found::default();
    let is_border = |c: char| {
        c.is_whitespace() || matches!(c, ',' | '/' | ';' | '(' | ')' | '+' | '&' | ':' | '|')
    };
    let mut chunks = folded
        .split(is_border)
        .map(|chunk| chunk.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|chunk| !chunk.is_empty())
        .peekable();
    while let Some(chunk) = chunks.next() {
        if let Ok(value) = chunk.parse::<f64>() {
            match chunks.peek().and_then(|next| unit(next)) {
                // "4 in one" is no length.
                Some(unit) if unit != "in" && unit != "a" => {
                    found.measures.push(Measure { value, unit })
                }
                _ => found.add_number(chunk, value),
            }
        } else if let Some(measure) = measure(chunk) {
            found.measures.push(measure);
        } else {
            found.add_code(chunk);
        }
    }
    found
        .codes
        .sort_by(|a, b| b.len().cmp(&a.len()).then(a.cmp(b)));
    found.codes.dedup();
    found.numbers.sort_by(f64::total_cmp);
    found.numbers.dedup();
    found
}

impl Found {
    fn add_number(&mut self, chunk: &str, value: f64) {
        if chunk.len() >= N_DIGITS_MIN && chunk.bytes().all(|b| b.is_ascii_digit()) {
            self.codes.push(chunk.into());
        } else if value.is_finite() {
            self.numbers.push(value);
        }
    }

    fn add_code(&mut self, chunk: &str) {
        let code: String = chunk.chars().filter(|c| c.is_alphanumeric()).collect();
        let n_digits = code.bytes().filter(u8::is_ascii_digit).count();
        if n_digits == 0 {
            return;
        }
        if code.len() >= N_CODE_MIN {
            self.codes.push(code.into());
            return;
        }
        // "cs3", "v10": what a version is called.
        let digits: String = code.chars().filter(char::is_ascii_digit).collect();
        if let Ok(value) = digits.parse() {
            self.numbers.push(value);
        }
    }
}

fn unit(text: &str) -> Option<&'static str> {
    UNITS.into_iter().find(|unit| *unit == text)
}

/// "8gb", "10.1-inch".
fn measure(chunk: &str) -> Option<Measure> {
    let at = chunk.find(|c: char| !(c.is_ascii_digit() || c == '.'))?;
    let value = chunk[..at].parse().ok()?;
    let unit = unit(chunk[at..].trim_start_matches(['-', ' ']))?;
    Some(Measure { value, unit })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str) -> Vec<String> {
        find(text).codes.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_model_is_one_code_however_it_is_parted() {
        assert_eq!(codes("sony kdl-52xbr tv"), ["kdl52xbr"]);
        assert_eq!(codes("sony kdl52xbr. tv"), ["kdl52xbr"]);
        assert_eq!(codes("screen 27514, black"), ["27514"]);
    }

    #[test]
    fn versions_are_numbers_and_sizes_are_measures() {
        let found = find("photoshop cs3 10.0 2007 8 gb 19-inch");

        assert_eq!(found.numbers, [3.0, 10.0, 2007.0]);
        let measure = |value, unit| Measure { value, unit };
        assert_eq!(found.measures, [measure(8.0, "gb"), measure(19.0, "inch")]);
        assert!(found.codes.is_empty());
    }
}
