//! The configuration file that LXC reads of one container.
//!
//! In: a run spec, a root and an address. Out: the text. The invariant: a value never makes a line of its own or is read as
//! another key; what LXC's format cannot carry is refused.

use std::net::Ipv4Addr;
use std::path::Path;

use super::network::Network;
use super::program::refused;
use crate::engine::EngineError;
use crate::phrase;
use crate::run_spec::{Mount, RunSpec};
use crate::words::Phrase;

/// The user and group of the host that the container's root is: above all that Linux and Debian give to others, so that
/// nobody needs to be asked for a range. Files keep their owners, as the container's folders are mounted with the same map.
const FIRST_ID: u32 = 2_000_000_000;
const IDS: u32 = 65_536;

/// The devices that a container may use; all others are refused.
const DEVICES: [&str; 12] = [
    "c *:* m",
    "b *:* m",
    "c 1:3 rwm",
    "c 1:5 rwm",
    "c 1:7 rwm",
    "c 1:8 rwm",
    "c 1:9 rwm",
    "c 5:0 rwm",
    "c 5:1 rwm",
    "c 5:2 rwm",
    "c 136:* rwm",
    "c 10:229 rwm",
];

/// What stays the same for all.
const COMMON: &str = "lxc.console.path = none
lxc.tty.max = 0
lxc.pty.max = 1024
lxc.autodev = 1
lxc.mount.auto = proc:mixed sys:mixed cgroup:mixed
lxc.cap.drop = mac_admin mac_override sys_time sys_module sys_rawio
lxc.seccomp.profile = /usr/share/lxc/config/common.seccomp
lxc.signal.halt = SIGTERM
lxc.signal.stop = SIGKILL
";

/// Where a container is and how it is reached.
pub(super) struct Place<'a> {
    /// Its root.
    pub(super) root: &'a Path,
    /// What prefixes the folders that it sees.
    pub(super) host: &'a Path,
    /// The bridge.
    pub(super) bridge: &'a str,
    /// The bridge's network.
    pub(super) network: Network,
    /// Its address there.
    pub(super) address: Ipv4Addr,
    /// Whether the machine has the unified hierarchy of control groups alone.
    pub(super) unified: bool,
}

/// The configuration of the container at `place` that runs `spec`.
///
/// # Errors
/// A value cannot be written.
pub(super) fn of(spec: &RunSpec, place: &Place<'_>) -> Result<String, EngineError> {
    let mut text = String::from("# Written by galerne, which replaces it.\n");
    text.push_str(COMMON);
    let root = format!("dir:{}", path(place.root)?);
    let mut add = |key: &str, value: &str| line(&mut text, key, value);
    add("lxc.uts.name", spec.name.as_str())?;
    add("lxc.rootfs.path", &root)?;
    add("lxc.rootfs.options", "idmap=container")?;
    for kind in ["u", "g"] {
        add("lxc.idmap", &format!("{kind} 0 {FIRST_ID} {IDS}"))?;
    }
    add("lxc.net.0.type", "veth")?;
    add("lxc.net.0.link", place.bridge)?;
    add("lxc.net.0.flags", "up")?;
    add("lxc.net.0.name", "eth0")?;
    add("lxc.net.0.ipv4.address", &place.network.written(place.address))?;
    add("lxc.net.0.ipv4.gateway", &place.network.gateway().to_string())?;
    let group = if place.unified { "lxc.cgroup2" } else { "lxc.cgroup" };
    add(&format!("{group}.devices.deny"), "a")?;
    for device in DEVICES {
        add(&format!("{group}.devices.allow"), device)?;
    }
    limits(spec, place.unified, &mut add)?;
    for mount in &spec.mounts {
        add("lxc.mount.entry", &entry(mount, place.host)?)?;
    }
    for (name, value) in &spec.environment {
        // The message would show the value, which may be a secret.
        let value = value.reveal();
        if value.contains(char::is_control) {
            return Err(unfit(phrase!("lxc-value", "the value of {name} in the environment", name = name)));
        }
        // LXC takes one pair of quotes away, and nothing else inside them.
        add("lxc.environment", &format!("\"{name}={value}\""))?;
    }
    add("lxc.environment", "\"container=lxc\"")?;
    Ok(text)
}

fn limits(
    spec: &RunSpec,
    unified: bool,
    add: &mut impl FnMut(&str, &str) -> Result<(), EngineError>,
) -> Result<(), EngineError> {
    const PERIOD: u64 = 100_000;
    let quota = spec.limits.milli_cpus.map(|cpus| (u64::from(cpus) * PERIOD / 1000).max(1000));
    if let Some(memory) = spec.limits.memory {
        let key = if unified { "lxc.cgroup2.memory.max" } else { "lxc.cgroup.memory.limit_in_bytes" };
        add(key, &memory.to_string())?;
    }
    match quota {
        Some(quota) if unified => add("lxc.cgroup2.cpu.max", &format!("{quota} {PERIOD}"))?,
        Some(quota) => {
            add("lxc.cgroup.cpu.cfs_period_us", &PERIOD.to_string())?;
            add("lxc.cgroup.cpu.cfs_quota_us", &quota.to_string())?;
        }
        None => {}
    }
    Ok(())
}

/// A mount as `fstab` writes it, in which a space is an escape. The point it is mounted on is made where it lacks.
fn entry(mount: &Mount, root: &Path) -> Result<String, EngineError> {
    let host = root.join(mount.host.strip_prefix("/").unwrap_or(&mount.host));
    let kind = if host.is_file() { "file" } else { "dir" };
    let (host, container) = (path(&host)?, path(&mount.container)?);
    let (host, container) = (escaped(host), escaped(container.trim_start_matches('/')));
    Ok(format!("{host} {container} none bind,create={kind},idmap=container 0 0"))
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\134").replace(' ', "\\040").replace('#', "\\043")
}

fn path(path: &Path) -> Result<&str, EngineError> {
    path.to_str().ok_or_else(|| unfit(phrase!("lxc-path", "a path")))
}

/// Adds one line.
fn line(text: &mut String, key: &str, value: &str) -> Result<(), EngineError> {
    if value.contains(char::is_control) {
        return Err(unfit(key.to_owned()));
    }
    text.push_str(key);
    text.push_str(" = ");
    text.push_str(value);
    text.push('\n');
    Ok(())
}

fn unfit(what: impl Into<Phrase>) -> EngineError {
    let what = what.into();
    refused(
        phrase!("to-write-container", "write the container's configuration"),
        &[phrase!("lxc-control", "{what} has a control character in it", what = what)],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(environment: &str, unified: bool) -> Result<String, EngineError> {
        let spec: RunSpec = serde_json::from_value(serde_json::json!({
            "name": "wiki", "engine": "lxc", "source": {"image": "/srv/wiki.tar", "tag": "1"},
            "mounts": [{"host": "/srv/a b#c\\d", "container": "/data"}],
            "environment": {"GREETING": environment},
            "limits": {"memory": 64 << 20, "milli_cpus": 1500},
        }))
        .unwrap();
        let network = Network::of("lo").unwrap();
        let root = Path::new("/lxc/wiki/rootfs");
        let address = Ipv4Addr::new(127, 0, 0, 7);
        of(&spec, &Place { root, host: Path::new("/"), bridge: "lo", network, address, unified })
    }

    #[test]
    fn values_stay_in_their_lines() {
        let text = written(" \"a\" 'b' # c = d ", false).unwrap();
        assert!(text.contains("\nlxc.environment = \"GREETING= \"a\" 'b' # c = d \"\n"), "{text}");
        assert!(
            text.contains("= /srv/a\\040b\\043c\\134d data none bind,create=dir,idmap=container 0 0\n"),
            "{text}"
        );
        let refused = written("a\nlxc.hook.start-host = /bin/evil", false).unwrap_err();
        assert!(
            matches!(refused, EngineError::Refused { .. }) && !refused.to_string().contains("evil"),
            "{refused}"
        );
    }

    #[test]
    fn limits_are_written_for_the_hierarchy_that_is_there() {
        let (one, two) = (written("", false).unwrap(), written("", true).unwrap());
        assert!(one.contains("lxc.cgroup.memory.limit_in_bytes = 67108864\n"), "{one}");
        assert!(one.contains("lxc.cgroup.cpu.cfs_quota_us = 150000\n"), "{one}");
        assert!(two.contains("lxc.cgroup2.memory.max = 67108864\n"), "{two}");
        assert!(two.contains("lxc.cgroup2.cpu.max = 150000 100000\n"), "{two}");
    }
}
