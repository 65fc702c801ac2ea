//! Configuration: a TOML file, then `ORIEL_…` variables over it.
//!
//! Whatever is wrong is said with the key and with where its value came from,
//! and never with a secret.

use std::{fmt, net::SocketAddr, path::Path};

use figment::{
    Figment,
    providers::{Env, Format, Toml},
};
use serde::Deserialize;
use tracing_subscriber::EnvFilter;
use url::{Origin, Url};

use crate::{origin, token::seal::MasterKey};

/// A configuration that was checked.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where the server listens.
    pub listen: SocketAddr,
    /// Where browsers and backends reach it.
    pub public_url: PublicUrl,
    pub database_url: DatabaseUrl,
    /// Seals private keys. Commands that need none do without.
    pub master_key: Option<MasterKey>,
    /// A filter in the syntax of `tracing-subscriber`.
    pub log: String,
    pub limits: Limits,
}

/// What a client may take up. Times in milliseconds.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Open connections; further ones wait to be accepted.
    pub connections: usize,
    /// For a request's whole head, and for the pause between two requests.
    pub header_timeout_ms: u64,
    pub body_timeout_ms: u64,
    /// For a request until its answer begins.
    pub request_timeout_ms: u64,
    /// For a client that takes nothing of an answer that waits to be sent.
    pub write_timeout_ms: u64,
    /// For requests under way when the server is told to stop.
    pub drain_timeout_ms: u64,
    pub header_bytes: usize,
    pub headers: usize,
    pub uri_bytes: usize,
    pub body_bytes: usize,
    /// Memory for answers that are kept.
    pub answer_cache_bytes: u64,
    /// Event streams open at a time.
    pub streams_per_session: usize,
    pub streams_per_tenant: usize,
    /// CSV files under way at a time.
    pub exports_per_tenant: usize,
    /// Calls of the management API that a tenant without a plan may make in a minute.
    pub requests_per_minute: u32,
    /// Reads in a minute, of one embed session and of all of a tenant's.
    pub reads_per_minute_session: u32,
    pub reads_per_minute_tenant: u32,
    /// From one sign of life of an event stream to the next. A client that has
    /// gone without a word is noticed by it.
    pub heartbeat_ms: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 10_000,
            header_timeout_ms: 10_000,
            body_timeout_ms: 10_000,
            request_timeout_ms: 20_000,
            write_timeout_ms: 20_000,
            drain_timeout_ms: 10_000,
            header_bytes: 16 * 1024,
            headers: 64,
            uri_bytes: 8 * 1024,
            body_bytes: 64 * 1024,
            answer_cache_bytes: 64 * 1024 * 1024,
            streams_per_session: 4,
            streams_per_tenant: 1_000,
            exports_per_tenant: 2,
            requests_per_minute: 100,
            reads_per_minute_session: 600,
            reads_per_minute_tenant: 6_000,
            heartbeat_ms: 15_000,
        }
    }
}

/// A configuration that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("the configuration file {0} cannot be read")]
    File(String, #[source] std::io::Error),
    #[error(transparent)]
    Figment(#[from] Box<figment::Error>),
    /// A key, where its value came from, and what is wrong with it.
    #[error("`{key}`{source_name} {reason}")]
    Key {
        key: &'static str,
        source_name: String,
        reason: String,
    },
}

/// The URL of a database; shown without its password.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    /// The whole URL.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = self.0.split(':').next().unwrap_or_default();
        write!(f, "{scheme}:…")
    }
}

/// The origin that the server is reached at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl {
    origin: String,
    is_https: bool,
}

impl PublicUrl {
    fn parse(text: &str) -> Result<Self, String> {
        let url = Url::parse(text).map_err(|error| format!("is not a URL: {error}"))?;
        let is_root = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        if !matches!(url.origin(), Origin::Tuple(..)) || !is_root || url.username() != "" {
            return Err("must be an origin, such as https://embed.example.com".to_owned());
        }
        match url.scheme() {
            "https" => {}
            "http" if origin::is_local(&url) => {}
            _ => return Err("must be https; http is for localhost only".to_owned()),
        }
        Ok(Self {
            origin: url.origin().ascii_serialization(),
            is_https: url.scheme() == "https",
        })
    }

    /// The origin, as browsers write it.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// `iss` of tokens: the origin.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.origin
    }

    /// Whether browsers reach the server over TLS.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.is_https
    }
}

/// The values as they are written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    listen: Option<SocketAddr>,
    public_url: Option<String>,
    database_url: Option<String>,
    master_key: Option<String>,
    log: Option<String>,
    #[serde(default)]
    limits: Limits,
}

impl Config {
    /// Reads the file, if one is named, and the environment.
    pub fn load(file: Option<&Path>) -> Result<Self, ConfigError> {
        let mut figment = Figment::new();
        if let Some(file) = file {
            // Figment takes a missing file for an empty one.
            std::fs::File::open(file)
                .map_err(|error| ConfigError::File(file.display().to_string(), error))?;
            figment = figment.merge(Toml::file_exact(file));
        }
        Self::from_figment(&figment.merge(environment()))
    }

    /// Reads TOML text and nothing else. For tests.
    pub fn from_toml(text: &str) -> Result<Self, ConfigError> {
        Self::from_figment(&Figment::from(Toml::string(text)))
    }

    fn from_figment(figment: &Figment) -> Result<Self, ConfigError> {
        let written: Written = figment.extract().map_err(Box::new)?;
        let refuse = |key: &'static str, reason: String| ConfigError::Key {
            key,
            source_name: source_of(figment, key),
            reason,
        };
        let need = |key, value: Option<String>, how: &str| {
            value.ok_or_else(|| refuse(key, format!("is missing; {how}")))
        };
        let public_url = need(
            "public_url",
            written.public_url,
            "set it (or ORIEL_PUBLIC_URL) to the origin that browsers reach this server at",
        )?;
        let database_url = need(
            "database_url",
            written.database_url,
            "set it (or ORIEL_DATABASE_URL) to sqlite:PATH or postgres://…",
        )?;
        let master_key = written
            .master_key
            .map(|text| MasterKey::parse(&text))
            .transpose();
        Ok(Self {
            listen: written
                .listen
                .unwrap_or(SocketAddr::from(([127, 0, 0, 1], 8080))),
            public_url: PublicUrl::parse(&public_url).map_err(|why| refuse("public_url", why))?,
            database_url: database(database_url).map_err(|why| refuse("database_url", why))?,
            master_key: master_key.map_err(|why| refuse("master_key", why.to_string()))?,
            log: log_filter(written.log).map_err(|why| refuse("log", why))?,
            limits: check_limits(written.limits).map_err(|(key, why)| refuse(key, why))?,
        })
    }

    /// The master key, or how to get one: there is no default.
    pub fn require_master_key(&self) -> Result<&MasterKey, ConfigError> {
        self.master_key.as_ref().ok_or_else(|| ConfigError::Key {
            key: "master_key",
            source_name: String::new(),
            reason: "is missing; set it (or ORIEL_MASTER_KEY) to what `openssl rand -base64 32` \
                     prints, and keep it: it seals the private keys"
                .to_owned(),
        })
    }
}

const PREFIX: &str = "ORIEL_";

/// The keys of [`Written`].
const KEYS: [&str; 6] = [
    "listen",
    "public_url",
    "database_url",
    "master_key",
    "log",
    "limits",
];

/// `ORIEL_LIMITS__BODY_BYTES` is `limits.body_bytes`. Other programs have their
/// own `ORIEL_…` variables (a portal has its client secret), so unlike a key of
/// the file, a variable that is not known is passed over.
fn environment() -> Env {
    Env::prefixed(PREFIX)
        .filter(|name| is_setting(name.as_str()))
        .split("__")
}

fn is_setting(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    KEYS.contains(&name.split("__").next().unwrap_or_default())
}

/// Variables that look like settings and are none, for a warning.
#[must_use]
pub fn passed_over() -> Vec<String> {
    std::env::vars_os()
        .filter_map(|(name, _)| name.into_string().ok())
        .filter(|name| {
            name.strip_prefix(PREFIX)
                .is_some_and(|rest| rest != "CONFIG" && !is_setting(rest))
        })
        .collect()
}

fn log_filter(filter: Option<String>) -> Result<String, String> {
    let filter = filter.unwrap_or_else(|| "info".to_owned());
    match EnvFilter::builder().parse(&filter) {
        Ok(_) => Ok(filter),
        Err(error) => Err(format!("is not a filter such as `info`: {error}")),
    }
}

fn database(url: String) -> Result<DatabaseUrl, String> {
    if ["sqlite:", "postgres://", "postgresql://"]
        .iter()
        .any(|scheme| url.starts_with(scheme))
    {
        Ok(DatabaseUrl(url))
    } else {
        Err("must start with `sqlite:` or `postgres://`".to_owned())
    }
}

fn check_limits(limits: Limits) -> Result<Limits, (&'static str, String)> {
    let positive = [
        ("limits.connections", limits.connections as u64),
        ("limits.header_timeout_ms", limits.header_timeout_ms),
        ("limits.body_timeout_ms", limits.body_timeout_ms),
        ("limits.request_timeout_ms", limits.request_timeout_ms),
        ("limits.write_timeout_ms", limits.write_timeout_ms),
        ("limits.headers", limits.headers as u64),
        ("limits.body_bytes", limits.body_bytes as u64),
        (
            "limits.streams_per_session",
            limits.streams_per_session as u64,
        ),
        (
            "limits.streams_per_tenant",
            limits.streams_per_tenant as u64,
        ),
        (
            "limits.exports_per_tenant",
            limits.exports_per_tenant as u64,
        ),
        (
            "limits.requests_per_minute",
            limits.requests_per_minute.into(),
        ),
        (
            "limits.reads_per_minute_session",
            limits.reads_per_minute_session.into(),
        ),
        (
            "limits.reads_per_minute_tenant",
            limits.reads_per_minute_tenant.into(),
        ),
        ("limits.heartbeat_ms", limits.heartbeat_ms),
    ];
    for (key, value) in positive {
        if value == 0 {
            return Err((key, "must be more than 0".to_owned()));
        }
    }
    if limits.heartbeat_ms > 15_000 {
        return Err((
            "limits.heartbeat_ms",
            "must be at most 15000: clients rely on a sign of life in that time".to_owned(),
        ));
    }
    if limits.header_bytes < 8 * 1024 {
        return Err((
            "limits.header_bytes",
            "must be at least 8192, or tokens do not fit".to_owned(),
        ));
    }
    if limits.uri_bytes < 2 * 1024 {
        return Err((
            "limits.uri_bytes",
            "must be at least 2048, or cursors do not fit".to_owned(),
        ));
    }
    Ok(limits)
}

/// ` (from …)`, where the value of a key came from.
fn source_of(figment: &Figment, key: &str) -> String {
    let Some(metadata) = figment.find_metadata(key) else {
        return String::new();
    };
    match &metadata.source {
        Some(source) => format!(" (from {source})"),
        None => format!(" (from {})", metadata.name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "public_url = 'http://localhost:8080'\ndatabase_url = 'sqlite:oriel.db'\n";

    fn error(text: &str) -> String {
        Config::from_toml(text).unwrap_err().to_string()
    }

    #[test]
    fn a_short_file_is_enough() {
        let config = Config::from_toml(GOOD).unwrap();
        assert_eq!(config.listen.port(), 8080);
        assert_eq!(config.public_url.origin(), "http://localhost:8080");
        assert!(
            config
                .require_master_key()
                .unwrap_err()
                .to_string()
                .contains("openssl")
        );
    }

    #[test]
    fn every_error_names_its_key() {
        for (line, key) in [
            ("listen = 'nowhere'", "listen"),
            ("listne = '127.0.0.1:1'", "listne"),
            ("limits.body_bytes = 0", "limits.body_bytes"),
            ("limits.body_bytes = 'many'", "limits.body_bytes"),
            ("limits.bites = 1", "bites"),
            ("limits.heartbeat_ms = 15001", "limits.heartbeat_ms"),
            ("master_key = 'short'", "master_key"),
            ("log = 7", "log"),
        ] {
            let error = error(&format!("{line}\n{GOOD}"));
            assert!(error.contains(key), "{line}: {error}");
        }
        assert!(error("database_url = 'sqlite:x'").contains("public_url"));
        assert!(error("public_url = 'http://localhost:1'").contains("database_url"));
    }

    #[test]
    fn a_refused_secret_is_not_repeated() {
        let error = error(&format!("master_key = 'hunter2hunter2'\n{GOOD}"));
        assert!(!error.contains("hunter2"), "{error}");
    }

    #[test]
    fn a_public_url_is_a_secure_origin() {
        for url in [
            "http://example.com",
            "https://example.com/oriel",
            "https://a@example.com",
            "file:///x",
            "example.com",
        ] {
            let text = format!("database_url = 'sqlite:x'\npublic_url = '{url}'");
            assert!(error(&text).contains("public_url"), "{url}");
        }
    }
}
