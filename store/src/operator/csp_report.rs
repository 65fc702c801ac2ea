//! What browsers report of frames that meet their policy, as counts.

use jiff::civil::Date;
use oriel_contract::EmbedId;

use super::Embed;
use crate::{
    Store, StoreError,
    encoding::{count, day_number},
    sql::Sql,
};

/// How long counts are kept, in days.
const KEPT: i64 = 90;

impl Store {
    /// Adds reports of a UTC day, by directive, and forgets those that are old. It is no
    /// change of the tenant's data: there is no event of it, and no revision.
    pub async fn count_csp_reports(
        &self,
        embed: &Embed,
        day: Date,
        counts: impl IntoIterator<Item = (&'static str, u32)>,
    ) -> Result<(), StoreError> {
        let (tenant, id, day) = (embed.tenant.as_str(), embed.id.as_str(), day_number(day));
        let mut tx = self.database.write().await?;
        for (directive, reports) in counts {
            let add = Sql::new(
                "INSERT INTO csp_reports (tenant_id, embed_id, day, directive, reports)
                 VALUES ($1, $2, $3, $4, $5)
                 ON CONFLICT (tenant_id, embed_id, day, directive) DO UPDATE SET
                     reports = csp_reports.reports + excluded.reports",
            )
            .value(tenant)
            .value(id)
            .value(day)
            .value(directive)
            .value(i64::from(reports));
            tx.execute(add).await?;
        }
        let forget =
            Sql::new("DELETE FROM csp_reports WHERE tenant_id = $1 AND embed_id = $2 AND day < $3")
                .value(tenant)
                .value(id)
                .value(day - KEPT);
        tx.execute(forget).await?;
        tx.commit().await
    }

    /// How many reports of an embed there were since a UTC day, by directive; most first.
    pub async fn csp_reports(
        &self,
        embed: &EmbedId,
        since: Date,
    ) -> Result<Vec<(String, u64)>, StoreError> {
        let sql = Sql::new(
            "SELECT c.directive, CAST(SUM(c.reports) AS BIGINT) FROM embeds e
             JOIN csp_reports c ON c.tenant_id = e.tenant_id AND c.embed_id = e.id
             WHERE e.id = $1 AND c.day >= $2
             GROUP BY c.directive ORDER BY 2 DESC, c.directive",
        )
        .value(embed.as_str())
        .value(day_number(since));
        let rows: Vec<(String, i64)> = self.database.all(sql).await?;
        Ok(rows
            .into_iter()
            .map(|(directive, reports)| (directive, count(reports)))
            .collect())
    }
}
