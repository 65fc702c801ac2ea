//! What an embed token is limited to: checked where one is minted, and again where
//! one is believed. A limit that makes no sense must not pass for none.

use oriel_contract::{FieldError, LockedFilters, ProjectId, TenantId};
use oriel_store::{Store, StoreError, TenantScope};

use super::claims::EmbedClaims;

/// Longest name of a viewer, in characters.
pub const LONGEST_VIEWER: usize = 128;
const MOST_PROJECTS: usize = 50;
const MOST_STATUSES: usize = 5;

/// Whether the limits of a token make sense, and its projects are its tenant's.
pub async fn hold(
    store: &Store,
    tenant: &TenantId,
    claims: &EmbedClaims,
) -> Result<bool, StoreError> {
    let projects = claims.prj.as_deref();
    let locked = claims.lock.clone().unwrap_or_default();
    Ok((1..=LONGEST_VIEWER).contains(&claims.sub.chars().count())
        && faults(projects, &locked).is_empty()
        && unknown_projects(store, tenant, projects).await?.is_empty())
}

/// What is wrong with limits in themselves, at their places in a mint request.
pub fn faults(projects: Option<&[ProjectId]>, locked: &LockedFilters) -> Vec<FieldError> {
    let LockedFilters {
        status,
        assignee: _,
        date,
        from,
        to,
    } = locked;
    let is_ordered = |(from, to)| from <= to;
    let rules = [
        (
            projects.is_none_or(|all| is_set(all, MOST_PROJECTS)),
            "/projects",
            "takes 1 to 50 projects, each once",
        ),
        (
            status
                .as_deref()
                .is_none_or(|all| is_set(all, MOST_STATUSES)),
            "/locked/status",
            "takes 1 to 5 statuses, each once",
        ),
        (
            date.is_none() || from.is_some() || to.is_some(),
            "/locked/date",
            "needs `from`, `to` or both",
        ),
        (
            from.zip(*to).is_none_or(is_ordered),
            "/locked/from",
            "may not be after `to`",
        ),
    ];
    let broken = rules.into_iter().filter(|(holds, ..)| !holds);
    broken.map(|(_, at, detail)| fault(at, detail)).collect()
}

/// Those of the projects that are not the tenant's.
pub async fn unknown_projects(
    store: &Store,
    tenant: &TenantId,
    projects: Option<&[ProjectId]>,
) -> Result<Vec<FieldError>, StoreError> {
    let Some(projects) = projects else {
        return Ok(Vec::new());
    };
    let scope = TenantScope::limited(
        tenant.clone(),
        Some(projects.to_vec()),
        LockedFilters::default(),
    );
    let known = store.within(scope).project_ids().await?;
    let places = projects.iter().enumerate();
    let unknown = places.filter(|(_, project)| !known.contains(project));
    Ok(unknown
        .map(|(place, _)| fault(&format!("/projects/{place}"), "is not one of your projects"))
        .collect())
}

fn fault(at: &str, detail: &str) -> FieldError {
    FieldError {
        at: at.to_owned(),
        detail: detail.to_owned(),
    }
}

fn is_set<T: PartialEq>(all: &[T], most: usize) -> bool {
    let distinct = all
        .iter()
        .enumerate()
        .all(|(at, each)| !all[..at].contains(each));
    (1..=most).contains(&all.len()) && distinct
}
