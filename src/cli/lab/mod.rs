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
    use super::answer::{Answer, Asked, answer, refusal};
    use crate::cli::{print, source};
    use crate::study::experiments::experiment;
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use flate2::Compression;
    use flate2::write::DeflateEncoder;
    use include_dir::{Dir, include_dir};
    use std::io::{self, Read, Write};
    use std::net::{TcpListener, TcpStream};
    use std::time::Duration;

    /// What `cargo xtask lab` makes; without it, this does not compile.
    static DIST: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/web/dist");

    /// Most characters of a config in a link; `web/page/link.js` has the same.
    const LONGEST: usize = 16_384;

    /// Most bytes of what is asked, and how long one may take to ask or to listen.
    const HEAD: usize = 16_384;
    const PATIENCE: Duration = Duration::from_secs(20);

    pub(crate) fn lab(config: Option<&str>, port: Option<u16>) -> Result<(), Stop> {
        let link = config.map_or_else(|| Ok(String::new()), link)?;
        let asked = port.unwrap_or(0);
        let cannot = |e| Stop::Files(format!("cannot listen on port {asked} of 127.0.0.1: {e}"));
        let listener = TcpListener::bind(("127.0.0.1", asked)).map_err(cannot)?;
        let port = listener.local_addr().map_err(cannot)?.port();
        print(&format!("The lab is at http://127.0.0.1:{port}/{link}\nCtrl-C ends it.\n"))?;
        for stream in listener.incoming().flatten() {
            // Who hangs up before the answer is no concern of others.
            std::thread::spawn(move || drop(serve(stream, port)));
        }
        Ok(())
    }

    /// One request, one answer.
    fn serve(mut stream: TcpStream, port: u16) -> io::Result<()> {
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        let (mut said, mut part) = (Vec::new(), [0; 4096]);
        let (answer, body) = loop {
            match stream.read(&mut part)? {
                0 => return Ok(()),
                n => said.extend_from_slice(&part[..n]),
            }
            if let Some(answer) = reply(&said, port) {
                break answer;
            }
        };
        let Answer { status, mut headers, body: content } = answer;
        headers.push(("Content-Length", content.len().to_string()));
        headers.push(("Connection", "close".to_owned()));
        let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        stream.write_all(format!("HTTP/1.1 {status} \r\n{headers}\r\n").as_bytes())?;
        stream.write_all(if body { &content } else { &[] })
    }

    /// The answer to what was said so far, and whether its body is wanted; `None` until all is said.
    fn reply(said: &[u8], port: u16) -> Option<(Answer, bool)> {
        let mut headers = [httparse::EMPTY_HEADER; 64];
        let mut request = httparse::Request::new(&mut headers);
        match request.parse(said) {
            Ok(httparse::Status::Complete(_)) => {}
            Ok(httparse::Status::Partial) if said.len() < HEAD => return None,
            _ => return Some((refusal(400, "this is no request"), true)),
        }
        let method = request.method.unwrap_or_default();
        let mut hosts = request.headers.iter().filter(|header| header.name.eq_ignore_ascii_case("host"));
        let host = hosts.next().and_then(|host| std::str::from_utf8(host.value).ok());
        let host = host.filter(|_| hosts.next().is_none());
        let asked = Asked { method, host, path: request.path.unwrap_or_default() };
        let file = |name: &str| DIST.get_file(name).map(include_dir::File::contents);
        Some((answer(&asked, port, file), method != "HEAD"))
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
