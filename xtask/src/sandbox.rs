//! Owns running the built programs: a server with its data folder, and the
//! portal that shows its embed.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::http::{self, Answer};
use crate::process::{self, Running};

const READY_WITHIN: Duration = Duration::from_mins(1);
const POLL: Duration = Duration::from_millis(25);
const LAST_LINES: usize = 20;

/// What `oriel sandbox` writes for its portal.
#[derive(Debug, Deserialize)]
pub struct Facts {
    pub tenant: String,
    pub client_id: String,
    pub client_secret: String,
    pub embed: String,
}

impl Facts {
    pub fn read(data_dir: &Path) -> Result<Self> {
        let file = data_dir.join("sandbox.json");
        let text = fs::read_to_string(&file).with_context(|| {
            format!(
                "cannot read {}: the sandbox did not make it",
                file.display()
            )
        })?;
        serde_json::from_str(&text).with_context(|| format!("{} is damaged", file.display()))
    }

    /// An access token, got as a tenant's backend gets it.
    pub fn access_token(&self, port: u16) -> Result<String> {
        let form = "Content-Type: application/x-www-form-urlencoded\r\n";
        let body = format!(
            "grant_type=client_credentials&client_id={}&client_secret={}",
            self.client_id, self.client_secret
        );
        let answer = http::post(port, "/oauth/token", form, &body)?;
        field(&answer, "access_token")
    }

    /// An embed token that lives for so long.
    pub fn embed_token(&self, port: u16, access: &str, seconds: u32) -> Result<String> {
        let headers =
            format!("Content-Type: application/json\r\nAuthorization: Bearer {access}\r\n");
        let wanted = json!({ "embed": self.embed, "viewer": "xtask", "expires_in": seconds });
        let answer = http::post(port, "/v1/embed-tokens", &headers, &wanted.to_string())?;
        field(&answer, "token")
    }
}

fn field(answer: &Answer, name: &str) -> Result<String> {
    let text = String::from_utf8_lossy(&answer.body);
    let value: Value = serde_json::from_str(&text).unwrap_or_default();
    match value[name].as_str() {
        Some(text) => Ok(text.to_owned()),
        None => bail!("the server gave no {name}: {} {text}", answer.status),
    }
}

/// A server process, ready to answer, with the log that it writes.
#[derive(Debug)]
pub struct Server {
    pub running: Running,
    pub name: &'static str,
    log: PathBuf,
}

impl Server {
    /// Starts the program and waits until `path` on `port` answers 200.
    pub fn start(
        name: &'static str,
        command: &mut std::process::Command,
        log: PathBuf,
        port: u16,
        path: &str,
    ) -> Result<Self> {
        let running = Running::start_logged(command, &log)?;
        let mut server = Self { running, name, log };
        let deadline = Instant::now() + READY_WITHIN;
        loop {
            if http::get(port, path).is_ok_and(|answer| answer.status == 200) {
                return Ok(server);
            }
            server.check()?;
            if process::interrupted() {
                bail!("interrupted");
            }
            if Instant::now() > deadline {
                bail!(
                    "{name} is not ready after {READY_WITHIN:?}; its last lines:\n{}",
                    server.last_lines()
                );
            }
            thread::sleep(POLL);
        }
    }

    /// An error, with the last lines of the log, once the process has ended.
    pub fn check(&mut self) -> Result<()> {
        if let Some(status) = self.running.ended()? {
            bail!(
                "{} ended by itself ({status}); its last lines:\n{}",
                self.name,
                self.last_lines()
            );
        }
        Ok(())
    }

    fn last_lines(&self) -> String {
        let text = fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(LAST_LINES)..].join("\n")
    }
}

/// Whether something may listen on this port of the loopback address.
pub fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

/// A loopback port that was free a moment ago.
pub fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no port is free")?;
    Ok(listener.local_addr().context("no port is free")?.port())
}

/// Starts the portal for an embed.
pub fn start_portal(
    portal: &Path,
    facts: &Facts,
    embed: &str,
    ports: (u16, u16),
    log: PathBuf,
) -> Result<Server> {
    let (portal_port, embed_port) = ports;
    let mut command = process::server(portal);
    command
        .env("PORTAL_LISTEN", format!("127.0.0.1:{portal_port}"))
        .env("ORIEL_URL", format!("http://127.0.0.1:{embed_port}"))
        .env("ORIEL_EMBED", embed)
        .env("ORIEL_CLIENT_ID", &facts.client_id)
        .env("ORIEL_CLIENT_SECRET", &facts.client_secret);
    Server::start("the portal", &mut command, log, portal_port, "/")
}
