//! Projects with their counts.

use jiff::civil::Date;
use oriel_contract::{Page, Project, ProjectId};

use crate::{
    StoreError, TenantStore,
    by_name::ByName,
    encoding::{self, count, day_number},
    sql::Sql,
};

#[derive(sqlx::FromRow)]
struct ProjectRow {
    id: String,
    name: String,
    tasks: i64,
    open: i64,
    overdue: i64,
    done: i64,
}

impl TryFrom<ProjectRow> for Project {
    type Error = StoreError;

    fn try_from(row: ProjectRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: encoding::id(&row.id)?,
            name: row.name,
            tasks: count(row.tasks),
            open: count(row.open),
            overdue: count(row.overdue),
            done: count(row.done),
        })
    }
}

impl TenantStore<'_> {
    /// Projects of the scope by name, with the counts of the tasks that the
    /// scope shows. `after` is the `next_cursor` of the page before.
    pub async fn projects(
        &self,
        today: Date,
        limit: u32,
        after: Option<&str>,
    ) -> Result<Page<Project>, StoreError> {
        let list = ByName::new("projects", None, limit, after)?;
        let mut sql = Sql::new(
            "WITH named AS (
                 SELECT p.id, p.name FROM projects p WHERE ",
        );
        self.scope.limit_projects(&mut sql);
        sql.push("), page AS (SELECT n.id, n.name");
        list.select(&mut sql);
        sql.push(
            "), counts AS (
                 SELECT t.project_id,
                        COUNT(CASE WHEN t.status <> 'cancelled' THEN 1 END) AS tasks,
                        COUNT(CASE WHEN t.status IN ('todo', 'in_progress', 'blocked') THEN 1 END)
                            AS open,
                        COUNT(CASE WHEN t.status IN ('todo', 'in_progress', 'blocked')
                                    AND t.due_on < ",
        );
        sql.bind(day_number(today)).push(
            " THEN 1 END) AS overdue,
                        COUNT(CASE WHEN t.status = 'done' THEN 1 END) AS done
                 FROM tasks t WHERE ",
        );
        self.scope.limit_tasks(&mut sql);
        sql.push(
            " GROUP BY t.project_id)
             SELECT page.id, page.name, COALESCE(c.tasks, 0) AS tasks, COALESCE(c.open, 0) AS open,
                    COALESCE(c.overdue, 0) AS overdue, COALESCE(c.done, 0) AS done
             FROM page LEFT JOIN counts c ON c.project_id = page.id
             ORDER BY page.name, page.id",
        );

        let rows: Vec<ProjectRow> = self.store.database.all(sql).await?;
        let projects = rows.into_iter().map(Project::try_from);
        let projects = projects.collect::<Result<_, _>>()?;
        Ok(list.page(projects, |project: &Project| {
            (&project.name, project.id.as_str())
        }))
    }

    /// The ids of all projects of the scope.
    pub async fn project_ids(&self) -> Result<Vec<ProjectId>, StoreError> {
        let mut sql = Sql::new("SELECT p.id FROM projects p WHERE ");
        self.scope.limit_projects(&mut sql);
        let rows: Vec<(String,)> = self.store.database.all(sql).await?;
        rows.iter().map(|(id,)| encoding::id(id)).collect()
    }
}
