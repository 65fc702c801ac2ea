-- The same as ../sqlite, in PostgreSQL's types.

-- Who did what: appended to, and never changed. Each entry's hash is over all of it and
-- over the hash of the one before in its chain; there is a chain for each tenant, and
-- one for what belongs to none.
CREATE TABLE audit_entries (
    -- A tenant's id, or `operator`.
    chain    TEXT COLLATE "C" NOT NULL,
    seq      BIGINT NOT NULL CHECK (seq > 0),
    at       BIGINT NOT NULL,
    kind     TEXT COLLATE "C" NOT NULL,
    actor    TEXT COLLATE "C" NOT NULL,
    subject  TEXT COLLATE "C" NOT NULL,
    outcome  TEXT COLLATE "C" NOT NULL,
    -- JSON, as it was hashed.
    detail   TEXT COLLATE "C" NOT NULL,
    previous TEXT COLLATE "C" NOT NULL,
    hash     TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (chain, seq)
);

CREATE INDEX audit_entries_by_subject ON audit_entries (chain, kind, subject);

-- The last entry of each chain, by which one that was cut off is missed.
CREATE TABLE audit_heads (
    chain TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    seq   BIGINT NOT NULL,
    hash  TEXT COLLATE "C" NOT NULL
);

CREATE FUNCTION audit_entries_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit entries are never changed or removed';
END;
$$;

CREATE TRIGGER audit_entries_stay BEFORE UPDATE OR DELETE ON audit_entries
FOR EACH ROW EXECUTE FUNCTION audit_entries_stay();

CREATE TRIGGER audit_entries_stay_there BEFORE TRUNCATE ON audit_entries
FOR EACH STATEMENT EXECUTE FUNCTION audit_entries_stay();

CREATE TRIGGER audit_heads_stay_there BEFORE DELETE OR TRUNCATE ON audit_heads
FOR EACH STATEMENT EXECUTE FUNCTION audit_entries_stay();
