//! A terminal with a person at it: what is typed goes in, what is shown comes out.

use std::fs::File;
use std::io::{ErrorKind, Read as _, Write as _};
use std::process::{Child, Command, ExitStatus};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use nix::pty::{Winsize, openpty};

/// A program that runs in a terminal.
pub(crate) struct Terminal {
    child: Child,
    keys: File,
    shown: Arc<Mutex<Vec<u8>>>,
    stop: Arc<AtomicBool>,
    read: usize,
    size: (u16, u16),
}

impl Terminal {
    /// Starts `command` in a terminal of 40 lines of 120 letters.
    pub(crate) fn start(command: Command) -> Self {
        Self::sized(command, 40, 120)
    }

    /// Starts `command` in a terminal of this size.
    pub(crate) fn sized(mut command: Command, lines: u16, columns: u16) -> Self {
        let size = Winsize { ws_row: lines, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
        let pty = openpty(&size, None).expect("there is a terminal");
        // Else the program would hold its own terminal open.
        for side in [&pty.master, &pty.slave] {
            rustix::io::fcntl_setfd(side, rustix::io::FdFlags::CLOEXEC).expect("it is a file");
        }
        let end = || pty.slave.try_clone().expect("it can be shared");
        let child = command.stdin(end()).stdout(end()).stderr(end()).spawn().expect("it starts");
        // The command holds its side too, and would keep it open.
        drop((command, pty.slave));
        let keys = File::from(pty.master);
        let mut screen = keys.try_clone().expect("it can be shared");
        // So that it can be let go while the program runs.
        rustix::fs::fcntl_setfl(&screen, rustix::fs::OFlags::NONBLOCK).expect("it is a file");
        let (shown, stop) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
        let (heard, told) = (Arc::clone(&shown), Arc::clone(&stop));
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while !told.load(Ordering::Relaxed) {
                match screen.read(&mut bytes) {
                    Ok(count @ 1..) => {
                        heard
                            .lock()
                            .unwrap_or_else(PoisonError::into_inner)
                            .extend_from_slice(&bytes[..count]);
                    }
                    Err(error) if error.kind() == ErrorKind::WouldBlock => {
                        std::thread::sleep(Duration::from_millis(2));
                    }
                    _ => return,
                }
            }
        });
        Self { child, keys, shown, stop, read: 0, size: (lines, columns) }
    }

    /// All that was shown so far.
    pub(crate) fn shown(&self) -> String {
        String::from_utf8_lossy(&self.shown.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
    }

    /// Waits until `text` is shown, after what was waited for before.
    pub(crate) fn expect(&mut self, text: &str) {
        let begun = Instant::now();
        loop {
            let shown = self.shown();
            if let Some(at) = shown.get(self.read..).and_then(|rest| rest.find(text)) {
                self.read += at + text.len();
                return;
            }
            assert!(begun.elapsed() < Duration::from_secs(30), "`{text}` is not shown: {shown}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// What the screen shows now, as lines.
    pub(crate) fn screen(&self) -> String {
        let mut parser = vt100::Parser::new(self.size.0, self.size.1, 0);
        parser.process(self.shown().as_bytes());
        parser.screen().contents()
    }

    /// Waits until the screen shows `text`.
    pub(crate) fn see(&self, text: &str) {
        let begun = Instant::now();
        while !self.screen().contains(text) {
            assert!(
                begun.elapsed() < Duration::from_secs(30),
                "`{text}` is not on the screen:\n{}",
                self.screen()
            );
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Types keys.
    pub(crate) fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).expect("it listens");
    }

    /// Gives the screen another size.
    pub(crate) fn resize(&mut self, lines: u16, columns: u16) {
        let size = rustix::termios::Winsize { ws_row: lines, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
        rustix::termios::tcsetwinsize(&self.keys, size).expect("it is a terminal");
        self.size = (lines, columns);
        // The program has no controlling terminal of which the kernel would tell it.
        let process = nix::unistd::Pid::from_raw(i32::try_from(self.child.id()).expect("it is one"));
        nix::sys::signal::kill(process, nix::sys::signal::Signal::SIGWINCH).expect("it runs");
    }

    /// Kills the program as it is.
    pub(crate) fn kill(mut self, signal: nix::sys::signal::Signal) {
        let process = nix::unistd::Pid::from_raw(i32::try_from(self.child.id()).expect("it is one"));
        nix::sys::signal::kill(process, signal).expect("it runs");
        let _ = self.child.wait();
    }

    /// Takes the terminal away while the program runs, and waits for the program's end.
    pub(crate) fn unplug(self) {
        let Self { mut child, keys, stop, .. } = self;
        stop.store(true, Ordering::Relaxed);
        drop(keys);
        let begun = Instant::now();
        while child.try_wait().expect("it was started").is_none() {
            assert!(begun.elapsed() < Duration::from_secs(30), "it goes on without a terminal");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Types a line.
    pub(crate) fn answer(&mut self, line: &str) {
        self.keys.write_all(format!("{line}\n").as_bytes()).expect("it listens");
    }

    /// Waits for its end.
    pub(crate) fn end(mut self) -> (ExitStatus, String) {
        let begun = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().expect("it was started") {
                break status;
            }
            assert!(begun.elapsed() < Duration::from_mins(1), "it does not end:\n{}", self.screen());
            std::thread::sleep(Duration::from_millis(5));
        };
        // What it wrote last is still on its way.
        std::thread::sleep(Duration::from_millis(100));
        (status, self.shown())
    }
}
