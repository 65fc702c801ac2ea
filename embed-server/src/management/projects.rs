//! `/v1/projects`

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, Uri},
    response::Response,
};
use oriel_contract::{
    NewProject, Page, ProblemCode, ProjectId, ProjectPatch, ProjectResource, PutProject,
};
use oriel_store::NamedChanges;

use super::{
    answer::{self, Answer, Stop},
    listing::{external_id, named},
};
use crate::{
    app::App,
    problem::Failure,
    request::{
        body::{MergePatch, StrictJson},
        parameters::Parameters,
        path::PathPart,
        posted::Posted,
        precondition::Precondition,
    },
    token::access::{ManagementAccess, ReadProjects, WriteProjects},
};

/// A page of the tenant's projects.
pub async fn list_project_resources(
    access: ManagementAccess<ReadProjects>,
    State(app): State<App>,
    uri: Uri,
) -> Result<Json<Page<ProjectResource>>, Failure> {
    let mut parameters = Parameters::of(&uri);
    let query = named(&mut parameters);
    parameters.finish()?;
    Ok(Json(access.store(&app).project_resources(&query).await?))
}

/// Makes a project.
pub async fn create_project(
    access: ManagementAccess<WriteProjects>,
    State(app): State<App>,
    uri: Uri,
    mut posted: Posted<NewProject>,
) -> Result<Answer, Stop> {
    Parameters::of(&uri).finish()?;
    let (tenant, mut rng) = (access.tenant(), app.entropy.fork());
    let cx = access.context(&app, &mut rng);
    let mut change = posted.begin(&app, cx, tenant).await?;
    let NewProject { name, external_id } = posted.body.clone();
    let project = change.create_project(name, external_id).await?;
    let answer = Answer::created(path(&project.id), project.version, &project)?;
    Ok(posted.commit(&app, tenant, change, answer).await?)
}

/// A project of the tenant.
pub async fn read_project_resource(
    access: ManagementAccess<ReadProjects>,
    State(app): State<App>,
    part: PathPart,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    Parameters::of(&uri).finish()?;
    let project = access.store(&app).project_resource(&part.id()?).await?;
    let project = project.ok_or_else(|| Failure::new(ProblemCode::NotFound))?;
    answer::read(&headers, project.version, &project)
}

/// Makes or replaces the project that another system calls so.
pub async fn put_project_by_external_id(
    access: ManagementAccess<WriteProjects>,
    State(app): State<App>,
    part: PathPart,
    uri: Uri,
    Precondition(expected): Precondition,
    StrictJson(PutProject { name }): StrictJson<PutProject>,
) -> Result<Answer, Failure> {
    Parameters::of(&uri).finish()?;
    let mut rng = app.entropy.fork();
    let mut change = access.change(&app, &mut rng).await?;
    let put = change
        .put_project(external_id(&part)?, &expected, name)
        .await?;
    let project = put.resource;
    let answer = Answer::put(put.is_new, path(&project.id), project.version, &project)?;
    answer.after(change, None).await
}

/// Changes a project.
pub async fn update_project(
    access: ManagementAccess<WriteProjects>,
    State(app): State<App>,
    part: PathPart,
    uri: Uri,
    Precondition(expected): Precondition,
    MergePatch(patch): MergePatch<ProjectPatch>,
) -> Result<Answer, Failure> {
    Parameters::of(&uri).finish()?;
    let mut rng = app.entropy.fork();
    let mut change = access.change(&app, &mut rng).await?;
    let changes = NamedChanges {
        name: patch.name,
        email: None,
        external_id: patch.external_id,
    };
    let project = change
        .update_project(&part.id()?, &expected, changes)
        .await?;
    Answer::ok(project.version, &project)?
        .after(change, None)
        .await
}

/// Deletes a project that nothing refers to.
pub async fn delete_project(
    access: ManagementAccess<WriteProjects>,
    State(app): State<App>,
    part: PathPart,
    uri: Uri,
    Precondition(expected): Precondition,
) -> Result<Answer, Failure> {
    Parameters::of(&uri).finish()?;
    let mut rng = app.entropy.fork();
    let mut change = access.change(&app, &mut rng).await?;
    change.delete_project(&part.id()?, &expected).await?;
    let answer = Answer::empty(StatusCode::NO_CONTENT);
    answer.after(change, None).await
}

fn path(id: &ProjectId) -> String {
    format!("/v1/projects/{id}")
}
