//! What a tenant's backend does with Oriel: keep an access token, and mint an
//! embed token for each viewer that asks. This is all there is to it.

use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use reqwest::{Client, StatusCode, Url};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;

/// The tenant's credentials, and the access token that they got last.
pub struct Oriel {
    http: Client,
    url: Url,
    client_id: String,
    client_secret: String,
    access: Mutex<Option<(String, Instant)>>,
}

/// What the browser gets: an embed token and nothing else.
#[derive(Deserialize, Serialize)]
pub struct EmbedToken {
    token: String,
    expires_in: u32,
    session: String,
}

#[derive(Deserialize)]
struct AccessToken {
    access_token: String,
    expires_in: u64,
}

/// What a token is asked for.
#[derive(Serialize)]
pub struct Mint<'a> {
    pub embed: &'a str,
    pub viewer: &'a str,
    /// The embed session to go on with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session: Option<&'a str>,
    /// The thumbprint of the frame's key, as the loader sent it: the token is of no use elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dpop_jkt: Option<&'a str>,
}

impl Oriel {
    pub fn new(url: Url, client_id: String, client_secret: String) -> anyhow::Result<Self> {
        // Oriel stands beside this portal; a proxy for the outside could not reach it.
        let http = Client::builder()
            .timeout(Duration::from_secs(8))
            .no_proxy()
            .build()?;
        let access = Mutex::new(None);
        Ok(Self {
            http,
            url,
            client_id,
            client_secret,
            access,
        })
    }

    /// Mints an embed token with which a viewer may look at an embed.
    pub async fn mint(&self, mint: &Mint<'_>) -> anyhow::Result<EmbedToken> {
        for fresh in [false, true] {
            let access = self.access_token(fresh).await?;
            let request = self
                .http
                .post(self.url.join("/v1/embed-tokens")?)
                .bearer_auth(access)
                .json(mint);
            let response = request
                .send()
                .await
                .context("Oriel cannot be reached: check ORIEL_URL, and that it runs")?;
            match response.status() {
                // The access token may have been revoked before its time.
                StatusCode::UNAUTHORIZED if !fresh => {}
                status if status.is_success() => return Ok(response.json().await?),
                status => bail!(
                    "Oriel minted no token ({status}): {}",
                    response.text().await?
                ),
            }
        }
        bail!("Oriel refuses this client's access tokens: look into its log")
    }

    /// An access token: the last one until shortly before its end, or a fresh one.
    async fn access_token(&self, fresh: bool) -> anyhow::Result<String> {
        let mut access = self.access.lock().await;
        match access.as_ref() {
            Some((token, until)) if !fresh && *until > Instant::now() => return Ok(token.clone()),
            _ => {}
        }
        let form = [
            ("grant_type", "client_credentials"),
            ("scope", "embed_tokens:mint"),
        ];
        let request = self
            .http
            .post(self.url.join("/oauth/token")?)
            .basic_auth(&self.client_id, Some(&self.client_secret));
        let response = request
            .form(&form)
            .send()
            .await
            .context("Oriel cannot be reached: check ORIEL_URL, and that it runs")?;
        let status = response.status();
        if !status.is_success() {
            bail!(
                "Oriel gave no access token ({status}): check ORIEL_CLIENT_ID and ORIEL_CLIENT_SECRET"
            );
        }
        let answer: AccessToken = response.json().await?;
        let until = Instant::now() + Duration::from_secs(answer.expires_in.saturating_sub(30));
        *access = Some((answer.access_token.clone(), until));
        Ok(answer.access_token)
    }
}
