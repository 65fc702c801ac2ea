//! `oriel client key`

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Subcommand;
use oriel_contract::{ClientId, ClientKeyId, PublicJwk};
use oriel_store::{ClientKind, StoreError};

use super::{super::Operator, find};
use crate::token::crypto::PublicKey;

#[derive(Debug, Subcommand)]
pub enum KeyCommand {
    /// Register a public key of a client. Prints its id, which is the `kid` of the
    /// assertions that it signs.
    ///
    /// The client then sends an assertion that it has signed, and no secret
    /// (`private_key_jwt`): `iss` and `sub` are its id, `aud` this server's issuer or its
    /// token endpoint, `exp` an hour ahead at most, and `jti` new each time.
    Add {
        /// Which client.
        #[arg(long)]
        client: ClientId,
        /// A file with the public JWK: kty, crv, x and, for P-256, y.
        #[arg(long, value_name = "FILE")]
        jwk: PathBuf,
    },
    /// Take nothing any longer that a key signs, at once.
    Retire {
        /// Which client.
        #[arg(long)]
        client: ClientId,
        /// Which key, as `oriel client list` names it.
        #[arg(long)]
        key: ClientKeyId,
    },
}

/// Runs the command.
pub async fn run(operator: &mut Operator, command: KeyCommand) -> anyhow::Result<()> {
    match command {
        KeyCommand::Add { client, jwk } => {
            let text = std::fs::read_to_string(&jwk)
                .with_context(|| format!("cannot read {}", jwk.display()))?;
            add(operator, &client, &text)
                .await
                .with_context(|| format!("the key in {} was not taken", jwk.display()))
        }
        KeyCommand::Retire { client, key } => retire(operator, &client, &key).await,
    }
}

async fn add(operator: &mut Operator, id: &ClientId, text: &str) -> anyhow::Result<()> {
    let jwk: PublicJwk = serde_json::from_str(text)?;
    let key = PublicKey::of(&jwk)?;
    let store = operator.store.clone();
    let client = find(&store, id).await?;
    anyhow::ensure!(
        client.kind != ClientKind::PublicApp,
        "{id} is a public app, which cannot keep a key"
    );
    let cx = &mut operator.context();
    let added = store.add_client_key(cx, &client, key.alg(), &jwk).await;
    let key_id = added.map_err(|error| match error {
        StoreError::Conflict { .. } => anyhow::anyhow!(
            "{id} has five live keys, which are the most; retire one with `oriel client key \
             retire` (see `oriel client list`)"
        ),
        error => error.into(),
    })?;
    println!("{key_id}");
    eprintln!(
        "Sign assertions with `kid` {key_id} and `alg` {}.",
        key.alg()
    );
    Ok(())
}

async fn retire(operator: &mut Operator, id: &ClientId, key: &ClientKeyId) -> anyhow::Result<()> {
    let store = operator.store.clone();
    let client = find(&store, id).await?;
    store
        .retire_client_key(&mut operator.context(), &client, key)
        .await
        .context("see `oriel client list`")?;
    eprintln!("Running servers take nothing that it signs from now on.");
    Ok(())
}
