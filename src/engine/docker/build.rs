//! Building an image from a git repository: its files are brought here, and the engine follows their Dockerfile.

use std::path::{Path, PathBuf};

use bollard::auth::DockerCredentials;
use bollard::body_try_stream;
use bollard::query_parameters::BuildImageOptionsBuilder;
use futures_util::stream::StreamExt as _;

use super::failure::Asked;
use super::{Docker, context, fetch};
use crate::engine::git::{self, Repository, lines};
use crate::engine::{EngineError, FetchProgress, Layer};
use crate::plan::image;
use crate::run_spec::{Git, Source};
use crate::source::{Disk, World as _};
use crate::words::as_said;

/// What says how to build, where nothing else is said.
const DOCKERFILE: &str = "Dockerfile";

/// Builds the image of `source`, which is the one that the plan found, and tells `progress` of each line.
pub(super) async fn build(
    docker: &Docker,
    source: &Source,
    git: &Git,
    progress: &FetchProgress<'_>,
) -> Result<(), EngineError> {
    // Two images may be of one repository, which has one folder.
    let _alone = docker.building.lock().await;
    let Some(commit) = &git.commit else {
        return Err(unanswered(docker, source, git).await);
    };
    let repository = Repository::new(git, &docker.repositories);
    repository.bring(commit, progress).await?;
    let (folder, dockerfile) = context(git, &repository)?;
    follow(docker, source, folder, dockerfile, progress).await?;
    repository.note(&source.tag, commit).await;
    Ok(())
}

/// Why it is not known which commit is to be built: the repository was asked in vain when the plan was made.
async fn unanswered(docker: &Docker, source: &Source, git: &Git) -> EngineError {
    let log = vec![git::unanswered()];
    let late = EngineError::RepositoryUnreachable { repository: git.repository.clone(), log };
    git::pinned(source, &docker.repositories).await.err().unwrap_or(late)
}

/// The folder that is built and the file in it that says how; neither leads out of the repository.
fn context(git: &Git, repository: &Repository<'_>) -> Result<(PathBuf, String), EngineError> {
    let dockerfile = git.dockerfile.clone().unwrap_or_else(|| DOCKERFILE.to_owned());
    let below = git.folder.as_deref().unwrap_or_default();
    let absent = || EngineError::DockerfileAbsent {
        repository: git.repository.clone(),
        file: [below, &dockerfile]
            .iter()
            .filter(|part| !part.is_empty())
            .copied()
            .collect::<Vec<_>>()
            .join("/"),
    };
    let all = Disk.real(repository.folder()).map_err(|_| absent())?;
    let folder = Disk.real(&all.join(below)).map_err(|_| absent())?;
    let file = Disk.real(&folder.join(&dockerfile)).map_err(|_| absent())?;
    if !folder.starts_with(&all) || !file.starts_with(&folder) || !file.is_file() {
        return Err(absent());
    }
    Ok((folder, dockerfile))
}

async fn follow(
    docker: &Docker,
    source: &Source,
    folder: PathBuf,
    dockerfile: String,
    progress: &FetchProgress<'_>,
) -> Result<(), EngineError> {
    let image = image(source);
    let options =
        BuildImageOptionsBuilder::new().dockerfile(&dockerfile).t(&image).rm(true).forcerm(true).build();
    let logins = logins(docker, &folder.join(&dockerfile)).await?;
    let archive = body_try_stream(context::archive(folder, dockerfile));
    let logins = logins.into_iter().collect();
    let mut events = docker.client().await?.build_image(options, Some(logins), Some(archive));
    let mut said = Vec::new();
    while let Some(event) = events.next().await {
        let words = match event {
            Ok(event) => event.stream.or(event.status).unwrap_or_default(),
            Err(error) => return Err(failed(docker, &image, &said, &error)),
        };
        said.extend_from_slice(words.as_bytes());
        if let Some(status) = lines(words.as_bytes()).pop() {
            progress(Layer::told("build", status));
        }
    }
    Ok(())
}

/// The credentials for the images that a Dockerfile begins with.
async fn logins(docker: &Docker, dockerfile: &Path) -> Result<Vec<(String, DockerCredentials)>, EngineError> {
    let text = Disk.read(dockerfile).unwrap_or_default();
    let mut found = Vec::new();
    for line in String::from_utf8_lossy(&text).lines() {
        let mut words = line.split_whitespace();
        if words.next().is_none_or(|word| !word.eq_ignore_ascii_case("from")) {
            continue;
        }
        let Some(image) = words.find(|word| !word.starts_with("--")) else { continue };
        let login = fetch::credentials(docker, image).await?;
        found.extend(login.and_then(|login| Some((login.serveraddress.clone()?, login))));
    }
    Ok(found)
}

/// What the engine says: that it has no room or is not there, or else that this image cannot be built.
fn failed(docker: &Docker, image: &str, said: &[u8], error: &bollard::errors::Error) -> EngineError {
    use EngineError::{Absent, BuildFailed, DiskFull, Permission};
    let plain = docker.failed(error, Asked::Image(image));
    if matches!(plain, DiskFull { .. } | Absent { .. } | Permission { .. }) {
        return plain;
    }
    let last = format!("\n{error}");
    BuildFailed { image: image.to_owned(), log: as_said(lines(&[said, last.as_bytes()].concat())) }
}
