//! What templates see beside the variables: `container.NAME` and `front.NAME`.

use std::net::SocketAddr;

use serde_json::{Map, Value, json};

use crate::front::{Front, Home, Https, Server};
use crate::run_spec::Container;
use crate::traefik;

/// Every variable of `container` by its suffix, and over them what is derived: `name`, `key`, `type`, `url`, `tag`,
/// `repository`, `image`, `git`, `upstream`, `listen`, `keep_prefix`, `boot`, `command`, `mounts`, `ports`, `environment`, `labels`, `limits`, `health`, `cluster`, `allow`, `users` (names
/// alone), `rate`, `label`, `description`, `listed`.
pub fn of(container: &Container) -> Value {
    let mut view: Map<String, Value> =
        container.variables().map(|(suffix, value)| (suffix.to_owned(), json!(value))).collect();
    let environment: Vec<Value> = container
        .environment()
        .filter(|(name, _)| !name.is_empty())
        .map(|(name, value)| json!({"name": name.to_string(), "value": value.to_string()}))
        .collect();
    let is_on = |suffix: &str| container.variable(suffix).is_some_and(|value| value.as_text() == Some("oui"));
    let label = container.variable("libelle").map(ToString::to_string).filter(|label| !label.is_empty());
    let users: Vec<&str> = container.door.users.iter().map(|user| user.name.as_str()).collect();
    let git = container.image.git.as_ref();
    let repository = container.image.repository.as_ref().or(git.map(|git| &git.repository));
    let git = git
        .map(|git| json!({"repository": git.repository, "folder": git.folder, "dockerfile": git.dockerfile}));
    let derived = json!({
        "name": container.name,
        "key": container.key,
        "type": container.kind,
        "url": container.image.url,
        "tag": container.image.tag,
        "repository": repository,
        "image": container.image.address(),
        "git": git,
        "upstream": container.upstream(),
        "listen": container.ports.first().map(|port| SocketAddr::new(port.address, port.host)),
        "keep_prefix": is_on("prefixe_conserve"),
        "boot": container.boot,
        "command": container.command(),
        "mounts": container.mounts,
        "ports": container.ports,
        "environment": environment,
        "labels": {},
        "limits": container.limits,
        "health": container.health,
        "cluster": container.cluster,
        "allow": container.door.allow,
        "users": users,
        "rate": container.door.rate,
        "label": label.unwrap_or_else(|| container.name.to_string()),
        "description": container.variable("description").map(ToString::to_string).unwrap_or_default(),
        "listed": is_on("dans_accueil") && container.upstream().is_some(),
    });
    if let Value::Object(derived) = derived {
        view.extend(derived);
    }
    Value::Object(view)
}

/// The same with the labels that it is to have for a Traefik that asks its engine.
pub(super) fn labelled(container: &Container, front: &Front) -> Value {
    let mut view = of(container);
    if let Server::Traefik { labels: true, .. } = front.server {
        view["labels"] = json!(traefik::labels(container, front));
    }
    view
}

/// The front door: `names`, `http`, `https` (with `port`, `redirect`, `http2`, `hsts`, `certificate`, `key`), `default_server`, `ipv6`,
/// `home` (with `title` or `application`), `maintenance` (with `text`, `retry_after`).
pub fn front(front: &Front) -> Value {
    let https = |https: &Https| {
        let (certificate, key) = https.certificate.files();
        json!({
            "port": https.port,
            "redirect": https.redirect,
            "http2": https.http2,
            "hsts": https.hsts,
            "certificate": certificate,
            "key": key,
        })
    };
    let (title, application) = match &front.home {
        Home::Page { title } => (Some(title), None),
        Home::Application { name } => (None, Some(name)),
        Home::Line => (None, None),
    };
    let maintenance = front.maintenance.as_ref();
    json!({
        "names": front.names,
        "http": front.http,
        "https": front.https.as_ref().map(https),
        "default_server": front.default_server,
        "ipv6": front.ipv6,
        "home": {"title": title, "application": application},
        "maintenance": maintenance.map(|page| json!({"text": page.text, "retry_after": page.retry_after})),
    })
}

/// The same for a page in a language, which is `language`.
pub(super) fn front_in(front: &Front, language: &str) -> Value {
    let mut view = self::front(front);
    view["language"] = json!(language);
    view
}
