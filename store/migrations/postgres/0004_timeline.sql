-- The same as in ../sqlite, in PostgreSQL's types.
--
-- What a timeline shows: bars, milestones and what waits for what.

-- A day by which a project means to have reached something.
CREATE TABLE milestones (
    tenant_id   TEXT COLLATE "C" NOT NULL REFERENCES tenants (id),
    id          TEXT COLLATE "C" NOT NULL,
    external_id TEXT COLLATE "C" NOT NULL,
    project_id  TEXT COLLATE "C" NOT NULL,
    name        TEXT COLLATE "C" NOT NULL,
    -- Day numbers.
    due_on      BIGINT NOT NULL,
    reached_on  BIGINT,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, external_id),
    FOREIGN KEY (tenant_id, project_id) REFERENCES projects (tenant_id, id)
);

CREATE INDEX milestones_by_due ON milestones (tenant_id, project_id, due_on, id);

-- `predecessor_id` has to be finished before `task_id` can start.
CREATE TABLE task_dependencies (
    tenant_id      TEXT COLLATE "C" NOT NULL,
    task_id        TEXT COLLATE "C" NOT NULL,
    predecessor_id TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, task_id, predecessor_id),
    FOREIGN KEY (tenant_id, task_id) REFERENCES tasks (tenant_id, id),
    FOREIGN KEY (tenant_id, predecessor_id) REFERENCES tasks (tenant_id, id),
    CHECK (task_id <> predecessor_id)
);

-- The UTC days between which a task's bar lies, worked out from its other columns
-- whenever they are written. An open task without a due date has no last day: its
-- bar goes on with today.
ALTER TABLE tasks ADD COLUMN starts_on BIGINT NOT NULL DEFAULT 0;
ALTER TABLE tasks ADD COLUMN ends_on BIGINT;

UPDATE tasks SET
    starts_on = CASE WHEN started_at IS NULL THEN created_on
        ELSE (started_at - (started_at % 86400000 + 86400000) % 86400000) / 86400000 END,
    ends_on = CASE WHEN status IN ('todo', 'in_progress', 'blocked') THEN due_on
        ELSE (COALESCE(completed_at, updated_at)
              - (COALESCE(completed_at, updated_at) % 86400000 + 86400000) % 86400000)
             / 86400000 END;

-- One project's bars in their order, and all that is counted of them.
CREATE INDEX tasks_for_timeline ON tasks (tenant_id, project_id, starts_on, id, ends_on);

-- What an embed shows where the page asks for nothing: a view as its `view`
-- attribute has it.
ALTER TABLE embeds ADD COLUMN default_view TEXT COLLATE "C" NOT NULL DEFAULT 'overview';

-- For the new index, as in the last migration.
ANALYZE tasks;
ANALYZE milestones;
ANALYZE task_dependencies;
