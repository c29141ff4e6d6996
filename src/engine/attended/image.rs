//! What fetching an image is made of: a download, a digest, and what is said of images that are not as they should be.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use sha2::{Digest as _, Sha256};
use tokio::time::sleep;

use super::program::{Called, Ended};
use crate::engine::{EngineError, FetchProgress, Layer};
use crate::phrase;
use crate::plan::{self, image};
use crate::run_spec::Source;
use crate::words::{Phrase, joined};

/// How long a transfer and an unpacking may take.
pub(in crate::engine) const TRANSFER: Duration = Duration::from_hours(1);

/// What curl answers when there is no such page; the other codes are of a server that cannot be reached.
const NO_SUCH_PAGE: &str = "The requested URL returned error: 404";

/// How often progress is told.
const TOLD: Duration = Duration::from_millis(500);

/// What curl is told before the protocols, the file and the address.
const OPTIONS: [&str; 12] = [
    "--silent",
    "--show-error",
    "--fail",
    "--location",
    "--connect-timeout",
    "20",
    "--speed-limit",
    "100",
    "--speed-time",
    "30",
    "--retry",
    "2",
];

/// Downloads `address` to `file` by one of `protocols`, as curl writes them.
///
/// # Errors
/// The server cannot be reached, or has no such file; the disk is full.
pub(in crate::engine) async fn download(
    called: Called,
    source: &Source,
    environment: &[(String, String)],
    (address, protocols): (&str, &str),
    file: &Path,
    progress: &FetchProgress<'_>,
) -> Result<(), EngineError> {
    let mut arguments: Vec<&OsStr> = OPTIONS.iter().map(OsStr::new).collect();
    arguments.extend(["--proto", protocols, "--output"].map(OsStr::new));
    arguments.extend([file.as_os_str(), OsStr::new("--"), OsStr::new(address)]);
    let transfer = called.run("curl", &arguments, environment, TRANSFER);
    let ended = tokio::select! {
        ended = transfer => ended?,
        () = tell(file, progress) => return Err(called.refused(phrase!("to-download", "download an image"), &[])),
    };
    match ended {
        Ended { success: true, .. } => Ok(()),
        Ended { words, .. } if words.iter().any(|line| line.english().contains(NO_SUCH_PAGE)) => {
            Err(lacks(source, phrase!("lacks-on-server", "the server has no such file")))
        }
        Ended { words, .. } => match called.refused(phrase!("to-download", "download an image"), &words) {
            full @ EngineError::DiskFull { .. } => Err(full),
            _ => Err(unreachable(source, &words)),
        },
    }
}

/// Tells how much of `file` is there, and again, without end.
async fn tell(file: &Path, progress: &FetchProgress<'_>) {
    loop {
        let current = std::fs::metadata(file).ok().map(|found| found.len());
        progress(Layer { current, ..Layer::downloads("image") });
        sleep(TOLD).await;
    }
}

/// Whether `file` is what the tag of `source` says, where that is a digest.
///
/// # Errors
/// It is not, or cannot be read.
pub(in crate::engine) async fn verify(source: &Source, file: &Path) -> Result<(), EngineError> {
    let Some(expected) = source.tag.strip_prefix("sha256:") else { return Ok(()) };
    let path = file.to_owned();
    let found = tokio::task::spawn_blocking(move || digest(&path)).await;
    let found = found.ok().and_then(Result::ok).unwrap_or_default();
    if found == expected { Ok(()) } else { Err(damaged(source, vec![digest_is(&found)])) }
}

/// What is said of a file whose digest is another.
pub(in crate::engine) fn digest_is(found: &str) -> Phrase {
    phrase!("image-digest", "its SHA-256 is {found}", found = found)
}

/// The SHA-256 of a file.
fn digest(path: &PathBuf) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer)? {
            0 => break,
            count => hash.update(buffer.get(..count).unwrap_or_default()),
        }
    }
    Ok(plan::hexadecimal(&hash.finalize()))
}

/// What is said of an image that is not there.
pub(in crate::engine) fn lacks(source: &Source, cause: Phrase) -> EngineError {
    EngineError::ImageAbsent { image: image(source), cause }
}

/// What is said of a server that does not answer.
pub(in crate::engine) fn unreachable(source: &Source, words: &[Phrase]) -> EngineError {
    EngineError::RegistryUnreachable { image: image(source), cause: joined(words) }
}

/// What is said of an image that is not what it should be.
pub(in crate::engine) fn damaged(source: &Source, log: Vec<Phrase>) -> EngineError {
    EngineError::ImageDamaged { image: image(source), log }
}
