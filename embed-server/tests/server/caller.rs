//! Calls of the management API, as tests make them.

#![allow(
    clippy::needless_pass_by_value,
    reason = "bodies read better where they are made"
)]

use http_body_util::Full;
use hyper::{Method, Request, body::Bytes};
use serde_json::Value;

use crate::harness::{Answer, Party, Server, with_token};

/// A party's backend with a token of its own.
pub struct Caller<'a> {
    pub server: &'a Server,
    pub token: String,
}

impl<'a> Caller<'a> {
    pub async fn of(server: &'a Server, party: &Party) -> Self {
        Self {
            server,
            token: server.any_access_token(party).await,
        }
    }

    pub fn request(
        &self,
        method: &Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Request<Full<Bytes>> {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if body.is_some() {
            let kind = if *method == Method::PATCH {
                "application/merge-patch+json"
            } else {
                "application/json"
            };
            request = request.header("content-type", kind);
        }
        let body = body.map(Value::to_string).unwrap_or_default();
        with_token(request.body(Full::from(body)).unwrap(), &self.token)
    }

    pub async fn get(&self, path: &str) -> Answer {
        let request = self.request(&Method::GET, path, &[], None);
        self.server.send(request).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        let request = self.request(&Method::POST, path, &[], Some(&body));
        self.server.send(request).await
    }

    pub async fn put(&self, path: &str, headers: &[(&str, &str)], body: Value) -> Answer {
        let request = self.request(&Method::PUT, path, headers, Some(&body));
        self.server.send(request).await
    }

    pub async fn patch(&self, path: &str, headers: &[(&str, &str)], body: Value) -> Answer {
        let request = self.request(&Method::PATCH, path, headers, Some(&body));
        self.server.send(request).await
    }

    pub async fn delete(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let request = self.request(&Method::DELETE, path, headers, None);
        self.server.send(request).await
    }

    /// Makes a thing, and gives it as it was answered.
    pub async fn made(&self, path: &str, body: Value) -> Value {
        let answer = self.post(path, body).await;
        assert_eq!(answer.status, 201, "{path}: {:?}", answer.body);
        answer.json()
    }

    /// The path of a project that is made for the purpose, and its id.
    pub async fn project(&self, name: &str) -> String {
        let made = self.made("/v1/projects", serde_json::json!({ "name": name }));
        made.await["id"].as_str().unwrap().to_owned()
    }

    /// All items of a list, page by page.
    pub async fn walk(&self, path: &str, limit: u32) -> Vec<Value> {
        let joint = if path.contains('?') { '&' } else { '?' };
        let mut items = Vec::new();
        let mut cursor = String::new();
        loop {
            let page = self
                .get(&format!("{path}{joint}limit={limit}{cursor}"))
                .await;
            assert_eq!(page.status, 200, "{:?}", page.body);
            let page = page.json();
            items.extend(page["items"].as_array().unwrap().clone());
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return items,
            }
        }
    }
}
