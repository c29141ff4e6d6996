//! Questions to the person at the terminal.
//!
//! In: the session's input, which is there only when somebody can answer. Out: answers. A password is not shown while it is typed.

use std::io;

use rustix::termios::{LocalModes, OptionalActions, Termios, isatty, tcgetattr, tcsetattr};

use crate::command::set::{self, Assignment};
use crate::command::{CommandError, Session, Status};
use crate::diagnostic::message;
use crate::phrase;
use crate::schema::Role;
use crate::value::VariableType;
use crate::words::Phrase;

/// Asks for the mandatory values that are missing, one after the other, as an answer may bring more or fewer of them. Each one is
/// saved at once, so that nothing that was typed is lost.
///
/// # Errors
/// How the command ends, with findings: the dictionaries are wrong, or the input ended.
pub(super) fn for_missing(session: &mut Session<'_>) -> Result<(), Status> {
    while session.input.is_some() {
        let Some(question) = next(session) else { return Ok(()) };
        let Some(answer) = question.put(session)? else { return Ok(()) };
        if answer.is_empty() {
            session.say(&phrase!("value-needed", "  a value is needed")).map_err(|_| Status::Refused)?;
            continue;
        }
        let assignment = match question.index {
            Some(index) => Assignment::Item { name: question.name, index, value: answer },
            None => Assignment::Whole { name: question.name, value: answer },
        };
        let before = std::mem::take(&mut session.findings);
        let saved = set::save(|_, _| Some([assignment]), session);
        let refused = std::mem::replace(&mut session.findings, before);
        if saved.is_err() {
            for finding in refused {
                let line = format!("  {}", message(finding.problem.as_ref(), session.words));
                session.line(&line).map_err(|_| Status::Refused)?;
            }
        }
    }
    Ok(())
}

/// Asks a question that has two answers; the end of the input is a no.
///
/// # Errors
/// Nobody can be asked any more.
pub(in crate::command) fn whether(question: &Phrase, session: &mut Session<'_>) -> Result<bool, Status> {
    let question = phrase!("ask-yes", "{question} [y/N] ", question = question);
    let answer = read(&session.words.phrase(&question), false, session)?.unwrap_or_default();
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes" | "o" | "oui"))
}

/// What is asked for a variable.
struct Question {
    name: String,
    index: Option<usize>,
    description: String,
    is_secret: bool,
}

impl Question {
    fn put(&self, session: &mut Session<'_>) -> Result<Option<String>, Status> {
        let item = self.index.map_or_else(String::new, |index| format!("[{index}]"));
        let prompt = format!("{} ({}{item}): ", self.description, self.name);
        read(&prompt, self.is_secret, session)
    }
}

/// The first value that is missing; none if nothing is, or if something is wrong that no answer mends: it is found once more, and
/// told, by what runs next.
fn next(session: &mut Session<'_>) -> Option<Question> {
    let (sources, findings) = (session.sources.clone(), std::mem::take(&mut session.findings));
    let linked = session.linked();
    (session.sources, session.findings) = (sources, findings);
    let (schema, evaluated) = linked?;
    let (name, index) = evaluated.missing.iter().next()?;
    let id = schema.find(name)?;
    let variable = schema.variable(id);
    // Of a list that is empty, the first item.
    let index = index.or((variable.multi && variable.role != Role::Alone).then_some(0));
    Some(Question {
        name: name.to_owned(),
        index,
        description: variable.description.to_string(),
        is_secret: variable.kind == VariableType::Password,
    })
}

/// Reads a line; none at the end of the input.
fn read(prompt: &str, is_secret: bool, session: &mut Session<'_>) -> Result<Option<String>, Status> {
    // First of all: whoever sees the question may type at once.
    let silence = is_secret.then(Silence::begin).flatten();
    let asked = write!(session.out, "{prompt}").and_then(|()| session.out.flush());
    let mut line = String::new();
    let read = asked.and_then(|()| match &mut session.input {
        Some(input) => input.read_line(&mut line),
        None => Ok(0),
    });
    drop(silence);
    if is_secret {
        // The end of the line was not shown either.
        let _ = writeln!(session.out);
    }
    match read {
        Ok(0) => {
            session.input = None;
            Ok(None)
        }
        Ok(_) => Ok(Some(line.trim_end_matches(['\n', '\r']).to_owned())),
        Err(error) => Err(session.refuse(CommandError::CannotWrite { reason: error.to_string() })),
    }
}

/// While it lives, what is typed is not shown.
struct Silence {
    before: Termios,
}

impl Silence {
    fn begin() -> Option<Self> {
        let input = io::stdin();
        if !isatty(&input) {
            return None;
        }
        let before = tcgetattr(&input).ok()?;
        let mut silent = before.clone();
        silent.local_modes.remove(LocalModes::ECHO);
        tcsetattr(&input, OptionalActions::Now, &silent).ok()?;
        Some(Self { before })
    }
}

impl Drop for Silence {
    fn drop(&mut self) {
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, &self.before);
    }
}
