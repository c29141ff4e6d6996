//! The effects on nginx: check, reload, start. With a service manager it is asked; without one nginx itself is.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::time::Duration;

use async_trait::async_trait;
use miette::Diagnostic;
use regex::Regex;
use serde::Serialize;
use thiserror::Error;
use tokio::io::AsyncReadExt as _;
use tokio::process::Command;
use tokio::time::{Instant, sleep, timeout};

use crate::phrase;
use crate::plan::ProxyState;
use crate::program;
use crate::source::{Disk, World};
use crate::words::Phrase;

/// How long new workers may take to appear after a reload.
const RELOAD: Duration = Duration::from_secs(5);

/// How long what a program wrote is waited for after it ended.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// What the web server refuses.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic, Serialize)]
pub enum ProxyError {
    /// It is not installed.
    #[error("nginx is not installed, and files for it are wanted")]
    #[diagnostic(code(proxy::absent), help("install nginx: `apt-get install nginx-light`"))]
    Absent,

    /// It does not accept the files.
    #[error("nginx refuses its configuration:\n{words}")]
    #[diagnostic(
        code(proxy::refused),
        help("correct what nginx names; the configuration before this run is back in place")
    )]
    Refused {
        /// What nginx says.
        words: Phrase,
    },

    /// It accepted the files and does not read them.
    #[error("nginx cannot be reloaded: {words}")]
    #[diagnostic(code(proxy::not_reloaded), help("read nginx's error log, /var/log/nginx/error.log"))]
    NotReloaded {
        /// What it, or its service manager, says.
        words: Phrase,
    },

    /// It does not start.
    #[error("nginx cannot be started: {words}")]
    #[diagnostic(
        code(proxy::not_started),
        help("free the port that nginx names, or read its error log, /var/log/nginx/error.log")
    )]
    NotStarted {
        /// What it, or its service manager, says.
        words: Phrase,
    },

    /// Traefik is not installed.
    #[error("Traefik is not installed, and `proxy` is traefik")]
    #[diagnostic(
        code(proxy::traefik_absent),
        help("put the program `traefik`, 3.7 or newer, into /usr/local/bin, or set proxy=nginx")
    )]
    TraefikAbsent,

    /// A Traefik on trial does not accept the files.
    #[error("Traefik refuses its configuration:\n{words}")]
    #[diagnostic(
        code(proxy::traefik_refused),
        help("correct what Traefik names; the configuration before this run is back in place")
    )]
    TraefikRefused {
        /// What it says.
        words: Phrase,
    },

    /// It accepted the files and does not read them.
    #[error("Traefik cannot be made to read its configuration again: {words}")]
    #[diagnostic(
        code(proxy::traefik_not_reloaded),
        help(
            "read what Traefik says: `journalctl -u galerne-traefik`, or /var/log/galerne/traefik.log; it must be 3.7 or newer"
        )
    )]
    TraefikNotReloaded {
        /// What it, or its service manager, says.
        words: Phrase,
    },

    /// It does not start.
    #[error("Traefik cannot be started: {words}")]
    #[diagnostic(
        code(proxy::traefik_not_started),
        help(
            "free the port that Traefik names, or read what it says: `journalctl -u galerne-traefik`, or /var/log/galerne/traefik.log"
        )
    )]
    TraefikNotStarted {
        /// What it, or its service manager, says.
        words: Phrase,
    },

    /// It does not stop.
    #[error("Traefik cannot be stopped: {words}")]
    #[diagnostic(code(proxy::traefik_not_stopped), help("stop it, then run `galerne reconfigure` again"))]
    TraefikNotStopped {
        /// What it, or its service manager, says.
        words: Phrase,
    },
}

/// The web server.
#[async_trait]
pub trait Proxy: Send + Sync {
    /// Whether it is there, and runs.
    async fn state(&self) -> ProxyState;

    /// Has it check its files.
    ///
    /// # Errors
    /// It refuses them, in its own words.
    async fn check(&self) -> Result<(), ProxyError>;

    /// Has it read its files again; returns when it has.
    ///
    /// # Errors
    /// It does not.
    async fn reload(&self) -> Result<(), ProxyError>;

    /// Starts it.
    ///
    /// # Errors
    /// It does not start.
    async fn start(&self) -> Result<(), ProxyError>;
}

/// nginx of this machine; under another root than `/`, one that has its configuration there.
#[derive(Debug, Clone)]
pub struct Nginx {
    root: PathBuf,
}

impl Nginx {
    /// The nginx whose files are under `root`.
    pub fn new(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    fn is_of_the_machine(&self) -> bool {
        self.root == Path::new("/")
    }

    fn configuration(&self) -> PathBuf {
        self.root.join("etc/nginx/nginx.conf")
    }

    async fn nginx(&self, arguments: &[&str]) -> io::Result<Output> {
        let mut all: Vec<OsString> = arguments.iter().map(OsString::from).collect();
        if !self.is_of_the_machine() {
            all.extend(["-c".into(), self.configuration().into_os_string()]);
        }
        match run("nginx", &all).await {
            // Jobs of cron have a search path without the folder of nginx.
            Err(error) if error.kind() == io::ErrorKind::NotFound && self.is_of_the_machine() => {
                run("/usr/sbin/nginx", &all).await
            }
            result => result,
        }
    }

    /// The process that the pid file names, if it lives and is nginx.
    fn master(&self) -> Option<u32> {
        let text = |path: &Path| String::from_utf8(Disk.read(path).ok()?).ok();
        let configuration = text(&self.configuration()).unwrap_or_default();
        let pid_file = Regex::new(r"(?m)^\s*pid\s+([^\s;]+)\s*;")
            .ok()
            .and_then(|pid| Some(PathBuf::from(pid.captures(&configuration)?.get(1)?.as_str())))
            .unwrap_or_else(|| self.root.join("run/nginx.pid"));
        let pid: u32 = text(&pid_file)?.trim().parse().ok()?;
        let command = text(Path::new(&format!("/proc/{pid}/comm")))?;
        (command.trim() == "nginx").then_some(pid)
    }

    /// Whether the service manager is the one to ask.
    fn has_systemd(&self) -> bool {
        self.is_of_the_machine() && Path::new("/run/systemd/system").is_dir()
    }

    async fn is_a_running_service(&self) -> bool {
        self.has_systemd()
            && run("systemctl", &words(&["is-active", "--quiet", "nginx.service"]))
                .await
                .is_ok_and(|output| output.status.success())
    }

    async fn told(&self, by_systemd: bool, verb: &str, arguments: &[&str]) -> Result<(), Phrase> {
        let output = if by_systemd {
            run("systemctl", &words(&[verb, "nginx.service"])).await
        } else {
            self.nginx(arguments).await
        };
        match output {
            Ok(output) if output.status.success() => Ok(()),
            Ok(output) => Err(said(&output)),
            Err(error) => Err(error.to_string().into()),
        }
    }
}

#[async_trait]
impl Proxy for Nginx {
    async fn state(&self) -> ProxyState {
        if !self.configuration().is_file() || self.nginx(&["-v"]).await.is_err() {
            ProxyState::Absent
        } else if self.master().is_some() {
            ProxyState::Running
        } else {
            ProxyState::Stopped
        }
    }

    async fn check(&self) -> Result<(), ProxyError> {
        match self.nginx(&["-t", "-q"]).await {
            Ok(output) if output.status.success() => Ok(()),
            Ok(output) => Err(ProxyError::Refused { words: said(&output) }),
            Err(_) => Err(ProxyError::Absent),
        }
    }

    async fn reload(&self) -> Result<(), ProxyError> {
        let before = self.master().and_then(workers);
        let by_systemd = self.is_a_running_service().await;
        self.told(by_systemd, "reload", &["-s", "reload"])
            .await
            .map_err(|words| ProxyError::NotReloaded { words })?;
        let Some(before) = before else {
            return Ok(());
        };
        let deadline = Instant::now() + RELOAD;
        while Instant::now() < deadline {
            let now = self.master().and_then(workers).unwrap_or_default();
            let has_new = now.iter().any(|worker| !before.contains(worker));
            // An old one goes on taking requests, by the old files, until it is told to end.
            if has_new && before.iter().all(|worker| is_leaving(*worker)) {
                return Ok(());
            }
            sleep(Duration::from_millis(10)).await;
        }
        Err(ProxyError::NotReloaded { words: kept() })
    }

    async fn start(&self) -> Result<(), ProxyError> {
        self.told(self.has_systemd(), "start", &[]).await.map_err(|words| ProxyError::NotStarted { words })
    }
}

pub(super) fn words(arguments: &[&str]) -> Vec<OsString> {
    arguments.iter().map(OsString::from).collect()
}

/// Runs a program to its end. A daemon that it leaves behind may keep its standard error: that is not waited for.
pub(super) async fn run(program: &str, arguments: &[OsString]) -> io::Result<Output> {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()?;
    let mut stderr = Vec::new();
    let mut pipe = child.stderr.take();
    let read = async {
        if let Some(pipe) = &mut pipe {
            // What cannot be read is not shown; the exit status tells what matters.
            let _ = pipe.read_to_end(&mut stderr).await;
        }
    };
    let mut read = std::pin::pin!(read);
    let status = tokio::select! {
        () = &mut read => child.wait().await?,
        status = child.wait() => {
            let _ = timeout(LAST_WORDS, &mut read).await;
            status?
        }
    };
    Ok(Output { status, stdout: Vec::new(), stderr })
}

/// The processes that nginx's master has; none where the kernel does not tell.
fn workers(master: u32) -> Option<Vec<u32>> {
    let path = format!("/proc/{master}/task/{master}/children");
    let text = String::from_utf8(Disk.read(Path::new(&path)).ok()?).ok()?;
    Some(text.split_whitespace().filter_map(|pid| pid.parse().ok()).collect())
}

/// Whether a worker takes no more requests: it is gone, or says so in its title.
fn is_leaving(worker: u32) -> bool {
    let title = Disk.read(Path::new(&format!("/proc/{worker}/cmdline"))).unwrap_or_default();
    let title = String::from_utf8_lossy(&title);
    !title.contains("process") || title.contains("shutting down")
}

/// Of one that read nothing anew.
pub(super) fn kept() -> Phrase {
    phrase!("proxy-kept", "it keeps the configuration that it had")
}

/// What a program wrote, without what would steer a terminal.
pub(super) fn said(output: &Output) -> Phrase {
    let text: String = String::from_utf8_lossy(&output.stderr)
        .chars()
        .filter(|letter| *letter == '\n' || !letter.is_control())
        .collect();
    if text.trim().is_empty() {
        return program::ended_with(output.status);
    }
    text.trim().to_owned().into()
}
