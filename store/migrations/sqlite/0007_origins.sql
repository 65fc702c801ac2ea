-- The same as ../postgres, in SQLite's types.

-- How often browsers reported that an embed's frame met its policy, by UTC day and by
-- directive. Nothing else of a report is kept: it is anybody's text.
CREATE TABLE csp_reports (
    tenant_id TEXT NOT NULL,
    embed_id  TEXT NOT NULL,
    day       INTEGER NOT NULL,
    directive TEXT NOT NULL,
    reports   INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, embed_id, day, directive),
    FOREIGN KEY (tenant_id, embed_id) REFERENCES embeds (tenant_id, id)
) STRICT, WITHOUT ROWID;
