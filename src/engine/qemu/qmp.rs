//! QEMU's monitor, in JSON lines over the standard input and output of its process.
//!
//! So nobody but the attendant can speak to it, and it needs no path. Each question has a number, which its answer repeats:
//! a question that was given up leaves its answer behind, and that is passed over. Events come between answers.

use std::io;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout};
use tokio::time::timeout;

/// How long an answer may take.
const ANSWER: Duration = Duration::from_secs(10);

/// The monitor of a machine that runs.
pub(super) struct Monitor {
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
    asked: u64,
    /// Whether the machine waits because its disk could not be written.
    is_waiting: bool,
}

impl Monitor {
    /// Opens the one of `child`, whose standard input and output are pipes.
    ///
    /// # Errors
    /// It ended, or says nothing.
    pub(super) async fn open(child: &mut Child) -> io::Result<Self> {
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::ErrorKind::BrokenPipe.into());
        };
        let output = BufReader::new(output).lines();
        let mut monitor = Self { input, output, asked: 0, is_waiting: false };
        monitor.ask("qmp_capabilities", json!({})).await?;
        Ok(monitor)
    }

    /// The answer to a question.
    ///
    /// # Errors
    /// The machine ended, refuses, or does not answer.
    pub(super) async fn ask(&mut self, execute: &str, arguments: Value) -> io::Result<Value> {
        self.asked += 1;
        let question = json!({"execute": execute, "arguments": arguments, "id": self.asked});
        self.input.write_all(format!("{question}\n").as_bytes()).await?;
        timeout(ANSWER, self.answer()).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
    }

    async fn answer(&mut self) -> io::Result<Value> {
        loop {
            let line = self.output.next_line().await?.ok_or(io::ErrorKind::UnexpectedEof)?;
            let said: Value = serde_json::from_str(&line)?;
            match said["event"].as_str() {
                Some("BLOCK_IO_ERROR") if said["data"]["action"] == "stop" => self.is_waiting = true,
                Some("RESUME") => self.is_waiting = false,
                _ => {}
            }
            if said["id"] == self.asked {
                let refused =
                    || io::Error::other(said["error"]["desc"].as_str().unwrap_or_default().to_owned());
                return said.get("return").cloned().ok_or_else(refused);
            }
        }
    }

    /// Whether the machine waits because its disk could not be written.
    pub(super) fn is_waiting(&self) -> bool {
        self.is_waiting
    }
}
