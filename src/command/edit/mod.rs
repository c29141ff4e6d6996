//! `edit`: the editor, between the file of the saved values and a terminal.

use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use clap::Args;

use super::{CommandError, Session, Status};
use crate::compile::linked;
use crate::diagnostic::{Findings, message};
use crate::dictionary::{self, Dictionary, Place};
use crate::editor::{
    Action, Asked, Effect, InputRequest, LOCAL, Model, Next, Plain, Replay, Screen, Stage, State, Theme,
    Work, read, update,
};
use crate::function::Functions;
use crate::schema::Schema;
use crate::source::{Memory, Sources};
use crate::words::Words;

mod desk;

use desk::{Desk, Written};

/// Edit the configuration on the terminal
///
/// Families on the left, their variables on the right; each key is checked at once, what follows from it is seen at once.
/// Nothing is written before you save. `?` shows all keys.
#[derive(Debug, Args)]
#[command(after_help = "Example: galerne edit")]
pub(super) struct Edit {
    /// Replay the actions of this file instead of asking a terminal; `screen` prints the screen
    #[arg(long, value_name = "FILE")]
    script: Option<PathBuf>,
    /// Line by line, for screen readers: each line is an action, `keys` lists them
    #[arg(long, conflicts_with = "script")]
    plain: bool,
    /// Change nothing, only look
    #[arg(long)]
    read_only: bool,
}

/// What stays the same while the editor runs.
struct Setting<'a> {
    dictionaries: Vec<Dictionary>,
    /// Whether the last of them is the local one.
    has_local: bool,
    sources: Sources,
    library: &'a Functions,
    words: &'a Words,
    theme: Theme,
    desk: Desk<'a>,
}

/// How one linking of the dictionaries ended.
enum Turn {
    /// A number of families has changed.
    Again(Box<(Work, State)>),
    /// The user leaves.
    Leave,
}

impl Edit {
    /// Runs the command.
    pub(super) fn run(&self, session: &mut Session<'_>) -> Status {
        let places = session.options.places();
        let mut dictionaries =
            dictionary::load(&places, session.world, &mut session.sources, &mut session.findings);
        if session.findings.has_errors() {
            return Status::Refused;
        }
        session.translate(&mut dictionaries);
        let orders = match self.orders(session) {
            Ok(orders) => orders,
            Err(status) => return status,
        };
        let (desk, saved) = match Desk::open(session, &dictionaries, self.read_only, orders.is_some()) {
            Ok(opened) => opened,
            Err(status) => return status,
        };
        let own = desk.local_path();
        let is_own = |id| session.sources.get(id).is_some_and(|source| Path::new(&*source.name) == own);
        let local = desk.local();
        if local.is_some() {
            // It is linked as the editor has it.
            dictionaries.retain(|dictionary| !is_own(dictionary.file));
        }
        let sources = session.sources.clone();
        let work = Work::new(saved, local);
        let words = session.words;
        let theme = if session.has_colours { Theme::coloured() } else { Theme::plain() };
        let theme = if session.is_console { theme.for_console() } else { theme };
        let library = session.library();
        let mut setting =
            Setting { dictionaries, has_local: false, sources, library: &library, words, theme, desk };
        let played = match orders {
            None if self.plain => {
                let input: Box<dyn BufRead> = Box::new(BufReader::new(io::stdin()));
                setting.play(&mut Plain::new(input, session.out), work)
            }
            Some(orders) => Replay::new(orders, session.out)
                .map_err(Into::into)
                .and_then(|mut front| setting.play(&mut front, work)),
            None => Screen::open()
                .map_err(|_| Stop::Problem(Box::new(CommandError::NoTerminal)))
                .and_then(|mut front| setting.play(&mut front, work)),
        };
        match played {
            Ok(()) => session.end(Ok(())),
            Err(Stop::Written(error)) => session.end(Err(error)),
            Err(Stop::Problem(problem)) => session.refuse(*problem),
            Err(Stop::Findings(findings)) => {
                session.findings.append(findings);
                Status::Refused
            }
        }
    }

    /// The script, if there is one.
    fn orders(&self, session: &mut Session<'_>) -> Result<Option<Vec<crate::editor::Order>>, Status> {
        let Some(path) = &self.script else { return Ok(None) };
        let bytes = session.world.read(path).map_err(|error| {
            let reason = (&error).into();
            session.refuse(CommandError::Unreadable { path: path.clone(), reason })
        })?;
        read(&String::from_utf8_lossy(&bytes)).map(Some).map_err(|wrong| {
            for error in wrong {
                session.findings.add(error);
            }
            Status::Misused
        })
    }
}

/// Why the editor stopped before the user left.
enum Stop {
    Written(io::Error),
    Problem(Box<CommandError>),
    Findings(Findings),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Written(error)
    }
}

impl Setting<'_> {
    /// Plays until the user leaves.
    fn play(&mut self, front: &mut dyn Stage, work: Work) -> Result<(), Stop> {
        let (mut work, mut before): (Work, Option<State>) = (work, None);
        loop {
            let mut told = None;
            let schema = match self.link(&work) {
                Ok(schema) => schema,
                // The last change cannot be: it is taken back.
                Err(findings) if work.undo() => {
                    told =
                        findings.iter().next().map(|finding| message(finding.problem.as_ref(), self.words));
                    self.link(&work).map_err(Stop::Findings)?
                }
                Err(findings) => return Err(Stop::Findings(findings)),
            };
            let mut model = Model::new(&schema, work, self.library);
            let mut state = match before.take() {
                Some(place) => State::again(place, &model),
                None => self.first(&model),
            };
            if let Some(sentence) = told {
                state.say(sentence, true);
                state.describe_again();
            } else {
                state.is_described();
            }
            let turn = self.turn(front, &mut state, &mut model);
            let turn = turn.map(|is_left| {
                if is_left { Turn::Leave } else { Turn::Again(Box::new((model.into_work(), state))) }
            });
            match turn? {
                Turn::Leave => return Ok(()),
                Turn::Again(next) => {
                    let (next, place) = *next;
                    (work, before) = (next, Some(place));
                }
            }
        }
    }

    /// Links the dictionaries, the local one last, for what is saved.
    fn link(&mut self, work: &Work) -> Result<Schema, Findings> {
        if std::mem::take(&mut self.has_local) {
            self.dictionaries.pop();
        }
        if !work.local.is_empty() {
            let world = Memory::from_iter([(format!("/local/{LOCAL}"), work.local.to_xml())]);
            let place = Path::new("/local").join(LOCAL.trim_start_matches('/'));
            let place = [Place::Folder(place.parent().unwrap_or(&place).to_owned())];
            let mut findings = Findings::default();
            let local = dictionary::load(&place, &world, &mut self.sources, &mut findings);
            if findings.has_errors() {
                return Err(findings);
            }
            self.dictionaries.extend(local);
            self.has_local = true;
        }
        linked(&self.dictionaries, &work.saved, self.library)
    }

    /// The first screen, with what is to be said at the start.
    fn first(&self, model: &Model<'_>) -> State {
        let mut state = State::new(model, self.desk.title(), self.desk.is_read_only());
        let wrong = self.desk.wrong();
        if !wrong.is_empty() {
            state.read(self.words.get("not-readable"), wrong.to_vec());
            return state;
        }
        if let Some(holder) = self.desk.holder() {
            state.say(self.words.with("held", &[("holder", &holder)]), true);
        } else if self.desk.is_read_only() {
            state.say(self.words.get("read-only"), true);
        } else if self.desk.has_unsaved() {
            state.ask(Asked::Recover, Vec::new());
        }
        state
    }

    /// Plays until the user leaves, which it says, or until the dictionaries are to be linked anew.
    fn turn(
        &mut self,
        front: &mut dyn Stage,
        state: &mut State,
        model: &mut Model<'_>,
    ) -> Result<bool, Stop> {
        let (columns, lines) = front.size();
        state.resize(columns, lines);
        loop {
            let shown = front.show(state, model, self.words, &self.theme);
            let next = match shown.and_then(|()| front.next(state)) {
                Ok(next) => next,
                Err(error) => {
                    // The terminal is gone: what was typed is not.
                    self.desk.keep_unsaved(state, model);
                    return Err(error.into());
                }
            };
            let effect = match next {
                Next::End => {
                    self.desk.keep_unsaved(state, model);
                    return Ok(true);
                }
                Next::Size(columns, lines) => {
                    state.resize(columns, lines);
                    None
                }
                Next::Do(action) => update(state, model, action, self.words),
            };
            if let Some(effect) = effect
                && self.carry_out(effect, front, state, model)?
            {
                return Ok(true);
            }
            self.desk.keep_now_and_then(state, model);
            if model.is_old() {
                return Ok(false);
            }
        }
    }

    /// Does what reaches outside; says whether the user leaves.
    fn carry_out(
        &mut self,
        effect: Effect,
        front: &mut dyn Stage,
        state: &mut State,
        model: &mut Model<'_>,
    ) -> Result<bool, Stop> {
        match effect {
            Effect::Leave => {
                self.desk.forget_unsaved();
                return Ok(true);
            }
            Effect::SaveAndLeave => return Ok(self.save(state, model, false, false)),
            Effect::Save { wrong, over } => {
                if self.save(state, model, wrong, over) {
                    state.say(self.words.get("saved"), false);
                    if self.desk.can_apply() {
                        state.ask(Asked::Apply, Vec::new());
                    }
                }
            }
            Effect::Recover(true) => {
                let found = self.desk.unsaved_work();
                model.take_up(found.values);
                if let Some(local) = found.local {
                    model.take_up_local(local);
                }
                state.refresh(model);
                if let Some(typed) = found.typed {
                    state.resume(model, &typed.name, typed.index, typed.text);
                }
            }
            Effect::Complete => {
                if let Some((_, text)) = state.typed() {
                    let whole = self.desk.complete(text);
                    update(state, model, Action::Edit(InputRequest::DeleteLine), self.words);
                    update(state, model, Action::Paste(whole), self.words);
                }
            }
            Effect::Recover(false) => self.desk.forget_unsaved(),
            Effect::Apply => {
                let desk = &self.desk;
                front.aside(&mut || desk.apply())?;
            }
        }
        Ok(false)
    }

    /// Saves, unless something is wrong or somebody else has written; says whether all is in the file.
    fn save(&mut self, state: &mut State, model: &mut Model<'_>, wrong: bool, over: bool) -> bool {
        if !wrong {
            let objections = self.desk.objections(&self.dictionaries, model.saved(), self.words);
            if !objections.is_empty() {
                state.ask(Asked::SaveWrong, objections);
                return false;
            }
        }
        match self.desk.save(model, over) {
            Written::Done => {
                state.refresh(model);
                true
            }
            Written::Changed => {
                state.ask(Asked::Overwrite, Vec::new());
                false
            }
            Written::Failed(reason) => {
                let reason = self.words.phrase(&reason);
                state.say(self.words.with("not-saved", &[("reason", &reason)]), true);
                false
            }
        }
    }
}
