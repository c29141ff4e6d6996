//! A clean system of a distribution: what a package is installed on.
//!
//! In: a system that the script `base` made, once. Out: [`Root`], a layer over it in its own mount and process namespaces (see
//! the script `root`), with an engine of its own; it ends with the test. The network is the machine's.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use super::leash::{self, Leash};
use super::{Engine, Lab, PATH, ports};

/// A clean system.
#[derive(Debug)]
pub(crate) struct Root {
    engine: Engine,
    leash: Leash,
    http_port: u16,
}

impl Root {
    /// Sets up a system of `suite`, or says why there is none.
    ///
    /// # Panics
    /// When there is none and `GALERNE_LAB` is `required`.
    pub(crate) fn start(lab: Lab, suite: &str) -> Option<Self> {
        let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/roots").join(suite);
        if !base.with_extension("made").exists() {
            let why = format!("no {suite}: tests/it/lab/base {} {suite}", base.display());
            assert!(std::env::var("GALERNE_LAB").as_deref() != Ok("required"), "{why}");
            let _ = writeln!(io::stderr(), "skipped: {why}");
            return None;
        }
        let engine = Engine::start(lab);
        let folder = leash::scratch();
        let mut command = Command::new("unshare");
        command
            .args(["--mount", "--propagation", "private", "--pid", "--fork", "--kill-child", "--", "sh"])
            .arg(leash::script("root"))
            .args([&folder, &base, &engine.socket()]);
        let leash = Leash::start(&mut command, folder).await_ready();
        Some(Self { engine, leash, http_port: ports::take() })
    }

    /// The engine that it takes for its own.
    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }

    /// The port for `conteneur_port_http`.
    pub(crate) fn http_port(&self) -> u16 {
        self.http_port
    }

    /// A folder that the system and its engine both see, to be mounted into a container. It is not made.
    pub(crate) fn folder(&self, name: &str) -> PathBuf {
        self.leash.folder().join("shared").join(name)
    }

    /// Where the file `path` of the system is for this test. Links that begin with `/` are not to be followed.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        let (pid, folder) = (self.leash.pid(), self.leash.folder().display());
        PathBuf::from(format!("/proc/{pid}/root{folder}/root{path}"))
    }

    /// A command that runs `program` on the system.
    pub(crate) fn command(&self, program: &str) -> Command {
        let pid = self.leash.pid();
        let mut command = Command::new("/usr/bin/nsenter");
        command
            .arg(format!("--mount=/proc/{pid}/ns/mnt"))
            .arg(format!("--pid=/proc/{pid}/ns/pid_for_children"))
            .args(["--", "chroot"])
            .arg(self.leash.folder().join("root"))
            .arg(program)
            .env_clear()
            .env("PATH", PATH)
            .env("HOME", "/root")
            .env("LANG", "C.UTF-8")
            .env("DEBIAN_FRONTEND", "noninteractive")
            .stdin(Stdio::null());
        command
    }

    /// What a program with its arguments does on the system.
    pub(crate) fn output(&self, words: &[&str]) -> Output {
        self.command(words[0]).args(&words[1..]).output().expect("nsenter starts")
    }

    /// What a program says, on both of its outputs, which must succeed.
    ///
    /// # Panics
    /// When it fails, with what it said.
    pub(crate) fn done(&self, words: &[&str]) -> String {
        let output = self.output(words);
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said).into_owned();
        assert!(output.status.success(), "{words:?}: {}\n{said}", output.status);
        said
    }

    /// Starts a program that goes on in the background by itself.
    pub(crate) fn start_service(&self, program: &str) {
        let mut command = self.command(program);
        let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status().expect("nsenter starts");
        assert!(status.success(), "{program}: {status}");
    }

    /// Puts a copy of the machine's file `from` at `to`.
    pub(crate) fn bring(&self, from: &Path, to: &str) {
        fs::copy(from, self.path(to)).expect("it can be copied");
    }

    /// Writes a file with its folders.
    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("it is in a folder")).expect("the folder can be made");
        fs::write(path, text).expect("it can be written");
    }
}
