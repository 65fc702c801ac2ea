//! The operations of the contract as a test asks for them: each by a request that is
//! right in all but its token, and with what the contract says that it needs.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

use http_body_util::Full;
use hyper::{Method, Request, body::Bytes};
use oriel::token::crypto::PublicKey;
use oriel_contract::PublicJwk;
use serde_json::{Value, json};

use crate::{
    apps, contract,
    harness::{Party, Server, with_token},
};

/// What an operation takes, by its `security`.
#[derive(Debug, Clone, PartialEq)]
pub enum Needs {
    Nothing,
    ClientCredentials,
    /// An access token with one of these scopes.
    Access(Vec<String>),
    /// An embed token with one of these scopes; any at all where there are none.
    Embed(Vec<String>),
}

#[derive(Debug, Clone)]
pub struct Operation {
    pub id: String,
    pub method: Method,
    pub needs: Needs,
    path: String,
    says: Value,
}

/// What requests name.
#[derive(Debug, Clone)]
pub struct Target {
    pub embed: String,
    pub key: String,
    pub project: String,
    pub task: String,
    pub user: String,
    /// An app of the tenant.
    pub app: String,
    /// What the app asks for. Each can be answered once, so that each request that answers
    /// takes one of them away.
    pub authorizations: Arc<Mutex<Vec<String>>>,
}

pub fn jwk(seed: u8) -> PublicJwk {
    let key = ed25519_dalek::SigningKey::from_bytes(&[seed; 32]);
    PublicKey::Ed25519(key.verifying_key()).jwk()
}

pub fn all() -> Vec<Operation> {
    let all = contract::operations().into_iter();
    all.map(|(method, path, says)| Operation {
        id: says["operationId"].as_str().unwrap().to_owned(),
        method: method.to_uppercase().parse().unwrap(),
        needs: needs(&method, &path, &says["security"]),
        path,
        says,
    })
    .collect()
}

/// Those that need a token.
pub fn guarded() -> Vec<Operation> {
    let needs_token = |one: &Operation| matches!(one.needs, Needs::Access(_) | Needs::Embed(_));
    all().into_iter().filter(needs_token).collect()
}

fn needs(method: &str, path: &str, security: &Value) -> Needs {
    let alternatives = security
        .as_array()
        .unwrap_or_else(|| panic!("{method} {path}: add `security` to it, `[]` if it is public"));
    let mut schemes = BTreeSet::new();
    let mut scopes = Vec::new();
    for (scheme, needed) in alternatives.iter().flat_map(|one| one.as_object().unwrap()) {
        schemes.insert(scheme.as_str());
        let needed = needed.as_array().unwrap();
        assert!(
            needed.len() <= 1,
            "{method} {path}: needs two scopes at once, for which the matrix has no row yet"
        );
        scopes.extend(
            needed
                .iter()
                .map(|scope| scope.as_str().unwrap().to_owned()),
        );
    }
    match Vec::from_iter(schemes)[..] {
        [] => Needs::Nothing,
        ["client_basic"] => Needs::ClientCredentials,
        ["access_token"] => Needs::Access(scopes),
        ["embed_token"] => Needs::Embed(scopes),
        ref other => panic!("{method} {path}: add to the matrix what {other:?} means"),
    }
}

impl Operation {
    pub fn scopes(&self) -> &[String] {
        match &self.needs {
            Needs::Access(scopes) | Needs::Embed(scopes) => scopes,
            _ => &[],
        }
    }

    pub fn is_embed(&self) -> bool {
        matches!(self.needs, Needs::Embed(_))
    }

    /// A token that it takes, with everything that a token may have.
    pub async fn good_token(&self, server: &Server, party: &Party) -> String {
        match self.needs {
            Needs::Access(_) => server.any_access_token(party).await,
            _ => server.mint(party, json!({})).await.token,
        }
    }

    /// The request, without a token.
    pub fn request(&self, target: &Target) -> Request<Full<Bytes>> {
        let mut path = self.path.clone();
        let parameters = self.says["parameters"].as_array();
        for parameter in parameters.into_iter().flatten().map(contract::resolve) {
            if parameter["required"] != true {
                continue;
            }
            let name = parameter["name"].as_str().unwrap();
            let value = self.value_of(name, target);
            match parameter["in"].as_str().unwrap() {
                "path" => path = path.replace(&format!("{{{name}}}"), &value),
                "query" => {
                    let joint = if path.contains('?') { '&' } else { '?' };
                    path = format!("{path}{joint}{name}={value}");
                }
                other => panic!("`{}`: add how a parameter in {other} is sent", self.id),
            }
        }
        assert!(!path.contains('{'), "{path}: a part of it is no parameter");
        let mut request = Request::builder().method(&self.method).uri(path);
        if self.never_matches() {
            request = request.header("if-match", "\"0\"");
        }
        let Some((kind, body)) = self.body(target) else {
            return request.body(Full::default()).unwrap();
        };
        let request = request.header("content-type", kind);
        request.body(Full::from(body)).unwrap()
    }

    pub fn request_with(&self, target: &Target, token: &str) -> Request<Full<Bytes>> {
        with_token(self.request(target), token)
    }

    /// Whether its request names a version that nothing has, so that what it would delete
    /// is there for the next one, too.
    pub fn never_matches(&self) -> bool {
        self.id.starts_with("delete_")
    }

    /// Everything of the request that may name something.
    pub fn words(&self, target: &Target) -> String {
        let body = self.body(target).map(|(_, body)| body);
        let request = self.request(target);
        format!("{} {}", request.uri(), body.unwrap_or_default())
    }

    fn value_of(&self, parameter: &str, target: &Target) -> String {
        match parameter {
            "embed" => target.embed.clone(),
            "key" => target.key.clone(),
            "project" => target.project.clone(),
            "task" => target.task.clone(),
            "user" => target.user.clone(),
            "external_id" => "as-another-system-has-it".to_owned(),
            "file" => "widget.0c.wasm".to_owned(),
            "authorization" => {
                let mut waiting = target.authorizations.lock().unwrap();
                if self.method == Method::POST {
                    waiting.pop().unwrap()
                } else {
                    waiting[0].clone()
                }
            }
            "client_id" => target.app.clone(),
            "redirect_uri" => apps::CALLBACK.to_owned(),
            "response_type" => "code".to_owned(),
            "code_challenge" => apps::challenge("a verifier"),
            "code_challenge_method" => "S256".to_owned(),
            other => panic!("`{}`: add here what is right for `{other}`", self.id),
        }
    }

    fn body(&self, target: &Target) -> Option<(&'static str, String)> {
        if self.says["requestBody"].is_null() {
            return None;
        }
        let embed = &target.embed;
        let task = json!({ "title": "To do", "project": target.project });
        let body = match self.id.as_str() {
            "create_access_token" => {
                let form = "application/x-www-form-urlencoded";
                return Some((form, "grant_type=client_credentials".to_owned()));
            }
            "report_csp_violation" => {
                let report = json!({ "csp-report": { "effective-directive": "script-src" } });
                return Some(("application/csp-report", report.to_string()));
            }
            "mint_embed_token" => json!({ "embed": embed, "viewer": "viewer-1" }),
            // Of so long ago that it takes nothing back.
            "revoke_embed_tokens" => {
                json!({ "embed": embed, "issued_before": "2025-01-01T00:00:00Z" })
            }
            "revoke_token" | "introspect_token" => {
                let form = "application/x-www-form-urlencoded";
                return Some((form, "token=nonsense".to_owned()));
            }
            "approve_authorization" => json!({ "user": target.user }),
            "register_tenant_key" => json!({ "jwk": jwk(3) }),
            "create_project"
            | "put_project_by_external_id"
            | "create_user"
            | "put_user_by_external_id" => json!({ "name": "Named" }),
            "create_task" | "put_task_by_external_id" => task,
            "write_tasks" => json!({ "items": [{ "action": "create", "task": task }] }),
            "create_embed" => json!({ "title": "Another", "allowed_origins": [] }),
            "update_project" | "update_task" | "update_user" | "update_embed" => json!({}),
            other => panic!("`{other}`: add here a body that is right"),
        };
        let kind = if self.method == Method::PATCH {
            "application/merge-patch+json"
        } else {
            "application/json"
        };
        Some((kind, body.to_string()))
    }
}
