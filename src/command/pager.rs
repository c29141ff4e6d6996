//! Long output on a terminal goes through a pager.
//!
//! In: what a command writes. Out: the same on the terminal, page by page where it is longer than the screen. The pager is started
//! with its arguments one by one, never through a shell. A pager that cannot be started is done without.

use std::ffi::{OsStr, OsString};
use std::io::{self, Write};
use std::process::{Command, Stdio};

use tokio::signal::unix::{SignalKind, signal};

/// The pager that is used where nobody names another one: what is short stays on the screen, colours are shown.
const USUAL: &str = "less";

/// What `less` does unless the user says otherwise: ends where all fits on the screen, shows colours, leaves the text there.
const MANNER: &str = "FRX";

/// A pager, and what it is to show.
#[derive(Debug)]
pub struct Pager {
    program: OsString,
    arguments: Vec<OsString>,
    manner: Option<&'static str>,
    rows: usize,
    kept: Vec<u8>,
}

impl Pager {
    /// The pager that the environment names by `GALERNE_PAGER` or `PAGER`, else `less`, for a screen with this many rows; none where
    /// the environment wants none (an empty name, or `cat`).
    ///
    /// Who runs galerne as somebody else (by sudo) gets `less` alone: another program would have the rights of root.
    pub fn of_environment(variable: impl Fn(&str) -> Option<OsString>, rows: usize) -> Option<Self> {
        let named = ["GALERNE_PAGER", "PAGER"].into_iter().find_map(&variable);
        let words = named.as_deref().unwrap_or(OsStr::new(USUAL)).to_string_lossy().into_owned();
        let mut words = words.split_whitespace().map(OsString::from);
        let (mut program, mut arguments) = (words.next()?, words.collect());
        if program == "cat" {
            return None;
        }
        if variable("SUDO_UID").is_some_and(|uid| uid != "0") {
            (program, arguments) = (USUAL.into(), Vec::new());
        }
        let manner = variable("LESS").is_none().then_some(MANNER);
        Some(Self { program, arguments, manner, rows, kept: Vec::new() })
    }

    /// Shows all that was written: on `screen` where it fits on it or there is no such pager, else by the pager.
    ///
    /// # Errors
    /// What the system says of the screen.
    pub fn show(self, screen: &mut dyn Write) -> io::Result<()> {
        let lines = self.kept.split(|byte| *byte == b'\n').count() - 1;
        if lines < self.rows || !self.page() {
            screen.write_all(&self.kept)?;
        }
        screen.flush()
    }

    /// Has the pager show it; whether there is such a pager.
    fn page(&self) -> bool {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).stdin(Stdio::piped());
        // It runs with galerne's rights, and is to start nothing by itself.
        command.env("LESSSECURE", "1");
        if let Some(manner) = self.manner {
            command.env("LESS", manner);
        }
        let waiting = tokio::runtime::Builder::new_current_thread().enable_all().build();
        // An interruption is the pager's: without one who listens to it, galerne would end before the pager.
        let _heard = waiting.as_ref().ok().and_then(|waiting| {
            let _guard = waiting.enter();
            signal(SignalKind::interrupt()).ok()
        });
        let Ok(mut pager) = command.spawn() else { return false };
        if let Some(mut input) = pager.stdin.take() {
            // Whoever leaves the pager has read enough.
            let _ = input.write_all(&self.kept);
        }
        // It is gone if nobody can wait for it.
        let _ = pager.wait();
        true
    }
}

impl Write for Pager {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.kept.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pairs: &[(&str, &str)]) -> Option<Pager> {
        let find = |name: &str| pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| value.into());
        Pager::of_environment(find, 3)
    }

    #[test]
    fn the_environment_names_the_pager_and_its_arguments() {
        let named = |pairs: &[(&str, &str)]| {
            of(pairs).map(|pager| {
                (pager.program.into_string().unwrap_or_default(), pager.arguments.len(), pager.manner)
            })
        };
        let less = |manner| Some(("less".to_owned(), 0, manner));
        assert_eq!(named(&[]), less(Some("FRX")));
        assert_eq!(named(&[("LESS", "-S")]), less(None));
        assert_eq!(named(&[("PAGER", "most -w a;b")]), Some(("most".to_owned(), 2, Some("FRX"))));
        assert_eq!(named(&[("PAGER", "most"), ("GALERNE_PAGER", "less")]), less(Some("FRX")));
        for none in [&[("PAGER", "")][..], &[("PAGER", "cat")], &[("GALERNE_PAGER", " "), ("PAGER", "less")]]
        {
            assert_eq!(named(none), None, "{none:?}");
        }
        assert_eq!(named(&[("PAGER", "/srv/a/most -w"), ("SUDO_UID", "1000")]), less(Some("FRX")));
    }

    #[test]
    fn what_is_short_and_what_no_pager_takes_is_written_as_it_is() {
        for (text, program) in [("a\nb\n", "false"), ("a\nb\nc\nd\n", "/no/such/pager")] {
            let mut pager = of(&[("PAGER", program)]).expect("one is named");
            pager.write_all(text.as_bytes()).expect("it is kept");
            let mut screen = Vec::new();
            pager.show(&mut screen).expect("it is shown");
            assert_eq!(screen, text.as_bytes());
        }
    }

    #[test]
    fn what_is_long_goes_to_the_pager() {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let file = folder.path().join("paged");
        let mut pager = of(&[("PAGER", &format!("tee {}", file.display()))]).expect("one is named");
        pager.write_all(b"a\nb\nc\n").expect("it is kept");
        let mut screen = Vec::new();
        pager.show(&mut screen).expect("it is shown");
        assert!(screen.is_empty());
        let mut shown = String::new();
        let mut file = std::fs::File::open(file).expect("it was written");
        io::Read::read_to_string(&mut file, &mut shown).expect("it is text");
        assert_eq!(shown, "a\nb\nc\n");
    }
}
