//! The two databases behind one face: connecting, running a statement,
//! transactions.
//!
//! SQLite has a pool of readers and a single writer: WAL lets them work side by
//! side, and writers queue for the one connection instead of failing.

use std::{str::FromStr, time::Duration};

use sqlx::{
    AssertSqlSafe, FromRow, PgPool, Postgres, Sqlite, SqlitePool, Transaction,
    migrate::{Migration, MigrationType, Migrator},
    postgres::{PgConnectOptions, PgPoolOptions, PgRow},
    sqlite::{
        SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow, SqliteSynchronous,
    },
};

use crate::{
    Cause, StoreError,
    sql::{Sql, Value},
};

/// How long a request waits for a connection: a database that is gone must
/// become an answer soon.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(3);
/// How long a writer queues behind another one; an import takes seconds.
const WRITE_TIMEOUT: Duration = Duration::from_secs(30);
/// How long SQLite waits for another process that writes.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
const SQLITE_READERS: u32 = 4;
const POSTGRES_CONNECTIONS: u32 = 10;
/// Negative for KiB. A large import keeps its pages until it commits; they are
/// given back then.
const WRITER_CACHE: &str = "-131072";
const READER_CACHE: &str = "-16384";
/// Filters combine to more texts than the driver's default of 100.
const STATEMENTS: usize = 256;

/// A row type that both drivers can fill.
pub(crate) trait Row:
    for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin
{
}

impl<T> Row for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin
{}

/// An open database.
#[derive(Debug, Clone)]
pub(crate) enum Database {
    Sqlite {
        readers: SqlitePool,
        writer: SqlitePool,
    },
    Postgres(PgPool),
}

/// A transaction on either database; dropped, it rolls back.
pub(crate) enum Tx {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// Binds every value of a statement to a query of either driver.
macro_rules! bound {
    ($query:expr, $values:expr) => {{
        let mut query = $query;
        for value in $values {
            query = match value {
                Value::Int(value) => query.bind(value),
                Value::Float(value) => query.bind(value),
                Value::Text(value) => query.bind(value),
                Value::Bytes(value) => query.bind(value),
            };
        }
        query
    }};
}

impl Database {
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        if url.starts_with("sqlite:") {
            Self::open_sqlite(url).await
        } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            Self::open_postgres(url).await
        } else {
            Err(StoreError::UnknownDatabase)
        }
    }

    async fn open_sqlite(url: &str) -> Result<Self, StoreError> {
        // `FULL` syncs the log at every commit, so that a power cut takes no
        // write that was acknowledged.
        let options = SqliteConnectOptions::from_str(url)?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT)
            .pragma("mmap_size", "268435456")
            .statement_cache_capacity(STATEMENTS);
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .acquire_timeout(WRITE_TIMEOUT)
            .test_before_acquire(false)
            .connect_with(options.clone().pragma("cache_size", WRITER_CACHE))
            .await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(SQLITE_READERS)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .test_before_acquire(false)
            .connect_with(
                options
                    .pragma("cache_size", READER_CACHE)
                    .pragma("query_only", "on"),
            )
            .await?;
        Ok(Self::Sqlite { readers, writer })
    }

    async fn open_postgres(url: &str) -> Result<Self, StoreError> {
        let options = PgConnectOptions::from_str(url)?.statement_cache_capacity(STATEMENTS);
        let pool = PgPoolOptions::new()
            .max_connections(POSTGRES_CONNECTIONS)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .connect_with(options)
            .await?;
        Ok(Self::Postgres(pool))
    }

    /// Brings the tables up to this version of the program.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite { writer, .. } => {
                migrator(&[
                    include_str!("../migrations/sqlite/0001_tables.sql"),
                    include_str!("../migrations/sqlite/0002_labels.sql"),
                    include_str!("../migrations/sqlite/0003_status_days.sql"),
                    include_str!("../migrations/sqlite/0004_timeline.sql"),
                    include_str!("../migrations/sqlite/0005_revocations.sql"),
                    include_str!("../migrations/sqlite/0006_keys.sql"),
                    include_str!("../migrations/sqlite/0007_audit.sql"),
                    include_str!("../migrations/sqlite/0008_csp_reports.sql"),
                    include_str!("../migrations/sqlite/0009_management.sql"),
                    include_str!("../migrations/sqlite/0010_oauth.sql"),
                    include_str!("../migrations/sqlite/0011_limits.sql"),
                    include_str!("../migrations/sqlite/0012_csp_reports_go.sql"),
                ])
                .run(writer)
                .await?;
            }
            Self::Postgres(pool) => {
                migrator(&[
                    include_str!("../migrations/postgres/0001_tables.sql"),
                    include_str!("../migrations/postgres/0002_labels.sql"),
                    include_str!("../migrations/postgres/0003_status_days.sql"),
                    include_str!("../migrations/postgres/0004_timeline.sql"),
                    include_str!("../migrations/postgres/0005_revocations.sql"),
                    include_str!("../migrations/postgres/0006_keys.sql"),
                    include_str!("../migrations/postgres/0007_audit.sql"),
                    include_str!("../migrations/postgres/0008_csp_reports.sql"),
                    include_str!("../migrations/postgres/0009_management.sql"),
                    include_str!("../migrations/postgres/0010_oauth.sql"),
                    include_str!("../migrations/postgres/0011_limits.sql"),
                    include_str!("../migrations/postgres/0012_csp_reports_go.sql"),
                ])
                .run(pool)
                .await?;
            }
        }
        Ok(())
    }

    /// A transaction that reads one state of the database, whatever is written
    /// meanwhile.
    pub async fn read(&self) -> Result<Tx, StoreError> {
        Ok(match self {
            Self::Sqlite { readers, .. } => Tx::Sqlite(readers.begin().await?),
            Self::Postgres(pool) => Tx::Postgres(
                pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                    .await?,
            ),
        })
    }

    /// A transaction that writes. `IMMEDIATE` makes writers of other processes
    /// wait at its start instead of failing at their first write.
    pub async fn write(&self) -> Result<Tx, StoreError> {
        Ok(match self {
            Self::Sqlite { writer, .. } => Tx::Sqlite(writer.begin_with("BEGIN IMMEDIATE").await?),
            Self::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }

    /// Cleans up after a large write: renews the statistics that plans are made
    /// from, and gives back what the write held.
    pub async fn settle(&self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite { writer, .. } => {
                sqlx::raw_sql(
                    "ANALYZE tasks; ANALYZE task_labels; ANALYZE task_status_days;
                     ANALYZE milestones; ANALYZE task_dependencies;
                     PRAGMA shrink_memory; PRAGMA wal_checkpoint(TRUNCATE)",
                )
                .execute(writer)
                .await?;
            }
            Self::Postgres(pool) => {
                // Vacuuming marks the pages whose rows all may see, without which
                // counting from an index visits every row.
                sqlx::raw_sql(
                    "VACUUM (ANALYZE) tasks, task_labels, task_status_days, milestones,
                         task_dependencies",
                )
                .execute(pool)
                .await?;
            }
        }
        Ok(())
    }

    /// Every row of a single statement that reads.
    pub async fn all<T: Row>(&self, sql: Sql) -> Result<Vec<T>, StoreError> {
        let text = AssertSqlSafe(sql.text);
        Ok(match self {
            Self::Sqlite { readers, .. } => {
                bound!(sqlx::query_as::<Sqlite, T>(text), sql.values)
                    .fetch_all(readers)
                    .await?
            }
            Self::Postgres(pool) => {
                bound!(sqlx::query_as::<Postgres, T>(text), sql.values)
                    .fetch_all(pool)
                    .await?
            }
        })
    }

    /// The first row, if there is one.
    pub async fn optional<T: Row>(&self, sql: Sql) -> Result<Option<T>, StoreError> {
        Ok(self.all(sql).await?.into_iter().next())
    }
}

impl Tx {
    pub async fn all<T: Row>(&mut self, sql: Sql) -> Result<Vec<T>, StoreError> {
        let text = AssertSqlSafe(sql.text);
        Ok(match self {
            Self::Sqlite(tx) => {
                bound!(sqlx::query_as::<Sqlite, T>(text), sql.values)
                    .fetch_all(&mut **tx)
                    .await?
            }
            Self::Postgres(tx) => {
                bound!(sqlx::query_as::<Postgres, T>(text), sql.values)
                    .fetch_all(&mut **tx)
                    .await?
            }
        })
    }

    pub async fn optional<T: Row>(&mut self, sql: Sql) -> Result<Option<T>, StoreError> {
        Ok(self.all(sql).await?.into_iter().next())
    }

    /// The only row of a statement that always has one.
    pub async fn one<T: Row>(&mut self, sql: Sql) -> Result<T, StoreError> {
        self.optional(sql)
            .await?
            .ok_or_else(|| StoreError::Database(Cause::new(sqlx::Error::RowNotFound)))
    }

    /// Runs a statement that writes.
    pub async fn execute(&mut self, sql: Sql) -> Result<(), StoreError> {
        let text = AssertSqlSafe(sql.text);
        match self {
            Self::Sqlite(tx) => {
                bound!(sqlx::query::<Sqlite>(text), sql.values)
                    .execute(&mut **tx)
                    .await?;
            }
            Self::Postgres(tx) => {
                bound!(sqlx::query::<Postgres>(text), sql.values)
                    .execute(&mut **tx)
                    .await?;
            }
        }
        Ok(())
    }

    pub async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(tx) => tx.commit().await?,
            Self::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }
}

/// Migrations in their order, numbered from 1.
fn migrator(scripts: &[&'static str]) -> Migrator {
    let migrations = (1..)
        .zip(scripts)
        .map(|(version, script)| {
            Migration::new(
                version,
                "tables".into(),
                MigrationType::Simple,
                sqlx::SqlSafeStr::into_sql_str(*script),
                false,
            )
        })
        .collect();
    Migrator::with_migrations(migrations)
}
