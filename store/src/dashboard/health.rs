//! How projects stand.

use oriel_contract::{ProjectHealth, ProjectHealthItem, ProjectRef, Risk};

use super::numbers::Counted;
use crate::{
    StoreError,
    database::Tx,
    encoding::{self, count, day_number, float, unreadable},
    sql::Sql,
};

/// Projects that are named, at most.
const PROJECTS: i64 = 20;

impl Counted<'_> {
    /// Projects, riskiest first.
    pub async fn health(&self, tx: &mut Tx) -> Result<ProjectHealth, StoreError> {
        let today = day_number(self.today);
        let mut sql = Sql::new(
            "WITH parts AS (
                 SELECT t.project_id, t.status, COUNT(*) AS tasks, COUNT(CASE WHEN t.due_on < ",
        );
        sql.bind(today)
            .push(" THEN 1 END) AS late, MIN(CASE WHEN t.due_on >= ")
            .bind(today)
            .push(" THEN t.due_on END) AS next_due");
        self.from(&mut sql);
        sql.push(
            " AND t.status <> 'cancelled' GROUP BY t.project_id, t.status
             ), sums AS (
                 SELECT project_id, CAST(SUM(tasks) AS BIGINT) AS tasks,
                        CAST(SUM(CASE WHEN status = 'done' THEN tasks ELSE 0 END) AS BIGINT)
                            AS completed,
                        CAST(SUM(CASE WHEN status <> 'done' THEN tasks ELSE 0 END) AS BIGINT)
                            AS open_tasks,
                        CAST(SUM(CASE WHEN status <> 'done' THEN late ELSE 0 END) AS BIGINT)
                            AS overdue,
                        CAST(SUM(CASE WHEN status = 'blocked' THEN tasks ELSE 0 END) AS BIGINT)
                            AS blocked,
                        CAST(SUM(CASE WHEN status = 'blocked' THEN late ELSE 0 END) AS BIGINT)
                            AS both_of_these,
                        MIN(CASE WHEN status <> 'done' THEN next_due END) AS next_due
                 FROM parts GROUP BY project_id
             ), judged AS (
                 SELECT s.*, CASE
                        WHEN open_tasks = 0 THEN 3
                        WHEN overdue * 4 >= open_tasks THEN 0
                        WHEN (overdue + blocked - both_of_these) * 10 >= open_tasks THEN 1
                        ELSE 2 END AS risk
                 FROM sums s
             )
             SELECT p.id, p.name, j.tasks, j.completed, j.open_tasks, j.overdue, j.blocked,
                    j.next_due, CAST(j.risk AS BIGINT) AS risk, COUNT(*) OVER () AS projects
             FROM judged j JOIN projects p ON p.id = j.project_id AND p.tenant_id = ",
        )
        .bind(self.scope.tenant().as_str())
        .push(
            " ORDER BY j.risk, j.overdue DESC, j.blocked DESC, j.open_tasks DESC, p.name, p.id
              LIMIT ",
        )
        .bind(PROJECTS);
        let rows: Vec<HealthRow> = tx.all(sql).await?;
        let projects = rows.first().map_or(0, |row| row.projects);
        let items = rows.into_iter().map(HealthRow::item);
        Ok(ProjectHealth {
            items: items.collect::<Result<_, _>>()?,
            others: count(projects - PROJECTS),
        })
    }
}

#[derive(sqlx::FromRow)]
struct HealthRow {
    id: String,
    name: String,
    tasks: i64,
    completed: i64,
    open_tasks: i64,
    overdue: i64,
    blocked: i64,
    next_due: Option<i64>,
    risk: i64,
    projects: i64,
}

impl HealthRow {
    fn item(self) -> Result<ProjectHealthItem, StoreError> {
        Ok(ProjectHealthItem {
            project: ProjectRef {
                id: encoding::id(&self.id)?,
                name: self.name,
            },
            tasks: count(self.tasks),
            open: count(self.open_tasks),
            overdue: count(self.overdue),
            blocked: count(self.blocked),
            completed: count(self.completed),
            progress: float(count(self.completed)) / float(count(self.tasks)),
            risk: risk(self.risk)?,
            next_due_on: self.next_due.map(encoding::date).transpose()?,
        })
    }
}

/// A risk by its place in the order.
fn risk(rank: i64) -> Result<Risk, StoreError> {
    match rank {
        0 => Ok(Risk::OffTrack),
        1 => Ok(Risk::AtRisk),
        2 => Ok(Risk::OnTrack),
        3 => Ok(Risk::Done),
        _ => Err(unreadable("risk")),
    }
}
