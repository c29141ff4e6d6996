//! Building a snap from a git repository: by `snapcraft` where it is installed, else by packing a folder that is prepared.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt as _, AsyncRead, BufReader};
use tokio::time::timeout;

use super::fetch::unbuilt;
use super::program::{self, run, unwritable};
use super::{Snap, store};
use crate::engine::git::{self, Repository};
use crate::engine::{EngineError, FetchProgress, Layer, answer};
use crate::phrase;
use crate::run_spec::{Git, Source};
use crate::source::{Disk, World as _};
use crate::words::as_said;

/// Where a recipe for `snapcraft` may be.
const RECIPES: [&str; 4] =
    ["snap/snapcraft.yaml", "snapcraft.yaml", ".snapcraft.yaml", "build-aux/snap/snapcraft.yaml"];

/// Where a prepared folder may be, and what makes it one.
const PREPARED: [&str; 2] = ["prime", ""];
const DESCRIPTION: &str = "meta/snap.yaml";

/// How many lines of a build a person is shown.
const TAIL: usize = 20;

/// Builds the snap of `source`, which is the one that the plan found, as `file`.
pub(super) async fn build(
    snap: &Snap,
    source: &Source,
    git: &Git,
    file: &Path,
    progress: &FetchProgress<'_>,
) -> Result<(), EngineError> {
    // Two snaps may be of one repository, which has one folder.
    let _alone = snap.building.lock().await;
    let Some(commit) = &git.commit else {
        let log = vec![git::unanswered()];
        let late = EngineError::RepositoryUnreachable { repository: git.repository.clone(), log };
        return Err(git::pinned(source, &snap.repositories).await.err().unwrap_or(late));
    };
    let repository = Repository::new(git, &snap.repositories);
    repository.bring(commit, progress).await?;
    let folder = folder(git, &repository)?;
    let recipe = RECIPES.iter().find(|name| is_inside(&folder, name));
    let prepared = PREPARED.iter().find(|name| is_inside(&folder, &join(name, DESCRIPTION)));
    match (recipe, program::find("snapcraft"), prepared) {
        (Some(_), Some(snapcraft), _) => follow(source, &snapcraft, &folder, file, progress).await?,
        (_, _, Some(prepared)) => pack(source, &folder.join(prepared), file, progress).await?,
        (Some(_), None, None) => {
            return Err(EngineError::SnapcraftAbsent { repository: git.repository.clone() });
        }
        (None, _, None) => return Err(lacks(git, "snap/snapcraft.yaml")),
    }
    repository.note(&source.tag, commit).await;
    Ok(())
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

fn lacks(git: &Git, file: &str) -> EngineError {
    let file = join(git.folder.as_deref().unwrap_or_default(), file);
    EngineError::DockerfileAbsent { repository: git.repository.clone(), file }
}

/// The folder that is built, which does not lead out of the repository.
fn folder(git: &Git, repository: &Repository<'_>) -> Result<PathBuf, EngineError> {
    let absent = |_: io::Error| lacks(git, "snap/snapcraft.yaml");
    let all = Disk.real(repository.folder()).map_err(absent)?;
    let folder = Disk.real(&all.join(git.folder.as_deref().unwrap_or_default())).map_err(absent)?;
    if folder.starts_with(&all) && folder.is_dir() {
        Ok(folder)
    } else {
        Err(lacks(git, "snap/snapcraft.yaml"))
    }
}

/// Whether `folder` has a file `name` that is in it for real.
fn is_inside(folder: &Path, name: &str) -> bool {
    Disk.real(&folder.join(name)).is_ok_and(|path| path.starts_with(folder) && path.is_file())
}

/// Has `snapcraft` build what is in `folder`.
async fn follow(
    source: &Source,
    snapcraft: &Path,
    folder: &Path,
    file: &Path,
    progress: &FetchProgress<'_>,
) -> Result<(), EngineError> {
    let mut command = program::command(&snapcraft.to_string_lossy());
    command.current_dir(folder).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child =
        command.kill_on_drop(true).spawn().map_err(|error| program::absent("snapcraft", &error))?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let (mut said, mut complained) = (Vec::new(), Vec::new());
    let ended = async {
        tokio::join!(listen(stdout, &mut said, progress), listen(stderr, &mut complained, progress));
        child.wait().await
    };
    let success = matches!(timeout(program::LONG, ended).await, Ok(Ok(status)) if status.success());
    said.append(&mut complained);
    said.drain(..said.len().saturating_sub(TAIL));
    if !success {
        return Err(unbuilt(source, as_said(said)));
    }
    let Some(built) = newest(folder) else {
        let mut said = as_said(said);
        said.push(phrase!("snap-none-made", "it made no `.snap`"));
        return Err(unbuilt(source, said));
    };
    move_file(&built, file)
}

/// Takes the lines of a build, and tells of each.
async fn listen(pipe: Option<impl AsyncRead + Unpin>, heard: &mut Vec<String>, progress: &FetchProgress<'_>) {
    let Some(pipe) = pipe else { return };
    let mut lines = BufReader::new(pipe).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        let line = answer::harmless(&line);
        if line.trim().is_empty() {
            continue;
        }
        progress(Layer::told("snapcraft", line.clone()));
        heard.push(line);
        heard.drain(..heard.len().saturating_sub(TAIL));
    }
}

/// The `.snap` in `folder` that was made last.
fn newest(folder: &Path) -> Option<PathBuf> {
    let entries = fs::read_dir(folder).ok()?.filter_map(Result::ok).map(|entry| entry.path());
    let snaps = entries.filter(|path| path.extension().is_some_and(|ending| ending == "snap"));
    snaps.max_by_key(|path| path.symlink_metadata().and_then(|found| found.modified()).ok())
}

/// Packs a folder that is prepared, without what git keeps in it.
async fn pack(
    source: &Source,
    folder: &Path,
    file: &Path,
    progress: &FetchProgress<'_>,
) -> Result<(), EngineError> {
    progress(Layer::told(source.image.as_str(), phrase!("layer-packs", "packing")));
    let scratch = file.with_file_name("prepared");
    let failed = |error: io::Error| unwritable(phrase!("to-pack-snap", "pack a snap"), &scratch, &error);
    store::make(&scratch).map_err(failed)?;
    let entries = fs::read_dir(folder).map_err(failed)?.filter_map(Result::ok).map(|entry| entry.path());
    let entries: Vec<PathBuf> = entries
        .filter(|path| path.file_name().is_some_and(|name| !name.to_string_lossy().starts_with(".git")))
        .collect();
    let mut arguments: Vec<&OsStr> =
        ["--archive", "--reflink=auto", "--target-directory"].map(OsStr::new).to_vec();
    arguments.extend([scratch.as_os_str(), OsStr::new("--")]);
    arguments.extend(entries.iter().map(|path| path.as_os_str()));
    let copied = run("cp", &arguments, program::LONG).await?;
    if !copied.success {
        return Err(unbuilt(source, copied.words));
    }
    // What is in a snap is root's, and read by all.
    let open = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::set_permissions(&scratch, open).map_err(failed)?;
    let into = file.parent().unwrap_or(folder);
    let arguments =
        [OsStr::new("pack"), OsStr::new("--filename=snap"), scratch.as_os_str(), into.as_os_str()];
    let packed = run("snap", &arguments, program::LONG).await?;
    store::remove(&scratch).map_err(failed)?;
    if packed.success && file.is_file() { Ok(()) } else { Err(unbuilt(source, packed.words)) }
}

fn move_file(from: &Path, to: &Path) -> Result<(), EngineError> {
    let failed = |error: io::Error| unwritable(phrase!("to-keep-snap", "keep a snap"), to, &error);
    if !from.symlink_metadata().map_err(failed)?.is_file() {
        return Err(failed(io::ErrorKind::InvalidInput.into()));
    }
    // The repository and the snaps may be on two disks.
    if fs::rename(from, to).is_err() {
        fs::copy(from, to).map_err(failed)?;
        fs::remove_file(from).map_err(failed)?;
    }
    Ok(())
}
