//! Differences for people to read, without secrets.

use std::path::Path;

use serde_json::Value;
use similar::TextDiff;

use super::{ChangeKind, Content, FileChange, MANIFESTS, RUN_SPECS};
use crate::template::Secrets;

/// The unified difference of one file; empty if it is unchanged. Values of password variables and of
/// environments are `…`, those of an environment that differ with a word that says so.
pub fn diff(change: &FileChange, secrets: &Secrets) -> String {
    if change.kind == ChangeKind::Unchanged {
        return String::new();
    }
    let name = change.path.display();
    let old = change.old.as_ref().map(shown).unwrap_or_default();
    let (old, new) = if is_run_spec(&change.path) {
        without_environment(&old, &shown(&change.new))
    } else if is_of_secrets(&change.path) {
        (unshown(&old), unshown(&shown(&change.new)))
    } else {
        (old, shown(&change.new))
    };
    let (old, new) = (secrets.hide(&old), secrets.hide(&new));
    if old == new {
        return format!("--- {name}\n+++ {name}\n(only what is not shown here differs)\n");
    }
    let before = match change.kind {
        ChangeKind::Created => "/dev/null".to_owned(),
        ChangeKind::Changed | ChangeKind::Unchanged => name.to_string(),
    };
    TextDiff::from_lines(&old, &new)
        .unified_diff()
        .context_radius(3)
        .header(&before, &name.to_string())
        .to_string()
}

fn shown(content: &Content) -> String {
    match content {
        Content::Text(text) => text.clone(),
        Content::Link(target) => format!("link to {}\n", target.display()),
    }
}

fn is_run_spec(path: &Path) -> bool {
    path.starts_with(RUN_SPECS)
}

/// Whether it is a manifest with secrets, which YAML may write in other letters than they have.
fn is_of_secrets(path: &Path) -> bool {
    path.starts_with(MANIFESTS) && path.ends_with("secrets.yaml")
}

fn unshown(text: &str) -> String {
    if text.is_empty() { "" } else { "(secrets are not shown)\n" }.to_owned()
}

/// Two run specs with `…` for each value of their environments and for each secret of a cluster. What is no run spec is not shown at all.
fn without_environment(old: &str, new: &str) -> (String, String) {
    let parse = |text: &str| serde_json::from_str::<Value>(text).ok();
    let (before, after) = (parse(old), parse(new));
    let unknown = |text: &str| if text.is_empty() { "" } else { "(no run spec)\n" }.to_owned();
    let hide = |spec: &Option<Value>, other: &Option<Value>, changed: &'static str, text: &str| {
        spec.as_ref().map_or_else(|| unknown(text), |spec| hidden(spec, other.as_ref(), changed))
    };
    (hide(&before, &after, "…", old), hide(&after, &before, "… (changed)", new))
}

fn hidden(spec: &Value, other: Option<&Value>, changed: &str) -> String {
    let mut spec = spec.clone();
    let others = other.and_then(|other| other.get("environment"));
    let values = |spec: &Value| spec.pointer("/cluster/secrets").cloned();
    let same = other.is_none_or(|other| values(other) == values(&spec));
    let secrets = spec.pointer_mut("/cluster/secrets").and_then(Value::as_array_mut);
    // By their place: JSON may write them in other letters than they have, and an earlier one is in no variable any more.
    for secret in secrets.into_iter().flatten().filter_map(|secret| secret.get_mut("value")) {
        *secret = Value::from(if same { "…" } else { changed });
    }
    match spec.get_mut("environment") {
        Some(Value::Object(environment)) => {
            for (name, value) in environment {
                let before = others.and_then(|others| others.get(name));
                let differs = before.is_some_and(|before| before != value);
                *value = Value::from(if differs { changed } else { "…" });
            }
        }
        Some(other) => *other = Value::from("…"),
        None => {}
    }
    serde_json::to_string_pretty(&spec).unwrap_or_default() + "\n"
}
