//! The attendant of one container: the process that stays beside it while it runs.
//!
//! LXC itself publishes no port, keeps no output and starts nothing again. The attendant listens on the host's ports before the
//! container starts, so that a port that is taken is known then; it runs `lxc-start` in the foreground, whose output is the
//! container's, and starts it again as the run spec says. It holds a lock on the container's folder: who finds the lock free
//! knows that nobody attends, whatever killed the attendant. SIGTERM stops both.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde::{Deserialize, Serialize};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::Child;
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::{Instant, sleep, timeout};

use super::program;
use super::store::{self, Note};
use crate::run_spec::RestartPolicy;

/// The first words of an attendant.
pub(super) const READY: &str = "ready";
pub(super) const PORT: &str = "port ";

/// How long a container may take to end after it was asked to.
pub(super) const GRACE: Duration = Duration::from_secs(10);

/// The pauses between an end and the next start.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_mins(1);

/// A container that ran that long starts again at once.
const STEADY: Duration = Duration::from_secs(10);

/// How much output is kept before it is put aside.
const LOG: u64 = 10 * 1024 * 1024;

/// What the attendant last saw.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Seen {
    /// How often it has started the container.
    pub(super) starts: u32,
    /// With which code the last one ended; none while it runs.
    pub(super) ended: Option<i32>,
}

/// Whether somebody attends the container in `folder`, and who.
pub(super) fn attendant(folder: &Path) -> Option<Pid> {
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
pub(super) fn seen(folder: &Path) -> Seen {
    store::read(&folder.join("seen.json"))
        .ok()
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default()
}

/// Attends the container in `folder` until it has ended for good or is to stop. Says on standard output whether it could
/// begin: `ready`, `port ADDRESS` for one that is taken, or why not.
pub async fn attend(folder: &Path) {
    let said = match begin(folder).await {
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
fn say(line: &str) {
    let mut out = io::stdout();
    let _ = writeln!(out, "{line}");
    let _ = out.flush();
}

struct Attendant<'a> {
    folder: &'a Path,
    note: Note,
    /// Held as long as the container is attended.
    _lock: File,
}

/// Takes the lock and the ports.
async fn begin(folder: &Path) -> Result<Attendant<'_>, String> {
    // Not an end of the one who started us, nor of its terminal.
    let _ = nix::unistd::setsid();
    let note = store::read_note(folder).ok_or("it is not galerne's")?;
    let lock = lock(folder).await.map_err(|error| error.to_string())?;
    let pid = std::process::id().to_string();
    store::write(&folder.join("pid"), &pid).map_err(|error| error.to_string())?;
    for port in &note.spec.ports {
        let address = SocketAddr::new(port.address, port.host);
        let listener = TcpListener::bind(address).await.map_err(|error| match error.kind() {
            io::ErrorKind::AddrInUse => format!("{PORT}{}", port.host),
            _ => format!("{address}: {error}"),
        })?;
        tokio::spawn(forward(listener, SocketAddr::new(note.address.into(), port.container)));
    }
    let attendant = Attendant { folder, note, _lock: lock };
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
async fn forward(listener: TcpListener, to: SocketAddr) {
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
            let code = match self.start() {
                Ok(mut child) => tokio::select! {
                    code = ended(&mut child) => code,
                    _ = told.recv() => return self.stop(&mut child).await,
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

    /// Starts the container. The programs that hand out ranges of users are not in its path: the range is galerne's own.
    fn start(&self) -> io::Result<Child> {
        let log = self.log()?;
        let mut command = program::command("/usr/bin/lxc-start");
        command.env("PATH", "/nonexistent");
        self.name(&mut command);
        command.arg("--foreground");
        if !self.note.spec.command.is_empty() {
            command.arg("--").args(&self.note.spec.command);
        }
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).spawn()
    }

    /// Names the container to one of LXC's programs.
    fn name(&self, command: &mut tokio::process::Command) {
        command.arg("-P").arg(self.folder.parent().unwrap_or(self.folder));
        command.arg("-n").arg(self.folder.file_name().unwrap_or_default());
    }

    fn log(&self) -> io::Result<File> {
        let path = self.folder.join("log");
        if std::fs::metadata(&path).is_ok_and(|found| found.len() > LOG) {
            std::fs::rename(&path, self.folder.join("log.1"))?;
        }
        OpenOptions::new().append(true).create(true).mode(0o600).open(path)
    }

    /// Asks the container to end, and ends it after a while.
    async fn stop(&self, child: &mut Child) {
        let seconds = GRACE.as_secs().to_string();
        let mut command = program::command("lxc-stop");
        self.name(&mut command);
        command.args(["-t", &seconds]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let _ = timeout(GRACE * 2, command.kill_on_drop(true).status()).await;
        if timeout(Duration::from_secs(2), child.wait()).await.is_err() {
            // LXC has the container end with the one who watches it.
            let _ = child.kill().await;
        }
    }
}

async fn ended(child: &mut Child) -> i32 {
    child.wait().await.ok().and_then(|status| status.code()).unwrap_or(-1)
}

/// Has the attendant of the container in `folder` stop, if there is one, and waits until it has.
pub(super) async fn dismiss(folder: &Path) {
    let deadline = Instant::now() + GRACE * 2;
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
