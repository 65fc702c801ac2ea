//! A fresh database for each test, time and randomness.

use jiff::{Timestamp, civil::Date};
use oriel_contract::{Task, TenantId};
use oriel_store::{
    Context, ImportBatch, ImportOutcome, OPERATOR, Store, StoreError, TaskQuery, TenantScope,
    TenantStore,
};
use rand::{RngCore, SeedableRng};
use rand_chacha::ChaCha8Rng;
use sqlx::AssertSqlSafe;

use crate::sample::middle;

/// Makes two tests of each case, one for each database.
macro_rules! on_both_databases {
    ($($case:ident)*) => {
        mod sqlite {$(
            #[tokio::test]
            async fn $case() {
                super::$case($crate::harness::TestDatabase::sqlite().await).await;
            }
        )*}

        mod postgres {$(
            #[tokio::test]
            #[ignore = "needs ORIEL_TEST_POSTGRES_URL: `cargo xtask test` sets it"]
            async fn $case() {
                super::$case($crate::harness::TestDatabase::postgres().await).await;
            }
        )*}
    };
}

/// A database of a test's own, migrated and empty.
pub struct TestDatabase {
    pub store: Store,
    pub url: String,
    rng: ChaCha8Rng,
    /// Held until the test is over, then removed.
    _dir: Option<tempfile::TempDir>,
}

impl TestDatabase {
    pub async fn sqlite() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", dir.path().join("oriel.db").display());
        Self::open(url, Some(dir)).await
    }

    /// A schema of its own; the cluster itself is thrown away by who made it.
    pub async fn postgres() -> Self {
        let cluster = std::env::var("ORIEL_TEST_POSTGRES_URL")
            .expect("ORIEL_TEST_POSTGRES_URL names a throw-away cluster");
        let schema = format!("oriel_{:016x}", rand::random::<u64>());
        execute(&cluster, format!("CREATE SCHEMA {schema}")).await;
        let joint = if cluster.contains('?') { '&' } else { '?' };
        Self::open(
            format!("{cluster}{joint}options[search_path]={schema}"),
            None,
        )
        .await
    }

    async fn open(url: String, dir: Option<tempfile::TempDir>) -> Self {
        let store = Store::connect(&url).await.unwrap();
        store.migrate().await.unwrap();
        Self {
            store,
            url,
            rng: ChaCha8Rng::seed_from_u64(1),
            _dir: dir,
        }
    }

    pub fn cx(&mut self) -> Context<'_> {
        Context {
            now: time("2026-03-25T12:00:00Z"),
            rng: &mut self.rng,
            actor: OPERATOR,
        }
    }

    pub async fn tenant(&mut self, name: &str) -> TenantId {
        let store = self.store.clone();
        store.create_tenant(&mut self.cx(), name).await.unwrap().id
    }

    /// Everything that the tenant has.
    pub fn whole(&self, tenant: &TenantId) -> TenantStore<'_> {
        self.store.within(TenantScope::whole(tenant.clone()))
    }

    /// The first task of the default list.
    pub async fn first_task(&self, tenant: &TenantId) -> Task {
        let query = TaskQuery {
            limit: 1,
            ..TaskQuery::default()
        };
        let page = self.whole(tenant).tasks(middle(), &query).await.unwrap();
        page.items.into_iter().next().unwrap()
    }

    pub async fn import(
        &mut self,
        tenant: &TenantId,
        batch: ImportBatch,
    ) -> Result<ImportOutcome, StoreError> {
        let store = self.store.clone();
        store
            .within(TenantScope::whole(tenant.clone()))
            .import(&mut self.cx(), batch, &mut |_| {})
            .await
    }

    /// How many rows a table has, over all tenants.
    pub async fn rows(&self, table: &str) -> i64 {
        let sql = AssertSqlSafe(format!("SELECT COUNT(*) FROM {table}"));
        if self.url.starts_with("sqlite:") {
            let pool = sqlx::SqlitePool::connect(&self.url).await.unwrap();
            sqlx::query_scalar(sql).fetch_one(&pool).await.unwrap()
        } else {
            let pool = sqlx::PgPool::connect(&self.url).await.unwrap();
            sqlx::query_scalar(sql).fetch_one(&pool).await.unwrap()
        }
    }

    /// Runs a statement behind the store's back.
    pub async fn execute(&self, sql: &str) -> Result<(), sqlx::Error> {
        let text = AssertSqlSafe(sql.to_owned());
        if self.url.starts_with("sqlite:") {
            let pool = sqlx::SqlitePool::connect(&self.url).await?;
            sqlx::raw_sql(text).execute(&pool).await.map(drop)
        } else {
            let pool = sqlx::PgPool::connect(&self.url).await?;
            sqlx::raw_sql(text).execute(&pool).await.map(drop)
        }
    }
}

async fn execute(url: &str, sql: String) {
    let pool = sqlx::PgPool::connect(url).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(&pool)
        .await
        .unwrap();
}

pub fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// A random number below `end`.
pub fn below(rng: &mut ChaCha8Rng, end: u64) -> u64 {
    rng.next_u64() % end
}
