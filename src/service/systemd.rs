//! Services of systemd, by `systemctl`.

use async_trait::async_trait;

use super::{ServiceError, Services, Verb, act, ask};
use crate::plan::ServiceState;
use crate::render::ServiceName;

/// The units of systemd.
#[derive(Debug, Clone, Copy)]
pub struct Systemd;

#[async_trait]
impl Services for Systemd {
    async fn state(&self, name: &ServiceName) -> Option<ServiceState> {
        let properties = "--property=LoadState,ActiveState,UnitFileState";
        let told = ask("systemctl", &["show", properties, "--", &unit(name)]).await.ok()?;
        read(&told)
    }

    async fn act(&self, verb: Verb, name: &ServiceName) -> Result<(), ServiceError> {
        act("systemctl", &[verb.word(), "--", &unit(name)], verb, name).await
    }
}

/// The unit of a service: a name with the ending of another kind of unit is one already.
fn unit(name: &ServiceName) -> String {
    const KINDS: [&str; 6] = [".service", ".socket", ".timer", ".path", ".mount", ".target"];
    let name = name.as_str();
    if KINDS.iter().any(|kind| name.ends_with(kind)) { name.to_owned() } else { format!("{name}.service") }
}

/// What `systemctl show` says of a unit; none for one that is not there.
fn read(told: &str) -> Option<ServiceState> {
    let property = |name: &str| told.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
    if property("LoadState") == Some("not-found") {
        return None;
    }
    let running = matches!(property("ActiveState"), Some("active" | "reloading" | "activating"));
    // One that is started by others has nothing to enable.
    let enabled = !matches!(property("UnitFileState"), Some("disabled" | "masked" | "masked-runtime"));
    let settled =
        matches!(property("UnitFileState"), Some("static" | "indirect" | "generated" | "alias" | ""));
    Some(ServiceState { running, enabled, settled })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_systemctl_shows_is_read() {
        let state = |active: &str, file: &str| {
            read(&format!("LoadState=loaded\nActiveState={active}\nUnitFileState={file}"))
        };
        let expected = |running, enabled, settled| Some(ServiceState { running, enabled, settled });
        assert_eq!(state("active", "enabled"), expected(true, true, false));
        assert_eq!(state("inactive", "disabled"), expected(false, false, false));
        assert_eq!(state("failed", "static"), expected(false, true, true));
        assert_eq!(read("LoadState=not-found\nActiveState=inactive\nUnitFileState="), None);
    }

    #[test]
    fn a_service_is_a_unit_of_its_kind() {
        let unit = |name: &str| super::unit(&ServiceName::parse(name).unwrap());
        assert_eq!(unit("nginx"), "nginx.service");
        assert_eq!(unit("php8.2-fpm"), "php8.2-fpm.service");
        assert_eq!(unit("backup.timer"), "backup.timer");
    }
}
