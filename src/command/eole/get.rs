//! `CreoleGet`: values for scripts.

use std::io;

use clap::Args;

use crate::command::{Session, Status, get};
use crate::evaluation::Snapshot;
use crate::value::Value;

/// Print the value of a variable, a list one item a line
///
/// A variable that is unknown or disabled has the value DEFAULT; without one the command fails. Passwords are shown.
#[derive(Debug, Args)]
#[command(after_help = "Example: CreoleGet nombre_conteneur 0")]
pub(in crate::command) struct CreoleGet {
    /// The variable
    #[arg(value_name = "NAME", required_unless_present = "list")]
    name: Option<String>,
    /// What to print where it has no value
    #[arg(value_name = "DEFAULT", allow_hyphen_values = true)]
    default: Option<String>,
    /// Print all variables as a shell reads them: NAME="VALUE", the items of a list side by side
    #[arg(long, conflicts_with = "name")]
    list: bool,
}

impl CreoleGet {
    /// Runs the command.
    pub(super) fn run(&self, session: &mut Session<'_>) -> Status {
        let Some((_, compiled)) = session.compiled() else { return Status::Refused };
        let written = match &self.name {
            None => list(&compiled.snapshot, session),
            Some(name) => self.one(name, &compiled.snapshot, session),
        };
        session.end(written)
    }

    fn one(&self, name: &str, snapshot: &Snapshot, session: &mut Session<'_>) -> io::Result<()> {
        match (snapshot.value(name), &self.default) {
            (Some(Value::List(items)), _) => {
                items.iter().try_for_each(|item| session.line(&item.to_string()))
            }
            (Some(value), _) => session.line(&value.to_string()),
            (None, Some(default)) => session.line(default),
            (None, None) => {
                // Says which of the two it is, unknown or disabled.
                get::find(name, snapshot, session);
                Ok(())
            }
        }
    }
}

/// All variables that have a value and a name that a shell can give one.
fn list(snapshot: &Snapshot, session: &mut Session<'_>) -> io::Result<()> {
    for (name, entry) in snapshot.enabled().filter(|(name, _)| is_shell_name(name)) {
        let items: Vec<String> = entry.value.items().iter().map(Value::to_string).collect();
        session.line(&format!("{name}=\"{}\"", escaped(&items.join(" "))))?;
    }
    Ok(())
}

/// Whether a shell takes `name=…` for an assignment and nothing else.
fn is_shell_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    name.bytes().all(plain) && !name.starts_with(|first: char| first.is_ascii_digit())
}

/// `text` as a shell has to find it within double quotes.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        if matches!(letter, '\\' | '"' | '$' | '`') {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}
