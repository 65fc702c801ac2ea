//! What an import knows by external id: what is stored, and what the batch
//! itself brings.

use std::collections::{BTreeSet, HashMap};

use oriel_contract::{LabelId, ProjectId, TaskId, TenantId, UserId};

use super::{BatchError, ImportTask};
use crate::{StoreError, database::Tx, encoding, sql::Sql};

pub(super) struct Known {
    pub users: HashMap<String, UserId>,
    pub projects: HashMap<String, ProjectId>,
    /// By name.
    pub labels: HashMap<String, LabelId>,
    /// With the digest of what was imported last.
    pub tasks: HashMap<String, (TaskId, String)>,
}

impl Known {
    pub async fn load(tx: &mut Tx, tenant: &TenantId) -> Result<Self, StoreError> {
        let of = |text| Sql::new(text).value(tenant.as_str());
        let users: Vec<(String, String)> = tx
            .all(of("SELECT external_id, id FROM users WHERE tenant_id = $1"))
            .await?;
        let projects: Vec<(String, String)> = tx
            .all(of(
                "SELECT external_id, id FROM projects WHERE tenant_id = $1",
            ))
            .await?;
        let labels: Vec<(String, String)> = tx
            .all(of("SELECT name, id FROM labels WHERE tenant_id = $1"))
            .await?;
        let tasks: Vec<(String, String, String)> = tx
            .all(of(
                "SELECT external_id, id, digest FROM tasks WHERE tenant_id = $1",
            ))
            .await?;
        Ok(Self {
            users: users
                .into_iter()
                .map(|(external_id, id)| Ok((external_id, encoding::id(&id)?)))
                .collect::<Result<_, StoreError>>()?,
            projects: projects
                .into_iter()
                .map(|(external_id, id)| Ok((external_id, encoding::id(&id)?)))
                .collect::<Result<_, StoreError>>()?,
            labels: labels
                .into_iter()
                .map(|(name, id)| Ok((name, encoding::id(&id)?)))
                .collect::<Result<_, StoreError>>()?,
            tasks: tasks
                .into_iter()
                .map(|(external_id, id, digest)| Ok((external_id, (encoding::id(&id)?, digest))))
                .collect::<Result<_, StoreError>>()?,
        })
    }

    pub fn project(&self, task: &ImportTask) -> Result<&ProjectId, BatchError> {
        self.projects
            .get(&task.project)
            .ok_or_else(|| BatchError::UnknownProject {
                task: task.external_id.clone(),
                project: task.project.clone(),
            })
    }

    /// A user that the task refers to.
    pub fn user(&self, task: &ImportTask, user: &str) -> Result<&UserId, BatchError> {
        self.users.get(user).ok_or_else(|| BatchError::UnknownUser {
            task: task.external_id.clone(),
            user: user.to_owned(),
        })
    }

    /// The labels of the task, each once.
    pub fn labels(&self, task: &ImportTask) -> BTreeSet<&LabelId> {
        let names = task.labels.iter();
        names.filter_map(|name| self.labels.get(name)).collect()
    }
}
