-- The same as ../sqlite, in PostgreSQL's types.

-- The tenant's plan: how many requests it may make in a minute. NULL for what the
-- server's configuration gives.
ALTER TABLE tenants ADD COLUMN requests_per_minute BIGINT CHECK (requests_per_minute > 0);

-- Requests of each tenant's minute. Servers that share a database count here; with
-- SQLite there is one, which counts in memory. Unlogged, so that a count waits for no
-- disk: after a crash of the database each minute begins anew. A row is written a hundred
-- times a minute, and none of its indexed columns changes: half of each page is kept free
-- for that.
CREATE UNLOGGED TABLE rate_windows (
    tenant_id  TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    started_at BIGINT NOT NULL,
    used       BIGINT NOT NULL,
    -- Whether the last request was one too many.
    refused    BIGINT NOT NULL
) WITH (fillfactor = 50);
