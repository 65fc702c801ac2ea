//! The program under a load of writes, killed in the middle of it: no write that was
//! acknowledged is lost, none is done twice, and who sends again under the same key gets
//! the same answer.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod postgres;

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc::{self, Sender},
    thread,
};

use oriel::token::seal::MasterKey;
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;
use serde_json::{Value, json};

const ROUNDS: usize = 10;
const WRITERS: usize = 6;
/// Acknowledged writes before a kill: another number each round, so that it meets
/// another moment.
const BEFORE_KILL: usize = 25;

#[test]
fn a_killed_server_loses_and_doubles_nothing_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("oriel.db");
    survives(&format!("sqlite:{}", file.display()), folder.path());
}

#[test]
#[ignore = "needs ORIEL_TEST_POSTGRES_URL: `cargo xtask test` sets it"]
fn a_killed_server_loses_and_doubles_nothing_on_postgres() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let url = runtime.block_on(postgres::postgres_schema());
    survives(&url, folder.path());
}

/// A write that was sent, and its answer if one came.
struct Sent {
    path: &'static str,
    key: String,
    body: String,
    acknowledged: Option<String>,
}

fn survives(database: &str, folder: &Path) {
    let oriel = || oriel(database, folder);
    let tenant = printed(oriel().args(["tenant", "create", "Acme"]));
    let client = printed(oriel().args(["client", "create", "--tenant", &tenant]));
    let credentials = credentials(&client);
    let serving = Serving::start(oriel());
    let token = serving.token(&credentials);
    let made = serving.post("/v1/projects", &token, "project", r#"{"name":"Site"}"#);
    let project = made.unwrap().json()["id"].as_str().unwrap().to_owned();
    drop(serving);

    let mut all: Vec<Sent> = Vec::new();
    for round in 0..ROUNDS {
        let serving = Serving::start(oriel());
        let token = serving.token(&credentials);
        all.extend(load_and_kill(serving, &token, &project, round));
        let serving = Serving::start(oriel());
        let token = serving.token(&credentials);
        for write in all.iter_mut().rev().take(400) {
            assert_done_once(&serving, &token, write);
        }
    }

    let serving = Serving::start(oriel());
    let token = serving.token(&credentials);
    let acknowledged = all.iter().filter(|write| write.acknowledged.is_some());
    assert!(acknowledged.count() >= ROUNDS * BEFORE_KILL);
    let mut titles: BTreeMap<String, usize> = BTreeMap::new();
    for title in serving.titles(&token) {
        *titles.entry(title).or_default() += 1;
    }
    let expected: BTreeMap<String, usize> = (all.iter())
        .flat_map(|write| {
            let of_bulk = write.path.ends_with("bulk");
            let count = if of_bulk { 3 } else { 1 };
            (0..count).map(|n| (format!("{} {n}", write.key), 1))
        })
        .collect();
    assert_eq!(titles, expected);
    drop(serving);
    assert_eq!(
        printed(oriel().args(["audit", "verify", "--tenant", &tenant]))
            .lines()
            .count(),
        1
    );
}

/// Writes from several connections until enough is acknowledged, and kills the server
/// while the rest is under way.
fn load_and_kill(mut serving: Serving, token: &str, project: &str, round: usize) -> Vec<Sent> {
    let (tell, told) = mpsc::channel::<()>();
    thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let (tell, address) = (tell.clone(), serving.address.clone());
                scope.spawn(move || write_on(&address, token, project, &tell, (round, writer)))
            })
            .collect();
        drop(tell);
        for _ in 0..BEFORE_KILL + 7 * round {
            told.recv().unwrap();
        }
        // SIGKILL.
        serving.child.kill().unwrap();
        serving.child.wait().unwrap();
        writers
            .into_iter()
            .flat_map(|writer| writer.join().unwrap())
            .collect()
    })
}

/// Writes until nobody answers any longer.
fn write_on(
    address: &str,
    token: &str,
    project: &str,
    tell: &Sender<()>,
    (round, writer): (usize, usize),
) -> Vec<Sent> {
    let mut writes = Vec::new();
    for n in 0.. {
        let key = format!("{round}-{writer}-{n}");
        let task = |n: usize| json!({ "title": format!("{key} {n}"), "project": project });
        let (path, body) = if n % 3 == 2 {
            let item = |n| json!({ "action": "create", "task": task(n) });
            (
                "/v1/tasks/bulk",
                json!({ "items": [item(0), item(1), item(2)] }),
            )
        } else {
            ("/v1/tasks", task(0))
        };
        let body = body.to_string();
        let answer = post(address, path, token, &key, &body);
        let acknowledged = answer.map(|answer| {
            assert!(matches!(answer.status, 200 | 201), "{}", answer.text);
            answer.body().to_owned()
        });
        let is_over = acknowledged.is_none();
        writes.push(Sent {
            path,
            key,
            body,
            acknowledged,
        });
        if is_over {
            break;
        }
        let _ = tell.send(());
    }
    writes
}

/// Sends a write again: one that was acknowledged has its answer, another is done now, or
/// was done before the end.
fn assert_done_once(serving: &Serving, token: &str, write: &mut Sent) {
    let again = serving
        .post(write.path, token, &write.key, &write.body)
        .unwrap();
    assert!(
        matches!(again.status, 200 | 201),
        "{}: {}",
        write.key,
        again.text
    );
    match &write.acknowledged {
        Some(first) => {
            assert!(again.is_replayed(), "{}: {}", write.key, again.text);
            assert_eq!(again.body(), first, "{}", write.key);
        }
        None => write.acknowledged = Some(again.body().to_owned()),
    }
}

fn oriel(database: &str, folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_oriel"));
    command
        .env_clear()
        .current_dir(folder)
        .env("ORIEL_DATABASE_URL", database)
        .env("ORIEL_PUBLIC_URL", "http://127.0.0.1:8080")
        .env("ORIEL_LISTEN", "127.0.0.1:0")
        .env("ORIEL_LOG", "info")
        .env("ORIEL_LIMITS__REQUESTS_PER_MINUTE", "1000000")
        .env(
            "ORIEL_MASTER_KEY",
            MasterKey::generate(&mut ChaCha20Rng::seed_from_u64(1)),
        );
    command
}

fn printed(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout)
        .unwrap()
        .trim_end()
        .to_owned()
}

/// The form that a client's id and secret are sent in.
fn credentials(client: &str) -> String {
    let client: Value = serde_json::from_str(client).unwrap();
    let member = |name: &str| client[name].as_str().unwrap().to_owned();
    format!(
        "grant_type=client_credentials&client_id={}&client_secret={}",
        member("client_id"),
        member("client_secret")
    )
}

/// A server, ended with the test.
struct Serving {
    child: Child,
    address: String,
}

impl Serving {
    fn start(mut command: Command) -> Self {
        let mut child = command.arg("serve").stderr(Stdio::piped()).spawn().unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap());
        let address = loop {
            let mut line = String::new();
            assert_ne!(log.read_line(&mut line).unwrap(), 0, "the server ended");
            let entry: Value = serde_json::from_str(&line).unwrap();
            if entry["message"] == "listening" {
                break entry["address"].as_str().unwrap().to_owned();
            }
        };
        // Whoever writes a log needs a reader.
        thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
        Self { child, address }
    }

    fn token(&self, credentials: &str) -> String {
        let head = "POST /oauth/token HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded";
        let answer = exchange(&self.address, head, credentials).unwrap();
        answer.json()["access_token"].as_str().unwrap().to_owned()
    }

    fn post(&self, path: &str, token: &str, key: &str, body: &str) -> Option<Answer> {
        post(&self.address, path, token, key, body)
    }

    /// The titles of all tasks.
    fn titles(&self, token: &str) -> Vec<String> {
        let mut titles = Vec::new();
        let mut cursor = String::new();
        loop {
            let head = format!(
                "GET /v1/tasks?limit=200{cursor} HTTP/1.1\r\nAuthorization: Bearer {token}"
            );
            let page = exchange(&self.address, &head, "").unwrap().json();
            let items = page["items"].as_array().unwrap().iter();
            titles.extend(items.map(|task| task["title"].as_str().unwrap().to_owned()));
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return titles,
            }
        }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

struct Answer {
    status: u16,
    text: String,
}

impl Answer {
    fn body(&self) -> &str {
        self.text.split_once("\r\n\r\n").unwrap().1
    }

    fn json(&self) -> Value {
        serde_json::from_str(self.body()).unwrap()
    }

    fn is_replayed(&self) -> bool {
        self.text
            .to_lowercase()
            .contains("idempotent-replayed: true")
    }
}

fn post(address: &str, path: &str, token: &str, key: &str, body: &str) -> Option<Answer> {
    let head = format!(
        "POST {path} HTTP/1.1\r\nContent-Type: application/json\r\n\
         Authorization: Bearer {token}\r\nIdempotency-Key: \"{key}\""
    );
    exchange(address, &head, body)
}

/// One request on a connection of its own; nothing where no whole answer came.
fn exchange(address: &str, head: &str, body: &str) -> Option<Answer> {
    let mut stream = TcpStream::connect(address).ok()?;
    let length = body.len();
    let request =
        format!("{head}\r\nHost: x\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}");
    stream.write_all(request.as_bytes()).ok()?;
    let mut text = String::new();
    stream.read_to_string(&mut text).ok()?;
    let (head, body) = text.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let lower = head.to_lowercase();
    let (_, length) = lower.split_once("content-length: ")?;
    let length: usize = length.split("\r\n").next()?.parse().ok()?;
    (body.len() == length).then(|| Answer {
        status,
        text: text.clone(),
    })
}
