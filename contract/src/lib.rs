//! Wire types of Oriel's public HTTP contract.
//!
//! `openapi.yaml` beside this crate is the contract; these types are its shapes
//! for the server and the widget, named as the schemas are. The crate knows
//! serde and nothing of I/O, storage or policy.
//!
//! Requests refuse fields that are not in the contract. Answers do not, so that
//! a widget keeps working while a newer server rolls out beside it.

mod audit;
mod authorization;
mod dashboard;
mod id;
mod label;
mod oauth;
mod page;
mod person;
mod problem;
mod project;
mod revocation;
mod session;
mod task;
mod tenant_key;
mod time;
mod timeline;

pub use audit::AuditEntry;
pub use authorization::{AppRef, ApprovalRequest, Authorization, AuthorizationDecided};
pub use dashboard::{
    BurnUp, BurnUpPoint, Completed, CycleTime, CycleTimeBucket, CycleTimes, Dashboard, Forecast,
    Kpis, Others, PersonLoad, ProjectHealth, ProjectHealthItem, Range, RangePreset, Risk,
    StatusCount, StatusOverTime, StatusPoint, Step, Throughput, ThroughputPoint, TrendPoint,
    Workload,
};
pub use id::{
    AuthorizationId, ClientId, ClientKeyId, EmbedId, EventId, GrantId, IdError, KeyId, LabelId,
    MilestoneId, ProjectId, SecretId, SessionId, TaskId, TenantId, UserId,
};
pub use label::{Label, LabelRef};
pub use oauth::{
    AccessTokenResponse, AuthorizationServerMetadata, Introspection, Jwk, Jwks, OAuthError,
    OAuthErrorCode, PublicJwk,
};
pub use page::Page;
pub use person::Person;
pub use problem::{FieldError, Problem, ProblemCode};
pub use project::{Project, ProjectRef};
pub use revocation::{RevocationMade, RevocationRequest};
pub use session::{EmbedSettings, LockedFilters, MintRequest, MintedToken, Session, present};
pub use task::{
    Contributor, DateField, StatusChange, Task, TaskDetail, TaskPage, TaskPriority, TaskSort,
    TaskStatus, UserRef,
};
pub use tenant_key::{TenantKey, TenantKeyList, TenantKeyRequest};
pub use time::{civil_from_days, days_from_civil, parse_date, parse_time, utc_day};
pub use timeline::{Milestone, Timeline, TimelineTask};

/// Media type of [`Problem`] (RFC 9457 §3).
pub const PROBLEM_JSON: &str = "application/problem+json";
