//! `oriel tenant`

use std::num::NonZeroU32;

use clap::Subcommand;
use oriel_contract::TenantId;

use super::{Globals, Operator};
use crate::{oauth::redirect::check_login_url, provision};

#[derive(Debug, Subcommand)]
pub enum TenantCommand {
    /// Make a tenant and its first signing key. Prints the tenant's id.
    Create {
        /// The tenant's name, as its viewers may see it.
        name: String,
    },
    /// List all tenants: id, name, plan, and since when it is suspended.
    List,
    /// Change how many calls of the management API a tenant may make in a minute.
    Plan {
        /// Which one.
        tenant: TenantId,
        /// A number, or `default` for what the server's configuration gives.
        #[arg(long, value_name = "N|default", value_parser = plan)]
        requests_per_minute: Plan,
    },
    /// Take no token of a tenant any longer: its widgets and its backend are refused
    /// within half a second, and nothing of it is lost.
    Suspend {
        /// Which one.
        #[arg(long)]
        tenant: TenantId,
    },
    /// Say where the tenant authenticates its own users, for apps that act for them.
    ///
    /// The server sends a user's browser there with the parameter `authorization`. The
    /// tenant's backend, with the scope `authorizations:write`, reads what the app asks for
    /// at /v1/authorizations/{authorization}, asks the user, and answers there.
    LoginUrl {
        /// Which one.
        #[arg(long)]
        tenant: TenantId,
        /// An https address, such as <https://portal.example.com/authorize>.
        url: String,
    },
    /// Take the tokens of a suspended tenant again.
    Resume {
        /// Which one.
        #[arg(long)]
        tenant: TenantId,
    },
}

/// Requests a minute; `None` for what all have without a plan.
#[derive(Debug, Clone, Copy)]
pub struct Plan(Option<NonZeroU32>);

fn plan(text: &str) -> Result<Plan, String> {
    if text == "default" {
        return Ok(Plan(None));
    }
    let limit = text.parse().map(Some).map(Plan);
    limit.map_err(|_| "is neither a number from 1 on nor `default`".to_owned())
}

/// Runs the command.
pub async fn run(globals: &Globals, command: TenantCommand) -> anyhow::Result<()> {
    let mut operator = Operator::open(globals).await?;
    let store = operator.store.clone();
    match command {
        TenantCommand::Create { name } => create(&mut operator, &name).await,
        TenantCommand::List => {
            for tenant in store.list_tenants().await? {
                let plan = tenant.requests_per_minute;
                let plan = plan.map_or(String::new(), |n| format!("\t{n} requests a minute"));
                let since = tenant.suspended_at;
                let standing = since.map_or(String::new(), |at| format!("\tsuspended since {at}"));
                println!("{}\t{}{plan}{standing}", tenant.id, tenant.name);
            }
            Ok(())
        }
        TenantCommand::Plan {
            tenant,
            requests_per_minute: Plan(limit),
        } => {
            let cx = &mut operator.context();
            store.change_plan(cx, &tenant, limit).await?;
            eprintln!("Changed. Every server goes by it within a second.");
            Ok(())
        }
        TenantCommand::Suspend { tenant } => {
            let cx = &mut operator.context();
            store.suspend_tenant(cx, &tenant, true).await?;
            eprintln!("Suspended. `oriel tenant resume --tenant {tenant}` takes it back.");
            Ok(())
        }
        TenantCommand::LoginUrl { tenant, url } => {
            check_login_url(&url).map_err(|error| anyhow::anyhow!("the address {error}"))?;
            let cx = &mut operator.context();
            store.change_login_url(cx, &tenant, &url).await?;
            eprintln!("Users of its apps are sent there.");
            Ok(())
        }
        TenantCommand::Resume { tenant } => {
            let cx = &mut operator.context();
            store.suspend_tenant(cx, &tenant, false).await?;
            eprintln!("Its tokens are taken again.");
            Ok(())
        }
    }
}

async fn create(operator: &mut Operator, name: &str) -> anyhow::Result<()> {
    let (store, master) = (
        operator.store.clone(),
        operator.config.require_master_key()?.clone(),
    );
    let tenant = provision::tenant(&store, &mut operator.context(), &master, name).await?;
    println!("{}", tenant.id);
    eprintln!(
        "Made the tenant \"{name}\". Next: `oriel client create --tenant {}`.",
        tenant.id
    );
    Ok(())
}
