//! How often browsers reported that a frame's policy was broken.

use jiff::civil::Date;
use oriel_contract::EmbedId;

use super::Embed;
use crate::{
    Store, StoreError,
    encoding::{self, count, day_number},
    sql::Sql,
};

/// Reports of one day that name one directive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CspReports {
    pub day: Date,
    pub directive: String,
    pub reports: u64,
}

impl Store {
    /// Counts a report. `directive` is one of the server's own words, never the client's.
    pub async fn count_csp_report(
        &self,
        embed: &Embed,
        day: Date,
        directive: &'static str,
    ) -> Result<(), StoreError> {
        let mut tx = self.database.write().await?;
        let add = Sql::new(
            "INSERT INTO csp_reports (tenant_id, embed_id, day, directive, reports)
             VALUES ($1, $2, $3, $4, 1)
             ON CONFLICT (tenant_id, embed_id, day, directive)
             DO UPDATE SET reports = csp_reports.reports + 1",
        )
        .value(embed.tenant.as_str())
        .value(embed.id.as_str())
        .value(day_number(day))
        .value(directive);
        let adding = tx.execute(add).await;
        // Deleted since somebody asked for it.
        adding.map_err(|error| error.or_missing("embed"))?;
        tx.commit().await
    }

    /// The counts of an embed, the latest day first.
    pub async fn csp_reports(&self, embed: &EmbedId) -> Result<Vec<CspReports>, StoreError> {
        let sql = Sql::new(
            "SELECT day, directive, reports FROM csp_reports WHERE embed_id = $1
             ORDER BY day DESC, directive",
        )
        .value(embed.as_str());
        let rows: Vec<(i64, String, i64)> = self.database.all(sql).await?;
        rows.into_iter()
            .map(|(day, directive, reports)| {
                Ok(CspReports {
                    day: encoding::date(day)?,
                    directive,
                    reports: count(reports),
                })
            })
            .collect()
    }
}
