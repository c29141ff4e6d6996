//! Entry points, HTTPS, and what is at `/`.

use serde_json::{Value, json};

use super::{CONTROL, DYNAMIC, REQUEST, rule};
use crate::front::{Front, Home, Https, Server};

/// The suites of TLS 1.2, as Go calls them: the same as nginx is given (`nginx/tls.conf.tera`).
const SUITES: [&str; 6] = [
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
];

/// The entry point at which applications are reached.
pub(super) fn point(front: &Front) -> &'static str {
    if front.https.is_some() { "websecure" } else { "web" }
}

/// What every router of an application and of `/` goes through first.
pub(super) fn first(front: &Front) -> Vec<String> {
    let sends_hsts = front.https.as_ref().is_some_and(|https| https.hsts > 0);
    sends_hsts.then(|| "_hsts".to_owned()).into_iter().collect()
}

pub(super) fn fixed(front: &Front) -> Value {
    let address = |port: u16| if front.ipv6 { format!(":{port}") } else { format!("0.0.0.0:{port}") };
    let transport = json!({"respondingTimeouts": {"readTimeout": REQUEST}});
    let mut points = json!({});
    if let Some(port) = front.http {
        points["web"] = json!({"address": address(port), "transport": transport});
    }
    if let Some(https) = &front.https {
        if front.http.is_some() {
            let to = json!({"to": "websecure", "scheme": "https", "permanent": true});
            points["web"]["http"] = json!({"redirections": {"entryPoint": to}});
        }
        points["websecure"] =
            json!({"address": address(https.port), "http": {"tls": {}}, "transport": transport});
    }
    if let Server::Traefik { control, .. } = front.server {
        points[CONTROL] = json!({"address": format!("127.0.0.1:{control}")});
    }
    json!({
        "global": {"checkNewVersion": false, "sendAnonymousUsage": false},
        "entryPoints": points,
        "ping": {"entryPoint": CONTROL, "manualRouting": true},
        // It reads its files when it is told to, which is after a trial.
        "providers": {"file": {"directory": DYNAMIC, "watch": false}},
        "log": {"level": "WARN"},
    })
}

pub(super) fn shared(front: &Front) -> Value {
    let mut home = json!({
        "rule": rule::on(&front.names, rule::path("/")),
        "entryPoints": [point(front)],
    });
    let mut first = first(front);
    let mut middlewares = json!({});
    if let Some(https) = front.https.as_ref().filter(|https| https.hsts > 0) {
        middlewares["_hsts"] = json!({"headers": {"stsSeconds": https.hsts}});
    }
    match &front.home {
        Home::Application { name } => {
            let to = json!({
                "regex": "^(https?://[^/]+)/(\\?.*)?$",
                "replacement": format!("${{1}}/{}/", name.replace('$', "$$")),
            });
            middlewares["_home"] = json!({"redirectRegex": to});
            first.push("_home".to_owned());
            home["service"] = json!("noop@internal");
        }
        // Traefik serves no files: a word says that the server is up.
        Home::Page { .. } | Home::Line => home["service"] = json!("ping@internal"),
    }
    if !first.is_empty() {
        home["middlewares"] = json!(first);
    }
    let mut parts = json!({"http": {"routers": {"_home": home}}});
    if middlewares.as_object().is_some_and(|all| !all.is_empty()) {
        parts["http"]["middlewares"] = middlewares;
    }
    if let Some(https) = &front.https {
        parts["tls"] = tls(https);
    }
    parts
}

fn tls(https: &Https) -> Value {
    let (certificate, key) = https.certificate.files();
    let pair = json!({"certFile": certificate, "keyFile": key});
    let mut options = json!({
        "minVersion": "VersionTLS12",
        "cipherSuites": SUITES,
        "curvePreferences": ["X25519", "CurveP256", "CurveP384"],
    });
    if !https.http2 {
        options["alpnProtocols"] = json!(["http/1.1"]);
    }
    json!({
        "certificates": [pair],
        "stores": {"default": {"defaultCertificate": pair}},
        "options": {"default": options},
    })
}
