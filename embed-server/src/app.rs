//! What the handlers share.

use std::{ops::Deref, sync::Arc};

use anyhow::Context;
use jiff::civil::Date;
use oriel_store::{AsOf, Store};
use rand::RngCore;
use serde_json::Value;

use crate::{
    audit::Audit,
    clock::{Clock, Entropy, utc_day},
    config::Config,
    contract::CONTRACT,
    embed::{answers::Answers, exports::Exports, revisions::Revisions},
    frame::{bundle::Bundle, documents::Documents, reports::Reports},
    live::Live,
    oauth::secret_checks::SecretChecks,
    origin,
    rate::reads::Reads,
    request::posted::AllUnderWay,
    serve::{deprecation::Deprecations, edge::RequestIds},
    token::{Tokens, seal::MasterKey},
};

/// The state of a running server. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<AppState>);

/// See [`App`].
pub struct AppState {
    pub config: Config,
    pub store: Store,
    pub clock: Arc<dyn Clock>,
    pub entropy: Entropy,
    pub tokens: Tokens,
    pub audit: Audit,
    pub revisions: Revisions,
    pub answers: Answers,
    pub live: Live,
    pub exports: Exports,
    pub reads: Reads,
    pub bundle: Bundle,
    pub documents: Documents,
    pub reports: Reports,
    pub secret_checks: SecretChecks,
    pub request_ids: RequestIds,
    pub under_way: AllUnderWay,
    pub deprecations: Deprecations,
}

impl Deref for App {
    type Target = AppState;

    fn deref(&self) -> &AppState {
        &self.0
    }
}

impl App {
    /// Puts a server together, and refuses a configuration that is not safe to
    /// serve: no master key, or an embed origin that is also a host's origin.
    pub async fn new(
        config: Config,
        store: Store,
        clock: Arc<dyn Clock>,
        entropy: Entropy,
        bundle: Bundle,
    ) -> anyhow::Result<Self> {
        Self::with_contract(config, store, clock, entropy, bundle, &CONTRACT).await
    }

    /// The same under another contract, whose marks of deprecation it goes by.
    pub async fn with_contract(
        config: Config,
        store: Store,
        clock: Arc<dyn Clock>,
        entropy: Entropy,
        bundle: Bundle,
        contract: &Value,
    ) -> anyhow::Result<Self> {
        let master = config.require_master_key()?.clone();
        check_origins(&config, &store).await?;
        let tokens = load_tokens(&config, master, &store, &*clock).await?;
        let secret_checks = SecretChecks::new(&mut entropy.fork())?;
        Ok(Self(Arc::new(AppState {
            audit: Audit::new(store.clone()),
            revisions: Revisions::new(store.clone()),
            answers: Answers::new(config.limits.answer_cache_bytes),
            live: Live::new(&config.limits),
            exports: Exports::new(&config.limits),
            reads: Reads::new(&config.limits),
            bundle,
            documents: Documents::default(),
            reports: Reports::default(),
            secret_checks,
            deprecations: Deprecations::of(contract)?,
            request_ids: RequestIds::starting_with(entropy.fork().next_u64()),
            under_way: AllUnderWay::default(),
            tokens,
            config,
            store,
            clock,
            entropy,
        })))
    }

    /// The current UTC day, or the one that is pinned.
    #[must_use]
    pub fn day(&self, as_of: AsOf) -> Date {
        as_of.day(utc_day(self.clock.now()))
    }
}

async fn load_tokens(
    config: &Config,
    master: MasterKey,
    store: &Store,
    clock: &dyn Clock,
) -> anyhow::Result<Tokens> {
    let issuer = config.public_url.issuer().to_owned();
    let tokens = Tokens::load(issuer, master.clone(), store.clone(), clock.now()).await?;
    tokens.keys().current().check(&master)?;
    Ok(tokens)
}

/// An embed that was fine under another `public_url` may not be under this one.
async fn check_origins(config: &Config, store: &Store) -> anyhow::Result<()> {
    for embed in store.list_embeds().await? {
        origin::require_apart(&embed.allowed_origins, config.public_url.origin())
            .with_context(|| format!("embed {} cannot be served", embed.id))?;
    }
    Ok(())
}
