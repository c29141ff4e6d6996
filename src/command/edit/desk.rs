//! The file of the saved values while it is edited, and what is not saved yet.
//!
//! In: what the editor changed. Out: the file, written whole. What is not saved is kept beside it, for its owner alone, at most a
//! second after it was typed, and is found again after a crash. One editor at a time changes the values; a second one only shows
//! them.

use std::ffi::OsString;
use std::io::{self, BufRead as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use miette::Severity;
use serde::{Deserialize, Serialize};

use crate::apply::{write_file, write_files};
use crate::command::site::{Layer, Reader};
use crate::command::{Options, Session, Status};
use crate::config_eol::{self, ConfigError, Lock, Saved, SavedValue, parse};
use crate::diagnostic::{Findings, Problem, human, message, said};
use crate::dictionary::Dictionary;
use crate::editor::{LOCAL, Local, Model, State, differences};
use crate::evaluation::{Occasion, lasting};
use crate::front;
use crate::render::{Content, FileSet, GeneratedFile};
use crate::site::SiteProblem;
use crate::source::{Sources, World};
use crate::words::{Phrase, Words};

/// How long what was typed may be nowhere but in memory.
const AT_MOST: Duration = Duration::from_millis(700);

/// How long another writer of the saved values is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// How many objections are shown.
const SHOWN: usize = 8;

/// How saving ended.
pub(super) enum Written {
    /// All is in the file.
    Done,
    /// Somebody else has written meanwhile.
    Changed,
    /// The system refused.
    Failed(Phrase),
}

/// What is kept of work that is not saved.
#[derive(Debug, Serialize, Deserialize)]
struct Unsaved {
    version: u32,
    /// The text from which it began.
    base: String,
    /// The text as it is to be.
    values: String,
    /// The local dictionary as it is to be, if it is to change.
    #[serde(default)]
    local: Option<String>,
    /// What was being typed.
    #[serde(default)]
    typed: Option<Typed>,
}

/// What is being typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Typed {
    /// The variable.
    pub(super) name: String,
    /// Which of its items.
    pub(super) index: Option<usize>,
    /// The text.
    pub(super) text: String,
}

impl Typed {
    /// What is being typed, if something is.
    fn of(state: &State, model: &Model<'_>) -> Option<Self> {
        let (target, text) = state.typed()?;
        let name = model.schema().name(target.id).to_owned();
        Some(Self { name, index: target.index, text: text.to_owned() })
    }
}

/// What was found that was not saved.
#[derive(Default)]
pub(super) struct Found {
    /// The variables that were changed.
    pub(super) values: Vec<(String, Option<SavedValue>)>,
    /// The local dictionary, if it was changed.
    pub(super) local: Option<Local>,
    /// What was being typed.
    pub(super) typed: Option<Typed>,
}

/// The file of the saved values.
pub(super) struct Desk<'a> {
    world: &'a dyn World,
    options: Options,
    path: PathBuf,
    /// What the file said when it was read or written last.
    text: String,
    /// The values as they were then: of a site, with what it takes from production.
    shown: String,
    /// What a site takes from production.
    own: Option<Layer>,
    unsaved: PathBuf,
    found: Option<Unsaved>,
    is_read_only: bool,
    is_script: bool,
    holder: Option<String>,
    /// Why the file cannot be read, if it cannot.
    wrong: Vec<String>,
    is_terminal: bool,
    kept: (Instant, u64, Option<Typed>),
    _lock: Option<Lock>,
}

impl<'a> Desk<'a> {
    /// Reads the file, and sees whether it may be written.
    ///
    /// A script is somebody's who is not there: what it leaves unsaved is not kept, and what is found is left for who is.
    pub(super) fn open(
        session: &mut Session<'a>,
        dictionaries: &[Dictionary],
        is_read_only: bool,
        is_script: bool,
    ) -> Result<(Self, Saved), Status> {
        if !session.has_site() {
            return Err(Status::Refused);
        }
        let path = session.options.config();
        let before = std::mem::take(&mut session.findings);
        let (saved, own) = read(session, dictionaries);
        // What cannot be read is shown, and never written over.
        let found = std::mem::replace(&mut session.findings, before);
        let wrong = if saved.is_none() {
            human(&found, &session.sources, false, session.words)
        } else {
            String::new()
        };
        let may_write = !is_read_only && saved.is_some() && is_writable(&path);
        let saved = saved.unwrap_or_else(Saved::empty);
        let (mut lock, mut holder) = (None, None);
        if may_write {
            match Lock::try_lock(&beside(&path, "galerne-editor")) {
                Ok(taken) => lock = Some(taken),
                Err(ConfigError::Held { holder: process, .. }) => {
                    holder = Some(process.map_or_else(|| "?".to_owned(), |process| process.to_string()));
                }
                Err(error) => return Err(session.refuse(error)),
            }
        }
        let unsaved = beside(&path, "galerne-unsaved");
        let found = session.world.read(&unsaved).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let desk = Self {
            world: session.world,
            options: session.options.clone(),
            text: own.as_ref().map_or_else(|| saved.to_text(), |own| own.own.to_text()),
            shown: saved.to_text(),
            own,
            path,
            unsaved,
            found: found.filter(|found: &Unsaved| found.version == 1 && lock.is_some() && !is_script),
            is_script,
            is_read_only: lock.is_none(),
            holder,
            wrong: wrong.lines().map(str::to_owned).collect(),
            is_terminal: session.terminal,
            kept: (Instant::now(), 0, None),
            _lock: lock,
        };
        Ok((desk, saved))
    }

    /// The file, for the title.
    pub(super) fn title(&self) -> String {
        self.path.display().to_string()
    }

    /// Whether nothing can be saved.
    pub(super) fn is_read_only(&self) -> bool {
        self.is_read_only
    }

    /// Why the file cannot be read, line by line; nothing if it can.
    pub(super) fn wrong(&self) -> &[String] {
        &self.wrong
    }

    /// The process of the other editor, if there is one.
    pub(super) fn holder(&self) -> Option<String> {
        self.holder.clone()
    }

    /// Whether work was found that was not saved.
    pub(super) fn has_unsaved(&self) -> bool {
        self.found.is_some()
    }

    /// That work.
    pub(super) fn unsaved_work(&mut self) -> Found {
        let Some(found) = self.found.take() else { return Found::default() };
        let local = found.local.as_deref().and_then(Local::read);
        let both = saved_of(&found.base).zip(saved_of(&found.values));
        let changes = both.map(|(base, values)| differences(&base, &values)).unwrap_or_default();
        let values = changes.into_iter().map(|change| (change.name, change.after)).collect();
        Found { values, local, typed: found.typed }
    }

    /// Keeps what is not saved, unless that was done a moment ago.
    pub(super) fn keep_now_and_then(&mut self, state: &State, model: &Model<'_>) {
        let (when, revision, typed) = &self.kept;
        if when.elapsed() < AT_MOST {
            return;
        }
        if *revision != model.revision() || *typed != Typed::of(state, model) {
            self.keep_unsaved(state, model);
        }
    }

    /// Keeps what is not saved.
    pub(super) fn keep_unsaved(&mut self, state: &State, model: &Model<'_>) {
        if self.is_read_only || self.is_script || self.found.is_some() {
            return;
        }
        let typed = Typed::of(state, model);
        self.kept = (Instant::now(), model.revision(), typed.clone());
        if model.is_clean() && typed.is_none() {
            return self.forget_unsaved();
        }
        let (base, values) = (self.shown.clone(), model.settled().to_text());
        let local = model.unsaved_local().map(Local::to_xml);
        let unsaved = Unsaved { version: 1, base, values, local, typed };
        if let Ok(text) = serde_json::to_string(&unsaved) {
            // A disk that is full is told when the user saves.
            let _ = write_file(&self.unsaved, &text);
        }
    }

    /// Forgets what was not saved.
    pub(super) fn forget_unsaved(&mut self) {
        self.found = None;
        if !self.is_read_only && !self.is_script {
            let _ = std::fs::remove_file(&self.unsaved);
        }
    }

    /// The file of the local dictionary.
    pub(super) fn local_path(&self) -> PathBuf {
        self.options.rooted(LOCAL)
    }

    /// The local dictionary; none if it is not read, or has more in it than the editor can say.
    pub(super) fn local(&self) -> Option<Local> {
        if self.options.no_default_dicos || self.is_read_only {
            return None;
        }
        match self.world.read(&self.local_path()) {
            Ok(bytes) => Local::read(std::str::from_utf8(&bytes).ok()?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Some(Local::default()),
            Err(_) => None,
        }
    }

    /// The path that begins with `text`, as far as there is one way to go on.
    pub(super) fn complete(&self, text: &str) -> String {
        let (folder, begun) = text.rsplit_once('/').unwrap_or(("", text));
        let place = self.options.rooted(&format!("{folder}/"));
        let folders = self.world.folders(&place).unwrap_or_default().into_iter().map(|path| (path, "/"));
        let files = self.world.list(&place).unwrap_or_default().into_iter().map(|path| (path, ""));
        let names = folders.chain(files).filter_map(|(path, end)| {
            let name = path.file_name()?.to_str()?.to_owned();
            name.starts_with(begun).then(|| name + end)
        });
        let common = names.reduce(|one, other| {
            let same = one.chars().zip(other.chars()).take_while(|(one, other)| one == other);
            same.map(|(letter, _)| letter).collect()
        });
        common.map_or_else(|| text.to_owned(), |name| format!("{folder}/{name}"))
    }

    /// What `check` would say against these values, the first sentences of it.
    pub(super) fn objections(
        &self,
        dictionaries: &[Dictionary],
        saved: &Saved,
        words: &Words,
    ) -> Vec<String> {
        let mut nowhere = io::sink();
        let mut session = Session::unheard(self.options.clone(), self.world, &mut nowhere, words);
        let is_whole = session.rendered_of(dictionaries, saved).is_some();
        let errors = session.findings.iter().filter(|finding| finding.severity() == Severity::Error);
        let mut sentences: Vec<String> =
            errors.map(|finding| message(finding.problem.as_ref(), words)).collect();
        if !is_whole && sentences.is_empty() {
            sentences.push(human(&session.findings, &session.sources, false, session.words));
        }
        let heritage = self.own.as_ref().map(|own| &own.heritage.values);
        let differs = |name: &&&str| {
            heritage.is_some_and(|values| {
                values.get(name).map(SavedValue::val) != saved.get(name).map(SavedValue::val)
            })
        };
        for name in front::VARIABLES.iter().filter(differs) {
            let problem = SiteProblem::Productions { name: (*name).to_owned() };
            sentences.push(message(&problem, words));
        }
        let more = sentences.len().saturating_sub(SHOWN);
        sentences.truncate(SHOWN);
        if more > 0 {
            sentences.push(format!("… +{more}"));
        }
        sentences
    }

    /// Writes the file; where somebody else has written meanwhile, only if `over`, and then both are kept, the user's values where
    /// they meet.
    pub(super) fn save(&mut self, model: &mut Model<'_>, over: bool) -> Written {
        let failed = |problem: &dyn Problem| Written::Failed(said(problem));
        let lock = match Lock::lock_within(&self.options.config_lock(), PATIENCE) {
            Ok(lock) => lock,
            Err(error) => return failed(&error),
        };
        let now = match self.world.read(&self.path) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Saved::empty().to_text(),
            Err(error) => return Written::Failed((&error).into()),
        };
        if now != self.text {
            if !over {
                return Written::Changed;
            }
            let Some(theirs) = saved_of(&now) else { return Written::Changed };
            let Some(base) = saved_of(&self.text) else { return Written::Changed };
            let values = differences(&base, &theirs).into_iter();
            let ours = model.unsaved();
            let theirs = values.filter(|change| ours.iter().all(|own| own.name != change.name));
            let taken = theirs.map(|change| {
                // What a site gave up is production's again.
                let inherited =
                    self.own.as_ref().and_then(|own| own.heritage.values.get(&change.name).cloned());
                (change.name, change.after.or(inherited))
            });
            model.take_up(taken.collect());
        }
        if let Some(local) = model.unsaved_local() {
            let file = GeneratedFile::new(LOCAL, Content::Text(local.to_xml()));
            let files = FileSet { files: vec![file], removed: Vec::new() };
            if let Err(error) = write_files(&files, self.options.root()) {
                return failed(&error);
            }
        }
        let snapshot = model.snapshot();
        let values = lasting(model.schema(), &snapshot, Occasion::Save).into_iter();
        model.take_up(values.map(|(name, value)| (name.to_owned(), Some(value))).collect());
        let shown = model.saved().to_text();
        let written = match &self.own {
            Some(own) => own.save(model.saved(), &self.options, &lock),
            None => config_eol::write(&self.path, &shown, &lock).map(|()| shown.clone()),
        };
        match written {
            Ok(text) => (self.text, self.shown) = (text, shown),
            Err(error) => return failed(&error),
        }
        if let Some(own) = &mut self.own
            && let Some(next) = saved_of(&self.text)
        {
            own.own = next;
        }
        model.is_written();
        self.forget_unsaved();
        Written::Done
    }

    /// Whether what is saved can be applied from here.
    pub(super) fn can_apply(&self) -> bool {
        self.is_terminal && !self.is_read_only
    }

    /// Runs `galerne reconfigure` on the terminal, which shows its plan and asks.
    pub(super) fn apply(&self) -> io::Result<()> {
        let status =
            Command::new(std::env::current_exe()?).args(self.arguments()).arg("reconfigure").status()?;
        let mut out = io::stdout();
        writeln!(out, "\n{status} – Enter")?;
        out.flush()?;
        let mut line = String::new();
        io::stdin().lock().read_line(&mut line).map(|_| ())
    }

    /// The options by which another galerne sees the same.
    fn arguments(&self) -> Vec<OsString> {
        let options = &self.options;
        let mut arguments: Vec<OsString> = Vec::new();
        let named = options.root.iter().map(|path| ("--root", path));
        let named = named.chain(options.dicos.iter().map(|path| ("--dicos", path)));
        let named = named.chain(options.extras.iter().map(|path| ("--extras", path)));
        let named = named.chain(options.templates.iter().map(|path| ("--templates", path)));
        for (name, path) in named.chain(options.config.iter().map(|path| ("--config", path))) {
            arguments.extend([OsString::from(name), path.into()]);
        }
        if let Some(site) = &options.site {
            arguments.extend([OsString::from("--site"), site.as_str().into()]);
        }
        if options.no_default_dicos {
            arguments.push("--no-default-dicos".into());
        }
        arguments
    }
}

/// The values that are edited: of a site, with what it takes from production.
fn read(session: &mut Session<'_>, dictionaries: &[Dictionary]) -> (Option<Saved>, Option<Layer>) {
    let Some(site) = session.options.site.clone() else {
        let path = session.options.config();
        return (config_eol::load(session.world, &path, &mut session.sources, &mut session.findings), None);
    };
    let library = session.library();
    let reader = Reader { world: session.world, options: &session.options, library: &library, dictionaries };
    let own = reader.site(&site, &mut session.sources, &mut session.findings);
    let values = own.as_ref().map(Layer::values);
    match values {
        Some(Ok(values)) => (Some(values), own),
        Some(Err(error)) => {
            session.findings.add(error);
            (None, None)
        }
        None => (None, None),
    }
}

/// The saved values of a text.
fn saved_of(text: &str) -> Option<Saved> {
    let (mut sources, mut findings) = (Sources::default(), Findings::default());
    let file = sources.add("", "");
    parse(text, file, &mut findings)
}

/// A hidden file beside `path`.
fn beside(path: &Path, suffix: &str) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{suffix}"))
}

/// Whether a file can be made or replaced at `path`: in its folder, or in the first one above that is there.
fn is_writable(path: &Path) -> bool {
    let folder = path.ancestors().skip(1).find(|above| above.as_os_str().is_empty() || above.exists());
    let folder = folder.filter(|above| !above.as_os_str().is_empty()).unwrap_or(Path::new("."));
    rustix::fs::access(folder, rustix::fs::Access::WRITE_OK).is_ok()
}
