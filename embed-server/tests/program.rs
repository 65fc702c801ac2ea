//! The program as an operator meets it: what it refuses, what it prints, and
//! what it writes into its log.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Output, Stdio},
};

use oriel::token::seal::MasterKey;
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;
use serde_json::Value;
use tempfile::TempDir;

/// A master key of the tests' own.
fn master_key(seed: u64) -> String {
    MasterKey::generate(&mut ChaCha20Rng::seed_from_u64(seed))
}

fn oriel(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_oriel"));
    command
        .env_clear()
        .env(
            "ORIEL_DATABASE_URL",
            format!("sqlite:{}", folder.join("oriel.db").display()),
        )
        .env("ORIEL_PUBLIC_URL", "http://127.0.0.1:8080")
        .env("ORIEL_LISTEN", "127.0.0.1:0")
        .env("ORIEL_MASTER_KEY", master_key(1));
    command
}

fn run(command: &mut Command) -> (bool, String, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        status.success(),
        text(stdout).trim_end().to_owned(),
        text(stderr),
    )
}

/// What is said by a server that must not start; one that does fails the test
/// instead of serving on.
fn refused(command: &mut Command) -> String {
    let mut child = command.arg("serve").stderr(Stdio::piped()).spawn().unwrap();
    let mut said = String::new();
    for line in BufReader::new(child.stderr.take().unwrap()).lines() {
        let line = line.unwrap();
        if line.contains("\"listening\"") {
            child.kill().unwrap();
            panic!("the server started: {line}");
        }
        said.push_str(&line);
        said.push('\n');
    }
    assert!(!child.wait().unwrap().success());
    said
}

fn made(command: &mut Command) -> String {
    let (is_good, stdout, stderr) = run(command);
    assert!(is_good, "{stderr}");
    stdout
}

#[test]
fn nothing_is_served_without_a_good_configuration() {
    let folder = tempfile::tempdir().unwrap();
    let example = "ZXhhbXBsZWV4YW1wbGVleGFtcGxlZXhhbXBsZWV4YW0=";
    for (variable, value, says) in [
        ("ORIEL_MASTER_KEY", None, "openssl rand -base64 32"),
        ("ORIEL_MASTER_KEY", Some("hunter2"), "`master_key` (from"),
        ("ORIEL_MASTER_KEY", Some(example), "not random enough"),
        ("ORIEL_PUBLIC_URL", None, "`public_url` is missing"),
        (
            "ORIEL_PUBLIC_URL",
            Some("http://embed.example.com"),
            "must be https",
        ),
        ("ORIEL_DATABASE_URL", None, "`database_url` is missing"),
        (
            "ORIEL_DATABASE_URL",
            Some("mysql://x"),
            "must start with `sqlite:`",
        ),
        ("ORIEL_LISTEN", Some("somewhere"), "LISTEN"),
        (
            "ORIEL_LIMITS__BODY_BYTES",
            Some("0"),
            "`limits.body_bytes` (from",
        ),
        ("ORIEL_LOG", Some("a=b=c"), "`log`"),
    ] {
        let mut command = oriel(folder.path());
        match value {
            Some(value) => command.env(variable, value),
            None => command.env_remove(variable),
        };
        let stderr = refused(&mut command);
        assert!(stderr.contains(says), "{variable}={value:?}: {stderr}");
        assert!(
            !stderr.contains("hunter2") && !stderr.contains(example),
            "{stderr}"
        );
    }
}

#[test]
fn a_file_that_is_wrong_or_not_there_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("oriel.toml");
    let stderr = refused(oriel(folder.path()).arg("--config").arg(&file));
    assert!(stderr.contains("oriel.toml"), "{stderr}");
    std::fs::write(&file, "bodylimit = 1\n").unwrap();
    let stderr = refused(oriel(folder.path()).arg("--config").arg(&file));
    assert!(
        stderr.contains("bodylimit") && stderr.contains("oriel.toml"),
        "{stderr}"
    );
}

#[test]
fn an_embed_has_origins_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let tenant = made(oriel(folder.path()).args(["tenant", "create", "Acme"]));
    let create = |origin: &str| {
        let args = [
            "embed", "create", "--tenant", &tenant, "--title", "T", "--origin", origin,
        ];
        run(oriel(folder.path()).args(args))
    };
    for (origin, says) in [
        ("http://127.0.0.1:8080", "covers the origin of `public_url`"),
        ("https://portal.example.com/", "is not an origin"),
        ("https://*.co.uk", "more than one owner's names"),
        ("http://portal.example.com", "must be https"),
        ("null", "every page without an origin of its own"),
        ("capacitor://localhost", "add `--allow-custom-scheme`"),
    ] {
        let (is_good, stdout, stderr) = create(origin);
        assert!(
            !is_good && stdout.is_empty() && stderr.contains(says),
            "{origin}: {stderr}"
        );
    }
    let (is_good, stdout, stderr) = create("http://localhost:8080");
    assert!(is_good && stdout.starts_with("emb_"), "{stderr}");

    let mut moved = oriel(folder.path());
    moved.env("ORIEL_PUBLIC_URL", "http://localhost:8080");
    let stderr = refused(&mut moved);
    assert!(
        stderr.contains(&stdout) && stderr.contains("covers the origin"),
        "{stderr}"
    );
}

#[test]
fn a_wildcard_is_warned_of_and_never_covers_the_embed_origin() {
    let folder = tempfile::tempdir().unwrap();
    let tenant = made(oriel(folder.path()).args(["tenant", "create", "Acme"]));
    let create = |public_url: &str, origin: &str| {
        let args = [
            "embed", "create", "--tenant", &tenant, "--title", "T", "--origin", origin,
        ];
        run(oriel(folder.path())
            .env("ORIEL_PUBLIC_URL", public_url)
            .args(args))
    };
    let (is_good, stdout, stderr) = create("https://embed.example.com", "https://*.example.com");
    assert!(!is_good && stdout.is_empty(), "{stderr}");
    assert!(stderr.contains("covers the origin"), "{stderr}");
    let (is_good, embed, stderr) = create("https://embed.example.org", "https://*.bücher.example");
    assert!(is_good && embed.starts_with("emb_"), "{stderr}");
    let wide = "`https://*.xn--bcher-kva.example`";
    let kept = format!("Kept `https://*.bücher.example` as browsers send it: {wide}");
    assert!(stderr.contains(&kept), "{stderr}");
    assert!(
        stderr.contains(&format!("Warning: with {wide}")),
        "{stderr}"
    );

    let mut moved = oriel(folder.path());
    moved.env("ORIEL_PUBLIC_URL", "https://embed.xn--bcher-kva.example");
    let stderr = refused(&mut moved);
    assert!(
        stderr.contains(&embed) && stderr.contains("covers the origin"),
        "{stderr}"
    );
}

#[test]
fn a_running_server_goes_by_changed_origins_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let tenant = made(oriel(folder.path()).args(["tenant", "create", "Acme"]));
    let embed = made(oriel(folder.path()).args([
        "embed",
        "create",
        "--tenant",
        &tenant,
        "--title",
        "A\tB",
        "--origin",
        "https://a.example",
    ]));
    let serving = Serving::start(&folder);
    let ancestors = || {
        let answer = serving.send(&format!("GET /v1/frame/{embed} HTTP/1.1"), "");
        // The public address of these tests is not https.
        assert!(!answer.to_lowercase().contains("strict-transport-security"));
        let (_, rest) = answer.split_once("frame-ancestors ").unwrap();
        rest.split_once(';').unwrap().0.to_owned()
    };
    let update = |args: &[&str]| {
        let command = ["embed", "update", "--embed", &embed];
        run(oriel(folder.path()).args(command).args(args))
    };
    assert_eq!(ancestors(), "https://a.example");
    let two = ["--origin", "https://b.example", "--origin", "app://bundle"];
    let (is_good, _, stderr) = update(&two);
    assert!(
        !is_good && stderr.contains("--allow-custom-scheme"),
        "{stderr}"
    );
    assert_eq!(ancestors(), "https://a.example", "all or nothing");
    let (is_good, stdout, stderr) = update(&[&two[..], &["--allow-custom-scheme"]].concat());
    assert!(is_good && stdout.is_empty(), "{stderr}");
    assert_eq!(ancestors(), "https://b.example app://bundle");

    let listed = made(oriel(folder.path()).args(["embed", "list", "--tenant", &tenant]));
    let line = format!("{embed}\t{tenant}\tA\\tB\thttps://b.example app://bundle");
    assert_eq!(listed, line);
    let report = r#"{"csp-report":{"effective-directive":"frame-ancestors"}}"#;
    let head =
        format!("POST /v1/csp-reports/{embed} HTTP/1.1\r\nContent-Type: application/csp-report");
    assert!(serving.send(&head, report).starts_with("HTTP/1.1 204"));
    let shown = made(oriel(folder.path()).args(["embed", "show", "--embed", &embed]));
    for line in [
        format!("embed    {embed}"),
        "origin   https://b.example".to_owned(),
        r#"script   <script async src="http://127.0.0.1:8080/v1/loader.js"></script>"#.to_owned(),
        "reports  frame-ancestors 1 in 30 days".to_owned(),
    ] {
        assert!(shown.lines().any(|one| one == line), "{line}: {shown}");
    }

    let (is_good, _, stderr) = update(&[]);
    assert!(!is_good && stderr.contains("--origin"), "{stderr}");
    let (is_good, _, stderr) = update(&["--origin", "http://127.0.0.1:8080"]);
    assert!(!is_good && stderr.contains("covers the origin"), "{stderr}");
    let (is_good, _, stderr) = update(&["--no-origin"]);
    assert!(
        is_good && stderr.contains("No page may show this embed"),
        "{stderr}"
    );
    assert_eq!(ancestors(), "'none'");
    serving.stop();
}

#[test]
fn an_embed_begins_with_a_view_that_there_is() {
    let folder = tempfile::tempdir().unwrap();
    let tenant = made(oriel(folder.path()).args(["tenant", "create", "Acme"]));
    let create = |view: &str| {
        let args = [
            "embed", "create", "--tenant", &tenant, "--title", "T", "--view", view,
        ];
        run(oriel(folder.path()).args(args))
    };
    for view in ["overview", "tasks", "board"] {
        let (is_good, stdout, stderr) = create(view);
        assert!(is_good && stdout.starts_with("emb_"), "{view}: {stderr}");
    }
    for (view, says) in [
        ("gantt", "give overview, tasks, board or project/prj_…"),
        ("project/1", "give overview, tasks, board or project/prj_…"),
        (
            "project/prj_01jd8x0c6tfwasq9m2yjz0v4kb",
            "--view project=prj_01jd8x0c6tfwasq9m2yjz0v4kb: the tenant has no such project",
        ),
    ] {
        let (is_good, stdout, stderr) = create(view);
        assert!(
            !is_good && stdout.is_empty() && stderr.contains(says),
            "{view}: {stderr}"
        );
    }
}

#[test]
fn keys_are_listed_registered_and_retired() {
    let folder = tempfile::tempdir().unwrap();
    let oriel = |args: &[&str]| run(oriel(folder.path()).args(args));
    let (_, tenant, _) = oriel(&["tenant", "create", "Acme"]);
    let list = || oriel(&["key", "list", "--tenant", &tenant]).1;
    let first = list();
    assert!(first.ends_with("\tEdDSA\toriel"), "{first}");
    let first = first.split('\t').next().unwrap();
    let (_, second, _) = oriel(&["key", "rotate", "--tenant", &tenant]);

    // The key of RFC 8037 appendix A, and its private half.
    let file = folder.path().join("public.jwk");
    let register = |more: &str| {
        let x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
        let jwk = format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{x}"{more}}}"#);
        std::fs::write(&file, jwk).unwrap();
        let file = file.to_str().unwrap();
        oriel(&["key", "register", "--tenant", &tenant, "--jwk", file])
    };
    let (taken, _, said) = register(r#","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A""#);
    assert!(!taken && said.contains("unknown field `d`"), "{said}");
    let (taken, held, said) = register("");
    assert!(taken && said.contains(&held), "{said}");

    let retire = |key: &str| oriel(&["key", "retire", "--tenant", &tenant, "--key", key]);
    for key in [first, &held] {
        assert!(retire(key).0);
    }
    let (retired, _, said) = retire(&second);
    assert!(!retired && said.contains("oriel key rotate"), "{said}");
    let list = list();
    for (key, what) in [(first, "\toriel\tretires"), (&held, "(backend)\tretires")] {
        let line = list.lines().find(|line| line.starts_with(key)).unwrap();
        assert!(line.contains(what), "{line}");
    }
}

#[test]
fn the_audit_log_is_listed_and_verified() {
    let folder = tempfile::tempdir().unwrap();
    let oriel = |args: &[&str]| run(oriel(folder.path()).args(args));
    let (_, tenant, _) = oriel(&["tenant", "create", "Acme"]);
    let (_, key, _) = oriel(&["key", "rotate", "--tenant", &tenant]);
    let list = oriel(&["audit", "list", "--tenant", &tenant]).1;
    let newest = list.lines().next().unwrap();
    let expected = format!("signing_key.created\toperator\t{key}\tok\t");
    assert!(
        newest.starts_with("3\t") && newest.contains(&expected),
        "{newest}"
    );
    assert!(!oriel(&["audit", "list"]).0);

    let verify = |more: &[&str]| oriel(&[&["audit", "verify", "--tenant", &tenant], more].concat());
    let (holds, said, _) = verify(&[]);
    assert!(
        holds && said.starts_with(&format!("{tenant}\tholds\t3:")),
        "{said}"
    );
    let head = said.rsplit('\t').next().unwrap();
    oriel(&["key", "rotate", "--tenant", &tenant]);
    assert!(verify(&["--expect", head]).0);
    let (holds, said, error) = verify(&["--expect", "3:00"]);
    assert!(
        !holds && said.contains("has no entry 3:00") && error.contains("audit"),
        "{said}"
    );
}

#[test]
fn a_tenant_is_suspended_and_resumed() {
    let folder = tempfile::tempdir().unwrap();
    let oriel = |args: &[&str]| run(oriel(folder.path()).args(args));
    let (_, tenant, _) = oriel(&["tenant", "create", "Acme"]);
    for (what, is_suspended) in [("suspend", true), ("resume", false)] {
        assert!(oriel(&["tenant", what, "--tenant", &tenant]).0);
        let list = oriel(&["tenant", "list"]).1;
        assert!(list.starts_with(&format!("{tenant}\tAcme")), "{list}");
        assert_eq!(list.contains("suspended since"), is_suspended);
    }
    let nobody = "tnt_01jd8x0c6tfwasq9m2yjz0v4kb";
    let (done, _, said) = oriel(&["tenant", "suspend", "--tenant", nobody]);
    assert!(!done && said.contains("no such tenant"), "{said}");
}

#[test]
fn a_tenant_has_a_plan_and_loses_it() {
    let folder = tempfile::tempdir().unwrap();
    let tenant = made(oriel(folder.path()).args(["tenant", "create", "Acme"]));
    let tenant = tenant.trim();
    let plan = |limit: &str| {
        let flag = ["tenant", "plan", tenant, "--requests-per-minute", limit];
        run(oriel(folder.path()).args(flag))
    };
    let listed = || made(oriel(folder.path()).args(["tenant", "list"]));
    assert!(plan("250").0);
    assert_eq!(listed(), format!("{tenant}\tAcme\t250 requests a minute"));
    for wrong in ["0", "-1", "many", "4294967296"] {
        let (is_good, _, stderr) = plan(wrong);
        assert!(
            !is_good && stderr.contains("requests-per-minute"),
            "{stderr}"
        );
    }
    assert!(plan("default").0);
    assert_eq!(listed(), format!("{tenant}\tAcme"));
    let kind = ["--kind", "tenant.plan_changed"];
    let log = made(
        oriel(folder.path())
            .args(["audit", "list", "--tenant", tenant])
            .args(kind),
    );
    assert_eq!(log.lines().count(), 2, "{log}");
}

#[test]
fn another_master_key_does_not_open_the_keys() {
    let folder = tempfile::tempdir().unwrap();
    made(oriel(folder.path()).args(["tenant", "create", "Acme"]));
    let mut command = oriel(folder.path());
    command.env("ORIEL_MASTER_KEY", master_key(2));
    let stderr = refused(&mut command);
    assert!(stderr.contains("`master_key`"), "{stderr}");
}

/// A served database, ended with the test.
struct Serving {
    child: Child,
    address: String,
    log: BufReader<std::process::ChildStderr>,
}

impl Serving {
    fn start(folder: &TempDir) -> Self {
        let mut child = oriel(folder.path())
            .arg("serve")
            .env("ORIEL_LOG", "debug")
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap());
        let address = loop {
            let mut line = String::new();
            assert_ne!(log.read_line(&mut line).unwrap(), 0, "the server ended");
            let entry: Value = serde_json::from_str(&line).unwrap();
            if entry["message"] == "listening" {
                break entry["address"].as_str().unwrap().to_owned();
            }
        };
        Self {
            child,
            address,
            log,
        }
    }

    fn send(&self, head: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let length = body.len();
        write!(
            stream,
            "{head}\r\nHost: x\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// Asks the server to stop, and gives the rest of its log.
    fn stop(mut self) -> String {
        let pid = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &pid])
                .status()
                .unwrap()
                .success()
        );
        let mut rest = String::new();
        self.log.read_to_string(&mut rest).unwrap();
        assert!(self.child.wait().unwrap().success());
        rest
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}

fn member(answer: &str, name: &str) -> String {
    let body = answer.split_once("\r\n\r\n").unwrap().1;
    let body: Value = serde_json::from_str(body).unwrap();
    body[name].as_str().unwrap().to_owned()
}

#[test]
fn no_secret_or_token_is_logged_and_every_line_is_json() {
    let folder = tempfile::tempdir().unwrap();
    let tenant = made(oriel(folder.path()).args(["tenant", "create", "Acme"]));
    let client = made(oriel(folder.path()).args(["client", "create", "--tenant", &tenant]));
    let client: Value = serde_json::from_str(&client).unwrap();
    let (id, secret) = (
        client["client_id"].as_str().unwrap(),
        client["client_secret"].as_str().unwrap(),
    );
    let embed =
        made(oriel(folder.path()).args(["embed", "create", "--tenant", &tenant, "--title", "T"]));

    let serving = Serving::start(&folder);
    let form = "POST /oauth/token HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded";
    let body = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
    let access = member(&serving.send(form, &body), "access_token");
    let head = format!(
        "POST /v1/embed-tokens HTTP/1.1\r\nContent-Type: application/json\r\nAuthorization: Bearer {access}"
    );
    let mint = format!(r#"{{"embed":"{embed}","viewer":"v"}}"#);
    let token = member(&serving.send(&head, &mint), "token");
    for path in [
        "/v1/embed/tasks".to_owned(),
        format!("/v1/embed/tasks?access_token={token}"),
        "/nowhere".to_owned(),
        format!("/nowhere/{token}"),
        format!("/v1/embed/tasks/{token}"),
    ] {
        serving.send(
            &format!("GET {path} HTTP/1.1\r\nAuthorization: Bearer {token}"),
            "",
        );
        serving.send(
            &format!("GET {path} HTTP/1.1\r\nAuthorization: Bearer {access}"),
            "",
        );
    }
    let log = serving.stop();
    let signature = |token: &str| token.rsplit_once('.').unwrap().1.to_owned();
    for word in [
        secret.to_owned(),
        signature(&access),
        signature(&token),
        master_key(1),
        "Bearer".to_owned(),
    ] {
        assert!(!log.contains(&word), "{log}");
    }
    let lines: Vec<Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let requests: Vec<_> = lines
        .iter()
        .filter(|line| line["target"] == "oriel::request")
        .collect();
    assert_eq!(requests.len(), 12);
    let routes: Vec<_> = requests
        .iter()
        .map(|line| line["route"].as_str().unwrap())
        .collect();
    assert_eq!(
        routes[6..],
        [
            "-",
            "-",
            "-",
            "-",
            "/v1/embed/tasks/{task}",
            "/v1/embed/tasks/{task}"
        ]
    );
    assert!(
        requests
            .iter()
            .all(|line| line["request_id"].as_str().unwrap().starts_with("req_"))
    );
}

#[test]
fn a_client_s_secret_is_stored_as_a_hash() {
    let folder = tempfile::tempdir().unwrap();
    let tenant = made(oriel(folder.path()).args(["tenant", "create", "Acme"]));
    let client = made(oriel(folder.path()).args(["client", "create", "--tenant", &tenant]));
    let client: Value = serde_json::from_str(&client).unwrap();
    let secret = client["client_secret"].as_str().unwrap().as_bytes();
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        assert!(!bytes.windows(secret.len()).any(|window| window == secret));
    }
}
