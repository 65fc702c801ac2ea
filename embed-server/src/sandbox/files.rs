//! The sandbox's own files. Both hold secrets: only their owner may read them.

use std::{
    fs,
    io::{ErrorKind, Write},
    net::SocketAddr,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use oriel_contract::{ClientId, EmbedId, TenantId};
use rand::RngCore;
use serde::{Deserialize, Serialize};
use toml::Table;

use crate::token::seal::MasterKey;

/// Where a sandbox listens without `--listen`.
const LISTEN: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 8080);

/// What the command line says about the configuration. `None` keeps what the
/// file has.
#[derive(Debug, Default)]
pub struct Settings {
    pub listen: Option<SocketAddr>,
    pub database_url: Option<String>,
}

/// What a partner portal needs (`sandbox.json`).
#[derive(Debug, Serialize, Deserialize)]
pub struct Access {
    pub embed_url: String,
    pub tenant: TenantId,
    pub client_id: ClientId,
    pub client_secret: String,
    pub embed: EmbedId,
}

/// Makes `oriel.toml`, or brings it up to date. Returns its path.
pub fn configure(
    folder: &Path,
    settings: &Settings,
    rng: &mut dyn RngCore,
) -> anyhow::Result<PathBuf> {
    make_folder(folder)?;
    let path = folder.join("oriel.toml");
    let mut table = read(&path)?
        .unwrap_or_default()
        .parse::<Table>()
        .with_context(|| {
            format!(
                "{} cannot be used: correct it, or remove it for a new sandbox",
                path.display()
            )
        })?;
    let before = table.clone();
    if let Some(listen) = settings
        .listen
        .or((!table.contains_key("listen")).then_some(LISTEN))
    {
        table.insert("listen".to_owned(), listen.to_string().into());
        table.insert("public_url".to_owned(), public_url(listen)?.into());
    }
    if let Some(url) = &settings.database_url {
        table.insert("database_url".to_owned(), url.clone().into());
    } else if !table.contains_key("database_url") {
        let database = fs::canonicalize(folder)?.join("oriel.db");
        let url = format!("sqlite:{}", database.display());
        table.insert("database_url".to_owned(), url.into());
    }
    if !table.contains_key("master_key") {
        table.insert("master_key".to_owned(), MasterKey::generate(rng).into());
    }
    if table != before {
        write_private(&path, toml::to_string(&table)?.as_bytes())?;
    }
    Ok(path)
}

impl Access {
    /// What an earlier start wrote, if it can still be read.
    pub fn read(folder: &Path) -> anyhow::Result<Option<Self>> {
        let text = read(&folder.join("sandbox.json"))?;
        // A file that is not ours to read is made anew, as a missing one is.
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// Writes the file for portals.
    pub fn write(&self, folder: &Path) -> anyhow::Result<()> {
        write_private(
            &folder.join("sandbox.json"),
            &serde_json::to_vec_pretty(self)?,
        )
    }
}

/// The origin for browsers on this machine.
fn public_url(listen: SocketAddr) -> anyhow::Result<String> {
    if listen.port() == 0 {
        bail!("--listen needs a port: pages hold the address, so it must stay the same");
    }
    let ip = listen.ip();
    if ip.is_loopback() {
        Ok(format!("http://{listen}"))
    } else if ip.is_unspecified() {
        Ok(format!("http://localhost:{}", listen.port()))
    } else {
        bail!(
            "--listen {listen}: a sandbox is for this machine; give a loopback address, or use `oriel serve`"
        )
    }
}

fn make_folder(folder: &Path) -> anyhow::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(folder)
        .with_context(|| format!("--data-dir {} cannot be made", folder.display()))
}

fn read(path: &Path) -> anyhow::Result<Option<String>> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("{} cannot be read", path.display())),
    }
}

/// Writes a file whole or not at all, readable by its owner alone from the
/// first byte on.
fn write_private(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let new = path.with_extension("new");
    let write = || {
        if let Err(error) = fs::remove_file(&new)
            && error.kind() != ErrorKind::NotFound
        {
            return Err(error);
        }
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&new)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&new, path)
    };
    write().with_context(|| format!("{} cannot be written", path.display()))
}
