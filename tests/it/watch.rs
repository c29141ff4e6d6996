//! `status --watch`, which looks again until it is interrupted.

use std::io::{BufRead as _, BufReader, Lines};
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::Value;

/// A run that goes on, and the lines that it prints.
struct Watch(Child, Lines<BufReader<ChildStdout>>);

impl Watch {
    fn start(root: &std::path::Path, more: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_galerne"));
        command.arg("--root").arg(root).args(["--lang", "en", "status", "--watch"]).args(more);
        let mut child = command.stdout(Stdio::piped()).spawn().expect("it starts");
        let lines = BufReader::new(child.stdout.take().expect("it is heard")).lines();
        Self(child, lines)
    }

    fn line(&mut self) -> String {
        self.1.next().expect("it goes on").expect("it is text")
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn it_looks_again_and_tells_programs_a_line_each_time() {
    let root = tempfile::tempdir().expect("a folder can be made");
    let mut shown = Watch::start(root.path(), &[]);
    let mut told = Watch::start(root.path(), &["--json"]);
    for _ in 0..2 {
        assert_eq!(shown.line(), "no container is configured");
        let document: Value = serde_json::from_str(&told.line()).expect("a line is a document");
        crate::command_line::expect_of_schema("status", &document);
    }
}
