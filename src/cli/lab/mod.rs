//! `lab`: the lab in a browser, from this program to this machine and no other.
//!
//! The pages are those of `web/dist`, as `cargo xtask lab` left them when this program was built with the feature
//! `lab`. `answer` says what is answered to what; here are the socket, and the link that a config travels in.

#[cfg(any(feature = "lab", test))]
mod answer;

use super::Stop;

#[cfg(not(feature = "lab"))]
pub(super) fn lab(_: Option<&str>, _: Option<u16>) -> Result<(), Stop> {
    let how = "in a clone of the repository, `cargo xtask lab` and then `cargo run --release --features lab -- lab`";
    Err(Stop::Usage(format!("this program was built without the lab; {how}")))
}

#[cfg(feature = "lab")]
pub(super) use served::lab;

#[cfg(feature = "lab")]
mod served {
    use super::Stop;
    use super::answer::{Answer, Asked, answer};
    use crate::cli::{print, source};
    use crate::study::experiments::experiment;
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use flate2::Compression;
    use flate2::write::DeflateEncoder;
    use include_dir::{Dir, include_dir};
    use std::io::Write;
    use tiny_http::{Header, Request, Response, Server};

    /// What `cargo xtask lab` makes; without it, this does not compile.
    static DIST: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/web/dist");

    /// Most characters of a config in a link; `web/page/link.js` has the same.
    const LONGEST: usize = 16_384;

    pub(crate) fn lab(config: Option<&str>, port: Option<u16>) -> Result<(), Stop> {
        let link = config.map_or_else(|| Ok(String::new()), link)?;
        let asked = port.unwrap_or(0);
        let server = Server::http(("127.0.0.1", asked))
            .map_err(|e| Stop::Files(format!("cannot listen on port {asked} of 127.0.0.1: {e}")))?;
        let port = server.server_addr().to_ip().map_or(asked, |address| address.port());
        print(&format!("The lab is at http://127.0.0.1:{port}/{link}\nCtrl-C ends it.\n"))?;
        for request in server.incoming_requests() {
            // Who hangs up before the answer is no concern of others.
            drop(reply(request, port));
        }
        Ok(())
    }

    fn reply(request: Request, port: u16) -> std::io::Result<()> {
        let mut hosts = request.headers().iter().filter(|header| header.field.equiv("Host"));
        let host = hosts.next().filter(|_| hosts.next().is_none()).map(|host| host.value.as_str());
        let (method, path) = (request.method().to_string(), request.url().to_owned());
        let file = |name: &str| DIST.get_file(name).map(include_dir::File::contents);
        let Answer { status, headers, body } =
            answer(&Asked { method: &method, host, path: &path }, port, file);
        let headers = headers.into_iter().filter_map(|(name, value)| Header::from_bytes(name, value).ok());
        request
            .respond(headers.fold(Response::from_data(body).with_status_code(status), Response::with_header))
    }

    /// The end of the address that opens the bench on a config.
    fn link(config: &str) -> Result<String, Stop> {
        let (source, text) = source::open(config)?;
        if experiment(config).is_some_and(|own| own.as_bytes() == text) {
            return Ok(format!("#run={config}"));
        }
        let mut packed = DeflateEncoder::new(Vec::new(), Compression::best());
        let packed = packed.write_all(&text).and_then(|()| packed.finish()).expect("writing to memory");
        let packed = URL_SAFE_NO_PAD.encode(packed);
        match packed.len() {
            ..=LONGEST => Ok(format!("#config={packed}")),
            n => {
                let then = "open the lab without it, and the file on its bench";
                let most = format!("{n} characters, and a link takes {LONGEST}");
                Err(Stop::Usage(format!("{source} is too long for a link: {most}; {then}")))
            }
        }
    }
}
