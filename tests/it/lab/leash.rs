//! Processes that end with the test, however it ends.
//!
//! In: a script of this folder that runs until its standard input ends, and a scratch folder that it removes last.
//! Out: a [`Leash`]; dropping it ends the script and waits. The other end of the pipe is ours alone, so the kernel
//! closes it when the test binary dies, SIGKILL included. (Not PDEATHSIG: that one fires when the *thread* that
//! started the process ends, and each test has its own.)

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use super::PATH;

/// A running script of this folder and its scratch folder.
#[derive(Debug)]
pub(super) struct Leash {
    script: Child,
    folder: PathBuf,
}

impl Leash {
    /// Starts `command`, which runs a script on the scratch folder `folder`.
    pub(super) fn start(command: &mut Command, folder: PathBuf) -> Self {
        let said = File::create(folder.join("said")).expect("the scratch folder can be written");
        let script = command
            .env("PATH", PATH)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(said)
            // An interrupt from the keyboard ends the tests; the script then ends by itself, in order.
            .process_group(0)
            .spawn()
            .unwrap_or_else(|problem| panic!("{command:?}: {problem}"));
        Self { script, folder }
    }

    /// Waits until the script says `ready`.
    ///
    /// # Panics
    /// When it says anything else.
    pub(super) fn await_ready(mut self) -> Self {
        let stdout = self.script.stdout.take().expect("the script's output is a pipe");
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line).expect("the script's output can be read");
        let said = std::fs::read_to_string(self.folder.join("said")).unwrap_or_default();
        assert!(line == "ready\n", "{:?} said: {line}{said}", self.folder);
        self
    }

    /// The process that holds the namespaces of what the script runs.
    pub(super) fn pid(&self) -> u32 {
        self.script.id()
    }

    /// The script's scratch folder.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }
}

impl Drop for Leash {
    fn drop(&mut self) {
        drop(self.script.stdin.take());
        let _ = self.script.wait();
    }
}

/// The script of this folder that is called `name`, to be run by `sh`.
pub(super) fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/lab").join(name)
}

/// A new scratch folder, short enough for the path of a socket in it.
pub(super) fn scratch() -> PathBuf {
    tempfile::Builder::new().prefix("galerne-lab-").tempdir().expect("a scratch folder can be made").keep()
}
