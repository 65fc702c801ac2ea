//! An app that acts for a tenant's user, and the tenant's backend that answers it.

use std::collections::HashMap;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use http_body_util::Full;
use hyper::{Request, body::Bytes};
use oriel::provision::{self, AppToBe};
use oriel_store::{Client, Context, OPERATOR};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use url::{Url, form_urlencoded::Serializer};

use crate::{
    harness::{Answer, Party, Server, form, get, with_token},
    reads::{World, id},
};

pub const CALLBACK: &str = "https://app.example.com/callback";
pub const LOGIN: &str = "https://portal.example.com/login?from=oriel";
pub const VERIFIER: &str = "a-verifier-of-at-least-forty-three-characters";
pub const SCOPE: &str = "audit:read tasks:read";

pub struct App {
    pub client: Client,
    pub secret: Option<String>,
}

/// By S256.
pub fn challenge(verifier: &str) -> String {
    BASE64.encode(Sha256::digest(verifier))
}

/// Registers an app of the party, and where its tenant's users log in.
pub async fn register(server: &Server, party: &Party, is_public: bool) -> App {
    let mut rng = server.app.entropy.fork();
    let cx = &mut Context {
        now: server.now(),
        rng: &mut rng,
        actor: OPERATOR,
    };
    let (store, tenant) = (&server.store, &party.tenant.id);
    store.change_login_url(cx, tenant, LOGIN).await.unwrap();
    let new = AppToBe {
        name: "Planner".to_owned(),
        scope: SCOPE.to_owned(),
        redirect_uris: vec![CALLBACK.to_owned(), "http://127.0.0.1/cb".to_owned()],
        is_public,
    };
    let (client, secret) = provision::app(store, cx, tenant, new).await.unwrap();
    // The server reads the tenant anew.
    server.clock.advance_ms(250);
    App { client, secret }
}

/// Parameters as a query or a form.
pub fn encode(parameters: &[(&str, &str)]) -> String {
    Serializer::new(String::new())
        .extend_pairs(parameters)
        .finish()
}

/// The parameters of an address.
pub fn parameters(address: &str) -> HashMap<String, String> {
    let url = Url::parse(address).unwrap();
    url.query_pairs().into_owned().collect()
}

/// The id of a user of the party.
pub async fn user(server: &Server, party: &Party) -> String {
    let world = World::of(server, party).await;
    id(&world.people[0]).to_owned()
}

impl App {
    pub fn id(&self) -> &str {
        self.client.id.as_str()
    }

    /// What an app sends its user's browser with; each may be replaced, or left out where
    /// it is empty.
    pub fn asking(&self, instead: &[(&str, &str)]) -> String {
        let challenge = challenge(VERIFIER);
        let mut all = vec![
            ("response_type", "code"),
            ("client_id", self.id()),
            ("redirect_uri", CALLBACK),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
            ("state", "a state & more"),
        ];
        for (name, value) in instead {
            all.retain(|(known, _)| known != name);
            if !value.is_empty() {
                all.push((name, value));
            }
        }
        format!("/oauth/authorize?{}", encode(&all))
    }

    /// Asks as usual; gives the id that the tenant is told.
    pub async fn ask(&self, server: &Server) -> String {
        self.ask_with(server, &[]).await
    }

    pub async fn ask_with(&self, server: &Server, instead: &[(&str, &str)]) -> String {
        let answer = server.get(&self.asking(instead)).await;
        assert_eq!(answer.status, 303, "{:?}", answer.body);
        let to = answer.header("location");
        assert!(to.starts_with(LOGIN), "{to}");
        parameters(to)["authorization"].clone()
    }

    /// A code, by way of the tenant's backend.
    pub async fn code(&self, server: &Server, party: &Party, instead: &[(&str, &str)]) -> String {
        let waiting = self.ask_with(server, instead).await;
        let user = user(server, party).await;
        let body = json!({ "user": user });
        let answer = decide(server, party, &waiting, "approval", &body).await;
        assert_eq!(answer.status, 200, "{:?}", answer.body);
        let redirect_to = answer.json()["redirect_to"].as_str().unwrap().to_owned();
        parameters(&redirect_to)["code"].clone()
    }

    /// A form of this app, with its credentials.
    pub fn form(&self, path: &str, parameters: &[(&str, &str)]) -> Request<Full<Bytes>> {
        let mut all = vec![("client_id", self.id())];
        if let Some(secret) = &self.secret {
            all.push(("client_secret", secret));
        }
        all.extend(parameters);
        form(path, &encode(&all))
    }

    /// Brings a code as usual.
    pub async fn redeem(&self, server: &Server, code: &str) -> Answer {
        let parameters = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
        ];
        server.send(self.form("/oauth/token", &parameters)).await
    }

    /// The tokens of a new grant.
    pub async fn tokens(&self, server: &Server, party: &Party) -> Value {
        let code = self.code(server, party, &[]).await;
        let answer = self.redeem(server, &code).await;
        assert_eq!(answer.status, 200, "{:?}", answer.body);
        answer.json()
    }

    pub async fn refresh(&self, server: &Server, token: &str) -> Answer {
        let parameters = [("grant_type", "refresh_token"), ("refresh_token", token)];
        server.send(self.form("/oauth/token", &parameters)).await
    }

    pub async fn revoke(&self, server: &Server, token: &str) -> Answer {
        let request = self.form("/oauth/revoke", &[("token", token)]);
        let answer = server.send(request).await;
        server.clock.advance_ms(250);
        answer
    }
}

/// What the tenant's backend answers.
pub async fn decide(
    server: &Server,
    party: &Party,
    waiting: &str,
    decision: &str,
    body: &Value,
) -> Answer {
    let access = server.access_token(party).await;
    let mut request = Request::post(format!("/v1/authorizations/{waiting}/{decision}"));
    let mut bytes = Bytes::new();
    if decision == "approval" {
        request = request.header("content-type", "application/json");
        bytes = body.to_string().into();
    }
    let request = request.body(Full::from(bytes)).unwrap();
    server.send(with_token(request, &access)).await
}

/// Whether the management API takes an access token.
pub async fn is_taken(server: &Server, access: &str) -> bool {
    let request = with_token(get("/v1/audit-entries"), access);
    let answer = server.send(request).await;
    assert!(answer.status == 200 || answer.code() == "token_revoked");
    answer.status == 200
}

/// A member of an answer, as text.
pub fn text<'a>(answer: &'a Value, member: &str) -> &'a str {
    answer[member].as_str().unwrap()
}
