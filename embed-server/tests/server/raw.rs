//! The database behind the store's back: for what no write of ours does yet,
//! and for files that something else has spoilt.

use oriel_store::{Context, NewId, OPERATOR};
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;
use sqlx::{AssertSqlSafe, PgPool, Postgres, SqlitePool, Transaction};

use crate::harness::{Party, Server};

/// Runs statements on the server's database.
pub async fn execute(server: &Server, sql: String) {
    let url = server.app.config.database_url.reveal();
    let sql = AssertSqlSafe(sql);
    if url.starts_with("sqlite:") {
        let pool = SqlitePool::connect(url).await.unwrap();
        sqlx::raw_sql(sql).execute(&pool).await.unwrap();
    } else {
        let pool = PgPool::connect(url).await.unwrap();
        sqlx::raw_sql(sql).execute(&pool).await.unwrap();
    }
}

/// Holds the row that a party's calls are counted in, until what it gives is dropped.
pub async fn hold_rate_window(server: &Server, party: &Party) -> Transaction<'static, Postgres> {
    let url = server.app.config.database_url.reveal();
    let pool = PgPool::connect(url).await.unwrap();
    let mut held = pool.begin().await.unwrap();
    let hold = "SELECT used FROM rate_windows WHERE tenant_id = $1 FOR UPDATE";
    let hold = sqlx::query(hold).bind(party.tenant.id.as_str());
    hold.fetch_one(&mut *held).await.unwrap();
    held
}

/// Appends an event with its revision, and gives its place.
pub async fn append_event(server: &Server, party: &Party, kind: &str, subject: &str) -> u64 {
    let tenant = &party.tenant.id;
    let revision = server.store.tenant_revision(tenant).await.unwrap().unwrap();
    let place = revision + 1;
    let mut rng = ChaCha20Rng::seed_from_u64(place);
    let now = server.now();
    let id = oriel_contract::EventId::new(&mut Context {
        now,
        rng: &mut rng,
        actor: OPERATOR,
    });
    let sql = format!(
        "BEGIN; UPDATE tenants SET revision = {place} WHERE id = '{tenant}';
         INSERT INTO events (tenant_id, seq, id, revision, kind, subject, payload, at)
         VALUES ('{tenant}', {place}, '{id}', {place}, '{kind}', '{subject}', '{{}}', 0); COMMIT"
    );
    execute(server, sql).await;
    place
}

/// The one blob that a statement selects.
pub async fn bytes(server: &Server, sql: &'static str) -> Vec<u8> {
    let url = server.app.config.database_url.reveal();
    if url.starts_with("sqlite:") {
        let pool = SqlitePool::connect(url).await.unwrap();
        sqlx::query_scalar(sql).fetch_one(&pool).await.unwrap()
    } else {
        let pool = PgPool::connect(url).await.unwrap();
        sqlx::query_scalar(sql).fetch_one(&pool).await.unwrap()
    }
}
