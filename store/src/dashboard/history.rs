//! What was so at the end of a day, worked back from the present: today's
//! counts without the changes that came after that day. So only the changes
//! since the first day that is shown are read, however long the history is.

use jiff::civil::Date;
use oriel_contract::{ProjectId, StatusCount, TaskStatus};

use super::numbers::Counted;
use crate::{
    StoreError,
    database::Tx,
    encoding::{self, count, day_number},
    sql::Sql,
};

const STATUSES: usize = TaskStatus::ALL.len();
const OPEN: &str = "('todo', 'in_progress', 'blocked')";

/// Tasks of each status at the end of each day since a first one.
pub(super) struct StatusHistory {
    first: [i64; STATUSES],
    /// Day numbers, ascending, each with the counts at its end.
    changed: Vec<(i64, [i64; STATUSES])>,
}

impl StatusHistory {
    /// The counts at the end of the day, in the order of [`TaskStatus::ALL`].
    pub fn at(&self, day: Date) -> [u64; STATUSES] {
        let day = day_number(day);
        let later = self.changed.partition_point(|(other, _)| *other <= day);
        let before = later.checked_sub(1).map(|index| self.changed[index].1);
        before.unwrap_or(self.first).map(count)
    }
}

impl Counted<'_> {
    /// The history since the end of `first`, from today's counts.
    pub async fn status_history(
        &self,
        tx: &mut Tx,
        first: Date,
        present: &[StatusCount],
    ) -> Result<StatusHistory, StoreError> {
        let mut sql = Sql::new("SELECT d.day, d.was, d.status, COUNT(*)");
        self.push_days_after(&mut sql, first);
        sql.push(" GROUP BY d.day, d.was, d.status ORDER BY d.day");
        let rows: Vec<(i64, String, String, i64)> = tx.all(sql).await?;

        let mut changed: Vec<(i64, [i64; STATUSES])> = Vec::new();
        for (day, was, status, tasks) in rows {
            if changed.last().is_none_or(|(last, _)| *last != day) {
                changed.push((day, [0; STATUSES]));
            }
            if let Some((_, change)) = changed.last_mut() {
                change[encoding::status(&status)? as usize] += tasks;
                if !was.is_empty() {
                    change[encoding::status(&was)? as usize] -= tasks;
                }
            }
        }
        Ok(StatusHistory::before(present, changed))
    }

    /// Overdue tasks at the end of each of these weeks, which follow each other.
    pub async fn overdue_history(
        &self,
        tx: &mut Tx,
        weeks: &[(Date, Date)],
    ) -> Result<Vec<u64>, StoreError> {
        let Some(&(_, first)) = weeks.first() else {
            return Ok(Vec::new());
        };
        let mut overdue = vec![0; weeks.len()];
        for (due, tasks) in self.open_by_due_place(tx, first).await? {
            if let Some(due) = due {
                add(&mut overdue, due, i64::MAX, tasks);
            }
        }
        for (due, changed, tasks) in self.opened_late(tx, first).await? {
            add(&mut overdue, due, changed, -tasks);
        }
        Ok(overdue.into_iter().map(count).collect())
    }

    /// Open tasks by the first place at which they are past their due date.
    async fn open_by_due_place(
        &self,
        tx: &mut Tx,
        first: Date,
    ) -> Result<Vec<(Option<i64>, i64)>, StoreError> {
        let mut sql = Sql::new("SELECT");
        due_place(&mut sql, "t.due_on", first);
        sql.push(" AS place, COUNT(*)");
        self.from(&mut sql);
        sql.push(" AND t.status IN ").push(OPEN);
        // The order of the index, as for the workload.
        sql.push(" GROUP BY t.status, place");
        tx.all(sql).await
    }

    /// How many more tasks were opened (or created) than closed after their due
    /// date: by the first place at which they were past it, and the last one
    /// before the change.
    async fn opened_late(
        &self,
        tx: &mut Tx,
        first: Date,
    ) -> Result<Vec<(i64, i64, i64)>, StoreError> {
        let mut sql = Sql::new("SELECT");
        due_place(&mut sql, "d.due_on", first);
        sql.push(" AS due_place, (d.day - 1 - ")
            .bind(day_number(first))
            .push(") / 7 AS day_place, COUNT(CASE WHEN d.status IN ")
            .push(OPEN)
            .push(" THEN 1 END) - COUNT(CASE WHEN d.was IN ")
            .push(OPEN)
            .push(" THEN 1 END)");
        self.push_days_after(&mut sql, first);
        // Between the due date and the change must be a day to be overdue on.
        sql.push(" AND d.due_on < d.day - 1 GROUP BY due_place, day_place");
        tx.all(sql).await
    }

    /// Adds `FROM task_status_days d WHERE` and the conditions, for changes
    /// after the end of the day. Tasks themselves are visited only where the
    /// table does not know enough of them.
    fn push_days_after(&self, sql: &mut Sql, day: Date) {
        sql.push(" FROM task_status_days d WHERE d.tenant_id = ")
            .bind(self.scope.tenant().as_str())
            .push(" AND d.day > ")
            .bind(day_number(day));
        if self.scope.has_locks() || !self.filter.is_by_project_alone() {
            sql.push(" AND d.task_id IN (SELECT t.id");
            self.from(sql);
            sql.push(")");
            return;
        }
        sql.push(" AND ");
        self.scope.limit_project_column(sql, "d.project_id");
        if !self.filter.projects.is_empty() {
            sql.push(" AND d.project_id");
            sql.bind_in(self.filter.projects.iter().map(ProjectId::as_str));
        }
    }
}

impl StatusHistory {
    /// The present, and the net changes of the days before it.
    fn before(present: &[StatusCount], mut changed: Vec<(i64, [i64; STATUSES])>) -> Self {
        let mut counts = [0; STATUSES];
        for (count, present) in counts.iter_mut().zip(present) {
            *count = i64::try_from(present.tasks).unwrap_or(i64::MAX);
        }
        for (_, change) in changed.iter_mut().rev() {
            let end = counts;
            for (count, change) in counts.iter_mut().zip(*change) {
                *count -= change;
            }
            *change = end;
        }
        Self {
            first: counts,
            changed,
        }
    }
}

/// Adds the first place whose day is after the due date, or `NULL`. The places,
/// from 0, are the day `first` and those that follow it by weeks.
fn due_place(sql: &mut Sql, due_on: &'static str, first: Date) {
    let first = day_number(first);
    sql.push(" CASE WHEN ").push(due_on).push(" < ").bind(first);
    sql.push(" THEN 0 WHEN ")
        .push(due_on)
        .push(" >= ")
        .bind(first);
    sql.push(" THEN (")
        .push(due_on)
        .push(" - ")
        .bind(first)
        .push(") / 7 + 1 END");
}

/// Adds tasks to the places from `first` to `last`, both included.
fn add(places: &mut [i64], first: i64, last: i64, tasks: i64) {
    for (place, total) in (0..).zip(places) {
        if (first..=last).contains(&place) {
            *total += tasks;
        }
    }
}
