//! Services of init scripts, by `service` and `update-rc.d`.

use std::path::{Path, PathBuf};

use async_trait::async_trait;

use super::{ServiceError, Services, Verb, act, ask};
use crate::plan::ServiceState;
use crate::render::ServiceName;
use crate::source::{Disk, World};

/// The scripts of `/etc/init.d`.
#[derive(Debug, Clone)]
pub struct Scripts {
    folder: PathBuf,
}

impl Default for Scripts {
    fn default() -> Self {
        Self { folder: PathBuf::from("/etc") }
    }
}

impl Scripts {
    /// Whether a link of a run level starts the service.
    fn is_enabled(&self, name: &ServiceName) -> bool {
        ["rc2.d", "rc3.d", "rc4.d", "rc5.d", "rcS.d"].iter().any(|level| {
            Disk.list(&self.folder.join(level)).unwrap_or_default().iter().any(|link| starts(link, name))
        })
    }
}

/// Whether `link`, as `S01NAME`, starts the service.
fn starts(link: &Path, name: &ServiceName) -> bool {
    let link = link.file_name().and_then(|link| link.to_str()).unwrap_or_default();
    let number = link.strip_prefix('S').and_then(|rest| rest.split_at_checked(2));
    number.is_some_and(|(number, rest)| {
        number.bytes().all(|byte| byte.is_ascii_digit()) && rest == name.as_str()
    })
}

#[async_trait]
impl Services for Scripts {
    async fn state(&self, name: &ServiceName) -> Option<ServiceState> {
        if !self.folder.join("init.d").join(name.as_str()).is_file() {
            return None;
        }
        let running = ask("service", &[name.as_str(), "status"]).await.is_ok();
        // Where run levels mean nothing, as in a container, there is nothing to enable.
        let settled = !Path::new("/usr/sbin/update-rc.d").is_file();
        Some(ServiceState { running, enabled: self.is_enabled(name), settled })
    }

    async fn act(&self, verb: Verb, name: &ServiceName) -> Result<(), ServiceError> {
        match verb {
            Verb::Restart | Verb::Start | Verb::Stop => {
                act("service", &[name.as_str(), verb.word()], verb, name).await
            }
            // Links that were never made are made first.
            Verb::Enable => {
                act("update-rc.d", &[name.as_str(), "defaults"], verb, name).await?;
                act("update-rc.d", &[name.as_str(), "enable"], verb, name).await
            }
            Verb::Disable => act("update-rc.d", &[name.as_str(), "disable"], verb, name).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_that_starts_a_service_is_known() {
        let name = ServiceName::parse("cron").unwrap();
        assert!(starts(Path::new("/etc/rc2.d/S01cron"), &name));
        for other in ["K01cron", "S01anacron", "S1cron", "cron", "S01cron.old"] {
            assert!(!starts(&Path::new("/etc/rc2.d").join(other), &name), "{other}");
        }
    }
}
