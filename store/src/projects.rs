//! Projects with their counts.

use jiff::civil::Date;
use oriel_contract::{Page, Project};

use crate::{
    StoreError, TenantStore,
    encoding::{self, count, day_number},
    sql::Sql,
    tasks::cursor::{Cursor, Key, fingerprint},
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
        let print = fingerprint(&["projects"]);
        let after = after.map(|text| Cursor::parse(text, &print)).transpose()?;
        let after = match after {
            Some(cursor) => Some(self.place_after(cursor).await?),
            None => None,
        };
        let mut sql = Sql::new(
            "WITH page AS (
                 SELECT p.id, p.name FROM projects p WHERE ",
        );
        self.scope.limit_projects(&mut sql);
        if let Some((name, id)) = after {
            sql.push(" AND (p.name, p.id) > (").bind(name);
            sql.push(", ").bind(id).push(")");
        }
        sql.push(" ORDER BY p.name, p.id LIMIT ")
            .bind(i64::from(limit) + 1);
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
        let mut items = rows
            .into_iter()
            .map(Project::try_from)
            .collect::<Result<Vec<_>, _>>()?;
        let more = items.len() > limit as usize;
        items.truncate(limit as usize);
        let next_cursor = items.last().filter(|_| more).map(|last: &Project| {
            Cursor::new(Key::Text(last.name.clone()), last.id.as_str()).format(&print)
        });
        Ok(Page { items, next_cursor })
    }

    /// The name and the id that a cursor stands for. A name that was cut is
    /// looked up; where the project has another one by now, the start of the
    /// old one must do.
    async fn place_after(&self, cursor: Cursor) -> Result<(String, String), StoreError> {
        let Cursor { key, id } = cursor;
        let prefix = match key {
            Key::Text(name) => return Ok((name, id)),
            Key::Prefix(prefix) => prefix,
            Key::Null | Key::Int(_) => return Err(StoreError::BadCursor),
        };
        let mut sql = Sql::new("SELECT p.name FROM projects p WHERE ");
        self.scope.limit_projects(&mut sql);
        sql.push(" AND p.id = ").bind(id.as_str());
        let row: Option<(String,)> = self.store.database.optional(sql).await?;
        let name = row
            .map(|(name,)| name)
            .filter(|name| name.starts_with(&prefix))
            .unwrap_or(prefix);
        Ok((name, id))
    }
}
