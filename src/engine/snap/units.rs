//! The units of systemd that a snap has beside its own.
//!
//! In: a run spec and what the snap is. Out: the files, whole. A folder is mounted below the snap's own (`$SNAP_COMMON`) only
//! while a service of the snap runs, so that nobody who removes the snap removes what is in it; a port that is not the snap's
//! own is carried by systemd's own forwarder. The invariant: no value makes a line of its own or is read as anything else.

use std::path::{Path, PathBuf};

use super::package::Package;
use crate::phrase;
use crate::run_spec::{Mount, Port, RestartPolicy, RunSpec, Secret};
use crate::words::Phrase;

/// Where units are.
pub(super) const FOLDER: &str = "/etc/systemd/system";

/// The drop-in that has a service not start, and the one with what galerne adds to it.
const HOLD: &str = "galerne-hold.conf";
const ADDED: &str = "galerne.conf";

/// A file of systemd's folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unit {
    /// Its path below that folder.
    pub(super) name: String,
    /// What is in it.
    pub(super) text: String,
}

/// The service of `application` in `snap`.
pub(super) fn service(snap: &str, application: &str) -> String {
    format!("snap.{snap}.{application}.service")
}

/// The files that keep the services of `package` from starting: a condition that is never met.
pub(super) fn holds(package: &Package) -> Vec<Unit> {
    let text = "[Unit]\nConditionPathExists=!/\n".to_owned();
    let name = |service: &super::package::Service| drop_in(&package.name, &service.name, HOLD);
    package.services.iter().map(|service| Unit { name: name(service), text: text.clone() }).collect()
}

fn drop_in(snap: &str, application: &str, file: &str) -> String {
    format!("{}.d/{file}", service(snap, application))
}

/// What a snap has beside its own units.
#[derive(Debug, Default)]
pub(super) struct Units {
    /// The files.
    pub(super) files: Vec<Unit>,
    /// The names of the mounts.
    pub(super) mounts: Vec<String>,
    /// The sockets that carry ports, each with its port of the host.
    pub(super) sockets: Vec<(String, u16)>,
}

/// The units of `package` that runs `spec`, whose environment is in the file `environment`.
///
/// # Errors
/// What of the run spec a snap or a unit cannot have, as a sentence.
pub(super) fn of(package: &Package, spec: &RunSpec, environment: &Path) -> Result<Units, Phrase> {
    let mut units = Units::default();
    for mount in &spec.mounts {
        let place = inside(&package.name, &mount.container)?;
        let name = format!("{}.mount", escaped(&place));
        units.files.push(Unit { text: mount_text(mount, &place)?, name: name.clone() });
        units.mounts.push(name);
    }
    for port in spec.ports.iter().filter(|port| port.host != port.container) {
        let name = format!("galerne-snap-{}-{}", package.name, port.host);
        units.files.push(Unit { name: format!("{name}.socket"), text: socket_text(port) });
        units.files.push(Unit { name: format!("{name}.service"), text: forward_text(&name, port) });
        units.sockets.push((format!("{name}.socket"), port.host));
    }
    let slice = slice(&package.name, spec);
    let added = added(&units, environment, slice.as_ref().map(|slice| slice.name.as_str()));
    for service in &package.services {
        let name = drop_in(&package.name, &service.name, ADDED);
        // What ends by itself is not started again: systemd refuses such a service.
        let restart = if service.lasts { restart(spec.restart) } else { "" };
        units.files.push(Unit { name, text: format!("{added}{restart}") });
    }
    units.files.extend(slice);
    Ok(units)
}

/// Where the snap sees the folder that is `path` to others: below its own folder for data of all revisions.
pub(super) fn inside(snap: &str, path: &Path) -> Result<PathBuf, Phrase> {
    let common = PathBuf::from(format!("/var/snap/{snap}/common"));
    if path.starts_with(&common) {
        return Ok(path.to_owned());
    }
    for closed in ["/var/snap", "/snap", "/proc", "/sys", "/dev", "/run"] {
        if path.starts_with(closed) {
            let (path, common) = (path.display(), common.display());
            return Err(phrase!(
                "snap-folder",
                "a snap cannot have a folder at `{path}`, only below `{common}`",
                path = path.to_string(),
                common = common.to_string()
            ));
        }
    }
    Ok(common.join(path.strip_prefix("/").unwrap_or(path)))
}

fn mount_text(mount: &Mount, place: &Path) -> Result<String, Phrase> {
    let (what, place) = (path(&mount.host)?, path(place)?);
    Ok(format!(
        "[Unit]\nDescription={what} for a snap\nStopWhenUnneeded=yes\n\n[Mount]\nWhat={what}\nWhere={place}\n\
         Type=none\nOptions=bind\n"
    ))
}

/// A path as a unit writes it, where it can.
fn path(path: &Path) -> Result<String, Phrase> {
    let text = path.to_str().unwrap_or_default();
    let odd = |letter: char| letter.is_control() || "\\\"'".contains(letter);
    if text.is_empty() || text.contains(odd) || text.ends_with(' ') {
        return Err(phrase!(
            "mount-quote",
            "systemd cannot mount `{path}`: it has a quote or a backslash",
            path = path.display().to_string()
        ));
    }
    Ok(text.replace('%', "%%"))
}

fn socket_text(port: &Port) -> String {
    let address = std::net::SocketAddr::new(port.address, port.host);
    format!(
        "[Unit]\nDescription=A port of a snap\nStopWhenUnneeded=yes\n\n[Socket]\nListenStream={address}\n"
    )
}

fn forward_text(name: &str, port: &Port) -> String {
    let to = port.container;
    format!(
        "[Unit]\nDescription=A port of a snap, carried to its own\nRequires={name}.socket\nPartOf={name}.socket\n\
         After={name}.socket\n\n[Service]\nExecStart=/lib/systemd/systemd-socket-proxyd 127.0.0.1:{to}\n"
    )
}

/// The slice that bounds all services of the snap together, if they are bounded.
fn slice(snap: &str, spec: &RunSpec) -> Option<Unit> {
    let memory = spec.limits.memory.map(|bytes| format!("MemoryMax={bytes}\n"));
    // systemd counts in percents of a processor.
    let processors = spec.limits.milli_cpus.map(|cpus| format!("CPUQuota={}%\n", cpus.div_ceil(10)));
    let lines = [memory, processors].into_iter().flatten().collect::<String>();
    let name = format!("galerne-{}.slice", snap.replace('-', "\\x2d"));
    (!lines.is_empty()).then(|| Unit { name, text: format!("[Slice]\n{lines}") })
}

fn added(units: &Units, environment: &Path, slice: Option<&str>) -> String {
    let mounts = units.mounts.iter().map(|mount| format!("Requires={mount}\nAfter={mount}\n"));
    let sockets = units.sockets.iter().map(|(socket, _)| format!("Wants={socket}\n"));
    let beside: String = mounts.chain(sockets).collect();
    let slice = slice.map(|slice| format!("Slice={slice}\n")).unwrap_or_default();
    format!(
        "# Written by galerne, which replaces it.\n[Unit]\n{beside}\n[Service]\nEnvironmentFile={}\n{slice}",
        environment.display()
    )
}

fn restart(policy: RestartPolicy) -> &'static str {
    match policy {
        RestartPolicy::UnlessStopped | RestartPolicy::Always => "Restart=always\n",
        RestartPolicy::OnFailure => "Restart=on-failure\n",
        RestartPolicy::No => "Restart=no\n",
    }
}

/// The file that systemd reads an environment from. What stands in quotes may have any letter; four of them are escaped.
pub(super) fn environment<'a>(variables: impl IntoIterator<Item = (&'a String, &'a Secret)>) -> String {
    let mut text = String::new();
    for (name, value) in variables {
        text.push_str(name);
        text.push_str("=\"");
        for letter in value.reveal().chars() {
            if "\"\\`$".contains(letter) {
                text.push('\\');
            }
            text.push(letter);
        }
        text.push_str("\"\n");
    }
    text
}

/// The name of the unit for a path: what stands between its slashes joined by `-`, what is no letter or digit by its number.
fn escaped(path: &Path) -> String {
    let text = path.to_string_lossy();
    let bytes = text.trim_matches('/').bytes().enumerate();
    let written = bytes.map(|(at, byte)| match byte {
        b'/' => "-".to_owned(),
        byte if byte.is_ascii_alphanumeric() || b":_".contains(&byte) => char::from(byte).to_string(),
        b'.' if at > 0 => ".".to_owned(),
        byte => format!("\\x{byte:02x}"),
    });
    written.collect()
}

/// What follows the last dot of a unit's name: what kind of unit it is.
pub(super) fn kind(unit: &str) -> &str {
    unit.rsplit_once('.').map_or("", |(_, kind)| kind)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::snap::package::Service;

    fn package() -> Package {
        let service = |name: &str, lasts| Service { name: name.to_owned(), lasts };
        Package {
            name: "my-wiki".to_owned(),
            base: None,
            confinement: super::super::package::Confinement::Strict,
            services: vec![service("web", true), service("once", false)],
            configures: true,
            signed: false,
        }
    }

    fn units(members: &serde_json::Value) -> Result<Units, Phrase> {
        let mut spec = serde_json::json!({
            "name": "wiki", "engine": "snap", "source": {"image": "my-wiki", "tag": "latest"},
        });
        spec.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        of(&package(), &serde_json::from_value(spec).unwrap(), Path::new("/var/lib/galerne/snap/e"))
    }

    #[test]
    fn folders_are_mounted_below_the_snaps_own() {
        let mounts = serde_json::json!({"mounts": [{"host": "/srv/100% é", "container": "/data"}]});
        let units = units(&mounts).unwrap();
        assert_eq!(units.mounts, ["var-snap-my\\x2dwiki-common-data.mount"]);
        let text = &units.files[0].text;
        assert!(text.contains("\nWhat=/srv/100%% é\nWhere=/var/snap/my-wiki/common/data\n"), "{text}");
        let added = &units.files[1];
        assert_eq!(added.name, "snap.my-wiki.web.service.d/galerne.conf");
        assert!(added.text.contains("\nRequires=var-snap-my\\x2dwiki-common-data.mount\n"), "{}", added.text);
        let common = Path::new("/var/snap/my-wiki/common/x");
        assert_eq!(inside("my-wiki", common).as_deref(), Ok(common));
    }

    #[test]
    fn what_a_snap_cannot_see_or_a_unit_not_say_is_refused() {
        for container in ["/var/snap/other/common/x", "/snap/x", "/proc/x"] {
            assert!(inside("my-wiki", Path::new(container)).is_err(), "{container}");
        }
        for host in ["/srv/a\"b", "/srv/a\\", "/srv/a ", "/srv/a\nWhat=/etc"] {
            let mounts = serde_json::json!({"mounts": [{"host": host, "container": "/data"}]});
            assert!(units(&mounts).is_err(), "{host:?}");
        }
    }

    #[test]
    fn a_port_that_is_not_the_snaps_own_is_carried() {
        let port = |host, container| serde_json::json!({"address": "127.0.0.1", "host": host, "container": container});
        let units = units(&serde_json::json!({"ports": [port(8080, 8080), port(8443, 443)]})).unwrap();
        assert_eq!(units.sockets, [("galerne-snap-my-wiki-8443.socket".to_owned(), 8443)]);
        assert!(units.files[0].text.ends_with("\nListenStream=127.0.0.1:8443\n"));
        assert!(units.files[1].text.ends_with("systemd-socket-proxyd 127.0.0.1:443\n"));
    }

    #[test]
    fn limits_are_of_all_services_together() {
        let limits =
            serde_json::json!({"limits": {"memory": 64 << 20, "milli_cpus": 1505}, "restart": "on-failure"});
        let units = units(&limits).unwrap();
        let [web, once, slice] = units.files.as_slice() else { panic!("{units:?}") };
        assert_eq!(slice.name, "galerne-my\\x2dwiki.slice");
        assert_eq!(slice.text, "[Slice]\nMemoryMax=67108864\nCPUQuota=151%\n");
        assert!(web.text.ends_with("Slice=galerne-my\\x2dwiki.slice\nRestart=on-failure\n"), "{}", web.text);
        assert!(!once.text.contains("Restart="), "{}", once.text);
    }

    #[test]
    fn an_environment_stays_in_its_quotes() {
        let variables = [("A".to_owned(), Secret::new("a \"b\" $c `d` \\ # = e\nf"))];
        let text = environment(variables.iter().map(|(name, value)| (name, value)));
        assert_eq!(text, "A=\"a \\\"b\\\" \\$c \\`d\\` \\\\ # = e\nf\"\n");
    }
}
