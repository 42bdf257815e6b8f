//! One file that opens from a disk: style, font, script, worker and wasm inside.
//!
//! The worker starts from a Blob, and the wasm is base64 of gzip, which `wasm.js` unpacks. Both stand in elements that
//! no browser runs; the one script that it runs is allowed by its digest.

use crate::bundle::bundle;
use crate::{Done, NAME, files};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};
use std::fs;
use std::io::Write;
use std::path::Path;

const POLICY: &str = "<meta http-equiv=\"Content-Security-Policy\" content=\"";
const STYLE: &str = "<link rel=\"stylesheet\" href=\"style.css\">";
const SCRIPT: &str = "<script type=\"module\" src=\"main.js\"></script>";

/// The page of a folder as one file.
pub(crate) fn page(folder: &Path, wasm: &[u8]) -> Done<String> {
    let read = |name: &str| fs::read_to_string(folder.join(name)).map_err(|error| format!("{name}: {error}"));
    let modules: Vec<(String, String)> = files(folder)?
        .into_iter()
        .filter(|name| name.ends_with(".js") && name != "worker.js" && *name != format!("{NAME}.js"))
        .map(|name| Ok((name.clone(), read(&name)?)))
        .collect::<Done<_>>()?;
    let script = inert(&bundle("main.js", &modules)?);
    let load = format!("importScripts('{NAME}.js');\n");
    let worker = inert(&replace(&read("worker.js")?, &load, &read(&format!("{NAME}.js"))?)?);
    let mut style = read("style.css")?;
    for name in files(folder)?.iter().filter(|name| name.ends_with(".woff2")) {
        let font = STANDARD.encode(fs::read(folder.join(name))?);
        style = replace(&style, &format!("url({name})"), &format!("url(data:font/woff2;base64,{font})"))?;
    }
    let page = read("index.html")?;
    let old = page
        .split_once(POLICY)
        .and_then(|(_, rest)| rest.split_once('"'))
        .ok_or("a page without a policy")?
        .0;
    let digest = STANDARD.encode(Sha256::digest(&script));
    let policy = format!(
        "default-src 'none'; script-src 'sha256-{digest}' 'wasm-unsafe-eval'; worker-src blob:; \
         style-src 'unsafe-inline'; font-src data:; img-src data:; base-uri 'none'; form-action 'none'"
    );
    let page = replace(&page, old, &policy)?;
    let page = replace(&page, STYLE, &format!("<style>\n{style}</style>"))?;
    let page = replace(&page, SCRIPT, "")?;
    let inside = [
        format!("<script type=\"text/plain\" id=\"worker\">{worker}</script>\n"),
        format!("<script type=\"text/plain\" id=\"wasm\">{}</script>\n", STANDARD.encode(wasm)),
        format!("<script>{script}</script>\n"),
    ];
    replace(&page, "</body>", &(inside.concat() + "</body>"))
}

/// Smallest, and the same bytes every time.
pub(crate) fn gzip(bytes: &[u8]) -> Done<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

pub(crate) fn from_base64(text: &str) -> Done<Vec<u8>> {
    Ok(STANDARD.decode(text)?)
}

/// Replaces what stands in a text exactly once.
fn replace(text: &str, what: &str, by: &str) -> Done<String> {
    match text.matches(what).count() {
        1 => Ok(text.replacen(what, by, 1)),
        n => Err(format!("`{what}` is there {n} times and not once").into()),
    }
}

/// A script that cannot end its element early.
fn inert(script: &str) -> String {
    script.replace("</script", "<\\/script").replace("<!--", "<\\!--")
}

#[cfg(test)]
mod tests {
    use super::{inert, replace};

    #[test]
    fn what_is_not_there_once_is_refused() {
        assert_eq!(replace("a b c", "b", "x").unwrap(), "a x c");
        assert!(replace("a b b", "b", "x").is_err());
        assert!(replace("a", "b", "x").is_err());
    }

    #[test]
    fn a_script_cannot_end_its_element() {
        assert_eq!(inert("'</script><!--'"), "'<\\/script><\\!--'");
    }
}
