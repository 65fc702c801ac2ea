//! A real server on a real socket, with a fixed clock and seed, over a database
//! of its own. Every exchange is held to the contract.

use std::{
    collections::HashMap,
    io::Read,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use axum::body::Bytes;
use flate2::read::GzDecoder;
use http_body_util::{BodyExt, Full};
use hyper::{
    HeaderMap, Method, Request, StatusCode, client::conn::http1, header, header::HeaderValue,
};
use hyper_util::rt::TokioIo;
use jiff::Timestamp;
use oriel::{
    app::App,
    clock::{Entropy, ManualClock},
    config::Config,
    provision, serve,
    token::seal::MasterKey,
};
use oriel_contract::{AccessTokenResponse, MintedToken, RangePreset};
use oriel_store::{AsOf, Client, Context, Embed, EmbedView, NewEmbed, OPERATOR, Store, Tenant};
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

use crate::{contract, sample};

/// Wednesday, 11 June 2025, 10:00 UTC.
pub const NOW: &str = "2025-06-11T10:00:00Z";

/// The origin that `public_url` names; the socket is elsewhere.
pub const ISSUER: &str = "https://embed.example.com";

/// The only origin that may show the first embed.
pub const PORTAL: &str = "https://portal.example.com";

/// A tenant with what its backend holds. All tenants are alike but for their ids.
pub struct Party {
    pub tenant: Tenant,
    pub client: Client,
    pub secret: String,
    pub embed: Embed,
}

pub struct Server {
    pub address: SocketAddr,
    pub app: App,
    pub store: Store,
    pub clock: Arc<ManualClock>,
    pub master: MasterKey,
    pub ours: Party,
    pub other: Party,
    rng: ChaCha20Rng,
    /// The last access token of each client: a new one costs two checks by Argon2.
    kept: Mutex<HashMap<String, String>>,
    /// Held until the test is over, then removed.
    folder: Option<TempDir>,
    stop: Option<oneshot::Sender<()>>,
    running: Option<JoinHandle<()>>,
}

/// An answer, read whole.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    /// The body without its coding.
    pub fn plain(&self) -> Vec<u8> {
        let mut plain = Vec::new();
        let mut body = &self.body[..];
        match self.header("content-encoding") {
            "" => body.read_to_end(&mut plain),
            "br" => brotli::Decompressor::new(body, 4096).read_to_end(&mut plain),
            "gzip" => GzDecoder::new(body).read_to_end(&mut plain),
            other => panic!("{other} is no coding of ours"),
        }
        .unwrap();
        plain
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.plain()).unwrap()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// The `code` of a problem.
    pub fn code(&self) -> String {
        assert_eq!(self.header("content-type"), "application/problem+json");
        self.json()["code"].as_str().unwrap().to_owned()
    }

    /// Where a problem's errors point.
    pub fn errors_at(&self) -> Vec<String> {
        let errors = self.json()["errors"].clone();
        let at = |error: &Value| error["at"].as_str().unwrap().to_owned();
        errors
            .as_array()
            .map(|all| all.iter().map(at).collect())
            .unwrap_or_default()
    }
}

impl Server {
    pub async fn start() -> Self {
        Self::start_with("").await
    }

    /// Starts with further lines of configuration.
    pub async fn start_with(more: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = format!("sqlite:{}", folder.path().join("oriel.db").display());
        let mut server = Self::start_on(&database, more).await;
        server.folder = Some(folder);
        server
    }

    /// Starts on a database of the test's own.
    pub async fn start_on(database: &str, more: &str) -> Self {
        let mut rng = ChaCha20Rng::seed_from_u64(7);
        let config = configuration(database, &MasterKey::generate(&mut rng), more);
        let store = Store::connect(config.database_url.reveal()).await.unwrap();
        store.migrate().await.unwrap();
        let master = config.require_master_key().unwrap().clone();
        let clock = Arc::new(ManualClock::at(NOW.parse().unwrap()));
        let ours = party(&store, &mut rng, &master, &config).await;
        let other = party(&store, &mut rng, &master, &config).await;
        let app = App::new(
            config,
            store.clone(),
            clock.clone(),
            Entropy::from_seed(1),
            sample::bundle(),
        )
        .await
        .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = serve::serve(app.clone(), listener, async move {
            let _ = stopped.await;
        });
        Self {
            address,
            app,
            store,
            clock,
            master,
            ours,
            other,
            rng,
            kept: Mutex::default(),
            folder: None,
            stop: Some(stop),
            running: Some(tokio::spawn(serving)),
        }
    }

    pub fn context(&mut self) -> Context<'_> {
        Context {
            now: self.now(),
            rng: &mut self.rng,
            actor: OPERATOR,
        }
    }

    pub fn now(&self) -> Timestamp {
        use oriel::clock::Clock;
        self.clock.now()
    }

    /// Tells the server to stop, and gives what becomes of it.
    pub fn stop(&mut self) -> JoinHandle<()> {
        let _ = self.stop.take().unwrap().send(());
        self.running.take().unwrap()
    }

    /// Sends a request and holds the exchange to the contract.
    pub async fn send(&self, request: Request<Full<Bytes>>) -> Answer {
        let (parts, body) = request.into_parts();
        let asked = (
            parts.method.clone(),
            parts.uri.clone(),
            parts.headers.clone(),
        );
        let bytes = body.clone().collect().await.unwrap().to_bytes();
        let answer = self.send_unchecked(Request::from_parts(parts, body)).await;
        contract::check(&asked.0, &asked.1, &asked.2, &bytes, &answer);
        answer
    }

    /// Sends a request that the contract has nothing to say about.
    pub async fn send_unchecked(&self, request: Request<Full<Bytes>>) -> Answer {
        send_to(self.address, request).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(get(path)).await
    }

    pub async fn get_with(&self, path: &str, token: &str) -> Answer {
        self.send(with_token(get(path), token)).await
    }

    /// An access token of our client.
    pub async fn access_token(&self, party: &Party) -> String {
        let body = format!(
            "grant_type=client_credentials&client_id={}&client_secret={}",
            party.client.id, party.secret
        );
        let answer = self.send(form("/oauth/token", &body)).await;
        assert_eq!(answer.status, 200, "{:?}", answer.body);
        serde_json::from_slice::<AccessTokenResponse>(&answer.body)
            .unwrap()
            .access_token
    }

    /// An access token of the party's that is good now, be it an old one.
    pub async fn any_access_token(&self, party: &Party) -> String {
        let client = party.client.id.to_string();
        let kept = self.kept.lock().unwrap().get(&client).cloned();
        if let Some(kept) = kept
            && self.app.tokens.access(&kept, self.now()).await.is_ok()
        {
            return kept;
        }
        let token = self.access_token(party).await;
        self.kept.lock().unwrap().insert(client, token.clone());
        token
    }

    /// Mints with these members over the usual ones.
    pub async fn mint(&self, party: &Party, more: Value) -> MintedToken {
        let access = self.any_access_token(party).await;
        let answer = self
            .send(mint_request(&access, &mint_body(party, more)))
            .await;
        assert_eq!(answer.status, 201, "{:?}", answer.body);
        serde_json::from_slice(&answer.body).unwrap()
    }

    /// An embed token of ours with all that it may have.
    pub async fn embed_token(&self) -> String {
        self.mint(&self.ours, json!({})).await.token
    }
}

/// Sends a request over a connection of its own.
pub async fn send_to(address: SocketAddr, mut request: Request<Full<Bytes>>) -> Answer {
    let host = address.to_string().parse().unwrap();
    request.headers_mut().insert(header::HOST, host);
    let stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
    let connection = tokio::spawn(connection);
    let response = sender.send_request(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let is_stream = |kind: &HeaderValue| kind == "text/event-stream";
    let kind = parts.headers.get(header::CONTENT_TYPE);
    let body = if kind.is_some_and(is_stream) {
        // It has no end: who wants more than its head reads it as `Events`.
        drop(body);
        Bytes::new()
    } else {
        body.collect().await.unwrap().to_bytes()
    };
    drop(sender);
    let _ = connection.await;
    Answer {
        status: parts.status,
        headers: parts.headers,
        body,
    }
}

pub fn get(path: &str) -> Request<Full<Bytes>> {
    Request::get(path).body(Full::default()).unwrap()
}

pub fn method(method: Method, path: &str) -> Request<Full<Bytes>> {
    Request::builder()
        .method(method)
        .uri(path)
        .body(Full::default())
        .unwrap()
}

pub fn form(path: &str, body: &str) -> Request<Full<Bytes>> {
    Request::post(path)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Full::from(body.to_owned()))
        .unwrap()
}

pub fn with_token(mut request: Request<Full<Bytes>>, token: &str) -> Request<Full<Bytes>> {
    let value = format!("Bearer {token}").parse().unwrap();
    request.headers_mut().insert(header::AUTHORIZATION, value);
    request
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "reads better where it is called"
)]
pub fn mint_body(party: &Party, more: Value) -> Value {
    let mut body = json!({ "embed": party.embed.id, "viewer": "viewer-1" });
    for (key, value) in more.as_object().unwrap() {
        body[key] = value.clone();
    }
    body
}

pub fn mint_request(access: &str, body: &Value) -> Request<Full<Bytes>> {
    let request = Request::post("/v1/embed-tokens")
        .header("content-type", "application/json")
        .body(Full::from(body.to_string()))
        .unwrap();
    with_token(request, access)
}

fn configuration(database: &str, master: &str, more: &str) -> Config {
    let text = format!(
        "public_url = '{ISSUER}'\ndatabase_url = '{database}'\nmaster_key = '{master}'\n{}{more}",
        quotas(more)
    );
    Config::from_toml(&text).unwrap()
}

/// Limits of requests that no test reaches but those which set their own.
fn quotas(more: &str) -> String {
    let mut lines = String::new();
    for key in [
        "requests_per_minute",
        "reads_per_minute_session",
        "reads_per_minute_tenant",
    ] {
        if !more.contains(key) {
            lines.push_str("limits.");
            lines.push_str(key);
            lines.push_str(" = 1000000\n");
        }
    }
    lines
}

/// An embed to be.
pub fn new_embed() -> NewEmbed {
    NewEmbed {
        title: "Acme <dashboard>".to_owned(),
        allowed_origins: vec![PORTAL.to_owned()],
        default_range: RangePreset::Weeks12,
        default_view: EmbedView::Overview,
        as_of: AsOf::Today,
        require_dpop: false,
    }
}

async fn party(store: &Store, rng: &mut ChaCha20Rng, master: &MasterKey, config: &Config) -> Party {
    let now: Timestamp = NOW.parse().unwrap();
    let cx = &mut Context {
        now,
        rng,
        actor: OPERATOR,
    };
    let tenant = provision::tenant(store, cx, master, "Acme").await.unwrap();
    let (client, secret) = provision::client(store, cx, &tenant.id, "backend")
        .await
        .unwrap();
    let embed = provision::embed(store, cx, &config.public_url, &tenant.id, new_embed())
        .await
        .unwrap();
    sample::import(store, cx, &tenant, sample::batch()).await;
    Party {
        tenant,
        client,
        secret,
        embed,
    }
}
