//! The event log: what was written, in the order of its tenant's revisions.

use jiff::Timestamp;
use oriel_contract::EventId;

use crate::{
    StoreError, TenantStore,
    database::Tx,
    encoding::{self, count},
    sql::Sql,
};

/// How far back a log is looked through for a change that a scope may hear of.
/// A narrow scope in a busy tenant must not cost more than this.
const LOOK_BACK: u64 = 1_000;

/// An entry of the log. Entries are appended and never changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its place in the tenant's log, from 1 without gaps.
    pub seq: u64,
    pub id: EventId,
    /// The tenant's revision that the write made.
    pub revision: u64,
    /// What happened, as `noun.verb`.
    pub kind: String,
    /// The id of what it happened to.
    pub subject: String,
    /// JSON.
    pub payload: String,
    pub at: Timestamp,
}

/// An entry's place in its tenant's log, and the revision that it made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub seq: u64,
    pub revision: u64,
}

/// What a scope may know of its tenant's log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogView {
    /// The newest entry, whatever it is of.
    pub head: Place,
    /// Entries after this one were looked through, up to the head.
    pub floor: u64,
    /// The newest of those that is a change to what the scope may see.
    pub change: Option<Place>,
}

#[derive(sqlx::FromRow)]
struct EventRow {
    seq: i64,
    id: String,
    revision: i64,
    kind: String,
    subject: String,
    payload: String,
    at: i64,
}

impl TenantStore<'_> {
    /// The entries after `seq`, oldest first. Needs the whole tenant's scope.
    pub async fn events(&self, after: u64, limit: u32) -> Result<Vec<Event>, StoreError> {
        if !self.scope.is_whole() {
            return Err(StoreError::ScopeTooNarrow);
        }
        let sql = Sql::new(
            "SELECT seq, id, revision, kind, subject, payload, at FROM events
             WHERE tenant_id = $1 AND seq > $2 ORDER BY seq LIMIT $3",
        )
        .value(self.scope.tenant().as_str())
        .value(stored(after))
        .value(i64::from(limit));
        let rows: Vec<EventRow> = self.store.database.all(sql).await?;
        rows.into_iter()
            .map(|row| {
                Ok(Event {
                    seq: count(row.seq),
                    id: encoding::id(&row.id)?,
                    revision: count(row.revision),
                    kind: row.kind,
                    subject: row.subject,
                    payload: row.payload,
                    at: encoding::timestamp(row.at)?,
                })
            })
            .collect()
    }

    /// Looks through the log after `after`, or through as much of its end as is
    /// worth it.
    ///
    /// A scope of some projects hears of imports, of users, of those projects, and of
    /// the tasks in them. Locked filters do not count here: a task that a change
    /// takes out of them is still one that the viewer saw. For the same reason a
    /// write that takes a task out of a project must append an event of that
    /// project.
    pub async fn look_through(&self, after: u64) -> Result<LogView, StoreError> {
        let mut tx = self.store.database.read().await?;
        let head = self.head(&mut tx).await?;
        let floor = after.clamp(head.seq.saturating_sub(LOOK_BACK), head.seq);
        let mut sql = Sql::new("SELECT e.seq, e.revision FROM events e WHERE e.tenant_id = $1")
            .value(self.scope.tenant().as_str());
        sql.push(" AND e.seq > ").bind(stored(floor));
        sql.push(" AND e.seq <= ").bind(stored(head.seq));
        sql.push(
            " AND (e.kind LIKE 'import.%' OR e.kind LIKE 'user.%' OR (e.kind LIKE 'project.%' AND ",
        );
        self.scope.limit_project_column(&mut sql, "e.subject");
        sql.push(") OR (e.kind LIKE 'task.%' AND EXISTS (SELECT 1 FROM tasks t WHERE t.id = e.subject AND t.tenant_id = e.tenant_id AND ");
        self.scope.limit_project_column(&mut sql, "t.project_id");
        sql.push("))) ORDER BY e.seq DESC LIMIT 1");
        let change = tx.optional(sql).await?.map(place);
        tx.commit().await?;
        Ok(LogView {
            head,
            floor,
            change,
        })
    }

    /// The newest entry; a log without any has its head before the first.
    async fn head(&self, tx: &mut Tx) -> Result<Place, StoreError> {
        let sql = Sql::new(
            "SELECT seq, revision FROM events WHERE tenant_id = $1 ORDER BY seq DESC LIMIT 1",
        )
        .value(self.scope.tenant().as_str());
        Ok(tx.optional(sql).await?.map_or(
            Place {
                seq: 0,
                revision: 0,
            },
            place,
        ))
    }
}

fn place((seq, revision): (i64, i64)) -> Place {
    Place {
        seq: count(seq),
        revision: count(revision),
    }
}

/// A place as the database takes it; none is beyond what it can hold.
fn stored(seq: u64) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}
