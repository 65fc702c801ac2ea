-- The same as ../postgres, in SQLite's types.

-- The tenant's plan: how many requests it may make in a minute. NULL for what the
-- server's configuration gives.
ALTER TABLE tenants ADD COLUMN requests_per_minute INTEGER CHECK (requests_per_minute > 0);

-- Requests of each tenant's minute. Servers that share a database count here; with
-- SQLite there is one, which counts in memory.
CREATE TABLE rate_windows (
    tenant_id  TEXT NOT NULL PRIMARY KEY,
    started_at INTEGER NOT NULL,
    used       INTEGER NOT NULL,
    -- Whether the last request was one too many.
    refused    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
