//! What can go wrong, told apart by what the caller can do about it.

use std::fmt;

use crate::BatchError;

/// Why the store could not answer.
///
/// The text of an error names no SQL, path or value; the driver's own words
/// are its source, for logs.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The database does not answer; the same call may work later.
    #[error("the database cannot be reached")]
    Unavailable(#[source] Cause),
    /// Something of that name is there already.
    #[error("there is already such {what}")]
    Conflict { what: &'static str },
    /// A cursor that is not ours, or one of another query.
    #[error("the cursor does not belong to this list")]
    BadCursor,
    /// What the call is about does not exist.
    #[error("there is no such {what}")]
    NotFound { what: &'static str },
    /// Somebody else changed it since the version that the caller knows.
    #[error("it was changed meanwhile")]
    Stale,
    /// A value names what the tenant does not have. `at` is its JSON pointer.
    #[error("there is nothing of that name at {at}")]
    Unknown { at: &'static str },
    /// Other things refer to it still.
    #[error("it is in use")]
    InUse { by: &'static str },
    /// A write that only the whole tenant's scope allows.
    #[error("this scope is too narrow to write")]
    ScopeTooNarrow,
    /// A batch that contradicts itself or the stored data. Nothing was written.
    #[error("the batch cannot be imported")]
    Batch(#[from] BatchError),
    /// A URL that names neither database.
    #[error("the database URL must start with `sqlite:` or `postgres://`")]
    UnknownDatabase,
    /// Anything else that the database refused: a defect of ours, or of its files.
    #[error("the database failed")]
    Database(#[source] Cause),
}

/// The driver's or the decoder's own error.
#[derive(Debug)]
pub struct Cause(Box<dyn std::error::Error + Send + Sync>);

impl Cause {
    pub(crate) fn new(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self(error.into())
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Cause {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source()
    }
}

impl StoreError {
    /// The same, or that there is no such thing where a row refers to one that is not there.
    pub(crate) fn or_missing(self, what: &'static str) -> Self {
        let cause = match &self {
            Self::Database(Cause(cause)) => cause.downcast_ref::<sqlx::Error>(),
            _ => None,
        };
        let refused = cause.and_then(sqlx::Error::as_database_error);
        if refused.is_some_and(sqlx::error::DatabaseError::is_foreign_key_violation) {
            Self::NotFound { what }
        } else {
            self
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        if is_outage(&error) {
            Self::Unavailable(Cause::new(error))
        } else {
            Self::Database(Cause::new(error))
        }
    }
}

impl From<sqlx::migrate::MigrateError> for StoreError {
    fn from(error: sqlx::migrate::MigrateError) -> Self {
        match error {
            sqlx::migrate::MigrateError::Execute(error) => error.into(),
            other => Self::Database(Cause::new(other)),
        }
    }
}

/// Whether the database is away or busy, and not at odds with what was asked.
fn is_outage(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Database(error) => error.code().is_some_and(|code| is_outage_code(&code)),
        _ => false,
    }
}

/// PostgreSQL's classes 08 (connection), 53 (resources) and 57P (shut down),
/// always five characters; SQLite's primary codes BUSY, LOCKED, IOERR, FULL
/// and CANTOPEN, which are the low byte of at most four digits.
fn is_outage_code(code: &str) -> bool {
    if code.len() == 5 {
        return ["08", "53", "57P"]
            .iter()
            .any(|class| code.starts_with(class));
    }
    code.parse::<u32>()
        .is_ok_and(|code| matches!(code & 0xff, 5 | 6 | 10 | 13 | 14))
}
