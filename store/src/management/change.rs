//! One request's write.

use std::{
    collections::{BTreeMap, HashMap},
    mem,
};

use jiff::Timestamp;
use oriel_contract::TenantId;
use serde_json::{Value, json};
use tokio::sync::OwnedMutexGuard;

use super::idempotency::{self, IdempotencyKey, Kept, KeptAnswer};
use crate::{Context, Store, StoreError, by_tenant::ByTenant, write::Write};

/// A write under way. Dropped, it has done nothing.
///
/// Writers of one tenant queue where it begins, so that what it reads stays as it is
/// until it commits.
pub struct Change<'a> {
    // Fields are dropped in order: the turn, the last one, ends after the transaction.
    pub(crate) write: Write,
    pub(crate) tenant: TenantId,
    pub(crate) cx: Context<'a>,
    key: Option<IdempotencyKey>,
    entries: Vec<Entry>,
    /// Labels by name, as far as they were asked for.
    pub(super) labels: HashMap<String, String>,
    /// Projects and users that are known to be there.
    pub(super) known: HashMap<String, bool>,
    _turn: OwnedMutexGuard<()>,
}

/// Something done, for the audit log.
struct Entry {
    kind: &'static str,
    subject: String,
    detail: Value,
}

/// What a write is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Touches {
    /// What answers are made from: whoever reads is told.
    Data,
    /// Nothing that anybody reads: the revision stays, and there are no events.
    Nothing,
}

/// How a request with an idempotency key begins.
#[allow(clippy::large_enum_variant, reason = "there is one at a time")]
pub enum Begun<'a> {
    /// It is to be done.
    New(Change<'a>),
    /// Its key was used.
    Known(Kept),
}

/// Whose turn it is to write: a tenant's writers queue here, and not for connections. One
/// that writes much waits for itself, and holds one connection.
pub(crate) type Turns = ByTenant<tokio::sync::Mutex<()>>;

impl Store {
    /// What is kept for a key, for who has to look at other things before it begins: by
    /// then they may be gone.
    pub async fn kept(
        &self,
        tenant: &TenantId,
        key: &IdempotencyKey,
        now: Timestamp,
    ) -> Result<Option<Kept>, StoreError> {
        idempotency::look(&self.database, tenant, key, now).await
    }

    /// Begins to change what a tenant has.
    pub async fn change<'a>(
        &self,
        cx: Context<'a>,
        tenant: &TenantId,
        touches: Touches,
    ) -> Result<Change<'a>, StoreError> {
        Change::begin(self, cx, tenant, touches).await
    }

    /// Begins to do what may come again under a key, unless it was done.
    pub async fn change_once<'a>(
        &self,
        cx: Context<'a>,
        tenant: &TenantId,
        key: IdempotencyKey,
        touches: Touches,
    ) -> Result<Begun<'a>, StoreError> {
        let mut change = Change::begin(self, cx, tenant, touches).await?;
        let (tx, now) = (&mut change.write.tx, change.cx.now);
        Ok(match idempotency::find(tx, tenant, &key, now).await? {
            None => {
                change.key = Some(key);
                Begun::New(change)
            }
            Some(kept) => Begun::Known(kept),
        })
    }
}

impl<'a> Change<'a> {
    async fn begin(
        store: &Store,
        cx: Context<'a>,
        tenant: &TenantId,
        touches: Touches,
    ) -> Result<Self, StoreError> {
        let turn = store.turns.of(tenant).lock_owned().await;
        let mut cx = cx.at_millisecond();
        let write = match touches {
            Touches::Data => Write::begin(&store.database, &mut cx, tenant).await?,
            Touches::Nothing => Write::begin_aside(&store.database, &mut cx, tenant).await?,
        };
        Ok(Self {
            write,
            tenant: tenant.clone(),
            cx,
            key: None,
            entries: Vec::new(),
            labels: HashMap::new(),
            known: HashMap::new(),
            _turn: turn,
        })
    }

    /// Enters what is done in the audit log.
    pub fn enter(&mut self, kind: &'static str, subject: &str, detail: Value) {
        self.entries.push(Entry {
            kind,
            subject: subject.to_owned(),
            detail,
        });
    }

    /// Appends an event, and enters it. Neither may tell names, titles or addresses: both
    /// are kept for longer than these may be.
    pub(crate) fn record(&mut self, kind: &'static str, subject: &str, payload: Value) {
        self.event(kind, subject, payload.clone());
        self.enter(kind, subject, payload);
    }

    /// Appends an event.
    pub(crate) fn event(&mut self, kind: &'static str, subject: &str, payload: Value) {
        self.write.event(&mut self.cx, kind, subject, payload);
    }

    /// Commits, with the answer where one is kept; gives whether it is in the audit log.
    /// What changed nothing leaves nothing, and no answer either: it can be asked again.
    pub async fn commit(mut self, answer: Option<KeptAnswer>) -> Result<bool, StoreError> {
        let is_entered = self.write_entries().await?;
        if !is_entered {
            return Ok(false);
        }
        if let (Some(key), Some(answer)) = (self.key, answer) {
            let tx = &mut self.write.tx;
            idempotency::keep(tx, &self.tenant, key, answer, self.cx.now).await?;
        }
        self.write.finish().await?;
        Ok(is_entered)
    }

    /// One entry for a request, however much it did.
    async fn write_entries(&mut self) -> Result<bool, StoreError> {
        let mut entries = mem::take(&mut self.entries);
        if entries.len() > 1 {
            let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
            for entry in &entries {
                *counts.entry(entry.kind).or_default() += 1;
            }
            let all = Entry {
                kind: "tasks.written",
                subject: self.tenant.to_string(),
                detail: json!(counts),
            };
            entries = vec![all];
        }
        let is_entered = !entries.is_empty();
        for Entry {
            kind,
            subject,
            detail,
        } in entries
        {
            self.write.enter(kind, &subject, detail).await?;
        }
        Ok(is_entered)
    }
}
