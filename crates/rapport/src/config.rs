//! Settings: one typed file, every key overridable by an environment variable, read once at start.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::{Context, Result, bail};
use rapport_domain::Currency;
use rapport_server::Network;
use serde::Deserialize;

/// Name of the file that is read from the working directory unless `--config` names another.
pub(crate) const FILE_NAME: &str = "rapport.toml";

/// Our own news; the database library tells every migration, which is of no use to anybody.
const LOG_DEFAULT: &str = "info,sea_orm_migration=warn,sqlx=warn";

/// What the file may say. A key that is not listed here is refused, so that a typing error is seen.
///
/// | Key | Variable | Default |
/// |---|---|---|
/// | `data_dir` | `RAPPORT_DATA_DIR` | `rapport-data` |
/// | `listen` | `RAPPORT_LISTEN` | `127.0.0.1:7070` |
/// | `public_url` | `RAPPORT_PUBLIC_URL` | none: only loopback names are answered |
/// | `database` | `RAPPORT_DATABASE` | `records.sqlite` in the data directory |
/// | `lake` | `RAPPORT_LAKE` | `lake` in the data directory |
/// | `archive` | `RAPPORT_ARCHIVE` | none; a folder or `s3://bucket/prefix` for every instant of SQLite |
/// | `archive_keep_days` | `RAPPORT_ARCHIVE_KEEP_DAYS` | 14 |
/// | `archive_every_seconds` | `RAPPORT_ARCHIVE_EVERY_SECONDS` | 5 |
/// | `currency` | `RAPPORT_CURRENCY` | `USD` |
/// | `region` | `RAPPORT_REGION` | `US` |
/// | `upload_limit_mib` | `RAPPORT_UPLOAD_LIMIT_MIB` | 4096 |
/// | `memory_limit_mib` | `RAPPORT_MEMORY_LIMIT_MIB` | 512, for queries over events |
/// | `trusted_proxies` | `RAPPORT_TRUSTED_PROXIES` | none but this machine; a list (with commas in the variable) |
/// | `webhook_networks` | `RAPPORT_WEBHOOK_NETWORKS` | none: webhooks go to the internet alone; a list |
/// | `mailbox_networks` | `RAPPORT_MAILBOX_NETWORKS` | none: mailboxes are read in the internet alone; a list |
/// | `mailbox_authorities` | `RAPPORT_MAILBOX_AUTHORITIES` | none: a file (PEM) of authorities that mail servers inside are certified by |
/// | `metrics_token` | `RAPPORT_METRICS_TOKEN` | none: only this machine reads `/metrics` |
/// | `log` | `RAPPORT_LOG` | `info` |
/// | `log_format` | `RAPPORT_LOG_FORMAT` | `text` (or `json`) |
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct File {
    data_dir: Option<PathBuf>,
    listen: Option<String>,
    public_url: Option<String>,
    database: Option<String>,
    lake: Option<String>,
    archive: Option<String>,
    archive_keep_days: Option<u64>,
    archive_every_seconds: Option<u64>,
    currency: Option<String>,
    region: Option<String>,
    upload_limit_mib: Option<u64>,
    memory_limit_mib: Option<u64>,
    trusted_proxies: Option<Vec<String>>,
    webhook_networks: Option<Vec<String>>,
    mailbox_networks: Option<Vec<String>>,
    mailbox_authorities: Option<PathBuf>,
    metrics_token: Option<String>,
    log: Option<String>,
    log_format: Option<String>,
}

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LogFormat {
    Text,
    Json,
}

/// The settings in force.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Config {
    pub(crate) data_dir: PathBuf,
    /// Whether somebody chose the data directory, so that a demo must not choose its own.
    pub(crate) is_data_dir_chosen: bool,
    pub(crate) listen: SocketAddr,
    pub(crate) public_url: Option<String>,
    pub(crate) database: Option<String>,
    pub(crate) lake: Option<String>,
    pub(crate) archive: Option<String>,
    pub(crate) archive_keep_days: u32,
    pub(crate) archive_every_seconds: u32,
    pub(crate) currency: Currency,
    pub(crate) region: String,
    pub(crate) upload_limit_mib: u64,
    pub(crate) memory_limit_mib: u64,
    pub(crate) trusted_proxies: Vec<Network>,
    pub(crate) webhook_networks: Vec<Network>,
    pub(crate) mailbox_networks: Vec<Network>,
    pub(crate) mailbox_authorities: Option<PathBuf>,
    pub(crate) metrics_token: Option<String>,
    pub(crate) log: String,
    pub(crate) log_format: LogFormat,
}

impl Config {
    /// Reads the file (the named one must exist, the default one may be absent) and the variables.
    pub(crate) fn load(named: Option<&Path>, environment: &Environment) -> Result<Self> {
        let path = named.unwrap_or(Path::new(FILE_NAME));
        let file = match std::fs::read_to_string(path) {
            Ok(text) => {
                toml::from_str(&text).with_context(|| format!("reading {}", path.display()))?
            }
            Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => {
                File::default()
            }
            Err(error) => {
                return Err(error).with_context(|| format!("reading {}", path.display()));
            }
        };
        Self::resolve(file, environment)
    }

    fn resolve(file: File, environment: &Environment) -> Result<Self> {
        let text = |variable: &str, key: Option<String>, default: &str| {
            environment
                .get(variable)
                .or(key)
                .unwrap_or_else(|| default.to_owned())
        };
        let listen = text("RAPPORT_LISTEN", file.listen, "127.0.0.1:7070");
        let currency = text("RAPPORT_CURRENCY", file.currency, "USD");
        let region = text("RAPPORT_REGION", file.region, "US").to_uppercase();
        if region.len() != 2 || !region.bytes().all(|b| b.is_ascii_uppercase()) {
            bail!("region must be a country code of two letters such as US, not {region:?}");
        }
        let log_format = match text("RAPPORT_LOG_FORMAT", file.log_format, "text").as_str() {
            "text" => LogFormat::Text,
            "json" => LogFormat::Json,
            other => bail!("log_format must be text or json, not {other:?}"),
        };
        let public_url = environment.get("RAPPORT_PUBLIC_URL").or(file.public_url);
        if let Some(url) = &public_url
            && !(url.starts_with("https://") || url.starts_with("http://"))
        {
            bail!("public_url must begin with https:// or http://, not {url:?}");
        }
        let data_dir = environment
            .get("RAPPORT_DATA_DIR")
            .map(PathBuf::from)
            .or(file.data_dir);
        Ok(Self {
            is_data_dir_chosen: data_dir.is_some(),
            data_dir: data_dir.unwrap_or_else(|| PathBuf::from("rapport-data")),
            listen: listen
                .parse()
                .with_context(|| format!("listen must be ADDRESS:PORT, not {listen:?}"))?,
            public_url,
            database: environment.get("RAPPORT_DATABASE").or(file.database),
            lake: environment.get("RAPPORT_LAKE").or(file.lake),
            archive: environment.get("RAPPORT_ARCHIVE").or(file.archive),
            archive_keep_days: number_up_to(
                36_500,
                environment,
                "RAPPORT_ARCHIVE_KEEP_DAYS",
                file.archive_keep_days,
                14,
            )?,
            archive_every_seconds: number_up_to(
                86_400,
                environment,
                "RAPPORT_ARCHIVE_EVERY_SECONDS",
                file.archive_every_seconds,
                5,
            )?,
            currency: currency
                .parse()
                .with_context(|| format!("currency is {currency:?}"))?,
            region,
            upload_limit_mib: number(
                environment,
                "RAPPORT_UPLOAD_LIMIT_MIB",
                file.upload_limit_mib,
                4096,
            )?,
            memory_limit_mib: number(
                environment,
                "RAPPORT_MEMORY_LIMIT_MIB",
                file.memory_limit_mib,
                512,
            )?,
            trusted_proxies: networks(environment, "trusted_proxies", file.trusted_proxies)?,
            webhook_networks: networks(environment, "webhook_networks", file.webhook_networks)?,
            mailbox_networks: networks(environment, "mailbox_networks", file.mailbox_networks)?,
            mailbox_authorities: environment
                .get("RAPPORT_MAILBOX_AUTHORITIES")
                .map(PathBuf::from)
                .or(file.mailbox_authorities),
            metrics_token: environment
                .get("RAPPORT_METRICS_TOKEN")
                .or(file.metrics_token)
                .filter(|token| !token.is_empty()),
            log: text("RAPPORT_LOG", file.log, LOG_DEFAULT),
            log_format,
        })
    }
}

/// The networks of a key, from its variable with commas or from the file's list.
fn networks(
    environment: &Environment,
    name: &str,
    key: Option<Vec<String>>,
) -> Result<Vec<Network>> {
    let listed = environment
        .get(&format!("RAPPORT_{}", name.to_uppercase()))
        .map(|text| text.split(',').map(str::to_owned).collect());
    let texts: Vec<String> = listed.or(key).unwrap_or_default();
    let read = |text: &String| text.trim().parse();
    let networks: Result<Vec<Network>, _> = texts.iter().map(read).collect();
    networks.with_context(|| format!("reading {name}"))
}

fn number(environment: &Environment, name: &str, key: Option<u64>, default: u64) -> Result<u64> {
    match environment.get(name) {
        Some(text) => u64::from_str(&text)
            .with_context(|| format!("{name} must be a whole number, not {text:?}")),
        None => Ok(key.unwrap_or(default)),
    }
}

/// A number from 1 to `max`.
fn number_up_to(
    max: u32,
    environment: &Environment,
    name: &str,
    key: Option<u64>,
    default: u64,
) -> Result<u32> {
    let number = number(environment, name, key, default)?;
    let fitting = u32::try_from(number).ok();
    fitting
        .filter(|number| (1..=max).contains(number))
        .with_context(|| {
            let key = name.trim_start_matches("RAPPORT_").to_lowercase();
            format!("{key} must be from 1 to {max}, not {number}")
        })
}

/// The variables that begin with `RAPPORT_`, taken once so that nothing else reads the environment.
#[derive(Debug, Clone, Default)]
pub(crate) struct Environment(Vec<(String, String)>);

impl Environment {
    /// The variables of this process.
    pub(crate) fn of_process() -> Self {
        Self(
            std::env::vars_os()
                // A variable that is no text is nobody's setting.
                .filter_map(|(name, value)| {
                    Some((name.into_string().ok()?, value.into_string().ok()?))
                })
                .filter(|(name, _)| name.starts_with("RAPPORT_"))
                .collect(),
        )
    }

    fn get(&self, name: &str) -> Option<String> {
        self.0
            .iter()
            .find(|(n, value)| n == name && !value.is_empty())
            .map(|(_, v)| v.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(toml: &str, variables: &[(&str, &str)]) -> Result<Config> {
        let pairs = variables
            .iter()
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
            .collect();
        Config::resolve(toml::from_str(toml)?, &Environment(pairs))
    }

    #[test]
    fn nothing_said_means_loopback_and_sqlite() {
        let config = resolve("", &[]).unwrap();

        assert_eq!(config.listen.to_string(), "127.0.0.1:7070");
        assert_eq!(config.database, None);
        assert_eq!(config.currency, Currency::USD);
    }

    #[test]
    fn a_variable_beats_the_file() {
        let config = resolve(
            "currency = \"EUR\"\nregion = \"de\"",
            &[("RAPPORT_CURRENCY", "CNY")],
        )
        .unwrap();

        assert_eq!(config.currency, Currency::CNY);
        assert_eq!(config.region, "DE");
    }

    #[test]
    fn proxies_are_a_list_in_the_file_and_commas_in_the_variable() {
        let file = resolve("trusted_proxies = [\"10.0.0.0/8\", \"::1\"]", &[]).unwrap();
        let variable = [("RAPPORT_TRUSTED_PROXIES", "10.0.0.0/8, ::1")];
        let variable = resolve("", &variable).unwrap();

        assert_eq!(file.trusted_proxies.len(), 2);
        assert_eq!(file.trusted_proxies, variable.trusted_proxies);
    }

    #[test]
    fn a_key_that_nobody_knows_is_refused() {
        let error = resolve("listn = \"127.0.0.1:1\"", &[])
            .unwrap_err()
            .to_string();

        assert!(error.contains("listn"), "{error}");
    }

    #[test]
    fn a_bad_value_names_its_key() {
        let cases = [
            ("listen = \"somewhere\"", "listen"),
            ("currency = \"EURO\"", "currency"),
            ("region = \"Germany\"", "region"),
            ("log_format = \"xml\"", "log_format"),
            ("trusted_proxies = [\"10.0.0.0/99\"]", "trusted_proxies"),
            ("webhook_networks = [\"inside\"]", "webhook_networks"),
            ("mailbox_networks = [\"inside\"]", "mailbox_networks"),
            ("public_url = \"example.com\"", "public_url"),
            ("archive_keep_days = 0", "archive_keep_days"),
            ("archive_keep_days = 40000", "archive_keep_days"),
            ("archive_every_seconds = 0", "archive_every_seconds"),
            (
                "archive_every_seconds = 4294967297",
                "archive_every_seconds",
            ),
        ];
        for (toml, key) in cases {
            let error = format!("{:#}", resolve(toml, &[]).unwrap_err());
            assert!(error.contains(key), "{error}");
        }
    }
}
