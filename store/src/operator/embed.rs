//! Embeds: published places where a dashboard may appear.

use std::collections::HashMap;

use jiff::{Timestamp, civil::Date};
use oriel_contract::{EmbedId, RangePreset, TenantId};

use super::EmbedView;
use crate::{
    Context, EmbedChanges, Expected, Store, StoreError, Touches,
    encoding::{self, count},
    sql::Sql,
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
    /// Grows with each change.
    pub version: u64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// Columns of an [`EmbedRow`], of embeds `e`.
pub(crate) const EMBED_COLUMNS: &str = "e.id, e.tenant_id, e.title, e.default_range,
     e.default_view, e.as_of, e.require_dpop, e.version, e.created_at, e.updated_at";

#[derive(sqlx::FromRow)]
pub(crate) struct EmbedRow {
    pub id: String,
    tenant_id: String,
    pub title: String,
    default_range: String,
    default_view: String,
    as_of: Option<i64>,
    require_dpop: i64,
    version: i64,
    pub created_at: i64,
    updated_at: i64,
}

impl EmbedRow {
    pub fn with_origins(self, allowed_origins: Vec<String>) -> Result<Embed, StoreError> {
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
            version: count(self.version),
            created_at: encoding::timestamp(self.created_at)?,
            updated_at: encoding::timestamp(self.updated_at)?,
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
        let mut change = self.change(cx.lent(), tenant, Touches::Data).await?;
        let embed = change.create_embed(new).await?;
        change.commit(None).await?;
        Ok(embed)
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
        let mut change = self.change(cx.lent(), &embed.tenant, Touches::Data).await?;
        let changes = EmbedChanges {
            allowed_origins: Some(origins),
            ..EmbedChanges::default()
        };
        let embed = change
            .update_embed(id, &Expected::Anything, changes)
            .await?;
        change.commit(None).await?;
        Ok(embed)
    }

    /// The embed of that id.
    pub async fn find_embed(&self, id: &EmbedId) -> Result<Option<Embed>, StoreError> {
        let mut sql = Sql::new("SELECT ");
        sql.push(EMBED_COLUMNS).push(" FROM embeds e WHERE e.id = ");
        sql.bind(id.as_str());
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
        let mut sql = Sql::new("SELECT ");
        sql.push(EMBED_COLUMNS);
        sql.push(" FROM embeds e ORDER BY e.created_at, e.id");
        let rows: Vec<EmbedRow> = self.database.all(sql).await?;
        let origins: Vec<(String, String)> = self
            .database
            .all(Sql::new(
                "SELECT embed_id, origin FROM embed_origins ORDER BY embed_id, seq",
            ))
            .await?;
        let mut by_embed = by_embed(origins);
        rows.into_iter()
            .map(|row| {
                let origins = by_embed.remove(&row.id).unwrap_or_default();
                row.with_origins(origins)
            })
            .collect()
    }
}

/// Origins by the id of their embed.
pub(crate) fn by_embed(origins: Vec<(String, String)>) -> HashMap<String, Vec<String>> {
    let mut by_embed: HashMap<String, Vec<String>> = HashMap::new();
    for (embed, origin) in origins {
        by_embed.entry(embed).or_default().push(origin);
    }
    by_embed
}

pub(crate) fn select_origins(tenant: &TenantId, embed: &EmbedId) -> Sql {
    Sql::new("SELECT origin FROM embed_origins WHERE tenant_id = $1 AND embed_id = $2 ORDER BY seq")
        .value(tenant.as_str())
        .value(embed.as_str())
}
