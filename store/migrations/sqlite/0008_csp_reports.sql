-- The same as ../postgres, in SQLite's types.

-- How often browsers reported that a frame's policy was broken, and by what.
CREATE TABLE csp_reports (
    tenant_id TEXT NOT NULL,
    embed_id  TEXT NOT NULL,
    -- The UTC day of the report.
    day       INTEGER NOT NULL,
    directive TEXT NOT NULL,
    reports   INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, embed_id, day, directive),
    FOREIGN KEY (tenant_id, embed_id) REFERENCES embeds (tenant_id, id)
) STRICT, WITHOUT ROWID;
