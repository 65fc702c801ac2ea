//! One suite of cases on both databases.

/// Makes two tests of each case, one for each database. A group begins with further lines
/// of configuration.
macro_rules! on_both_databases {
    ($($limits:literal: $($case:ident)*;)*) => {
        mod sqlite {$($(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                super::$case(crate::harness::Server::start_with($limits).await).await;
            }
        )*)*}

        mod postgres {$($(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            #[ignore = "needs ORIEL_TEST_POSTGRES_URL: `cargo xtask test` sets it"]
            async fn $case() {
                let database = crate::postgres::postgres_schema().await;
                super::$case(crate::harness::Server::start_on(&database, $limits).await).await;
            }
        )*)*}
    };
}
