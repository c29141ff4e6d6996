//! A terminal with a person at it: what is typed goes in, what is shown comes out.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::process::{Child, Command, ExitStatus};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use nix::pty::{Winsize, openpty};

/// A program that runs in a terminal.
pub(crate) struct Terminal {
    child: Child,
    keys: File,
    shown: Arc<Mutex<String>>,
    read: usize,
}

impl Terminal {
    /// Starts `command` in a terminal of 40 lines of 120 letters.
    pub(crate) fn start(mut command: Command) -> Self {
        let size = Winsize { ws_row: 40, ws_col: 120, ws_xpixel: 0, ws_ypixel: 0 };
        let pty = openpty(&size, None).expect("there is a terminal");
        let end = || pty.slave.try_clone().expect("it can be shared");
        let child = command.stdin(end()).stdout(end()).stderr(end()).spawn().expect("it starts");
        // The command holds its side too, and would keep it open.
        drop((command, pty.slave));
        let keys = File::from(pty.master);
        let mut screen = keys.try_clone().expect("it can be shared");
        let shown = Arc::new(Mutex::new(String::new()));
        let heard = Arc::clone(&shown);
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = screen.read(&mut bytes) {
                let text = String::from_utf8_lossy(&bytes[..count]).into_owned();
                heard.lock().unwrap_or_else(PoisonError::into_inner).push_str(&text);
            }
        });
        Self { child, keys, shown, read: 0 }
    }

    /// All that was shown so far.
    pub(crate) fn shown(&self) -> String {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner).clone()
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

    /// Types a line.
    pub(crate) fn answer(&mut self, line: &str) {
        self.keys.write_all(format!("{line}\n").as_bytes()).expect("it listens");
    }

    /// Waits for its end.
    pub(crate) fn end(mut self) -> (ExitStatus, String) {
        let status = self.child.wait().expect("it was started");
        // What it wrote last is still on its way.
        std::thread::sleep(Duration::from_millis(100));
        (status, self.shown())
    }
}
