//! Bringing the file of a snap here: from a file, the store or a build; and what it stands on into snapd.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::Path;

use http_body_util::BodyExt as _;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::client::{Step, action};
use super::failure::{self, store as from_store};
use super::package::{self, Package};
use super::program::unwritable;
use super::{ENGINE, Snap, assertions, build, store};
use crate::engine::attended::image::digest_is;
use crate::engine::{EngineError, FetchProgress, Layer, answer};
use crate::phrase;
use crate::plan::{hexadecimal, image};
use crate::run_spec::{SnapImage, Source};
use crate::words::Phrase;

/// How much of a file is read at once.
const PART: usize = 256 * 1024;

/// Where a channel is named without its track.
const LATEST: (&str, &str) = ("latest", "latest/stable");

/// Brings the snap of `source`, and has snapd install what it stands on.
///
/// # Errors
/// It does not exist, cannot be reached or built, is not what its tag says or is no snap.
pub(super) async fn fetch(
    snap: &Snap,
    source: &Source,
    progress: &FetchProgress<'_>,
) -> Result<(), EngineError> {
    let folder = snap.store.image(source);
    let key = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let failed = |error: io::Error| unwritable(phrase!("to-keep-snap", "keep a snap"), &folder, &error);
    let making = snap.store.making(&key).map_err(failed)?;
    let brought = bring(snap, source, &making, progress).await;
    if let Err(error) = brought {
        store::remove(&making).map_err(failed)?;
        return Err(error);
    }
    store::make(folder.parent().unwrap_or(&folder)).map_err(failed)?;
    store::remove(&folder).map_err(failed)?;
    fs::rename(&making, &folder).map_err(failed)
}

async fn bring(
    snap: &Snap,
    source: &Source,
    making: &Path,
    progress: &FetchProgress<'_>,
) -> Result<(), EngineError> {
    let file = making.join("snap");
    let signed = match (&source.git, SnapImage::of(&source.image)) {
        (Some(git), _) => {
            build::build(snap, source, git, &file, progress).await?;
            false
        }
        (None, Some(SnapImage::File(path))) => {
            progress(Layer::copies(path));
            copy(source, path.to_owned(), &file).await?;
            false
        }
        (None, Some(SnapImage::Store(name))) => {
            download(snap, source, name, &file, progress).await?;
            progress(Layer::told(name, phrase!("layer-signatures", "checking its signatures")));
            assertions::bring(snap, source, &file).await?;
            true
        }
        (None, None) => {
            return Err(lacks(source, phrase!("lacks-snap", "it is no file and no name of a snap")));
        }
    };
    let read = package::read(&file, &making.join("unpacked")).await?;
    let package = Package { signed, ..read.map_err(|words| damaged(source, words))? };
    let is_named = signed || source.git.is_some();
    if is_named && package.name != source.image {
        return Err(damaged(
            source,
            vec![phrase!("snap-other", "it is the snap `{name}`", name = package.name)],
        ));
    }
    stand(snap, &package, progress).await?;
    let failed = |error: io::Error| unwritable(phrase!("to-keep-snap", "keep a snap"), making, &error);
    let text = serde_json::to_string_pretty(&package).map_err(|error| failed(error.into()))?;
    store::write(&making.join("package.json"), &text).map_err(failed)
}

/// Copies the file that is on this server, if it is what its tag says.
async fn copy(source: &Source, from: String, to: &Path) -> Result<(), EngineError> {
    let target = to.to_owned();
    let copied = tokio::task::spawn_blocking(move || copy_file(Path::new(&from), &target)).await;
    let copied = copied
        .map_err(|error| failure::refused(phrase!("to-copy-snap", "copy a snap"), error.to_string()))?;
    let found = copied.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => lacks(source, answer::no_file()),
        io::ErrorKind::InvalidInput => lacks(source, phrase!("lacks-file", "it is no file")),
        _ => unwritable(phrase!("to-copy-snap", "copy a snap"), to, &error),
    })?;
    match source.tag.strip_prefix("sha256:") {
        Some(expected) if expected != found => Err(damaged(source, vec![digest_is(&found)])),
        _ => Ok(()),
    }
}

/// Copies a file, and gives the SHA-256 of what was copied.
fn copy_file(from: &Path, to: &Path) -> io::Result<String> {
    let mut from = File::open(from)?;
    if !from.metadata()?.is_file() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let mut to = File::create(to)?;
    let mut digest = Sha256::new();
    let mut buffer = vec![0; PART];
    loop {
        let count = from.read(&mut buffer)?;
        let part = buffer.get(..count).unwrap_or_default();
        if part.is_empty() {
            to.sync_all()?;
            return Ok(hexadecimal(&digest.finalize()));
        }
        digest.update(part);
        to.write_all(part)?;
    }
}

/// Has snapd download the snap `name` from the store, and keeps what it sends.
async fn download(
    snap: &Snap,
    source: &Source,
    name: &str,
    file: &Path,
    progress: &FetchProgress<'_>,
) -> Result<(), EngineError> {
    let channel = if source.tag == LATEST.0 { LATEST.1 } else { &source.tag };
    let what = json!({"snap-name": name, "channel": channel});
    let lost = |error| from_store(snap, &image(source), error);
    let response = snap.client.stream("POST", "/v2/download", Some(&what)).await.map_err(lost)?;
    let length = response.headers().get("content-length");
    let total = length.and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    let failed = |error: io::Error| unwritable(phrase!("to-keep-snap", "keep a snap"), file, &error);
    let mut to = File::create(file).map_err(failed)?;
    let mut body = response.into_body();
    let mut current = 0_u64;
    while let Some(frame) = body.frame().await {
        let broken = |error: hyper::Error| EngineError::RegistryUnreachable {
            image: image(source),
            cause: phrase!("snap-cut-off", "the transfer was cut off: {error}", error = error.to_string()),
        };
        let part = frame.map_err(broken)?.into_data().unwrap_or_default();
        to.write_all(&part).map_err(failed)?;
        current += part.len() as u64;
        progress(Layer { current: Some(current), total, ..Layer::downloads(name) });
    }
    to.sync_all().map_err(failed)
}

/// Has snapd install the snap that this one stands on, so that the gap of a start is short.
async fn stand(snap: &Snap, package: &Package, progress: &FetchProgress<'_>) -> Result<(), EngineError> {
    let base = package.base.as_deref().unwrap_or("core");
    if ["none", "bare"].contains(&base) || !snap.revisions(base).await?.is_empty() {
        return Ok(());
    }
    let tell = |step: Step| {
        let counts = step.total > 1;
        let (current, total) = (counts.then_some(step.done), counts.then_some(step.total));
        progress(Layer { current, total, ..Layer::told(base, step.summary) });
    };
    let path = format!("/v2/snaps/{base}");
    let installed = snap.client.change_telling("POST", &path, &action("install", json!({})), &tell).await;
    installed.map_err(|error| from_store(snap, base, error))
}

pub(super) fn damaged(source: &Source, log: Vec<Phrase>) -> EngineError {
    EngineError::ImageDamaged { image: image(source), log }
}

fn lacks(source: &Source, cause: Phrase) -> EngineError {
    EngineError::ImageAbsent { image: image(source), cause }
}

/// What is said of a build that failed.
pub(super) fn unbuilt(source: &Source, log: Vec<Phrase>) -> EngineError {
    let full = log.iter().find(|line| line.english().contains("No space left on device"));
    match full {
        Some(line) => EngineError::DiskFull { engine: ENGINE, cause: line.to_string() },
        None => EngineError::BuildFailed { image: image(source), log },
    }
}
