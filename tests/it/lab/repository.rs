//! A git repository with the demo application in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Demo, run};

/// A git repository in a folder.
#[derive(Debug)]
pub(crate) struct Repository {
    folder: PathBuf,
}

impl Repository {
    /// Makes an empty one with the branch `main`.
    pub(crate) fn make(folder: PathBuf) -> Self {
        fs::create_dir_all(&folder).expect("the folder can be made");
        let repository = Self { folder };
        repository.git(&["init", "--quiet", "--initial-branch=main"]);
        repository
    }

    /// Its address.
    pub(crate) fn address(&self) -> String {
        format!("file://{}", self.folder.display())
    }

    /// Its folder.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Writes the demo application into its folder `below`, as version `version` that behaves so, and gives the commit.
    pub(crate) fn put(&self, below: &str, version: &str, behaviour: Demo) -> String {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/demo");
        let folder = self.folder.join(below);
        fs::create_dir_all(&folder).expect("the folder can be made");
        let programs = folder.join("bin");
        fs::create_dir_all(&programs).expect("the folder can be made");
        run(Command::new("cp").arg("/bin/busybox").arg(&programs));
        run(Command::new("ln").args(["-sf", "busybox"]).arg(programs.join("sleep")));
        for name in ["start", "www"] {
            run(Command::new("cp").arg("-R").arg(source.join(name)).arg(&folder));
        }
        for name in ["start", "www/cgi-bin/request"] {
            run(Command::new("chmod").arg("755").arg(folder.join(name)));
        }
        let dockerfile = fs::read_to_string(source.join("Dockerfile")).expect("the demo is there");
        let dockerfile = dockerfile
            .replace("VERSION=unknown", &format!("VERSION={version}"))
            .replace("BEHAVIOUR=serve", &format!("BEHAVIOUR={}", behaviour.behaviour()));
        self.write(&Path::new(below).join("Dockerfile").display().to_string(), &dockerfile)
    }

    /// Writes a file, and gives the commit.
    pub(crate) fn write(&self, path: &str, text: &str) -> String {
        fs::write(self.folder.join(path), text).expect("it can be written");
        self.commit()
    }

    /// Commits all that is there.
    pub(crate) fn commit(&self) -> String {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "--message", "a change"]);
        self.git(&["rev-parse", "HEAD"]).trim().to_owned()
    }

    /// What `git ARGUMENTS` prints.
    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        run(Command::new("git")
            .env_clear()
            .env("HOME", "/nonexistent")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .args([
                "-c",
                "user.name=lab",
                "-c",
                "user.email=lab@example.org",
                "-c",
                "protocol.file.allow=always",
            ])
            .args(arguments)
            .current_dir(&self.folder))
    }
}
