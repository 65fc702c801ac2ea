//! What an import knows by external id: what is stored, and what the batch
//! itself brings.

use std::{
    collections::{BTreeSet, HashMap},
    str::FromStr,
};

use oriel_contract::{LabelId, MilestoneId, ProjectId, TaskId, TenantId, UserId};

use super::{BatchError, ImportMilestone, ImportTask};
use crate::{StoreError, database::Tx, encoding, sql::Sql};

pub(super) struct Known {
    pub users: HashMap<String, UserId>,
    pub projects: HashMap<String, ProjectId>,
    /// By name.
    pub labels: HashMap<String, LabelId>,
    /// With the digest of what was imported last.
    pub tasks: HashMap<String, (TaskId, String)>,
    pub milestones: HashMap<String, MilestoneId>,
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
        let milestones: Vec<(String, String)> = tx
            .all(of(
                "SELECT external_id, id FROM milestones WHERE tenant_id = $1",
            ))
            .await?;
        Ok(Self {
            users: by_name(users)?,
            projects: by_name(projects)?,
            labels: by_name(labels)?,
            milestones: by_name(milestones)?,
            tasks: tasks
                .into_iter()
                .map(|(external_id, id, digest)| Ok((external_id, (encoding::id(&id)?, digest))))
                .collect::<Result<_, StoreError>>()?,
        })
    }

    pub fn project(&self, task: &ImportTask) -> Result<&ProjectId, BatchError> {
        self.project_of("task", &task.external_id, &task.project)
    }

    pub fn milestone_project(&self, milestone: &ImportMilestone) -> Result<&ProjectId, BatchError> {
        self.project_of("milestone", &milestone.external_id, &milestone.project)
    }

    fn project_of(
        &self,
        what: &'static str,
        external_id: &str,
        project: &str,
    ) -> Result<&ProjectId, BatchError> {
        self.projects
            .get(project)
            .ok_or_else(|| BatchError::UnknownProject {
                what,
                external_id: external_id.to_owned(),
                project: project.to_owned(),
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

/// Ids by the name that the batch calls them by.
fn by_name<T: FromStr>(rows: Vec<(String, String)>) -> Result<HashMap<String, T>, StoreError> {
    rows.into_iter()
        .map(|(name, id)| Ok((name, encoding::id(&id)?)))
        .collect()
}
