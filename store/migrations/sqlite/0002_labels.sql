-- The same as ../postgres, in SQLite's types.

-- A label is known by its name within its tenant.
CREATE TABLE labels (
    tenant_id TEXT NOT NULL REFERENCES tenants (id),
    id        TEXT NOT NULL,
    name      TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, name)
) STRICT;

CREATE TABLE task_labels (
    tenant_id TEXT NOT NULL,
    task_id   TEXT NOT NULL,
    label_id  TEXT NOT NULL,
    PRIMARY KEY (tenant_id, task_id, label_id),
    FOREIGN KEY (tenant_id, task_id) REFERENCES tasks (tenant_id, id),
    FOREIGN KEY (tenant_id, label_id) REFERENCES labels (tenant_id, id)
) STRICT, WITHOUT ROWID;

-- A label's id is one tenant's only, so it comes first: what has a label is found
-- without going through the tenants.
CREATE INDEX task_labels_by_label ON task_labels (label_id, tenant_id, task_id);

-- The place of a status in the contract's order, to sort by.
ALTER TABLE tasks ADD COLUMN status_rank INTEGER GENERATED ALWAYS AS (
    CASE status WHEN 'todo' THEN 0 WHEN 'in_progress' THEN 1 WHEN 'blocked' THEN 2
                WHEN 'done' THEN 3 ELSE 4 END) VIRTUAL;

CREATE INDEX tasks_by_status ON tasks (tenant_id, status_rank, id);

-- Orders by several keys that begin with one of few values: each value is walked
-- along the next key.
CREATE INDEX tasks_by_status_due ON tasks (tenant_id, status_rank, due_on, id);
CREATE INDEX tasks_by_status_updated ON tasks (tenant_id, status_rank, updated_at, id);
CREATE INDEX tasks_by_priority_due ON tasks (tenant_id, priority, due_on, id);
CREATE INDEX tasks_by_priority_updated ON tasks (tenant_id, priority, updated_at, id);
