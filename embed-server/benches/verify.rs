//! What the gate costs each request, next to the bare signature check of the same
//! libraries in the same run. `cargo xtask bench verify` runs it.

#![allow(clippy::unwrap_used, reason = "a bench that cannot go on should stop")]

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use jiff::Timestamp;
use oriel::{
    clock::Entropy,
    config::Config,
    provision,
    token::{
        Tokens,
        claims::{Confirmation, EmbedClaims},
        crypto::PublicKey,
        proof::Proven,
        seal::MasterKey,
    },
};
use oriel_contract::RangePreset;
use oriel_store::{AsOf, Context, EmbedView, NewEmbed, OPERATOR, Store};
use p256::ecdsa::{Signature, SigningKey, signature::Signer};
use serde_json::json;
use sha2::{Digest, Sha256};

const ORIGIN: &str = "https://embed.example.com";
const PATH: &str = "/v1/embed/dashboard";
/// Tokens that were never there before, for each round.
const FRESH: usize = 400;
const ROUNDS: usize = 15;

/// A gate, and what it is tried with.
struct Bench {
    tokens: Tokens,
    claims: EmbedClaims,
    /// The tenant's own key, and its `kid`.
    own: (SigningKey, String),
    /// The key of a frame: another one for each round, since one alone has no more proofs
    /// taken in a minute and a half than any frame would send.
    frame: SigningKey,
    count: usize,
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = Bench::new(&folder.path().join("oriel.db").display().to_string()).await;

    let ed25519 = bench.bare_ed25519().await;
    let p256 = bench.bare_p256();
    println!("{:<44} {:>9} {:>8}", "", "µs", "of bare");
    row("bare Ed25519 check", ed25519, ed25519);
    row("bare P-256 check", p256, p256);

    let plain = bench.cold(false, false).await;
    row("cold, plain, EdDSA", plain, ed25519);
    let own = bench.cold(false, true).await;
    row("cold, plain, ES256 of a tenant's own key", own, p256);
    let bound = bench.cold(true, false).await;
    row("cold, DPoP, EdDSA", bound, ed25519 + p256);
    let warm = bench.warm(false).await;
    row("warm, plain", warm, ed25519);
    let proven = bench.warm(true).await;
    row("warm, DPoP", proven, p256);

    let holds = micros(warm) < 3.0 && micros(plain) <= 1.2 * micros(ed25519);
    println!("\nwarm plain under 3 µs, cold plain within 1.2 of the bare check: {holds}");
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

fn row(what: &str, time: Duration, bare: Duration) {
    let ratio = time.as_secs_f64() / bare.as_secs_f64();
    println!("{what:<44} {:>9.2} {ratio:>8.2}", micros(time));
}

fn median(mut all: Vec<Duration>) -> Duration {
    all.sort_unstable();
    all[all.len() / 2]
}

/// The median round of something that is done `FRESH` times in each.
fn measured(mut round: impl FnMut()) -> Duration {
    let times = (0..ROUNDS).map(|_| {
        let start = Instant::now();
        round();
        start.elapsed() / u32::try_from(FRESH).unwrap()
    });
    median(times.collect())
}

impl Bench {
    async fn new(file: &str) -> Self {
        let mut rng = Entropy::from_seed(1).fork();
        let key = MasterKey::generate(&mut rng);
        let config = Config::from_toml(&format!(
            "public_url = '{ORIGIN}'\ndatabase_url = 'sqlite:{file}'\nmaster_key = '{key}'"
        ))
        .unwrap();
        let master = config.require_master_key().unwrap().clone();
        let store = Store::connect(config.database_url.reveal()).await.unwrap();
        store.migrate().await.unwrap();
        let now = Timestamp::now();
        let cx = &mut Context {
            now,
            rng: &mut rng,
            actor: OPERATOR,
        };
        let tenant = provision::tenant(&store, cx, &master, "Bench")
            .await
            .unwrap();
        let new = NewEmbed {
            title: "Bench".to_owned(),
            allowed_origins: Vec::new(),
            default_range: RangePreset::Weeks12,
            default_view: EmbedView::Overview,
            as_of: AsOf::Today,
            require_dpop: false,
        };
        let embed = store.create_embed(cx, &tenant.id, new).await.unwrap();
        let own = SigningKey::from_slice(&[5; 32]).unwrap();
        let public = PublicKey::P256(*own.verifying_key());
        let jwk = public.jwk();
        let held = store.register_tenant_key(cx, &tenant.id, "own", public.alg(), &jwk);
        let kid = held.await.unwrap().id.to_string();
        let tokens = Tokens::load(ORIGIN.to_owned(), master, store, now)
            .await
            .unwrap();
        Self {
            tokens,
            claims: EmbedClaims {
                iss: ORIGIN.to_owned(),
                aud: "oriel:embed".to_owned(),
                sub: "viewer-4711".to_owned(),
                tid: tenant.id,
                emb: embed.id,
                sid: "ses_01jd8x0c6tfwasq9m2yjz0v4kb".parse().unwrap(),
                jti: String::new(),
                iat: now.as_second(),
                nbf: now.as_second(),
                exp: now.as_second() + 600,
                scope: "dashboard:read tasks:read".to_owned(),
                prj: None,
                lock: None,
                cnf: None,
            },
            own: (own, kid),
            frame: SigningKey::from_slice(&[7; 32]).unwrap(),
            count: 0,
        }
    }

    fn next_id(&mut self) -> String {
        self.count += 1;
        format!("{:032}", self.count)
    }

    fn next_frame(&mut self) {
        self.count += 1;
        let mut secret = [7; 32];
        secret[24..].copy_from_slice(&(self.count as u64).to_be_bytes());
        self.frame = SigningKey::from_slice(&secret).unwrap();
    }

    /// A token that was never there before.
    async fn token(&mut self, bound: bool, own: bool) -> String {
        let mut claims = self.claims.clone();
        claims.jti = self.next_id();
        if bound {
            let jkt = PublicKey::P256(*self.frame.verifying_key()).thumbprint();
            claims.cnf = Some(Confirmation { jkt });
        }
        if own {
            claims.iss = claims.tid.to_string();
            let header = json!({ "typ": "embed+jwt", "alg": "ES256", "kid": self.own.1 });
            return signed(&self.own.0, &header, &json!(claims));
        }
        self.tokens.sign(&claims, Timestamp::now()).await.unwrap()
    }

    fn proof(&mut self, token: &str) -> String {
        let jwk = PublicKey::P256(*self.frame.verifying_key()).jwk();
        let header = json!({ "typ": "dpop+jwt", "alg": "ES256", "jwk": jwk });
        let claims = json!({
            "jti": self.next_id(),
            "htm": "GET",
            "htu": format!("{ORIGIN}{PATH}"),
            "iat": Timestamp::now().as_second(),
            "ath": BASE64.encode(Sha256::digest(token)),
        });
        signed(&self.frame, &header, &claims)
    }

    async fn bare_ed25519(&mut self) -> Duration {
        let key = &self.tokens.keys().current();
        let mut all = Vec::new();
        for _ in 0..FRESH {
            all.push(self.token(false, false).await);
        }
        let kid = header_of(&all[0])["kid"].as_str().unwrap().parse().unwrap();
        let PublicKey::Ed25519(key) = key.verifying(&kid).unwrap().key else {
            unreachable!("the server signs with Ed25519")
        };
        let parts: Vec<_> = all.iter().map(|token| parts(token)).collect();
        measured(|| {
            for (message, signature) in &parts {
                let signature = ed25519_dalek::Signature::from_slice(signature).unwrap();
                key.verify_strict(black_box(message), &signature).unwrap();
            }
        })
    }

    fn bare_p256(&mut self) -> Duration {
        use p256::ecdsa::signature::Verifier;
        let key = *self.frame.verifying_key();
        let all: Vec<_> = (0..FRESH).map(|_| self.proof("token")).collect();
        let parts: Vec<_> = all.iter().map(|proof| parts(proof)).collect();
        measured(|| {
            for (message, signature) in &parts {
                let signature = Signature::from_slice(signature).unwrap();
                key.verify(black_box(message), &signature).unwrap();
            }
        })
    }

    /// Tokens that come for the first time.
    async fn cold(&mut self, bound: bool, own: bool) -> Duration {
        let mut times = Vec::new();
        for _ in 0..ROUNDS {
            self.next_frame();
            let mut sent = Vec::new();
            for _ in 0..FRESH {
                let token = self.token(bound, own).await;
                let proof = if bound {
                    self.proof(&token)
                } else {
                    String::new()
                };
                sent.push((token, proof));
            }
            let start = Instant::now();
            for (token, proof) in &sent {
                self.pass(token, proof).await;
            }
            times.push(start.elapsed() / u32::try_from(FRESH).unwrap());
        }
        median(times)
    }

    /// One token, again and again, each time with a new proof if it needs one.
    async fn warm(&mut self, bound: bool) -> Duration {
        let mut times = Vec::new();
        for _ in 0..ROUNDS {
            self.next_frame();
            let token = self.token(bound, false).await;
            let first = self.proof(&token);
            self.pass(&token, &first).await;
            let proofs: Vec<_> = (0..FRESH)
                .map(|_| {
                    if bound {
                        self.proof(&token)
                    } else {
                        String::new()
                    }
                })
                .collect();
            let start = Instant::now();
            for proof in &proofs {
                self.pass(&token, proof).await;
            }
            times.push(start.elapsed() / u32::try_from(FRESH).unwrap());
        }
        median(times)
    }

    /// What a request goes through.
    async fn pass(&self, token: &str, proof: &str) {
        let now = Timestamp::now();
        let session = self.tokens.embed(black_box(token), now).await.unwrap();
        if let Some(bound) = &session.claims.cnf {
            let of = Proven {
                method: "GET",
                origin: ORIGIN,
                path: PATH,
                token,
                jkt: &bound.jkt,
            };
            self.tokens.prove(proof, of, now).unwrap();
        }
    }
}

fn signed(key: &SigningKey, header: &serde_json::Value, claims: &serde_json::Value) -> String {
    let [header, claims] = [header, claims].map(|part| BASE64.encode(part.to_string()));
    let message = format!("{header}.{claims}");
    let signature: Signature = key.sign(message.as_bytes());
    format!("{message}.{}", BASE64.encode(signature.to_bytes()))
}

fn header_of(token: &str) -> serde_json::Value {
    let header = token.split('.').next().unwrap();
    serde_json::from_slice(&BASE64.decode(header).unwrap()).unwrap()
}

fn parts(token: &str) -> (Vec<u8>, Vec<u8>) {
    let (message, signature) = token.rsplit_once('.').unwrap();
    (
        message.as_bytes().to_vec(),
        BASE64.decode(signature).unwrap(),
    )
}
