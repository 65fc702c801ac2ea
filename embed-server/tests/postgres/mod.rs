//! Databases on the throw-away cluster that `ORIEL_TEST_POSTGRES_URL` names.

use sqlx::{AssertSqlSafe, PgPool};

/// The URL of a schema of one's own; the cluster is thrown away by who made it.
pub async fn postgres_schema() -> String {
    let cluster = std::env::var("ORIEL_TEST_POSTGRES_URL")
        .expect("ORIEL_TEST_POSTGRES_URL names a throw-away cluster");
    let schema = format!("oriel_{:016x}", rand::random::<u64>());
    let pool = PgPool::connect(&cluster).await.unwrap();
    let sql = AssertSqlSafe(format!("CREATE SCHEMA {schema}"));
    sqlx::raw_sql(sql).execute(&pool).await.unwrap();
    let joint = if cluster.contains('?') { '&' } else { '?' };
    format!("{cluster}{joint}options[search_path]={schema}")
}
