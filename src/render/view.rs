//! A container as templates see it: `container.NAME`.

use serde_json::{Map, Value, json};

use crate::run_spec::Container;

/// Every variable of `container` by its suffix, and over them what is derived: `name`, `key`, `type`, `url`, `tag`,
/// `repository`, `image`, `upstream`, `keep_prefix`, `mounts`, `ports`, `environment`, `limits`, `health`.
pub fn of(container: &Container) -> Value {
    let mut view: Map<String, Value> =
        container.variables().map(|(suffix, value)| (suffix.to_owned(), json!(value))).collect();
    let environment: Vec<Value> = container
        .environment()
        .filter(|(name, _)| !name.is_empty())
        .map(|(name, value)| json!({"name": name.to_string(), "value": value.to_string()}))
        .collect();
    let keep_prefix =
        container.variable("prefixe_conserve").is_some_and(|value| value.as_text() == Some("oui"));
    let derived = json!({
        "name": container.name,
        "key": container.key,
        "type": container.kind,
        "url": container.image.url,
        "tag": container.image.tag,
        "repository": container.image.repository,
        "image": container.image.address(),
        "upstream": container.upstream(),
        "keep_prefix": keep_prefix,
        "mounts": container.mounts,
        "ports": container.ports,
        "environment": environment,
        "limits": container.limits,
        "health": container.health,
    });
    if let Value::Object(derived) = derived {
        view.extend(derived);
    }
    Value::Object(view)
}
