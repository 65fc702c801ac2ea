-- The same as ../postgres, in SQLite's types.

-- What no token may be used for any longer that was issued before an instant. Of a
-- session nothing may, whenever it was issued.
CREATE TABLE revocations (
    tenant_id     TEXT NOT NULL REFERENCES tenants (id),
    kind          TEXT NOT NULL
        CHECK (kind IN ('session', 'viewer', 'embed', 'key', 'tenant')),
    -- Empty for the tenant itself.
    subject       TEXT NOT NULL,
    issued_before INTEGER NOT NULL,
    revoked_at    INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, kind, subject)
) STRICT, WITHOUT ROWID;
