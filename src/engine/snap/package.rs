//! What is in the file of a snap, as far as galerne has to know it before snapd does.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

use super::program::{self, run};
use super::store;
use crate::engine::EngineError;
use crate::phrase;
use crate::words::Phrase;

/// How much of `meta/snap.yaml` is read.
const MOST: u64 = 1024 * 1024;

/// A snap, as its `meta/snap.yaml` describes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Package {
    /// Its name.
    pub(super) name: String,
    /// The snap that it stands on; none for `core`.
    pub(super) base: Option<String>,
    /// How closely it is kept.
    pub(super) confinement: Confinement,
    /// The applications in it that run as services.
    pub(super) services: Vec<Service>,
    /// Whether it takes settings.
    pub(super) configures: bool,
    /// Whether the store has signed it.
    pub(super) signed: bool,
}

/// An application of a snap that runs as a service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Service {
    /// Its name.
    pub(super) name: String,
    /// Whether it runs until it is stopped: not one that ends by itself, or that a socket or a clock starts.
    pub(super) lasts: bool,
}

/// How closely a snap is kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Confinement {
    /// As closely as the kernel can.
    #[default]
    Strict,
    /// Not at all.
    Classic,
    /// Not at all, as it is being developed.
    Devmode,
}

#[derive(Deserialize)]
struct Yaml {
    name: String,
    #[serde(default, rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    base: Option<String>,
    #[serde(default)]
    confinement: Option<Confinement>,
    #[serde(default)]
    apps: Option<BTreeMap<String, App>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct App {
    #[serde(default)]
    daemon: Option<String>,
    #[serde(default)]
    daemon_scope: Option<String>,
    #[serde(default)]
    sockets: Option<IgnoredAny>,
    #[serde(default)]
    timer: Option<IgnoredAny>,
    #[serde(default)]
    activates_on: Option<IgnoredAny>,
}

/// Reads the snap in `file`, unpacking what describes it into the empty folder `scratch`.
///
/// # Errors
/// The unpacker is absent. What is wrong with the file comes as the inner error, in lines for a person.
pub(super) async fn read(file: &Path, scratch: &Path) -> Result<Result<Package, Vec<Phrase>>, EngineError> {
    let options = ["-no-progress", "-quiet", "-force", "-no-xattrs", "-dest"].map(OsStr::new);
    let rest = [scratch.as_os_str(), file.as_os_str(), OsStr::new("meta")];
    let ended = run("unsquashfs", &[&options[..], &rest].concat(), program::LONG).await?;
    let meta = scratch.join("meta");
    let Some(text) = text(&meta.join("snap.yaml")) else {
        let mut words = ended.words;
        words.push(phrase!("snap-none", "it is no snap: there is no `meta/snap.yaml` in it"));
        return Ok(Err(words));
    };
    let configures = meta.join("hooks/configure").symlink_metadata().is_ok();
    let package = package(&text, configures).map_err(|wrong| vec![wrong]);
    let _ = store::remove(scratch);
    Ok(package)
}

/// The text of a plain file: a link in a snap may lead anywhere.
fn text(path: &Path) -> Option<String> {
    let plain = path.symlink_metadata().is_ok_and(|found| found.is_file());
    let in_folder = path.parent()?.symlink_metadata().is_ok_and(|found| found.is_dir());
    if !plain || !in_folder {
        return None;
    }
    let mut text = String::new();
    File::open(path).ok()?.take(MOST).read_to_string(&mut text).ok()?;
    Some(text)
}

fn package(text: &str, configures: bool) -> Result<Package, Phrase> {
    let yaml: Yaml = serde_saphyr::from_str(text)
        .map_err(|error| phrase!("snap-yaml", "its `meta/snap.yaml`: {error}", error = error.to_string()))?;
    if !crate::run_spec::is_snap_name(&yaml.name) {
        return Err(phrase!("snap-name", "it has a name that no snap can have"));
    }
    if let Some(kind) = yaml.kind.filter(|kind| kind != "app") {
        return Err(phrase!(
            "snap-type",
            "it is of the type `{kind}`, not an application",
            kind = crate::engine::answer::harmless(&kind)
        ));
    }
    let mut services = Vec::new();
    for (name, app) in yaml.apps.unwrap_or_default() {
        let Some(daemon) = app.daemon.as_deref() else { continue };
        let plain = name
            .split('-')
            .all(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        if !plain {
            return Err(phrase!(
                "snap-application-name",
                "it has an application with a name that none can have"
            ));
        }
        if app.daemon_scope.as_deref() == Some("user") {
            continue;
        }
        let waits = app.sockets.is_some() || app.timer.is_some() || app.activates_on.is_some();
        services.push(Service { name, lasts: daemon != "oneshot" && !waits });
    }
    let (base, confinement) = (yaml.base, yaml.confinement.unwrap_or_default());
    Ok(Package { name: yaml.name, base, confinement, services, configures, signed: false })
}

impl Package {
    /// The services that are to run as long as the snap does.
    pub(super) fn lasting(&self) -> impl Iterator<Item = &str> {
        self.services.iter().filter(|service| service.lasts).map(|service| service.name.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_are_found_in_what_describes_a_snap() {
        let text = "name: wiki\nversion: 1.0\nbase: core22\nconfinement: strict\napps:\n  \
             web: {command: bin/web, daemon: simple, plugs: [network-bind]}\n  \
             set-up: {command: bin/set-up, daemon: oneshot}\n  \
             clock: {command: bin/clock, daemon: simple, timer: '10:00'}\n  \
             mine: {command: bin/mine, daemon: simple, daemon-scope: user}\n  \
             tool: {command: bin/tool}\n";
        let package = package(text, true).unwrap();
        let of = |name: &str, lasts| Service { name: name.to_owned(), lasts };
        assert_eq!(package.services, [of("clock", false), of("set-up", false), of("web", true)]);
        assert_eq!(package.lasting().collect::<Vec<_>>(), ["web"]);
        assert_eq!((package.name.as_str(), package.base.as_deref()), ("wiki", Some("core22")));
        assert!(package.configures && package.confinement == Confinement::Strict);
    }

    #[test]
    fn names_that_would_lead_elsewhere_are_refused() {
        for text in [
            "name: ../../etc\n",
            "name: wiki\ntype: base\n",
            "name: wiki\napps: {'../x': {daemon: simple}}\n",
            "name: wiki\napps: {'a b': {daemon: simple}}\n",
            "name: [1]\n",
            "",
        ] {
            assert!(package(text, false).is_err(), "{text}");
        }
    }
}
