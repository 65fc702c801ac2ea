//! `/v1/tasks`

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, Uri},
    response::Response,
};
use oriel_contract::{
    NewTask, Page, ProblemCode, PutTask, TaskId, TaskPatch, TaskResource, TaskSort,
};
use oriel_store::{AsOf, TaskFilter, TaskQuery};

use super::{
    answer::{self, Answer, Stop},
    listing::{external_id, external_id_filter},
};
use crate::{
    app::App,
    embed::filter::{task_filter, task_sort},
    problem::Failure,
    request::{
        body::{MergePatch, StrictJson},
        parameters::Parameters,
        path::PathPart,
        posted::Posted,
        precondition::Precondition,
    },
    token::access::{ManagementAccess, ReadTaskResources, WriteTasks},
};

/// A page of the tenant's tasks.
pub async fn list_task_resources(
    access: ManagementAccess<ReadTaskResources>,
    State(app): State<App>,
    uri: Uri,
) -> Result<Json<Page<TaskResource>>, Failure> {
    let mut parameters = Parameters::of(&uri);
    let query = TaskQuery {
        filter: TaskFilter {
            external_id: external_id_filter(&mut parameters),
            ..task_filter(&mut parameters)
        },
        sort: task_sort(&mut parameters, TaskSort::CreatedAt),
        limit: parameters.limit(),
        cursor: parameters.cursor(),
    };
    parameters.finish()?;
    let today = app.day(AsOf::Today);
    Ok(Json(
        access.store(&app).task_resources(today, &query).await?,
    ))
}

/// Makes a task.
pub async fn create_task(
    access: ManagementAccess<WriteTasks>,
    State(app): State<App>,
    uri: Uri,
    mut posted: Posted<NewTask>,
) -> Result<Answer, Stop> {
    Parameters::of(&uri).finish()?;
    let (tenant, mut rng) = (access.tenant(), app.entropy.fork());
    let cx = access.context(&app, &mut rng);
    let mut change = posted.begin(&app, cx, tenant).await?;
    let task = change.create_task(posted.body.clone()).await?;
    let answer = Answer::created(path(&task.id), task.version, &task)?;
    Ok(posted.commit(&app, tenant, change, answer).await?)
}

/// A task of the tenant.
pub async fn read_task_resource(
    access: ManagementAccess<ReadTaskResources>,
    State(app): State<App>,
    part: PathPart,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    Parameters::of(&uri).finish()?;
    let task = access.store(&app).task_resource(&part.id()?).await?;
    let task = task.ok_or_else(|| Failure::new(ProblemCode::NotFound))?;
    answer::read(&headers, task.version, &task)
}

/// Makes or replaces the task that another system calls so.
pub async fn put_task_by_external_id(
    access: ManagementAccess<WriteTasks>,
    State(app): State<App>,
    part: PathPart,
    uri: Uri,
    Precondition(expected): Precondition,
    StrictJson(task): StrictJson<PutTask>,
) -> Result<Answer, Failure> {
    Parameters::of(&uri).finish()?;
    let mut rng = app.entropy.fork();
    let mut change = access.change(&app, &mut rng).await?;
    let new = task.named(external_id(&part)?);
    let put = change.put_task(&expected, new).await?;
    let task = put.resource;
    let answer = Answer::put(put.is_new, path(&task.id), task.version, &task)?;
    answer.after(change, None).await
}

/// Changes a task.
pub async fn update_task(
    access: ManagementAccess<WriteTasks>,
    State(app): State<App>,
    part: PathPart,
    uri: Uri,
    Precondition(expected): Precondition,
    MergePatch(patch): MergePatch<TaskPatch>,
) -> Result<Answer, Failure> {
    Parameters::of(&uri).finish()?;
    let mut rng = app.entropy.fork();
    let mut change = access.change(&app, &mut rng).await?;
    let task = change.update_task(&part.id()?, &expected, patch).await?;
    Answer::ok(task.version, &task)?.after(change, None).await
}

/// Deletes a task.
pub async fn delete_task(
    access: ManagementAccess<WriteTasks>,
    State(app): State<App>,
    part: PathPart,
    uri: Uri,
    Precondition(expected): Precondition,
) -> Result<Answer, Failure> {
    Parameters::of(&uri).finish()?;
    let mut rng = app.entropy.fork();
    let mut change = access.change(&app, &mut rng).await?;
    change.delete_task(&part.id()?, &expected).await?;
    let answer = Answer::empty(StatusCode::NO_CONTENT);
    answer.after(change, None).await
}

fn path(id: &TaskId) -> String {
    format!("/v1/tasks/{id}")
}
