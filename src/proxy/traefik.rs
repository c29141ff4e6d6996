//! The effects on Traefik: a trial, start, reload, stop. With systemd its unit is asked; without it, Traefik is a process of our own.
//!
//! Traefik has no call that checks files. So a second one is started with them, which listens nowhere but on free ports of this machine
//! alone, reads all, and ends: what it complains of is the verdict. That the one who serves has read its files is seen at places that
//! only these files make (`traefik::seen`).

use std::fs::OpenOptions;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use nix::sys::signal::{Signal, kill, killpg};
use nix::unistd::Pid;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::process::{ChildStderr, ChildStdout};
use tokio::time::{Instant, sleep, timeout};

use super::ProxyError;
use super::service::{kept, run, said, words};
use crate::phrase;
use crate::plan::ProxyState;
use crate::program;
use crate::source::{Disk, World as _};
use crate::traefik::{DYNAMIC, STATIC, seen};
use crate::words::Phrase;

/// The unit that the package brings.
const UNIT: &str = "galerne-traefik.service";
/// Which process it is, without systemd.
const PID: &str = "run/galerne-traefik.pid";
/// What it says, without systemd.
const LOG: &str = "var/log/galerne/traefik.log";
/// How long it may take to read its files, or to end.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long a trial may take to read them; one that goes on although we were killed ends somewhat later.
const TRIAL: Duration = Duration::from_mins(1);
/// Between two looks.
const PAUSE: Duration = Duration::from_millis(30);
/// For how long a trial is listened to after it has read its files.
const AFTERTHOUGHT: Duration = Duration::from_millis(150);

/// Traefik of this machine; under another root than `/`, one that has its configuration there.
#[derive(Debug, Clone)]
pub struct Traefik {
    root: PathBuf,
}

impl Traefik {
    /// The Traefik whose files are under `root`.
    pub fn new(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    /// Whether it is there, and runs.
    pub async fn state(&self) -> ProxyState {
        if self.is_running().await {
            ProxyState::Running
        } else if program::find("traefik", program::SEARCH_PATH).is_none() {
            ProxyState::Absent
        } else {
            ProxyState::Stopped
        }
    }

    /// Whether it has files that can be tried.
    pub fn has_files(&self) -> bool {
        self.inside(STATIC).is_file()
    }

    /// Tries the files that are in place.
    ///
    /// # Errors
    /// It refuses them, in its own words.
    pub async fn check(&self) -> Result<(), ProxyError> {
        self.try_with(&program(), TRIAL).await
    }

    /// Tries the files with this program, which has to say within some time that it has read them.
    async fn try_with(&self, program: &Path, patience: Duration) -> Result<(), ProxyError> {
        let refused = |words: Phrase| ProxyError::TraefikRefused { words };
        let path = self.inside(STATIC);
        let text = self.text(STATIC).ok_or_else(|| refused(unread(&path)))?;
        let fixed: Value =
            serde_saphyr::from_str(&text).map_err(|error| refused(error.to_string().into()))?;
        let control = free_port().map_err(|error| refused(error.to_string().into()))?;
        // Were we killed, it would go on: it ends by itself.
        let mut command = program::command("timeout");
        command.args(["--signal=KILL", "90"]).arg(program).args(on_trial(fixed, control)).process_group(0);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|_| ProxyError::TraefikAbsent)?;
        let group = child.id().and_then(|pid| i32::try_from(pid).ok()).map(Pid::from_raw);
        let end = || group.map(|group| killpg(group, Signal::SIGKILL));
        let lines = complaints(child.stdout.take(), child.stderr.take());
        let tried = async {
            let has_read = timeout(patience, self.await_seen(control)).await.is_ok();
            sleep(AFTERTHOUGHT).await;
            if has_read { Trial::Read } else { Trial::Late }
        };
        let mut lines = std::pin::pin!(lines);
        let (complaints, trial) = tokio::select! {
            said = &mut lines => (said, Trial::Ended),
            trial = tried => {
                end();
                (lines.await, trial)
            }
        };
        // How it ended is its own to say, and it may have written its last before.
        let own =
            if matches!(trial, Trial::Ended) { timeout(PATIENCE, child.wait()).await.ok() } else { None };
        end();
        let status = match own {
            Some(status) => status,
            None => child.wait().await,
        };
        match trial {
            _ if !complaints.is_empty() => Err(refused(complaints.join("\n").into())),
            Trial::Read => Ok(()),
            Trial::Late => Err(refused(program::late_named("traefik", patience))),
            Trial::Ended => Err(refused(match status {
                Ok(status) => program::ended_named("traefik", status),
                Err(error) => error.to_string().into(),
            })),
        }
    }

    /// Has it read its files again; returns when it has.
    ///
    /// # Errors
    /// It does not.
    pub async fn reload(&self) -> Result<(), ProxyError> {
        let failed = |words: Phrase| ProxyError::TraefikNotReloaded { words };
        if self.has_systemd() {
            self.systemctl("reload").await.map_err(failed)?;
        } else {
            let pid = self.pid().ok_or_else(|| failed(phrase!("ill-off", "it does not run")))?;
            kill(pid, Signal::SIGHUP).map_err(|error| failed(error.to_string().into()))?;
        }
        if self.has_read().await { Ok(()) } else { Err(failed(kept())) }
    }

    /// Starts it; returns when it serves.
    ///
    /// # Errors
    /// It does not: then it is stopped.
    pub async fn start(&self) -> Result<(), ProxyError> {
        let failed = |words: Phrase| ProxyError::TraefikNotStarted { words };
        if self.has_systemd() {
            self.systemctl("start").await.map_err(failed)?;
        } else {
            self.spawn().map_err(|error| failed(error.to_string().into()))?;
        }
        if self.has_read().await {
            return Ok(());
        }
        let log = self.last_words();
        self.stop().await?;
        Err(failed(log))
    }

    /// Stops it, if it runs; returns when its ports are free.
    ///
    /// # Errors
    /// It goes on.
    pub async fn stop(&self) -> Result<(), ProxyError> {
        let failed = |words: Phrase| ProxyError::TraefikNotStopped { words };
        if self.has_systemd() {
            return self.systemctl("stop").await.map_err(failed);
        }
        let Some(pid) = self.pid() else { return Ok(()) };
        let deadline = Instant::now() + PATIENCE;
        let mut signal = Signal::SIGTERM;
        loop {
            // One that is gone meanwhile needs no signal.
            let _ = kill(pid, signal);
            let soon = Instant::now() + PATIENCE / 3;
            while Instant::now() < soon {
                if self.pid().is_none() {
                    return Ok(());
                }
                sleep(PAUSE).await;
            }
            if Instant::now() >= deadline {
                return Err(failed(phrase!(
                    "traefik-goes-on",
                    "its process {pid} goes on",
                    pid = pid.as_raw()
                )));
            }
            signal = Signal::SIGKILL;
        }
    }

    /// Stops it and starts it again.
    ///
    /// # Errors
    /// It goes on as it was, or does not start.
    pub async fn restart(&self) -> Result<(), ProxyError> {
        self.stop().await?;
        self.start().await
    }

    fn inside(&self, path: &str) -> PathBuf {
        self.root.join(path.trim_start_matches('/'))
    }

    fn text(&self, path: &str) -> Option<String> {
        String::from_utf8(Disk.read(&self.inside(path)).ok()?).ok()
    }

    fn has_systemd(&self) -> bool {
        self.root == Path::new("/") && Path::new("/run/systemd/system").is_dir()
    }

    async fn is_running(&self) -> bool {
        if self.has_systemd() {
            return run("systemctl", &words(&["is-active", "--quiet", UNIT]))
                .await
                .is_ok_and(|output| output.status.success());
        }
        self.pid().is_some()
    }

    async fn systemctl(&self, verb: &str) -> Result<(), Phrase> {
        match run("systemctl", &words(&[verb, UNIT])).await {
            Ok(output) if output.status.success() => Ok(()),
            Ok(output) => Err(said(&output)),
            Err(error) => Err(error.to_string().into()),
        }
    }

    /// The process that the pid file names, if it lives and is Traefik.
    fn pid(&self) -> Option<Pid> {
        let pid: i32 = self.text(PID)?.trim().parse().ok()?;
        let status = String::from_utf8(Disk.read(Path::new(&format!("/proc/{pid}/status"))).ok()?).ok()?;
        let is_it = status.lines().any(|line| line == "Name:\ttraefik");
        let has_ended = status.lines().any(|line| line.starts_with("State:\tZ"));
        (is_it && !has_ended).then(|| Pid::from_raw(pid))
    }

    /// Starts a process that outlives ours, and writes down which.
    fn spawn(&self) -> io::Result<()> {
        let (log, note) = (self.inside(LOG), self.inside(PID));
        for path in [&log, &note] {
            std::fs::create_dir_all(path.parent().unwrap_or(&self.root))?;
        }
        let log = OpenOptions::new().create(true).append(true).open(log)?;
        // With nothing of our environment: it would take that for configuration.
        let mut command = program::command(&program().to_string_lossy());
        command.stdin(Stdio::null()).arg(format!("--configFile={}", self.inside(STATIC).display()));
        command.stdout(log.try_clone()?).stderr(log).process_group(0);
        let child = command.spawn()?;
        let mut file = OpenOptions::new().create(true).truncate(true).write(true).open(note)?;
        io::Write::write_all(&mut file, format!("{}\n", child.id().unwrap_or_default()).as_bytes())
    }

    /// The port at which the Traefik that serves says what it has read.
    fn control(&self) -> Option<u16> {
        let fixed: Value = serde_saphyr::from_str(&self.text(STATIC)?).ok()?;
        let address: SocketAddr = fixed["entryPoints"]["galerne"]["address"].as_str()?.parse().ok()?;
        Some(address.port())
    }

    /// Whether all files that are in place are read within some time.
    async fn has_read(&self) -> bool {
        let Some(control) = self.control() else { return false };
        timeout(PATIENCE, self.await_seen(control)).await.is_ok()
    }

    async fn await_seen(&self, control: u16) {
        let mut places: Vec<String> = Vec::new();
        for path in Disk.list(&self.inside(DYNAMIC)).unwrap_or_default() {
            if path.extension().is_some_and(|ending| ending == "yml") {
                let text = Disk.read(&path).unwrap_or_default();
                places.extend(seen(&String::from_utf8_lossy(&text)));
            }
        }
        while let Some(place) = places.last() {
            if answers(control, place).await {
                places.pop();
            } else {
                sleep(PAUSE).await;
            }
        }
    }

    /// The last lines that it wrote.
    fn last_words(&self) -> Phrase {
        let log = self.text(LOG).unwrap_or_default();
        let lines: Vec<&str> =
            log.lines().filter(|line| line.contains("ERR") || line.contains("FTL")).collect();
        let last = lines.iter().rev().take(3).rev().copied().collect::<Vec<_>>().join("\n");
        if last.is_empty() {
            phrase!(
                "traefik-silent",
                "it does not answer; journalctl -u {unit}, or /{log}",
                unit = UNIT,
                log = LOG
            )
        } else {
            printable(&last).into()
        }
    }
}

/// What became of a trial.
enum Trial {
    /// It has read its files.
    Read,
    /// It has not in its time.
    Late,
    /// It has ended: it could not even begin.
    Ended,
}

fn unread(path: &Path) -> Phrase {
    phrase!("traefik-unread", "{path} cannot be read", path = path.display().to_string())
}

/// Where the program is.
fn program() -> PathBuf {
    program::find("traefik", program::SEARCH_PATH).unwrap_or_else(|| "traefik".into())
}

/// What a trial is called with: the configuration as arguments, on ports that nobody is sent to.
fn on_trial(mut fixed: Value, control: u16) -> Vec<String> {
    if let Some(points) = fixed["entryPoints"].as_object_mut() {
        for (name, point) in points {
            let port = if name == "galerne" { control } else { 0 };
            point["address"] = json!(format!("127.0.0.1:{port}"));
        }
    }
    fixed["log"] = json!({"level": "ERROR", "format": "json"});
    let mut arguments = Vec::new();
    flatten("--", &fixed, &mut arguments);
    arguments
}

fn flatten(name: &str, value: &Value, arguments: &mut Vec<String>) {
    let joint = if name == "--" { "" } else { "." };
    match value {
        Value::Object(members) if members.is_empty() => arguments.push(format!("{name}=true")),
        Value::Object(members) => {
            for (member, value) in members {
                flatten(&format!("{name}{joint}{member}"), value, arguments);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                flatten(&format!("{name}[{index}]"), value, arguments);
            }
        }
        Value::String(text) => arguments.push(format!("{name}={text}")),
        other => arguments.push(format!("{name}={other}")),
    }
}

/// What a trial complains of, once it has ended.
async fn complaints(mut out: Option<ChildStdout>, mut err: Option<ChildStderr>) -> Vec<String> {
    let (mut said, mut cried) = (Vec::new(), Vec::new());
    let read = async {
        if let Some(out) = &mut out {
            // What cannot be read is not shown.
            let _ = out.read_to_end(&mut said).await;
        }
    };
    let cry = async {
        if let Some(err) = &mut err {
            let _ = err.read_to_end(&mut cried).await;
        }
    };
    tokio::join!(read, cry);
    let text = String::from_utf8_lossy(&said).into_owned() + &String::from_utf8_lossy(&cried);
    let mut complaints: Vec<String> = text.lines().filter_map(complaint).collect();
    complaints.dedup();
    complaints
}

/// What a line of its log complains of; lines that are no JSON are said before it has a log.
fn complaint(line: &str) -> Option<String> {
    let line = line.trim();
    let Ok(value) = serde_json::from_str::<Value>(line) else {
        return (!line.is_empty()).then(|| printable(line));
    };
    if !matches!(value["level"].as_str(), Some("error" | "fatal" | "panic")) {
        return None;
    }
    let parts = ["routerName", "middlewareName", "serviceName", "message", "error"];
    let parts: Vec<&str> = parts.iter().filter_map(|name| value[*name].as_str()).collect();
    Some(printable(&parts.join(": ")))
}

fn printable(text: &str) -> String {
    text.chars().filter(|letter| *letter == '\n' || !letter.is_control()).collect()
}

fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

/// Whether `place` is there at this port.
async fn answers(port: u16, place: &str) -> bool {
    let asked = async {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await?;
        stream.write_all(format!("GET {place} HTTP/1.0\r\nHost: localhost\r\n\r\n").as_bytes()).await?;
        let mut head = [0; 12];
        stream.read_exact(&mut head).await?;
        Ok::<_, io::Error>(head.ends_with(b" 200"))
    };
    matches!(timeout(Duration::from_secs(1), asked).await, Ok(Ok(true)))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_trial_has_the_same_configuration_on_ports_of_its_own() {
        let fixed = json!({
            "entryPoints": {"web": {"address": ":80"}, "websecure": {"address": ":443", "http": {"tls": {}}},
                            "galerne": {"address": "127.0.0.1:8099"}},
            "providers": {"file": {"directory": "/etc/traefik/galerne.d", "watch": false}},
        });
        assert_eq!(
            on_trial(fixed, 1234),
            [
                "--entryPoints.web.address=127.0.0.1:0",
                "--entryPoints.websecure.address=127.0.0.1:0",
                "--entryPoints.websecure.http.tls=true",
                "--entryPoints.galerne.address=127.0.0.1:1234",
                "--providers.file.directory=/etc/traefik/galerne.d",
                "--providers.file.watch=false",
                "--log.level=ERROR",
                "--log.format=json",
            ]
        );
    }

    #[tokio::test]
    #[expect(clippy::disallowed_methods, reason = "a test writes what is read")]
    async fn a_trial_that_says_nothing_is_none_that_was_passed() {
        let root = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = root.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, text).unwrap();
            path
        };
        write("etc/traefik/galerne.yml", "entryPoints: {galerne: {address: 127.0.0.1:1}}\n");
        write("etc/traefik/galerne.d/_galerne.yml", "# /.galerne/_galerne/0123456789abcdef\n");
        let traefik = Traefik::new(root.path());
        let said = async |text: &str, patience: u64| {
            let program = write("traefik", text);
            std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
            traefik.try_with(&program, Duration::from_secs(patience)).await.unwrap_err().to_string()
        };
        let hangs = said("#!/bin/sh\nexec sleep 50\n", 1).await;
        assert!(hangs.ends_with("`traefik` took longer than 1 s"), "{hangs}");
        let ends = said("#!/bin/sh\nexit 0\n", 50).await;
        assert!(ends.ends_with("`traefik` ended with exit status: 0"), "{ends}");
        let killed = said("#!/bin/sh\nkill -9 $$\n", 50).await;
        assert!(killed.contains("`traefik` ended with"), "{killed}");
        let complains = said("#!/bin/sh\necho no such field\n", 50).await;
        assert!(complains.ends_with("no such field"), "{complains}");
    }

    #[test]
    fn complaints_are_errors_and_what_is_said_before_there_is_a_log() {
        let line = r#"{"level":"error","routerName":"wiki@file","error":"middleware \"a\" does not exist"}"#;
        assert_eq!(complaint(line).unwrap(), "wiki@file: middleware \"a\" does not exist");
        assert_eq!(complaint(r#"{"level":"warn","message":"careful"}"#), None);
        assert_eq!(
            complaint("command traefik error: no such field\n").unwrap(),
            "command traefik error: no such field"
        );
        assert_eq!(complaint(""), None);
    }
}
