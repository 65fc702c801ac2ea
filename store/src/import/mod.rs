//! Import: users, projects, tasks and milestones of another system, all or
//! nothing.

mod batch;
mod check;
mod dependencies;
mod known;
mod labels;
mod milestones;
mod tasks;

use std::collections::BTreeSet;

use oriel_contract::{ProjectId, TenantId, UserId};
use serde_json::json;

pub use self::batch::{
    BatchError, ImportBatch, ImportContributor, ImportMilestone, ImportOutcome, ImportProject,
    ImportTask, ImportUser,
};
pub use self::check::{DEPENDENCIES, NAME_CHARS, TITLE_CHARS};
use self::{
    dependencies::Dependencies, known::Known, labels::write_labels, milestones::write_milestones,
    tasks::TaskRows,
};
use crate::{
    Context, NewId, StoreError, TenantStore,
    database::Tx,
    rows::Rows,
    sql::{Sql, Value},
    write::Write,
};

/// Tasks between two words of progress.
const TASKS_AT_ONCE: usize = 500;
/// Tasks from which on it is worth cleaning up after an import.
const MANY_TASKS: u64 = 1000;

impl TenantStore<'_> {
    /// Writes a batch in one transaction: what has an external id that is known
    /// is updated, the rest is made; nothing is removed. `progress` hears how
    /// many tasks are done. Needs the whole tenant's scope.
    pub async fn import(
        &self,
        cx: &mut Context<'_>,
        batch: ImportBatch,
        progress: &mut (dyn FnMut(u64) + Send),
    ) -> Result<ImportOutcome, StoreError> {
        if !self.scope.is_whole() {
            return Err(StoreError::ScopeTooNarrow);
        }
        check::check(&batch)?;
        let tenant = self.scope.tenant();
        let mut write = Write::begin(&self.store.database, cx, tenant).await?;
        let mut known = Known::load(&mut write.tx, tenant).await?;
        dependencies::check(&batch, &known)?;
        write_users(&mut write, cx, tenant, &batch, &mut known).await?;
        write_projects(&mut write, cx, tenant, &batch, &mut known).await?;
        write_labels(&mut write.tx, cx, tenant, &batch, &mut known).await?;
        let mut outcome = ImportOutcome {
            users: batch.users.len() as u64,
            projects: batch.projects.len() as u64,
            milestones: batch.milestones.len() as u64,
            ..ImportOutcome::default()
        };
        let mut dependencies = Dependencies::default();
        let mut done = 0;
        for tasks in batch.tasks.chunks(TASKS_AT_ONCE) {
            let mut rows = TaskRows::new(tenant, &known, write.revision());
            for task in tasks {
                if let Some(id) = rows.add(cx, task, &mut outcome)? {
                    dependencies.add(id, task);
                }
            }
            rows.write(&mut write.tx).await?;
            done += tasks.len() as u64;
            progress(done);
        }
        dependencies.write(&mut write.tx, tenant, &known).await?;
        write_milestones(&mut write.tx, cx, tenant, &batch, &known).await?;
        let payload = json!({
            "source": batch.source,
            "tasks_created": outcome.tasks_created,
            "tasks_updated": outcome.tasks_updated,
            "tasks_unchanged": outcome.tasks_unchanged,
            "users": outcome.users,
            "projects": outcome.projects,
            "milestones": outcome.milestones,
        });
        outcome.revision = write
            .commit("import.completed", tenant.as_str(), payload)
            .await?;
        if outcome.tasks_created + outcome.tasks_updated >= MANY_TASKS {
            // The import is committed: without this, reads are at worst slower
            // until the database does it by itself.
            let _ = self.store.database.settle().await;
        }
        Ok(outcome)
    }
}

impl TenantStore<'_> {
    /// The external ids of the tasks that were imported before. Needs the whole
    /// tenant's scope.
    pub async fn imported_tasks(&self) -> Result<BTreeSet<String>, StoreError> {
        if !self.scope.is_whole() {
            return Err(StoreError::ScopeTooNarrow);
        }
        let sql = Sql::new("SELECT external_id FROM tasks WHERE tenant_id = $1")
            .value(self.scope.tenant().as_str());
        let rows: Vec<(String,)> = self.store.database.all(sql).await?;
        Ok(rows.into_iter().map(|(external_id,)| external_id).collect())
    }
}

/// Writes rows of people or projects: one that came with a name of its own
/// brings it, for another the name that is stored stays.
async fn write_named<const COLUMNS: usize>(
    tx: &mut Tx,
    insert: &'static str,
    on_conflict: [&'static str; 2],
    rows: impl Iterator<Item = (bool, [Value; COLUMNS])>,
) -> Result<(), StoreError> {
    let [mut named, mut unnamed] = on_conflict.map(|conflict| Rows::new(insert, conflict));
    for (has_own_name, row) in rows {
        let rows = if has_own_name {
            &mut named
        } else {
            &mut unnamed
        };
        rows.push(row);
    }
    named.write(tx).await?;
    unnamed.write(tx).await
}

async fn write_users(
    write: &mut Write,
    cx: &mut Context<'_>,
    tenant: &TenantId,
    batch: &ImportBatch,
    known: &mut Known,
) -> Result<(), StoreError> {
    let (now, version) = (cx.now.as_millisecond(), write.revision());
    let rows = batch.users.iter().map(|user| {
        let id = (known.users.entry(user.external_id.clone())).or_insert_with(|| UserId::new(cx));
        let row = [
            tenant.as_str().into(),
            id.as_str().into(),
            user.external_id.as_str().into(),
            user.name.as_str().into(),
            user.email.as_deref().into(),
            now.into(),
            now.into(),
            version.into(),
        ];
        (user.has_own_name, row)
    });
    let insert = "INSERT INTO users
          (tenant_id, id, external_id, name, email, created_at, updated_at, version) VALUES";
    // What comes again just as it is makes no new version.
    let named = " ON CONFLICT (tenant_id, id) DO UPDATE SET name = excluded.name,
          email = COALESCE(excluded.email, users.email), version = users.version + 1,
          updated_at = excluded.updated_at
          WHERE users.name <> excluded.name
             OR COALESCE(users.email, '') <> COALESCE(excluded.email, users.email, '')";
    let unnamed = " ON CONFLICT (tenant_id, id) DO UPDATE SET
          email = excluded.email, version = users.version + 1,
          updated_at = excluded.updated_at
          WHERE COALESCE(users.email, '') <> COALESCE(excluded.email, users.email, '')";
    write_named(&mut write.tx, insert, [named, unnamed], rows).await
}

async fn write_projects(
    write: &mut Write,
    cx: &mut Context<'_>,
    tenant: &TenantId,
    batch: &ImportBatch,
    known: &mut Known,
) -> Result<(), StoreError> {
    let (now, version) = (cx.now.as_millisecond(), write.revision());
    let rows = batch.projects.iter().map(|project| {
        let id = (known.projects.entry(project.external_id.clone()))
            .or_insert_with(|| ProjectId::new(cx));
        let row = [
            tenant.as_str().into(),
            id.as_str().into(),
            project.external_id.as_str().into(),
            project.name.as_str().into(),
            now.into(),
            now.into(),
            version.into(),
        ];
        (project.has_own_name, row)
    });
    let insert = "INSERT INTO projects
          (tenant_id, id, external_id, name, created_at, updated_at, version) VALUES";
    let named = " ON CONFLICT (tenant_id, id) DO UPDATE SET name = excluded.name,
          version = projects.version + 1, updated_at = excluded.updated_at
          WHERE projects.name <> excluded.name";
    let unnamed = " ON CONFLICT (tenant_id, id) DO NOTHING";
    write_named(&mut write.tx, insert, [named, unnamed], rows).await
}
