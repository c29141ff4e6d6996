//! What a container wrote, as its attendant keeps it.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::Duration;

use futures_util::stream::{self, Stream};
use tokio::time::sleep;

use super::attend;
use super::program::Called;
use crate::engine::{EngineError, LogRequest};
use crate::phrase;

/// How much is read at once.
const PART: usize = 64 * 1024;

/// Between two looks at a log that grows.
const PAUSE: Duration = Duration::from_millis(200);

/// A log that is read.
struct Reading {
    called: Called,
    folder: PathBuf,
    file: Option<File>,
    follow: bool,
}

/// What the container in `folder` wrote.
pub(super) fn read(
    called: Called,
    folder: &Path,
    request: LogRequest,
) -> Result<impl Stream<Item = Result<String, EngineError>> + use<>, EngineError> {
    let path = folder.join("log");
    let failed = |error: io::Error| called.unwritable(phrase!("to-read-log", "read the log"), &path, &error);
    let file = match File::open(&path) {
        // It has not started yet.
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        opened => {
            let mut file = opened.map_err(failed)?;
            if let Some(lines) = request.tail {
                skip(&mut file, lines).map_err(failed)?;
            }
            Some(file)
        }
    };
    let reading = Reading { called, folder: folder.to_owned(), file, follow: request.follow };
    Ok(stream::unfold(reading, next))
}

async fn next(mut reading: Reading) -> Option<(Result<String, EngineError>, Reading)> {
    let mut buffer = vec![0; PART];
    loop {
        // Looked at before reading, so that what it wrote last is read.
        let is_attended = attend::attendant(&reading.folder).is_some();
        match reading.file.as_mut()?.read(&mut buffer) {
            Ok(count @ 1..) => {
                let part = buffer.get(..count).unwrap_or_default();
                return Some((Ok(String::from_utf8_lossy(part).into_owned()), reading));
            }
            Ok(_) if reading.follow && is_attended => sleep(PAUSE).await,
            Ok(_) => return None,
            Err(error) => {
                let failed = reading.called.unwritable(
                    phrase!("to-read-log", "read the log"),
                    &reading.folder,
                    &error,
                );
                reading.file = None;
                return Some((Err(failed), reading));
            }
        }
    }
}

/// Goes to where the last `lines` begin.
fn skip(file: &mut File, lines: u32) -> io::Result<()> {
    let mut text = Vec::new();
    file.read_to_end(&mut text)?;
    let end = text.strip_suffix(b"\n").unwrap_or(&text);
    let mut breaks = end.iter().enumerate().rev().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
    let start = match lines {
        0 => text.len(),
        lines => breaks.nth(lines as usize - 1).unwrap_or(0),
    };
    file.seek(SeekFrom::Start(start as u64))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_lines_are_found() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        super::super::store::write(&path, "one\ntwo\nthree\n").unwrap();
        for (lines, expected) in [(0, ""), (1, "three\n"), (2, "two\nthree\n"), (9, "one\ntwo\nthree\n")] {
            let mut file = File::open(&path).unwrap();
            skip(&mut file, lines).unwrap();
            let mut rest = String::new();
            file.read_to_string(&mut rest).unwrap();
            assert_eq!(rest, expected, "{lines}");
        }
    }
}
