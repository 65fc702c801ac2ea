use oriel_contract::RangePreset;
use oriel_store::{AsOf, EmbedView, NewEmbed};
use serde_json::Value;

use crate::harness::{PORTAL, Server, get};

const POLICY: &str = "default-src 'none'; connect-src 'self'; base-uri 'none'; form-action 'none'; \
    require-trusted-types-for 'script'; trusted-types 'none'; \
    sandbox allow-scripts allow-same-origin allow-downloads; ";
/// For what stands in the document, by its hash.
const BUILT: &str =
    "script-src 'sha384-AAAA' 'sha384-AAAA' 'wasm-unsafe-eval'; style-src 'sha384-AAAA'; ";

async fn path_of(server: &mut Server, origins: &[&str]) -> String {
    let (store, tenant) = (server.store.clone(), server.ours.tenant.id.clone());
    let new = NewEmbed {
        title: "T".to_owned(),
        allowed_origins: origins.iter().map(ToString::to_string).collect(),
        default_range: RangePreset::All,
        default_view: EmbedView::default(),
        as_of: AsOf::Today,
        require_dpop: false,
    };
    let embed = store
        .create_embed(&mut server.context(), &tenant, new)
        .await
        .unwrap();
    format!("/v1/frame/{}", embed.id)
}

#[tokio::test]
async fn frame_ancestors_are_the_embed_s_own_origins() {
    let mut server = Server::start().await;
    for (origins, ancestors) in [
        (&[][..], "'none'"),
        (&[PORTAL], PORTAL),
        (
            &["https://b.example.com:8443", PORTAL],
            "https://b.example.com:8443 https://portal.example.com",
        ),
        (
            &["https://*.example.org", "capacitor://localhost"],
            "https://*.example.org capacitor://localhost",
        ),
    ] {
        let path = path_of(&mut server, origins).await;
        let answer = server.get(&path).await;
        assert_eq!(answer.status, 200);
        let reports = path.replace("frame", "csp-reports");
        assert_eq!(
            answer.header("content-security-policy"),
            format!("{POLICY}{BUILT}frame-ancestors {ancestors}; report-uri {reports}")
        );
    }
}

#[tokio::test]
async fn what_got_into_the_database_in_another_way_says_nothing_in_a_policy() {
    let mut server = Server::start().await;
    for origin in [
        "https://a.example; script-src *",
        "https://a.example;sandbox",
        "https://a.example,https://b.example",
        "*",
        "'self'",
        "https://*",
    ] {
        let path = path_of(&mut server, &[PORTAL, origin]).await;
        let answer = server.send_unchecked(get(&path)).await;
        assert_eq!(answer.code(), "internal", "{origin}");
    }
}

#[tokio::test]
async fn an_unknown_embed_gives_a_page_that_nobody_may_show() {
    let server = Server::start().await;
    for id in [
        "emb_01jd8x0c6tfwasq9m2yjz0v4kb",
        "nonsense",
        "%3Cscript%3E",
        "%ff",
    ] {
        let answer = server.get(&format!("/v1/frame/{id}")).await;
        assert_eq!(answer.status, 404, "{id}");
        assert_eq!(
            answer.header("content-security-policy"),
            format!("{POLICY}frame-ancestors 'none'")
        );
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    }
}

#[tokio::test]
async fn the_document_says_what_the_boot_script_needs_and_no_more() {
    let server = Server::start().await;
    let answer = server
        .get(&format!("/v1/frame/{}", server.ours.embed.id))
        .await;
    let html = String::from_utf8(answer.body.to_vec()).unwrap();
    let content = html
        .split_once("name=\"oriel-frame\" content=\"")
        .unwrap()
        .1;
    let content = content.split_once('"').unwrap().0.replace("&quot;", "\"");
    let meta: Value =
        serde_json::from_str(&content.replace("&lt;", "<").replace("&gt;", ">")).unwrap();
    assert_eq!(
        meta,
        serde_json::json!({
            "embed": server.ours.embed.id,
            "title": "Acme <dashboard>",
            "default_range": "12w",
            "view": "overview",
            "allowed_origins": [PORTAL],
            "locale": "en",
            "messages": { "href": "/assets/messages-en.0e.json", "integrity": "sha384-AAAA" },
            "widget": { "href": "/assets/widget.0c.wasm", "integrity": "sha384-AAAA" },
            "later": { "href": "/assets/later.0e.wasm", "integrity": "sha384-AAAA" },
        })
    );
    assert!(html.contains("<title>Acme &lt;dashboard&gt;</title>"));
    assert!(!html.contains("style=") && !html.contains("onload"));
}

#[tokio::test]
async fn script_and_style_stand_in_the_document_as_they_were_built() {
    let server = Server::start().await;
    let path = format!("/v1/frame/{}", server.ours.embed.id);
    let html = String::from_utf8(server.get(&path).await.body.to_vec()).unwrap();
    for built in ["<script>boot.js as</script>", "<style>frame.css as</style>"] {
        assert_eq!(html.matches(built).count(), 1, "{built}");
    }
    assert_eq!(html.matches("<script").count(), 1);
}

#[tokio::test]
async fn a_document_that_a_browser_has_is_not_sent_again() {
    let server = Server::start().await;
    let path = format!("/v1/frame/{}", server.ours.embed.id);
    let ask = |tag: &str| {
        let mut request = get(&path);
        for (name, value) in [("accept-encoding", "br"), ("if-none-match", tag)] {
            request.headers_mut().insert(name, value.parse().unwrap());
        }
        request
    };
    let first = server.send(ask("\"none\"")).await;
    assert_eq!(first.header("content-encoding"), "br");
    let again = server.send(ask(first.header("etag"))).await;
    assert_eq!((again.status.as_u16(), again.body.len()), (304, 0));
    assert_eq!(
        again.header("content-security-policy"),
        first.header("content-security-policy")
    );
}

#[tokio::test]
async fn the_document_tells_the_view_that_its_embed_begins_with() {
    let mut server = Server::start().await;
    let token = server.embed_token().await;
    let projects = server.get_with("/v1/embed/projects", &token).await.json();
    let project = projects["items"][0]["id"].as_str().unwrap();
    let (store, tenant) = (server.store.clone(), server.ours.tenant.id.clone());
    let new = NewEmbed {
        title: "T".to_owned(),
        allowed_origins: Vec::new(),
        default_range: RangePreset::All,
        default_view: EmbedView::Project(project.parse().unwrap()),
        as_of: AsOf::Today,
        require_dpop: false,
    };
    let made = store
        .create_embed(&mut server.context(), &tenant, new)
        .await
        .unwrap();
    let path = format!("/v1/frame/{}", made.id);
    let html = String::from_utf8(server.get(&path).await.body.to_vec()).unwrap();
    let told = format!("&quot;view&quot;:&quot;project={project}&quot;");
    assert!(html.contains(&told), "{html}");
}

#[tokio::test]
async fn all_that_a_frame_needs_is_asked_for_before_its_script_runs() {
    let server = Server::start().await;
    let path = format!("/v1/frame/{}?lang=ar", server.ours.embed.id);
    let answer = server.get(&path).await;
    let fetched = |file: &str| format!("</assets/{file}>; rel=preload; as=fetch; crossorigin");
    assert_eq!(
        answer.header("link"),
        [fetched("widget.0c.wasm"), fetched("messages-ar.0d.json"),].join(", ")
    );
    let html = String::from_utf8(answer.body.to_vec()).unwrap();
    for file in ["widget.0c.wasm", "messages-ar.0d.json"] {
        let hint =
            format!("<link rel=\"preload\" href=\"/assets/{file}\" as=\"fetch\" crossorigin>");
        assert!(html.contains(&hint), "{file}");
    }
    let unknown = server.get("/v1/frame/emb_01jd8x0c6tfwasq9m2yjz0v4kb").await;
    assert_eq!(unknown.header("link"), "");
}

#[tokio::test]
async fn files_come_in_the_coding_that_the_client_wants() {
    let server = Server::start().await;
    let mut tags = Vec::new();
    for (accepted, coding, body) in [
        ("br, gzip", "br", "assets/widget.0c.wasm as.br"),
        ("gzip", "gzip", "assets/widget.0c.wasm as.gz"),
        (
            "br;q=0.1, gzip;q=0.9",
            "gzip",
            "assets/widget.0c.wasm as.gz",
        ),
        ("identity", "", "assets/widget.0c.wasm as"),
        ("", "", "assets/widget.0c.wasm as"),
    ] {
        let mut request = get("/assets/widget.0c.wasm");
        request
            .headers_mut()
            .insert("accept-encoding", accepted.parse().unwrap());
        let answer = server.send(request).await;
        assert_eq!(answer.header("content-encoding"), coding, "{accepted}");
        assert_eq!(answer.body, body, "{accepted}");
        assert_eq!(answer.header("vary"), "accept-encoding");
        assert_eq!(
            answer.header("cache-control"),
            "public, max-age=31536000, immutable"
        );
        assert_eq!(answer.header("content-type"), "application/wasm");
        assert_eq!(
            answer.header("cross-origin-resource-policy"),
            "cross-origin"
        );
        tags.push(answer.header("etag").to_owned());
    }
    assert_ne!(tags[0], tags[1], "a tag is one representation's");
    assert_ne!(tags[0], tags[3]);
}

#[tokio::test]
async fn each_file_has_its_type_and_a_held_one_is_not_sent_again() {
    let server = Server::start().await;
    for (path, content_type, cache) in [
        (
            "/v1/loader.js",
            "text/javascript; charset=utf-8",
            "public, no-cache",
        ),
        (
            "/assets/widget.0c.wasm",
            "application/wasm",
            "public, max-age=31536000, immutable",
        ),
    ] {
        let answer = server.get(path).await;
        assert_eq!(answer.header("content-type"), content_type);
        assert_eq!(answer.header("cache-control"), cache);
        let mut again = get(path);
        again
            .headers_mut()
            .insert("if-none-match", answer.headers["etag"].clone());
        let again = server.send(again).await;
        assert_eq!(
            (again.status.as_u16(), again.body.len()),
            (304, 0),
            "{path}"
        );
        assert_eq!(again.header("etag"), answer.header("etag"));
    }
    for path in [
        "/assets/none.js",
        "/assets/manifest.json",
        "/assets/widget.0c.wasm.br",
        "/assets/..%2fmanifest.json",
        "/assets/%2e%2e%2floader.js",
    ] {
        assert_eq!(server.get(path).await.code(), "not_found", "{path}");
    }
}

#[tokio::test]
async fn a_page_can_pin_the_loader_and_read_no_other_file() {
    let server = Server::start().await;
    let moving = server.get("/v1/loader.js").await;
    let pinned = server.get("/assets/loader.0a.js").await;
    assert_eq!(pinned.body, moving.body);
    assert_eq!(
        pinned.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    for (path, readers) in [
        ("/v1/loader.js", "*"),
        ("/assets/loader.0a.js", "*"),
        ("/assets/widget.0c.wasm", ""),
    ] {
        let answer = server.get(path).await;
        assert_eq!(
            answer.header("access-control-allow-origin"),
            readers,
            "{path}"
        );
    }
}

#[tokio::test]
async fn the_document_is_in_the_viewers_language_and_direction() {
    let server = Server::start().await;
    let path = format!("/v1/frame/{}", server.ours.embed.id);
    for (query, accepted, head, messages) in [
        (
            "",
            "ar-EG, en;q=0.5",
            "<html lang=\"ar-EG\" dir=\"rtl\"",
            "messages-ar.0d.json",
        ),
        (
            "?lang=en-GB",
            "ar",
            "<html lang=\"en-GB\" dir=\"ltr\"",
            "messages-en.0e.json",
        ),
        (
            "?lang=%22%3E",
            "pt",
            "<html lang=\"en\" dir=\"ltr\"",
            "messages-en.0e.json",
        ),
    ] {
        let mut request = get(&(path.clone() + query));
        request
            .headers_mut()
            .insert("accept-language", accepted.parse().unwrap());
        let answer = server.send(request).await;
        assert_eq!(answer.header("vary"), "accept-language, accept-encoding");
        let html = String::from_utf8(answer.body.to_vec()).unwrap();
        assert!(
            html.contains(head) && html.contains(messages),
            "{query}: {html}"
        );
    }
}
