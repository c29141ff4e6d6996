//! Programs of the system: where they are looked for, and with what of an environment they run.
//!
//! galerne runs as root, from jobs and units too: what it starts is found in these folders and knows nothing of the environment of
//! whoever called it, unless that is given to it by name.

use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::time::Duration;

use tokio::process::Command;

use crate::phrase;
use crate::words::Phrase;

/// Where programs are looked for.
pub const SEARCH_PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// Where `program` is, if it is in one of the folders of `search_path`.
pub fn find(program: &str, search_path: &str) -> Option<PathBuf> {
    search_path.split(':').map(|folder| Path::new(folder).join(program)).find(|path| path.is_file())
}

/// `program` with nothing of our environment.
pub fn command(program: &str) -> Command {
    let mut command = Command::new(program);
    command
        .env_clear()
        .env("PATH", SEARCH_PATH)
        .env("LC_ALL", "C.UTF-8")
        .env("HOME", "/root")
        .current_dir("/");
    command
}

/// What is said of a program that may take no longer.
pub fn late(patience: Duration) -> Phrase {
    phrase!("program-late", "it took longer than {seconds} s", seconds = patience.as_secs())
}

/// The same, where it must be said which.
pub fn late_named(program: &str, patience: Duration) -> Phrase {
    phrase!(
        "program-late-named",
        "`{program}` took longer than {seconds} s",
        program = program,
        seconds = patience.as_secs()
    )
}

/// How a program ended, as the standard library says it.
pub fn ended(status: ExitStatus) -> Phrase {
    let said = status.to_string();
    match (status.code(), said.strip_prefix("signal: ")) {
        (Some(code), _) => phrase!("program-exit", "exit status: {code}", code = code),
        (None, Some(signal)) => phrase!("program-signal", "signal: {signal}", signal = signal),
        (None, None) => said.into(),
    }
}

/// What is said of a program that failed without a word.
pub fn ended_with(status: ExitStatus) -> Phrase {
    phrase!("program-ended", "it ended with {status}", status = ended(status))
}

/// The same, where it must be said which.
pub fn ended_named(program: &str, status: ExitStatus) -> Phrase {
    phrase!(
        "program-ended-named",
        "`{program}` ended with {status}",
        program = program,
        status = ended(status)
    )
}

/// What is said, and below it what the program wrote, if it did.
pub fn with_words(said: Phrase, words: &str) -> Phrase {
    if words.is_empty() {
        return said;
    }
    phrase!("program-wrote", "{said}\n{words}", said = said, words = words)
}

#[cfg(test)]
mod tests {
    use std::os::unix::process::ExitStatusExt as _;

    use super::*;

    #[test]
    fn how_a_program_ended_is_said_as_the_standard_library_does() {
        for raw in [0, 3 << 8, 9, 0x8b] {
            let status = ExitStatus::from_raw(raw);
            assert_eq!(ended(status).to_string(), status.to_string());
            assert!(ended(status).key().is_some());
        }
    }

    #[test]
    fn what_is_no_file_is_no_program() {
        let folder = tempfile::tempdir().unwrap();
        let (empty, path) = (folder.path().join("empty"), folder.path().display().to_string());
        std::fs::create_dir(folder.path().join("git")).unwrap();
        std::fs::create_dir(&empty).unwrap();
        std::fs::File::create(folder.path().join("tar")).unwrap();
        let path = format!("{}:{path}", empty.display());
        assert_eq!(find("git", &path), None);
        assert_eq!(find("tar", &path), Some(folder.path().join("tar")));
    }
}
