//! Tasks that are created each second, over HTTP and durable, next to bare inserts into
//! the same database on the same disk in the same run. `cargo xtask bench write` runs it.

#![allow(clippy::unwrap_used, reason = "a bench that cannot go on should stop")]

#[path = "../tests/postgres/mod.rs"]
mod postgres;

use std::{net::SocketAddr, sync::Arc, time::Instant};

use http_body_util::{BodyExt, Full};
use hyper::{Request, body::Bytes, client::conn::http1};
use hyper_util::rt::TokioIo;
use oriel::{
    app::App,
    clock::{Clock, Entropy, SystemClock},
    config::Config,
    frame::bundle::Bundle,
    provision, serve,
    token::seal::MasterKey,
};
use oriel_store::{Context, OPERATOR, Store};
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};
use tokio::{net::TcpListener, task::JoinSet};

/// Calls of each line.
const SINGLE: usize = 1_000;
const CONNECTIONS: usize = 8;
const BULKS: usize = 10;
const ITEMS: usize = 1_000;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let folder = tempfile::tempdir().unwrap();
    let sqlite = format!("sqlite:{}", folder.path().join("oriel.db").display());
    println!(
        "{:<40} {:>10} {:>8}",
        "SQLite (WAL, synchronous=FULL)", "tasks/s", "of bare"
    );
    let (one, many) = bare_sqlite(&format!(
        "{}?mode=rwc",
        sqlite.replace("oriel.db", "bare.db")
    ))
    .await;
    measure(&sqlite, one, many).await;
    if std::env::var_os("ORIEL_TEST_POSTGRES_URL").is_none() {
        println!("PostgreSQL: not measured; set ORIEL_TEST_POSTGRES_URL to a throw-away cluster");
        return;
    }
    println!(
        "{:<40} {:>10} {:>8}",
        "PostgreSQL (synchronous_commit=on)", "tasks/s", "of bare"
    );
    let url = postgres::postgres_schema().await;
    let (one, many) = bare_postgres(&url).await;
    measure(&url, one, many).await;
}

async fn measure(database: &str, bare_one: f64, bare_many: f64) {
    row("bare inserts, each committed", bare_one, bare_one);
    let bench = Bench::start(database).await;
    row("one by one, 1 connection", bench.single(1).await, bare_one);
    row(
        "one by one, 8 connections",
        bench.single(CONNECTIONS).await,
        bare_one,
    );
    row(
        "one by one with keys, 8 connections",
        bench.keyed(CONNECTIONS).await,
        bare_one,
    );
    row("bare inserts, 1,000 a commit", bare_many, bare_many);
    row("bulk of 1,000", bench.bulk().await, bare_many);
}

fn row(name: &str, per_second: f64, bare: f64) {
    println!("  {name:<38} {per_second:>10.0} {:>8.2}", per_second / bare);
}

#[allow(clippy::cast_precision_loss, reason = "counts are small")]
fn per_second(count: usize, since: Instant) -> f64 {
    count as f64 / since.elapsed().as_secs_f64()
}

const TABLE: &str =
    "CREATE TABLE bare (id TEXT PRIMARY KEY, title TEXT NOT NULL, project TEXT NOT NULL)";

fn insert(n: usize) -> String {
    format!(
        "INSERT INTO bare VALUES ('tsk_{n:026}', 'Task number {n}', 'prj_00000000000000000000000000')"
    )
}

macro_rules! bare {
    ($connection:expr) => {{
        let mut connection = $connection;
        sqlx::raw_sql(TABLE).execute(&mut connection).await.unwrap();
        let since = Instant::now();
        for n in 0..SINGLE {
            let sql = AssertSqlSafe(insert(n));
            sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
        }
        let one = per_second(SINGLE, since);
        let since = Instant::now();
        for bulk in 1..=BULKS {
            let mut tx = connection.begin().await.unwrap();
            for n in 0..ITEMS {
                let sql = AssertSqlSafe(insert(bulk * 1_000_000 + n));
                sqlx::raw_sql(sql).execute(&mut *tx).await.unwrap();
            }
            tx.commit().await.unwrap();
        }
        (one, per_second(BULKS * ITEMS, since))
    }};
}

async fn bare_sqlite(url: &str) -> (f64, f64) {
    let mut connection = SqliteConnection::connect(url).await.unwrap();
    let pragmas = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL";
    sqlx::raw_sql(pragmas)
        .execute(&mut connection)
        .await
        .unwrap();
    bare!(connection)
}

async fn bare_postgres(url: &str) -> (f64, f64) {
    bare!(PgConnection::connect(url).await.unwrap())
}

/// A server, and what its client holds.
struct Bench {
    address: SocketAddr,
    token: String,
    project: String,
}

impl Bench {
    async fn start(database: &str) -> Self {
        let mut rng = ChaCha20Rng::from_os_rng();
        let config = format!(
            "public_url = 'https://embed.example.com'\ndatabase_url = '{database}'\n\
             master_key = '{}'\nlimits.requests_per_minute = 100000000",
            MasterKey::generate(&mut rng)
        );
        let config = Config::from_toml(&config).unwrap();
        let store = Store::connect(database).await.unwrap();
        store.migrate().await.unwrap();
        let master = config.require_master_key().unwrap().clone();
        let cx = &mut Context {
            now: SystemClock.now(),
            rng: &mut rng,
            actor: OPERATOR,
        };
        let tenant = provision::tenant(&store, cx, &master, "Acme")
            .await
            .unwrap();
        let (client, secret) = provision::client(&store, cx, &tenant.id, "backend")
            .await
            .unwrap();
        let entropy = Entropy::from_system();
        let clock = Arc::new(SystemClock);
        let app = App::new(config, store, clock, entropy, Bundle::load())
            .await
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(serve::serve(app, listener, std::future::pending()));
        let mut bench = Self {
            address,
            token: String::new(),
            project: String::new(),
        };
        let mut connection = bench.connect().await;
        let form = format!(
            "grant_type=client_credentials&client_id={}&client_secret={secret}",
            client.id
        );
        let request = Request::post("/oauth/token")
            .header("host", "x")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Full::from(form))
            .unwrap();
        let answer = send(&mut connection, request).await;
        answer["access_token"]
            .as_str()
            .unwrap()
            .clone_into(&mut bench.token);
        let request = bench.request("/v1/projects", &json!({ "name": "Site" }), None);
        let made = send(&mut connection, request).await;
        made["id"].as_str().unwrap().clone_into(&mut bench.project);
        bench
    }

    async fn connect(&self) -> http1::SendRequest<Full<Bytes>> {
        let stream = tokio::net::TcpStream::connect(self.address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        sender
    }

    fn request(&self, path: &str, body: &Value, key: Option<String>) -> Request<Full<Bytes>> {
        let mut request = Request::post(path)
            .header("host", "x")
            .header("content-type", "application/json")
            .header("authorization", format!("Bearer {}", self.token));
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        request.body(Full::from(body.to_string())).unwrap()
    }

    fn task(&self, n: usize) -> Value {
        json!({ "title": format!("Task number {n}"), "project": self.project, "priority": "high" })
    }

    async fn single(&self, connections: usize) -> f64 {
        self.create(connections, false).await
    }

    async fn keyed(&self, connections: usize) -> f64 {
        self.create(connections, true).await
    }

    async fn create(&self, connections: usize, keyed: bool) -> f64 {
        let each = SINGLE / connections;
        let mut workers = JoinSet::new();
        let since = Instant::now();
        for worker in 0..connections {
            let mut connection = self.connect().await;
            let requests: Vec<_> = (0..each)
                .map(|n| {
                    let key = keyed.then(|| format!("{connections}-{worker}-{n}"));
                    self.request("/v1/tasks", &self.task(n), key)
                })
                .collect();
            workers.spawn(async move {
                for request in requests {
                    assert!(send(&mut connection, request).await["id"].is_string());
                }
            });
        }
        workers.join_all().await;
        per_second(each * connections, since)
    }

    async fn bulk(&self) -> f64 {
        let mut connection = self.connect().await;
        let item = |n| json!({ "action": "create", "task": self.task(n) });
        let items: Vec<Value> = (0..ITEMS).map(item).collect();
        let body = json!({ "items": items });
        let since = Instant::now();
        for _ in 0..BULKS {
            let request = self.request("/v1/tasks/bulk", &body, None);
            let results = send(&mut connection, request).await;
            assert_eq!(results["succeeded"], ITEMS);
        }
        per_second(BULKS * ITEMS, since)
    }
}

async fn send(
    connection: &mut http1::SendRequest<Full<Bytes>>,
    request: Request<Full<Bytes>>,
) -> Value {
    connection.ready().await.unwrap();
    let answer = connection.send_request(request).await.unwrap();
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    serde_json::from_slice(&body).unwrap()
}
