//! `oriel revoke`

use jiff::Timestamp;
use oriel_contract::{EmbedId, KeyId, SessionId, TenantId};
use oriel_store::Revoked;

use super::{Globals, Operator};

/// Take embed tokens back before they expire.
///
/// Running servers refuse them within half a second, and open widgets go blank. New
/// tokens can be minted at once, but not for a session that was revoked.
#[derive(Debug, clap::Args)]
pub struct RevokeArgs {
    /// Whose tokens they are.
    #[arg(long)]
    tenant: TenantId,
    #[command(flatten)]
    what: What,
    /// Only what was issued before this time (RFC 3339), instead of before now.
    #[arg(long, value_name = "TIME")]
    issued_before: Option<Timestamp>,
}

#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
struct What {
    /// One embed session, for good.
    #[arg(long)]
    session: Option<SessionId>,
    /// All sessions of a viewer, as the tenant names them.
    #[arg(long)]
    viewer: Option<String>,
    /// All sessions of an embed.
    #[arg(long)]
    embed: Option<EmbedId>,
    /// What a signing key has signed.
    #[arg(long)]
    key: Option<KeyId>,
    /// All of the tenant.
    #[arg(long)]
    all: bool,
}

impl What {
    /// `clap` lets exactly one through.
    fn named(self) -> Revoked {
        let Self {
            session,
            viewer,
            embed,
            key,
            all: _,
        } = self;
        session
            .map(Revoked::Session)
            .or(viewer.map(Revoked::Viewer))
            .or(embed.map(Revoked::Embed))
            .or(key.map(Revoked::Key))
            .unwrap_or(Revoked::Tenant)
    }
}

/// Runs the command.
pub async fn run(globals: &Globals, args: RevokeArgs) -> anyhow::Result<()> {
    let mut operator = Operator::open(globals).await?;
    let store = operator.store.clone();
    let mut context = operator.context();
    let issued_before = args.issued_before.unwrap_or(context.now);
    anyhow::ensure!(
        issued_before <= context.now,
        "--issued-before must not be in the future: tokens of that time are still to come"
    );
    let of = args.what.named();
    let revoking = store.revoke(&mut context, &args.tenant, &of, issued_before);
    revoking.await?;
    eprintln!("Running servers refuse tokens issued before {issued_before} within half a second.");
    Ok(())
}
