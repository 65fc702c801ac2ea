//! Clients that sign instead of sending a secret.

use jiff::Timestamp;
use oriel_store::Client;
use sha2::{Digest, Sha256};

use super::credentials;
use crate::{
    app::App,
    problem::Failure,
    token::{
        assertion::{Assertion, CandidateKey},
        crypto::PublicKey,
    },
};

/// The one type of assertion (RFC 7523 §2.2).
pub const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// How long an assertion is remembered beyond its end, in seconds.
const FORGOTTEN_AFTER: i64 = 300;

/// The client that signed this assertion; `None` for whatever is wrong with it. It is
/// taken once, by all servers of the database.
pub async fn authenticate(app: &App, text: &str) -> Result<Option<Client>, Failure> {
    let Ok(assertion) = Assertion::read(text) else {
        return Ok(None);
    };
    let Some(client) = credentials::find(app, assertion.client()).await? else {
        return Ok(None);
    };
    let keys = live_keys(app, &client).await?;
    let (issuer, now) = (app.tokens.issuer(), app.clock.now());
    let endpoint = format!("{issuer}/oauth/token");
    let Ok(believed) = assertion.verify(&keys, &[issuer, &endpoint], now) else {
        return Ok(None);
    };
    let hash = format!("{:x}", Sha256::digest(&believed.jti));
    // Longer than it could be taken: the clock of another server may be behind.
    let until = Timestamp::from_second(believed.over_at + FORGOTTEN_AFTER);
    let until = until.map_err(Failure::internal)?;
    let is_new = app.store.take_assertion(&client, &hash, now, until).await?;
    Ok(Some(client).filter(|_| is_new))
}

async fn live_keys(app: &App, client: &Client) -> Result<Vec<CandidateKey>, Failure> {
    let keys = app.store.client_keys(client).await?;
    let live = keys.into_iter().filter(|key| key.retired_at.is_none());
    Ok(live
        .filter_map(|key| {
            Some(CandidateKey {
                kid: key.id.to_string(),
                key: PublicKey::of(&key.public_jwk).ok()?,
            })
        })
        .collect())
}
