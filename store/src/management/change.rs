//! One request's write.

use std::{
    collections::{BTreeMap, HashMap},
    mem,
};

use jiff::Timestamp;
use oriel_contract::TenantId;
use serde_json::{Value, json};

use super::{
    idempotency::{self, IdempotencyKey, Kept, KeptAnswer},
    turns::Turn,
};
use crate::{Context, Store, StoreError, write::Write};

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
    _turn: Turn,
}

/// Something done, for the audit log.
struct Entry {
    kind: &'static str,
    subject: String,
    detail: Value,
}

/// How a request with an idempotency key begins.
#[allow(clippy::large_enum_variant, reason = "there is one at a time")]
pub enum Begun<'a> {
    /// It is to be done.
    New(Change<'a>),
    /// It was done, and got this answer.
    Known(KeptAnswer),
    /// Its key was used for another request.
    Reused,
}

impl Store {
    /// What is kept for a key, for who has to look at other things before it begins: by
    /// then they may be gone. [`Begun::New`] is never given.
    pub async fn kept_answer(
        &self,
        tenant: &TenantId,
        key: &IdempotencyKey,
        now: Timestamp,
    ) -> Result<Option<Begun<'static>>, StoreError> {
        let kept = idempotency::look(&self.database, tenant, key, now).await?;
        Ok(match kept {
            Kept::Nothing => None,
            Kept::Answer(answer) => Some(Begun::Known(answer)),
            Kept::Other => Some(Begun::Reused),
        })
    }

    /// Begins to change a tenant's data.
    pub async fn change<'a>(
        &self,
        cx: Context<'a>,
        tenant: &TenantId,
        key: Option<IdempotencyKey>,
    ) -> Result<Begun<'a>, StoreError> {
        let turn = self.turns.of(tenant).await;
        let mut cx = cx.at_millisecond();
        let write = Write::begin(&self.database, &mut cx, tenant).await?;
        Change::begin(turn, write, cx, tenant, key).await
    }

    /// Begins to write what no answer is made from: nothing is told to who reads.
    pub async fn change_aside<'a>(
        &self,
        cx: Context<'a>,
        tenant: &TenantId,
        key: Option<IdempotencyKey>,
    ) -> Result<Begun<'a>, StoreError> {
        let turn = self.turns.of(tenant).await;
        let mut cx = cx.at_millisecond();
        let write = Write::begin_aside(&self.database, &mut cx, tenant).await?;
        Change::begin(turn, write, cx, tenant, key).await
    }
}

impl<'a> Change<'a> {
    /// A change that no request brings, and that has no key.
    pub(crate) async fn of_operator(
        store: &Store,
        cx: &'a mut Context<'_>,
        tenant: &TenantId,
    ) -> Result<Self, StoreError> {
        match store.change(cx.lent(), tenant, None).await? {
            Begun::New(change) => Ok(change),
            Begun::Known(_) | Begun::Reused => Err(StoreError::Conflict { what: "key" }),
        }
    }

    async fn begin(
        turn: Turn,
        mut write: Write,
        cx: Context<'a>,
        tenant: &TenantId,
        key: Option<IdempotencyKey>,
    ) -> Result<Begun<'a>, StoreError> {
        let kept = match &key {
            Some(key) => idempotency::find(&mut write.tx, tenant, key, cx.now).await?,
            None => Kept::Nothing,
        };
        Ok(match kept {
            Kept::Answer(answer) => Begun::Known(answer),
            Kept::Other => Begun::Reused,
            Kept::Nothing => Begun::New(Self {
                write,
                tenant: tenant.clone(),
                cx,
                key,
                entries: Vec::new(),
                labels: HashMap::new(),
                known: HashMap::new(),
                _turn: turn,
            }),
        })
    }

    /// Whether the answer has to be given to [`Self::commit`].
    #[must_use]
    pub fn keeps_answer(&self) -> bool {
        self.key.is_some()
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
