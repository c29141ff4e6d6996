//! A site's own functions: executables that get their arguments as JSON and answer with JSON (docs/functions.md).
//!
//! In: the folder of the executables and the arguments of a call. Out: what the executable answers. No shell is involved, the
//! environment is empty but for what programs need to run at all, and an executable that takes too long, or
//! answers too much, is ended with all that it has started. Refused: one that others than its owner could have written.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;
use std::{fs, thread};

use serde_json::{Map, Value as Json, json};

use super::{Arguments, FunctionError};
use crate::phrase;
use crate::program;
use crate::value::Value;
use crate::words::Phrase;

/// How long a function may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// How much it may answer, in bytes.
const MOST: u64 = 1024 * 1024;

/// The executables of a folder.
#[derive(Debug, Default)]
pub struct SiteFunctions {
    functions: Vec<(String, PathBuf)>,
    answers: RefCell<BTreeMap<(usize, String), Result<Json, FunctionError>>>,
}

impl SiteFunctions {
    /// The executables of `folder`, by their names; none where there is no such folder.
    pub fn of(folder: &Path) -> Self {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        let mut functions: Vec<(String, PathBuf)> = entries
            .filter(|entry| entry.path().is_file())
            .filter_map(|entry| Some((entry.file_name().into_string().ok()?, entry.path())))
            .filter(|(name, _)| {
                name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') && !name.is_empty()
            })
            .collect();
        functions.sort();
        Self { functions, answers: RefCell::default() }
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.functions.iter().map(|(name, _)| name.as_str())
    }

    pub(super) fn position(&self, name: &str) -> Option<usize> {
        self.names().position(|known| known == name)
    }

    pub(super) fn name(&self, index: usize) -> &str {
        self.functions.get(index).map_or("", |(name, _)| name)
    }

    /// Has a function make a value: its answer's `value`.
    pub(super) fn calculate(&self, index: usize, arguments: &Arguments) -> Result<Value, FunctionError> {
        let answer = self.answer(index, json!({}), arguments)?;
        match (answer.get("value"), answer.get("error")) {
            (Some(value), _) => value_of(value),
            (None, Some(reason)) => Err(fails(text_of(reason))),
            (None, None) => {
                Err(fails(phrase!("site-answers-no-value", "it answers neither `value` nor `error`")))
            }
        }
    }

    /// Has a function judge `value`: its answer is `{"ok": true}`, or says in `error` why not.
    pub(super) fn check(
        &self,
        index: usize,
        value: &Value,
        arguments: &Arguments,
    ) -> Result<(), FunctionError> {
        let judged = json!({ "value": json_of(value) });
        let answer = self.answer(index, judged, arguments)?;
        match (answer.get("ok"), answer.get("error")) {
            (Some(Json::Bool(true)), _) => Ok(()),
            (_, Some(reason)) => Err(FunctionError::SiteRefuses { reason: text_of(reason) }),
            _ => Err(fails(phrase!("site-answers-no-ok", "it answers neither `ok` nor `error`"))),
        }
    }

    /// What the function answers to its arguments, asked once for the same ones.
    fn answer(&self, index: usize, mut asked: Json, arguments: &Arguments) -> Result<Json, FunctionError> {
        let Some((_, path)) = self.functions.get(index) else {
            return Err(fails(phrase!("site-gone", "it is gone")));
        };
        asked["args"] = arguments.positional.iter().map(json_of).collect();
        let named = arguments.named.iter().map(|(name, value)| (name.clone(), json_of(value)));
        asked["kwargs"] = Json::Object(named.collect::<Map<_, _>>());
        let key = (index, asked.to_string());
        if let Some(known) = self.answers.borrow().get(&key) {
            return known.clone();
        }
        let answer = run(path, &key.1, PATIENCE);
        self.answers.borrow_mut().insert(key, answer.clone());
        answer
    }
}

fn fails(reason: impl Into<Phrase>) -> FunctionError {
    FunctionError::SiteFails { reason: reason.into() }
}

fn json_of(value: &Value) -> Json {
    serde_json::to_value(value).unwrap_or_default()
}

fn text_of(json: &Json) -> String {
    json.as_str().map_or_else(|| json.to_string(), str::to_owned)
}

fn value_of(json: &Json) -> Result<Value, FunctionError> {
    match json {
        Json::Null => Ok(Value::None),
        Json::Bool(truth) => Ok(Value::Boolean(*truth)),
        Json::String(text) => Ok(Value::from(text.as_str())),
        Json::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(number), _) => Ok(Value::Number(number)),
            (None, Some(number)) => Ok(Value::Float(number)),
            (None, None) => Err(fails(phrase!("site-no-number", "it answers a number that is none"))),
        },
        Json::Array(items) => items.iter().map(value_of).collect::<Result<_, _>>().map(Value::List),
        Json::Object(_) => Err(fails(phrase!("site-object", "it answers an object as `value`"))),
    }
}

/// Runs the executable at `path` with `asked` on its standard input, for no longer than `patience`.
fn run(path: &Path, asked: &str, patience: Duration) -> Result<Json, FunctionError> {
    trusted(path)?;
    let mut command = Command::new(path);
    command
        .env_clear()
        .env("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
        .env("LC_ALL", "C.UTF-8")
        .current_dir("/")
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| fails(error.to_string()))?;
    let (sender, receiver) = mpsc::channel();
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let feeder = child.stdin.take().map(|mut stdin| {
        let asked = asked.to_owned();
        // A function that does not look at its arguments closes its input early: that is its own matter.
        thread::spawn(move || drop(stdin.write_all(asked.as_bytes())))
    });
    let told = thread::spawn(move || stderr.map(read).unwrap_or_default());
    thread::spawn(move || drop(sender.send(stdout.map(read).unwrap_or_default())));
    let answered = receiver.recv_timeout(patience);
    let status = match &answered {
        Ok(answer) if answer.len() as u64 <= MOST => wait(&mut child, patience),
        _ => None,
    };
    end(&mut child);
    if let Some(feeder) = feeder {
        let _ = feeder.join();
    }
    let told = told.join().unwrap_or_default();
    let first = told.lines().next().unwrap_or_default().chars().take(200).collect::<String>();
    match (answered, status) {
        (Err(_), _) => Err(fails(program::late(patience))),
        (Ok(_), None) => {
            Err(fails(phrase!("site-answers-much", "it answered more than 1 MiB, or did not end")))
        }
        (Ok(_), Some(status)) if !status.success() => Err(fails(phrase!(
            "site-ended",
            "{status}: {first}",
            status = program::ended(status),
            first = first
        ))),
        (Ok(answer), Some(_)) => serde_json::from_str::<Json>(&answer)
            .ok()
            .filter(Json::is_object)
            .ok_or_else(|| fails(phrase!("site-no-json", "it did not answer with a JSON object"))),
    }
}

/// Refuses an executable that anybody but root and its caller may have written.
fn trusted(path: &Path) -> Result<(), FunctionError> {
    let metadata = fs::metadata(path).map_err(|error| fails(error.to_string()))?;
    let caller = nix::unistd::geteuid().as_raw();
    if metadata.permissions().mode() & 0o111 == 0 {
        return Err(fails(phrase!("site-not-executable", "it is not executable")));
    }
    if metadata.permissions().mode() & 0o022 != 0 || ![0, caller].contains(&metadata.uid()) {
        return Err(fails(phrase!(
            "site-untrusted",
            "others than its owner, who must be root, may write it: chmod go-w, chown root"
        )));
    }
    Ok(())
}

/// What a pipe gives, up to a little more than is accepted.
fn read(pipe: impl Read) -> String {
    let mut bytes = Vec::new();
    // What came before an error is what there is.
    let _ = pipe.take(MOST + 1).read_to_end(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Waits for the end of a child whose output has ended.
fn wait(child: &mut Child, patience: Duration) -> Option<std::process::ExitStatus> {
    const PAUSE: Duration = Duration::from_millis(2);
    for _ in 0..(patience.as_millis() / PAUSE.as_millis()) {
        if let Ok(Some(status)) = child.try_wait() {
            return Some(status);
        }
        thread::sleep(PAUSE);
    }
    None
}

/// Ends the child and all that it has started.
fn end(child: &mut Child) {
    if let Ok(id) = i32::try_from(child.id()) {
        let _ = nix::sys::signal::killpg(nix::unistd::Pid::from_raw(id), nix::sys::signal::Signal::SIGKILL);
    }
    let _ = child.wait();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn function(text: &str, mode: u32) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mine");
        // A child of another test may hold the file open for writing while it starts; a copy made by another program
        // cannot be held.
        let draft = folder.path().join("draft");
        fs::File::create(&draft).unwrap().write_all(text.as_bytes()).unwrap();
        assert!(Command::new("cp").arg(&draft).arg(&path).status().unwrap().success());
        fs::remove_file(draft).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        (folder, path)
    }

    fn answer(text: &str) -> Result<Json, FunctionError> {
        let (_folder, path) = function(text, 0o755);
        run(&path, "{\"args\":[1]}", Duration::from_secs(2))
    }

    #[test]
    fn it_gets_json_and_answers_json() {
        let echo = "#!/bin/sh\nread -r asked\nprintf '{\"value\": %s}' \"$asked\"\n";
        assert_eq!(answer(echo), Ok(json!({ "value": { "args": [1] } })));
        let (folder, _) =
            function("#!/bin/sh\ncat >/dev/null\necho '{\"value\": [\"a\", 2], \"error\": \"no\"}'\n", 0o755);
        let site = SiteFunctions::of(folder.path());
        assert_eq!(site.names().collect::<Vec<_>>(), ["mine"]);
        let value = site.calculate(0, &Arguments::default());
        assert_eq!(value, Ok(Value::List(vec![Value::from("a"), Value::Number(2)])));
        let refused = site.check(0, &Value::from("x"), &Arguments::default());
        assert_eq!(refused, Err(FunctionError::SiteRefuses { reason: "no".to_owned() }));
    }

    #[test]
    fn one_that_fails_says_so_and_is_ended() {
        for (text, part) in [
            ("#!/bin/sh\necho broken >&2\nexit 3\n", "exit status: 3: broken"),
            ("#!/bin/sh\necho no json\n", "JSON object"),
            ("#!/bin/sh\nsleep 60\n", "longer than 2 s"),
            ("#!/bin/sh\nsleep 60 &\necho '{}'\n", "longer than 2 s"),
            ("#!/bin/sh\nwhile :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done\n", "1 MiB"),
        ] {
            let error = answer(text).unwrap_err().to_string();
            assert!(error.contains(part), "{text}: {error}");
        }
    }

    #[test]
    fn one_that_others_may_write_is_not_run() {
        for (mode, part) in [(0o777, "may write"), (0o644, "not executable")] {
            let (_folder, path) = function("#!/bin/sh\necho '{}'\n", mode);
            let error = run(&path, "", PATIENCE).unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        }
    }
}
