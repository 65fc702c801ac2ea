//! Clients and apps as an operator makes them, and what is refused with what to do.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::{path::Path, process::Command};

use oriel::token::seal::MasterKey;
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;
use serde_json::Value;

/// Runs a command line; what it prints, or what it says instead.
fn oriel(folder: &Path, line: &[&str]) -> Result<String, String> {
    let master = MasterKey::generate(&mut ChaCha20Rng::seed_from_u64(1));
    let database = format!("sqlite:{}", folder.join("oriel.db").display());
    let done = Command::new(env!("CARGO_BIN_EXE_oriel"))
        .env_clear()
        .env("ORIEL_DATABASE_URL", database)
        .env("ORIEL_PUBLIC_URL", "http://127.0.0.1:8080")
        .env("ORIEL_MASTER_KEY", master)
        .args(line)
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    if done.status.success() {
        Ok(text(done.stdout).trim_end().to_owned())
    } else {
        Err(text(done.stderr))
    }
}

fn member(json: &str, name: &str) -> String {
    let all: Value = serde_json::from_str(json).unwrap();
    all[name].as_str().unwrap().to_owned()
}

#[test]
fn a_third_live_secret_is_refused_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let run = |line: &[&str]| oriel(folder.path(), line);
    let tenant = run(&["tenant", "create", "Acme"]).unwrap();
    let create = ["client", "create", "--tenant", &tenant];
    let made = run(&[&create[..], &["--scope", "audit:read"]].concat()).unwrap();
    let client = member(&made, "client_id");
    let add = ["client", "secret", "add", "--client", &client];
    let second = run(&add).unwrap();
    assert_ne!(
        member(&made, "client_secret"),
        member(&second, "client_secret")
    );
    let said = run(&add).unwrap_err();
    assert!(said.contains("oriel client secret retire"), "{said}");
    let listed = run(&["client", "list", "--tenant", &tenant]).unwrap();
    assert!(listed.contains("audit:read") && !listed.contains("tasks:read"));
    assert!(!listed.contains(&member(&second, "client_secret")));
    let secret = member(&second, "secret_id");
    let retire = [
        "client", "secret", "retire", "--client", &client, "--secret", &secret,
    ];
    run(&retire).unwrap();
    run(&add).unwrap();
}

#[test]
fn a_scope_that_nobody_may_have_is_refused_with_those_that_there_are() {
    let folder = tempfile::tempdir().unwrap();
    let run = |line: &[&str]| oriel(folder.path(), line);
    let tenant = run(&["tenant", "create", "Acme"]).unwrap();
    let create = ["client", "create", "--tenant", &tenant, "--scope", "all"];
    let said = run(&create).unwrap_err();
    assert!(said.contains("authorizations:write"), "{said}");
    for scope in ["authorizations:write", "tenant_keys:write"] {
        let create = [
            "app",
            "create",
            "--tenant",
            &tenant,
            "--name",
            "App",
            "--redirect-uri",
            "https://app.example/cb",
            "--scope",
            scope,
        ];
        let said = run(&create).unwrap_err();
        assert!(said.contains("possible values"), "{said}");
    }
}

#[test]
fn an_app_gets_a_secret_where_it_can_keep_one_and_no_address_but_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let run = |line: &[&str]| oriel(folder.path(), line);
    let tenant = run(&["tenant", "create", "Acme"]).unwrap();
    let create = |uri: &str, more: &[&str]| {
        let line = [
            "app",
            "create",
            "--tenant",
            &tenant,
            "--name",
            "App",
            "--scope",
            "tasks:read",
            "--redirect-uri",
            uri,
        ];
        run(&[&line[..], more].concat())
    };
    let confidential = create("https://app.example/cb", &[]).unwrap();
    assert!(!member(&confidential, "client_secret").is_empty());
    let public = create("com.example.app:/cb", &["--public"]).unwrap();
    assert!(!public.contains("client_secret"));
    let id = member(&public, "client_id");
    let said = run(&["client", "secret", "add", "--client", &id]).unwrap_err();
    assert!(said.contains("cannot keep a secret"), "{said}");
    let said = create("http://app.example/cb", &[]).unwrap_err();
    assert!(said.contains("needs https"), "{said}");
    run(&["app", "retire", "--app", &id]).unwrap();
    let listed = run(&["client", "list", "--tenant", &tenant]).unwrap();
    assert!(!listed.contains("com.example.app:/cb"), "{listed}");
    assert_eq!(listed.matches("_app\t").count(), 2, "{listed}");

    let login = |url: &str| run(&["tenant", "login-url", "--tenant", &tenant, url]);
    login("https://portal.example.com/login").unwrap();
    assert!(login("http://portal.example.com/login").is_err());
    let entered = run(&["audit", "list", "--tenant", &tenant]).unwrap();
    for kind in ["app.created", "app.retired", "tenant.login_url_changed"] {
        assert!(entered.contains(kind), "{entered}");
    }
}

#[test]
fn a_weak_or_private_key_of_a_client_is_not_taken() {
    let folder = tempfile::tempdir().unwrap();
    let run = |line: &[&str]| oriel(folder.path(), line);
    let tenant = run(&["tenant", "create", "Acme"]).unwrap();
    let made = run(&["client", "create", "--tenant", &tenant]).unwrap();
    let client = member(&made, "client_id");
    let file = folder.path().join("key.jwk");
    let name = file.display().to_string();
    let add = ["client", "key", "add", "--client", &client, "--jwk", &name];
    let good = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
    let weak = "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    for (jwk, says) in [
        (
            format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{weak}"}}"#),
            "weak key",
        ),
        (
            format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{good}","d":"{good}"}}"#),
            "unknown field `d`",
        ),
        (
            r#"{"kty":"oct","crv":"","x":""}"#.to_owned(),
            "must be an Ed25519 key",
        ),
    ] {
        std::fs::write(&file, jwk).unwrap();
        let said = run(&add).unwrap_err();
        assert!(said.contains(says), "{said}");
    }
    let jwk = format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{good}"}}"#);
    std::fs::write(&file, jwk).unwrap();
    let key = run(&add).unwrap();
    let retire = ["client", "key", "retire", "--client", &client, "--key"];
    run(&[&retire[..], &[&key]].concat()).unwrap();
}
