//! `oriel audit`

use clap::{Args, Subcommand};
use oriel_contract::TenantId;
use oriel_store::{AuditVerdict, Chain};

use super::{Globals, Operator};

#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// List entries of an audit log, the newest first: place, time, kind, actor,
    /// subject, outcome, detail.
    List {
        #[command(flatten)]
        of: Of,
        /// Entries of this kind alone, such as `access.denied`.
        #[arg(long)]
        kind: Option<String>,
        /// How many at most.
        #[arg(long, default_value_t = 50)]
        limit: u32,
    },
    /// Walk along the chains, and name the first entry of each that was changed, removed
    /// or moved. Prints each chain's head, to be noted where nobody can change it.
    Verify {
        /// This tenant's chain alone.
        #[arg(long)]
        tenant: Option<TenantId>,
        /// A head that was printed before, as `SEQ:HASH`: the chain must still have it.
        #[arg(long, value_name = "SEQ:HASH", requires = "tenant")]
        expect: Option<String>,
    },
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct Of {
    /// A tenant's log.
    #[arg(long)]
    tenant: Option<TenantId>,
    /// The operator's log: what was refused and belongs to no tenant.
    #[arg(long)]
    operator: bool,
}

/// Runs the command.
pub async fn run(globals: &Globals, command: AuditCommand) -> anyhow::Result<()> {
    let operator = Operator::open(globals).await?;
    match command {
        AuditCommand::List { of, kind, limit } => {
            let chain = of.tenant.map_or(Chain::Operator, Chain::Tenant);
            list(&operator, &chain, kind.as_deref(), limit).await
        }
        AuditCommand::Verify { tenant, expect } => {
            let chains = match tenant {
                Some(tenant) => vec![Chain::Tenant(tenant)],
                None => operator.store.audit_chains().await?,
            };
            verify(&operator, &chains, expect.as_deref()).await
        }
    }
}

async fn list(
    operator: &Operator,
    chain: &Chain,
    kind: Option<&str>,
    limit: u32,
) -> anyhow::Result<()> {
    let entries = operator
        .store
        .audit_entries(chain, kind, None, limit)
        .await?;
    if entries.is_empty() {
        eprintln!("There is no such entry.");
    }
    for entry in entries {
        println!(
            "{}\t{}\t{}\t{}\t{}\t{}\t{}",
            entry.seq,
            entry.at,
            entry.kind,
            entry.actor,
            entry.subject,
            entry.outcome,
            entry.detail
        );
    }
    Ok(())
}

async fn verify(operator: &Operator, chains: &[Chain], expect: Option<&str>) -> anyhow::Result<()> {
    let mut broken = 0;
    for chain in chains {
        match operator.store.verify_audit(chain).await? {
            AuditVerdict::Holds(head) => {
                println!("{chain}\tholds\t{}:{}", head.seq, head.hash);
            }
            AuditVerdict::Broken { seq } => {
                broken += 1;
                println!("{chain}\tbroken\tentry {seq} was changed, removed or moved");
            }
            AuditVerdict::Cut { found, expected } => {
                broken += 1;
                println!("{chain}\tbroken\tends at entry {found}, and its head says {expected}");
            }
        }
        if let Some(expect) = expect
            && !has(operator, chain, expect).await?
        {
            broken += 1;
            println!("{chain}\tbroken\thas no entry {expect}");
        }
    }
    anyhow::ensure!(broken == 0, "the audit log is not as it was written");
    Ok(())
}

/// Whether a chain has an entry with this place and hash.
async fn has(operator: &Operator, chain: &Chain, expect: &str) -> anyhow::Result<bool> {
    let Some((seq, hash)) = expect.split_once(':') else {
        anyhow::bail!("--expect takes what `oriel audit verify` has printed: SEQ:HASH");
    };
    let next = seq.parse::<u64>()?.saturating_add(1);
    let found = operator
        .store
        .audit_entries(chain, None, Some(next), 1)
        .await?;
    let is_it = |entry: &oriel_store::AuditEntry| entry.seq + 1 == next && entry.hash == hash;
    Ok(found.first().is_some_and(is_it))
}
