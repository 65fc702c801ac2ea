-- The same tables as ../postgres, in SQLite's types.
--
-- Times are milliseconds since 1970-01-01T00:00Z (`_at`), days are day numbers
-- since that day (`_on`). Keys carry the tenant, so that a row can never point
-- into another one.

CREATE TABLE tenants (
    id         TEXT NOT NULL PRIMARY KEY,
    name       TEXT NOT NULL,
    revision   INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE clients (
    tenant_id   TEXT NOT NULL REFERENCES tenants (id),
    id          TEXT NOT NULL UNIQUE,
    name        TEXT NOT NULL,
    secret_hash TEXT NOT NULL,
    scope       TEXT NOT NULL,
    created_at  INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id)
) STRICT;

CREATE TABLE embeds (
    tenant_id     TEXT NOT NULL REFERENCES tenants (id),
    id            TEXT NOT NULL UNIQUE,
    title         TEXT NOT NULL,
    default_range TEXT NOT NULL,
    -- The pinned day; NULL follows the calendar.
    as_of         INTEGER,
    created_at    INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id)
) STRICT;

CREATE TABLE embed_origins (
    tenant_id TEXT NOT NULL,
    embed_id  TEXT NOT NULL,
    seq       INTEGER NOT NULL,
    origin    TEXT NOT NULL,
    PRIMARY KEY (tenant_id, embed_id, seq),
    UNIQUE (tenant_id, embed_id, origin),
    FOREIGN KEY (tenant_id, embed_id) REFERENCES embeds (tenant_id, id)
) STRICT;

CREATE TABLE signing_keys (
    tenant_id      TEXT NOT NULL REFERENCES tenants (id),
    id             TEXT NOT NULL UNIQUE,
    alg            TEXT NOT NULL,
    public_jwk_x   TEXT NOT NULL,
    private_sealed BLOB NOT NULL,
    created_at     INTEGER NOT NULL,
    -- NULL for the tenant's current key.
    retires_at     INTEGER,
    PRIMARY KEY (tenant_id, id)
) STRICT;

-- A tenant signs with one key at a time.
CREATE UNIQUE INDEX signing_keys_current ON signing_keys (tenant_id) WHERE retires_at IS NULL;

CREATE TABLE users (
    tenant_id   TEXT NOT NULL REFERENCES tenants (id),
    id          TEXT NOT NULL,
    external_id TEXT NOT NULL,
    name        TEXT NOT NULL,
    email       TEXT,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, external_id)
) STRICT;

CREATE TABLE projects (
    tenant_id   TEXT NOT NULL REFERENCES tenants (id),
    id          TEXT NOT NULL,
    external_id TEXT NOT NULL,
    name        TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, external_id)
) STRICT;

CREATE INDEX projects_by_name ON projects (tenant_id, name, id);

CREATE TABLE tasks (
    tenant_id      TEXT NOT NULL REFERENCES tenants (id),
    id             TEXT NOT NULL,
    external_id    TEXT NOT NULL,
    project_id     TEXT NOT NULL,
    assignee_id    TEXT,
    title          TEXT NOT NULL,
    status         TEXT NOT NULL
        CHECK (status IN ('todo', 'in_progress', 'blocked', 'done', 'cancelled')),
    -- A rank, 0 (urgent) to 4 (none).
    priority       INTEGER NOT NULL CHECK (priority BETWEEN 0 AND 4),
    created_at     INTEGER NOT NULL,
    started_at     INTEGER,
    completed_at   INTEGER,
    due_on         INTEGER,
    estimate_hours REAL CHECK (estimate_hours >= 0),
    updated_at     INTEGER NOT NULL,

    -- What follows is worked out from the columns above whenever they are written.
    -- The UTC day of `created_at`.
    created_on     INTEGER NOT NULL,
    -- The UTC day of `completed_at`, of done tasks only.
    done_on        INTEGER,
    -- From start to completion, of done tasks that have both in this order.
    cycle_millis   INTEGER CHECK (cycle_millis >= 0),
    -- Title and external id with ASCII letters in lower case.
    search_text    TEXT NOT NULL,
    -- A digest of the imported task, by which an import knows what is unchanged.
    digest         TEXT NOT NULL,

    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, external_id),
    FOREIGN KEY (tenant_id, project_id) REFERENCES projects (tenant_id, id),
    FOREIGN KEY (tenant_id, assignee_id) REFERENCES users (tenant_id, id)
) STRICT;

-- One for each order of the task list.
CREATE INDEX tasks_by_updated ON tasks (tenant_id, updated_at, id);
CREATE INDEX tasks_by_created ON tasks (tenant_id, created_at, id);
CREATE INDEX tasks_by_due ON tasks (tenant_id, due_on, id);
CREATE INDEX tasks_by_completed ON tasks (tenant_id, completed_at, id);
CREATE INDEX tasks_by_priority ON tasks (tenant_id, priority, id);
CREATE INDEX tasks_by_title ON tasks (tenant_id, title, id);

-- Everything that a number of the dashboard is counted from, so that counting
-- never visits the rows themselves.
CREATE INDEX tasks_for_counts ON tasks (tenant_id, status, assignee_id, due_on, project_id);
CREATE INDEX tasks_for_projects ON tasks (tenant_id, project_id, status, due_on, assignee_id);
CREATE INDEX tasks_for_scope ON tasks (tenant_id, created_on, status, project_id, assignee_id);
CREATE INDEX tasks_for_completed
    ON tasks (tenant_id, done_on, cycle_millis, status, project_id, assignee_id)
    WHERE done_on IS NOT NULL;

CREATE TABLE task_status_history (
    tenant_id TEXT NOT NULL,
    task_id   TEXT NOT NULL,
    seq       INTEGER NOT NULL,
    status    TEXT NOT NULL
        CHECK (status IN ('todo', 'in_progress', 'blocked', 'done', 'cancelled')),
    at        INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, task_id, seq),
    FOREIGN KEY (tenant_id, task_id) REFERENCES tasks (tenant_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE task_contributors (
    tenant_id TEXT NOT NULL,
    task_id   TEXT NOT NULL,
    user_id   TEXT NOT NULL,
    hours     REAL CHECK (hours >= 0),
    PRIMARY KEY (tenant_id, task_id, user_id),
    FOREIGN KEY (tenant_id, task_id) REFERENCES tasks (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id)
) STRICT, WITHOUT ROWID;

-- Appended to, and never changed.
CREATE TABLE events (
    tenant_id TEXT NOT NULL REFERENCES tenants (id),
    seq       INTEGER NOT NULL,
    id        TEXT NOT NULL UNIQUE,
    revision  INTEGER NOT NULL,
    kind      TEXT NOT NULL,
    subject   TEXT NOT NULL,
    payload   TEXT NOT NULL,
    at        INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, seq)
) STRICT;
