//! A git repository, kept on this server to be built from.
//!
//! In: what the configuration says of the repository. Out: the commit that a branch or a tag is, and its files in a folder.
//! The program `git` does it, called with its arguments one by one: no shell, no hook, no prompt, no protocol but those
//! that are allowed. The invariant: what a repository holds is only copied; nothing of it runs here.

use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::process::Command;
use tokio::time::timeout;

use super::{FOLDER, Keeping};
use crate::engine::{EngineError, FetchProgress, Layer};
use crate::phrase;
use crate::plan::sha256;
use crate::program::{SEARCH_PATH, late};
use crate::run_spec::{Git, Source};
use crate::words::{Phrase, as_said};

/// How long a repository may take to say what it has, and to send it.
const ANSWER: Duration = Duration::from_secs(30);
const TRANSFER: Duration = Duration::from_hours(1);

/// How many lines of what git says a person is shown.
const TAIL: usize = 20;

/// How much of what git writes is kept, in bytes.
const MOST: usize = 64 * 1024;

/// The commits of a repository that earlier runs built, by what was asked for.
const KNOWN: &str = "refs/galerne/known";

/// A repository and its folder.
#[derive(Debug)]
pub(in crate::engine) struct Repository<'a> {
    git: &'a Git,
    environment: &'a [(String, String)],
    folder: PathBuf,
}

/// A program that has ended.
struct Ended {
    success: bool,
    output: String,
    words: Vec<Phrase>,
}

impl<'a> Repository<'a> {
    /// The repository that `git` names; nothing is asked of it yet.
    pub(in crate::engine) fn new(git: &'a Git, keeping: &'a Keeping) -> Self {
        let key = sha256(git.repository.as_bytes());
        let name = format!("{}{}", keeping.prefix, key.get(..16).unwrap_or_default());
        let folder = keeping.root.join(FOLDER).join(name);
        Self { git, environment: &keeping.environment, folder }
    }

    /// The folder with its files, once [`Self::bring`] has succeeded.
    pub(in crate::engine) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The commit that `reference` is: a tag, else a branch; `latest` is the default branch where nothing has that name.
    ///
    /// # Errors
    /// The repository does not answer, or has nothing of that name.
    pub(in crate::engine) async fn commit(&self, reference: &str) -> Result<String, EngineError> {
        if is_commit(reference) {
            return Ok(reference.to_ascii_lowercase());
        }
        let tag = format!("refs/tags/{reference}");
        // A tag with a message is an object of its own: what it stands for is listed under this name.
        let peeled = format!("{tag}^{{}}");
        let branch = format!("refs/heads/{reference}");
        let names = ["HEAD", &tag, &peeled, &branch];
        let arguments = [&["ls-remote", "--quiet", "--", &self.git.repository], &names[..]].concat();
        let ended = self.run(&arguments, ANSWER, &|_| {}).await?;
        if !ended.success {
            return Err(self.unreachable(ended.words));
        }
        let found = |name: &str| {
            let lines = ended.output.lines().filter_map(|line| line.split_once('\t'));
            let mut lines = lines.filter(|(commit, found)| *found == name && is_commit(commit));
            lines.next().map(|(commit, _)| commit.to_owned())
        };
        let default = || found("HEAD").filter(|_| reference == "latest");
        let commit = found(&peeled).or_else(|| found(&tag)).or_else(|| found(&branch)).or_else(default);
        commit.ok_or_else(|| self.lacks(reference))
    }

    /// The commit that `reference` was when an image was last built of it; none if there was none.
    pub(in crate::engine) async fn known(&self, reference: &str) -> Option<String> {
        if !self.folder.is_dir() {
            return None;
        }
        let name = known(reference);
        let ended = self.local(&["rev-parse", "--verify", "--quiet", &name]).await.ok()?;
        Some(ended.output.trim().to_owned()).filter(|commit| ended.success && is_commit(commit))
    }

    /// Notes that an image of `commit` was built for `reference`.
    pub(in crate::engine) async fn note(&self, reference: &str, commit: &str) {
        // Without the note the repository is asked again, which is as well.
        let _ = self.local(&["update-ref", &known(reference), commit]).await;
    }

    /// Brings the files of `commit` into the folder, submodules included.
    ///
    /// # Errors
    /// The repository does not answer or does not have that commit, or its files cannot be written.
    pub(in crate::engine) async fn bring(
        &self,
        commit: &str,
        progress: &FetchProgress<'_>,
    ) -> Result<(), EngineError> {
        let existed = self.folder.is_dir();
        match self.try_to_bring(commit, progress).await {
            // What a killed run left half-done, locks among it, is thrown away.
            Err(EngineError::RepositoryBroken { .. }) if existed => {
                std::fs::remove_dir_all(&self.folder).map_err(|error| self.unwritable(&error))?;
                self.try_to_bring(commit, progress).await
            }
            brought => brought,
        }
    }

    async fn try_to_bring(&self, commit: &str, progress: &FetchProgress<'_>) -> Result<(), EngineError> {
        let mut folder = std::fs::DirBuilder::new();
        folder.recursive(true).mode(0o700).create(&self.folder).map_err(|error| self.unwritable(&error))?;
        // An empty template has no hooks in it.
        self.must(&["init", "--quiet", "--template="], progress).await?;
        if !self.has(commit).await? {
            self.fetch(&["+refs/heads/*:refs/galerne/heads/*", "+refs/tags/*:refs/galerne/tags/*"], progress)
                .await?;
        }
        // One that no branch and no tag leads to.
        if !self.has(commit).await? && self.fetch(&[commit], progress).await.is_err() {
            return Err(self.lacks(commit));
        }
        self.must(&["checkout", "--quiet", "--force", "--detach", commit], progress).await?;
        self.must(&["clean", "-ffdxq"], progress).await?;
        self.must(&["submodule", "--quiet", "sync", "--recursive"], progress).await?;
        let update = ["submodule", "--quiet", "update", "--init", "--recursive", "--force"];
        self.must(&update, progress).await
    }

    async fn has(&self, commit: &str) -> Result<bool, EngineError> {
        Ok(self.local(&["cat-file", "-e", &format!("{commit}^{{commit}}")]).await?.success)
    }

    async fn fetch(&self, what: &[&str], progress: &FetchProgress<'_>) -> Result<(), EngineError> {
        let options = ["fetch", "--progress", "--force", "--prune", "--no-tags", "--no-recurse-submodules"];
        let arguments = [&options[..], &["--", &self.git.repository], what].concat();
        let ended = self.run(&arguments, TRANSFER, progress).await?;
        if ended.success {
            return Ok(());
        }
        let locked = ended.words.iter().any(|line| line.english().contains(".lock'"));
        Err(if locked { self.broken(ended.words) } else { self.unreachable(ended.words) })
    }

    /// Does one thing in the folder, which must succeed.
    async fn must(&self, arguments: &[&str], progress: &FetchProgress<'_>) -> Result<(), EngineError> {
        let ended = self.run(arguments, TRANSFER, progress).await?;
        if ended.success { Ok(()) } else { Err(self.broken(ended.words)) }
    }

    async fn local(&self, arguments: &[&str]) -> Result<Ended, EngineError> {
        self.run(arguments, ANSWER, &|_| {}).await
    }

    async fn run(
        &self,
        arguments: &[&str],
        patience: Duration,
        progress: &FetchProgress<'_>,
    ) -> Result<Ended, EngineError> {
        let started = self.command(arguments).spawn();
        let mut child = started.map_err(|error| EngineError::GitAbsent { cause: error.to_string() })?;
        let (mut output, mut words) = (Vec::new(), Vec::new());
        let ended = async {
            let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
            tokio::join!(listen(stdout, &mut output, &|_| {}), listen(stderr, &mut words, progress));
            child.wait().await
        };
        let status = timeout(patience, ended).await;
        let success = matches!(status, Ok(Ok(status)) if status.success());
        let output = String::from_utf8_lossy(&output).into_owned();
        let mut words = as_said(lines(&words));
        if status.is_err() {
            words.push(late(patience));
        }
        Ok(Ended { success, output, words })
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        // A submodule may not lead to this server's own folders, unless the repository is one.
        let is_here = ["/", "file://"].iter().any(|here| self.git.repository.starts_with(here));
        let protocols = if is_here { "https:ssh:git:file" } else { "https:ssh:git" };
        command
            .env_clear()
            .env("PATH", SEARCH_PATH)
            .env("HOME", "/root")
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .env("LC_ALL", "C.UTF-8")
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("GIT_ALLOW_PROTOCOL", protocols)
            .env("GIT_SSH_COMMAND", "ssh -oBatchMode=yes -oConnectTimeout=20 -oServerAliveInterval=20")
            .env("GIT_HTTP_LOW_SPEED_LIMIT", "100")
            .env("GIT_HTTP_LOW_SPEED_TIME", "30")
            .args([
                "-c",
                "core.hooksPath=/dev/null",
                "-c",
                "advice.detachedHead=false",
                "-c",
                "gc.autoDetach=false",
            ])
            .args(arguments)
            .current_dir(if self.folder.is_dir() { &self.folder } else { Path::new("/") })
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        if self.folder.is_dir() {
            // Without it git would look for a repository in the folders above.
            command.env("GIT_DIR", self.folder.join(".git")).env("GIT_WORK_TREE", &self.folder);
        }
        command
    }

    fn unreachable(&self, log: Vec<Phrase>) -> EngineError {
        EngineError::RepositoryUnreachable { repository: self.git.repository.clone(), log }
    }

    fn broken(&self, log: Vec<Phrase>) -> EngineError {
        EngineError::RepositoryBroken { repository: self.git.repository.clone(), log }
    }

    fn unwritable(&self, error: &io::Error) -> EngineError {
        self.broken(vec![format!("{}: {error}", self.folder.display()).into()])
    }

    fn lacks(&self, reference: &str) -> EngineError {
        let (repository, reference) = (self.git.repository.clone(), reference.to_owned());
        EngineError::ReferenceAbsent { repository, reference }
    }
}

/// What is said of a repository that answered when it was too late.
pub(in crate::engine) fn unanswered() -> Phrase {
    phrase!("repository-answers-now", "it did not answer a moment ago, and does now: run the command again")
}

/// The source with the commit that it stands for now, or else the one that it stood for when it was last built.
pub(in crate::engine) async fn pinned(source: &Source, keeping: &Keeping) -> Result<Source, EngineError> {
    let Some(git) = source.git.as_ref().filter(|git| git.commit.is_none()) else {
        return Ok(source.clone());
    };
    let repository = Repository::new(git, keeping);
    let commit = match repository.commit(&source.tag).await {
        Ok(commit) => commit,
        Err(error) => repository.known(&source.tag).await.ok_or(error)?,
    };
    Ok(Source { git: Some(Git { commit: Some(commit), ..git.clone() }), ..source.clone() })
}

/// Whether `text` is a commit in full.
fn is_commit(text: &str) -> bool {
    [40, 64].contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The name under which the commit of `reference` is noted; a digest, as one name may be the folder of another.
fn known(reference: &str) -> String {
    format!("{KNOWN}/{}", sha256(reference.as_bytes()).get(..16).unwrap_or_default())
}

/// Takes what a pipe gives, until it ends, and tells of each line; of too much, the end is kept.
async fn listen(pipe: Option<impl AsyncRead + Unpin>, heard: &mut Vec<u8>, progress: &FetchProgress<'_>) {
    let Some(mut pipe) = pipe else { return };
    let mut buffer = [0; 4096];
    // An error of a pipe is its end.
    while let Ok(count @ 1..) = pipe.read(&mut buffer).await {
        let part = buffer.get(..count).unwrap_or_default();
        heard.extend_from_slice(part);
        heard.drain(..heard.len().saturating_sub(MOST));
        if let Some(line) = lines(part).pop() {
            progress(Layer::told("git", line));
        }
    }
}

/// The last lines of what a program wrote, without what would steer a terminal; what overwrites its line is left out.
pub(in crate::engine) fn lines(heard: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(heard);
    let lines = text.lines().map(|line| line.trim_end_matches('\r').rsplit('\r').next().unwrap_or_default());
    let shown =
        lines.map(|line| line.chars().filter(|letter| !letter.is_control()).take(300).collect::<String>());
    let mut shown: Vec<String> = shown.filter(|line| !line.trim().is_empty()).collect();
    shown.drain(..shown.len().saturating_sub(TAIL));
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_lines_are_shown_without_what_steers_a_terminal() {
        let heard = b"10%\r50%\r100%, done.\n\x1b[31mfatal: no\x07\n\n";
        assert_eq!(lines(heard), ["100%, done.", "[31mfatal: no"]);
        assert_eq!(lines("line\n".repeat(100).as_bytes()).len(), TAIL);
    }

    #[test]
    fn a_commit_is_said_in_full() {
        assert!(is_commit(&"a".repeat(40)) && !is_commit("abcdef0") && !is_commit(&"g".repeat(40)));
    }
}
