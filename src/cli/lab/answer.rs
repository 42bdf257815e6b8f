//! What the lab answers to what it is asked. A web page anywhere can ask a server on this machine, so only who calls it
//! by this machine's name is answered; and nothing can be had but the files of the lab, by their exact names.

/// The parts of a request that matter.
pub(super) struct Asked<'r> {
    pub(super) method: &'r str,
    /// The one `Host` header.
    pub(super) host: Option<&'r str>,
    pub(super) path: &'r str,
}

pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Vec<u8>,
}

/// The answer to a request on this port; `file` has the files by name.
pub(super) fn answer<'f>(asked: &Asked<'_>, port: u16, file: impl Fn(&str) -> Option<&'f [u8]>) -> Answer {
    if !is_ours(asked.host, port) {
        return refusal(403, &format!("this is 127.0.0.1:{port} and nobody else"));
    }
    if !["GET", "HEAD"].contains(&asked.method) {
        let mut answer = refusal(405, "only GET and HEAD");
        answer.headers.push(("Allow", "GET, HEAD".to_owned()));
        return answer;
    }
    let path = asked.path.split(['?', '#']).next().unwrap_or_default();
    let name = if path == "/" { Some("index.html") } else { path.strip_prefix('/') };
    let plain = |name: &&str| name.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b));
    let Some((name, body)) = name.filter(plain).and_then(|name| Some((name, file(name)?))) else {
        return refusal(404, "there is no such page");
    };
    let mut headers = guards();
    headers.push(("Content-Type", kind(name).to_owned()));
    headers.push(("Content-Security-Policy", policy(file("index.html").unwrap_or_default())));
    if name.ends_with(".html") && name != "index.html" {
        // It has a policy of its own, under which it runs from a disk.
        headers.push(("Content-Disposition", "attachment".to_owned()));
    }
    Answer { status: 200, headers, body: body.to_vec() }
}

/// Whether a request was meant for this server: a name that somebody else made point here is not ours.
fn is_ours(host: Option<&str>, port: u16) -> bool {
    let names = ["127.0.0.1", "localhost", "[::1]"];
    host.is_some_and(|host| {
        let (name, at) = host.rsplit_once(':').filter(|_| !host.ends_with(']')).unwrap_or((host, "80"));
        at == port.to_string() && names.iter().any(|ours| ours.eq_ignore_ascii_case(name))
    })
}

/// The policy of the page's own meta element, and what only a header can say.
fn policy(page: &[u8]) -> String {
    let page = String::from_utf8_lossy(page);
    let meta = page.split_once("http-equiv=\"Content-Security-Policy\" content=\"");
    let meta =
        meta.and_then(|(_, rest)| rest.split_once('"')).map_or("default-src 'none'", |(policy, _)| policy);
    format!("{meta}; frame-ancestors 'none'")
}

fn guards() -> Vec<(&'static str, String)> {
    [
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cache-Control", "no-store"),
    ]
    .map(|(name, value)| (name, value.to_owned()))
    .to_vec()
}

pub(super) fn refusal(status: u16, why: &str) -> Answer {
    let mut headers = guards();
    headers.push(("Content-Type", kind("").to_owned()));
    headers.push(("Content-Security-Policy", policy(b"")));
    Answer { status, headers, body: format!("{why}\n").into_bytes() }
}

fn kind(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, end)| end) {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "woff2" => "font/woff2",
        _ => "text/plain; charset=utf-8",
    }
}

#[cfg(test)]
mod tests {
    use super::{Answer, Asked, answer};

    const PAGE: &str = r#"<meta http-equiv="Content-Security-Policy" content="default-src 'none'; x">"#;

    fn ask(method: &str, host: Option<&str>, path: &str) -> Answer {
        let file = |name: &str| match name {
            "index.html" | "oversight-lab.html" => Some(PAGE.as_bytes()),
            "main.js" => Some(&b"script"[..]),
            _ => None,
        };
        answer(&Asked { method, host, path }, 4321, file)
    }

    fn get(path: &str) -> Answer {
        ask("GET", Some("127.0.0.1:4321"), path)
    }

    #[track_caller]
    fn header(answer: &Answer, name: &str) -> String {
        answer.headers.iter().find(|(n, _)| *n == name).map(|(_, value)| value.clone()).unwrap_or_default()
    }

    #[test]
    fn only_this_machine_by_its_name_is_answered() {
        for host in ["127.0.0.1:4321", "localhost:4321", "LocalHost:4321", "[::1]:4321"] {
            assert_eq!(ask("GET", Some(host), "/").status, 200, "{host}");
        }
        let others = [
            "",
            ":4321",
            "127.0.0.1",
            "127.0.0.1:432",
            "127.0.0.1:04321",
            "localhost",
            "[::1]",
            "else.where:4321",
            "127.0.0.1.else.where:4321",
            "localhost:4321:4321",
            "localhost.:4321",
            "0.0.0.0:4321",
        ];
        for host in others.map(Some).into_iter().chain([None]) {
            let refused = ask("GET", host, "/");
            assert_eq!(refused.status, 403, "{host:?}");
            assert!(!refused.body.starts_with(PAGE.as_bytes()));
        }
    }

    #[test]
    fn nothing_can_be_had_but_the_files() {
        assert_eq!(get("/").body, PAGE.as_bytes());
        assert_eq!(get("/?x=1").body, PAGE.as_bytes());
        assert_eq!(get("/main.js").body, b"script");
        for path in [
            "",
            "*",
            "main.js",
            "/none.js",
            "/main.js/",
            "//main.js",
            "/./main.js",
            "/x/../main.js",
            "/../Cargo.toml",
            "/..%2fCargo.toml",
            "/%2e%2e/Cargo.toml",
            "/..\\Cargo.toml",
            "/etc/passwd",
            "http://else.where/",
            "/main.js%00",
        ] {
            assert_eq!(get(path).status, 404, "{path}");
        }
        for method in ["POST", "PUT", "DELETE", "OPTIONS", "CONNECT", "get"] {
            assert_eq!(ask(method, Some("localhost:4321"), "/").status, 405, "{method}");
        }
        assert_eq!(ask("HEAD", Some("localhost:4321"), "/").status, 200);
    }

    #[test]
    fn every_answer_has_its_guards() {
        for answer in
            [get("/"), get("/none"), ask("GET", None, "/"), ask("POST", Some("localhost:4321"), "/")]
        {
            assert_eq!(header(&answer, "X-Content-Type-Options"), "nosniff");
            let policy = header(&answer, "Content-Security-Policy");
            assert!(policy.starts_with("default-src 'none'") && policy.ends_with("frame-ancestors 'none'"));
        }
        assert_eq!(
            header(&get("/"), "Content-Security-Policy"),
            "default-src 'none'; x; frame-ancestors 'none'"
        );
        assert_eq!(header(&get("/main.js"), "Content-Type"), "text/javascript; charset=utf-8");
        assert_eq!(header(&get("/oversight-lab.html"), "Content-Disposition"), "attachment");
    }
}
