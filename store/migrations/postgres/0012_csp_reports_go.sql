-- Reports go with their embed. Deleted one after the other, a report that is counted
-- meanwhile would keep the embed.
ALTER TABLE csp_reports DROP CONSTRAINT csp_reports_tenant_id_embed_id_fkey;
ALTER TABLE csp_reports ADD CONSTRAINT csp_reports_tenant_id_embed_id_fkey
    FOREIGN KEY (tenant_id, embed_id) REFERENCES embeds (tenant_id, id) ON DELETE CASCADE;
