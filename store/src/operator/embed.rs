//! Embeds: published places where a dashboard may appear.

use std::collections::{HashMap, HashSet};

use jiff::{Timestamp, civil::Date};
use oriel_contract::{EmbedId, ProjectId, RangePreset, TenantId};
use serde_json::json;

use super::EmbedView;
use crate::{
    Context, NewId, Store, StoreError,
    database::Tx,
    encoding::{self, day_number},
    sql::Sql,
    write::Write,
};

/// The day that a dashboard calls today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AsOf {
    /// The current UTC day.
    Today,
    /// Always this one.
    Pinned(Date),
}

impl AsOf {
    /// The day, given the current one.
    pub fn day(self, today: Date) -> Date {
        match self {
            Self::Today => today,
            Self::Pinned(day) => day,
        }
    }

    /// Whether the calendar does not move it.
    pub fn is_pinned(self) -> bool {
        matches!(self, Self::Pinned(_))
    }
}

/// An embed to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEmbed {
    pub title: String,
    /// The host pages that may show it: origins, or sources that cover several.
    pub allowed_origins: Vec<String>,
    pub default_range: RangePreset,
    /// What it shows where the page asks for nothing.
    pub default_view: EmbedView,
    pub as_of: AsOf,
    /// Whether it takes only tokens that are bound to a key of their frame (RFC 9449).
    pub require_dpop: bool,
}

/// A published place where a dashboard may appear.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Embed {
    pub id: EmbedId,
    pub tenant: TenantId,
    pub title: String,
    /// In the order they were given.
    pub allowed_origins: Vec<String>,
    pub default_range: RangePreset,
    /// What it shows where the page asks for nothing.
    pub default_view: EmbedView,
    pub as_of: AsOf,
    /// Whether it takes only tokens that are bound to a key of their frame (RFC 9449).
    pub require_dpop: bool,
    pub created_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct EmbedRow {
    id: String,
    tenant_id: String,
    title: String,
    default_range: String,
    default_view: String,
    as_of: Option<i64>,
    require_dpop: i64,
    created_at: i64,
}

impl EmbedRow {
    fn with_origins(self, allowed_origins: Vec<String>) -> Result<Embed, StoreError> {
        Ok(Embed {
            id: encoding::id(&self.id)?,
            tenant: encoding::id(&self.tenant_id)?,
            title: self.title,
            allowed_origins,
            default_range: encoding::range_preset(&self.default_range)?,
            default_view: (self.default_view.parse()).map_err(|_| encoding::unreadable("view"))?,
            as_of: match self.as_of {
                Some(day) => AsOf::Pinned(encoding::date(day)?),
                None => AsOf::Today,
            },
            require_dpop: self.require_dpop != 0,
            created_at: encoding::timestamp(self.created_at)?,
        })
    }
}

impl Store {
    /// Publishes an embed of the tenant. An origin that is named twice is kept once.
    /// A project that its view names has to be one of the tenant's.
    pub async fn create_embed(
        &self,
        cx: &mut Context<'_>,
        tenant: &TenantId,
        new: NewEmbed,
    ) -> Result<Embed, StoreError> {
        let id = EmbedId::new(cx);
        let allowed_origins = once_each(new.allowed_origins);
        let mut write = Write::begin(&self.database, cx, tenant).await?;
        if let EmbedView::Project(project) = &new.default_view {
            require_project(&mut write.tx, tenant, project).await?;
        }
        let pinned = match new.as_of {
            AsOf::Today => None,
            AsOf::Pinned(day) => Some(day_number(day)),
        };
        let insert = Sql::new(
            "INSERT INTO embeds
                 (tenant_id, id, title, default_range, default_view, as_of, require_dpop, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .value(tenant.as_str())
        .value(id.as_str())
        .value(new.title.as_str())
        .value(new.default_range.as_str())
        .value(new.default_view.to_string())
        .value(pinned)
        .value(i64::from(new.require_dpop))
        .value(cx.now.as_millisecond());
        write.tx.execute(insert).await?;
        insert_origins(&mut write.tx, tenant, &id, &allowed_origins).await?;
        let payload = json!({ "title": new.title, "allowed_origins": allowed_origins, "require_dpop": new.require_dpop });
        write.commit("embed.created", id.as_str(), payload).await?;
        Ok(Embed {
            id,
            tenant: tenant.clone(),
            title: new.title,
            allowed_origins,
            default_range: new.default_range,
            default_view: new.default_view,
            as_of: new.as_of,
            require_dpop: new.require_dpop,
            created_at: cx.now,
        })
    }

    /// Lets pages of these origins show the embed from now on, and no others.
    pub async fn change_embed_origins(
        &self,
        cx: &mut Context<'_>,
        id: &EmbedId,
        origins: Vec<String>,
    ) -> Result<Embed, StoreError> {
        let missing = StoreError::NotFound { what: "embed" };
        let embed = self.find_embed(id).await?.ok_or(missing)?;
        let allowed_origins = once_each(origins);
        let mut write = Write::begin(&self.database, cx, &embed.tenant).await?;
        let before = write.tx.all(select_origins(&embed.tenant, id)).await?;
        let before: Vec<_> = before
            .into_iter()
            .map(|(origin,): (String,)| origin)
            .collect();
        let forget = Sql::new("DELETE FROM embed_origins WHERE tenant_id = $1 AND embed_id = $2")
            .value(embed.tenant.as_str())
            .value(id.as_str());
        write.tx.execute(forget).await?;
        insert_origins(&mut write.tx, &embed.tenant, id, &allowed_origins).await?;
        let payload = json!({ "allowed_origins": allowed_origins, "before": before });
        let kind = "embed.origins_changed";
        write.commit(kind, id.as_str(), payload).await?;
        Ok(Embed {
            allowed_origins,
            ..embed
        })
    }

    /// The embed of that id.
    pub async fn find_embed(&self, id: &EmbedId) -> Result<Option<Embed>, StoreError> {
        let sql = Sql::new(
            "SELECT id, tenant_id, title, default_range, default_view, as_of, require_dpop, created_at
             FROM embeds WHERE id = $1",
        )
        .value(id.as_str());
        let Some(row) = self.database.optional::<EmbedRow>(sql).await? else {
            return Ok(None);
        };
        let tenant = encoding::id(&row.tenant_id)?;
        let origins: Vec<(String,)> = self.database.all(select_origins(&tenant, id)).await?;
        let origins = origins.into_iter().map(|(origin,)| origin).collect();
        row.with_origins(origins).map(Some)
    }

    /// Every embed of every tenant, oldest first.
    pub async fn list_embeds(&self) -> Result<Vec<Embed>, StoreError> {
        let rows: Vec<EmbedRow> = self
            .database
            .all(Sql::new(
                "SELECT id, tenant_id, title, default_range, default_view, as_of, require_dpop, created_at
                 FROM embeds ORDER BY created_at, id",
            ))
            .await?;
        let origins: Vec<(String, String)> = self
            .database
            .all(Sql::new(
                "SELECT embed_id, origin FROM embed_origins ORDER BY embed_id, seq",
            ))
            .await?;
        let mut by_embed: HashMap<String, Vec<String>> = HashMap::new();
        for (embed, origin) in origins {
            by_embed.entry(embed).or_default().push(origin);
        }
        rows.into_iter()
            .map(|row| {
                let origins = by_embed.remove(&row.id).unwrap_or_default();
                row.with_origins(origins)
            })
            .collect()
    }
}

/// Origins in the order they were given, without those that were named before.
fn once_each(mut origins: Vec<String>) -> Vec<String> {
    let mut seen = HashSet::new();
    origins.retain(|origin| seen.insert(origin.clone()));
    origins
}

fn select_origins(tenant: &TenantId, embed: &EmbedId) -> Sql {
    Sql::new("SELECT origin FROM embed_origins WHERE tenant_id = $1 AND embed_id = $2 ORDER BY seq")
        .value(tenant.as_str())
        .value(embed.as_str())
}

async fn insert_origins(
    tx: &mut Tx,
    tenant: &TenantId,
    embed: &EmbedId,
    origins: &[String],
) -> Result<(), StoreError> {
    for (seq, origin) in (0_i64..).zip(origins) {
        let insert = Sql::new(
            "INSERT INTO embed_origins (tenant_id, embed_id, seq, origin)
             VALUES ($1, $2, $3, $4)",
        )
        .value(tenant.as_str())
        .value(embed.as_str())
        .value(seq)
        .value(origin.as_str());
        tx.execute(insert).await?;
    }
    Ok(())
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
