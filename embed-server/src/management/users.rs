//! `/v1/users`

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, Uri},
    response::Response,
};
use oriel_contract::{NewUser, Page, ProblemCode, PutUser, UserId, UserPatch, UserResource};
use oriel_store::{ListQuery, NamedChanges};

use super::{
    answer::{self, Answer, Stop},
    listing::{email, external_id, named},
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
    token::access::{ManagementAccess, ReadUsers, WriteUsers},
};

/// A page of the tenant's users.
pub async fn list_user_resources(
    access: ManagementAccess<ReadUsers>,
    State(app): State<App>,
    uri: Uri,
) -> Result<Json<Page<UserResource>>, Failure> {
    let mut parameters = Parameters::of(&uri);
    let query = ListQuery {
        email: email(&mut parameters),
        ..named(&mut parameters)
    };
    parameters.finish()?;
    Ok(Json(access.store(&app).user_resources(&query).await?))
}

/// Makes a user.
pub async fn create_user(
    access: ManagementAccess<WriteUsers>,
    State(app): State<App>,
    uri: Uri,
    mut posted: Posted<NewUser>,
) -> Result<Answer, Stop> {
    Parameters::of(&uri).finish()?;
    let (tenant, mut rng) = (access.tenant(), app.entropy.fork());
    let cx = access.context(&app, &mut rng);
    let mut change = posted.begin(&app, cx, tenant).await?;
    let new = posted.body.clone();
    let user = change
        .create_user(new.name, new.email, new.external_id)
        .await?;
    let answer = Answer::created(path(&user.id), user.version, &user)?;
    Ok(posted.commit(&app, tenant, change, answer).await?)
}

/// A user of the tenant.
pub async fn read_user_resource(
    access: ManagementAccess<ReadUsers>,
    State(app): State<App>,
    part: PathPart,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    Parameters::of(&uri).finish()?;
    let user = access.store(&app).user_resource(&part.id()?).await?;
    let user = user.ok_or_else(|| Failure::new(ProblemCode::NotFound))?;
    answer::read(&headers, user.version, &user)
}

/// Makes or replaces the user whom another system calls so.
pub async fn put_user_by_external_id(
    access: ManagementAccess<WriteUsers>,
    State(app): State<App>,
    part: PathPart,
    uri: Uri,
    Precondition(expected): Precondition,
    StrictJson(PutUser { name, email }): StrictJson<PutUser>,
) -> Result<Answer, Failure> {
    Parameters::of(&uri).finish()?;
    let mut rng = app.entropy.fork();
    let mut change = access.change(&app, &mut rng).await?;
    let external_id = external_id(&part)?;
    let put = change.put_user(external_id, &expected, name, email).await?;
    let user = put.resource;
    let answer = Answer::put(put.is_new, path(&user.id), user.version, &user)?;
    answer.after(change, None).await
}

/// Changes a user.
pub async fn update_user(
    access: ManagementAccess<WriteUsers>,
    State(app): State<App>,
    part: PathPart,
    uri: Uri,
    Precondition(expected): Precondition,
    MergePatch(patch): MergePatch<UserPatch>,
) -> Result<Answer, Failure> {
    Parameters::of(&uri).finish()?;
    let mut rng = app.entropy.fork();
    let mut change = access.change(&app, &mut rng).await?;
    let changes = NamedChanges {
        name: patch.name,
        email: patch.email,
        external_id: patch.external_id,
    };
    let user = change.update_user(&part.id()?, &expected, changes).await?;
    Answer::ok(user.version, &user)?.after(change, None).await
}

/// Deletes a user whom nothing refers to.
pub async fn delete_user(
    access: ManagementAccess<WriteUsers>,
    State(app): State<App>,
    part: PathPart,
    uri: Uri,
    Precondition(expected): Precondition,
) -> Result<Answer, Failure> {
    Parameters::of(&uri).finish()?;
    let mut rng = app.entropy.fork();
    let mut change = access.change(&app, &mut rng).await?;
    change.delete_user(&part.id()?, &expected).await?;
    let answer = Answer::empty(StatusCode::NO_CONTENT);
    answer.after(change, None).await
}

fn path(id: &UserId) -> String {
    format!("/v1/users/{id}")
}
