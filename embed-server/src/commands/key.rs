//! `oriel key`

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Subcommand;
use jiff::Timestamp;
use oriel_contract::{KeyId, PublicJwk, TenantId};

use super::{Globals, Operator};
use crate::{provision, token::crypto::PublicKey};

#[derive(Debug, Subcommand)]
pub enum KeyCommand {
    /// Make a new signing key for a tenant and retire the old ones. Prints its id.
    Rotate {
        /// Whose key it is.
        #[arg(long)]
        tenant: TenantId,
        /// How long the old keys go on verifying. Left out, until the last token
        /// that they signed has expired; 0 drops those tokens within seconds.
        #[arg(long, value_name = "SECONDS")]
        overlap: Option<u32>,
    },
    /// Register a public key that the tenant holds itself, to sign embed tokens with.
    /// Prints its id, which is the `kid` of those tokens.
    Register {
        /// Whose key it is.
        #[arg(long)]
        tenant: TenantId,
        /// A file with the public JWK: kty, crv, x and, for P-256, y.
        #[arg(long, value_name = "FILE")]
        jwk: PathBuf,
        /// What the key is called, for people.
        #[arg(long, default_value = "backend")]
        name: String,
    },
    /// Let a key verify nothing any longer: tokens that it signed are refused within
    /// seconds. The key that a tenant signs with here is rotated first.
    Retire {
        /// Whose key it is.
        #[arg(long)]
        tenant: TenantId,
        /// The key's id, its `kid`.
        #[arg(long)]
        key: KeyId,
    },
    /// List a tenant's keys: id, algorithm, who holds it, and when it retires.
    List {
        /// Whose keys they are.
        #[arg(long)]
        tenant: TenantId,
    },
}

/// Runs the command.
pub async fn run(globals: &Globals, command: KeyCommand) -> anyhow::Result<()> {
    let mut operator = Operator::open(globals).await?;
    match command {
        KeyCommand::Rotate { tenant, overlap } => rotate(&mut operator, &tenant, overlap).await,
        KeyCommand::Register { tenant, jwk, name } => {
            let text = std::fs::read_to_string(&jwk)
                .with_context(|| format!("cannot read {}", jwk.display()))?;
            register(&mut operator, &tenant, &text, &name)
                .await
                .with_context(|| format!("the key in {} was not taken", jwk.display()))
        }
        KeyCommand::Retire { tenant, key } => retire(&mut operator, &tenant, &key).await,
        KeyCommand::List { tenant } => list(&operator, &tenant).await,
    }
}

async fn rotate(
    operator: &mut Operator,
    tenant: &TenantId,
    overlap: Option<u32>,
) -> anyhow::Result<()> {
    let (store, master) = (
        operator.store.clone(),
        operator.config.require_master_key()?.clone(),
    );
    let cx = &mut operator.context();
    let id = provision::rotate_key(&store, cx, &master, tenant, overlap).await?;
    println!("{id}");
    eprintln!("Running servers notice the new key by themselves.");
    Ok(())
}

async fn register(
    operator: &mut Operator,
    tenant: &TenantId,
    text: &str,
    name: &str,
) -> anyhow::Result<()> {
    let jwk: PublicJwk = serde_json::from_str(text)?;
    let key = PublicKey::of(&jwk)?;
    let store = operator.store.clone();
    let cx = &mut operator.context();
    let registering = store.register_tenant_key(cx, tenant, name, key.alg(), &jwk);
    let registered = registering.await?;
    println!("{}", registered.id);
    eprintln!(
        "Sign embed tokens with `kid` {} and `alg` {}.",
        registered.id, registered.alg
    );
    Ok(())
}

async fn retire(operator: &mut Operator, tenant: &TenantId, key: &KeyId) -> anyhow::Result<()> {
    let store = operator.store.clone();
    store
        .retire_key(&mut operator.context(), tenant, key)
        .await
        .context("see `oriel key list`; the tenant's current signing key is replaced with `oriel key rotate --overlap 0`")?;
    eprintln!("Running servers refuse what it signed within seconds.");
    Ok(())
}

async fn list(operator: &Operator, tenant: &TenantId) -> anyhow::Result<()> {
    let end = |at: Option<Timestamp>| at.map_or(String::new(), |at| format!("\tretires {at}"));
    for key in operator.store.signing_keys().await? {
        if key.tenant == *tenant {
            println!("{}\t{}\toriel{}", key.id, key.alg, end(key.retires_at));
        }
    }
    for key in operator.store.tenant_keys_of(tenant).await? {
        let until = end(key.retires_at);
        println!("{}\t{}\ttenant ({}){until}", key.id, key.alg, key.name);
    }
    Ok(())
}
