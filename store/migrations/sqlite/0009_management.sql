-- The same as ../postgres, in SQLite's types.

-- Grows with each change of a row; its ETag.
ALTER TABLE projects ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE users ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE tasks ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE embeds ADD COLUMN version INTEGER NOT NULL DEFAULT 1;

-- What was there before counts as made with its tenant.
ALTER TABLE projects ADD COLUMN created_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE projects ADD COLUMN updated_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN created_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN updated_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE embeds ADD COLUMN updated_at INTEGER NOT NULL DEFAULT 0;
UPDATE projects SET created_at = (SELECT t.created_at FROM tenants t WHERE t.id = projects.tenant_id);
UPDATE projects SET updated_at = created_at;
UPDATE users SET created_at = (SELECT t.created_at FROM tenants t WHERE t.id = users.tenant_id);
UPDATE users SET updated_at = created_at;
UPDATE embeds SET updated_at = created_at;

-- One for each order of a list that a walk must not sort.
CREATE INDEX projects_by_created ON projects (tenant_id, created_at, id);
CREATE INDEX users_by_created ON users (tenant_id, created_at, id);
CREATE INDEX users_by_name ON users (tenant_id, name, id);
CREATE INDEX embeds_by_created ON embeds (tenant_id, created_at, id);

-- Who worked on a task: asked before a user is deleted.
CREATE INDEX task_contributors_by_user ON task_contributors (tenant_id, user_id);
-- What waits for a task: asked before it is deleted.
CREATE INDEX task_dependencies_by_predecessor ON task_dependencies (tenant_id, predecessor_id);

-- Answers to requests that may be sent again, kept for a day; written with what the
-- request did. The body is sealed.
CREATE TABLE idempotency_records (
    tenant_id   TEXT NOT NULL REFERENCES tenants (id),
    -- The method and the path.
    route       TEXT NOT NULL,
    key         TEXT NOT NULL,
    -- A digest of the request's body.
    fingerprint TEXT NOT NULL,
    status      INTEGER NOT NULL,
    location    TEXT,
    etag        TEXT,
    body        BLOB NOT NULL,
    at          INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, route, key)
) STRICT;

CREATE INDEX idempotency_records_by_time ON idempotency_records (at);
