//! `CreoleSet`: one value, saved by a script.

use clap::Args;

use crate::command::set::{self, Assignment, Shape};
use crate::command::{Session, Status};

/// Save the value of a variable, or give it its default back
#[derive(Debug, Args)]
#[command(after_help = "Example: CreoleSet conteneur1_tag 2.1")]
pub(in crate::command) struct CreoleSet {
    /// The variable
    #[arg(value_name = "NAME")]
    name: String,
    /// Its value; of a list or a slave all items, one a line
    #[arg(value_name = "VALUE", required_unless_present = "default", allow_hyphen_values = true)]
    value: Option<String>,
    /// Give it its default back
    #[arg(long, conflicts_with = "value")]
    default: bool,
}

impl CreoleSet {
    /// Runs the command, which says nothing where all is well.
    pub(super) fn run(&self, session: &mut Session<'_>) -> Status {
        let saved = set::save(
            |inputs, session| {
                let compiled = set::compiled(&inputs.dictionaries, &inputs.saved, session)?;
                Some(self.assignments(Shape::of(&self.name, &compiled)))
            },
            session,
        );
        match saved {
            Ok(_) => session.end(Ok(())),
            Err(status) => status,
        }
    }

    /// What makes the whole value of a variable of this shape.
    fn assignments(&self, shape: Shape) -> Vec<Assignment> {
        let name = || self.name.clone();
        let Some(value) = &self.value else { return vec![Assignment::Default { name: name() }] };
        let lines = value.lines().enumerate();
        match shape {
            Shape::One => vec![Assignment::Whole { name: name(), value: value.clone() }],
            Shape::List => {
                let emptied = Assignment::Whole { name: name(), value: String::new() };
                let item =
                    |(_, line): (usize, &str)| Assignment::More { name: name(), value: line.to_owned() };
                std::iter::once(emptied).chain(lines.map(item)).collect()
            }
            Shape::Slave => {
                let item = |(index, line): (usize, &str)| {
                    let value = line.to_owned();
                    (!line.is_empty()).then(|| Assignment::Item { name: name(), index, value })
                };
                let emptied = Assignment::Default { name: name() };
                std::iter::once(emptied).chain(lines.filter_map(item)).collect()
            }
        }
    }
}
