//! How one application is reached: its routers, what a request goes through, and where it goes.

use std::net::SocketAddr;

use serde_json::{Map, Value, json};

use super::{entry, rule, users_path};
use crate::front::Front;
use crate::run_spec::Container;
use crate::value::Value as Held;

/// How often a request that nobody took is tried, and the first pause: all in all about ten seconds, as nginx holds one (decision 1). One of which
/// something was sent is tried again only if it changes nothing.
const TRIES: u32 = 11;
const FIRST_PAUSE: &str = "500ms";

/// One application while its parts are made.
pub(super) struct Application<'a> {
    pub(super) container: &'a Container,
    pub(super) front: &'a Front,
    pub(super) upstream: SocketAddr,
}

/// Its file, but for the place that says that it was read; none if it has no port.
pub(super) fn of(container: &Container, front: &Front) -> Option<Value> {
    let application = Application { container, front, upstream: container.upstream()? };
    let name = container.name.as_str();
    let passed = application.passed();
    let mut middlewares = Map::new();
    let to = json!({
        "regex": format!("^(https?://[^/]+/{})(\\?.*)?$", regex::escape(name)),
        "replacement": "${1}/${2}",
        "permanent": true,
    });
    middlewares.insert(format!("_slash-{name}"), json!({"redirectRegex": to}));
    middlewares.extend(passed.iter().map(|(part, value)| (format!("_{part}-{name}"), value.clone())));
    let mut routers = Map::new();
    routers.insert(name.to_owned(), application.router(name));
    let slash = [entry::first(front), vec![format!("_slash-{name}")]].concat();
    routers.insert(
        format!("_slash-{name}"),
        json!({
            "rule": rule::on(&front.names, rule::path(&format!("/{name}"))),
            "entryPoints": [entry::point(front)],
            "middlewares": slash,
            "service": "noop@internal",
        }),
    );
    Some(json!({"http": {
        "routers": routers,
        "middlewares": middlewares,
        "services": {name: {"loadBalancer": {
            "servers": [{"url": format!("http://{}", application.upstream)}],
            "serversTransport": name,
        }}},
        "serversTransports": {name: {"forwardingTimeouts": {
            "dialTimeout": application.patience(),
            "responseHeaderTimeout": application.patience(),
        }}},
    }}))
}

impl Application<'_> {
    /// The router of all that is below `/NAME/`.
    pub(super) fn router(&self, service: &str) -> Value {
        let name = self.container.name.as_str();
        let passed = self.passed().into_iter().map(|(part, _)| format!("_{part}-{name}"));
        let middlewares: Vec<String> = entry::first(self.front).into_iter().chain(passed).collect();
        json!({
            "rule": rule::on(&self.front.names, rule::prefix(&format!("/{name}/"))),
            "entryPoints": [entry::point(self.front)],
            "middlewares": middlewares,
            "service": service,
        })
    }

    /// What a request goes through, in this order.
    pub(super) fn passed(&self) -> Vec<(&'static str, Value)> {
        let (name, door) = (self.container.name.as_str(), &self.container.door);
        let mut passed = Vec::new();
        if !door.allow.is_empty() {
            passed.push(("allow", json!({"ipAllowList": {"sourceRange": door.allow}})));
        }
        if !door.users.is_empty() {
            let auth = json!({"usersFile": users_path(name), "realm": name, "removeHeader": true});
            passed.push(("users", json!({"basicAuth": auth})));
        }
        if let Some(rate) = door.rate {
            let burst = rate.burst.saturating_add(1);
            passed.push((
                "rate",
                json!({"rateLimit": {"average": rate.per_second, "period": "1s", "burst": burst}}),
            ));
        }
        let most = self.number("taille_max").saturating_mul(1 << 20);
        if most > 0 {
            passed.push(("size", json!({"buffering": {"maxRequestBodyBytes": most}})));
        }
        let prefix = format!("/{name}");
        passed.push(if self.is_on("prefixe_conserve") {
            ("prefix", json!({"headers": {"customRequestHeaders": {"X-Forwarded-Prefix": prefix}}}))
        } else {
            ("strip", json!({"stripPrefix": {"prefixes": [prefix]}}))
        });
        let retry = json!({"attempts": TRIES, "initialInterval": FIRST_PAUSE, "status": ["502"]});
        passed.push(("retry", json!({"retry": retry})));
        passed
    }

    /// How long an answer may take.
    pub(super) fn patience(&self) -> String {
        format!("{}s", self.number("delai_max"))
    }

    fn number(&self, suffix: &str) -> u64 {
        self.container.variable(suffix).and_then(|value| value.to_string().parse().ok()).unwrap_or_default()
    }

    fn is_on(&self, suffix: &str) -> bool {
        self.container.variable(suffix).and_then(Held::as_text) == Some("oui")
    }
}
