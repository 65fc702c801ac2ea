//! What a browser loads: the loader script, the frame document and the files of
//! the bundle. Nothing here knows of tokens or of a tenant's data.

pub mod assets;
pub mod bundle;
pub mod document;
pub mod documents;
mod headers;
mod hints;
mod language;
pub mod loader;
pub mod reports;
