-- The same table as in ../postgres, in SQLite's types.
--
-- What a task's history means for counting by day: a row for each day at whose
-- end it had another status than at the end of the day before. It is worked out
-- from the task and its history whenever they are written.

CREATE TABLE task_status_days (
    tenant_id  TEXT NOT NULL,
    task_id    TEXT NOT NULL,
    -- A day number.
    day        INTEGER NOT NULL,
    -- The status before; empty on the day of the creation.
    was        TEXT NOT NULL
        CHECK (was IN ('', 'todo', 'in_progress', 'blocked', 'done', 'cancelled')),
    status     TEXT NOT NULL
        CHECK (status IN ('todo', 'in_progress', 'blocked', 'done', 'cancelled')),
    -- Of the task, so that counting never visits it.
    project_id TEXT NOT NULL,
    due_on     INTEGER,
    PRIMARY KEY (tenant_id, task_id, day),
    FOREIGN KEY (tenant_id, task_id) REFERENCES tasks (tenant_id, id)
) STRICT, WITHOUT ROWID;

INSERT INTO task_status_days (tenant_id, task_id, day, was, status, project_id, due_on)
WITH entered AS (
    SELECT tenant_id, id AS task_id, -1 AS seq, created_on AS day, 'todo' AS status FROM tasks
    UNION ALL
    SELECT tenant_id, task_id, seq,
           (at - (at % 86400000 + 86400000) % 86400000) / 86400000, status
    FROM task_status_history
), placed AS (
    SELECT e.tenant_id, e.task_id, e.seq, t.project_id, t.due_on,
           CASE WHEN e.day < t.created_on THEN t.created_on ELSE e.day END AS day,
           -- The present status stands at the end, whatever the history says.
           CASE WHEN LEAD(e.seq) OVER (PARTITION BY e.tenant_id, e.task_id ORDER BY e.seq) IS NULL
                THEN t.status ELSE e.status END AS status
    FROM entered e
    JOIN tasks t ON t.tenant_id = e.tenant_id AND t.id = e.task_id
), ends AS (
    SELECT p.*, LEAD(p.seq) OVER (
               PARTITION BY p.tenant_id, p.task_id, p.day ORDER BY p.seq) AS later_that_day
    FROM placed p
), days AS (
    SELECT e.*, LAG(e.status) OVER (
               PARTITION BY e.tenant_id, e.task_id ORDER BY e.day) AS was
    FROM ends e
    WHERE e.later_that_day IS NULL
)
SELECT tenant_id, task_id, day, COALESCE(was, ''), status, project_id, due_on
FROM days
WHERE was IS NULL OR was <> status;

-- In the order that days are counted in, and all that is counted.
CREATE INDEX task_status_days_for_counts
    ON task_status_days (tenant_id, day, was, status, project_id, due_on);

-- Without this, plans take the new indexes of this and the last migration for
-- better than those that hold all that is counted.
ANALYZE tasks;
ANALYZE task_labels;
ANALYZE task_status_days;
