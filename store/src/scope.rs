//! What of a tenant's data its holder may see: the one place that limits
//! queries.

use oriel_contract::{LockedFilters, ProjectId, TenantId, UserId};

use crate::{sql::Sql, tasks::DateRange};

/// The right to one tenant's data, all of it or a part.
///
/// It is made from a verified token or by the operator, and limits every query
/// of a [`TenantStore`](crate::TenantStore).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TenantScope {
    tenant: TenantId,
    projects: Option<Vec<ProjectId>>,
    locked: LockedFilters,
    masks_people: bool,
}

impl TenantScope {
    /// Everything that the tenant has: for the operator's own commands.
    pub fn whole(tenant: TenantId) -> Self {
        Self::limited(tenant, None, LockedFilters::default())
    }

    /// Only these projects (`None` for all), and only what the locked filters
    /// let through. An empty list lets nothing through.
    pub fn limited(
        tenant: TenantId,
        projects: Option<Vec<ProjectId>>,
        locked: LockedFilters,
    ) -> Self {
        Self {
            tenant,
            projects,
            locked,
            masks_people: false,
        }
    }

    /// The same, calling people by a pseudonym wherever one is named.
    #[must_use]
    pub fn masking_people(self) -> Self {
        Self {
            masks_people: true,
            ..self
        }
    }

    /// The same without what the locked filters take away: for what does not
    /// depend on them.
    #[must_use]
    pub fn without_locks(&self) -> Self {
        Self {
            locked: LockedFilters::default(),
            ..self.clone()
        }
    }

    /// Whose data it is.
    pub fn tenant(&self) -> &TenantId {
        &self.tenant
    }

    /// Bytes that it holds beside its own size, roughly: for those who keep it.
    pub fn held_bytes(&self) -> usize {
        let projects = self.projects.as_deref().unwrap_or_default();
        let ids: usize = projects
            .iter()
            .map(|id| size_of::<ProjectId>() + id.as_str().len())
            .sum();
        let statuses = self.locked.status.as_deref().unwrap_or_default();
        let assignee = self.locked.assignee.as_ref().map_or("", UserId::as_str);
        self.tenant.as_str().len() + ids + size_of_val(statuses) + assignee.len()
    }

    pub(crate) fn is_whole(&self) -> bool {
        self.projects.is_none() && self.locked.is_empty()
    }

    /// Whether it is limited by more than projects.
    pub(crate) fn has_locks(&self) -> bool {
        !self.locked.is_empty()
    }

    /// Adds the condition that every read of tasks carries; the table's alias
    /// is `t`.
    pub(crate) fn limit_tasks(&self, sql: &mut Sql) {
        sql.push("t.tenant_id = ").bind(self.tenant.as_str());
        if let Some(projects) = &self.projects {
            sql.push(" AND t.project_id");
            sql.bind_in(projects.iter().map(ProjectId::as_str));
        }
        if let Some(statuses) = &self.locked.status {
            sql.push(" AND t.status");
            sql.bind_in(statuses.iter().map(|status| status.as_str()));
        }
        if let Some(assignee) = &self.locked.assignee {
            sql.push(" AND t.assignee_id = ").bind(assignee.as_str());
        }
        if let Some(dates) = self.locked_dates() {
            dates.limit(sql);
        }
    }

    /// Adds the condition that every read of milestones carries; the table's alias
    /// is `m`. Of the locks only days are something that a milestone has too.
    pub(crate) fn limit_milestones(&self, sql: &mut Sql) {
        sql.push("m.tenant_id = ").bind(self.tenant.as_str());
        sql.push(" AND ");
        self.limit_project_column(sql, "m.project_id");
        if let Some(dates) = self.locked_dates() {
            dates.limit_milestones(sql);
        }
    }

    fn locked_dates(&self) -> Option<DateRange> {
        let LockedFilters { date, from, to, .. } = self.locked;
        (from.is_some() || to.is_some()).then(|| DateRange {
            field: date.unwrap_or_default(),
            from,
            to,
        })
    }

    /// How the name of a person reads, of users `u`: no statement that answers a
    /// reader names the column itself. Sorting and searching go by this too, since
    /// an order or a hit would tell the name.
    pub(crate) fn person_name(&self) -> &'static str {
        if self.masks_people {
            "'Person ' || UPPER(SUBSTR(u.id, LENGTH(u.id) - 3))"
        } else {
            "u.name"
        }
    }

    /// Adds the condition that every read of projects carries; the table's
    /// alias is `p`.
    pub(crate) fn limit_projects(&self, sql: &mut Sql) {
        sql.push("p.tenant_id = ").bind(self.tenant.as_str());
        if let Some(projects) = &self.projects {
            sql.push(" AND p.id");
            sql.bind_in(projects.iter().map(ProjectId::as_str));
        }
    }

    /// Adds the condition that a column names a project of the scope. For reads
    /// that are limited to the tenant already.
    pub(crate) fn limit_project_column(&self, sql: &mut Sql, column: &'static str) {
        match &self.projects {
            Some(projects) => {
                sql.push(column);
                sql.bind_in(projects.iter().map(ProjectId::as_str));
            }
            None => {
                sql.push("1 = 1");
            }
        }
    }
}
