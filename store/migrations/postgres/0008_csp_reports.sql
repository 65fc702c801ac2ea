-- The same as ../sqlite, in PostgreSQL's types.

-- How often browsers reported that a frame's policy was broken, and by what.
CREATE TABLE csp_reports (
    tenant_id TEXT COLLATE "C" NOT NULL,
    embed_id  TEXT COLLATE "C" NOT NULL,
    -- The UTC day of the report.
    day       BIGINT NOT NULL,
    directive TEXT COLLATE "C" NOT NULL,
    reports   BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, embed_id, day, directive),
    FOREIGN KEY (tenant_id, embed_id) REFERENCES embeds (tenant_id, id)
);
