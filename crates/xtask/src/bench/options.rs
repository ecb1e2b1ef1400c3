//! What may be said to a benchmark.

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};

/// Options with their values, as `--kills 8`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Options(Vec<(String, String)>);

impl Options {
    /// Reads options, of which only the known ones may be there.
    pub(super) fn parse(arguments: &[&str], known: &[&str]) -> Result<Self> {
        let mut options = Vec::new();
        for pair in arguments.chunks(2) {
            match pair {
                [name, value] if known.contains(name) => {
                    options.push(((*name).to_owned(), (*value).to_owned()));
                }
                [name, ..] if known.contains(name) => bail!("`{name}` wants a value"),
                _ if known.is_empty() => bail!("this benchmark takes no options"),
                _ => bail!("`{}` is no option; there are {}", pair[0], known.join(", ")),
            }
        }
        Ok(Self(options))
    }

    /// A whole number, or what is meant where it is not there.
    pub(super) fn number(&self, name: &str, default: u64) -> Result<u64> {
        match self.text(name) {
            Some(text) => text
                .parse()
                .with_context(|| format!("`{name}` wants a whole number, not `{text}`")),
            None => Ok(default),
        }
    }

    /// The program that `--binary` names, for whoever has one that is built already.
    pub(super) fn binary(&self) -> Option<PathBuf> {
        self.text("--binary").map(PathBuf::from)
    }

    fn text(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(option, _)| option == name);
        found.map(|(_, value)| value.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_pairs_of_known_names_and_values() {
        let known = ["--kills", "--seed"];
        let options = Options::parse(&["--kills", "8"], &known).unwrap();

        assert_eq!(options.number("--kills", 200).unwrap(), 8);
        assert_eq!(options.number("--seed", 1).unwrap(), 1);
        assert_eq!(options.binary(), None);
    }

    #[test]
    fn what_is_not_known_or_has_no_value_is_refused() {
        for (arguments, said) in [
            (&["--kill", "8"][..], "is no option"),
            (&["--kills"], "wants a value"),
        ] {
            let error = Options::parse(arguments, &["--kills"]).unwrap_err();
            assert!(error.to_string().contains(said), "{error}");
        }
        let options = Options::parse(&["--kills", "many"], &["--kills"]).unwrap();
        assert!(options.number("--kills", 1).is_err());
        assert!(Options::parse(&["--seed", "1"], &[]).is_err());
    }
}
