//! Tasks: read as they are kept, and changed.

mod fields;
mod rows;

use jiff::civil::Date;
use oriel_contract::{NewTask, Page, StatusChange, TaskId, TaskPatch, TaskResource, UserId};
use serde_json::json;

use self::{
    fields::{Members, changed, moves_days},
    rows::{BY_EXTERNAL_ID, BY_ID, Current, find_task},
};
use super::{Change, Expected, Put, named::require_free};
use crate::{
    NewId, StoreError, TaskQuery, TenantStore,
    encoding::count,
    rows::Rows,
    sql::Sql,
    tasks::{
        detail, labels,
        write::{StoredTask, TaskWriter, forget, forget_histories},
    },
};

/// What becomes of a task's history.
enum History {
    /// It stays, and so do the days that were worked out from it.
    Untouched,
    Of {
        changes: Vec<StatusChange>,
        /// So many of them are stored already.
        stored: usize,
    },
}

impl TenantStore<'_> {
    /// A page of the tenant's tasks.
    pub async fn task_resources(
        &self,
        today: Date,
        query: &TaskQuery,
    ) -> Result<Page<TaskResource>, StoreError> {
        self.require_whole()?;
        let mut tx = self.store.database.read().await?;
        let found = self.page_of_tasks(&mut tx, today, query, None).await?;
        let mut labels = labels::of_tasks(&mut tx, &self.scope, &found.rows).await?;
        tx.commit().await?;
        let items = found.rows.into_iter().map(|row| {
            let labels = labels.remove(&row.id).unwrap_or_default();
            row.resource(labels)
        });
        Ok(Page {
            items: items.collect::<Result<_, _>>()?,
            next_cursor: found.next_cursor,
        })
    }

    /// A task, if it is one of the tenant's.
    pub async fn task_resource(&self, id: &TaskId) -> Result<Option<TaskResource>, StoreError> {
        self.require_whole()?;
        let mut tx = self.store.database.read().await?;
        let found = find_task(&mut tx, self.scope.tenant(), BY_ID, id.as_str()).await?;
        tx.commit().await?;
        Ok(found.map(|found| found.task))
    }
}

impl Change<'_> {
    /// Makes a task.
    pub async fn create_task(&mut self, new: NewTask) -> Result<TaskResource, StoreError> {
        if let Some(external_id) = &new.external_id {
            require_free(&mut self.write.tx, "tasks", &self.tenant, external_id).await?;
        }
        let id = TaskId::new(&mut self.cx);
        let version = count(self.write.revision());
        let (task, changes) = Members::of_new(new).begin(id, version, self.cx.now);
        self.require_known(&task).await?;
        let history = History::Of { changes, stored: 0 };
        self.write_task(&task, &history, String::new()).await?;
        self.set_labels(&task).await?;
        let payload = json!({ "project": task.project });
        self.record("task.created", task.id.as_str(), payload);
        Ok(task)
    }

    /// Changes a task.
    pub async fn update_task(
        &mut self,
        id: &TaskId,
        expected: &Expected,
        patch: TaskPatch,
    ) -> Result<TaskResource, StoreError> {
        let current = self.current(id, expected).await?;
        let members = Members::of_patch(&current.task, patch);
        self.change_task(current, members).await
    }

    /// Makes the task that another system calls so, or replaces it.
    pub async fn put_task(
        &mut self,
        expected: &Expected,
        new: NewTask,
    ) -> Result<Put<TaskResource>, StoreError> {
        let external_id = new.external_id.as_deref().unwrap_or_default();
        let tx = &mut self.write.tx;
        let found = find_task(tx, &self.tenant, BY_EXTERNAL_ID, external_id).await?;
        expected.check(found.as_ref().map(|found| found.task.version))?;
        let is_new = found.is_none();
        let resource = match found {
            None => self.create_task(new).await?,
            Some(current) => {
                let members = Members::of_new(new).over(&current.task);
                self.change_task(current, members).await?
            }
        };
        Ok(Put { resource, is_new })
    }

    /// Deletes a task, with its history and what waits for it.
    pub async fn delete_task(
        &mut self,
        id: &TaskId,
        expected: &Expected,
    ) -> Result<(), StoreError> {
        let current = self.current(id, expected).await?;
        let version = i64::try_from(current.task.version).unwrap_or(i64::MAX - 1);
        self.write.outgrow(version).await?;
        let tasks = std::slice::from_ref(id);
        forget_histories(&mut self.write.tx, &self.tenant, tasks).await?;
        let deletes = [
            "DELETE FROM task_contributors WHERE tenant_id = ",
            "DELETE FROM task_labels WHERE tenant_id = ",
            "DELETE FROM task_dependencies WHERE tenant_id = ",
        ];
        forget(&mut self.write.tx, &self.tenant, tasks, &deletes).await?;
        for delete in [
            "DELETE FROM task_dependencies WHERE tenant_id = $1 AND predecessor_id = $2",
            "DELETE FROM tasks WHERE tenant_id = $1 AND id = $2",
        ] {
            let sql = Sql::new(delete)
                .value(self.tenant.as_str())
                .value(id.as_str());
            self.write.tx.execute(sql).await?;
        }
        let project = current.task.project.clone();
        self.record("task.deleted", id.as_str(), json!({ "project": project }));
        // The task is gone: whoever saw its project hears of it by that.
        self.event("project.tasks_changed", project.as_str(), json!({}));
        Ok(())
    }

    /// The task of that id, if it is as the caller takes it to be.
    async fn current(&mut self, id: &TaskId, expected: &Expected) -> Result<Current, StoreError> {
        let found = find_task(&mut self.write.tx, &self.tenant, BY_ID, id.as_str());
        let current = found.await?.ok_or(StoreError::NotFound { what: "task" })?;
        expected.check(Some(current.task.version))?;
        Ok(current)
    }

    async fn change_task(
        &mut self,
        current: Current,
        members: Members,
    ) -> Result<TaskResource, StoreError> {
        let Current {
            task: before,
            digest,
        } = current;
        let mut task = members.follow(&before, self.cx.now);
        let changed = changed(&before, &task);
        if changed.is_empty() {
            return Ok(before);
        }
        if let Some(external_id) = &task.external_id
            && task.external_id != before.external_id
        {
            require_free(&mut self.write.tx, "tasks", &self.tenant, external_id).await?;
        }
        self.require_known(&task).await?;
        task.version += 1;
        task.updated_at = self.cx.now;
        if moves_days(&changed) {
            self.rewrite_days(&before, &task, digest).await?;
        } else {
            self.write_task(&task, &History::Untouched, digest).await?;
        }
        if task.labels != before.labels {
            self.set_labels(&task).await?;
        }
        let payload = json!({ "project": task.project, "changed": changed });
        self.record("task.updated", task.id.as_str(), payload);
        if task.project != before.project {
            let gone_from = before.project.as_str();
            self.event("project.tasks_changed", gone_from, json!({}));
        }
        Ok(task)
    }

    /// Writes a task and what its history means for each day, and adds to that history
    /// what has changed now.
    async fn rewrite_days(
        &mut self,
        before: &TaskResource,
        task: &TaskResource,
        digest: String,
    ) -> Result<(), StoreError> {
        let mut changes = detail::history(&mut self.write.tx, &self.tenant, &task.id).await?;
        let stored = changes.len();
        if task.status != before.status {
            // A clock that was set back must not put the newest change in the past.
            let last = changes.last().map_or(task.created_at, |change| change.at);
            changes.push(StatusChange {
                status: task.status,
                at: self.cx.now.max(last),
            });
        }
        let days = ["DELETE FROM task_status_days WHERE tenant_id = "];
        let tasks = std::slice::from_ref(&task.id);
        forget(&mut self.write.tx, &self.tenant, tasks, &days).await?;
        self.write_task(task, &History::Of { changes, stored }, digest)
            .await
    }

    async fn write_task(
        &mut self,
        task: &TaskResource,
        history: &History,
        digest: String,
    ) -> Result<(), StoreError> {
        let (changes, stored) = match history {
            History::Untouched => (&[][..], 0),
            History::Of { changes, stored } => (changes.as_slice(), *stored),
        };
        let changes: Vec<&StatusChange> = changes.iter().collect();
        let mut writer = TaskWriter::new();
        let stored_task = StoredTask {
            tenant: &self.tenant,
            id: &task.id,
            external_id: task.external_id.as_deref().unwrap_or(task.id.as_str()),
            project: &task.project,
            assignee: task.assignee.as_ref(),
            title: &task.title,
            status: task.status,
            priority: task.priority,
            created_at: task.created_at,
            started_at: task.started_at,
            completed_at: task.completed_at,
            due_on: task.due_on,
            estimate_hours: task.estimate_hours,
            updated_at: task.updated_at,
            first_version: self.write.revision(),
            history: &changes,
            digest,
        };
        match history {
            History::Untouched => writer.push_row(&stored_task),
            History::Of { .. } => writer.push(&stored_task, stored),
        }
        writer.write(&mut self.write.tx).await
    }

    /// What a task refers to has to be the tenant's own.
    async fn require_known(&mut self, task: &TaskResource) -> Result<(), StoreError> {
        let project = "SELECT p.id FROM projects p WHERE p.tenant_id = $1 AND p.id = $2";
        self.require(project, task.project.as_str(), "/project")
            .await?;
        if let Some(assignee) = task.assignee.as_ref().map(UserId::as_str) {
            let user = "SELECT u.id FROM users u WHERE u.tenant_id = $1 AND u.id = $2";
            self.require(user, assignee, "/assignee").await?;
        }
        Ok(())
    }

    async fn require(
        &mut self,
        select: &'static str,
        id: &str,
        at: &'static str,
    ) -> Result<(), StoreError> {
        let is_known = if let Some(known) = self.known.get(id) {
            *known
        } else {
            let sql = Sql::new(select).value(self.tenant.as_str()).value(id);
            let known = self.write.tx.optional::<(String,)>(sql).await?.is_some();
            self.known.insert(id.to_owned(), known);
            known
        };
        if is_known {
            Ok(())
        } else {
            Err(StoreError::Unknown { at })
        }
    }

    /// Gives a task its labels and no others; those that are new are made.
    async fn set_labels(&mut self, task: &TaskResource) -> Result<(), StoreError> {
        let deletes = ["DELETE FROM task_labels WHERE tenant_id = "];
        forget(
            &mut self.write.tx,
            &self.tenant,
            std::slice::from_ref(&task.id),
            &deletes,
        )
        .await?;
        let mut rows = Rows::new(
            "INSERT INTO task_labels (tenant_id, task_id, label_id) VALUES",
            "",
        );
        for name in &task.labels {
            let label = match self.labels.get(name) {
                Some(label) => label.clone(),
                None => self.label(name).await?,
            };
            rows.push([
                self.tenant.as_str().into(),
                task.id.as_str().into(),
                label.into(),
            ]);
        }
        rows.write(&mut self.write.tx).await
    }
}
