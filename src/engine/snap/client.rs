//! snapd's REST API, spoken on its socket.
//!
//! In: a method, a path and a body. Out: what snapd answers, or [`Failed`]. What takes long is a change of snapd's, which goes
//! on whatever becomes of us; [`Client::change`] waits for its end.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::{self, Stream, StreamExt as _};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Full, Limited, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::client::conn::http1;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::net::UnixStream;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, timeout};

use crate::phrase;
use crate::words::Phrase;

/// How long a question may take, and how long a change.
const ANSWER: Duration = Duration::from_mins(2);
const CHANGE: Duration = Duration::from_hours(1);

/// How long snapd may be away while it starts again, which it does for some changes.
const AWAY: Duration = Duration::from_secs(30);

/// Between two looks at a change.
const PAUSE: Duration = Duration::from_millis(100);

/// How much of an answer is read, and how much of a file is sent at once.
const MOST: usize = 16 * 1024 * 1024;
const PART: usize = 256 * 1024;

/// Why snapd did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Failed {
    /// It is not there.
    Absent(String),
    /// It does not let us in.
    Permission,
    /// It says why: its kind of error, and its words.
    Said {
        /// Its word for the kind; empty where it has none.
        kind: String,
        /// What it says.
        message: Phrase,
    },
}

impl Failed {
    fn absent(error: &impl ToString) -> Self {
        Self::Absent(error.to_string())
    }

    fn said(message: impl Into<Phrase>) -> Self {
        Self::Said { kind: String::new(), message: message.into() }
    }

    /// Whether snapd has another kind of error than this one.
    pub(super) fn is(&self, wanted: &str) -> bool {
        matches!(self, Self::Said { kind, .. } if kind == wanted)
    }
}

/// How far a task of a change is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Step {
    /// What it does, in snapd's words.
    pub(super) summary: String,
    /// How much is done.
    pub(super) done: u64,
    /// Of how much; 1 where snapd does not count.
    pub(super) total: u64,
}

type Body = UnsyncBoxBody<Bytes, io::Error>;

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    result: Value,
    #[serde(default)]
    change: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Said {
    kind: String,
    message: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Change {
    ready: bool,
    status: String,
    err: String,
    tasks: Vec<Task>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Task {
    summary: String,
    status: String,
    log: Vec<String>,
    progress: Progress,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Progress {
    done: u64,
    total: u64,
}

/// snapd, on its socket.
#[derive(Debug, Clone)]
pub(super) struct Client {
    socket: PathBuf,
}

impl Client {
    pub(super) fn new(socket: PathBuf) -> Self {
        Self { socket }
    }

    pub(super) fn socket(&self) -> &Path {
        &self.socket
    }

    /// Asks for `path`.
    pub(super) async fn get(&self, path: &str) -> Result<Value, Failed> {
        Ok(self.ask("GET", path, None).await?.result)
    }

    /// Asks for `path` and gives its text, which is no JSON.
    pub(super) async fn text(&self, path: &str) -> Result<String, Failed> {
        let response = self.send(request("GET", path, "", empty())?).await?;
        let bytes = collect(accepted(response).await?).await?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Has snapd take `text`, which is no JSON.
    pub(super) async fn put_text(&self, path: &str, kind: &str, text: String) -> Result<(), Failed> {
        let response = self.send(request("POST", path, kind, full(text))?).await?;
        accepted(response).await.map(drop)
    }

    /// Has snapd do `what`, and waits until it is done.
    pub(super) async fn change(&self, method: &str, path: &str, what: &Value) -> Result<(), Failed> {
        self.change_telling(method, path, what, &|_| {}).await
    }

    /// The same, telling of each task that is under way.
    pub(super) async fn change_telling(
        &self,
        method: &str,
        path: &str,
        what: &Value,
        tell: &(dyn Fn(Step) + Send + Sync),
    ) -> Result<(), Failed> {
        let deadline = Instant::now() + CHANGE;
        loop {
            match self.ask(method, path, Some(what)).await {
                // What a killed run began goes on in snapd, or somebody else is at work.
                Err(error) if error.is("snap-change-conflict") && Instant::now() < deadline => {
                    sleep(PAUSE * 5).await;
                }
                answer => return self.settle(answer?, tell).await,
            }
        }
    }

    /// Waits until no change of the snap `name` is under way: one that a killed run began goes on.
    pub(super) async fn quiet(&self, name: &str) -> Result<(), Failed> {
        let path = format!("/v2/changes?select=in-progress&for={name}");
        let deadline = Instant::now() + CHANGE;
        while Instant::now() < deadline {
            if self.get(&path).await?.as_array().is_none_or(Vec::is_empty) {
                return Ok(());
            }
            sleep(PAUSE).await;
        }
        Err(late())
    }

    /// Has snapd install the file `path`, with `options`, and waits until it is done.
    pub(super) async fn install(&self, path: &Path, options: &[(&str, &str)]) -> Result<(), Failed> {
        let deadline = Instant::now() + CHANGE;
        loop {
            match self.upload(path, options).await {
                Err(error) if error.is("snap-change-conflict") && Instant::now() < deadline => {
                    sleep(PAUSE * 5).await;
                }
                answer => return self.settle(answer?, &|_| {}).await,
            }
        }
    }

    async fn upload(&self, path: &Path, options: &[(&str, &str)]) -> Result<Answer, Failed> {
        let mut random = [0; 16];
        getrandom::fill(&mut random).map_err(|error| Failed::said(error.to_string()))?;
        let boundary = crate::plan::hexadecimal(&random);
        let part = |name: &str, more: &str, value: &str| {
            format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"{more}\r\n\r\n{value}")
        };
        let mut head: String =
            options.iter().map(|(name, value)| part(name, "", &format!("{value}\r\n"))).collect();
        head.push_str(&part("snap", "; filename=\"galerne.snap\"", ""));
        let file = File::open(path).map_err(|error| Failed::said(format!("{}: {error}", path.display())))?;
        let whole = |text: String| stream::iter([Ok(Bytes::from(text))]);
        let parts = whole(head).chain(parts(file)).chain(whole(format!("\r\n--{boundary}--\r\n")));
        let body = StreamBody::new(parts.map(|part| part.map(Frame::data)));
        let kind = format!("multipart/form-data; boundary={boundary}");
        let request = request("POST", "/v2/snaps", &kind, Body::new(body))?;
        answer(timeout(CHANGE, self.send(request)).await.map_err(|_| late())??).await
    }

    async fn ask(&self, method: &str, path: &str, what: Option<&Value>) -> Result<Answer, Failed> {
        let body = what.map_or_else(empty, |what| full(what.to_string()));
        let request = request(method, path, "application/json", body)?;
        timeout(ANSWER, async { answer(self.send(request).await?).await }).await.map_err(|_| late())?
    }

    /// Asks for what is sent as a stream, by what follows `path`.
    pub(super) async fn stream(
        &self,
        method: &str,
        path: &str,
        what: Option<&Value>,
    ) -> Result<Response<Incoming>, Failed> {
        let body = what.map_or_else(empty, |what| full(what.to_string()));
        accepted(self.send(request(method, path, "application/json", body)?).await?).await
    }

    async fn send(&self, request: Request<Body>) -> Result<Response<Incoming>, Failed> {
        let stream = UnixStream::connect(&self.socket).await.map_err(|error| match error.kind() {
            io::ErrorKind::PermissionDenied => Failed::Permission,
            _ => Failed::absent(&error),
        })?;
        let (mut sender, connection) =
            http1::handshake(TokioIo::new(stream)).await.map_err(|error| Failed::absent(&error))?;
        tokio::spawn(connection);
        sender.send_request(request).await.map_err(|error| Failed::absent(&error))
    }

    /// Waits for the change that `answer` begins, if it does.
    async fn settle(&self, answer: Answer, tell: &(dyn Fn(Step) + Send + Sync)) -> Result<(), Failed> {
        let Some(id) = answer.change else { return Ok(()) };
        let deadline = Instant::now() + CHANGE;
        let mut heard = Instant::now();
        while Instant::now() < deadline {
            let change = match self.get(&format!("/v2/changes/{id}")).await {
                Ok(found) => serde_json::from_value(found).unwrap_or_else(|_| Change::default()),
                Err(Failed::Absent(_)) if heard.elapsed() < AWAY => {
                    sleep(PAUSE * 5).await;
                    continue;
                }
                Err(error) => return Err(error),
            };
            heard = Instant::now();
            for task in change.tasks.iter().filter(|task| task.status == "Doing") {
                let Progress { done, total } = task.progress;
                tell(Step { summary: task.summary.clone(), done, total });
            }
            if change.ready {
                return change.outcome();
            }
            sleep(PAUSE).await;
        }
        Err(late())
    }
}

impl Change {
    /// Whether it did what it was asked, else what its tasks say.
    fn outcome(self) -> Result<(), Failed> {
        if self.status == "Done" {
            return Ok(());
        }
        let failed = self.tasks.iter().filter(|task| task.status == "Error");
        let words: Vec<&str> = failed.flat_map(|task| &task.log).map(|line| undated(line)).collect();
        let message = match words.is_empty() {
            true if self.err.is_empty() => {
                phrase!("snapd-ended", "it ended as {status}", status = self.status)
            }
            true => self.err.into(),
            false => words.join("; ").into(),
        };
        Err(Failed::said(message))
    }
}

/// A line of a task's log without its date and level.
fn undated(line: &str) -> &str {
    line.split_once(" ERROR ").or_else(|| line.split_once(" INFO ")).map_or(line, |(_, words)| words)
}

fn late() -> Failed {
    Failed::said(phrase!("snapd-late", "it does not answer in time"))
}

fn request(method: &str, path: &str, kind: &str, body: Body) -> Result<Request<Body>, Failed> {
    let request = Request::builder().method(method).uri(path).header("Host", "localhost");
    let request = if kind.is_empty() { request } else { request.header("Content-Type", kind) };
    request.body(body).map_err(|error| Failed::said(error.to_string()))
}

fn full(text: String) -> Body {
    Body::new(Full::new(Bytes::from(text)).map_err(|never| match never {}))
}

fn empty() -> Body {
    full(String::new())
}

/// The parts of a file, read beside the others' work.
fn parts(mut file: File) -> impl Stream<Item = io::Result<Bytes>> + Send {
    let (sender, receiver) = mpsc::channel(2);
    tokio::task::spawn_blocking(move || {
        let mut buffer = vec![0; PART];
        loop {
            let part = match file.read(&mut buffer) {
                Ok(0) => return,
                Ok(count) => Ok(Bytes::copy_from_slice(buffer.get(..count).unwrap_or_default())),
                Err(error) => Err(error),
            };
            let ends = part.is_err();
            if sender.blocking_send(part).is_err() || ends {
                return;
            }
        }
    });
    stream::unfold(receiver, async |mut receiver| Some((receiver.recv().await?, receiver)))
}

async fn collect(response: Response<Incoming>) -> Result<Bytes, Failed> {
    let body = Limited::new(response.into_body(), MOST).collect().await;
    body.map(http_body_util::Collected::to_bytes).map_err(|error| Failed::said(error.to_string()))
}

/// The answer, if snapd did what it was asked.
async fn accepted(response: Response<Incoming>) -> Result<Response<Incoming>, Failed> {
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    let bytes = collect(response).await?;
    let said = serde_json::from_slice::<Answer>(&bytes).ok();
    let said: Said = said.and_then(|answer| serde_json::from_value(answer.result).ok()).unwrap_or_default();
    if [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN].contains(&status) {
        return Err(Failed::Permission);
    }
    let message = if said.message.is_empty() {
        phrase!("snapd-answers", "it answers {status}", status = status.to_string())
    } else {
        said.message.into()
    };
    Err(Failed::Said { kind: said.kind, message })
}

async fn answer(response: Response<Incoming>) -> Result<Answer, Failed> {
    let bytes = collect(accepted(response).await?).await?;
    serde_json::from_slice(&bytes).map_err(|error| {
        Failed::said(phrase!("snapd-no-json", "its answer is no JSON: {error}", error = error.to_string()))
    })
}

/// The body of an action on snaps or services.
pub(super) fn action(name: &str, members: Value) -> Value {
    let mut body = json!({ "action": name });
    if let (Some(body), Value::Object(members)) = (body.as_object_mut(), members) {
        body.extend(members);
    }
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_that_failed_says_why() {
        let change = json!({"ready": true, "status": "Error", "err": "cannot perform the following tasks:\n- x", "tasks": [
            {"status": "Error", "summary": "x", "log": ["2026-01-01T00:00:00Z ERROR no room", "2026-01-01T00:00:00Z INFO more"]},
            {"status": "Undone", "summary": "y", "log": ["2026-01-01T00:00:00Z ERROR other"]},
        ]});
        let change: Change = serde_json::from_value(change).unwrap();
        assert_eq!(change.outcome(), Err(Failed::said("no room; more")));
        let done: Change = serde_json::from_value(json!({"ready": true, "status": "Done"})).unwrap();
        assert_eq!(done.outcome(), Ok(()));
        let held: Change = serde_json::from_value(json!({"ready": true, "status": "Hold"})).unwrap();
        assert_eq!(held.outcome(), Err(Failed::said("it ended as Hold")));
    }

    #[test]
    fn an_action_has_its_members() {
        assert_eq!(action("stop", json!({"disable": true})), json!({"action": "stop", "disable": true}));
    }
}
