-- The same as ../postgres. SQLite cannot change a foreign key: the table is made anew.

CREATE TABLE csp_reports_anew (
    tenant_id TEXT NOT NULL,
    embed_id  TEXT NOT NULL,
    -- The UTC day of the report.
    day       INTEGER NOT NULL,
    directive TEXT NOT NULL,
    reports   INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, embed_id, day, directive),
    FOREIGN KEY (tenant_id, embed_id) REFERENCES embeds (tenant_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
INSERT INTO csp_reports_anew SELECT * FROM csp_reports;
DROP TABLE csp_reports;
ALTER TABLE csp_reports_anew RENAME TO csp_reports;
