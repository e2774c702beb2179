//! The files that pages load: one stylesheet, one small script. Their addresses carry their digest, so browsers keep them for good.

use crate::error::Error;
use crate::web::Problem;
use actix_web::http::header;
use actix_web::{HttpResponse, web};
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

struct Asset {
    address: String,
    name: &'static str,
    content_type: &'static str,
    text: &'static str,
}

fn asset(name: &'static str, content_type: &'static str, text: &'static str) -> Asset {
    let digest = hex::encode(&Sha256::digest(text.as_bytes())[..8]);
    Asset {
        address: format!("/assets/{digest}/{name}"),
        name,
        content_type,
        text,
    }
}

static ASSETS: LazyLock<[Asset; 2]> = LazyLock::new(|| {
    [
        asset(
            "hearth.css",
            "text/css; charset=utf-8",
            include_str!("../../../templates/assets/hearth.css"),
        ),
        asset(
            "hearth.js",
            "text/javascript; charset=utf-8",
            include_str!("../../../templates/assets/hearth.js"),
        ),
    ]
});

/// Where the stylesheet is.
pub(super) fn css() -> &'static str {
    &ASSETS[0].address
}

/// Where the script is.
pub(super) fn js() -> &'static str {
    &ASSETS[1].address
}

/// Serves a file under any digest: a page from before an update finds what there is now.
pub async fn serve(path: web::Path<(String, String)>) -> Result<HttpResponse, Problem> {
    let (_, name) = path.into_inner();
    let asset = ASSETS.iter().find(|asset| asset.name == name);
    let asset = asset.ok_or(Problem(Error::NotFound("file")))?;
    Ok(HttpResponse::Ok()
        .content_type(asset.content_type)
        .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .body(asset.text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_are_small() {
        assert!(ASSETS[0].text.len() < 24_000, "{}", ASSETS[0].text.len());
        assert!(ASSETS[1].text.len() < 8_000, "{}", ASSETS[1].text.len());
    }
}
