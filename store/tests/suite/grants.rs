//! What users let apps do, and that each code and refresh token is good once.

use jiff::{SignedDuration, Timestamp};
use oriel_contract::{AuthorizationId, GrantId, TenantId, UserId};
use oriel_store::{
    Approval, Change, Client, CodeUse, Context, Decided, NewApp, NewAuthorization, Redeemed,
    RefreshUse, Revoked, RevokedFor, Store, StoreError, Touches,
};

use crate::{harness::TestDatabase, scopes::two_projects};

on_both_databases! {
    what_is_asked_is_found_until_it_is_answered_and_by_its_tenant
    of_two_answers_at_a_time_one_counts
    of_two_uses_of_a_code_at_a_time_one_wins_and_nothing_is_left
    of_two_uses_of_a_refresh_token_at_a_time_one_wins_and_nothing_is_left
    a_code_and_a_refresh_token_are_of_their_own_app
    a_grant_is_revoked_once_with_its_access_tokens
    an_app_ends_with_all_that_it_was_let_do
    an_app_waits_for_ten_thousand_answers_at_most
    what_is_over_is_forgotten
}

struct World {
    tenant: TenantId,
    app: Client,
    user: UserId,
}

const MINUTE: SignedDuration = SignedDuration::from_mins(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);

async fn world(db: &mut TestDatabase) -> World {
    let tenant = db.tenant("Acme").await;
    db.import(&tenant, two_projects()).await.unwrap();
    let people = db.whole(&tenant).people(None, 50, None).await.unwrap();
    let new = NewApp {
        name: "Planner".to_owned(),
        scope: "tasks:read".to_owned(),
        redirect_uris: vec!["https://app.example/cb".to_owned()],
        secret_hash: None,
    };
    let store = db.store.clone();
    let app = store.create_app(&mut db.cx(), &tenant, &new).await.unwrap();
    World {
        user: people.items[0].user.id.clone(),
        tenant,
        app,
    }
}

async fn ask(db: &mut TestDatabase, world: &World, now: Timestamp) -> AuthorizationId {
    let store = db.store.clone();
    let mut cx = db.cx();
    cx.now = now;
    let new = NewAuthorization {
        redirect_uri: "https://app.example/cb".to_owned(),
        scope: "tasks:read".to_owned(),
        state: Some("ä & state".to_owned()),
        code_challenge: "challenge".to_owned(),
        expires_at: now + 10 * MINUTE,
    };
    let asking = store.create_authorization(&mut cx, &world.app, &new).await;
    asking.unwrap()
}

fn approval<'a>(world: &'a World, code: &'a str, now: Timestamp) -> Approval<'a> {
    Approval {
        user: &world.user,
        scope: "tasks:read",
        code_hash: code,
        code_expires_at: now + MINUTE,
    }
}

/// Asks, and is let: with the code `code`.
async fn approve(db: &mut TestDatabase, world: &World, code: &str) {
    let now = db.cx().now;
    let id = ask(db, world, now).await;
    let store = db.store.clone();
    let approval = approval(world, code, now);
    let mut cx = db.cx();
    approved(&store, &mut cx, &world.tenant, &id, approval)
        .await
        .unwrap();
}

/// A change that is begun as a request begins one.
async fn begin<'a>(store: &Store, cx: &'a mut Context<'_>, tenant: &TenantId) -> Change<'a> {
    let cx = Context {
        now: cx.now,
        rng: cx.rng,
        actor: cx.actor,
    };
    store.change(cx, tenant, Touches::Data).await.unwrap()
}

async fn approved(
    store: &Store,
    cx: &mut Context<'_>,
    tenant: &TenantId,
    id: &AuthorizationId,
    approval: Approval<'_>,
) -> Result<Decided, StoreError> {
    let mut change = begin(store, cx, tenant).await;
    let decided = change.approve_authorization(id, approval).await?;
    change.commit(None).await?;
    Ok(decided)
}

async fn denied(
    store: &Store,
    cx: &mut Context<'_>,
    tenant: &TenantId,
    id: &AuthorizationId,
) -> Result<Decided, StoreError> {
    let mut change = begin(store, cx, tenant).await;
    let decided = change.deny_authorization(id).await?;
    change.commit(None).await?;
    Ok(decided)
}

fn code_use<'a>(code: &'a str, refresh: &'a str) -> CodeUse<'a> {
    CodeUse {
        code_hash: code,
        redirect_uri: "https://app.example/cb",
        code_challenge: "challenge",
        refresh_hash: refresh,
    }
}

fn grant_of(redeemed: Redeemed) -> GrantId {
    match redeemed {
        Redeemed::For(grant) => grant.id,
        other => panic!("{other:?}"),
    }
}

/// A second connection to the same database, with randomness of its own.
async fn beside(db: &TestDatabase) -> (Store, rand_chacha::ChaCha8Rng) {
    use rand::SeedableRng;
    let store = Store::connect(&db.url).await.unwrap();
    (store, rand_chacha::ChaCha8Rng::seed_from_u64(2))
}

async fn what_is_asked_is_found_until_it_is_answered_and_by_its_tenant(mut db: TestDatabase) {
    let world = world(&mut db).await;
    let other = db.tenant("Other").await;
    let (store, now) = (db.store.clone(), db.cx().now);
    let revision = store.tenant_revision(&world.tenant).await.unwrap();
    let id = ask(&mut db, &world, now).await;
    let found = store.find_authorization(&world.tenant, &id, now).await;
    let found = found.unwrap().unwrap();
    assert_eq!(
        (&found.client, &*found.client_name),
        (&world.app.id, "Planner")
    );
    assert_eq!(found.expires_at, now + 10 * MINUTE);
    let after = store.tenant_revision(&world.tenant).await.unwrap();
    assert_eq!(after, revision, "anybody can ask");
    for (tenant, now) in [(&other, now), (&world.tenant, found.expires_at)] {
        let found = store.find_authorization(tenant, &id, now).await.unwrap();
        assert_eq!(found, None);
    }
    let denied = denied(&store, &mut db.cx(), &other, &id).await;
    let unknown = StoreError::NotFound {
        what: "authorization",
    };
    assert_eq!(denied.unwrap_err().to_string(), unknown.to_string());
    let denied = self::denied(&store, &mut db.cx(), &world.tenant, &id)
        .await
        .unwrap();
    assert_eq!(denied.state.as_deref(), Some("ä & state"));
    let found = store.find_authorization(&world.tenant, &id, now).await;
    assert_eq!(found.unwrap(), None);
}

async fn of_two_answers_at_a_time_one_counts(mut db: TestDatabase) {
    let world = world(&mut db).await;
    let now = db.cx().now;
    let id = ask(&mut db, &world, now).await;
    let (second, mut rng) = beside(&db).await;
    let first = db.store.clone();
    let mut cx = db.cx();
    let mut other = oriel_store::Context {
        now,
        rng: &mut rng,
        actor: oriel_store::OPERATOR,
    };
    let (one, two) = tokio::join!(
        approved(
            &first,
            &mut cx,
            &world.tenant,
            &id,
            approval(&world, "a", now)
        ),
        approved(
            &second,
            &mut other,
            &world.tenant,
            &id,
            approval(&world, "b", now)
        ),
    );
    assert_ne!(one.is_ok(), two.is_ok());
    assert_eq!(db.rows("grants").await, 1);
}

async fn of_two_uses_of_a_code_at_a_time_one_wins_and_nothing_is_left(mut db: TestDatabase) {
    let world = world(&mut db).await;
    approve(&mut db, &world, "code").await;
    let (second, mut rng) = beside(&db).await;
    let (first, now) = (db.store.clone(), db.cx().now);
    let mut cx = db.cx();
    let mut other = oriel_store::Context {
        now,
        rng: &mut rng,
        actor: oriel_store::OPERATOR,
    };
    let (one, two) = tokio::join!(
        first.redeem_code(&mut cx, &world.app, code_use("code", "r1")),
        second.redeem_code(&mut other, &world.app, code_use("code", "r2")),
    );
    assert_one_wins_and_nothing_is_left(&db, &world, [one, two]).await;
}

async fn of_two_uses_of_a_refresh_token_at_a_time_one_wins_and_nothing_is_left(
    mut db: TestDatabase,
) {
    let world = world(&mut db).await;
    approve(&mut db, &world, "code").await;
    let (second, mut rng) = beside(&db).await;
    let (first, now) = (db.store.clone(), db.cx().now);
    let mut cx = db.cx();
    let redeemed = first.redeem_code(&mut cx, &world.app, code_use("code", "r0"));
    grant_of(redeemed.await.unwrap());
    let mut other = oriel_store::Context {
        now,
        rng: &mut rng,
        actor: oriel_store::OPERATOR,
    };
    let next = |next_hash| RefreshUse {
        hash: "r0",
        next_hash,
    };
    let (one, two) = tokio::join!(
        first.rotate_refresh_token(&mut cx, &world.app, next("r1")),
        second.rotate_refresh_token(&mut other, &world.app, next("r2")),
    );
    assert_one_wins_and_nothing_is_left(&db, &world, [one, two]).await;
}

async fn assert_one_wins_and_nothing_is_left(
    db: &TestDatabase,
    world: &World,
    outcomes: [Result<Redeemed, StoreError>; 2],
) {
    let [one, two] = outcomes.map(Result::unwrap);
    let (won, lost) = match (&one, &two) {
        (Redeemed::For(won), lost) | (lost, Redeemed::For(won)) => (won, lost),
        other => panic!("{other:?}"),
    };
    assert_eq!((lost, &won.user), (&Redeemed::Reused, &world.user));
    let revoked = db.store.revocations(&world.tenant).await.unwrap();
    assert_eq!(revoked[0].of, Revoked::Grant(won.id.clone()));
    for hash in ["r0", "r1", "r2"] {
        let left = db.store.grant_of_refresh_token(&world.tenant, hash).await;
        assert_eq!(left.unwrap(), None);
    }
}

async fn a_code_and_a_refresh_token_are_of_their_own_app(mut db: TestDatabase) {
    let (ours, theirs) = (world(&mut db).await, world(&mut db).await);
    let store = db.store.clone();
    let new = NewApp {
        name: "Sibling".to_owned(),
        scope: "tasks:read".to_owned(),
        redirect_uris: Vec::new(),
        secret_hash: None,
    };
    let sibling = store.create_app(&mut db.cx(), &ours.tenant, &new).await;
    let strangers = [sibling.unwrap(), theirs.app];
    approve(&mut db, &ours, "code").await;
    for used in [false, true] {
        for stranger in &strangers {
            let code = store
                .redeem_code(&mut db.cx(), stranger, code_use("code", "theirs"))
                .await;
            assert_eq!(code.unwrap(), Redeemed::Refused);
            let brought = RefreshUse {
                hash: "r0",
                next_hash: "theirs",
            };
            let refresh = store
                .rotate_refresh_token(&mut db.cx(), stranger, brought)
                .await;
            assert_eq!(refresh.unwrap(), Redeemed::Refused);
        }
        if !used {
            let redeemed = store
                .redeem_code(&mut db.cx(), &ours.app, code_use("code", "r0"))
                .await;
            grant_of(redeemed.unwrap());
        }
    }
    let live = store
        .live_refresh_token(&ours.tenant, "r0", db.cx().now)
        .await;
    assert!(live.unwrap().is_some(), "nothing was revoked or used up");
}

async fn a_grant_is_revoked_once_with_its_access_tokens(mut db: TestDatabase) {
    let world = world(&mut db).await;
    approve(&mut db, &world, "code").await;
    let (store, now) = (db.store.clone(), db.cx().now);
    let redeemed = store
        .redeem_code(&mut db.cx(), &world.app, code_use("code", "r0"))
        .await;
    let grant = grant_of(redeemed.unwrap());
    let live = store.live_refresh_token(&world.tenant, "r0", now).await;
    let live = live.unwrap().unwrap();
    assert_eq!((&live.grant.id, live.expires_at), (&grant, now + 30 * DAY));
    let before = store.tenant_revision(&world.tenant).await.unwrap().unwrap();
    for _ in 0..2 {
        store
            .revoke_grant(&mut db.cx(), &world.tenant, &grant, RevokedFor::GivenBack)
            .await
            .unwrap();
    }
    let after = store.tenant_revision(&world.tenant).await.unwrap();
    assert_eq!(after, Some(before + 1), "the second time changes nothing");
    let live = store.live_refresh_token(&world.tenant, "r0", now).await;
    assert_eq!(live.unwrap(), None);
    let revoked = store.revocations(&world.tenant).await.unwrap();
    assert_eq!(revoked[0].of, Revoked::Grant(grant));
}

async fn an_app_ends_with_all_that_it_was_let_do(mut db: TestDatabase) {
    let world = world(&mut db).await;
    let (store, now) = (db.store.clone(), db.cx().now);
    for (code, refresh) in [("old", "r0"), ("new", "r1")] {
        approve(&mut db, &world, code).await;
        let mut cx = db.cx();
        if code == "old" {
            cx.now = now - DAY;
        }
        let redeemed = store
            .redeem_code(&mut cx, &world.app, code_use(code, refresh))
            .await;
        grant_of(redeemed.unwrap());
    }
    let waiting = ask(&mut db, &world, now).await;
    for _ in 0..2 {
        let ending = store.retire_app(&mut db.cx(), &world.app).await;
        ending.unwrap();
    }
    // One that was on its way meanwhile comes in late, and is let do nothing.
    let late = ask(&mut db, &world, now).await;
    let mut cx = db.cx();
    let approving = approved(
        &store,
        &mut cx,
        &world.tenant,
        &late,
        approval(&world, "late", now),
    );
    assert!(matches!(
        approving.await,
        Err(StoreError::NotFound {
            what: "authorization"
        })
    ));
    for hash in ["r0", "r1"] {
        let left = store.grant_of_refresh_token(&world.tenant, hash).await;
        assert_eq!(left.unwrap(), None);
    }
    let revoked = store.revocations(&world.tenant).await.unwrap();
    assert_eq!(revoked.len(), 1, "the other has no access token by now");
    let found = store.find_authorization(&world.tenant, &waiting, now).await;
    assert_eq!(found.unwrap(), None);
    let left = store.redirect_uris(&world.app).await.unwrap();
    assert_eq!(left, Vec::<String>::new());
}

async fn an_app_waits_for_ten_thousand_answers_at_most(mut db: TestDatabase) {
    let world = world(&mut db).await;
    let now = db.cx().now;
    ask(&mut db, &world, now).await;
    let many = "INSERT INTO authorizations (tenant_id, id, client_id, redirect_uri, scope,
                    code_challenge, created_at, expires_at)
                WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9999)
                SELECT tenant_id, id || n.i, client_id, redirect_uri, scope, code_challenge,
                    created_at, expires_at
                FROM authorizations, n";
    db.execute(many).await.unwrap();
    let new = NewAuthorization {
        redirect_uri: "https://app.example/cb".to_owned(),
        scope: "tasks:read".to_owned(),
        state: None,
        code_challenge: "challenge".to_owned(),
        expires_at: now + 10 * MINUTE,
    };
    let store = db.store.clone();
    let refused = store
        .create_authorization(&mut db.cx(), &world.app, &new)
        .await;
    assert!(matches!(refused, Err(StoreError::Conflict { .. })));
    // Those that nobody answered in time wait no longer.
    ask(&mut db, &world, now + 10 * MINUTE).await;
}

async fn what_is_over_is_forgotten(mut db: TestDatabase) {
    let world = world(&mut db).await;
    approve(&mut db, &world, "used").await;
    approve(&mut db, &world, "unused").await;
    let (store, now) = (db.store.clone(), db.cx().now);
    let redeemed = store
        .redeem_code(&mut db.cx(), &world.app, code_use("used", "r0"))
        .await;
    grant_of(redeemed.unwrap());
    ask(&mut db, &world, now).await;
    // What waits now, and what the refresh token keeps.
    ask(&mut db, &world, now + 2 * DAY).await;
    let rows = async |table| db.rows(table).await;
    assert_eq!(rows("authorizations").await, 2);
    assert_eq!((rows("grants").await, rows("refresh_tokens").await), (1, 1));
    ask(&mut db, &world, now + 33 * DAY).await;
    let rows = async |table| db.rows(table).await;
    assert_eq!(rows("authorizations").await, 1);
    assert_eq!((rows("grants").await, rows("refresh_tokens").await), (0, 0));
}
