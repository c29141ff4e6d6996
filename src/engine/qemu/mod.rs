//! Virtual machines of QEMU, through its programs.
//!
//! Each machine is a folder with an overlay on its image, what it is told of its configuration and a note; while it runs, an
//! attendant of its own stays beside it (see `attended`), which speaks QMP to it. The processor's own virtualisation is
//! used where it boots something (`kvm`), else QEMU's translation.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use async_trait::async_trait;
use futures_util::stream::BoxStream;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::sync::Mutex;
use tokio::time::sleep;

use super::attended::program::Called;
use super::attended::store::{self, Found, Note, Store};
use super::attended::{self, Keeper, Kind, variable};
use super::{Engine, EngineError, FetchProgress, LogRequest};
use crate::phrase;
use crate::plan::EngineState;
use crate::run_spec::{ContainerName, Port, RunSpec, Source, Technology};
use crate::words::Phrase;

mod arguments;
pub(super) mod attend;
mod image;
mod initramfs;
mod kvm;
mod machine;
mod qmp;
mod told;

/// How it is called.
const CALLED: Called = Called { engine: "QEMU", variable: PATH_VARIABLE };

/// The variable of the environment that says where machines are kept.
const PATH_VARIABLE: &str = "GALERNE_QEMU_PATH";

/// Where machines are kept, under the root.
const FOLDER: &str = "var/lib/galerne/qemu";

/// The program that is a machine.
const PROGRAM: &str = "qemu-system-x86_64";

/// How long a short question may take.
const ANSWER: Duration = Duration::from_secs(30);

/// How long a machine without an attendant may take to write what it has in hand.
const END: Duration = Duration::from_secs(5);

/// Where machines are kept.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The folder of machines.
    pub folder: PathBuf,
    /// What `--root` says: machines made under another root are foreign.
    pub root: PathBuf,
    /// galerne's own program, which attends machines.
    pub program: PathBuf,
    /// What the program that fetches images is told of the environment.
    pub environment: Vec<(String, String)>,
}

impl Settings {
    /// What the environment says.
    pub fn from_environment(root: &Path) -> Self {
        Self {
            folder: variable(PATH_VARIABLE).map_or_else(|| root.join(FOLDER), PathBuf::from),
            root: root.to_owned(),
            program: attended::own_program(),
            environment: attended::told(),
        }
    }
}

/// QEMU.
#[derive(Debug)]
pub struct Qemu {
    settings: Settings,
    keeper: Keeper,
    /// Held by the one who makes a machine: its name is free until it is noted.
    making: Mutex<()>,
}

impl Qemu {
    /// The QEMU that `settings` describe; nothing is looked at yet.
    pub fn new(settings: Settings) -> Self {
        let keeper = Keeper {
            called: CALLED,
            store: Store::new(settings.folder.clone(), machine::SHAPE),
            root: settings.root.clone(),
            program: settings.program.clone(),
            grace: attend::GRACE,
        };
        Self { settings, keeper, making: Mutex::default() }
    }

    /// Starts the machines that ran when the server went down, and gives what went wrong.
    pub async fn start_all(&self) -> Vec<EngineError> {
        self.keeper.start_all(self).await
    }
}

#[async_trait]
impl Kind for Qemu {
    async fn end_orphan(&self, found: &Found) -> Result<(), EngineError> {
        for signal in [Signal::SIGTERM, Signal::SIGKILL] {
            let Some(pid) = running(&found.folder) else { return Ok(()) };
            let _ = kill(pid, signal);
            let mut waited = Duration::ZERO;
            while running(&found.folder) == Some(pid) && waited < END {
                sleep(Duration::from_millis(50)).await;
                waited += Duration::from_millis(50);
            }
        }
        Ok(())
    }

    /// The attendant listens on the host's port once the machine answers behind it.
    fn door(&self, _: &Note, port: &Port) -> SocketAddr {
        let address = match port.address {
            IpAddr::V4(any) if any.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(any) if any.is_unspecified() => std::net::Ipv6Addr::LOCALHOST.into(),
            address => address,
        };
        SocketAddr::new(address, port.host)
    }
}

/// The machine that runs in `folder`: its own note of its process may be of one that has ended, whose number another has.
fn running(folder: &Path) -> Option<Pid> {
    let pid: i32 = store::read(&folder.join(arguments::PID)).ok()?.trim().parse().ok()?;
    let of_process = std::fs::read_link(format!("/proc/{pid}/cwd")).ok()?;
    (pid > 1 && of_process == folder).then(|| Pid::from_raw(pid))
}

#[async_trait]
impl Engine for Qemu {
    fn technology(&self) -> Technology {
        Technology::Qemu
    }

    async fn probe(&self) -> Result<String, EngineError> {
        let ended = CALLED.run(PROGRAM, &["--version".as_ref()], &[], ANSWER).await?;
        let version = ended.output.lines().next().unwrap_or_default();
        if ended.success && !version.is_empty() {
            Ok(version.trim_start_matches("QEMU emulator version ").to_owned())
        } else {
            Err(CALLED.refused(phrase!("to-say-version", "say its version"), &ended.words))
        }
    }

    async fn examine(&self) -> Result<Phrase, EngineError> {
        let version = self.probe().await?;
        let boots = kvm::known(self.keeper.store.folder());
        CALLED.run("qemu-img", &["--version".as_ref()], &[], ANSWER).await?;
        Ok(match boots {
            Some(true) => phrase!("has-kvm", "{version}, with KVM", version = version),
            Some(false) => {
                phrase!("has-no-kvm", "{version}, without KVM, which boots nothing here", version = version)
            }
            None => version.into(),
        })
    }

    async fn observe(&self, sources: &[Source]) -> Result<EngineState, EngineError> {
        self.probe().await?;
        self.keeper.observe(sources, |image| image.join(image::NOTE).is_file())
    }

    async fn fetch(&self, source: &Source, progress: &FetchProgress<'_>) -> Result<(), EngineError> {
        image::fetch(&self.keeper.store, source, &self.settings.environment, progress).await
    }

    async fn user(&self, _: &Source) -> Result<Option<(u32, u32)>, EngineError> {
        // The machine's root is that of the folders that it sees.
        Ok(None)
    }

    async fn create(&self, name: &str, spec: &RunSpec) -> Result<(), EngineError> {
        let _one_at_a_time = self.making.lock().await;
        self.keeper.clear(name, self).await?;
        machine::make(&self.keeper, name, spec).await?;
        // Now, while the one before still serves.
        kvm::know(self.keeper.store.folder()).await;
        Ok(())
    }

    async fn start(&self, name: &str) -> Result<(), EngineError> {
        kvm::know(self.keeper.store.folder()).await;
        self.keeper.start(name, self).await
    }

    async fn stop(&self, name: &str) -> Result<(), EngineError> {
        self.keeper.stop(name, self).await
    }

    async fn rename(&self, name: &str, to: &str) -> Result<(), EngineError> {
        self.keeper.rename(name, to)
    }

    async fn remove(&self, name: &str) -> Result<(), EngineError> {
        self.keeper.remove(name, self).await
    }

    async fn health(&self, spec: &RunSpec) -> Result<(), EngineError> {
        self.keeper.health(spec, self).await
    }

    fn logs<'a>(
        &'a self,
        name: &'a ContainerName,
        request: LogRequest,
    ) -> BoxStream<'a, Result<String, EngineError>> {
        self.keeper.logs(name, request)
    }
}
