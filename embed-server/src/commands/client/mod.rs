//! `oriel client`

mod key;
mod secret;

use clap::{Subcommand, builder::PossibleValuesParser};
use oriel_contract::{ClientId, TenantId};
use oriel_store::{Client, Store};
use serde_json::json;

use super::{Globals, Operator};
use crate::{provision, token::access::MANAGEMENT_SCOPES};

#[derive(Debug, Subcommand)]
pub enum ClientCommand {
    /// Make an OAuth client for a tenant's backend. Prints its id and secret as
    /// JSON, once.
    ///
    /// The backend gets an access token with both at /oauth/token and calls the
    /// management API with it. Give each backend a client of its own, with no more
    /// scopes than it needs.
    #[command(after_help = "\
Example:
  oriel client create --tenant tnt_… --name portal --scope embed_tokens:mint")]
    Create {
        /// Whose client it is.
        #[arg(long)]
        tenant: TenantId,
        /// What the client is called, for people.
        #[arg(long, default_value = "backend")]
        name: String,
        /// A scope that it may ask for; again for each further one. Left out, all.
        #[arg(long, value_name = "SCOPE", value_parser = PossibleValuesParser::new(MANAGEMENT_SCOPES))]
        scope: Vec<String>,
    },
    /// List a tenant's clients and apps, each with its secrets and keys.
    List {
        /// Whose clients they are.
        #[arg(long)]
        tenant: TenantId,
    },
    /// Rotate a client's secret: add the next, move the backend to it, retire the last.
    #[command(subcommand)]
    Secret(secret::SecretCommand),
    /// Let a client sign with a key instead of sending a secret (`private_key_jwt`).
    #[command(subcommand)]
    Key(key::KeyCommand),
}

/// Runs the command.
pub async fn run(globals: &Globals, command: ClientCommand) -> anyhow::Result<()> {
    let mut operator = Operator::open(globals).await?;
    match command {
        ClientCommand::Create {
            tenant,
            name,
            scope,
        } => create(&mut operator, &tenant, &name, scope).await,
        ClientCommand::List { tenant } => list(&operator.store, &tenant).await,
        ClientCommand::Secret(command) => secret::run(&mut operator, command).await,
        ClientCommand::Key(command) => key::run(&mut operator, command).await,
    }
}

async fn create(
    operator: &mut Operator,
    tenant: &TenantId,
    name: &str,
    mut scope: Vec<String>,
) -> anyhow::Result<()> {
    scope.sort();
    scope.dedup();
    let scope = if scope.is_empty() {
        MANAGEMENT_SCOPES.join(" ")
    } else {
        scope.join(" ")
    };
    let store = operator.store.clone();
    let cx = &mut operator.context();
    let (client, secret) = provision::limited_client(&store, cx, tenant, name, &scope).await?;
    println!(
        "{}",
        json!({ "client_id": client.id, "client_secret": secret })
    );
    eprintln!("Keep the secret where your backend finds it; it is not shown again.");
    Ok(())
}

async fn list(store: &Store, tenant: &TenantId) -> anyhow::Result<()> {
    for client in store.list_clients(tenant).await? {
        let (kind, name, scope) = (client.kind.as_str(), &client.name, &client.scope);
        println!("{}\t{kind}\t{name}\t{scope}", client.id);
        for secret in store.client_secrets(&client).await? {
            let end = standing(secret.retired_at);
            println!("  {}\tsecret of {}{end}", secret.id, secret.created_at);
        }
        for key in store.client_keys(&client).await? {
            let end = standing(key.retired_at);
            println!("  {}\t{} key of {}{end}", key.id, key.alg, key.created_at);
        }
        for uri in store.redirect_uris(&client).await? {
            println!("  redirects to {uri}");
        }
    }
    Ok(())
}

fn standing(retired_at: Option<jiff::Timestamp>) -> String {
    retired_at.map_or(String::new(), |at| format!(", retired {at}"))
}

/// The client of that id, or which command names them.
async fn find(store: &Store, id: &ClientId) -> anyhow::Result<Client> {
    store
        .find_client(id)
        .await?
        .ok_or_else(|| anyhow::anyhow!("there is no client {id}; see `oriel client list`"))
}
