//! `oriel sandbox` as a developer starts it, and starts it again.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::{fs, path::Path, process::Command};

use jiff::Timestamp;
use oriel::{
    clock::utc_day,
    config::Config,
    sandbox::{Access, Contents, prepare},
};
use oriel_contract::RangePreset;
use oriel_store::{Context, OPERATOR, Store, TaskFilter, TenantScope};
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;

/// Runs `oriel sandbox --prepare-only` and returns what it printed.
fn sandbox(folder: &Path, arguments: &[&str]) -> Result<String, String> {
    let output = Command::new(env!("CARGO_BIN_EXE_oriel"))
        .env_remove("ORIEL_CONFIG")
        .arg("sandbox")
        .arg("--data-dir")
        .arg(folder)
        .arg("--prepare-only")
        .args(arguments)
        .output()
        .unwrap();
    let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    if output.status.success() {
        Ok(text)
    } else {
        Err(text)
    }
}

fn access(folder: &Path) -> Access {
    Access::read(folder).unwrap().unwrap()
}

async fn store(folder: &Path) -> (Config, Store) {
    let config = Config::load(Some(&folder.join("oriel.toml"))).unwrap();
    let store = Store::connect(config.database_url.reveal()).await.unwrap();
    (config, store)
}

#[tokio::test]
async fn a_first_start_makes_everything_and_a_second_one_finds_it() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("new");
    sandbox(&folder, &["--listen", "127.0.0.1:4501"]).unwrap();
    let first = access(&folder);
    assert_eq!(first.embed_url, "http://127.0.0.1:4501");

    let said = sandbox(&folder, &[]).unwrap();
    assert!(!said.contains(&first.client_secret));
    let second = access(&folder);
    assert_eq!(
        (&second.tenant, &second.embed),
        (&first.tenant, &first.embed)
    );
    assert_eq!(second.client_secret, first.client_secret);

    let (_, store) = store(&folder).await;
    let today = utc_day(Timestamp::now());
    let data = store.within(TenantScope::whole(first.tenant));
    let every_task = TaskFilter::default();
    let numbers = data.dashboard(today, RangePreset::All, &every_task);
    let numbers = numbers.await.unwrap();
    assert_eq!(
        numbers
            .statuses
            .iter()
            .map(|count| count.tasks)
            .sum::<u64>(),
        520
    );
}

#[tokio::test]
async fn another_address_or_portal_updates_the_sandbox() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    sandbox(
        folder,
        &["--empty", "--portal-origin", "http://localhost:1"],
    )
    .unwrap();
    let before = access(folder);
    let more = [
        "--portal-origin",
        "http://localhost:2",
        "--portal-origin",
        "http://localhost:3",
    ];
    sandbox(folder, &more).unwrap();
    sandbox(folder, &["--listen", "127.0.0.1:4502"]).unwrap();
    let after = access(folder);
    assert_eq!(after.tenant, before.tenant);
    assert_eq!(after.embed_url, "http://127.0.0.1:4502");
    let (config, store) = store(folder).await;
    assert_eq!(config.listen.port(), 4502);
    let embed = store.find_embed(&after.embed).await.unwrap().unwrap();
    assert_eq!(
        embed.allowed_origins,
        ["http://localhost:2", "http://localhost:3"]
    );
}

#[tokio::test]
async fn a_lost_database_is_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    sandbox(folder, &["--empty"]).unwrap();
    let before = access(folder);
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.to_string_lossy().contains("oriel.db") {
            fs::remove_file(path).unwrap();
        }
    }
    sandbox(folder, &["--empty"]).unwrap();
    assert_ne!(access(folder).tenant, before.tenant);
}

#[tokio::test]
async fn old_demo_data_moves_up_to_now() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    sandbox(folder, &["--empty"]).unwrap();
    fs::remove_file(folder.join("sandbox.json")).unwrap();
    let (config, store) = store(folder).await;
    let mut rng = ChaCha20Rng::seed_from_u64(1);
    let mut open_until = async |day: &str| {
        let now: Timestamp = format!("{day}T12:00:00Z").parse().unwrap();
        let cx = &mut Context {
            now,
            rng: &mut rng,
            actor: OPERATOR,
        };
        let contents = Contents { tasks: 60 };
        let access = prepare(folder, &config, &store, cx, contents, &[])
            .await
            .unwrap();
        let data = store.within(TenantScope::whole(access.tenant));
        data.latest_activity().await.unwrap().unwrap()
    };
    let first = open_until("2026-03-04").await;
    assert_eq!(open_until("2026-03-05").await, first);
    assert!(open_until("2026-06-17").await > "2026-06-10".parse().unwrap());
}

#[cfg(unix)]
#[test]
fn only_the_owner_reads_the_secrets() {
    use std::os::unix::fs::PermissionsExt;

    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("new");
    sandbox(&folder, &["--empty"]).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    assert_eq!(mode(&folder.join("oriel.toml")), 0o600);
    assert_eq!(mode(&folder.join("sandbox.json")), 0o600);
}

#[test]
fn wrong_arguments_are_named() {
    let folder = tempfile::tempdir().unwrap();
    for (arguments, expected) in [
        (&["--listen", "127.0.0.1:0"][..], "--listen needs a port"),
        (&["--listen", "192.0.2.1:80"], "give a loopback address"),
        (
            &["--portal-origin", "localhost"],
            "`localhost` is not an origin",
        ),
        (&["--empty", "--tasks", "5"], "cannot be used with"),
    ] {
        let said = sandbox(folder.path(), arguments).unwrap_err();
        assert!(said.contains(expected), "{said}");
    }
}
