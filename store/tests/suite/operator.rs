//! What the operator keeps: tenants, clients, embeds, signing keys.

use oriel_contract::{KeyId, RangePreset};
use oriel_store::{
    AsOf, Context, EmbedView, Expected, NewEmbed, NewId, NewSigningKey, StoreError, Touches,
};

use crate::{
    harness::{TestDatabase, day, time},
    scopes::{project_named, two_projects},
};

on_both_databases! {
    a_tenant_is_found_as_it_was_made
    a_client_is_found_as_it_was_made
    an_embed_is_found_as_it_was_made
    an_embed_goes_though_reports_of_it_come_in
    an_embed_shows_a_project_of_its_own_tenant
    a_new_signing_key_retires_the_one_before
    nothing_is_made_for_an_unknown_tenant
}

async fn a_tenant_is_found_as_it_was_made(mut db: TestDatabase) {
    let store = db.store.clone();
    let made = store.create_tenant(&mut db.cx(), "Åcme").await.unwrap();
    assert_eq!(made.revision, 1);
    assert_eq!(
        store.find_tenant(&made.id).await.unwrap(),
        Some(made.clone())
    );
    assert_eq!(store.tenant_revision(&made.id).await.unwrap(), Some(1));
    assert_eq!(store.list_tenants().await.unwrap(), [made]);
}

async fn a_client_is_found_as_it_was_made(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    let store = db.store.clone();
    let made = store
        .create_client(&mut db.cx(), &tenant, "portal", "hash", "embed_tokens:mint")
        .await
        .unwrap();
    let found = store.find_client(&made.id).await.unwrap().unwrap();
    assert!(found == made);
    assert_eq!(store.tenant_revision(&tenant).await.unwrap(), Some(2));
}

async fn an_embed_is_found_as_it_was_made(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    let store = db.store.clone();
    let origins = [
        "https://b.example",
        "https://a.example",
        "https://b.example",
    ];
    let mut made = Vec::new();
    for as_of in [AsOf::Today, AsOf::Pinned(day("2014-11-05"))] {
        let new = NewEmbed {
            title: "Work".to_owned(),
            allowed_origins: origins.map(str::to_owned).to_vec(),
            default_range: RangePreset::Weeks26,
            default_view: EmbedView::Board,
            as_of,
            require_dpop: as_of.is_pinned(),
        };
        let embed = store
            .create_embed(&mut db.cx(), &tenant, new)
            .await
            .unwrap();
        assert_eq!(embed.allowed_origins, origins[..2]);
        assert_eq!(
            store.find_embed(&embed.id).await.unwrap(),
            Some(embed.clone())
        );
        made.push(embed);
    }
    made.sort_by(|a, b| a.id.cmp(&b.id));
    assert_eq!(store.list_embeds().await.unwrap(), made);
}

async fn an_embed_goes_though_reports_of_it_come_in(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    let store = db.store.clone();
    let new = NewEmbed {
        title: "Work".to_owned(),
        allowed_origins: Vec::new(),
        default_range: RangePreset::Weeks26,
        default_view: EmbedView::Board,
        as_of: AsOf::Today,
        require_dpop: false,
    };
    let embed = store.create_embed(&mut db.cx(), &tenant, new).await;
    let embed = embed.unwrap();
    let reporting = (0..20).map(|n| {
        let (store, embed) = (store.clone(), embed.clone());
        let directive = ["script-src", "style-src"][n % 2];
        tokio::spawn(async move {
            store
                .count_csp_report(&embed, day("2026-01-01"), directive)
                .await
        })
    });
    let reporting: Vec<_> = reporting.collect();
    let cx = &mut db.cx();
    let cx = Context {
        now: cx.now,
        rng: cx.rng,
        actor: cx.actor,
    };
    let mut change = store.change(cx, &tenant, Touches::Data).await.unwrap();
    change
        .delete_embed(&embed.id, &Expected::Anything)
        .await
        .unwrap();
    change.commit(None).await.unwrap();
    for report in reporting {
        let counted = report.await.unwrap();
        let is_fine = matches!(
            counted,
            Ok(()) | Err(StoreError::NotFound { what: "embed" })
        );
        assert!(is_fine, "{counted:?}");
    }
    let late = store
        .count_csp_report(&embed, day("2026-01-01"), "script-src")
        .await;
    assert!(
        matches!(late, Err(StoreError::NotFound { what: "embed" })),
        "{late:?}"
    );
    assert_eq!(store.csp_reports(&embed.id).await.unwrap(), []);
}

async fn an_embed_shows_a_project_of_its_own_tenant(mut db: TestDatabase) {
    let ours = db.tenant("Acme").await;
    let other = db.tenant("Other").await;
    db.import(&ours, two_projects()).await.unwrap();
    let quay = EmbedView::Project(project_named(&db, &ours, "Quay").await);
    let store = db.store.clone();
    let new = NewEmbed {
        title: "Quay".to_owned(),
        allowed_origins: Vec::new(),
        default_range: RangePreset::All,
        default_view: quay.clone(),
        as_of: AsOf::Today,
        require_dpop: false,
    };
    let made = store
        .create_embed(&mut db.cx(), &ours, new.clone())
        .await
        .unwrap();
    let found = store.find_embed(&made.id).await.unwrap().unwrap();
    assert_eq!(found.default_view, quay);
    let theirs = store.create_embed(&mut db.cx(), &other, new).await;
    assert!(matches!(
        theirs,
        Err(StoreError::NotFound { what: "project" })
    ));
    assert_eq!(db.rows("embeds").await, 1);
}

async fn a_new_signing_key_retires_the_one_before(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    let store = db.store.clone();
    for retire_at in [
        None,
        Some("2026-03-25T12:10:00Z"),
        Some("2026-03-25T12:20:00Z"),
    ] {
        let key = NewSigningKey {
            id: KeyId::new(&mut db.cx()),
            tenant: tenant.clone(),
            alg: "EdDSA".to_owned(),
            public_jwk_x: "x".to_owned(),
            private_sealed: vec![0, 255, 7],
        };
        store
            .insert_signing_key(&mut db.cx(), key, retire_at.map(time))
            .await
            .unwrap();
    }
    let keys = store.signing_keys().await.unwrap();
    let mut retire: Vec<_> = keys.iter().map(|key| key.retires_at).collect();
    retire.sort();
    assert_eq!(
        retire,
        [
            None,
            Some(time("2026-03-25T12:10:00Z")),
            Some(time("2026-03-25T12:20:00Z"))
        ]
    );
    assert_eq!(keys[0].private_sealed, [0, 255, 7]);
}

async fn nothing_is_made_for_an_unknown_tenant(mut db: TestDatabase) {
    let nobody = "tnt_01jd8x0c6tfwasq9m2yjz0v4kb".parse().unwrap();
    let store = db.store.clone();
    let answer = store
        .create_client(&mut db.cx(), &nobody, "portal", "hash", "")
        .await;
    assert!(matches!(
        answer,
        Err(StoreError::NotFound { what: "tenant" })
    ));
    assert_eq!(db.rows("clients").await, 0);
}
