//! `oriel client secret`

use anyhow::Context as _;
use clap::Subcommand;
use oriel_contract::{ClientId, SecretId};
use oriel_store::{ClientKind, StoreError};
use serde_json::json;

use super::{super::Operator, find};
use crate::provision;

#[derive(Debug, Subcommand)]
pub enum SecretCommand {
    /// Give a client another secret beside the one that it has. Prints it as JSON, once.
    ///
    /// Both are taken until one is retired; two are the most.
    Add {
        /// Which client.
        #[arg(long)]
        client: ClientId,
    },
    /// Take a secret no longer. Running servers refuse it at once; access tokens that it
    /// got live for ten minutes at most.
    Retire {
        /// Which client.
        #[arg(long)]
        client: ClientId,
        /// Which secret, as `oriel client list` names it.
        #[arg(long)]
        secret: SecretId,
    },
}

/// Runs the command.
pub async fn run(operator: &mut Operator, command: SecretCommand) -> anyhow::Result<()> {
    match command {
        SecretCommand::Add { client } => add(operator, &client).await,
        SecretCommand::Retire { client, secret } => retire(operator, &client, &secret).await,
    }
}

async fn add(operator: &mut Operator, id: &ClientId) -> anyhow::Result<()> {
    let store = operator.store.clone();
    let client = find(&store, id).await?;
    anyhow::ensure!(
        client.kind != ClientKind::PublicApp,
        "{id} is a public app, which cannot keep a secret"
    );
    let cx = &mut operator.context();
    let made = provision::new_secret(cx)?;
    let added = store.add_client_secret(cx, &client, &made.hash).await;
    let secret_id = added.map_err(|error| match error {
        StoreError::Conflict { .. } => anyhow::anyhow!(
            "{id} has two live secrets, which are the most; retire the one that is not in \
             use any longer with `oriel client secret retire` (see `oriel client list`)"
        ),
        error => error.into(),
    })?;
    println!(
        "{}",
        json!({ "client_id": client.id, "secret_id": secret_id, "client_secret": made.secret })
    );
    eprintln!(
        "Keep the secret where the client finds it; it is not shown again. When nothing \
         uses the last one any longer, retire it."
    );
    Ok(())
}

async fn retire(operator: &mut Operator, id: &ClientId, secret: &SecretId) -> anyhow::Result<()> {
    let store = operator.store.clone();
    let client = find(&store, id).await?;
    store
        .retire_client_secret(&mut operator.context(), &client, secret)
        .await
        .context("see `oriel client list`")?;
    eprintln!("Running servers refuse it from now on.");
    Ok(())
}
