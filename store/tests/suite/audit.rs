//! The audit log: what is entered, and that a change to it shows.

use oriel_store::{Actor, AuditVerdict, Chain, NewAuditEntry, OPERATOR, Revoked};
use serde_json::json;

use crate::harness::TestDatabase;

on_both_databases! {
    what_decides_who_gets_in_is_entered_with_who_did_it
    entries_are_never_changed_or_removed
    a_change_a_gap_another_order_and_a_cut_are_found
    many_writers_make_one_chain
    an_entry_of_which_there_may_be_one_comes_once
    a_chain_longer_than_a_page_is_walked_to_its_end
}

fn entry(n: usize) -> NewAuditEntry {
    NewAuditEntry {
        kind: "embed_token.minted",
        actor: "cli".to_owned(),
        subject: format!("ses-{n}"),
        outcome: "ok".to_owned(),
        detail: json!({ "n": n }),
    }
}

/// A tenant whose chain has these many entries more than the one of its making.
async fn chain_of(db: &mut TestDatabase, entries: usize) -> Chain {
    let chain = Chain::Tenant(db.tenant("Acme").await);
    let now = db.cx().now;
    let all = (1..=entries).map(entry).collect();
    db.store.audit(&chain, now, all).await.unwrap();
    chain
}

async fn what_decides_who_gets_in_is_entered_with_who_did_it(mut db: TestDatabase) {
    let (tenant, other) = (db.tenant("Acme").await, db.tenant("Other").await);
    let store = db.store.clone();
    let mut cx = db.cx();
    cx.actor = Actor {
        id: "cli_1",
        ..OPERATOR
    };
    let now = cx.now;
    let viewer = Revoked::Viewer("4711".to_owned());
    store.revoke(&mut cx, &tenant, &viewer, now).await.unwrap();
    let entries = |of: &oriel_contract::TenantId| {
        let (store, chain) = (store.clone(), Chain::Tenant(of.clone()));
        async move { store.audit_entries(&chain, None, None, 10).await.unwrap() }
    };
    let ours = entries(&tenant).await;
    let said: Vec<_> = ours
        .iter()
        .map(|entry| {
            (
                entry.seq,
                entry.kind.as_str(),
                entry.actor.as_str(),
                entry.subject.as_str(),
            )
        })
        .collect();
    assert_eq!(
        said,
        [
            (2, "tokens.revoked", "cli_1", "4711"),
            (1, "tenant.created", "operator", tenant.as_str()),
        ]
    );
    assert_eq!(entries(&other).await.len(), 1);
}

async fn entries_are_never_changed_or_removed(mut db: TestDatabase) {
    let chain = chain_of(&mut db, 2).await;
    for sql in [
        "UPDATE audit_entries SET outcome = 'no'",
        "DELETE FROM audit_entries WHERE seq = 2",
        "DELETE FROM audit_heads",
    ] {
        let refused = db.execute(sql).await.unwrap_err().to_string();
        assert!(refused.contains("never"), "{refused}");
    }
    let over = if db.url.starts_with("sqlite:") {
        "INSERT OR REPLACE INTO audit_entries SELECT chain, seq, at, 'x', actor, subject,
         outcome, detail, previous, hash FROM audit_entries WHERE seq = 2"
    } else {
        "TRUNCATE audit_entries"
    };
    assert!(db.execute(over).await.is_err());
    assert_eq!(db.rows("audit_entries").await, 3);
    let verdict = db.store.verify_audit(&chain).await.unwrap();
    assert!(matches!(verdict, AuditVerdict::Holds(head) if head.seq == 3));
}

/// Somebody who owns the database can take the triggers away, and is found out.
async fn a_change_a_gap_another_order_and_a_cut_are_found(mut db: TestDatabase) {
    let triggers = if db.url.starts_with("sqlite:") {
        "DROP TRIGGER audit_entries_stay; DROP TRIGGER audit_entries_stay_there;
         DROP TRIGGER audit_heads_stay_there"
    } else {
        "DROP TRIGGER audit_entries_stay ON audit_entries;
         DROP TRIGGER audit_heads_stay_there ON audit_heads"
    };
    db.execute(triggers).await.unwrap();
    let broken = |seq| AuditVerdict::Broken { seq };
    for (sql, verdict) in [
        (
            "UPDATE audit_entries SET outcome = 'no' WHERE seq = 3",
            broken(3),
        ),
        (
            "UPDATE audit_entries SET at = at + 1 WHERE seq = 1",
            broken(1),
        ),
        (
            "UPDATE audit_entries SET actor = 'cliok', outcome = '' WHERE seq = 2",
            broken(2),
        ),
        (
            "UPDATE audit_entries SET hash = previous WHERE seq = 4",
            broken(4),
        ),
        ("DELETE FROM audit_entries WHERE seq = 1", broken(1)),
        ("DELETE FROM audit_entries WHERE seq = 3", broken(3)),
        (
            "UPDATE audit_entries SET seq = 99 WHERE seq = 2;
             UPDATE audit_entries SET seq = 2 WHERE seq = 3;
             UPDATE audit_entries SET seq = 3 WHERE seq = 99",
            broken(2),
        ),
        (
            "DELETE FROM audit_entries WHERE seq > 3",
            AuditVerdict::Cut {
                found: 3,
                expected: 5,
            },
        ),
        (
            "DELETE FROM audit_entries",
            AuditVerdict::Cut {
                found: 0,
                expected: 5,
            },
        ),
        (
            "UPDATE audit_heads SET seq = 4",
            AuditVerdict::Cut {
                found: 5,
                expected: 4,
            },
        ),
        (
            "DELETE FROM audit_heads",
            AuditVerdict::Cut {
                found: 5,
                expected: 0,
            },
        ),
    ] {
        let chain = chain_of(&mut db, 4).await;
        let of_it = |sql: &str| {
            let of_it = format!("chain = '{chain}'");
            let each = sql.split(';').map(|sql| {
                let joint = if sql.contains("WHERE") {
                    "AND"
                } else {
                    "WHERE"
                };
                format!("{sql} {joint} {of_it}")
            });
            each.collect::<Vec<_>>().join(";")
        };
        db.execute(&of_it(sql)).await.unwrap();
        assert_eq!(
            db.store.verify_audit(&chain).await.unwrap(),
            verdict,
            "{sql}"
        );
        let is_known = db.store.audit_chains().await.unwrap().contains(&chain);
        assert!(is_known, "{sql}");
    }
}

async fn many_writers_make_one_chain(mut db: TestDatabase) {
    let chain = chain_of(&mut db, 0).await;
    let now = db.cx().now;
    let writers = (0..20).map(|n| {
        let (store, chain) = (db.store.clone(), chain.clone());
        tokio::spawn(async move { store.audit(&chain, now, vec![entry(n)]).await })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap().unwrap();
    }
    let verdict = db.store.verify_audit(&chain).await.unwrap();
    assert!(matches!(verdict, AuditVerdict::Holds(head) if head.seq == 21));
    let chains = db.store.audit_chains().await.unwrap();
    assert_eq!(chains, [chain]);
}

async fn an_entry_of_which_there_may_be_one_comes_once(mut db: TestDatabase) {
    let chain = chain_of(&mut db, 1).await;
    let now = db.cx().now;
    for _ in 0..2 {
        let all = vec![entry(1), entry(2)];
        db.store.audit_once(&chain, now, all).await.unwrap();
    }
    assert_eq!(db.rows("audit_entries").await, 3);
}

async fn a_chain_longer_than_a_page_is_walked_to_its_end(mut db: TestDatabase) {
    let chain = chain_of(&mut db, 2_100).await;
    let verdict = db.store.verify_audit(&chain).await.unwrap();
    assert!(matches!(verdict, AuditVerdict::Holds(head) if head.seq == 2_101));
    let page = db
        .store
        .audit_entries(&chain, Some("embed_token.minted"), Some(2_000), 2)
        .await;
    let places: Vec<_> = page.unwrap().iter().map(|entry| entry.seq).collect();
    assert_eq!(places, [1_999, 1_998]);
}
