-- The same as ../sqlite, in PostgreSQL's types.

-- What no token may be used for any longer that was issued before an instant. Of a
-- session nothing may, whenever it was issued.
CREATE TABLE revocations (
    tenant_id     TEXT COLLATE "C" NOT NULL REFERENCES tenants (id),
    kind          TEXT COLLATE "C" NOT NULL
        CHECK (kind IN ('session', 'viewer', 'embed', 'key', 'tenant')),
    -- Empty for the tenant itself.
    subject       TEXT COLLATE "C" NOT NULL,
    issued_before BIGINT NOT NULL,
    revoked_at    BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, kind, subject)
);
