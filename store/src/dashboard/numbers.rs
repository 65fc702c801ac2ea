//! The queries behind the dashboard, a function each.

use jiff::civil::Date;
use oriel_contract::{Others, PersonLoad, UserRef, Workload};

use crate::{
    StoreError, TaskFilter, TenantScope,
    database::Tx,
    encoding::{self, count, day_number},
    sql::Sql,
};

/// People that a workload names, at most.
const PEOPLE: i64 = 12;

/// Which tasks are counted: those of the scope that the filter keeps.
pub(super) struct Counted<'a> {
    pub scope: &'a TenantScope,
    pub filter: &'a TaskFilter,
    pub today: Date,
}

impl Counted<'_> {
    /// Adds `FROM tasks t WHERE` and the conditions.
    pub fn from(&self, sql: &mut Sql) {
        sql.push(" FROM tasks t WHERE ");
        self.scope.limit_tasks(sql);
        self.filter.limit(sql, self.today);
    }

    /// Tasks of each status, and how many of those were due before today.
    pub async fn statuses(&self, tx: &mut Tx) -> Result<Vec<(String, i64, i64)>, StoreError> {
        let mut sql = Sql::new("SELECT t.status, COUNT(*), COUNT(CASE WHEN t.due_on < ");
        sql.bind(day_number(self.today)).push(" THEN 1 END)");
        self.from(&mut sql);
        sql.push(" GROUP BY t.status");
        tx.all(sql).await
    }

    /// The first day on which a task was created or completed.
    pub async fn first_day(&self, tx: &mut Tx) -> Result<Option<Date>, StoreError> {
        let mut sql = Sql::new("SELECT MIN(day) FROM (SELECT MIN(t.created_on) AS day");
        self.from(&mut sql);
        sql.push(" UNION ALL SELECT MIN(t.done_on) AS day");
        self.from(&mut sql);
        sql.push(") AS firsts");
        let (day,): (Option<i64>,) = tx.one(sql).await?;
        day.map(encoding::date).transpose()
    }

    /// Tasks that are not cancelled, cumulated by the day they were created.
    pub async fn created(&self, tx: &mut Tx) -> Result<Series, StoreError> {
        let mut sql = Sql::new(
            "SELECT t.created_on,
                    CAST(SUM(COUNT(*)) OVER (ORDER BY t.created_on) AS BIGINT)",
        );
        self.from(&mut sql);
        sql.push(" AND t.status <> 'cancelled' AND t.created_on <= ")
            .bind(day_number(self.today))
            .push(" GROUP BY t.created_on ORDER BY t.created_on");
        tx.all(sql).await.map(Series)
    }

    /// Done tasks, cumulated by the day they were completed.
    pub async fn completed(&self, tx: &mut Tx) -> Result<Series, StoreError> {
        let mut sql = Sql::new(
            "SELECT t.done_on,
                    CAST(SUM(COUNT(*)) OVER (ORDER BY t.done_on) AS BIGINT)",
        );
        self.from(&mut sql);
        sql.push(" AND t.done_on <= ")
            .bind(day_number(self.today))
            .push(" GROUP BY t.done_on ORDER BY t.done_on");
        tx.all(sql).await.map(Series)
    }

    /// Open tasks per assignee, most first, then by name, nobody last.
    pub async fn workload(&self, tx: &mut Tx) -> Result<Workload, StoreError> {
        let mut sql = Sql::new(
            "WITH parts AS (
                 SELECT t.assignee_id, COUNT(*) AS tasks, COUNT(CASE WHEN t.due_on < ",
        );
        sql.bind(day_number(self.today))
            .push(" THEN 1 END) AS late");
        self.from(&mut sql);
        // By status first, which is how the index has them: nothing is sorted.
        sql.push(
            " AND t.status IN ('todo', 'in_progress', 'blocked') GROUP BY t.status, t.assignee_id
             ), loads AS (
                 SELECT assignee_id, CAST(SUM(tasks) AS BIGINT) AS tasks,
                        CAST(SUM(late) AS BIGINT) AS late
                 FROM parts GROUP BY assignee_id
             ), ranked AS (
                 SELECT named.*, ROW_NUMBER() OVER (
                     ORDER BY tasks DESC, id IS NULL, name, id) AS place
                 FROM (SELECT l.tasks, l.late, u.id, ",
        )
        .push(self.scope.person_name())
        .push(
            " AS name FROM loads l
                 LEFT JOIN users u ON u.id = l.assignee_id AND u.tenant_id = ",
        )
        .bind(self.scope.tenant().as_str())
        .push(
            ") AS named)
             SELECT MIN(place) AS place, MAX(id) AS id, MAX(name) AS name, COUNT(*) AS people,
                    CAST(SUM(tasks) AS BIGINT) AS tasks, CAST(SUM(late) AS BIGINT) AS late
             FROM ranked GROUP BY CASE WHEN place <= ",
        )
        .bind(PEOPLE)
        .push(" THEN place ELSE 0 END ORDER BY 1");
        let rows: Vec<LoadRow> = tx.all(sql).await?;
        let mut workload = Workload {
            people: Vec::new(),
            others: None,
        };
        for row in rows {
            if row.place <= PEOPLE {
                workload.people.push(row.person()?);
            } else {
                workload.others = Some(row.others());
            }
        }
        Ok(workload)
    }
}

#[derive(sqlx::FromRow)]
struct LoadRow {
    place: i64,
    id: Option<String>,
    name: Option<String>,
    people: i64,
    tasks: i64,
    late: i64,
}

impl LoadRow {
    fn person(self) -> Result<PersonLoad, StoreError> {
        let user = match (self.id, self.name) {
            (Some(id), Some(name)) => Some(UserRef {
                id: encoding::id(&id)?,
                name,
            }),
            _ => None,
        };
        Ok(PersonLoad {
            user,
            open: count(self.tasks),
            overdue: count(self.late),
        })
    }

    fn others(self) -> Others {
        Others {
            people: count(self.people),
            open: count(self.tasks),
            overdue: count(self.late),
        }
    }
}

/// A count that grows by the day: day numbers, ascending, each with the total
/// up to and including it.
pub(super) struct Series(Vec<(i64, i64)>);

impl Series {
    /// The total up to and including the day.
    pub fn until(&self, day: Date) -> u64 {
        self.until_number(day_number(day))
    }

    /// What came from `first` to `last`, both included.
    pub fn within(&self, first: Date, last: Date) -> u64 {
        self.until(last) - self.until_number(day_number(first) - 1)
    }

    fn until_number(&self, day: i64) -> u64 {
        let after = self.0.partition_point(|(other, _)| *other <= day);
        after
            .checked_sub(1)
            .map_or(0, |index| count(self.0[index].1))
    }
}
