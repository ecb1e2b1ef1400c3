//! The embedded files and their compressed twins.

use std::{borrow::Cow, fmt::Write};

use rust_embed::{Embed, EmbeddedFile};

#[derive(Embed)]
#[folder = "$OUT_DIR/ui"]
#[allow_missing = true]
struct Plain;

#[derive(Embed)]
#[folder = "$OUT_DIR/ui-gzip"]
#[allow_missing = true]
struct Compressed;

/// The page that starts the app.
pub(crate) const INDEX: &str = "index.html";

/// One file of the app, in one encoding.
pub(crate) struct Asset {
    pub(crate) bytes: Cow<'static, [u8]>,
    /// A strong entity tag, in quotes; plain and compressed bytes have different ones.
    pub(crate) etag: String,
    pub(crate) is_gzip: bool,
    /// Whether the file exists in both encodings, so that caches must tell them apart.
    pub(crate) has_twin: bool,
}

/// The file of that name relative to the app's root, compressed if wanted and there.
///
/// Names are looked up in a fixed table, so no spelling of `..` can leave it.
pub(crate) fn find(name: &str, accepts_gzip: bool) -> Option<Asset> {
    let plain = Plain::get(name)?;
    let twin = Compressed::get(name);
    let has_twin = twin.is_some();
    let (file, is_gzip) = match twin {
        Some(twin) if accepts_gzip => (twin, true),
        _ => (plain, false),
    };
    Some(Asset {
        etag: etag(&file),
        bytes: file.data,
        is_gzip,
        has_twin,
    })
}

/// Names of all files, for tests that look at each.
#[cfg(test)]
pub(crate) fn names() -> impl Iterator<Item = Cow<'static, str>> {
    Plain::iter()
}

fn etag(file: &EmbeddedFile) -> String {
    let mut tag = String::with_capacity(34);
    tag.push('"');
    // Half of a SHA-256 is more than enough to tell two builds apart.
    for byte in &file.metadata.sha256_hash()[..16] {
        write!(tag, "{byte:02x}").expect("writing to a string cannot fail");
    }
    tag.push('"');
    tag
}
