-- The same tables as ../sqlite, in PostgreSQL's types. Text is compared byte by
-- byte (COLLATE "C"), as SQLite does, so that both sort alike.
--
-- Times are milliseconds since 1970-01-01T00:00Z (`_at`), days are day numbers
-- since that day (`_on`). Keys carry the tenant, so that a row can never point
-- into another one.

CREATE TABLE tenants (
    id         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name       TEXT COLLATE "C" NOT NULL,
    revision   BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE clients (
    tenant_id   TEXT COLLATE "C" NOT NULL REFERENCES tenants (id),
    id          TEXT COLLATE "C" NOT NULL UNIQUE,
    name        TEXT COLLATE "C" NOT NULL,
    secret_hash TEXT COLLATE "C" NOT NULL,
    scope       TEXT COLLATE "C" NOT NULL,
    created_at  BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);

CREATE TABLE embeds (
    tenant_id     TEXT COLLATE "C" NOT NULL REFERENCES tenants (id),
    id            TEXT COLLATE "C" NOT NULL UNIQUE,
    title         TEXT COLLATE "C" NOT NULL,
    default_range TEXT COLLATE "C" NOT NULL,
    -- The pinned day; NULL follows the calendar.
    as_of         BIGINT,
    created_at    BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);

CREATE TABLE embed_origins (
    tenant_id TEXT COLLATE "C" NOT NULL,
    embed_id  TEXT COLLATE "C" NOT NULL,
    seq       BIGINT NOT NULL,
    origin    TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, embed_id, seq),
    UNIQUE (tenant_id, embed_id, origin),
    FOREIGN KEY (tenant_id, embed_id) REFERENCES embeds (tenant_id, id)
);

CREATE TABLE signing_keys (
    tenant_id      TEXT COLLATE "C" NOT NULL REFERENCES tenants (id),
    id             TEXT COLLATE "C" NOT NULL UNIQUE,
    alg            TEXT COLLATE "C" NOT NULL,
    public_jwk_x   TEXT COLLATE "C" NOT NULL,
    private_sealed BYTEA NOT NULL,
    created_at     BIGINT NOT NULL,
    -- NULL for the tenant's current key.
    retires_at     BIGINT,
    PRIMARY KEY (tenant_id, id)
);

-- A tenant signs with one key at a time.
CREATE UNIQUE INDEX signing_keys_current ON signing_keys (tenant_id) WHERE retires_at IS NULL;

CREATE TABLE users (
    tenant_id   TEXT COLLATE "C" NOT NULL REFERENCES tenants (id),
    id          TEXT COLLATE "C" NOT NULL,
    external_id TEXT COLLATE "C" NOT NULL,
    name        TEXT COLLATE "C" NOT NULL,
    email       TEXT COLLATE "C",
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, external_id)
);

CREATE TABLE projects (
    tenant_id   TEXT COLLATE "C" NOT NULL REFERENCES tenants (id),
    id          TEXT COLLATE "C" NOT NULL,
    external_id TEXT COLLATE "C" NOT NULL,
    name        TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, external_id)
);

CREATE INDEX projects_by_name ON projects (tenant_id, name, id);

CREATE TABLE tasks (
    tenant_id      TEXT COLLATE "C" NOT NULL REFERENCES tenants (id),
    id             TEXT COLLATE "C" NOT NULL,
    external_id    TEXT COLLATE "C" NOT NULL,
    project_id     TEXT COLLATE "C" NOT NULL,
    assignee_id    TEXT COLLATE "C",
    title          TEXT COLLATE "C" NOT NULL,
    status         TEXT COLLATE "C" NOT NULL
        CHECK (status IN ('todo', 'in_progress', 'blocked', 'done', 'cancelled')),
    -- A rank, 0 (urgent) to 4 (none).
    priority       BIGINT NOT NULL CHECK (priority BETWEEN 0 AND 4),
    created_at     BIGINT NOT NULL,
    started_at     BIGINT,
    completed_at   BIGINT,
    due_on         BIGINT,
    estimate_hours DOUBLE PRECISION CHECK (estimate_hours >= 0),
    updated_at     BIGINT NOT NULL,

    -- What follows is worked out from the columns above whenever they are written.
    -- The UTC day of `created_at`.
    created_on     BIGINT NOT NULL,
    -- The UTC day of `completed_at`, of done tasks only.
    done_on        BIGINT,
    -- From start to completion, of done tasks that have both in this order.
    cycle_millis   BIGINT CHECK (cycle_millis >= 0),
    -- Title and external id with ASCII letters in lower case.
    search_text    TEXT COLLATE "C" NOT NULL,
    -- A digest of the imported task, by which an import knows what is unchanged.
    digest         TEXT COLLATE "C" NOT NULL,

    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, external_id),
    FOREIGN KEY (tenant_id, project_id) REFERENCES projects (tenant_id, id),
    FOREIGN KEY (tenant_id, assignee_id) REFERENCES users (tenant_id, id)
);

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
    tenant_id TEXT COLLATE "C" NOT NULL,
    task_id   TEXT COLLATE "C" NOT NULL,
    seq       BIGINT NOT NULL,
    status    TEXT COLLATE "C" NOT NULL
        CHECK (status IN ('todo', 'in_progress', 'blocked', 'done', 'cancelled')),
    at        BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, task_id, seq),
    FOREIGN KEY (tenant_id, task_id) REFERENCES tasks (tenant_id, id)
);

CREATE TABLE task_contributors (
    tenant_id TEXT COLLATE "C" NOT NULL,
    task_id   TEXT COLLATE "C" NOT NULL,
    user_id   TEXT COLLATE "C" NOT NULL,
    hours     DOUBLE PRECISION CHECK (hours >= 0),
    PRIMARY KEY (tenant_id, task_id, user_id),
    FOREIGN KEY (tenant_id, task_id) REFERENCES tasks (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id)
);

-- Appended to, and never changed.
CREATE TABLE events (
    tenant_id TEXT COLLATE "C" NOT NULL REFERENCES tenants (id),
    seq       BIGINT NOT NULL,
    id        TEXT COLLATE "C" NOT NULL UNIQUE,
    revision  BIGINT NOT NULL,
    kind      TEXT COLLATE "C" NOT NULL,
    subject   TEXT COLLATE "C" NOT NULL,
    payload   TEXT COLLATE "C" NOT NULL,
    at        BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, seq)
);
