//! What the live configuration offers to be completed.

use std::borrow::Cow;

use clap::CommandFactory as _;

use crate::apply;
use crate::command::apply::when;
use crate::command::{Line, Options, Session, eole, explain, help, schema};
use crate::compile::linked;
use crate::evaluation::Evaluation;
use crate::nodes::Nodes;
use crate::source::Disk;
use crate::words::{Language, Words};

/// What can be completed, each with what it means.
type Known = Vec<(String, String)>;

/// The configuration of a line's options, and the language of who types it.
pub(super) struct Candidates {
    options: Options,
    language: Language,
}

impl Candidates {
    pub(super) fn new(options: Options, language: Language) -> Self {
        Self { options, language }
    }

    /// What a session of these options gives, which says nothing to anybody.
    fn ask<T>(&self, what: impl FnOnce(&mut Session<'_>) -> Option<T>) -> Option<T> {
        let mut nowhere = std::io::sink();
        let words = Words::new(self.language);
        let mut session = Session::unheard(self.options.clone(), &Disk, &mut nowhere, &words);
        what(&mut session)
    }

    /// The variables that have a value now.
    pub(super) fn variables(&self) -> Known {
        let found = self.ask(|session| {
            let (schema, evaluated) = session.linked()?;
            let enabled = evaluated.snapshot.all().filter(|(_, entry)| !entry.properties.is_disabled());
            let described = enabled.map(|(name, _)| {
                let id = schema.find(name);
                let means = id.map(|id| schema.variable(id).description.to_string()).unwrap_or_default();
                (name.to_owned(), means)
            });
            Some(described.collect())
        });
        found.unwrap_or_default()
    }

    /// `NAME=`, and after it the words among which the value of that variable is chosen.
    pub(super) fn assignments(&self, current: &str) -> Known {
        let Some((target, _)) = current.split_once('=') else {
            return self.variables().into_iter().map(|(name, means)| (name + "=", means)).collect();
        };
        let name = target.trim_end_matches('+').split('[').next().unwrap_or_default();
        let values = self.values(name).into_iter();
        values.map(|value| (format!("{target}={value}"), String::new())).collect()
    }

    /// The words among which the value of a variable is chosen, if it is.
    fn values(&self, name: &str) -> Vec<String> {
        let found = self.ask(|session| {
            let library = session.library();
            let inputs = session.inputs()?;
            let schema = linked(&inputs.dictionaries, &inputs.saved, &library).ok()?;
            let id = schema.find(name)?;
            if let Some(words) = schema.variable(id).kind.words() {
                return Some(words.iter().map(|word| (*word).to_owned()).collect());
            }
            let mut evaluation = Evaluation::new(&schema, Cow::Borrowed(&inputs.saved), &library);
            Some(evaluation.choices(id, None)?.0)
        });
        found.unwrap_or_default()
    }

    /// The containers that are configured.
    pub(super) fn containers(&self) -> Known {
        let found = self.ask(|session| {
            let specs = session.wanted()?.containers;
            Some(specs.into_iter().map(|spec| (spec.name.to_string(), spec.source.image)).collect())
        });
        found.unwrap_or_default()
    }

    /// The sites beside production.
    pub(super) fn sites(&self) -> Known {
        let found = self.ask(|session| Some(session.sites()));
        let named = found.unwrap_or_default().into_iter();
        named.map(|site| (site.to_string(), String::new())).collect()
    }

    /// The nodes of the cluster that are configured.
    pub(super) fn nodes(&self) -> Known {
        let found = self.ask(|session| Some(Nodes::of(&session.compiled()?.1.snapshot)));
        let nodes = found.map(|nodes| nodes.all).unwrap_or_default().into_iter();
        nodes.map(|node| (node.name.to_string(), String::new())).collect()
    }

    /// The states that are kept, with the time of each.
    pub(super) fn states(&self) -> Known {
        let found = self.ask(|session| apply::states(session.options.root(), &session.scope()).ok());
        let states = found.unwrap_or_default().into_iter();
        states.map(|state| (state.number.to_string(), when(&state))).collect()
    }

    /// The codes of diagnostics.
    pub(super) fn codes(&self) -> Known {
        explain::codes(self.language)
    }

    /// The schemas.
    pub(super) fn schemas(&self) -> Known {
        schema::names(&Words::new(self.language))
    }

    /// The commands.
    pub(super) fn commands(&self) -> Known {
        let all = help::localized(Line::command(), &Words::new(self.language));
        let shown = all.get_subcommands().filter(|command| !command.is_hide_set());
        let means =
            |command: &clap::Command| command.get_about().map(ToString::to_string).unwrap_or_default();
        let own = shown.map(|command| (command.get_name().to_owned(), means(command)));
        let others = eole::pages(&Words::new(self.language));
        own.chain(others.iter().map(|command| (command.get_name().to_owned(), means(command)))).collect()
    }
}
