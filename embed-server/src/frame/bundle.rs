//! The built files that the program carries inside it.

use std::collections::{BTreeMap, HashMap};

use axum::{
    body::Bytes,
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};
use rust_embed::RustEmbed;
use serde::Deserialize;

use crate::coding::{Coding, preferred, representation::Representation};

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../dist/bundle"]
#[allow_missing = true]
struct Embedded;

/// A file that a document names, with the hash that browsers check.
#[derive(Debug, Clone, Deserialize)]
pub struct Named {
    /// The file's name in `assets/`.
    pub file: String,
    /// Subresource integrity: `sha384-…`.
    pub integrity: String,
}

/// A file that stands in the document itself.
#[derive(Debug, Clone, Deserialize)]
pub struct Inline {
    file: String,
    /// What the document's policy allows: `sha384-…`.
    pub integrity: String,
    #[serde(skip)]
    pub text: String,
}

/// What `manifest.json` says.
#[derive(Debug, Clone, Deserialize)]
pub struct Manifest {
    pub loader: Named,
    pub boot: Inline,
    pub style: Inline,
    pub widget: Named,
    /// What of the widget is loaded when somebody needs it.
    pub later: Named,
    /// A module that is imported when somebody needs it.
    pub table: Named,
    /// By language.
    pub messages: BTreeMap<String, Named>,
}

/// The files of the bundle, in each coding, ready to send.
#[derive(Default)]
pub struct Bundle {
    manifest: Option<Manifest>,
    files: HashMap<String, File>,
}

/// A file in each coding that it was built in.
pub struct File {
    content_type: HeaderValue,
    /// Whether pages of other origins may check its hash, for which they have to be
    /// let read it (CORS): the loader, which is the same for everybody.
    is_for_pages: bool,
    plain: Representation,
    brotli: Option<Representation>,
    gzip: Option<Representation>,
}

impl Bundle {
    /// The bundle inside this program; in a debug build, the one on disk.
    #[must_use]
    pub fn load() -> Self {
        let files = Embedded::iter().filter_map(|path| {
            let bytes = match Embedded::get(&path)?.data {
                std::borrow::Cow::Borrowed(bytes) => Bytes::from_static(bytes),
                std::borrow::Cow::Owned(bytes) => Bytes::from(bytes),
            };
            Some((path.into_owned(), bytes))
        });
        Self::of(&files.collect())
    }

    /// A bundle of the given files, by path.
    #[must_use]
    pub fn of(contents: &HashMap<String, Bytes>) -> Self {
        let manifest = Manifest::of(contents);
        let mut files: HashMap<_, _> = contents
            .keys()
            .filter_map(|path| Some((path.clone(), File::of(path, contents)?)))
            .collect();
        if let Some(loader) = manifest.as_ref().map(|manifest| manifest.loader.path())
            && let Some(loader) = files.get_mut(&loader)
        {
            loader.is_for_pages = true;
        }
        Self { manifest, files }
    }

    /// Names and hashes of what a frame needs; `None` before the first build.
    #[must_use]
    pub fn manifest(&self) -> Option<&Manifest> {
        self.manifest.as_ref()
    }

    /// A file by its path in the bundle.
    #[must_use]
    pub fn file(&self, path: &str) -> Option<&File> {
        self.files.get(path)
    }

    /// The loader; `None` before the first build.
    #[must_use]
    pub fn loader(&self) -> Option<&File> {
        self.file(&self.manifest.as_ref()?.loader.path())
    }

    /// What to do where there is no bundle.
    #[must_use]
    pub fn missing(&self) -> Option<&'static str> {
        self.manifest.is_none().then_some(
            "the widget was not built: run `cargo xtask build`, then build the server again",
        )
    }
}

impl Named {
    /// Where the file lies in the bundle, which is its address as well.
    #[must_use]
    pub fn path(&self) -> String {
        format!("assets/{}", self.file)
    }
}

impl Manifest {
    fn of(contents: &HashMap<String, Bytes>) -> Option<Self> {
        let mut manifest: Self = serde_json::from_slice(contents.get("manifest.json")?).ok()?;
        for inline in [&mut manifest.boot, &mut manifest.style] {
            let bytes = contents.get(&inline.file)?;
            inline.text = std::str::from_utf8(bytes).ok()?.to_owned();
        }
        Some(manifest)
    }
}

impl File {
    fn of(path: &str, contents: &HashMap<String, Bytes>) -> Option<Self> {
        let content_type = content_type(path)?;
        let built = |suffix: &str, coding| {
            let bytes = contents.get(&format!("{path}{suffix}"))?.clone();
            Representation::new(bytes, coding).ok()
        };
        Some(Self {
            content_type,
            is_for_pages: false,
            plain: built("", Coding::Identity)?,
            brotli: built(".br", Coding::Brotli),
            gzip: built(".gz", Coding::Gzip),
        })
    }

    fn within(&self, coding: Coding) -> Option<&Representation> {
        match coding {
            Coding::Brotli => self.brotli.as_ref(),
            Coding::Gzip => self.gzip.as_ref(),
            Coding::Identity => Some(&self.plain),
        }
    }

    /// The file as this client wants it, or 304 where it has it.
    #[must_use]
    pub fn respond(&self, request: &HeaderMap, cache_control: &'static str) -> Response {
        let mut response = preferred(request)
            .into_iter()
            .find_map(|coding| self.within(coding))
            .unwrap_or(&self.plain)
            .respond(request, self.content_type.clone());
        let headers = response.headers_mut();
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        headers.insert(
            header::CACHE_CONTROL,
            HeaderValue::from_static(cache_control),
        );
        headers.insert(
            "cross-origin-resource-policy",
            HeaderValue::from_static("cross-origin"),
        );
        if self.is_for_pages {
            let anybody = HeaderValue::from_static("*");
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, anybody);
        }
        response
    }
}

/// The media type by the file's ending; `None` for what is not served.
fn content_type(path: &str) -> Option<HeaderValue> {
    // What the bundle is made of is for the program, not for browsers.
    if path == "manifest.json" {
        return None;
    }
    let (_, ending) = path.rsplit_once('.')?;
    Some(HeaderValue::from_static(match ending {
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "wasm" => "application/wasm",
        _ => return None,
    }))
}
