//! The audit log: append-only chains of entries, in which a change, a gap or another
//! order shows.
//!
//! An entry's hash is SHA-256 over each of its fields, with its length before it, and
//! over the hash of the entry before. A chain's head is written beside it in the same
//! transaction, so that a tail that was cut off shows too. Whoever can write to the
//! database can make all hashes anew: an operator who minds notes heads elsewhere.

use std::{fmt, mem};

use jiff::Timestamp;
use oriel_contract::TenantId;
use sha2::{Digest, Sha256};

use crate::{
    Store, StoreError,
    database::Tx,
    encoding::{self, count},
    rows::Rows,
    sql::{Sql, Value},
};

/// Entries that are read at a time where a chain is walked.
const PAGE: i64 = 1_000;

/// Whose log it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Chain {
    Tenant(TenantId),
    /// What belongs to no tenant, such as tokens that nobody signed.
    Operator,
}

impl Chain {
    fn as_str(&self) -> &str {
        match self {
            Self::Tenant(tenant) => tenant.as_str(),
            Self::Operator => "operator",
        }
    }

    fn of(text: &str) -> Result<Self, StoreError> {
        match text {
            "operator" => Ok(Self::Operator),
            tenant => encoding::id(tenant).map(Self::Tenant),
        }
    }
}

impl fmt::Display for Chain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An entry to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAuditEntry {
    /// What happened, as `noun.verb`.
    pub kind: &'static str,
    /// Who did it: a client's or a session's id, `operator`, or nothing where nobody knows.
    pub actor: String,
    /// What it was done to.
    pub subject: String,
    /// `ok`, or why not.
    pub outcome: String,
    /// An object.
    pub detail: serde_json::Value,
}

/// An entry of a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// Its place, from 1 without gaps.
    pub seq: u64,
    pub at: Timestamp,
    pub kind: String,
    pub actor: String,
    pub subject: String,
    pub outcome: String,
    /// JSON, as it was hashed.
    pub detail: String,
    /// Hexadecimal, as is `previous`.
    pub hash: String,
}

/// The end of a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditHead {
    pub seq: u64,
    pub hash: String,
}

/// What a walk along a chain found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuditVerdict {
    /// Every entry is as it was written.
    Holds(AuditHead),
    /// The first place that is not: the entry there was changed, removed or moved.
    Broken { seq: u64 },
    /// All that is there holds, but it is not all: the tail or the head was changed.
    Cut { found: u64, expected: u64 },
}

#[derive(sqlx::FromRow)]
struct Row {
    seq: i64,
    at: i64,
    kind: String,
    actor: String,
    subject: String,
    outcome: String,
    detail: String,
    previous: String,
    hash: String,
}

const COLUMNS: &str = "SELECT seq, at, kind, actor, subject, outcome, detail, previous, hash
     FROM audit_entries WHERE chain = ";

impl Row {
    fn digest(&self, chain: &str) -> String {
        let (seq, at) = (self.seq.to_string(), self.at.to_string());
        let fields = [
            chain,
            &seq,
            &at,
            &self.kind,
            &self.actor,
            &self.subject,
            &self.outcome,
            &self.detail,
            &self.previous,
        ];
        let mut hash = Sha256::new();
        for field in fields {
            // The length first, so that no two entries read alike in a row.
            hash.update((field.len() as u64).to_be_bytes());
            hash.update(field);
        }
        format!("{:x}", hash.finalize())
    }

    /// In the order of the columns.
    fn values(self, chain: &str) -> [Value; 10] {
        [
            chain.into(),
            self.seq.into(),
            self.at.into(),
            self.kind.into(),
            self.actor.into(),
            self.subject.into(),
            self.outcome.into(),
            self.detail.into(),
            self.previous.into(),
            self.hash.into(),
        ]
    }
}

impl TryFrom<Row> for AuditEntry {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            seq: count(row.seq),
            at: encoding::timestamp(row.at)?,
            kind: row.kind,
            actor: row.actor,
            subject: row.subject,
            outcome: row.outcome,
            detail: row.detail,
            hash: row.hash,
        })
    }
}

/// Appends to a chain within a transaction. Writers of one chain queue at its head.
pub(crate) async fn append(
    tx: &mut Tx,
    chain: &Chain,
    at: Timestamp,
    entry: NewAuditEntry,
) -> Result<(), StoreError> {
    append_all(tx, chain, at, vec![entry]).await
}

/// The same for many, with as many statements as for one.
async fn append_all(
    tx: &mut Tx,
    chain: &Chain,
    at: Timestamp,
    entries: Vec<NewAuditEntry>,
) -> Result<(), StoreError> {
    let name = chain.as_str();
    let begin = "INSERT INTO audit_heads (chain, seq, hash) VALUES ($1, 0, '')
                 ON CONFLICT (chain) DO NOTHING";
    tx.execute(Sql::new(begin).value(name)).await?;
    // Changes nothing but holds the head until the end.
    let last = "UPDATE audit_heads SET seq = seq WHERE chain = $1 RETURNING seq, hash";
    let (mut seq, mut hash): (i64, String) = tx.one(Sql::new(last).value(name)).await?;
    let mut rows = Rows::new(
        "INSERT INTO audit_entries
             (chain, seq, at, kind, actor, subject, outcome, detail, previous, hash) VALUES",
        "",
    );
    for entry in entries {
        seq += 1;
        let mut row = Row {
            seq,
            at: at.as_millisecond(),
            kind: entry.kind.to_owned(),
            actor: entry.actor,
            subject: entry.subject,
            outcome: entry.outcome,
            detail: entry.detail.to_string(),
            previous: mem::take(&mut hash),
            hash: String::new(),
        };
        row.hash = row.digest(name);
        hash.clone_from(&row.hash);
        rows.push(row.values(name));
    }
    rows.write(tx).await?;
    let head = Sql::new("UPDATE audit_heads SET seq = $2, hash = $3 WHERE chain = $1")
        .value(name)
        .value(seq)
        .value(hash);
    tx.execute(head).await
}

impl Store {
    /// Appends entries to a chain. It is no change to the tenant's data: its revision
    /// stays, and no event tells of it.
    pub async fn audit(
        &self,
        chain: &Chain,
        at: Timestamp,
        entries: Vec<NewAuditEntry>,
    ) -> Result<(), StoreError> {
        let mut tx = self.database.write().await?;
        append_all(&mut tx, chain, at, entries).await?;
        tx.commit().await
    }

    /// Appends entries of which there may be one for each subject, unless there is.
    pub async fn audit_once(
        &self,
        chain: &Chain,
        at: Timestamp,
        entries: Vec<NewAuditEntry>,
    ) -> Result<(), StoreError> {
        let mut tx = self.database.write().await?;
        for entry in entries {
            let known = Sql::new(
                "SELECT seq FROM audit_entries WHERE chain = $1 AND kind = $2 AND subject = $3
                 LIMIT 1",
            )
            .value(chain.as_str())
            .value(entry.kind)
            .value(entry.subject.as_str());
            if tx.optional::<(i64,)>(known).await?.is_none() {
                append(&mut tx, chain, at, entry).await?;
            }
        }
        tx.commit().await
    }

    /// Entries of a chain, the newest first: those before `before`, of one kind where
    /// one is named.
    pub async fn audit_entries(
        &self,
        chain: &Chain,
        kind: Option<&str>,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Vec<AuditEntry>, StoreError> {
        let mut sql = Sql::new(COLUMNS);
        sql.bind(chain.as_str());
        if let Some(before) = before {
            let before = i64::try_from(before).unwrap_or(i64::MAX);
            sql.push(" AND seq < ").bind(before);
        }
        if let Some(kind) = kind {
            sql.push(" AND kind = ").bind(kind);
        }
        sql.push(" ORDER BY seq DESC LIMIT ").bind(i64::from(limit));
        let rows: Vec<Row> = self.database.all(sql).await?;
        rows.into_iter().map(AuditEntry::try_from).collect()
    }

    /// All chains that there are.
    pub async fn audit_chains(&self) -> Result<Vec<Chain>, StoreError> {
        // A chain whose head is gone must not be overlooked for it.
        let sql = Sql::new(
            "SELECT chain FROM audit_heads UNION SELECT chain FROM audit_entries ORDER BY chain",
        );
        let chains: Vec<(String,)> = self.database.all(sql).await?;
        chains.iter().map(|(chain,)| Chain::of(chain)).collect()
    }

    /// Walks along a chain, and finds the first entry that was changed, removed or moved.
    pub async fn verify_audit(&self, chain: &Chain) -> Result<AuditVerdict, StoreError> {
        let name = chain.as_str();
        let mut tx = self.database.read().await?;
        let head = Sql::new("SELECT seq, hash FROM audit_heads WHERE chain = $1").value(name);
        let head: Option<(i64, String)> = tx.optional(head).await?;
        let (expected, last) = head.unwrap_or_default();
        let (mut seq, mut hash) = (0, String::new());
        loop {
            let mut sql = Sql::new(COLUMNS);
            sql.bind(name).push(" AND seq > ").bind(seq);
            sql.push(" ORDER BY seq LIMIT ").bind(PAGE);
            let rows: Vec<Row> = tx.all(sql).await?;
            let is_last = rows.is_empty();
            for row in rows {
                let follows = row.seq == seq + 1 && row.previous == hash;
                if !follows || row.digest(name) != row.hash {
                    return Ok(AuditVerdict::Broken {
                        seq: count(seq + 1),
                    });
                }
                (seq, hash) = (row.seq, row.hash);
            }
            if is_last {
                break;
            }
        }
        if (seq, &hash) != (expected, &last) {
            return Ok(AuditVerdict::Cut {
                found: count(seq),
                expected: count(expected),
            });
        }
        let seq = count(seq);
        Ok(AuditVerdict::Holds(AuditHead { seq, hash }))
    }
}
