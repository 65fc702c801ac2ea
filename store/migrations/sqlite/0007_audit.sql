-- The same as ../postgres, in SQLite's types.

-- Who did what: appended to, and never changed. Each entry's hash is over all of it and
-- over the hash of the one before in its chain; there is a chain for each tenant, and
-- one for what belongs to none.
CREATE TABLE audit_entries (
    -- A tenant's id, or `operator`.
    chain    TEXT NOT NULL,
    seq      INTEGER NOT NULL CHECK (seq > 0),
    at       INTEGER NOT NULL,
    kind     TEXT NOT NULL,
    actor    TEXT NOT NULL,
    subject  TEXT NOT NULL,
    outcome  TEXT NOT NULL,
    -- JSON, as it was hashed.
    detail   TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash     TEXT NOT NULL,
    PRIMARY KEY (chain, seq)
) STRICT;

CREATE INDEX audit_entries_by_subject ON audit_entries (chain, kind, subject);

-- The last entry of each chain, by which one that was cut off is missed.
CREATE TABLE audit_heads (
    chain TEXT NOT NULL PRIMARY KEY,
    seq   INTEGER NOT NULL,
    hash  TEXT NOT NULL
) STRICT;

CREATE TRIGGER audit_entries_stay BEFORE UPDATE ON audit_entries
BEGIN
    SELECT RAISE(ABORT, 'audit entries are never changed');
END;

CREATE TRIGGER audit_entries_stay_there BEFORE DELETE ON audit_entries
BEGIN
    SELECT RAISE(ABORT, 'audit entries are never removed');
END;

-- `INSERT OR REPLACE` removes a row without the trigger above.
CREATE TRIGGER audit_entries_stay_the_same BEFORE INSERT ON audit_entries
WHEN EXISTS (SELECT 1 FROM audit_entries e WHERE e.chain = NEW.chain AND e.seq = NEW.seq)
BEGIN
    SELECT RAISE(ABORT, 'audit entries are never changed');
END;

CREATE TRIGGER audit_heads_stay_there BEFORE DELETE ON audit_heads
BEGIN
    SELECT RAISE(ABORT, 'heads of audit chains are never removed');
END;
