//! Programs of others, run to their end: judges of files, scripts of packages.
//!
//! In: a program, its arguments, its environment, a time limit. Out: how it ended and what it wrote. No shell is involved. The program
//! is a group of its own, which ends with it, so that nothing of it outlives the limit.

use std::ffi::OsString;
use std::io::Read;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use crate::phrase;
use crate::program::{SEARCH_PATH, late, with_words};
use crate::words::Phrase;

/// How much of what a program writes is kept, in bytes; the end, where errors are.
const MOST: usize = 64 * 1024;

/// A program that has ended.
#[derive(Debug)]
pub(super) struct Ended {
    /// How.
    pub(super) status: ExitStatus,
    /// What it wrote, without what would steer a terminal.
    pub(super) words: String,
}

/// Runs `program` with `arguments` and, beside the search path and the language, the `environment`, for no longer than
/// `patience`.
///
/// # Errors
/// It cannot be started, or takes too long.
pub(super) fn run(
    program: &Path,
    arguments: &[OsString],
    environment: &[(&str, &str)],
    patience: Duration,
) -> Result<Ended, Phrase> {
    let mut child = Command::new(program)
        .args(arguments)
        .env_clear()
        .env("PATH", SEARCH_PATH)
        .env("LC_ALL", "C.UTF-8")
        .env("HOME", "/root")
        .envs(environment.iter().copied())
        .current_dir("/")
        .process_group(0)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| {
            phrase!(
                "program-no-start",
                "`{program}` cannot be started: {error}",
                program = program.display().to_string(),
                error = error.to_string()
            )
        })?;
    let heard = Arc::new(Mutex::new(Vec::new()));
    let (done, ended) = mpsc::channel::<()>();
    for pipe in [child.stdout.take().map(boxed), child.stderr.take().map(boxed)].into_iter().flatten() {
        let (heard, done) = (Arc::clone(&heard), done.clone());
        thread::spawn(move || {
            listen(pipe, &heard);
            drop(done);
        });
    }
    drop(done);
    let status = wait(&mut child, patience);
    // A daemon that it left behind may keep its output open: that is not waited for.
    let _ = ended.recv_timeout(Duration::from_millis(500));
    end(&mut child, status.is_none());
    let words = words(&heard.lock().unwrap_or_else(PoisonError::into_inner));
    match status {
        Some(status) => Ok(Ended { status, words }),
        None => Err(with_words(late(patience), &words)),
    }
}

fn boxed(pipe: impl Read + Send + 'static) -> Box<dyn Read + Send> {
    Box::new(pipe)
}

/// Takes what a pipe gives, until it ends; of too much, the end.
fn listen(mut pipe: Box<dyn Read + Send>, heard: &Mutex<Vec<u8>>) {
    let mut buffer = [0; 4096];
    // An error of a pipe is its end.
    while let Ok(count @ 1..) = pipe.read(&mut buffer) {
        let mut heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
        heard.extend_from_slice(&buffer[..count]);
        let surplus = heard.len().saturating_sub(MOST);
        heard.drain(..surplus);
    }
}

/// Waits for the end, for no longer than `patience`.
fn wait(child: &mut Child, patience: Duration) -> Option<ExitStatus> {
    let begun = Instant::now();
    let mut pause = Duration::from_millis(1);
    loop {
        if let Ok(Some(status)) = child.try_wait() {
            return Some(status);
        }
        if begun.elapsed() >= patience {
            return None;
        }
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(50));
    }
}

/// Ends a program that takes too long, with all that it has started. One that has ended may have left a daemon, which is to live.
fn end(child: &mut Child, late: bool) {
    if late {
        if let Ok(id) = i32::try_from(child.id()) {
            let group = nix::unistd::Pid::from_raw(id);
            let _ = nix::sys::signal::killpg(group, nix::sys::signal::Signal::SIGKILL);
        }
        let _ = child.wait();
    }
}

/// What was heard, as text that steers no terminal.
fn words(heard: &[u8]) -> String {
    let text = String::from_utf8_lossy(heard);
    let shown: String = text.chars().filter(|letter| *letter == '\n' || !letter.is_control()).collect();
    shown.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str, patience: u64) -> Result<Ended, Phrase> {
        let arguments = ["-c".into(), script.into()];
        run(Path::new("sh"), &arguments, &[("STAGE", "test")], Duration::from_millis(patience))
    }

    #[test]
    fn what_a_program_writes_and_how_it_ends_is_told() {
        let ended = shell("echo $STAGE; printf '\\033[31mred' >&2; exit 3", 5000).unwrap();
        assert_eq!(ended.status.code(), Some(3));
        assert!(ended.words.contains("test") && ended.words.contains("[31mred"), "{}", ended.words);
        assert!(!ended.words.contains('\u{1b}'));
    }

    #[test]
    fn one_that_takes_too_long_ends_with_all_that_it_started() {
        let begun = Instant::now();
        let error = shell("echo before; sleep 60 & sleep 60", 200).unwrap_err().to_string();
        assert!(error.starts_with("it took longer than"), "{error}");
        assert!(error.contains("before"), "{error}");
        assert!(begun.elapsed() < Duration::from_secs(20));
    }

    #[test]
    fn of_much_the_end_is_kept_and_what_is_not_there_is_told() {
        let ended = shell("seq 1 100000", 20000).unwrap();
        assert!(ended.words.len() <= MOST && ended.words.ends_with("100000"));
        assert!(run(Path::new("no-such-program"), &[], &[], Duration::from_secs(1)).is_err());
    }
}
