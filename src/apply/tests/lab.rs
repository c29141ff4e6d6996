//! A machine in a temporary folder, with an engine and a web server in memory.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use tempfile::TempDir;

use crate::apply::{ApplyFailed, Event, Machine, Silent, Sink, Summary, observe, reconfigure};
use crate::engine::Recording;
use crate::plan::{Plan, ProxyState, Wanted, plan};
use crate::proxy::{Proxy, ProxyError};
use crate::render::{Content, FileSet, GeneratedFile, Reader};
use crate::run_spec::RunSpec;
use crate::source::{Disk, World as _};

/// nginx, which keeps the locations that it read last.
pub(super) struct FakeProxy {
    locations: PathBuf,
    refuses: Mutex<bool>,
    state: Mutex<ProxyState>,
    served: Mutex<BTreeMap<String, String>>,
}

impl FakeProxy {
    pub(super) fn refuse(&self, refuses: bool) {
        *self.refuses.lock().unwrap() = refuses;
    }

    pub(super) fn set_state(&self, state: ProxyState) {
        *self.state.lock().unwrap() = state;
    }

    /// The locations that it read last, by the names of their files.
    pub(super) fn served(&self) -> BTreeMap<String, String> {
        self.served.lock().unwrap().clone()
    }

    fn read(&self) {
        let paths = Disk.list(&self.locations).unwrap_or_default();
        let visible =
            paths.into_iter().filter(|path| !path.file_name().unwrap().to_string_lossy().starts_with('.'));
        *self.served.lock().unwrap() = visible
            .map(|path| {
                let text = String::from_utf8(Disk.read(&path).unwrap()).unwrap();
                (path.file_name().unwrap().to_string_lossy().into_owned(), text)
            })
            .collect();
    }
}

#[async_trait]
impl Proxy for FakeProxy {
    async fn state(&self) -> ProxyState {
        *self.state.lock().unwrap()
    }

    async fn check(&self) -> Result<(), ProxyError> {
        if *self.refuses.lock().unwrap() {
            return Err(ProxyError::Refused { words: "unexpected \"}\"".into() });
        }
        Ok(())
    }

    async fn reload(&self) -> Result<(), ProxyError> {
        self.read();
        Ok(())
    }

    async fn start(&self) -> Result<(), ProxyError> {
        self.set_state(ProxyState::Running);
        self.read();
        Ok(())
    }
}

/// The machine.
pub(super) struct Lab {
    pub(super) folder: TempDir,
    pub(super) engine: Arc<Recording>,
    pub(super) podman: Arc<Recording>,
    pub(super) proxy: Arc<FakeProxy>,
    pub(super) machine: Machine,
}

impl Lab {
    pub(super) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (engine, podman) = Recording::two();
        let proxy = Arc::new(FakeProxy {
            locations: folder.path().join("etc/nginx/conteneur.d"),
            refuses: Mutex::new(false),
            state: Mutex::new(ProxyState::Stopped),
            served: Mutex::default(),
        });
        let machine = Machine {
            root: folder.path().to_owned(),
            engines: vec![engine.clone(), podman.clone()],
            clusters: Vec::new(),
            proxy: Some(proxy.clone()),
            traefik: None,
            services: None,
            hooks: None,
            scope: crate::site::Scope::default(),
        };
        Self { folder, engine, podman, proxy, machine }
    }

    pub(super) fn run(&self, wanted: &Wanted) -> Result<Summary, ApplyFailed> {
        self.run_telling(wanted, &Silent)
    }

    pub(super) fn run_telling(&self, wanted: &Wanted, sink: &dyn Sink) -> Result<Summary, ApplyFailed> {
        loop {
            let ended = block_on(reconfigure(&self.machine, wanted, sink));
            let is_locked = |failed: &ApplyFailed| failed.findings.codes() == ["apply::locked"];
            if !ended.as_ref().is_err_and(is_locked) {
                return ended;
            }
            // A process that another test starts right now has our lock until it is a program of its own.
            std::thread::yield_now();
        }
    }

    /// Runs, and ends at the event of this number as a killed process does: nothing more happens. Gives whether it
    /// came to that.
    pub(super) fn run_and_kill(&self, wanted: &Wanted, at: usize) -> bool {
        let sink = Killer { left: AtomicUsize::new(at) };
        catch_unwind(AssertUnwindSafe(|| self.run_telling(wanted, &sink).is_ok())).is_err()
    }

    pub(super) fn plan(&self, wanted: &Wanted) -> Plan {
        plan(wanted, &block_on(observe(&self.machine, wanted)).unwrap())
    }

    /// The containers that run, by name, with their tag.
    pub(super) fn running(&self) -> BTreeMap<String, String> {
        let all = self.engine.containers().into_iter();
        all.filter(|(_, _, runs)| *runs).map(|(name, tag, _)| (name, tag)).collect()
    }

    pub(super) fn text(&self, path: &str) -> Option<String> {
        let path = self.folder.path().join(path.trim_start_matches('/'));
        Disk.read(&path).ok().map(|bytes| String::from_utf8(bytes).unwrap())
    }

    /// Files that a run left beside others.
    pub(super) fn litter(&self) -> Vec<PathBuf> {
        let mut found = Vec::new();
        walk(self.folder.path(), &mut found);
        found.retain(|path| path.to_string_lossy().contains(".galerne-") || path.ends_with("journal.json"));
        found
    }
}

struct Killer {
    left: AtomicUsize,
}

impl Sink for Killer {
    fn event(&self, _event: &Event) {
        if self.left.fetch_sub(1, Ordering::Relaxed) == 0 {
            resume_unwind(Box::new("killed"));
        }
    }
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in folder.read_dir().unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, found);
        } else {
            found.push(path);
        }
    }
}

pub(super) fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// A container: name, tag, port of the host.
pub(super) type Brief<'a> = (&'a str, &'a str, u16);

pub(super) fn spec((name, tag, port): Brief<'_>) -> RunSpec {
    let text = serde_json::json!({
        "name": name,
        "engine": "docker",
        "source": {"image": "registry.example.org/app", "tag": tag},
        "ports": [{"address": "127.0.0.1", "host": port, "container": 80}],
        "environment": {"PASSWORD": "hunter2"},
    });
    serde_json::from_value(text).unwrap()
}

/// What a configuration with these containers asks for: a location each, and a file of all.
pub(super) fn wanted(briefs: &[Brief<'_>]) -> Wanted {
    let names: Vec<&str> = briefs.iter().map(|(name, ..)| *name).collect();
    let mut files = vec![GeneratedFile {
        mode: 0o600,
        ..GeneratedFile::new("/etc/eole/conteneur-vars.conf", Content::Text(names.join("\n")))
    }];
    let site = Content::Link("/etc/nginx/sites-available/conteneur.conf".into());
    files.push(GeneratedFile {
        mode: 0o777,
        reader: Reader::Nginx,
        ..GeneratedFile::new("/etc/nginx/sites-enabled/conteneur.conf", site)
    });
    files.extend(briefs.iter().map(|(name, _, port)| GeneratedFile {
        container: Some(name.parse().unwrap()),
        reader: Reader::Nginx,
        ..GeneratedFile::new(location(name), Content::Text(format!("proxy_pass {port}")))
    }));
    let files = FileSet { files, removed: Vec::new() };
    Wanted { containers: briefs.iter().copied().map(spec).collect(), files, ..Wanted::default() }
}

pub(super) fn location(name: &str) -> String {
    format!("/etc/nginx/conteneur.d/{name}.conf")
}

/// What runs, as names and tags.
pub(super) fn tags(briefs: &[Brief<'_>]) -> BTreeMap<String, String> {
    briefs.iter().map(|(name, tag, _)| ((*name).to_owned(), (*tag).to_owned())).collect()
}
