//! The attendant of one container: the process that stays beside it while it runs.
//!
//! LXC and QEMU publish no port that they had not at their start, keep no output and start nothing again. The attendant takes the
//! host's ports before the container starts, so that a port that is taken is known then; it runs the container's program ([`Ward`])
//! in the foreground, and starts it again as the run spec says. It holds a lock on the container's folder: who finds the lock free
//! knows that nobody attends, whatever killed the attendant. SIGTERM stops both.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::time::Duration;

use async_trait::async_trait;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde::{Deserialize, Serialize};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::Child;
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::{Instant, sleep, timeout};

use super::store::{self, Note};
use crate::run_spec::RestartPolicy;

/// The first words of an attendant.
pub(in crate::engine) const READY: &str = "ready";
pub(in crate::engine) const PORT: &str = "port ";

/// The pauses between an end and the next start.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_mins(1);

/// A container that ran that long starts again at once.
const STEADY: Duration = Duration::from_secs(10);

/// How much output is kept before it is put aside.
const LOG: u64 = 10 * 1024 * 1024;

/// What the attendant last saw.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::engine) struct Seen {
    /// How often it has started the container.
    pub(in crate::engine) starts: u32,
    /// With which code the last one ended; none while it runs.
    pub(in crate::engine) ended: Option<i32>,
}

/// Whether somebody attends the container in `folder`, and who.
pub(in crate::engine) fn attendant(folder: &Path) -> Option<Pid> {
    let path = folder.join("lock");
    let file = File::open(&path).ok()?;
    match file.try_lock_shared() {
        Err(TryLockError::WouldBlock) => {}
        _ => return None,
    }
    let pid = store::read(&folder.join("pid")).ok()?.trim().parse().ok().filter(|pid| *pid > 1)?;
    Some(Pid::from_raw(pid))
}

/// What the attendant last saw of the container in `folder`.
pub(in crate::engine) fn seen(folder: &Path) -> Seen {
    store::read(&folder.join("seen.json"))
        .ok()
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default()
}

/// How the container that is attended runs.
#[async_trait]
pub(in crate::engine) trait Ward: Send + Sync {
    /// Takes `listeners`, the host's ports of the container in their order, for good or to try that they are free.
    fn publish(&self, listeners: Vec<TcpListener>);

    /// Starts the container, what it writes going to `log`.
    async fn start(&self, log: File) -> io::Result<Child>;

    /// Stays beside the container while it runs; it need not end.
    async fn stay(&self);

    /// Asks the container to end, and waits for a while until it has.
    async fn stop(&self, child: &mut Child);
}

/// Attends the container in `folder` as `ward` until it has ended for good or is to stop. Says on standard output whether it
/// could begin: `ready`, `port ADDRESS` for one that is taken, or why not.
pub(in crate::engine) async fn attend(folder: &Path, note: Note, ward: &dyn Ward) {
    let said = match begin(folder, note, ward).await {
        Ok(attendant) => {
            say(READY);
            attendant.run().await;
            return;
        }
        Err(said) => said,
    };
    say(&said);
}

/// One line; where nobody listens any more, nobody needs it.
pub(in crate::engine) fn say(line: &str) {
    let mut out = io::stdout();
    let _ = writeln!(out, "{line}");
    let _ = out.flush();
}

struct Attendant<'a> {
    folder: &'a Path,
    note: Note,
    ward: &'a dyn Ward,
    /// Held as long as the container is attended.
    _lock: File,
}

/// Takes the lock and the ports.
async fn begin<'a>(folder: &'a Path, note: Note, ward: &'a dyn Ward) -> Result<Attendant<'a>, String> {
    // Not an end of the one who started us, nor of its terminal.
    let _ = nix::unistd::setsid();
    let lock = lock(folder).await.map_err(|error| error.to_string())?;
    let pid = std::process::id().to_string();
    store::write(&folder.join("pid"), &pid).map_err(|error| error.to_string())?;
    let mut listeners = Vec::new();
    for port in &note.spec.ports {
        let address = SocketAddr::new(port.address, port.host);
        listeners.push(TcpListener::bind(address).await.map_err(|error| match error.kind() {
            io::ErrorKind::AddrInUse => format!("{PORT}{}", port.host),
            _ => format!("{address}: {error}"),
        })?);
    }
    ward.publish(listeners);
    let attendant = Attendant { folder, note, ward, _lock: lock };
    // What the one before saw is over.
    attendant.note_seen(Seen::default());
    Ok(attendant)
}

/// Takes the lock; one who only looks holds it for an instant.
async fn lock(folder: &Path) -> io::Result<File> {
    let file =
        OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(folder.join("lock"))?;
    let deadline = Instant::now() + Duration::from_secs(2);
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if Instant::now() < deadline => {
                sleep(Duration::from_millis(5)).await;
            }
            Err(error) => return Err(error.into()),
        }
    }
}

/// Carries what comes to `listener` to `to`, and back.
pub(in crate::engine) async fn forward(listener: TcpListener, to: SocketAddr) {
    loop {
        let Ok((mut here, _)) = listener.accept().await else {
            // Out of descriptors: those who are served will give some back.
            sleep(Duration::from_millis(50)).await;
            continue;
        };
        tokio::spawn(async move {
            let Ok(mut there) = TcpStream::connect(to).await else { return };
            let _ = (here.set_nodelay(true), there.set_nodelay(true));
            let _ = tokio::io::copy_bidirectional(&mut here, &mut there).await;
        });
    }
}

impl Attendant<'_> {
    async fn run(&self) {
        let Ok(mut told) = signal(SignalKind::terminate()) else { return };
        let mut pause = FIRST_PAUSE;
        for starts in 1_u32.. {
            let began = Instant::now();
            self.note_seen(Seen { starts, ended: None });
            let code = match self.start().await {
                Ok(mut child) => tokio::select! {
                    code = self.ended(&mut child) => code,
                    _ = told.recv() => return self.ward.stop(&mut child).await,
                },
                Err(_) => -1,
            };
            self.note_seen(Seen { starts, ended: Some(code) });
            if !self.starts_again(code) {
                return;
            }
            pause = if began.elapsed() >= STEADY { FIRST_PAUSE } else { (pause * 2).min(LONGEST_PAUSE) };
            if timeout(pause, told.recv()).await.is_ok() {
                return;
            }
        }
    }

    fn starts_again(&self, code: i32) -> bool {
        match self.note.spec.restart {
            RestartPolicy::UnlessStopped | RestartPolicy::Always => true,
            RestartPolicy::OnFailure => code != 0,
            RestartPolicy::No => false,
        }
    }

    fn note_seen(&self, seen: Seen) {
        // Who looks and finds the state before waits a little longer for the next.
        let text = serde_json::to_string(&seen).unwrap_or_default();
        let _ = store::write(&self.folder.join("seen.json"), &text);
    }

    /// Starts the container; what keeps it from that is in its log.
    async fn start(&self) -> io::Result<Child> {
        let mut log = self.log()?;
        let started = self.ward.start(log.try_clone()?).await;
        if let Err(error) = &started {
            let _ = writeln!(log, "galerne: it cannot be started: {error}");
        }
        started
    }

    /// Stays beside it until it has ended.
    async fn ended(&self, child: &mut Child) -> i32 {
        let stay = async {
            self.ward.stay().await;
            std::future::pending::<()>().await;
        };
        tokio::select! {
            () = stay => -1,
            status = child.wait() => status.ok().and_then(|status| status.code()).unwrap_or(-1),
        }
    }

    fn log(&self) -> io::Result<File> {
        let path = self.folder.join("log");
        if std::fs::metadata(&path).is_ok_and(|found| found.len() > LOG) {
            std::fs::rename(&path, self.folder.join("log.1"))?;
        }
        OpenOptions::new().append(true).create(true).mode(0o600).open(path)
    }
}

/// Has the attendant of the container in `folder` stop, if there is one, and waits until it has; after `patience` it is ended.
pub(in crate::engine) async fn dismiss(folder: &Path, patience: Duration) {
    let deadline = Instant::now() + patience;
    let mut asked = None;
    while let Some(pid) = attendant(folder) {
        let late = Instant::now() >= deadline;
        if asked != Some(pid) || late {
            let _ = kill(pid, if late { Signal::SIGKILL } else { Signal::SIGTERM });
            asked = Some(pid);
        }
        sleep(Duration::from_millis(20)).await;
    }
}
