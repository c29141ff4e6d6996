//! What Vagrant did with a virtual machine, as its runs told it: what runs inside keeps its own log there.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use super::program::{Message, lines, unwritable};
use super::store;
use crate::engine::{EngineError, LogRequest};
use crate::phrase;

/// The file.
const LOG: &str = "log";

/// Adds what a message shows to the log of the machine in `folder`.
pub(super) fn note(folder: &Path, message: &Message) {
    let Some(shown) = message.shown() else { return };
    let opened = OpenOptions::new().append(true).create(true).mode(0o600).open(folder.join(LOG));
    // The log is for reading later: the run itself does not fail for it.
    if let Ok(mut file) = opened {
        let _ = writeln!(file, "{shown}");
    }
}

/// The last `count` lines.
pub(super) fn tail(folder: &Path, count: usize) -> Vec<String> {
    let text = store::read(&folder.join(LOG)).unwrap_or_default();
    lines(text.as_bytes(), count)
}

/// What `request` asks of it.
pub(super) fn read(folder: &Path, request: LogRequest) -> Result<String, EngineError> {
    let path = folder.join(LOG);
    let text = match store::read(&path) {
        // Vagrant has not been called yet.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        read => read.map_err(|error| unwritable(phrase!("to-read-log", "read the log"), &path, &error))?,
    };
    let all: Vec<&str> = text.lines().collect();
    let count = request.tail.map_or(all.len(), |lines| lines as usize);
    let last = all.iter().skip(all.len().saturating_sub(count));
    Ok(last.flat_map(|line| [line, "\n"]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_is_kept_and_the_last_lines_are_found() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(read(folder.path(), LogRequest::default()).unwrap(), "");
        for line in ["1,w,ui,info,one", "1,w,action,up,start", "1,w,ui,detail,two"] {
            note(folder.path(), &Message::of(line).unwrap());
        }
        assert_eq!(read(folder.path(), LogRequest::default()).unwrap(), "one\ntwo\n");
        assert_eq!(read(folder.path(), LogRequest { follow: false, tail: Some(1) }).unwrap(), "two\n");
        assert_eq!(tail(folder.path(), 1), ["two"]);
    }
}
