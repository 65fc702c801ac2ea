//! The timeline of a project: its tasks as bars, and its milestones.
//!
//! The contract says what each day means; where a bar lies is in two columns of
//! the tasks, `starts_on` and `ends_on`, and walked along by one index. What waits
//! for what is listed as it is and never walked, so that a circle in it is
//! nothing to this.

use std::collections::HashMap;

use jiff::civil::Date;
use oriel_contract::{
    Milestone, ProjectId, ProjectRef, RangePreset, TaskId, Timeline, TimelineTask,
};

use crate::{
    StoreError, TenantStore,
    dashboard::calendar,
    database::Tx,
    encoding::{self, count, day_number},
    sql::Sql,
    tasks::{
        TaskFilter,
        cursor::{Cursor, Key, fingerprint},
    },
};

/// Most milestones of an answer.
const MILESTONES: i64 = 200;

/// Which page of which timeline.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TimelineQuery {
    pub project: ProjectId,
    /// How far back the window goes.
    pub range: RangePreset,
    /// What it keeps of the project's tasks.
    pub filter: TaskFilter,
    pub limit: u32,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
}

#[derive(sqlx::FromRow)]
struct BarRow {
    id: String,
    title: String,
    status: String,
    starts_on: i64,
    ends_on: Option<i64>,
    due_on: Option<i64>,
}

/// What is known of all bars, on every page.
#[derive(sqlx::FromRow)]
struct Extent {
    bars: i64,
    first_start: Option<i64>,
    last_start: Option<i64>,
    last_end: Option<i64>,
}

impl TenantStore<'_> {
    /// A page of a project's timeline; `None` where the scope does not show the
    /// project.
    ///
    /// A cursor of another timeline, or one that is not ours, is
    /// [`StoreError::BadCursor`].
    pub async fn timeline(
        &self,
        today: Date,
        query: &TimelineQuery,
    ) -> Result<Option<Timeline>, StoreError> {
        let print = query.fingerprint();
        let after = query.after(&print)?;
        let mut tx = self.store.database.read().await?;
        let Some(project) = self.project_ref(&mut tx, &query.project).await? else {
            return Ok(None);
        };
        let window = Window::of(query.range, today);
        let extent: Extent = tx.one(self.extent(query, window)).await?;
        let mut rows: Vec<BarRow> = tx.all(self.bars(query, window, after)).await?;
        let more = rows.len() > query.limit as usize;
        rows.truncate(query.limit as usize);
        let mut waits_for = self.predecessors(&mut tx, &rows).await?;
        let milestones = self.milestones(&mut tx, query, window).await?;
        tx.commit().await?;

        let next_cursor = rows.last().filter(|_| more).map(|last| {
            let keys = vec![Key::Int(last.starts_on)];
            Cursor::new(keys, &last.id).format(&print)
        });
        let tasks = rows
            .into_iter()
            .map(|row| {
                let depends_on = waits_for.remove(&row.id).unwrap_or_default();
                row.task(today, depends_on)
            })
            .collect::<Result<_, StoreError>>()?;
        let (from, to) = window.around(&extent, &milestones)?;
        Ok(Some(Timeline {
            project,
            as_of: today,
            from,
            to,
            milestones,
            tasks,
            total: count(extent.bars),
            next_cursor,
        }))
    }

    async fn project_ref(
        &self,
        tx: &mut Tx,
        id: &ProjectId,
    ) -> Result<Option<ProjectRef>, StoreError> {
        let mut sql = Sql::new("SELECT p.name FROM projects p WHERE ");
        self.scope.limit_projects(&mut sql);
        sql.push(" AND p.id = ").bind(id.as_str());
        let row: Option<(String,)> = tx.optional(sql).await?;
        Ok(row.map(|(name,)| ProjectRef {
            id: id.clone(),
            name,
        }))
    }

    /// Counts the bars, and says how far they reach.
    fn extent(&self, query: &TimelineQuery, window: Window) -> Sql {
        let mut sql = Sql::new(
            "SELECT COUNT(*) AS bars, MIN(t.starts_on) AS first_start,
                    MAX(t.starts_on) AS last_start, MAX(t.ends_on) AS last_end
             FROM tasks t WHERE ",
        );
        self.limit_bars(&mut sql, query, window);
        query.filter.limit(&mut sql, window.today);
        sql
    }

    /// The bars after the cursor, one more than a page where there are more.
    fn bars(&self, query: &TimelineQuery, window: Window, after: Option<(i64, String)>) -> Sql {
        let mut sql = Sql::new(
            "SELECT t.id, t.title, t.status, t.starts_on, t.ends_on, t.due_on
             FROM tasks t WHERE ",
        );
        self.limit_bars(&mut sql, query, window);
        query.filter.limit_walk(&mut sql, window.today);
        if let Some((start, id)) = after {
            sql.push(" AND (t.starts_on, t.id) > (").bind(start);
            sql.push(", ").bind(id).push(")");
        }
        sql.push(" ORDER BY t.starts_on, t.id LIMIT ")
            .bind(i64::from(query.limit) + 1);
        sql
    }

    /// Adds the condition that a bar is the project's and ends within the window.
    fn limit_bars(&self, sql: &mut Sql, query: &TimelineQuery, window: Window) {
        self.scope.limit_tasks(sql);
        sql.push(" AND t.project_id = ")
            .bind(query.project.as_str());
        if let Some(from) = window.from {
            // A bar without a last day reaches today, and none ends before it
            // starts.
            let from = day_number(from);
            sql.push(" AND (t.ends_on IS NULL OR t.ends_on >= ")
                .bind(from)
                .push(" OR t.starts_on >= ")
                .bind(from)
                .push(")");
        }
    }

    /// What the tasks of a page wait for, as far as the scope shows it.
    async fn predecessors(
        &self,
        tx: &mut Tx,
        rows: &[BarRow],
    ) -> Result<HashMap<String, Vec<TaskId>>, StoreError> {
        let mut found: HashMap<String, Vec<TaskId>> = HashMap::new();
        if rows.is_empty() {
            return Ok(found);
        }
        let mut sql = Sql::new(
            "SELECT d.task_id, d.predecessor_id FROM task_dependencies d
             JOIN tasks t ON t.tenant_id = d.tenant_id AND t.id = d.predecessor_id
             WHERE ",
        );
        self.scope.limit_tasks(&mut sql);
        sql.push(" AND d.tenant_id = ")
            .bind(self.scope.tenant().as_str())
            .push(" AND d.task_id");
        sql.bind_in(rows.iter().map(|row| row.id.as_str()))
            .push(" ORDER BY d.predecessor_id");
        let pairs: Vec<(String, String)> = tx.all(sql).await?;
        for (task, predecessor) in pairs {
            let predecessor = encoding::id(&predecessor)?;
            found.entry(task).or_default().push(predecessor);
        }
        Ok(found)
    }

    /// The project's milestones within the window.
    async fn milestones(
        &self,
        tx: &mut Tx,
        query: &TimelineQuery,
        window: Window,
    ) -> Result<Vec<Milestone>, StoreError> {
        let mut sql =
            Sql::new("SELECT m.id, m.name, m.due_on, m.reached_on FROM milestones m WHERE ");
        self.scope.limit_milestones(&mut sql);
        sql.push(" AND m.project_id = ")
            .bind(query.project.as_str());
        if let Some(from) = window.from.map(day_number) {
            sql.push(" AND (m.due_on >= ").bind(from);
            sql.push(" OR m.reached_on >= ").bind(from).push(")");
        }
        sql.push(" ORDER BY m.due_on, m.id LIMIT ").bind(MILESTONES);
        let rows: Vec<(String, String, i64, Option<i64>)> = tx.all(sql).await?;
        rows.into_iter()
            .map(|(id, name, due, reached)| {
                Ok(Milestone {
                    id: encoding::id(&id)?,
                    name,
                    due: encoding::date(due)?,
                    reached: reached.map(encoding::date).transpose()?,
                })
            })
            .collect()
    }
}

impl TimelineQuery {
    /// What a cursor of this timeline is known by.
    fn fingerprint(&self) -> String {
        let filter = self.filter.words();
        let words = ["timeline", self.project.as_str(), self.range.as_str()].into_iter();
        let words: Vec<&str> = words.chain(filter.iter().map(String::as_str)).collect();
        fingerprint(&words)
    }

    /// The start and the id of the bar that the page comes after.
    fn after(&self, print: &str) -> Result<Option<(i64, String)>, StoreError> {
        let Some(text) = &self.cursor else {
            return Ok(None);
        };
        let Cursor { keys, id } = Cursor::parse(text, print)?;
        match keys[..] {
            [Key::Int(start)] => Ok(Some((start, id))),
            _ => Err(StoreError::BadCursor),
        }
    }
}

impl BarRow {
    fn task(self, today: Date, depends_on: Vec<TaskId>) -> Result<TimelineTask, StoreError> {
        let status = encoding::status(&self.status)?;
        let today = day_number(today);
        let end = self.ends_on.unwrap_or(today).max(self.starts_on);
        Ok(TimelineTask {
            id: encoding::id(&self.id)?,
            title: self.title,
            status,
            start: encoding::date(self.starts_on)?,
            end: encoding::date(end)?,
            is_overdue: status.is_open() && self.due_on.is_some_and(|due| due < today),
            depends_on,
        })
    }
}

/// The days that a timeline looks at: up to any future.
#[derive(Debug, Clone, Copy)]
struct Window {
    /// The first day; any past without it.
    from: Option<Date>,
    today: Date,
}

impl Window {
    fn of(range: RangePreset, today: Date) -> Self {
        let is_bounded = range.days().is_some();
        Self {
            from: is_bounded.then(|| calendar::range(range, today, None).from),
            today,
        }
    }

    /// The days that an axis covers at least.
    fn around(self, extent: &Extent, milestones: &[Milestone]) -> Result<(Date, Date), StoreError> {
        let of_bars = [extent.first_start, extent.last_start, extent.last_end];
        let mut days = vec![self.today];
        for day in of_bars.into_iter().flatten() {
            days.push(encoding::date(day)?);
        }
        days.extend(milestones.iter().map(|milestone| milestone.due));
        days.extend(milestones.iter().filter_map(|milestone| milestone.reached));
        let first = days.iter().copied().fold(self.today, Date::min);
        let last = days.iter().copied().fold(self.today, Date::max);
        Ok((self.from.unwrap_or(first), last))
    }
}
