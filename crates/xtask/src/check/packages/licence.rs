//! SPDX licence expressions, as far as packages use them.
//!
//! Source: SPDX specification 2.3, annex D. The older form `MIT/Apache-2.0` is read as `OR`.

/// Whether the expression can be met with accepted licences only. `WITH` an exception only adds
/// rights, so it is left aside.
pub(crate) fn is_met(expression: &str, accepts: impl Fn(&str) -> bool) -> Result<bool, String> {
    let spaced = expression
        .replace('(', " ( ")
        .replace(')', " ) ")
        .replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut reader = Reader {
        words: &words,
        accepts,
    };
    let met = reader.any_of()?;
    match reader.words {
        [] => Ok(met),
        [word, ..] => Err(format!("`{word}` was not expected there")),
    }
}

struct Reader<'a, F> {
    words: &'a [&'a str],
    accepts: F,
}

impl<F: Fn(&str) -> bool> Reader<'_, F> {
    fn any_of(&mut self) -> Result<bool, String> {
        let mut met = self.all_of()?;
        while self.takes("OR") {
            met |= self.all_of()?;
        }
        Ok(met)
    }

    fn all_of(&mut self) -> Result<bool, String> {
        let mut met = self.one()?;
        while self.takes("AND") {
            met &= self.one()?;
        }
        Ok(met)
    }

    fn one(&mut self) -> Result<bool, String> {
        if self.takes("(") {
            let met = self.any_of()?;
            return if self.takes(")") {
                Ok(met)
            } else {
                Err("`)` is missing".to_owned())
            };
        }
        let (first, rest) = self.words.split_first().ok_or("a licence is missing")?;
        self.words = rest;
        if self.takes("WITH") {
            self.words = self.words.get(1..).ok_or("an exception is missing")?;
        }
        Ok((self.accepts)(first))
    }

    fn takes(&mut self, word: &str) -> bool {
        match self.words.split_first() {
            Some((first, rest)) if *first == word => {
                self.words = rest;
                true
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(expression: &str, expected: Result<bool, &str>) {
        let found = is_met(expression, |id| ["MIT", "Apache-2.0"].contains(&id));
        assert_eq!(found, expected.map_err(str::to_owned), "{expression}");
    }

    #[test]
    fn either_side_of_or_is_enough() {
        check("MIT", Ok(true));
        check("GPL-3.0-only OR MIT", Ok(true));
        check("Unlicense/MIT", Ok(true));
        check("GPL-3.0-only", Ok(false));
    }

    #[test]
    fn both_sides_of_and_are_needed() {
        check("MIT AND Apache-2.0", Ok(true));
        check("MIT AND Unicode-3.0", Ok(false));
        check("(MIT OR Unicode-3.0) AND Apache-2.0", Ok(true));
        check("GPL-3.0-only AND MIT OR Apache-2.0", Ok(true));
    }

    #[test]
    fn exception_is_left_aside() {
        check("Apache-2.0 WITH LLVM-exception OR GPL-3.0-only", Ok(true));
    }

    #[test]
    fn broken_expressions_say_where() {
        check("", Err("a licence is missing"));
        check("(MIT", Err("`)` is missing"));
        check("MIT Apache-2.0", Err("`Apache-2.0` was not expected there"));
        check("MIT OR", Err("a licence is missing"));
    }
}
