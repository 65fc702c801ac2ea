//! `/v1/embeds`

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, Uri},
    response::Response,
};
use oriel_contract::{
    EmbedId, EmbedPatch, EmbedResource, FieldError, NewEmbedRequest, Page, ProblemCode, RangePreset,
};
use oriel_store::{AsOf, Embed, EmbedChanges, EmbedView, NewEmbed, StoreError};

use super::{
    answer::{self, Answer, Stop},
    listing::listed,
};
use crate::{
    app::App,
    origin::{self, Schemes},
    problem::Failure,
    request::{
        body::MergePatch, parameters::Parameters, path::PathPart, posted::Posted,
        precondition::Precondition,
    },
    token::access::{ManagementAccess, ReadEmbeds, WriteEmbeds},
};

/// A page of the tenant's embeds.
pub async fn list_embed_resources(
    access: ManagementAccess<ReadEmbeds>,
    State(app): State<App>,
    uri: Uri,
) -> Result<Json<Page<EmbedResource>>, Failure> {
    let mut parameters = Parameters::of(&uri);
    let query = listed(&mut parameters, "title");
    parameters.finish()?;
    let page = access.store(&app).embeds(&query).await?;
    Ok(Json(Page {
        items: page.items.into_iter().map(wire).collect(),
        next_cursor: page.next_cursor,
    }))
}

/// Publishes an embed.
pub async fn create_embed(
    access: ManagementAccess<WriteEmbeds>,
    State(app): State<App>,
    uri: Uri,
    mut posted: Posted<NewEmbedRequest>,
) -> Result<Answer, Stop> {
    Parameters::of(&uri).finish()?;
    let new = new_embed(&app, posted.body.clone())?;
    let (tenant, mut rng) = (access.tenant(), app.entropy.fork());
    let cx = access.context(&app, &mut rng);
    let mut change = posted.begin(&app, cx, tenant).await?;
    let embed = change.create_embed(new).await.map_err(no_project)?;
    let embed = wire(embed);
    let answer = Answer::created(format!("/v1/embeds/{}", embed.id), embed.version, &embed)?;
    Ok(posted.commit(&app, tenant, change, answer).await?)
}

/// An embed of the tenant.
pub async fn read_embed_resource(
    access: ManagementAccess<ReadEmbeds>,
    State(app): State<App>,
    part: PathPart,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    Parameters::of(&uri).finish()?;
    let id: EmbedId = part.id()?;
    let embed = app.store.find_embed(&id).await?;
    let embed = embed
        .filter(|embed| embed.tenant == *access.tenant())
        .ok_or_else(|| Failure::new(ProblemCode::NotFound))?;
    answer::read(&headers, embed.version, &wire(embed))
}

/// Changes an embed.
pub async fn update_embed(
    access: ManagementAccess<WriteEmbeds>,
    State(app): State<App>,
    part: PathPart,
    uri: Uri,
    Precondition(expected): Precondition,
    MergePatch(patch): MergePatch<EmbedPatch>,
) -> Result<Answer, Failure> {
    Parameters::of(&uri).finish()?;
    let changes = changes(&app, patch)?;
    let mut rng = app.entropy.fork();
    let mut change = access.change(&app, &mut rng).await?;
    let changed = change.update_embed(&part.id()?, &expected, changes).await;
    let embed = wire(changed.map_err(no_project)?);
    Answer::ok(embed.version, &embed)?.after(change, None).await
}

/// Deletes an embed, and takes its tokens back.
pub async fn delete_embed(
    access: ManagementAccess<WriteEmbeds>,
    State(app): State<App>,
    part: PathPart,
    uri: Uri,
    Precondition(expected): Precondition,
) -> Result<Answer, Failure> {
    Parameters::of(&uri).finish()?;
    let mut rng = app.entropy.fork();
    let mut change = access.change(&app, &mut rng).await?;
    change.delete_embed(&part.id()?, &expected).await?;
    let answer = Answer::empty(StatusCode::NO_CONTENT);
    answer.after(change, None).await
}

fn new_embed(app: &App, new: NewEmbedRequest) -> Result<NewEmbed, Failure> {
    let origins = origins(app, &new.allowed_origins, new.allow_custom_schemes);
    let view = new.default_view.as_deref().map(view).transpose();
    Ok(NewEmbed {
        title: new.title,
        allowed_origins: origins.map_err(Failure::fields)?,
        default_range: new.default_range.unwrap_or(RangePreset::Weeks12),
        default_view: view?.unwrap_or_default(),
        as_of: new.as_of.map_or(AsOf::Today, AsOf::Pinned),
        require_dpop: new.require_dpop,
    })
}

fn changes(app: &App, patch: EmbedPatch) -> Result<EmbedChanges, Failure> {
    let custom = patch.allow_custom_schemes;
    let allowed = patch.allowed_origins.as_deref();
    let allowed = allowed.map(|given| origins(app, given, custom)).transpose();
    Ok(EmbedChanges {
        title: patch.title,
        allowed_origins: allowed.map_err(Failure::fields)?,
        default_range: patch.default_range,
        default_view: patch.default_view.as_deref().map(view).transpose()?,
        as_of: (patch.as_of).map(|day| day.map_or(AsOf::Today, AsOf::Pinned)),
        require_dpop: patch.require_dpop,
    })
}

/// Sources as they are kept, or what is wrong with each that cannot be.
fn origins(app: &App, given: &[String], custom: bool) -> Result<Vec<String>, Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut allowed = Vec::new();
    for (index, text) in given.iter().enumerate() {
        let own = app.config.public_url.origin();
        let schemes = if custom {
            Schemes::WebAndApps
        } else {
            Schemes::Web
        };
        let read = origin::parse(text, schemes)
            .map_err(|error| error.to_string())
            .and_then(|origin| {
                origin::require_apart(std::slice::from_ref(&origin), own)
                    .map(|()| origin)
                    .map_err(|error| error.to_string())
            });
        match read {
            Ok(origin) => allowed.push(origin),
            Err(detail) => errors.push(FieldError {
                at: format!("/allowed_origins/{index}"),
                detail,
            }),
        }
    }
    if errors.is_empty() {
        Ok(allowed)
    } else {
        Err(errors)
    }
}

fn view(text: &str) -> Result<EmbedView, Failure> {
    text.parse()
        .map_err(|_| Failure::field("/default_view", "takes a view"))
}

fn no_project(error: StoreError) -> Failure {
    match error {
        StoreError::NotFound { what: "project" } => Failure::field(
            "/default_view",
            "names a project that is none of the tenant's",
        ),
        error => error.into(),
    }
}

fn wire(embed: Embed) -> EmbedResource {
    EmbedResource {
        id: embed.id,
        title: embed.title,
        allowed_origins: embed.allowed_origins,
        default_range: embed.default_range,
        default_view: embed.default_view.to_string(),
        as_of: match embed.as_of {
            AsOf::Today => None,
            AsOf::Pinned(day) => Some(day),
        },
        require_dpop: embed.require_dpop,
        version: embed.version,
        created_at: embed.created_at,
        updated_at: embed.updated_at,
    }
}
