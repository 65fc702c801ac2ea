//! Wire types of Oriel's public HTTP contract.
//!
//! `openapi.yaml` beside this crate is the contract; these types are its shapes
//! for the server and the widget, named as the schemas are. The crate knows
//! serde and nothing of I/O, storage or policy.
//!
//! Requests refuse fields that are not in the contract. Answers do not, so that
//! a widget keeps working while a newer server rolls out beside it.

mod dashboard;
mod id;
mod oauth;
mod page;
mod problem;
mod project;
mod session;
mod task;
mod time;

pub use dashboard::{
    BurnUp, BurnUpPoint, Completed, CycleTime, Dashboard, Kpis, Others, PersonLoad, Range,
    RangePreset, StatusCount, Step, Throughput, ThroughputPoint, Workload,
};
pub use id::{
    ClientId, EmbedId, EventId, IdError, KeyId, ProjectId, SessionId, TaskId, TenantId, UserId,
};
pub use oauth::{
    AccessTokenResponse, AuthorizationServerMetadata, Jwk, Jwks, OAuthError, OAuthErrorCode,
};
pub use page::Page;
pub use problem::{FieldError, Problem, ProblemCode};
pub use project::{Project, ProjectRef};
pub use session::{EmbedSettings, LockedFilters, MintRequest, MintedToken, Session, present};
pub use task::{
    Contributor, StatusChange, Task, TaskDetail, TaskPage, TaskPriority, TaskSort, TaskStatus,
    UserRef,
};
pub use time::utc_day;

/// Media type of [`Problem`] (RFC 9457 §3).
pub const PROBLEM_JSON: &str = "application/problem+json";
