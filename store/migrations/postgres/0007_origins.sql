-- The same as ../sqlite, in PostgreSQL's types.

-- How often browsers reported that an embed's frame met its policy, by UTC day and by
-- directive. Nothing else of a report is kept: it is anybody's text.
CREATE TABLE csp_reports (
    tenant_id TEXT COLLATE "C" NOT NULL,
    embed_id  TEXT COLLATE "C" NOT NULL,
    day       BIGINT NOT NULL,
    directive TEXT COLLATE "C" NOT NULL,
    reports   BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, embed_id, day, directive),
    FOREIGN KEY (tenant_id, embed_id) REFERENCES embeds (tenant_id, id)
);
