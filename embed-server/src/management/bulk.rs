//! `POST /v1/tasks/bulk`

use axum::{
    extract::State,
    http::{StatusCode, Uri},
};
use oriel_contract::{
    TaskBulk, TaskBulkItem, TaskBulkProblem, TaskBulkResult, TaskBulkResults, TaskResource,
};
use oriel_store::{Change, Expected, StoreError};
use serde_json::Value;

use super::answer::{Answer, Stop};
use crate::{
    app::App,
    problem::Failure,
    request::{body, parameters::Parameters, posted::Posted},
    token::access::{ManagementAccess, WriteTasks},
};

/// Writes many tasks in one transaction, each item with a result of its own.
pub async fn write_tasks(
    access: ManagementAccess<WriteTasks>,
    State(app): State<App>,
    uri: Uri,
    mut posted: Posted<TaskBulk>,
) -> Result<Answer, Stop> {
    Parameters::of(&uri).finish()?;
    let (tenant, mut rng) = (access.tenant(), app.entropy.fork());
    let cx = access.context(&app, &mut rng);
    let mut change = posted.begin(&app, cx, tenant).await?;
    let mut results = Vec::with_capacity(posted.body.items.len());
    for item in &posted.body.items {
        results.push(result(&mut change, item).await?);
    }
    let succeeded = results.iter().filter(|one| one.problem.is_none()).count() as u64;
    let results = TaskBulkResults {
        succeeded,
        failed: results.len() as u64 - succeeded,
        results,
    };
    let answer = Answer::new(StatusCode::OK, &results)?;
    Ok(posted.commit(&app, tenant, change, answer).await?)
}

/// What becomes of an item. Only a database that fails ends the whole call: it then has
/// done nothing.
async fn result(change: &mut Change<'_>, item: &Value) -> Result<TaskBulkResult, Failure> {
    let item = match body::typed(item, || serde_json::from_value(item.clone())) {
        Ok(item) => item,
        Err(errors) => return Ok(refused(&Failure::fields(errors), "")),
    };
    match done(change, item).await {
        Ok((status, task)) => Ok(TaskBulkResult {
            status: status.as_u16(),
            task,
            problem: None,
        }),
        Err(error @ (StoreError::Unavailable(_) | StoreError::Database(_))) => Err(error.into()),
        // What the store refuses is a member of the task.
        Err(error) => Ok(refused(&error.into(), "/task")),
    }
}

async fn done(
    change: &mut Change<'_>,
    item: TaskBulkItem,
) -> Result<(StatusCode, Option<TaskResource>), StoreError> {
    Ok(match item {
        TaskBulkItem::Create { task } => {
            (StatusCode::CREATED, Some(change.create_task(task).await?))
        }
        TaskBulkItem::Upsert {
            external_id,
            version,
            task,
        } => {
            let new = task.named(external_id);
            let put = change.put_task(&expected(version), new).await?;
            let status = if put.is_new {
                StatusCode::CREATED
            } else {
                StatusCode::OK
            };
            (status, Some(put.resource))
        }
        TaskBulkItem::Update { id, version, task } => {
            let task = change.update_task(&id, &expected(version), task).await?;
            (StatusCode::OK, Some(task))
        }
        TaskBulkItem::Delete { id, version } => {
            change.delete_task(&id, &expected(version)).await?;
            (StatusCode::NO_CONTENT, None)
        }
    })
}

fn expected(version: Option<u64>) -> Expected {
    version.map_or(Expected::Anything, |version| {
        Expected::Versions(vec![version])
    })
}

/// The result of an item whose faults are at places `within` it.
fn refused(failure: &Failure, within: &str) -> TaskBulkResult {
    let mut errors = failure.errors().to_vec();
    for error in &mut errors {
        error.at.insert_str(0, within);
    }
    TaskBulkResult {
        status: failure.status().as_u16(),
        task: None,
        problem: Some(TaskBulkProblem {
            code: failure.code(),
            detail: failure.text().to_owned(),
            errors,
        }),
    }
}
