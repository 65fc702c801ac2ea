//! `oriel app`

use clap::{Subcommand, builder::PossibleValuesParser};
use oriel_contract::{ClientId, TenantId};
use oriel_store::ClientKind;
use serde_json::json;

use super::{Globals, Operator};
use crate::{provision, token::access::APP_SCOPES};

#[derive(Debug, Subcommand)]
pub enum AppCommand {
    /// Make an app that may act for a tenant's users, each of whom is asked. Prints its
    /// id, and its secret if it has one, as JSON, once.
    ///
    /// The app sends a user's browser to /oauth/authorize, and the server sends it on to
    /// where the tenant authenticates its users: say where with `oriel tenant login-url`.
    #[command(after_help = "\
Examples:
  oriel app create --tenant tnt_… --name Planner --scope tasks:read \\
      --redirect-uri https://planner.example/callback
  oriel app create --tenant tnt_… --name 'Planner for phones' --public --scope tasks:read \\
      --redirect-uri com.example.planner:/callback")]
    Create {
        /// Whose users it may act for.
        #[arg(long)]
        tenant: TenantId,
        /// What the app is called, for those users.
        #[arg(long)]
        name: String,
        /// Where its users come back to; again for each further one. Compared to the byte,
        /// but for the port of a loopback address.
        #[arg(long, value_name = "URI", required = true)]
        redirect_uri: Vec<String>,
        /// A scope that it may ask for; again for each further one.
        #[arg(long, required = true, value_parser = PossibleValuesParser::new(APP_SCOPES))]
        scope: Vec<String>,
        /// It runs where no secret can be kept, such as on a phone: it gets none.
        #[arg(long)]
        public: bool,
    },
    /// End an app: nobody is sent to it any longer, and every token that it has is refused
    /// within half a second. It cannot be taken back; make another one.
    Retire {
        /// Its id, as `oriel client list` names it.
        #[arg(long)]
        app: ClientId,
    },
}

/// Runs the command.
pub async fn run(globals: &Globals, command: AppCommand) -> anyhow::Result<()> {
    let mut operator = Operator::open(globals).await?;
    match command {
        AppCommand::Create {
            tenant,
            name,
            redirect_uri,
            mut scope,
            public,
        } => {
            scope.sort();
            scope.dedup();
            let new = provision::AppToBe {
                name,
                scope: scope.join(" "),
                redirect_uris: redirect_uri,
                is_public: public,
            };
            create(&mut operator, &tenant, new).await
        }
        AppCommand::Retire { app } => retire(&mut operator, &app).await,
    }
}

async fn create(
    operator: &mut Operator,
    tenant: &TenantId,
    new: provision::AppToBe,
) -> anyhow::Result<()> {
    let store = operator.store.clone();
    let cx = &mut operator.context();
    let (app, secret) = provision::app(&store, cx, tenant, new).await?;
    match secret {
        Some(secret) => {
            println!(
                "{}",
                json!({ "client_id": app.id, "client_secret": secret })
            );
            eprintln!("Give both to who runs the app; the secret is not shown again.");
        }
        None => println!("{}", json!({ "client_id": app.id })),
    }
    let tenant = store.find_tenant(tenant).await?;
    if tenant.is_some_and(|tenant| tenant.login_url.is_none()) {
        eprintln!("Its users cannot log in yet: see `oriel tenant login-url`.");
    }
    Ok(())
}

async fn retire(operator: &mut Operator, id: &ClientId) -> anyhow::Result<()> {
    let store = operator.store.clone();
    let found = store.find_client(id).await?;
    let app = found.filter(|client| client.kind != ClientKind::Backend);
    let app =
        app.ok_or_else(|| anyhow::anyhow!("there is no app {id}; see `oriel client list`"))?;
    store.retire_app(&mut operator.context(), &app).await?;
    eprintln!("Running servers refuse what it has within half a second.");
    Ok(())
}
