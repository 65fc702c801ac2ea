//! Embeds, as their tenants and the operator change them.

use std::collections::HashSet;

use jiff::SignedDuration;
use oriel_contract::{EmbedId, Page, ProjectId, RangePreset, TenantId};
use serde_json::json;

use super::{Change, Expected, ListQuery, listing::Listing};
use crate::{
    AsOf, Embed, EmbedView, NewEmbed, NewId, Revoked, StoreError, TenantStore,
    database::Tx,
    encoding::{count, day_number},
    operator::embed::{EMBED_COLUMNS, EmbedRow, by_embed, select_origins},
    rows::Rows,
    sql::Sql,
};

/// Longer than a token of an embed can still live, whatever its signer's clock says.
const OUTLIVED: SignedDuration = SignedDuration::from_mins(15);

/// Changes to an embed; `None` leaves a member as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EmbedChanges {
    pub title: Option<String>,
    pub allowed_origins: Option<Vec<String>>,
    pub default_range: Option<RangePreset>,
    pub default_view: Option<EmbedView>,
    pub as_of: Option<AsOf>,
    pub require_dpop: Option<bool>,
}

impl TenantStore<'_> {
    /// A page of the tenant's embeds. Their titles are their names.
    pub async fn embeds(&self, query: &ListQuery) -> Result<Page<Embed>, StoreError> {
        self.require_whole()?;
        let tenant = self.scope.tenant();
        let listing = Listing::new("embeds", query)?;
        let mut sql = Sql::new("WITH named AS (SELECT e.title AS name, ");
        sql.push(EMBED_COLUMNS)
            .push(" FROM embeds e WHERE e.tenant_id = ");
        sql.bind(tenant.as_str()).push(") SELECT n.*");
        listing.select(&mut sql);
        let mut tx = self.store.database.read().await?;
        let rows: Vec<EmbedRow> = tx.all(sql).await?;
        let mut sql = Sql::new("SELECT embed_id, origin FROM embed_origins WHERE tenant_id = ");
        sql.bind(tenant.as_str()).push(" AND embed_id");
        sql.bind_in(rows.iter().map(|row| row.id.as_str()));
        sql.push(" ORDER BY embed_id, seq");
        let origins: Vec<(String, String)> = tx.all(sql).await?;
        tx.commit().await?;
        let by_embed = by_embed(origins);
        listing.page(
            rows,
            |row| (row.created_at, &row.title, &row.id),
            |row| {
                let origins = by_embed.get(&row.id).cloned().unwrap_or_default();
                row.with_origins(origins)
            },
        )
    }
}

impl Change<'_> {
    /// Publishes an embed. An origin that is named twice is kept once. A project that its
    /// view names has to be one of the tenant's.
    pub async fn create_embed(&mut self, new: NewEmbed) -> Result<Embed, StoreError> {
        self.require_view(&new.default_view).await?;
        let embed = Embed {
            id: EmbedId::new(&mut self.cx),
            tenant: self.tenant.clone(),
            title: new.title,
            allowed_origins: once_each(new.allowed_origins),
            default_range: new.default_range,
            default_view: new.default_view,
            as_of: new.as_of,
            require_dpop: new.require_dpop,
            version: count(self.write.revision()),
            created_at: self.cx.now,
            updated_at: self.cx.now,
        };
        let insert = Sql::new(
            "INSERT INTO embeds (tenant_id, id, title, default_range, default_view, as_of,
                 require_dpop, version, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)",
        )
        .value(embed.tenant.as_str())
        .value(embed.id.as_str())
        .value(embed.title.as_str())
        .value(embed.default_range.as_str())
        .value(embed.default_view.to_string())
        .value(pinned(embed.as_of))
        .value(i64::from(embed.require_dpop))
        .value(self.write.revision())
        .value(embed.created_at.as_millisecond());
        self.write.tx.execute(insert).await?;
        self.set_origins(&embed).await?;
        let payload =
            json!({ "allowed_origins": embed.allowed_origins, "require_dpop": embed.require_dpop });
        self.record("embed.created", embed.id.as_str(), payload);
        Ok(embed)
    }

    /// Changes an embed.
    pub async fn update_embed(
        &mut self,
        id: &EmbedId,
        expected: &Expected,
        changes: EmbedChanges,
    ) -> Result<Embed, StoreError> {
        let before = self.embed(id).await?;
        expected.check(Some(before.version))?;
        let mut embed = before.clone();
        embed.title = changes.title.unwrap_or(embed.title);
        embed.allowed_origins = (changes.allowed_origins).map_or(embed.allowed_origins, once_each);
        embed.default_range = changes.default_range.unwrap_or(embed.default_range);
        embed.default_view = changes.default_view.unwrap_or(embed.default_view);
        embed.as_of = changes.as_of.unwrap_or(embed.as_of);
        embed.require_dpop = changes.require_dpop.unwrap_or(embed.require_dpop);
        let changed = changed(&before, &embed);
        if changed.is_empty() {
            return Ok(before);
        }
        self.require_view(&embed.default_view).await?;
        embed.version += 1;
        embed.updated_at = self.cx.now;
        let update = Sql::new(
            "UPDATE embeds SET title = $3, default_range = $4, default_view = $5, as_of = $6,
                 require_dpop = $7, version = $8, updated_at = $9
             WHERE tenant_id = $1 AND id = $2",
        )
        .value(embed.tenant.as_str())
        .value(embed.id.as_str())
        .value(embed.title.as_str())
        .value(embed.default_range.as_str())
        .value(embed.default_view.to_string())
        .value(pinned(embed.as_of))
        .value(i64::from(embed.require_dpop))
        .value(i64::try_from(embed.version).unwrap_or(i64::MAX))
        .value(embed.updated_at.as_millisecond());
        self.write.tx.execute(update).await?;
        if embed.allowed_origins == before.allowed_origins {
            let payload = json!({ "changed": changed, "require_dpop": embed.require_dpop });
            self.record("embed.updated", id.as_str(), payload);
        } else {
            self.set_origins(&embed).await?;
            let payload = json!({
                "allowed_origins": embed.allowed_origins,
                "before": before.allowed_origins,
                "changed": changed,
                "require_dpop": embed.require_dpop,
            });
            self.record("embed.origins_changed", id.as_str(), payload);
        }
        Ok(embed)
    }

    /// Deletes an embed, and takes back all of its tokens.
    pub async fn delete_embed(
        &mut self,
        id: &EmbedId,
        expected: &Expected,
    ) -> Result<(), StoreError> {
        let before = self.embed(id).await?;
        expected.check(Some(before.version))?;
        for delete in [
            "DELETE FROM embed_origins WHERE tenant_id = $1 AND embed_id = $2",
            "DELETE FROM embeds WHERE tenant_id = $1 AND id = $2",
        ] {
            let sql = Sql::new(delete)
                .value(self.tenant.as_str())
                .value(id.as_str());
            self.write.tx.execute(sql).await?;
        }
        // Servers remember tokens that they verified, and look here before they take one.
        let until = self.cx.now.saturating_add(OUTLIVED).unwrap_or(self.cx.now);
        self.take_back(&Revoked::Embed(id.clone()), until).await?;
        self.record("embed.deleted", id.as_str(), json!({}));
        Ok(())
    }

    async fn embed(&mut self, id: &EmbedId) -> Result<Embed, StoreError> {
        let mut sql = Sql::new("SELECT ");
        sql.push(EMBED_COLUMNS)
            .push(" FROM embeds e WHERE e.tenant_id = ");
        sql.bind(self.tenant.as_str()).push(" AND e.id = ");
        sql.bind(id.as_str());
        let row: Option<EmbedRow> = self.write.tx.optional(sql).await?;
        let row = row.ok_or(StoreError::NotFound { what: "embed" })?;
        let origins: Vec<(String,)> = self.write.tx.all(select_origins(&self.tenant, id)).await?;
        row.with_origins(origins.into_iter().map(|(origin,)| origin).collect())
    }

    async fn set_origins(&mut self, embed: &Embed) -> Result<(), StoreError> {
        let (tenant, id) = (embed.tenant.as_str(), embed.id.as_str());
        let forget = Sql::new("DELETE FROM embed_origins WHERE tenant_id = $1 AND embed_id = $2")
            .value(tenant)
            .value(id);
        self.write.tx.execute(forget).await?;
        let mut rows = Rows::new(
            "INSERT INTO embed_origins (tenant_id, embed_id, seq, origin) VALUES",
            "",
        );
        for (seq, origin) in (0_i64..).zip(&embed.allowed_origins) {
            rows.push([tenant.into(), id.into(), seq.into(), origin.as_str().into()]);
        }
        rows.write(&mut self.write.tx).await
    }

    async fn require_view(&mut self, view: &EmbedView) -> Result<(), StoreError> {
        match view {
            EmbedView::Project(project) => {
                require_project(&mut self.write.tx, &self.tenant, project).await
            }
            EmbedView::Overview | EmbedView::Tasks | EmbedView::Board => Ok(()),
        }
    }
}

/// The members that differ, as the contract calls them.
fn changed(before: &Embed, after: &Embed) -> Vec<&'static str> {
    let all = [
        ("title", before.title != after.title),
        (
            "allowed_origins",
            before.allowed_origins != after.allowed_origins,
        ),
        ("default_range", before.default_range != after.default_range),
        ("default_view", before.default_view != after.default_view),
        ("as_of", before.as_of != after.as_of),
        ("require_dpop", before.require_dpop != after.require_dpop),
    ];
    let differing = all.into_iter().filter(|(_, differs)| *differs);
    differing.map(|(member, _)| member).collect()
}

fn pinned(as_of: AsOf) -> Option<i64> {
    match as_of {
        AsOf::Today => None,
        AsOf::Pinned(day) => Some(day_number(day)),
    }
}

/// Origins in the order they were given, without those that were named before.
fn once_each(mut origins: Vec<String>) -> Vec<String> {
    let mut seen = HashSet::new();
    origins.retain(|origin| seen.insert(origin.clone()));
    origins
}

async fn require_project(
    tx: &mut Tx,
    tenant: &TenantId,
    project: &ProjectId,
) -> Result<(), StoreError> {
    let sql = Sql::new("SELECT p.id FROM projects p WHERE p.tenant_id = $1 AND p.id = $2")
        .value(tenant.as_str())
        .value(project.as_str());
    let found: Option<(String,)> = tx.optional(sql).await?;
    found
        .map(drop)
        .ok_or(StoreError::NotFound { what: "project" })
}
