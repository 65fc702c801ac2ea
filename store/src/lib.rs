//! Oriel's data, on SQLite and on PostgreSQL.
//!
//! The crate owns every line of SQL, the tables (`migrations/`) and the domain
//! types that rows become. Each query is written once, in SQL that both
//! databases take; `tests/` runs one set of cases on both. It knows nothing of
//! HTTP, tokens or files.
//!
//! # A tenant's data needs a scope
//!
//! Projects, tasks and their numbers are read through [`TenantStore`], which
//! [`Store::within`] gives for a [`TenantScope`] and nothing else gives. A query
//! that forgot its tenant does not compile:
//!
//! ```compile_fail,E0599
//! async fn leak(store: &oriel_store::Store, today: jiff::civil::Date) {
//!     let (range, all) = (oriel_contract::RangePreset::All, oriel_store::TaskFilter::default());
//!     let _ = store.dashboard(today, range, &all).await;
//! }
//! ```
//!
//! With a scope it does:
//!
//! ```
//! # use oriel_store::{Store, StoreError, TaskFilter, TenantScope};
//! async fn read(store: &Store, scope: TenantScope, today: jiff::civil::Date) -> Result<(), StoreError> {
//!     let (range, all) = (oriel_contract::RangePreset::All, TaskFilter::default());
//!     store.within(scope).dashboard(today, range, &all).await?;
//!     Ok(())
//! }
//! ```

mod audit;
mod by_name;
mod by_tenant;
mod context;
mod dashboard;
mod database;
mod encoding;
mod error;
mod event;
mod grants;
mod import;
mod labels;
mod management;
mod operator;
mod people;
mod projects;
mod rate;
mod rows;
mod scope;
mod sql;
mod store;
mod tasks;
mod timeline;
mod write;

pub use audit::{AuditEntry, AuditHead, AuditVerdict, Chain, NewAuditEntry};
pub use context::{Actor, Context, NewId, OPERATOR};
pub use dashboard::DashboardNumbers;
pub use error::{Cause, StoreError};
pub use event::{Event, LogView, Place};
pub use grants::{
    Approval, Authorization, CodeUse, Decided, Grant, LiveRefresh, NewAuthorization, Redeemed,
    RefreshUse, RevokedFor,
};
pub use import::{
    BatchError, DEPENDENCIES, ImportBatch, ImportContributor, ImportMilestone, ImportOutcome,
    ImportProject, ImportTask, ImportUser, NAME_CHARS, TITLE_CHARS,
};
pub use management::{
    Begun, Change, EmbedChanges, Expected, IdempotencyKey, Kept, KeptAnswer, ListOrder, ListQuery,
    NamedChanges, OrderField, Put, Touches,
};
pub use operator::{
    AsOf, Client, ClientKey, ClientKind, ClientSecret, CspReports, Embed, EmbedView, LIVE_SECRETS,
    NewApp, NewEmbed, NewSigningKey, Revocation, Revoked, SigningKey, Tenant, TenantKey,
};
pub use rate::{Quota, RateWindow};
pub use scope::TenantScope;
pub use store::{Store, TenantStore};
pub use tasks::{AssigneeFilter, DateRange, TaskFilter, TaskQuery};
pub use timeline::TimelineQuery;
